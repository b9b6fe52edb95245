//! Cells read as values, with a memory for those that repeat; what cannot be one is listed with its place.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::catalogue::{Catalogue, FieldKind, Reading, Refused};
use crate::domain::field::members;
use crate::domain::text::mask;
use crate::domain::{ByDigest, Name, Value};
use crate::exchange::table::serial;

use super::chunk::PackedRow;
use super::kinds::{Kind, SlotIx, Use};
use super::number::{self, SpoiledId, lost_digits, spoiled_id};
use super::problem::{Problem, Problems, Why};
use super::table::Table;
use crate::exchange::table::row::{CellKind, RawCell};

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

    /// Lists the columns of the tables of a kind that are not taken for the sake of their unit.
    pub(super) fn note_columns(&mut self, kind: usize) {
        for (at, table) in self.tables.iter().enumerate().filter(|(_, table)| table.kind == kind) {
            for (column, named) in (0..).zip(&table.columns) {
                if let Some((found, wanted)) = named.unlike.clone() {
                    let problem =
                        self.problem(at, table.header_row, column, &found.clone(), Why::Unit { found, wanted });
                    self.problems.note(problem);
                }
            }
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
        if let Some(why) = illegible(cell.kind) {
            self.note(row, cell.column, cell.text, why);
            return None;
        }
        if let Some(why) = spoiled(field.kind, cell) {
            self.note(row, cell.column, cell.text, why);
            return Some(Value::Unusable(cell.text.into()));
        }
        if field.kind == FieldKind::Date && cell.kind == CellKind::Number {
            if let Some(day) = serial::day_in(cell.text, self.tables[row.table].from_1904) {
                return self.let_in(row, cell, slot, Some(Value::Date(day.into())));
            }
            if is_half_a_month(cell.text) {
                self.note(row, cell.column, cell.text, Why::MonthAsNumber);
                return None;
            }
        }
        let text = match field.kind {
            FieldKind::Money | FieldKind::Quantity | FieldKind::Count => {
                shifted(cell.text, self.tables[row.table].shift(cell.column))
            }
            FieldKind::Phone => number::written_out(cell.text),
            _ => Cow::Borrowed(cell.text),
        };
        match self.reading(&text, slot) {
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

    /// The sheet of a table, where another one is in another sheet.
    pub(super) fn other_sheet(&self, here: usize, there: usize) -> Option<Arc<str>> {
        let (here, there) = (self.sheets.get(here)?, self.sheets.get(there)?);
        there.clone().filter(|_| here != there)
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

/// Whether a relation to the head, as somebody wrote it, is one that the list has.
pub(super) fn is_relation(catalogue: &Catalogue, relation: &str) -> bool {
    let field = catalogue.field(members::SECTION, members::RELATION);
    let code = field.and_then(|field| catalogue.list_of(field)?.read(relation));
    code.is_some_and(|code| code.id().is_some())
}

/// What is wrong with a cell in which nothing stands that anybody can read.
pub(super) fn illegible(kind: CellKind) -> Option<Why> {
    match kind {
        CellKind::Error => Some(Why::Formula),
        CellKind::Unreadable => Some(Why::Unreadable),
        CellKind::Unsolved => Some(Why::Unsolved),
        CellKind::TooLong => Some(Why::TooLong(crate::domain::limits::TEXT)),
        CellKind::Text | CellKind::Number | CellKind::Date => None,
    }
}

/// Whether a number of a year and a month has lost the end of October, or is January: 2022.1.
fn is_half_a_month(text: &str) -> bool {
    text.strip_suffix(".1").is_some_and(|year| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))
}

/// A number with its point moved; one that has words beside it says its own unit.
fn shifted(text: &str, places: i8) -> Cow<'_, str> {
    let bare: String = text.chars().filter(|c| !matches!(c, ',' | '，' | ' ')).collect();
    let (sign, digits) = bare.strip_prefix('-').map_or(("", bare.as_str()), |rest| ("-", rest));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if places == 0 || whole.is_empty() || !is_number(whole) || !is_number(decimals) {
        return Cow::Borrowed(text);
    }
    let by = usize::from(places.unsigned_abs());
    let moved = if places > 0 {
        let decimals = format!("{decimals:0<by$}");
        format!("{sign}{whole}{}.{}", &decimals[..by], &decimals[by..])
    } else {
        let whole = format!("{whole:0>width$}", width = by + 1);
        let at = whole.len() - by;
        format!("{sign}{}.{}{decimals}", &whole[..at], &whole[at..])
    };
    let moved = moved.trim_end_matches('0').trim_end_matches('.');
    let moved = moved.strip_prefix('-').unwrap_or(moved).trim_start_matches('0');
    let zero = if moved.is_empty() || moved.starts_with('.') { "0" } else { "" };
    Cow::Owned(format!("{}{zero}{moved}", if moved.is_empty() { "" } else { sign }))
}

fn spoiled(kind: FieldKind, cell: RawCell<'_>) -> Option<Why> {
    match kind {
        FieldKind::IdNumber => spoiled_id(cell).map(|spoiled| match spoiled {
            SpoiledId::Number => Why::IdAsNumber,
            SpoiledId::Digits => Why::LostDigits,
        }),
        // One that came out of a program may still have all its digits.
        FieldKind::Phone if matches!(number::written_out(cell.text), Cow::Owned(_)) => None,
        FieldKind::BankCard | FieldKind::Phone | FieldKind::Text => lost_digits(cell).then_some(Why::LostDigits),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_moves_to_come_to_another_unit() {
        for (text, places, moved) in [
            ("1.2", 4, "12000"),
            ("1.20005", 4, "12000.5"),
            ("1,200", 3, "1200000"),
            ("-0.5", 4, "-5000"),
            ("0", 4, "0"),
            ("1500", -3, "1.5"),
            ("20", -3, "0.02"),
            ("1.2万", 4, "1.2万"),
            ("1.2", 0, "1.2"),
            ("无", 4, "无"),
        ] {
            assert_eq!(shifted(text, places), moved, "{text}");
        }
    }

    #[test]
    fn only_the_first_month_may_be_the_tenth() {
        assert!(is_half_a_month("2022.1"));
        assert!(!is_half_a_month("2022.10") && !is_half_a_month("2022.2") && !is_half_a_month("22.1"));
    }
}
