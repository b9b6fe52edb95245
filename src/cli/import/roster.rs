//! `hudang import roster`: takes in the county's workbooks and the village's ledgers, or shows what that would do.

use serde_json::{Value as Json, json};

use crate::catalogue::Catalogue;
use crate::changes::three_way::Outcome as Became;
use crate::domain::{Name, Slot, Value};
use crate::exchange::roster::Problem;
use crate::workspace::Workspace;
use crate::workspace::import::compare::FieldDetail;
use crate::workspace::import::report::{HouseholdDetail, TableRead};
use crate::workspace::import::tally::{Mark, Tally};
use crate::workspace::import::{ImportReport, RosterImport};

use super::super::args::RosterArgs;
use super::super::output::{Output, table};
use super::super::{Outcome, Steps};

pub fn run(workspace: &mut Workspace, args: &RosterArgs, out: &Output) -> Outcome {
    let import = asked(args);
    let report = workspace.import_rosters(&import, &mut Steps::default())?;
    let catalogue = &workspace.definitions().catalogue;
    out.print(|| line(catalogue, &report, args.dry_run), || text(catalogue, &report, args.dry_run));
    Ok(if report.problems.refused.is_empty() && report.passed_over.is_empty() { 0 } else { 3 })
}

/// What the arguments ask for.
pub(super) fn asked(args: &RosterArgs) -> RosterImport {
    RosterImport {
        files: args.files.clone(),
        encoding: args.encoding.clone(),
        sheet: args.sheet.clone(),
        dry_run: args.dry_run,
    }
}

/// The files that were not taken in, and why.
pub(super) fn passed_over(files: &[(Box<str>, Box<str>)]) -> Json {
    files.iter().map(|(file, why)| json!({"file": file, "why": why})).collect()
}

fn line(catalogue: &Catalogue, report: &ImportReport, dry_run: bool) -> Json {
    let mut line = json!({
        "households": report.households,
        "people": report.people,
        "problems": report.problems.refused,
        "doubtful": report.problems.doubtful,
        "not_listed": report.problems.unlisted,
        "unknown_columns": report.unknown_columns,
        "near_columns": report.near_columns,
        "tables": report.tables,
        "passed_over": passed_over(&report.passed_over),
    });
    if dry_run {
        let details = &report.details;
        line["details"] = details.households.iter().map(|household| detail_line(catalogue, household)).collect();
        line["details_left_out"] = details.left_out.into();
    }
    line
}

fn detail_line(catalogue: &Catalogue, household: &HouseholdDetail) -> Json {
    let fields = household.fields.iter().map(|detail| {
        let value = |value: Option<&Value>| match catalogue.in_slot(detail.slot) {
            Some(field) => catalogue.to_json(field, value),
            None => value.and_then(Value::as_text).map_or(Json::Null, Json::from),
        };
        json!({
            "section": detail.slot.section,
            "field": detail.slot.field,
            "person": detail.person,
            "said": detail.said_last.as_ref().map(|said| value(said.as_ref())),
            "says": value(detail.says.as_ref()),
            "held": value(detail.held.as_ref()),
            "becomes": became(&detail.outcome),
        })
    });
    let people = household.people.iter().map(|person| json!({"name": person.name, "what": mark(person.mark)}));
    json!({
        "household": household.number,
        "head": household.head,
        "what": mark(household.mark),
        "people": people.collect::<Json>(),
        "fields": fields.collect::<Json>(),
    })
}

const fn became(outcome: &Became) -> &'static str {
    match outcome {
        Became::Take => "taken",
        Became::Beside => "beside",
        Became::Note | Became::Nothing => "noted",
    }
}

const fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::New => "new",
        Mark::Changed => "changed",
        Mark::Promoted => "promoted",
        Mark::Absent => "absent",
        Mark::Unchanged | Mark::Unnamed => "unchanged",
    }
}

fn text(catalogue: &Catalogue, report: &ImportReport, dry_run: bool) -> String {
    let counts = |what: &str, tally: Tally| {
        let counts = [tally.new, tally.changed, tally.promoted, tally.unchanged, tally.absent];
        std::iter::once(what.to_owned()).chain(counts.iter().map(u64::to_string)).collect::<Vec<_>>()
    };
    let rows = [counts("户", report.households), counts("人", report.people)];
    let mut text = tables_read(report);
    tell_passed(&mut text, &report.passed_over);
    text.push_str(&table(&["", "新增", "有变", "纳入国网", "不变", "名册上没有了"], &rows));
    if dry_run {
        text.push_str("以上只是预看，数据没有动。\n");
        for household in report.details.households.iter().filter(|household| household.mark != Mark::New) {
            text.push_str(&picture(catalogue, household));
        }
        if report.details.left_out > 0 {
            text.push_str(&format!("另有{}户未列出\n", report.details.left_out));
        }
    }
    list(&mut text, "未收或只收一部分", &report.problems.refused);
    list(&mut text, "已收，请核对", &report.problems.doubtful);
    if report.problems.unlisted > 0 {
        text.push_str(&format!("另有{}处未列出\n", report.problems.unlisted));
    }
    if !report.unknown_columns.is_empty() {
        let named = |name: &Name| match report.near_columns.get(name) {
            Some(near) => format!("{name}（是不是“{near}”？）"),
            None => name.to_string(),
        };
        let names: Vec<String> = report.unknown_columns.iter().map(named).collect();
        text.push_str(&format!("不认识的列（照原样留着）：{}\n", names.join("、")));
    }
    text
}

/// Which tables were read, a line each.
fn tables_read(report: &ImportReport) -> String {
    let line = |read: &TableRead| {
        let sheet = read.sheet.as_deref().map_or(String::new(), |sheet| format!("“{sheet}”表 "));
        let TableRead { file, kind, header_row, columns, known, rows, .. } = read;
        format!("读了 {file} {sheet}第{header_row}行表头：{kind}，{columns}列认识{known}列，{rows}行\n")
    };
    let mut text: String = report.tables.iter().map(line).collect();
    if !report.several().is_empty() {
        text.push_str("同一文件有几张表是同一种，都读了；只要其中一张，请加 --sheet 表名 再导入。\n");
    }
    text
}

/// Tells which files were not taken in, and where they belong.
pub(super) fn tell_passed(text: &mut String, files: &[(Box<str>, Box<str>)]) {
    for (file, why) in files {
        text.push_str(&format!("没有收 {file}：{why}\n"));
    }
}

/// One household of the three-way picture.
fn picture(catalogue: &Catalogue, household: &HouseholdDetail) -> String {
    let mut text = format!("{} {}\n", household.number, household.head);
    for person in &household.people {
        let what = if person.mark == Mark::New { "新增" } else { "名册上没有了" };
        text.push_str(&format!("  {}：{what}\n", person.name));
    }
    for detail in &household.fields {
        let whose = detail.person.as_deref().map_or(String::new(), |name| format!("{name} "));
        let said = match &detail.said_last {
            Some(said) => format!("上次{}，", shown(catalogue, detail.slot, said.as_ref())),
            None => String::new(),
        };
        let says = shown(catalogue, detail.slot, detail.says.as_ref());
        let held = shown(catalogue, detail.slot, detail.held.as_ref());
        let label = label(catalogue, detail);
        text.push_str(&format!("  {whose}{label}：{said}这次{says}，村里{held} → {}\n", in_words(&detail.outcome)));
    }
    text
}

fn in_words(outcome: &Became) -> &'static str {
    match outcome {
        Became::Take => "照名册改",
        Became::Beside => "留村里的，待选",
        Became::Note | Became::Nothing => "留村里的",
    }
}

fn label(catalogue: &Catalogue, detail: &FieldDetail) -> String {
    let section = catalogue.section(detail.slot.section).map_or("", |section| &section.label);
    let field = catalogue.in_slot(detail.slot).map_or(detail.slot.field.as_str(), |field| &field.label);
    format!("{section}·{field}")
}

fn shown(catalogue: &Catalogue, slot: Slot, value: Option<&Value>) -> String {
    match (catalogue.in_slot(slot), value) {
        (_, None) => "空".to_owned(),
        (Some(field), Some(value)) => catalogue.show_masked(field, value),
        (None, Some(value)) => value.as_text().unwrap_or_default().to_owned(),
    }
}

/// Lists what is wrong, a line each, where anything is.
pub(super) fn list(text: &mut String, title: &str, problems: &[Problem]) {
    if problems.is_empty() {
        return;
    }
    text.push_str(&format!("{title}（{}处）：\n", problems.len()));
    for problem in problems {
        let sheet = problem.sheet.as_deref().map_or(String::new(), |sheet| format!(" {sheet}"));
        let value = if problem.value.is_empty() { String::new() } else { format!(" “{}”", problem.value) };
        let place = format!("{}{sheet} 第{}行 {}", problem.file, problem.row, problem.column);
        text.push_str(&format!("  {place}{value}：{}\n", problem.why));
    }
}
