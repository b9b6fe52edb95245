//! `hudang changes conflicts` and `settle`: what the county has corrected and its villages have changed to something else.

use serde_json::{Value as Json, json};

use crate::domain::{Name, Slot};
use crate::workspace::conflicts::{Keep, TwoEdits};
use crate::workspace::{Workspace, WorkspaceError, show};

use super::super::args::{Kept, SettleArgs};
use super::super::output::{Output, table};
use super::super::{Fault, Outcome};

/// Lists them: of the village at work, or of all.
pub fn list(workspace: &Workspace, out: &Output) -> Outcome {
    let all = all(workspace)?;
    let row = |two: &TwoEdits| {
        let shown = |value| match show::value_json(workspace.definitions(), two.county.slot, value) {
            Json::String(text) => text,
            Json::Null => "（无）".to_owned(),
            other => other.to_string(),
        };
        vec![
            workspace.number_of(two.county.household),
            name_of(two.county.slot),
            show::slot_in_words(workspace.definitions(), two.county.slot),
            shown(two.county.saw.as_ref()),
            shown(two.county.says.as_ref()),
            shown(two.here.as_ref()),
            two.by.to_string(),
        ]
    };
    out.print(
        || Json::Array(all.iter().map(|two| as_json(workspace, two)).collect()),
        || match all.is_empty() {
            true => "没有两边都改了的".to_owned(),
            false => table(
                &["户编号", "字段", "项目", "原来", "县里的", "村里的", "村里谁改"],
                &all.iter().map(row).collect::<Vec<_>>(),
            ),
        },
    );
    Ok(0)
}

/// Settles one.
pub fn settle(workspace: &mut Workspace, args: &SettleArgs, out: &Output) -> Outcome {
    let slot = slot(&args.slot)?;
    let household = workspace
        .households()
        .numbered(&args.household)
        .ok_or_else(|| Fault::new(format!("没有户 {}", args.household)))?;
    let all = all(workspace)?;
    let Some(two) = all.iter().find(|two| (two.county.household, two.county.slot) == (household, slot)) else {
        let whose = workspace.household_in_words(household);
        return Err(Fault::new(format!("{whose} 的 {} 不是两边都改了的（见 changes conflicts）", args.slot)));
    };
    let (keep, whose) = match args.keep {
        Kept::County => (Keep::County, "县里的"),
        Kept::Village => (Keep::Village, "村里的"),
    };
    workspace.settle_two_edits(two, keep)?;
    let left = all.len() - 1;
    out.print(
        || json!({"settled": as_json(workspace, two), "left": left}),
        || format!("已选定用{whose}，随下一份回执发回村里；还有{left}处两边都改了的"),
    );
    Ok(0)
}

fn all(workspace: &Workspace) -> Result<Vec<TwoEdits>, WorkspaceError> {
    let villages = workspace.village().map_or_else(|| workspace.store().villages(), |village| vec![village]);
    let mut all = Vec::new();
    for village in villages {
        all.extend(workspace.conflicts(village)?);
    }
    Ok(all)
}

/// A field by its section, its row where it has one, and its name.
fn slot(text: &str) -> Result<Slot, Fault> {
    let wrong = || Fault::usage(format!("{text} 不是字段，应如 address.group、jobs.2.place（见 changes conflicts）"));
    let parts: Vec<&str> = text.split('.').collect();
    match parts[..] {
        [section, field] => Ok(Slot { section: Name::new(section), row: 0, field: Name::new(field) }),
        [section, row, field] => {
            Ok(Slot { section: Name::new(section), row: row.parse().map_err(|_| wrong())?, field: Name::new(field) })
        }
        _ => Err(wrong()),
    }
}

fn name_of(slot: Slot) -> String {
    match slot.row {
        0 => format!("{}.{}", slot.section, slot.field),
        row => format!("{}.{row}.{}", slot.section, slot.field),
    }
}

fn as_json(workspace: &Workspace, two: &TwoEdits) -> Json {
    let (county, slot) = (&two.county, two.county.slot);
    let value = |value| show::value_json(workspace.definitions(), slot, value);
    json!({
        "village": county.household.village.to_string(), "household": workspace.number_of(county.household),
        "section": slot.section, "row": slot.row, "field": slot.field, "slot": name_of(slot),
        "before": value(county.saw.as_ref()), "here": value(county.says.as_ref()), "there": value(two.here.as_ref()),
        "by": two.by, "on": two.on, "county_by": county.by, "county_on": county.on,
    })
}
