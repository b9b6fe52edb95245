//! `hudang changes apply`, and `accept-receipt`: sets that came, taken in whichever way they came.

use std::path::PathBuf;

use serde_json::{Value as Json, json};

use crate::progress::Progress;
use crate::workspace::Workspace;
use crate::workspace::arrival::{Arrival, Conflict, Trust};
use crate::workspace::show;

use super::super::args::{SetFilesArgs, TrustArgs};
use super::super::output::Output;
use super::super::{Fault, Outcome};

pub fn run(workspace: &mut Workspace, args: &SetFilesArgs, progress: &mut dyn Progress, out: &Output) -> Outcome {
    let arrival = workspace.take_in_sets(&args.files, &trust(&args.trust)?, progress)?;
    out.print(|| as_json(Some(workspace), &arrival), || arrival.in_words(Some(workspace)));
    Ok(exit_code(&arrival))
}

/// What the command line says of keys that are not known yet.
pub(super) fn trust(args: &TrustArgs) -> Result<Trust, Fault> {
    let Some(path) = &args.trust else { return Ok(if args.trust_new { Trust::First } else { Trust::Nobody }) };
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| Fault::new(format!("{name}：读不了（{error}）")))?;
    Trust::read(&text).map_err(|error| Fault::usage(format!("{name}：{error}")))
}

/// Where there is no store yet and no file says of which county one would be: what is wrong with each.
pub fn refuse(files: &[PathBuf], out: &Output) -> Outcome {
    let arrival = Arrival::refusing(files);
    out.print(|| as_json(None, &arrival), || arrival.in_words(None));
    Ok(exit_code(&arrival))
}

/// 5 where a hash, a key or a signature is wrong, 3 where anything was refused or is left to a person.
pub(in crate::cli) fn exit_code(arrival: &Arrival) -> u8 {
    match (&arrival.refused[..], arrival.conflicts.is_empty() && arrival.strangers.is_empty()) {
        (refused, _) if refused.iter().any(|refused| refused.is_broken) => 5,
        ([], true) => 0,
        _ => 3,
    }
}

pub(in crate::cli) fn as_json(workspace: Option<&Workspace>, arrival: &Arrival) -> Json {
    let conflicts =
        workspace.into_iter().flat_map(|workspace| arrival.conflicts.iter().map(|it| conflict_json(workspace, it)));
    let ids = |sets: &[crate::exchange::set::SetId]| sets.iter().map(ToString::to_string).collect::<Vec<_>>();
    let waiting = arrival.waiting.iter().map(|waiting| {
        json!({"set": waiting.set.to_string(), "for": waiting.for_set.to_string(), "from": waiting.from, "to": waiting.to})
    });
    let strangers = arrival
        .strangers
        .iter()
        .map(|it| json!({"set": it.set.to_string(), "for": "key", "fingerprint": it.fingerprint}));
    let refused = arrival.refused.iter().map(|refused| json!({"file": refused.file, "why": refused.why}));
    let pinned = arrival.pinned.iter().map(|(chain, fingerprint)| json!({"chain": chain, "fingerprint": fingerprint}));
    json!({
        "applied": ids(&arrival.applied),
        "known": ids(&arrival.known),
        "waiting": waiting.chain(strangers).collect::<Vec<_>>(),
        "conflicts": conflicts.collect::<Vec<_>>(),
        "refused": refused.collect::<Vec<_>>(),
        "pinned": pinned.collect::<Vec<_>>(),
        "old_kind": ids(&arrival.of_old_kind),
        "notes": arrival.told,
    })
}

fn conflict_json(workspace: &Workspace, conflict: &Conflict) -> Json {
    let value = |value| show::value_json(workspace.definitions(), conflict.slot, value);
    let mut json = json!({
        "village": conflict.household.village.to_string(), "household": workspace.number_of(conflict.household),
        "section": conflict.slot.section, "row": conflict.slot.row, "field": conflict.slot.field,
        "before": value(conflict.before.as_ref()), "here": value(conflict.here.as_ref()),
        "there": value(conflict.there.as_ref()), "by": conflict.by, "on": conflict.on,
    });
    if let Some(why) = &conflict.why {
        json["why"] = json!(why);
    }
    json
}
