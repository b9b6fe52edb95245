//! What can have changed of an item: the events of life, the rows of its sections, or something that is only told.

use crate::catalogue::SectionKind;
use crate::domain::{EditRow, FilledForm, Household, Name, Row, RowRef};
use crate::forms::Item;
use crate::rules::answer::edits_in_words;
use crate::rules::events;
use crate::tui::widgets::picker::Choice;

use super::purpose::Purpose;
use super::slip::{Ground, row_label};

/// Something that can have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A life event, an act of its own.
    Event(Name),
    /// What is filled in over the items.
    Slip(Purpose),
}

/// What can have changed of an item, in the order in which it is offered, and how each is called.
pub fn of_item(ground: &Ground<'_>, item: &Item, filled: &FilledForm) -> Vec<(String, Target)> {
    let mut targets = if item.events { events(ground) } else { Vec::new() };
    let edits = filled.items.get(&item.id).map_or(&[][..], |answer| &answer.edits);
    for section in item.edits.iter().filter_map(|section| ground.catalogue.section(*section)) {
        let mut add = |row| {
            let label = row_label(ground, section, row);
            let of_row = |nth| Target::Slip(Purpose::Row(item.id, section.id, row, nth));
            let made: Vec<&EditRow> =
                edits.iter().filter(|edit| (edit.section, edit.row) == (section.id, row)).collect();
            match made[..] {
                [] => targets.push((label.clone(), of_row(0))),
                [_] => targets.push((format!("✎ {label}"), of_row(0))),
                _ => targets.extend(made.iter().enumerate().map(|(nth, edit)| {
                    let words = edits_in_words(ground.look.at(ground.file), std::slice::from_ref(*edit));
                    let day = edit.happened_on.map_or_else(String::new, |day| format!("（{day}起）"));
                    (format!("✎ {words}{day}"), of_row(nth))
                })),
            }
            if !made.is_empty() && matches!(row, RowRef::At(_)) {
                targets.push((format!("{label}：另一处，日期或依据不同"), of_row(made.len())));
            }
        };
        match section.kind {
            SectionKind::Household => add(RowRef::At(0)),
            SectionKind::Person => {
                // Those of whom the file says something come first.
                let mut members: Vec<u32> = Household::of(ground.file).members().map(|member| member.id.0).collect();
                members.sort_by_key(|member| ground.file.row(section.id, *member).is_none_or(Row::is_empty));
                members.into_iter().for_each(|member| add(RowRef::At(member)));
            }
            SectionKind::Rows => {
                let added = edits.iter().filter(|edit| edit.section == section.id).filter_map(new_row);
                let next = added.clone().map(|(number, _)| number + 1).max().unwrap_or(0);
                add(RowRef::New(next));
                ground.file.rows(section.id).for_each(|(row, _)| add(RowRef::At(row)));
                targets.extend(added.map(|(number, edit)| {
                    let words = edits_in_words(ground.look.at(ground.file), std::slice::from_ref(edit));
                    let purpose = Purpose::Row(item.id, section.id, RowRef::New(number), 0);
                    (format!("✎ {words}"), Target::Slip(purpose))
                }));
            }
        }
    }
    if targets.len() != 1 {
        targets.push(("只记下变了什么，字段以后再填".to_owned(), Target::Slip(Purpose::Said(item.id))));
    }
    targets
}

/// The events of life that can have happened.
pub fn events(ground: &Ground<'_>) -> Vec<(String, Target)> {
    let events = events::offered(ground.look.forms, Household::of(ground.file)).into_iter();
    events.map(|form| (form.label.to_string(), Target::Event(form.name))).collect()
}

/// The targets as choices, known by their place.
pub fn choices(targets: &[(String, Target)]) -> Vec<Choice> {
    targets.iter().enumerate().map(|(at, (label, _))| Choice::new(at.to_string(), label)).collect()
}

fn new_row(edit: &EditRow) -> Option<(u32, &EditRow)> {
    match edit.row {
        RowRef::New(number) => Some((number, edit)),
        RowRef::At(_) => None,
    }
}
