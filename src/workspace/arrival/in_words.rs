//! What came of files that were handed in, in words.

use crate::domain::Side;
use crate::workspace::Workspace;
use crate::workspace::show::slot_in_words;

use super::Arrival;

/// So many lines say what is not simply done, where there is room for a few only.
const FEW: usize = 8;

impl Arrival {
    /// All of it, a line a set; without a workspace there is nothing that both sides changed.
    pub fn in_words(&self, workspace: Option<&Workspace>) -> String {
        let mut lines = Vec::new();
        for set in &self.applied {
            let what = if set.side == Side::County { "回执" } else { "变更集" };
            lines.push(format!("已收{what} {set}"));
        }
        lines.extend(self.known.iter().map(|set| format!("早已收过 {set}，没有再动")));
        lines.extend(self.open_ends(workspace));
        if lines.is_empty() { "没有可收的".to_owned() } else { lines.join("\n") }
    }

    /// The same in a few lines: what is done is counted.
    pub fn in_short(&self, workspace: Option<&Workspace>) -> String {
        let mut lines = vec![format!("收下{}份", self.applied.len())];
        if !self.known.is_empty() {
            lines.push(format!("早已收过{}份，没有再动", self.known.len()));
        }
        let open = self.open_ends(workspace);
        let more = open.len().saturating_sub(FEW);
        lines.extend(open.into_iter().take(FEW));
        if more > 0 {
            lines.push(format!("另有{more}条，等前面的见各村变更；没收的用 hudang changes apply 再收一次，全都列出来"));
        }
        if self.cancelled {
            lines.push("停下了：已经收下的都在，其余的没有动".to_owned());
        }
        lines.join("\n")
    }

    /// What waits, was refused, or is left to a person.
    fn open_ends(&self, workspace: Option<&Workspace>) -> Vec<String> {
        let mut lines = Vec::new();
        for waiting in &self.waiting {
            let (set, missing) = (waiting.set, waiting.for_set);
            let run = match (waiting.from, waiting.to) {
                (from, to) if from == to => format!("第{from}号"),
                (from, to) => format!("第{from}至第{to}号"),
            };
            lines.push(format!("先存着 {set}：还缺{run}，等 {missing}"));
        }
        lines.extend(self.told.iter().map(|told| format!("注意：{told}")));
        for set in &self.of_old_kind {
            lines.push(format!("{set} 是旧版程序出的回执，没有写明答复的是哪一件的校验，按号码收下"));
        }
        for stranger in &self.strangers {
            let (set, print) = (stranger.set, &stranger.fingerprint);
            lines.push(format!(
                "先存着 {set}：签名的钥匙头一次见（指纹 {print}），户档没有动。请当面或打电话与对方核对指纹，一致的：hudang key trust {} {}",
                set.village,
                print.replace(' ', "")
            ));
        }
        for (chain, from, to) in &self.lost {
            let run = if from == to { format!("第{from}号") } else { format!("第{from}至第{to}号") };
            lines.push(format!("{chain} {run}在那边损坏读不出，那边已决定越过：这里也不再等，各户缺这几件"));
        }
        for refused in &self.refused {
            lines.extend(refused.why.iter().map(|why| format!("没有收 {}：{why}", refused.file)));
        }
        for (chain, fingerprint) in &self.pinned {
            lines.push(format!("记下了 {chain} 的钥匙，指纹 {fingerprint}"));
        }
        for (workspace, conflict) in
            workspace.into_iter().flat_map(|it| self.conflicts.iter().map(move |one| (it, one)))
        {
            let label = slot_in_words(workspace.definitions(), conflict.slot);
            let household = workspace.household_in_words(conflict.household);
            if let Some(why) = &conflict.why {
                lines.push(format!("县里的更正村里没有照改：{household} {label}：{why}；两个值都留着，请人选"));
                continue;
            }
            lines.push(format!(
                "两边都改了：{household} {label}（{} {} 改），两个值都留着，请人选",
                conflict.on, conflict.by
            ));
        }
        lines
    }
}
