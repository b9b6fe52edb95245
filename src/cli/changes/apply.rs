//! `hudang changes apply`, and `accept-receipt`: sets that came, taken in whichever way they came.

use std::path::PathBuf;

use serde_json::{Value as Json, json};

use crate::domain::Side;
use crate::progress::Progress;
use crate::workspace::Workspace;
use crate::workspace::arrival::{Arrival, Conflict};
use crate::workspace::show;

use super::super::Outcome;
use super::super::output::Output;

pub fn run(workspace: &mut Workspace, files: &[PathBuf], progress: &mut dyn Progress, out: &Output) -> Outcome {
    let arrival = workspace.take_in_sets(files, progress)?;
    out.print(|| as_json(Some(workspace), &arrival), || in_words(Some(workspace), &arrival));
    Ok(exit_code(&arrival))
}

/// Where there is no store yet and no file says of which county one would be: what is wrong with each.
pub fn refuse(files: &[PathBuf], out: &Output) -> Outcome {
    let arrival = Arrival::refusing(files);
    out.print(|| as_json(None, &arrival), || in_words(None, &arrival));
    Ok(exit_code(&arrival))
}

/// 5 where a hash, a key or a signature is wrong, 3 where anything was refused or is left to a person.
pub(super) fn exit_code(arrival: &Arrival) -> u8 {
    match (&arrival.refused[..], arrival.conflicts.is_empty()) {
        (refused, _) if refused.iter().any(|refused| refused.is_broken) => 5,
        ([], true) => 0,
        _ => 3,
    }
}

pub(super) fn as_json(workspace: Option<&Workspace>, arrival: &Arrival) -> Json {
    let conflicts =
        workspace.into_iter().flat_map(|workspace| arrival.conflicts.iter().map(|it| conflict_json(workspace, it)));
    let ids = |sets: &[crate::exchange::set::SetId]| sets.iter().map(ToString::to_string).collect::<Vec<_>>();
    let waiting = arrival.waiting.iter().map(|waiting| {
        json!({"set": waiting.set.to_string(), "for": waiting.for_set.to_string(), "from": waiting.from, "to": waiting.to})
    });
    let refused = arrival.refused.iter().map(|refused| json!({"file": refused.file, "why": refused.why}));
    let pinned = arrival.pinned.iter().map(|(chain, fingerprint)| json!({"chain": chain, "fingerprint": fingerprint}));
    json!({
        "applied": ids(&arrival.applied),
        "known": ids(&arrival.known),
        "waiting": waiting.collect::<Vec<_>>(),
        "conflicts": conflicts.collect::<Vec<_>>(),
        "refused": refused.collect::<Vec<_>>(),
        "pinned": pinned.collect::<Vec<_>>(),
    })
}

fn conflict_json(workspace: &Workspace, conflict: &Conflict) -> Json {
    let value = |value| show::value_json(workspace.definitions(), conflict.slot, value);
    json!({
        "village": conflict.household.village.to_string(), "household": workspace.number_of(conflict.household),
        "section": conflict.slot.section, "row": conflict.slot.row, "field": conflict.slot.field,
        "before": value(conflict.before.as_ref()), "here": value(conflict.here.as_ref()),
        "there": value(conflict.there.as_ref()), "by": conflict.by, "on": conflict.on,
    })
}

pub(super) fn in_words(workspace: Option<&Workspace>, arrival: &Arrival) -> String {
    let mut lines = Vec::new();
    for set in &arrival.applied {
        let what = if set.side == Side::County { "回执" } else { "变更集" };
        lines.push(format!("已收{what} {set}"));
    }
    lines.extend(arrival.known.iter().map(|set| format!("早已收过 {set}，没有再动")));
    for waiting in &arrival.waiting {
        let (set, missing) = (waiting.set, waiting.for_set);
        let run = match (waiting.from, waiting.to) {
            (from, to) if from == to => format!("第{from}号"),
            (from, to) => format!("第{from}至第{to}号"),
        };
        lines.push(format!("先存着 {set}：还缺{run}，等 {missing}"));
    }
    for refused in &arrival.refused {
        lines.extend(refused.why.iter().map(|why| format!("没有收 {}：{why}", refused.file)));
    }
    for (chain, fingerprint) in &arrival.pinned {
        lines.push(format!("记下了 {chain} 的钥匙，指纹 {fingerprint}，请与对方核对"));
    }
    for (workspace, conflict) in workspace.into_iter().flat_map(|it| arrival.conflicts.iter().map(move |one| (it, one)))
    {
        let label = show::slot_in_words(workspace.definitions(), conflict.slot);
        let household = workspace.household_in_words(conflict.household);
        lines.push(format!(
            "两边都改了：{household} {label}（{} {} 改），两个值都留着，请人选",
            conflict.on, conflict.by
        ));
    }
    if lines.is_empty() { "没有可收的".to_owned() } else { lines.join("\n") }
}
