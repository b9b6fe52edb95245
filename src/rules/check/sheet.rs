//! Files laid out in columns of numbers, so that a condition runs over sixty-four rows at a time.

use std::cell::Cell;
use std::ops::Range;

use chrono::Datelike;

use crate::checks::{Encoding, Layout, Rows, SectionLayout};
use crate::domain::field::jobs;
use crate::domain::{HouseholdFile, PartialDate, Row, Value};

use super::super::{Look, Looked};
use super::facts;

/// Nothing on file.
pub(super) const EMPTY: i64 = i64::MIN;
/// Something on file that nobody can reckon with: a label on no list, an unusable number.
pub(super) const OPAQUE: i64 = i64::MIN + 1;
/// Below every number that is kept as it is: what lies under it is [`EMPTY`], [`OPAQUE`] or a [`spread`].
pub(super) const LEAST: i64 = i64::MIN / 2;
/// Among several codes, one that is on no list: whatever is not there may be meant by it.
pub(super) const OTHERS: i64 = 1 << 62;
/// Whose row it is when nobody says.
pub(super) const NOBODY: u32 = u32::MAX;

/// The rows of one kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// By column, then by row.
    pub(super) columns: Vec<Vec<i64>>,
    /// The household of each row, by its place in the sheet.
    pub(super) household: Vec<u32>,
    /// The person of each row, by her place in the sheet.
    pub(super) person: Vec<u32>,
    /// The row's number within its section; a person's id.
    pub(super) number: Vec<u32>,
    /// The rows of each household.
    pub(super) of_household: Vec<Range<u32>>,
    /// The rows of each person.
    pub(super) of_person: Vec<Range<u32>>,
}

/// Some files in columns.
#[derive(Clone, Debug)]
pub struct Sheet {
    tables: [Table; Rows::ALL.len()],
}

impl Sheet {
    /// An empty sheet of a layout.
    pub fn new(layout: &Layout) -> Self {
        let table = |width: usize| Table { columns: vec![Vec::new(); width], ..Table::default() };
        Self { tables: layout.widths.map(table) }
    }

    /// The files of a day laid out.
    pub fn of<'f>(look: Look<'_>, files: impl Iterator<Item = &'f HouseholdFile>) -> Self {
        let mut sheet = Self::new(&look.checks.layout);
        for file in files {
            sheet.push(look.at(file));
        }
        sheet
    }

    /// Forgets the rows, and keeps the room that they took.
    fn clear(&mut self) {
        for table in &mut self.tables {
            table.columns.iter_mut().for_each(Vec::clear);
            table.household.clear();
            table.person.clear();
            table.number.clear();
            table.of_household.clear();
            table.of_person.clear();
        }
    }

    fn fits(&self, layout: &Layout) -> bool {
        self.tables.iter().zip(layout.widths).all(|(table, width)| table.columns.len() == width)
    }

    pub(super) fn table(&self, rows: Rows) -> &Table {
        &self.tables[rows as usize]
    }

    /// How many households there are.
    pub fn households(&self) -> usize {
        self.table(Rows::Household).number.len()
    }

    /// How many people there are.
    pub fn people(&self) -> usize {
        self.table(Rows::Person).number.len()
    }

    /// Adds a file; only members of today are people.
    pub fn push(&mut self, looked: Looked<'_>) {
        let layout = &looked.look.checks.layout;
        let file = looked.household.file;
        let household = self.households() as u32;
        let people_from = self.people() as u32;
        self.open_row(Rows::Household, household, NOBODY, 0);
        for member in looked.household.members() {
            let place = self.people() as u32;
            self.open_row(Rows::Person, household, place, member.id.0);
        }
        let people = people_from..self.people() as u32;
        for rows in [Rows::Job, Rows::Measure, Rows::Loan, Rows::Document] {
            self.push_counted(rows, file, household, people.clone());
        }
        for rows in Rows::ALL {
            let table = &mut self.tables[rows as usize];
            let from = table.of_household.last().map_or(0, |range| range.end);
            table.of_household.push(from..table.number.len() as u32);
        }
        for (id, section) in &file.sections {
            if let Some(plan) = layout.section(*id) {
                let table = &mut self.tables[plan.rows as usize];
                let range = table.of_household[household as usize].clone();
                for place in range {
                    if let Some(row) = section.rows.get(&table.number[place as usize]) {
                        fill(table, place as usize, plan, row);
                    }
                }
            }
        }
        facts::fill(&mut self.tables, looked, household as usize);
    }

    fn open_row(&mut self, rows: Rows, household: u32, person: u32, number: u32) {
        let table = &mut self.tables[rows as usize];
        table.columns.iter_mut().for_each(|column| column.push(EMPTY));
        table.household.push(household);
        table.person.push(person);
        table.number.push(number);
        if rows == Rows::Person {
            for inner in [Rows::Job, Rows::Loan] {
                self.tables[inner as usize].of_person.push(0..0);
            }
        }
    }

    /// The counted rows of a household, each person's together.
    fn push_counted(&mut self, rows: Rows, file: &HouseholdFile, household: u32, people: Range<u32>) {
        let Some(section) = rows.section() else { return };
        let place_of = |id: u32| {
            let numbers = &self.tables[Rows::Person as usize].number;
            people.clone().find(|place| numbers[*place as usize] == id)
        };
        let mut found: Vec<(u32, u32)> = file
            .rows(section)
            .filter_map(|(number, row)| {
                let whose = rows.of_person().then(|| row.get(jobs::PERSON)).flatten();
                let id = whose.and_then(Value::as_quantity).and_then(|id| u32::try_from(id.as_whole()?).ok());
                // A row of somebody who has left is no longer looked at.
                match id {
                    Some(id) => place_of(id).map(|place| (place, number)),
                    None => Some((NOBODY, number)),
                }
            })
            .collect();
        found.sort_unstable();
        for (person, number) in found {
            let place = self.tables[rows as usize].number.len() as u32;
            self.open_row(rows, household, person, number);
            if rows.of_person() && person != NOBODY {
                let range = &mut self.tables[rows as usize].of_person[person as usize];
                *range = if range.start == range.end { place..place + 1 } else { range.start..place + 1 };
            }
        }
    }
}

thread_local! {
    /// The sheet of the file that was looked at last: hundreds of columns need not be made anew for each key.
    static LAST: Cell<Option<Sheet>> = const { Cell::new(None) };
}

/// Does something with one file laid out.
pub(super) fn of_one<T>(look: Look<'_>, file: &HouseholdFile, work: impl FnOnce(&Sheet) -> T) -> T {
    let layout = &look.checks.layout;
    let mut sheet = LAST.take().filter(|sheet| sheet.fits(layout)).unwrap_or_else(|| Sheet::new(layout));
    sheet.clear();
    sheet.push(look.at(file));
    let done = work(&sheet);
    LAST.set(Some(sheet));
    done
}

/// Puts the cells of one row into its columns; both are in the order of the fields.
fn fill(table: &mut Table, place: usize, plan: &SectionLayout, row: &Row) {
    let mut wanted = plan.fields.iter().peekable();
    for (field, value) in row.values() {
        while wanted.peek().is_some_and(|(name, ..)| *name < field) {
            wanted.next();
        }
        while let Some((_, column, encoding)) = wanted.next_if(|(name, ..)| *name == field) {
            table.columns[*column][place] = encode(value, encoding);
        }
    }
}

fn encode(value: &Value, encoding: &Encoding) -> i64 {
    match (encoding, value) {
        (Encoding::Contains(words), Value::Text(text)) => i64::from(text.contains(&**words)),
        (Encoding::Code(list), Value::Code(code)) => {
            let place = code.id().and_then(|id| list.iter().position(|entry| *entry == id));
            place.map_or(OPAQUE, |place| place as i64)
        }
        (Encoding::Code(list), Value::Codes(codes)) => codes.iter().fold(0, |mask, code| {
            let place = code.id().and_then(|id| list.iter().position(|entry| *entry == id));
            mask | place.filter(|place| *place < 62).map_or(OTHERS, |place| 1 << place)
        }),
        (_, Value::YesNo(yes)) => i64::from(*yes),
        (_, Value::Fen(money)) => money.0,
        (_, Value::Quantity(quantity)) => quantity.0,
        (_, Value::Date(date)) => pack(*date),
        _ => OPAQUE,
    }
}

const SPREAD: i64 = i64::MIN | 1 << 61;
const HALF: u32 = 28;
const MIDDLE: i64 = 1 << (HALF - 1);

/// A number of which only the least and the most that it can be are known; what does not fit is as good as unknown.
pub(super) fn spread(least: i64, most: i64) -> i64 {
    let fits = |number: i64| (-MIDDLE..MIDDLE).contains(&number);
    if !fits(least) || !fits(most) {
        return OPAQUE;
    }
    SPREAD | (least + MIDDLE) << HALF | (most + MIDDLE)
}

/// The least and the most that the number of a cell can be; none where nobody can reckon with it.
pub(super) fn range(cell: i64) -> Option<(i64, i64)> {
    let half = |number: i64| (number & ((1 << HALF) - 1)) - MIDDLE;
    match cell {
        LEAST.. => Some((cell, cell)),
        EMPTY | OPAQUE => None,
        _ => Some((half(cell >> HALF), half(cell))),
    }
}

/// A date as its first and its last possible day.
pub(super) fn pack(date: PartialDate) -> i64 {
    let day = |day: chrono::NaiveDate| i64::from(day.num_days_from_ce());
    day(date.earliest()) << 32 | day(date.latest())
}

/// The first and the last possible day of a packed date.
pub(super) fn unpack(packed: i64) -> (i64, i64) {
    (packed >> 32, packed & 0xffff_ffff)
}
