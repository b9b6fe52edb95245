//! `hudang changes answer`: the county's word on single changes, before the receipt goes out.

use serde_json::json;

use crate::domain::Name;
use crate::workspace::Workspace;
use crate::workspace::verdicts::Because;

use super::super::Outcome;
use super::super::args::AnswerArgs;
use super::super::fault::Fault;
use super::super::output::Output;
use super::accept_receipt;

pub fn run(workspace: &mut Workspace, args: &AnswerArgs, out: &Output) -> Outcome {
    if !workspace.is_countys() {
        return Err(Fault::new("答复由县里作；这里是一个村的户档"));
    }
    if let Some(path) = &args.sheet {
        let sheet = workspace.take_in_sheet(path)?;
        let json = accept_receipt::sheet_json(&sheet);
        out.print(|| json, || sheet.in_words());
        return Ok(if sheet.problems.is_empty() { 0 } else { 3 });
    }
    let village = workspace.the_village()?;
    let changes = args.changes.iter().map(|text| read(text)).collect::<Result<Vec<_>, _>>()?;
    let because = args.refuse.then(|| because(workspace, args)).transpose()?;
    let act = workspace.judge(village, &changes, because.as_ref())?;
    out.print(
        || json!({"number": act.number, "answered": changes.len(), "refused": args.refuse}),
        || match args.refuse {
            true => format!("{}处记为不予录入，随下一份回执发回村里", changes.len()),
            false => format!("{}处记为已收，随下一份回执发回村里", changes.len()),
        },
    );
    Ok(0)
}

fn because(workspace: &Workspace, args: &AnswerArgs) -> Result<Because, Fault> {
    let words = args.words.as_deref().map(str::trim).filter(|words| !words.is_empty()).map(str::to_owned);
    let reasons = workspace.refusal_reasons();
    let reason = match &args.reason {
        None => None,
        Some(text) => {
            let known = reasons.iter().find(|(id, label)| id.as_str() == text || label == text);
            Some(known.map(|(id, _)| *id).ok_or_else(|| no_reason(text, &reasons))?)
        }
    };
    if reason.is_none() && words.is_none() {
        return Err(Fault::usage("不予录入要写原因：--reason 或 --words"));
    }
    Ok(Because { reason, words })
}

fn no_reason(text: &str, reasons: &[(Name, String)]) -> Fault {
    let known: Vec<String> = reasons.iter().map(|(id, label)| format!("{id}（{label}）")).collect();
    Fault::usage(format!("没有原因 {text}；有：{}", known.join("、")))
}

/// An act, or an act and the part of it.
fn read(text: &str) -> Result<(u64, Option<u32>), Fault> {
    let wrong = || Fault::usage(format!("{text} 不是变更的编号，应为 件号 或 件号.处号，如 12.3（见 changes list）"));
    let (act, part) = match text.split_once('.') {
        Some((act, part)) => (act, Some(part.parse().map_err(|_| wrong())?)),
        None => (text, None),
    };
    Ok((act.parse().map_err(|_| wrong())?, part))
}
