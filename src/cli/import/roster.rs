//! `hudang import roster`: workbooks and ledgers; shows what is new, changed, gone and refused.

use serde_json::{Value as Json, json};

use crate::changes::three_way::Outcome as Becomes;
use crate::domain::{HouseholdId, Slot, Value};
use crate::exchange::roster::Problem;
use crate::workspace::Workspace;
use crate::workspace::import::compare::FieldDetail;
use crate::workspace::import::report::HouseholdDetail;
use crate::workspace::import::tally::{Mark, Tally};
use crate::workspace::import::{ImportReport, RosterImport};

use super::super::args::RosterArgs;
use super::super::output::Output;
use super::super::{Outcome, Steps};

pub fn run(workspace: &mut Workspace, args: &RosterArgs, out: &Output) -> Outcome {
    let import = RosterImport { files: args.files.clone(), encoding: args.encoding.clone(), dry_run: args.dry_run };
    let report = workspace.import_rosters(&import, &mut Steps::default())?;
    out.print(|| json(workspace, &report), || text(workspace, &report, args.dry_run));
    Ok(if report.problems.refused.is_empty() { 0 } else { 3 })
}

fn json(workspace: &Workspace, report: &ImportReport) -> Json {
    let names: Vec<&str> = report.unknown_columns.iter().map(|name| name.as_str()).collect();
    let details = report.details.households.iter().filter(|detail| detail.mark != Mark::New);
    json!({
        "households": report.households,
        "people": report.people,
        "problems": report.problems.refused,
        "doubtful": report.problems.doubtful,
        "unknown_columns": names,
        "details": details.map(|detail| detail_json(workspace, detail)).collect::<Vec<_>>(),
    })
}

fn detail_json(workspace: &Workspace, detail: &HouseholdDetail) -> Json {
    let value = |slot: Slot, value: Option<&Value>| match workspace.definitions().catalogue.in_slot(slot) {
        Some(field) => workspace.definitions().catalogue.to_json(field, value),
        None => json!(value.and_then(Value::as_text)),
    };
    let fields = detail.fields.iter().map(|field| {
        json!({
            "section": field.slot.section, "row": field.slot.row, "field": field.slot.field,
            "said_last": value(field.slot, field.said_last.as_ref().and_then(Option::as_ref)),
            "says": value(field.slot, field.says.as_ref()), "held": value(field.slot, field.held.as_ref()),
            "becomes": if is_taken(field) { "taken" } else { "beside" },
        })
    });
    let people = detail
        .people
        .iter()
        .map(|person| json!({"name": person.name, "is": if person.mark == Mark::New { "new" } else { "absent" }}));
    json!({
        "household": detail.number, "head": detail.head,
        "is": if detail.mark == Mark::Promoted { "promoted" } else { "changed" },
        "fields": fields.collect::<Vec<_>>(), "people": people.collect::<Vec<_>>(),
    })
}

fn is_taken(field: &FieldDetail) -> bool {
    field.outcome == Becomes::Take
}

fn text(workspace: &Workspace, report: &ImportReport, dry_run: bool) -> String {
    let counts = |what: &str, tally: &Tally| {
        let promoted = if tally.promoted > 0 { format!("，纳入国网{}", tally.promoted) } else { String::new() };
        format!(
            "{what}：新{}，变{}{promoted}，不变{}，名册上没有了{}\n",
            tally.new, tally.changed, tally.unchanged, tally.absent
        )
    };
    let mut text = counts("户", &report.households) + &counts("人", &report.people);
    for detail in report.details.households.iter().filter(|detail| detail.mark != Mark::New) {
        text.push_str(&format!("\n{} {}\n", detail.number, detail.head));
        for person in &detail.people {
            let what = if person.mark == Mark::New { "新增" } else { "名册上没有了" };
            text.push_str(&format!("  {} {what}\n", person.name));
        }
        for field in &detail.fields {
            text.push_str(&format!("  {}\n", field_in_words(workspace, detail.id, field)));
        }
    }
    if report.details.left_out > 0 {
        text.push_str(&format!("\n另有{}户有变化，未逐一列出\n", report.details.left_out));
    }
    if !report.unknown_columns.is_empty() {
        let names: Vec<&str> = report.unknown_columns.iter().map(|name| name.as_str()).collect();
        text.push_str(&format!("\n不认识的列（照样留存）：{}\n", names.join("、")));
    }
    for (what, problems) in [("未收", &report.problems.refused), ("存疑", &report.problems.doubtful)] {
        if !problems.is_empty() {
            text.push_str(&format!("\n{what}{}处：\n", problems.len()));
        }
        for problem in problems.iter().take(MOST_SHOWN) {
            text.push_str(&format!("  {}\n", in_words(problem)));
        }
        if problems.len() > MOST_SHOWN {
            text.push_str(&format!("  ……其余{}处用 --json 看\n", problems.len() - MOST_SHOWN));
        }
    }
    if dry_run {
        text.push_str("\n这是预看，什么都没有改动\n");
    }
    text
}

/// More lines than that scroll by unread.
const MOST_SHOWN: usize = 40;

fn field_in_words(workspace: &Workspace, household: HouseholdId, field: &FieldDetail) -> String {
    let catalogue = &workspace.definitions().catalogue;
    let defined = catalogue.in_slot(field.slot);
    let shown = |value: Option<&Value>| match (defined, value) {
        (Some(defined), Some(value)) => catalogue.show_masked(defined, value),
        (None, Some(value)) => value.as_text().unwrap_or_default().to_owned(),
        (_, None) => "（空）".to_owned(),
    };
    let label = defined.map_or(field.slot.field.as_str(), |defined| &defined.label);
    let whose = workspace.whose_row(household, field.slot).map_or_else(String::new, |name| format!("{name} "));
    let (says, held) = (shown(field.says.as_ref()), shown(field.held.as_ref()));
    if is_taken(field) {
        format!("{whose}{label}：{held} → {says}")
    } else {
        format!("{whose}{label}：名册 {says}，本村 {held}，待选")
    }
}

/// Where a problem is and what it is; what stood there is starred out where it says who somebody is.
fn in_words(problem: &Problem) -> String {
    let file = std::path::Path::new(&*problem.file).file_name().unwrap_or_default().to_string_lossy();
    let sheet = problem.sheet.as_deref().map_or_else(String::new, |sheet| format!(" {sheet}表"));
    format!("{file}{sheet} 第{}行 {}“{}”：{}", problem.row, problem.column, problem.value, problem.why)
}
