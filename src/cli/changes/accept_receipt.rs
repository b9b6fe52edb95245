//! `hudang changes accept-receipt`: the county's answer, as a file of its chain or as a workbook that it filled in.

use serde_json::{Value as Json, json};

use crate::progress::Progress;
use crate::workspace::Workspace;
use crate::workspace::answer_sheets::SheetTaken;

use super::super::Outcome;
use super::super::args::SetFilesArgs;
use super::super::output::Output;
use super::apply;

pub fn run(workspace: &mut Workspace, args: &SetFilesArgs, progress: &mut dyn Progress, out: &Output) -> Outcome {
    let files = &args.files;
    let mail = workspace.take_in_mail(files, &apply::trust(&args.trust)?, progress)?;
    let (arrival, sheets) = (&mail.arrival, || mail.sheets.iter().map(|(_, sheet)| sheet));
    let has_problems = !mail.unusable.is_empty() || mail.problems().next().is_some();
    out.print(
        || {
            let mut json = apply::as_json(Some(workspace), arrival);
            json["sheets"] = sheets().map(sheet_json).collect();
            json["unusable"] = mail.unusable.iter().map(|(_, why)| why.as_str()).collect();
            json
        },
        || {
            let has_sets = files.iter().any(|path| !Workspace::is_sheet(path));
            let sets = has_sets.then(|| arrival.in_words(Some(workspace)));
            let lines = sets
                .into_iter()
                .chain(sheets().map(SheetTaken::in_words))
                .chain(mail.unusable.iter().map(|(_, why)| why.clone()));
            lines.collect::<Vec<_>>().join("\n")
        },
    );
    Ok(match apply::exit_code(arrival) {
        0 if has_problems => 3,
        code => code,
    })
}

pub(super) fn sheet_json(sheet: &SheetTaken) -> Json {
    let problems: Vec<String> = sheet.problems.iter().map(ToString::to_string).collect();
    json!({
        "set": sheet.set.to_string(), "taken": sheet.taken, "refused": sheet.refused,
        "number": sheet.act.as_ref().map(|act| act.number), "problems": problems,
    })
}
