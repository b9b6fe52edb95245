//! What an import found, and what moves: for the screen before anything happens, and for the command line.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::catalogue::{Catalogue, SectionKind};
use crate::domain::field::{jobs, members};
use crate::domain::{Household, HouseholdFile, HouseholdId, Name, Slot, Value};
use crate::exchange::roster::Problems;

use super::compare::{FieldDetail, Parts};
use super::tally::{Mark, Tally};

/// What an import came to, or would come to.
#[derive(Debug, Default)]
pub struct ImportReport {
    /// The households.
    pub households: Tally,
    /// The people.
    pub people: Tally,
    /// What was not taken as it stands, and what should be looked at.
    pub problems: Problems,
    /// The columns that nobody knows, kept as they stand.
    pub unknown_columns: Vec<Name>,
    /// The known column that comes nearest to one of them, where any does.
    pub near_columns: BTreeMap<Name, Box<str>>,
    /// The tables that were read.
    pub tables: Vec<TableRead>,
    /// The files that were not taken in, and why.
    pub passed_over: Vec<(Box<str>, Box<str>)>,
    /// What moves, by household.
    pub details: Details,
    /// How many acts it took.
    pub acts: u64,
}

impl ImportReport {
    /// The tables of one file and kind that stand in several sheets, of which perhaps one was meant.
    pub fn several(&self) -> Vec<&TableRead> {
        let is_beside = |one: &TableRead, other: &TableRead| {
            one.file == other.file && one.kind == other.kind && one.sheet != other.sheet && other.rows > 0
        };
        let read = self.tables.iter().filter(|one| one.rows > 0);
        read.filter(|one| self.tables.iter().any(|other| is_beside(one, other))).collect()
    }
}

/// A table that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableRead {
    /// The file, as it was named.
    pub file: Box<str>,
    /// The sheet; none in a file without sheets.
    pub sheet: Option<Box<str>>,
    /// What kind of roster it is.
    pub kind: Box<str>,
    /// The last row of its header.
    pub header_row: u32,
    /// How many columns have a name.
    pub columns: usize,
    /// How many of them are known.
    pub known: usize,
    /// How many rows it has.
    pub rows: u64,
}

/// What moves, by household, as far as there is room.
#[derive(Debug)]
pub struct Details {
    /// The households that are new or that change, in the order of the files.
    pub households: Vec<HouseholdDetail>,
    /// The households that an earlier file of the same kind named and these do not.
    pub absent: Vec<HouseholdId>,
    /// How many more households there are than are listed.
    pub left_out: u64,
    most: usize,
}

/// What moves in one household.
#[derive(Clone, Debug, PartialEq)]
pub struct HouseholdDetail {
    /// Which household; one that is new has this id once the import is done.
    pub id: HouseholdId,
    /// The number by which it is called outside.
    pub number: String,
    /// The head's name, else the first member's.
    pub head: Box<str>,
    /// What becomes of it.
    pub mark: Mark,
    /// The fields in which the roster moved; none for a new household.
    pub fields: Vec<FieldDetail>,
    /// Members who are new or not listed any more; none for a new household.
    pub people: Vec<PersonNews>,
}

/// A member who is new, or whom the roster lists no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonNews {
    /// The name.
    pub name: Box<str>,
    /// Which of the two.
    pub mark: Mark,
}

impl Default for Details {
    fn default() -> Self {
        Self::up_to(5_000)
    }
}

impl Details {
    /// Lists no more than so many households.
    pub fn up_to(most: usize) -> Self {
        Self { households: Vec::new(), absent: Vec::new(), left_out: 0, most }
    }

    /// Lists a household whose file is opened.
    pub(super) fn opened(&mut self, id: HouseholdId, number: Option<&str>, parts: &Parts) {
        if self.is_full() {
            return;
        }
        let names = parts.taken.iter().filter(|rows| rows.section == members::SECTION);
        let is_name = |(field, _): &&(Name, Option<Value>)| *field == members::NAME;
        let first = names.flat_map(|rows| &rows.fields).find(is_name).and_then(|(_, value)| value.as_ref()?.as_text());
        self.households.push(HouseholdDetail {
            id,
            number: number.map_or_else(|| id.local_number(), str::to_owned),
            head: first.unwrap_or_default().into(),
            mark: Mark::New,
            fields: Vec::new(),
            people: Vec::new(),
        });
    }

    /// Lists a household that was compared, where anything moves.
    pub(super) fn compared(
        &mut self,
        catalogue: &Catalogue,
        file: &HouseholdFile,
        number: Option<&str>,
        mark: Mark,
        fields: Vec<FieldDetail>,
        people: Vec<PersonNews>,
    ) {
        // What a later file adds to a household that is new stands in no picture: there is nothing to compare with.
        if mark == Mark::New || (fields.is_empty() && people.is_empty()) || self.is_full() {
            return;
        }
        let name = |person| file.get(Slot { section: members::SECTION, row: person, field: members::NAME });
        let names: Vec<Option<Box<str>>> = fields
            .iter()
            .map(|detail| whose(catalogue, file, &fields, detail.slot).and_then(name)?.as_text().map(Into::into))
            .collect();
        let named = |(detail, person)| FieldDetail { person, ..detail };
        let fields = fields.into_iter().zip(names).map(named).collect();
        let household = Household::of(file);
        let head = household.head().or_else(|| household.members().next());
        self.households.push(HouseholdDetail {
            id: file.id,
            number: number.map_or_else(|| household.number(), str::to_owned),
            head: head.map_or("", |head| head.name()).into(),
            mark,
            fields,
            people,
        });
    }

    /// Lists a household that is not named any more.
    pub(super) fn gone(&mut self, id: HouseholdId) {
        if self.absent.len() < self.most { self.absent.push(id) } else { self.left_out += 1 }
    }

    fn is_full(&mut self) -> bool {
        let full = self.households.len() >= self.most;
        self.left_out += u64::from(full);
        full
    }
}

/// The person of whom a field speaks, by its row or by what its row says.
fn whose(catalogue: &Catalogue, file: &HouseholdFile, moved: &[FieldDetail], slot: Slot) -> Option<u32> {
    let section = catalogue.section(slot.section)?;
    if section.kind == SectionKind::Person {
        return Some(slot.row);
    }
    let person = Slot { field: jobs::PERSON, ..slot };
    let said = || moved.iter().find(|detail| detail.slot == person).and_then(|detail| detail.says.as_ref());
    let person = file.get(person).or_else(said).filter(|_| section.of_person)?;
    person.as_quantity()?.as_whole()?.try_into().ok()
}
