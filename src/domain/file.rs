//! The household file: sections of rows of fields, each section with its age and its confirmation.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::date::PartialDate;
use super::digest::Digest;
use super::form_ref::FormRef;
use super::ids::HouseholdId;
use super::name::Name;
use super::value::Value;

/// Everything the village holds of one household, except the text of its forms and its history, which are acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseholdFile {
    /// Whose file it is.
    pub id: HouseholdId,
    /// The local day on which the file was opened.
    pub taken_in: NaiveDate,
    /// The sections that hold anything, by id.
    pub sections: BTreeMap<Name, Section>,
    /// The kinds of roster that ever held something here; [`Cell::same`] and [`Cell::other`] count in this order.
    pub rosters: Vec<RosterSeen>,
    /// Fields where the county and the village both moved, and a person has not chosen yet.
    pub beside: Vec<Slot>,
    /// The forms filled for this household, oldest first.
    pub forms: Vec<FormRef>,
    /// Items of visits that were marked changed and whose fields nobody has edited since.
    pub open_items: Vec<OpenItem>,
    /// The numbers of the acts that touched this file, ascending.
    pub acts: Vec<u64>,
    /// What the income and the people were like when somebody last found the income true as on file
    /// ([`income::likeness`](super::income::likeness)): while they are the same, it stands.
    pub income_found: Option<u64>,
}

/// One section of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// What day the contents speak of.
    pub as_of: Option<PartialDate>,
    /// Who last looked and found it true, and when.
    pub confirmed: Option<Confirmation>,
    /// The local day of the last change that a person made.
    pub changed_on: Option<NaiveDate>,
    /// Row 0 where the section speaks of the household, one row a person by her id, or rows counted from 1.
    pub rows: BTreeMap<u32, Row>,
    /// The number that the next counted row gets.
    pub next_row: u32,
}

/// Somebody looked, on a local day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The day of the look, not of the entry.
    pub on: NaiveDate,
    /// Who looked.
    pub by: Box<str>,
}

/// The fields of one row, sorted by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row(Vec<(Name, Cell)>);

/// One field: what the village holds, and what rosters said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// What the village holds; none is unknown.
    pub value: Option<Value>,
    /// The rosters, as bits in the order of [`HouseholdFile::rosters`], that last said just this.
    pub same: u8,
    /// The rosters that last said something else (or left it blank).
    pub other: Vec<(u8, Option<Value>)>,
}

/// A kind of roster that held this household, and whom of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterSeen {
    /// The kind, by its id in `data/rosters/`.
    pub kind: Name,
    /// The people that it ever listed, by id, ascending.
    pub people: Vec<u32>,
    /// A digest of all that it last said of the household, to pass over what has not moved; 0 where somebody was missing.
    pub digest: u64,
    /// The people whom it listed before and did not when it spoke last, by id, ascending.
    pub gone: Vec<u32>,
}

impl RosterSeen {
    /// A roster that has not spoken yet.
    pub const fn new(kind: Name) -> Self {
        Self { kind, people: Vec::new(), digest: 0, gone: Vec::new() }
    }
}

/// Where a field stands within a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Slot {
    /// The section's id.
    pub section: Name,
    /// The row; 0 is the household itself.
    #[serde(default)]
    pub row: u32,
    /// The field's id within its section.
    pub field: Name,
}

/// An item of a visit marked changed whose field was not edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenItem {
    /// The act of the visit.
    pub act: u64,
    /// The item's id, such as `V03`.
    pub item: Name,
    /// The sections in which an edit answers it.
    pub sections: Vec<Name>,
    /// The day of the change in life, where it is known.
    pub since: Option<PartialDate>,
    /// The day it was seen.
    pub seen_on: NaiveDate,
    /// What was said to have changed.
    pub what: Box<str>,
}

impl Section {
    /// A digest of what the village holds here, whatever rosters say beside it; the same on every machine.
    pub fn likeness(&self) -> u64 {
        let values = |row: &Row| row.values().map(|(field, value)| (field, value.clone())).collect::<Vec<_>>();
        let rows: Vec<_> =
            self.rows.iter().map(|(n, row)| (n, values(row))).filter(|(_, row)| !row.is_empty()).collect();
        Digest::of_json(&rows)
    }
}

impl Row {
    /// The field's cell.
    pub fn cell(&self, field: Name) -> Option<&Cell> {
        self.0.binary_search_by(|(name, _)| name.cmp(&field)).ok().map(|at| &self.0[at].1)
    }

    /// The field's value.
    pub fn get(&self, field: Name) -> Option<&Value> {
        self.cell(field)?.value.as_ref()
    }

    /// Whether any field from one name to another, in their order, has a value.
    pub fn has_any(&self, from: Name, to: Name) -> bool {
        let first = self.0.partition_point(|(name, _)| *name < from);
        self.0[first..].iter().take_while(|(name, _)| *name <= to).any(|(_, cell)| cell.value.is_some())
    }

    /// The field's cell, made empty where there was none.
    pub fn cell_mut(&mut self, field: Name) -> &mut Cell {
        let at = match self.0.binary_search_by(|(name, _)| name.cmp(&field)) {
            Ok(at) => at,
            Err(at) => {
                self.0.insert(at, (field, Cell::default()));
                at
            }
        };
        &mut self.0[at].1
    }

    /// The fields that have a value, by name.
    pub fn values(&self) -> impl Iterator<Item = (Name, &Value)> {
        self.0.iter().filter_map(|(name, cell)| Some((*name, cell.value.as_ref()?)))
    }

    /// All cells, also those of which only a roster said something.
    pub fn cells(&self) -> impl Iterator<Item = (Name, &Cell)> {
        self.0.iter().map(|(name, cell)| (*name, cell))
    }

    /// Whether no field has a value.
    pub fn is_empty(&self) -> bool {
        self.values().next().is_none()
    }

    fn forget(&mut self, field: Name) {
        self.0.retain(|(name, _)| *name != field);
    }
}

impl Cell {
    /// Puts in a value that a person at the village gave; what rosters said stays known.
    pub fn set(&mut self, value: Option<Value>) {
        if value == self.value {
            return;
        }
        let old = std::mem::replace(&mut self.value, value);
        for roster in 0..8 {
            if self.same & (1 << roster) != 0 {
                self.other.push((roster, old.clone()));
            }
        }
        self.same = 0;
        self.settle();
    }

    /// Notes what a roster says, without taking it over.
    pub fn note(&mut self, roster: u8, said: Option<Value>) {
        if said == self.value {
            return self.agree(roster);
        }
        self.other.retain(|(other, _)| *other != roster);
        self.same &= !(1 << roster);
        self.other.push((roster, said));
        self.other.sort_by_key(|(roster, _)| *roster);
    }

    /// Notes that a roster says just what the village holds.
    pub fn agree(&mut self, roster: u8) {
        self.other.retain(|(other, _)| *other != roster);
        self.same |= 1 << roster;
    }

    /// What a roster last said: an outer none where it never spoke of this field.
    pub fn said(&self, roster: u8) -> Option<Option<&Value>> {
        if self.same & (1 << roster) != 0 {
            return Some(self.value.as_ref());
        }
        self.other.iter().find(|(other, _)| *other == roster).map(|(_, said)| said.as_ref())
    }

    fn is_blank(&self) -> bool {
        self.value.is_none() && self.same == 0 && self.other.is_empty()
    }

    fn settle(&mut self) {
        let value = &self.value;
        let same = &mut self.same;
        self.other.retain(|(roster, said)| {
            let agrees = said == value;
            if agrees {
                *same |= 1 << roster;
            }
            !agrees
        });
        self.other.sort_by_key(|(roster, _)| *roster);
    }
}

/// The most kinds of roster that one file can tell apart.
pub const MOST_ROSTERS: usize = 8;

impl HouseholdFile {
    /// An empty file, opened on a local day.
    pub fn open(id: HouseholdId, taken_in: NaiveDate) -> Self {
        Self {
            id,
            taken_in,
            sections: BTreeMap::new(),
            rosters: Vec::new(),
            beside: Vec::new(),
            forms: Vec::new(),
            open_items: Vec::new(),
            acts: Vec::new(),
            income_found: None,
        }
    }

    /// The rows of a section, by number.
    pub fn rows(&self, section: Name) -> impl DoubleEndedIterator<Item = (u32, &Row)> {
        self.sections.get(&section).into_iter().flat_map(|s| s.rows.iter().map(|(n, row)| (*n, row)))
    }

    /// One row of a section.
    pub fn row(&self, section: Name, row: u32) -> Option<&Row> {
        self.sections.get(&section)?.rows.get(&row)
    }

    /// The value in a slot.
    pub fn get(&self, slot: Slot) -> Option<&Value> {
        self.row(slot.section, slot.row)?.get(slot.field)
    }

    /// The value of a field that speaks of the household itself.
    pub fn of_household(&self, section: Name, field: Name) -> Option<&Value> {
        self.row(section, 0)?.get(field)
    }

    /// The number that a new counted row of this section gets.
    pub fn next_row(&self, section: Name) -> u32 {
        self.sections.get(&section).map_or(1, |s| s.next_row.max(1))
    }

    /// The section, made empty where there was none.
    pub fn section_mut(&mut self, section: Name) -> &mut Section {
        self.sections.entry(section).or_default()
    }

    /// Changes the cell in a slot; a row or section left with nothing in it is dropped.
    pub fn change(&mut self, slot: Slot, change: impl FnOnce(&mut Cell)) {
        self.change_row(slot.section, slot.row, [(slot.field, change)].into_iter(), |cell, change| change(cell));
    }

    /// Changes several cells of one row, each by what is given with its field, as [`change`](Self::change) does.
    pub fn change_row<T>(
        &mut self,
        section: Name,
        row: u32,
        fields: impl ExactSizeIterator<Item = (Name, T)>,
        change: impl Fn(&mut Cell, T),
    ) {
        if fields.len() == 0 {
            return;
        }
        let section = self.section_mut(section);
        section.next_row = section.next_row.max(row.saturating_add(1));
        let cells = section.rows.entry(row).or_default();
        cells.0.reserve(fields.len());
        for (field, what) in fields {
            let cell = cells.cell_mut(field);
            change(cell, what);
            if cell.is_blank() {
                cells.forget(field);
            }
        }
        if cells.0.is_empty() {
            section.rows.remove(&row);
        }
    }

    /// The index by which cells know this kind of roster, if it ever held something here.
    pub fn roster_index(&self, kind: Name) -> Option<u8> {
        self.rosters.iter().position(|seen| seen.kind == kind).map(|at| at as u8)
    }

    /// The newest form of one name that stands, by the day of the paper and then by its entry.
    pub fn newest_form(&self, name: Name) -> Option<&FormRef> {
        self.forms_named(name).max_by_key(|form| form.age())
    }

    /// The forms of one name that still stand, in the order of their entry, which is not that of their days.
    pub fn forms_named(&self, name: Name) -> impl DoubleEndedIterator<Item = &FormRef> {
        self.forms.iter().filter(move |form| form.name == name && !form.withdrawn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(t: &str) -> Option<Value> {
        Value::text(t)
    }

    #[test]
    fn a_cell_remembers_what_a_roster_said_through_edits() {
        let mut cell = Cell::default();
        cell.set(text("138"));
        cell.note(0, text("138"));
        assert_eq!((cell.same, cell.other.len()), (1, 0));
        cell.set(text("139"));
        assert_eq!(cell.said(0), Some(text("138").as_ref()));
        assert_eq!(cell.said(1), None);
        cell.note(0, text("139"));
        assert_eq!(cell.said(0), Some(text("139").as_ref()));
        assert!(cell.other.is_empty());
        cell.set(None);
        cell.set(text("139"));
        assert_eq!(cell.same, 1);
    }

    #[test]
    fn rows_that_hold_nothing_are_dropped_and_their_numbers_not_used_again() {
        let id = HouseholdId { village: "419999101201".parse().unwrap(), serial: 1 };
        let mut file = HouseholdFile::open(id, NaiveDate::MIN);
        let slot = Slot { section: Name::new("jobs"), row: 1, field: Name::new("place") };
        file.change(slot, |cell| cell.set(text("省外")));
        assert_eq!(file.get(slot), text("省外").as_ref());
        file.change(slot, |cell| cell.set(None));
        assert_eq!(file.rows(slot.section).count(), 0);
        assert_eq!(file.next_row(slot.section), 2);
    }
}
