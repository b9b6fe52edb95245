//! Cells read as values, with a memory for those that repeat; what cannot be one is listed with its place.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{Days, NaiveDate};

use crate::catalogue::{Catalogue, FieldKind, Reading, Refused};
use crate::domain::field::members;
use crate::domain::text::mask;
use crate::domain::{ByDigest, Name, PartialDate, Value};

use super::chunk::PackedRow;
use super::kinds::{Kind, SlotIx, Use};
use super::number::{SpoiledId, lost_digits, spoiled_id};
use super::problem::{Problem, Problems, Why};
use super::row::{CellKind, RawCell};
use super::table::Table;

/// Reads the cells of one file's tables of one kind.
pub struct Values<'a> {
    pub(super) kind: &'a Kind,
    pub(super) tables: &'a [Table],
    /// What was found wrong so far.
    pub problems: Problems,
    catalogue: &'a Catalogue,
    file: Arc<str>,
    sheets: Vec<Option<Arc<str>>>,
    /// The local day, where it is known: nothing has happened after it.
    pub today: Option<NaiveDate>,
    /// By slot, texts that were read before.
    read_before: Vec<HashMap<Box<str>, Reading, ByDigest>>,
}

/// How many texts of a field are remembered; most fields have a handful.
const REMEMBERED: usize = 4096;

/// From so many digits on a number is taken for one that says who somebody is, whatever column it got into.
const PERSONAL: usize = 11;

impl<'a> Values<'a> {
    pub(super) fn new(file: &Arc<str>, tables: &'a [Table], kind: &'a Kind, catalogue: &'a Catalogue) -> Self {
        Self {
            kind,
            tables,
            problems: Problems::default(),
            catalogue,
            file: Arc::clone(file),
            sheets: tables.iter().map(|table| table.sheet.as_deref().map(Into::into)).collect(),
            today: None,
            read_before: vec![HashMap::default(); kind.slots.len()],
        }
    }

    /// Why a person could not enter a value in a field, so that no roster can either: a date ahead where something has
    /// happened. What the rest of the row would have to tell is left to the checks.
    fn refused(&self, slot: SlotIx, value: Option<&Value>) -> Option<Refused> {
        let limits = &self.kind.slots[usize::from(slot)].field.limits;
        let (date, today) = (value?.as_date()?, self.today?);
        let is_ahead = limits.happened && limits.unless.is_none() && date.earliest() > today;
        is_ahead.then_some(Refused::Ahead { date, today })
    }

    /// The value in a cell, with what is wrong noted; none is a cell that cannot be used.
    pub(super) fn read(&mut self, row: &PackedRow<'_>, cell: RawCell<'_>, slot: SlotIx) -> Option<Value> {
        let field = &self.kind.slots[usize::from(slot)].field;
        if cell.kind == CellKind::Error {
            self.note(row, cell.column, cell.text, Why::Formula);
            return None;
        }
        if cell.kind == CellKind::Unreadable {
            self.note(row, cell.column, cell.text, Why::Unreadable);
            return None;
        }
        if let Some(why) = spoiled(field.kind, cell) {
            self.note(row, cell.column, cell.text, why);
            return Some(Value::Unusable(cell.text.into()));
        }
        if field.kind == FieldKind::Date
            && cell.kind == CellKind::Number
            && let Some(day) = day_of_serial(cell.text)
        {
            return self.let_in(row, cell, slot, Some(Value::Date(day)));
        }
        match self.reading(cell.text, slot) {
            Ok(Reading { value, doubt }) => {
                if let Some(doubt) = doubt {
                    self.note(row, cell.column, cell.text, Why::Doubtful(doubt));
                }
                self.let_in(row, cell, slot, value)
            }
            Err(refused) => {
                self.note(row, cell.column, cell.text, Why::Refused(refused));
                None
            }
        }
    }

    fn let_in(&mut self, row: &PackedRow<'_>, cell: RawCell<'_>, slot: SlotIx, value: Option<Value>) -> Option<Value> {
        let Some(refused) = self.refused(slot, value.as_ref()) else { return value };
        self.note(row, cell.column, cell.text, Why::Refused(refused));
        None
    }

    fn reading(&mut self, text: &str, slot: SlotIx) -> Result<Reading, Refused> {
        let field = &self.kind.slots[usize::from(slot)].field;
        let differs =
            matches!(field.kind, FieldKind::Text | FieldKind::Phone | FieldKind::BankCard | FieldKind::IdNumber);
        if differs {
            return self.catalogue.read(field, text);
        }
        let before = &mut self.read_before[usize::from(slot)];
        if let Some(reading) = before.get(text) {
            return Ok(reading.clone());
        }
        let reading = self.catalogue.read(field, text)?;
        if before.len() < REMEMBERED {
            before.insert(text.into(), reading.clone());
        }
        Ok(reading)
    }

    /// Whether a relation to the head means the head.
    pub(super) fn is_head(&self, relation: &str) -> bool {
        is_head(self.catalogue, relation)
    }

    /// Lists what is wrong with a cell of a row.
    pub(super) fn note(&mut self, row: &PackedRow<'_>, column: u16, value: &str, why: Why) {
        let problem = self.problem(row.table, row.number, column, value, why);
        self.problems.note(problem);
    }

    /// What is wrong at a place in one of the tables.
    pub fn problem(&self, table: usize, row: u32, column: u16, value: &str, why: Why) -> Problem {
        let private = match self.tables[table].used(column) {
            Some(Use::Field(slot) | Use::OfHead { head: slot, .. }) => {
                self.kind.slots[usize::from(slot)].field.kind.is_private()
            }
            _ => false,
        };
        let private = private || value.bytes().filter(u8::is_ascii_digit).count() >= PERSONAL;
        Problem {
            file: Arc::clone(&self.file),
            sheet: self.sheets[table].clone(),
            row,
            column: self.tables[table].column_name(column),
            value: if private { mask(value) } else { value.to_owned() }.into(),
            why,
        }
    }
}

/// Whether a relation to the head, as somebody wrote it, means the head.
pub(super) fn is_head(catalogue: &Catalogue, relation: &str) -> bool {
    let field = catalogue.field(members::SECTION, members::RELATION);
    let code = field.and_then(|field| catalogue.list_of(field)?.read(relation));
    code.is_some_and(|code| code.is(Name::fixed("head")))
}

fn spoiled(kind: FieldKind, cell: RawCell<'_>) -> Option<Why> {
    match kind {
        FieldKind::IdNumber => spoiled_id(cell).map(|spoiled| match spoiled {
            SpoiledId::Number => Why::IdAsNumber,
            SpoiledId::Digits => Why::LostDigits,
        }),
        FieldKind::BankCard | FieldKind::Phone | FieldKind::Text => lost_digits(cell).then_some(Why::LostDigits),
        _ => None,
    }
}

/// The day that a spreadsheet's bare number of days means; other numbers in a column of dates have another length.
fn day_of_serial(text: &str) -> Option<PartialDate> {
    let days: u64 = text.parse().ok().filter(|_| text.len() == 5)?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days)).map(PartialDate::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_number_of_days_is_a_day() {
        assert_eq!(day_of_serial("44842").unwrap().to_string(), "2022-10-08");
        assert_eq!(day_of_serial("202210"), None);
        assert_eq!(day_of_serial("2022"), None);
    }
}
