//! `hudang changes receipt`: the county's answer, for one village or for each that has something to be answered.

use std::path::Path;

use serde_json::{Value as Json, json};

use crate::workspace::Workspace;
use crate::workspace::receipt::{Receipt, Rest};

use super::super::Outcome;
use super::super::args::ReceiptArgs;
use super::super::fault::Fault;
use super::super::output::Output;

pub fn run(workspace: &mut Workspace, args: &ReceiptArgs, out: &Output) -> Outcome {
    if !workspace.is_countys() {
        return Err(Fault::new("回执由县里出；这里是一个村的户档，收回执用 hudang changes accept-receipt"));
    }
    let run = args.run.named();
    let rest = if args.rest_taken { Rest::Taken } else { Rest::Left };
    if args.out.is_dir() {
        if run.is_some() {
            return Err(Fault::usage("--from、--to 只重出一个村的回执：--out 写文件名，并用 --village 指明村"));
        }
        let (mut all, mut left) = (Vec::new(), Vec::new());
        for village in workspace.to_answer()? {
            let named = |set: crate::exchange::set::SetId| args.out.join(set.file_name());
            all.extend(workspace.receipt(village, &named, None, (args.run.plain, rest))?);
            left.push((village, workspace.open_changes_of(village)?));
        }
        let of = |receipt: &Receipt| {
            left.iter().find(|(village, _)| *village == receipt.set.village).map_or(0, |(_, left)| *left)
        };
        out.print(
            || Json::Array(all.iter().map(|receipt| as_json(receipt, of(receipt))).collect()),
            || {
                let mut lines: Vec<String> = all.iter().map(|receipt| in_words(receipt, of(receipt))).collect();
                let silent = left.iter().filter(|(village, _)| all.iter().all(|it| it.set.village != *village));
                let (villages, open) = silent.fold((0, 0), |(villages, open), (_, left)| (villages + 1, open + left));
                if villages > 0 {
                    lines.push(format!(
                        "另有{villages}个村的{open}处变更还没有答复，没有出回执；都收下的，加 --rest-taken"
                    ));
                }
                if lines.is_empty() { NOTHING.to_owned() } else { lines.join("\n") }
            },
        );
        return Ok(0);
    }
    let village = match workspace.village() {
        Some(village) => village,
        None => match workspace.to_answer()?[..] {
            [only] => only,
            _ => return Err(workspace.the_village().err().map_or_else(|| Fault::new(NOTHING), Fault::from)),
        },
    };
    let receipt = workspace.receipt(village, &|_| Path::to_owned(&args.out), run, (args.run.plain, rest))?;
    let left = workspace.open_changes_of(village)?;
    let none = json!({
        "set": null, "from": null, "to": null, "file": null, "sha256": null, "taken": 0, "refused": 0,
        "corrections": 0, "unanswered": left,
    });
    out.print(
        || receipt.as_ref().map_or(none, |receipt| as_json(receipt, left)),
        || match (&receipt, left) {
            (Some(receipt), left) => in_words(receipt, left),
            (None, 0) => NOTHING.to_owned(),
            (None, left) => format!("还没有作过新的答复，没有出回执；{left}处变更等着答复。都收下的，加 --rest-taken"),
        },
    );
    Ok(0)
}

const NOTHING: &str = "没有要答复的";

fn as_json(receipt: &Receipt, left: usize) -> Json {
    json!({
        "set": receipt.set.to_string(), "from": receipt.set.from, "to": receipt.set.to, "file": receipt.file,
        "sha256": receipt.sha256, "taken": receipt.taken, "refused": receipt.refused, "corrections": receipt.corrections,
        "unanswered": left,
    })
}

fn in_words(receipt: &Receipt, left: usize) -> String {
    let left = if left > 0 { format!("；还有{left}处没有答复，留着") } else { String::new() };
    format!(
        "回执 {}：收下{}处，不予录入{}处，更正{}件{left}\n{}",
        receipt.set,
        receipt.changes.0,
        receipt.changes.1,
        receipt.corrections,
        receipt.file.display()
    )
}
