//! What came from the county as lines: what has to be done first, then what only has to be known.

use crate::domain::{HouseholdId, Slot, Value};
use crate::tui::desk::Desk;
use crate::workspace::arrival::Stranger;
use crate::workspace::in_words::UNKNOWN;
use crate::workspace::mail::Mail;
use crate::workspace::show::slot_in_words;

/// One line.
pub(super) struct Line {
    /// What it says.
    pub says: String,
    /// Whether it is over others.
    pub is_head: bool,
    /// The field it is about.
    pub place: Option<(HouseholdId, Slot)>,
    /// The set that it is about whose key nobody has compared.
    pub stranger: Option<Stranger>,
}

/// What came, in a sentence or two.
pub(super) fn summary(mail: &Mail) -> String {
    let refused = mail.refused.len() + mail.refused_and_changed;
    let counts = [
        (mail.taken, "县已收"),
        (refused, "县未录"),
        (mail.corrected.len(), "县里更正"),
        (mail.conflicts().len(), "两边都改了"),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{what}{count}处"));
    let mut parts: Vec<String> = counts.collect();
    let own = mail.own_sets().count();
    if own > 0 {
        parts.push(format!("收回自己交过的{own}份"));
    }
    if !mail.arrival.waiting.is_empty() {
        parts.push(format!("先存着{}份", mail.arrival.waiting.len()));
    }
    if !mail.arrival.strangers.is_empty() {
        parts.push(format!("钥匙要核对的{}份", mail.arrival.strangers.len()));
    }
    let not_taken = mail.arrival.refused.len() + mail.unusable.len();
    if not_taken > 0 {
        parts.push(format!("没有收{not_taken}个文件"));
    }
    let known = mail.arrival.known.len();
    if known > 0 && !parts.is_empty() {
        parts.push(format!("早就收过{known}份"));
    }
    let says = if parts.is_empty() { "没有新的：这些早就收过了".to_owned() } else { parts.join("，") };
    let stopped = if mail.arrival.cancelled { "停下了：前面的收下了，余下的没有收。" } else { "" };
    format!("{stopped}{says}。")
}

/// All that came, part by part.
pub(super) fn lines(desk: &Desk, mail: &Mail) -> Vec<Line> {
    let workspace = &desk.workspace;
    let household = |id: HouseholdId| workspace.household_in_words(id);
    let field = |slot: Slot| slot_in_words(workspace.definitions(), slot);
    let value = |slot: Slot, value: Option<&Value>| {
        let defined = workspace.definitions().catalogue.in_slot(slot).zip(value);
        defined.map_or_else(|| UNKNOWN.to_owned(), |(field, value)| desk.show(field, value))
    };
    let mut all = Lines(Vec::new());
    all.strangers(&mail.arrival.strangers);
    all.part(
        "县未录的：到那一格改，或补上依据再交",
        mail.refused.iter().map(|it| {
            let (slot, new) = (it.change.slot, value(it.change.slot, it.change.new.as_ref()));
            let says = format!("{} {} {new}：{}（{} {}）", household(it.household), field(slot), it.why, it.by, it.on);
            (says, Some((it.household, slot)))
        }),
    );
    all.part(
        "两边都改了的：两个值都留着，到那一格选",
        mail.conflicts().iter().map(|it| {
            let (here, there) = (value(it.slot, it.here.as_ref()), value(it.slot, it.there.as_ref()));
            let (whose, what) = (household(it.household), field(it.slot));
            let says = format!("{whose} {what}：村里 {here}，县里 {there}（{} {}）", it.by, it.on);
            (says, Some((it.household, it.slot)))
        }),
    );
    all.part(
        "县里更正了的：已照改",
        mail.corrected.iter().map(|it| {
            let slot = it.change.slot;
            let (old, new) = (value(slot, it.change.old.as_ref()), value(slot, it.change.new.as_ref()));
            let says = format!("{} {} {old} → {new}（{}）", household(it.household), field(slot), it.by);
            (says, Some((it.household, slot)))
        }),
    );
    let problems = mail.problems().map(|(file, problem)| format!("{}：{problem}", name(file)));
    let refused =
        mail.arrival.refused.iter().flat_map(|it| it.why.iter().map(|why| format!("{}：{why}", name(&it.file))));
    let unusable = mail.unusable.iter().map(|(file, why)| why.replace(file, name(file)));
    all.said("没有收的：户档没有动", refused.chain(unusable));
    all.said("录入表里没有收的行", problems);
    let waiting = mail.arrival.waiting.iter();
    all.said(
        "先存着的：缺的到了会自己接上",
        waiting.map(|it| format!("{}：还缺第{}号到第{}号，等 {}", it.set, it.from, it.to, it.for_set)),
    );
    all.said(
        "认下的钥匙",
        mail.arrival.pinned.iter().map(|(chain, fingerprint)| format!("{chain} 指纹 {fingerprint}")),
    );
    if mail.refused_and_changed > 0 {
        let says = format!("{}处：村里已经又改过，随下一份再交", mail.refused_and_changed);
        all.said("县未录、村里又改过的", [says].into_iter());
    }
    all.said("收下的回执", mail.receipts().map(ToString::to_string));
    let sheets = mail.sheets.iter();
    all.said(
        "收下的录入表",
        sheets.map(|(file, it)| match it.act {
            Some(_) => format!("{}：已录{}处，未录{}处", name(file), it.taken, it.refused),
            None => format!("{}：没有新的答复", name(file)),
        }),
    );
    all.said("收回来的：自己从前交过的变更集", mail.own_sets().map(ToString::to_string));
    all.said("早就收过的：没有再动", mail.arrival.known.iter().map(ToString::to_string));
    all.0
}

struct Lines(Vec<Line>);

impl Lines {
    /// A heading and what is under it; nothing where nothing is.
    fn part(&mut self, head: &str, lines: impl Iterator<Item = (String, Option<(HouseholdId, Slot)>)>) {
        let at = self.0.len();
        self.0.extend(lines.map(|(says, place)| Line {
            says: format!("  {says}"),
            is_head: false,
            place,
            stranger: None,
        }));
        if self.0.len() > at {
            self.0.insert(at, Line { says: head.to_owned(), is_head: true, place: None, stranger: None });
        }
    }

    /// What waits for a word on the key that signed it, each with its fingerprint.
    fn strangers(&mut self, strangers: &[Stranger]) {
        let at = self.0.len();
        self.part(
            "钥匙头一次见，没有收：打电话与县里核对指纹，一致的在这一行回车",
            strangers.iter().map(|it| (format!("{}：指纹 {}", it.set, it.fingerprint), None)),
        );
        let lines = self.0.iter_mut().skip(at + 1);
        lines.zip(strangers).for_each(|(line, stranger)| line.stranger = Some(stranger.clone()));
    }

    fn said(&mut self, head: &str, lines: impl Iterator<Item = String>) {
        self.part(head, lines.map(|says| (says, None)));
    }
}

/// A file by its name alone.
fn name(file: &str) -> &str {
    file.rsplit(['/', '\\']).next().unwrap_or(file)
}
