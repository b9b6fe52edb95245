//! `hudang changes receipt`: the county's answer, for one village or for each that has something to be answered.

use std::path::Path;

use serde_json::{Value as Json, json};

use crate::workspace::Workspace;
use crate::workspace::receipt::Receipt;

use super::super::Outcome;
use super::super::args::ReceiptArgs;
use super::super::fault::Fault;
use super::super::output::Output;

pub fn run(workspace: &mut Workspace, args: &ReceiptArgs, out: &Output) -> Outcome {
    if !workspace.is_countys() {
        return Err(Fault::new("回执由县里出；这里是一个村的户档，收回执用 hudang changes accept-receipt"));
    }
    let run = args.run.named();
    if args.out.is_dir() {
        if run.is_some() {
            return Err(Fault::usage("--from、--to 只重出一个村的回执：--out 写文件名，并用 --village 指明村"));
        }
        let mut all = Vec::new();
        for village in workspace.to_answer()? {
            let named = |set: crate::exchange::set::SetId| args.out.join(set.file_name());
            all.extend(workspace.receipt(village, &named, None, args.run.plain)?);
        }
        out.print(
            || Json::Array(all.iter().map(as_json).collect()),
            || {
                if all.is_empty() {
                    NOTHING.to_owned()
                } else {
                    all.iter().map(in_words).collect::<Vec<_>>().join("\n")
                }
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
    let receipt = workspace.receipt(village, &|_| Path::to_owned(&args.out), run, args.run.plain)?;
    let none = json!({"set": null, "from": null, "to": null, "file": null, "sha256": null, "taken": 0, "refused": 0, "corrections": 0});
    out.print(
        || receipt.as_ref().map_or(none, as_json),
        || receipt.as_ref().map_or_else(|| NOTHING.to_owned(), in_words),
    );
    Ok(0)
}

const NOTHING: &str = "没有要答复的";

fn as_json(receipt: &Receipt) -> Json {
    json!({
        "set": receipt.set.to_string(), "from": receipt.set.from, "to": receipt.set.to, "file": receipt.file,
        "sha256": receipt.sha256, "taken": receipt.taken, "refused": receipt.refused, "corrections": receipt.corrections,
    })
}

fn in_words(receipt: &Receipt) -> String {
    format!(
        "回执 {}：收下{}处，不予录入{}处，更正{}件\n{}",
        receipt.set,
        receipt.changes.0,
        receipt.changes.1,
        receipt.corrections,
        receipt.file.display()
    )
}
