//! `hudang changes list`: a line a field change.

use std::collections::HashMap;

use serde_json::{Value as Json, json};

use crate::domain::{Household, HouseholdFile, HouseholdId};
use crate::workspace::{Workspace, show};

use super::super::Outcome;
use super::super::args::ChangesListArgs;
use super::super::output::{Output, table};

pub fn run(workspace: &Workspace, args: &ChangesListArgs, out: &Output) -> Outcome {
    let village = workspace.the_village()?;
    let handed_over = workspace.handed_over(village);
    let first = if args.pending { handed_over + 1 } else { 1 };
    let last = workspace.store().counters(village).last_act;
    let states = workspace.states(village)?;
    let mut files: HashMap<u32, HouseholdFile> = HashMap::new();
    let mut lines: Vec<Json> = Vec::new();
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut from_rosters = 0;
    let mut read = 0;
    for stored in workspace.store().readable(village, first..=last) {
        let act = stored.map_err(crate::workspace::WorkspaceError::from)?.act;
        read += 1;
        // On the screen what came from a roster is a number; a script gets every line.
        if !out.json && !act.is_news() {
            from_rosters += act.field_changes().count();
            continue;
        }
        for (part, change) in act.field_changes().enumerate() {
            let serial = change.household;
            if let std::collections::hash_map::Entry::Vacant(entry) = files.entry(serial) {
                entry.insert(workspace.file(HouseholdId { village, serial })?);
            }
            let Some(file) = files.get(&serial) else { continue };
            let mut line = show::change_line(workspace.definitions(), file, &act, part + 1, &change);
            let state = states.of(act.number, part as u32 + 1);
            if let Some(line) = line.as_object_mut() {
                line.insert("state".into(), state.identifier().into());
                if let Some(why) = states.why_held(act.number) {
                    line.insert("held".into(), json!(why));
                }
                if states.is_by_workbook(act.number, part as u32 + 1) {
                    line.insert("by_workbook".into(), true.into());
                }
            }
            if !out.json {
                let label = |text: &Json| match text {
                    Json::Null => "（无）".to_owned(),
                    Json::String(text) => text.clone(),
                    other => other.to_string(),
                };
                let catalogue = &workspace.definitions().catalogue;
                let field = catalogue.in_slot(change.slot);
                let shown = |value: &Option<crate::domain::Value>, json: &Json| match (field, value) {
                    (Some(field), Some(value)) => catalogue.show_masked(field, value),
                    _ => label(json),
                };
                rows.push(vec![
                    format!("{}.{}", act.number, part + 1),
                    Household::of(file).number(),
                    field.map_or_else(|| change.slot.field.to_string(), |field| field.label.to_string()),
                    shown(&change.old, &line["old"]),
                    shown(&change.new, &line["new"]),
                    act.by.to_string(),
                    states.label_of(act.number, part as u32 + 1).to_owned(),
                ]);
            }
            lines.push(line);
        }
    }
    let gone = (last + 1).saturating_sub(first).saturating_sub(read);
    if gone > 0 {
        eprintln!("另有{gone}件读不出：日志有过损坏，见 hudang verify");
    }
    out.print(
        || json!(lines),
        || {
            let rosters =
                if from_rosters > 0 { format!("另有{from_rosters}处来自导入\n") } else { String::new() };
            format!("{}{rosters}", table(&["序号", "户编号", "项目", "原值", "新值", "录入人", "状态"], &rows))
        },
    );
    Ok(0)
}
