//! `hudang record`: takes in filled forms, the same that the screens make.

use std::io::Read;

use serde_json::{Value as Json, json};

use crate::workspace::{Input, Recorded, Workspace};

use super::args::RecordArgs;
use super::output::Output;
use super::{Fault, Outcome};

pub fn run(workspace: &mut Workspace, args: &RecordArgs, out: &Output) -> Outcome {
    let (name, bytes) = read(args)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Fault::new(format!("{name}：第{}字节处不是 UTF-8 文字，请另存为 UTF-8 再试", at + 1))
    })?;
    let json: Json = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
        Fault::new(format!("{name}：第{}行第{}列不是有效的JSON，什么都没有录入", error.line(), error.column()))
    })?;
    let forms = match json {
        Json::Array(forms) => forms,
        one => vec![one],
    };
    let (mut accepted, mut refused, mut doubtful) = (Vec::new(), Vec::new(), Vec::new());
    let mut input = Input::default();
    for (index, form) in forms.iter().enumerate() {
        let recorded = workspace.record_of(form, &mut input)?;
        for fallen in workspace.take_fallen() {
            eprintln!("注意：{}", Workspace::fallen_in_words(&fallen, &workspace.number_of(fallen.household)));
        }
        workspace.take_told().iter().for_each(|told| eprintln!("注意：{told}"));
        match recorded {
            Recorded::Accepted { id, number, doubts } => {
                let mut taken = json!({"id": id, "change": number});
                if !doubts.is_empty() {
                    taken["doubts"] = doubts.iter().map(|it| json!({"field": it.field, "why": it.why})).collect();
                    let place = index + 1;
                    doubtful
                        .extend(doubts.iter().map(|it| format!("第{place}份 {}：{}（已录入）\n", it.field, it.why)));
                }
                let outdated = outdated(workspace, form, number)?;
                if !outdated.is_empty() {
                    taken["outdated"] = json!(outdated);
                }
                accepted.push(taken);
            }
            Recorded::Refused(faults) => {
                refused
                    .extend(faults.iter().map(|fault| json!({"index": index, "field": fault.field, "why": fault.why})));
            }
        }
    }
    let lines = |refused: &[Json]| -> String {
        let line = |fault: &Json| {
            let place = fault["index"].as_u64().unwrap_or(0) + 1;
            format!("第{place}份 {}：{}\n", fault["field"].as_str().unwrap_or(""), fault["why"].as_str().unwrap_or(""))
        };
        refused.iter().map(line).collect()
    };
    let all_taken = refused.is_empty();
    out.print(
        || json!({"accepted": accepted, "refused": refused}),
        || format!("录入{}份\n{}{}", accepted.len(), doubtful.concat(), lines(&refused)),
    );
    Ok(if all_taken { 0 } else { 3 })
}

/// What an accepted form tells of earlier days than the file, which stays as it is.
fn outdated(workspace: &Workspace, form: &Json, number: u64) -> Result<Vec<Json>, Fault> {
    let household = form.get("household").and_then(Json::as_str).unwrap_or_default();
    let Some(id) = workspace.households().numbered(household) else { return Ok(Vec::new()) };
    let outdated = workspace.outdated_in(id.village, number)?.into_iter();
    let line = |change: crate::changes::FieldChange| {
        let slot = change.slot;
        json!({"section": slot.section, "row": slot.row, "field": slot.field, "happened_on": change.happened_on,
               "seen_on": change.seen_on})
    };
    Ok(outdated.map(line).collect())
}

fn read(args: &RecordArgs) -> Result<(String, Vec<u8>), Fault> {
    let mut bytes = Vec::new();
    if args.file.as_os_str() == "-" {
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(|error| Fault::new(format!("标准输入读不了：{error}")))?;
        return Ok(("标准输入".to_owned(), bytes));
    }
    let name = args.file.display().to_string();
    match std::fs::read(&args.file) {
        Ok(bytes) => Ok((name, bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Fault::new(format!("没有文件 {name}"))),
        Err(error) => Err(Fault::new(format!("{name} 读不了：{error}"))),
    }
}
