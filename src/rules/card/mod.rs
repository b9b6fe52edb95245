//! The status card (明白卡) as labelled lines and tables, for paper and for the screen alike.
//!
//! What is unknown has no text and is never read as no; what a card should say and the file does not is marked, and
//! so is what nobody has confirmed for too long.

mod content;
mod guarantees;
mod layout;
mod people;
mod standing;

use std::borrow::Cow;

use chrono::Datelike;

use crate::catalogue::{Field, FieldKind, SectionKind};
use crate::domain::field::{address, card, measures, members};
use crate::domain::text::mask;
use crate::domain::{FilledForm, Household, HouseholdFile, Member, Name, PartialDate, Slot, Value};

pub use content::{Card, Cell, Line, Mark, Part, Table, Wall};
pub use layout::CardLayout;

use super::{Look, Looked, facts, stale};
use layout::{Entry, PartLayout, RequiredOf, Shows, Tells};

/// What a card is made from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The household's file, and the day, which decides the card's year and all ages.
    pub looked: Looked<'a>,
    /// The village's name.
    pub village: &'a str,
    /// The newest verification form, which alone knows of food and clothing.
    pub verification: Option<&'a FilledForm>,
    /// What stands on a card.
    pub layout: &'a CardLayout,
}

/// What stands on the card of a household.
pub fn card_content(source: Source<'_>) -> Card {
    let looked = source.looked;
    let household = looked.household;
    let text = |section, field| household.file.of_household(section, field).and_then(Value::as_text);
    let place: Vec<&str> =
        [household.group(), text(address::SECTION, address::HOUSE_NUMBER)].into_iter().flatten().collect();
    let head = household.head().map(|head| head.name().to_owned()).filter(|name| !name.is_empty());
    let writer = Writer {
        file: household.file,
        household,
        look: looked.look,
        verification: source.verification,
        layout: source.layout,
        stale: stale::of(looked, &facts::of(looked)).into_iter().map(|stale| stale.section).collect(),
    };
    Card {
        number: household.number(),
        title: format!("{}年度{}明白卡", looked.look.day.year(), standing::word(household)),
        village: source.village.to_owned(),
        place: place.join(" "),
        head: Cell { mark: head.is_none().then_some(Mark::Missing), text: head },
        parts: source.layout.parts.iter().filter_map(|part| writer.part(part)).collect(),
        policy: looked.look.policy.label_for(&household.file.id.village.to_string(), looked.look.day),
        day: looked.look.day,
        wall: writer.wall(),
    }
}

/// All that the parts of a card are read from.
struct Writer<'a> {
    file: &'a HouseholdFile,
    household: Household<'a>,
    look: Look<'a>,
    verification: Option<&'a FilledForm>,
    layout: &'a CardLayout,
    stale: Vec<Name>,
}

/// Whose row an entry speaks of.
#[derive(Clone, Copy)]
struct Row<'a> {
    number: u32,
    member: Option<Member<'a>>,
}

impl<'a> Writer<'a> {
    fn part(&self, layout: &PartLayout) -> Option<Part> {
        if let Some((section, field)) = layout.only_with {
            self.file.of_household(section, field)?;
        }
        let lines = layout.lines.iter().filter_map(|entry| {
            let cell = self.cell(entry, None);
            (cell.text.is_some() || !entry.where_known).then(|| Line {
                label: entry.label.clone(),
                cell,
                wide: entry.wide,
            })
        });
        let lines = lines.collect();
        Some(Part { label: layout.label.clone(), table: layout.rows_of.map(|of| self.table(layout, of)), lines })
    }

    fn table(&self, layout: &PartLayout, section: Name) -> Table {
        let rows: Vec<Vec<Cell>> = self
            .rows(section)
            .into_iter()
            .map(|row| layout.columns.iter().map(|entry| self.cell(entry, Some(row))).collect())
            .collect();
        let missing = (rows.is_empty() && layout.required).then_some(Mark::Missing);
        let columns = layout.columns.iter().map(|entry| entry.label.clone()).collect();
        Table { columns, rows, mark: missing.or_else(|| self.stale_mark(&[section])) }
    }

    /// The rows of a section that a card of this year shows, the head first among people.
    fn rows(&self, section: Name) -> Vec<Row<'a>> {
        let household = self.household;
        let is_person = self.look.catalogue.section(section).is_some_and(|known| known.kind == SectionKind::Person);
        if is_person {
            let mut rows: Vec<Row<'a>> =
                household.members().map(|member| Row { number: member.id.0, member: Some(member) }).collect();
            rows.sort_by_key(|row| !row.member.is_some_and(Member::is_head));
            return rows;
        }
        let over = |number| {
            let slot = Slot { section, row: number, field: measures::TO };
            let to = self.file.get(slot).and_then(Value::as_date);
            to.is_some_and(|to| to.latest().year() < self.look.day.year())
        };
        let rows = self.file.rows(section).map(|(number, _)| number).filter(|number| !over(*number));
        rows.map(|number| Row { number, member: None }).collect()
    }

    fn cell(&self, entry: &Entry, row: Option<Row<'a>>) -> Cell {
        let (mut cell, sections) = match entry.shows {
            Shows::Field(section, field) => {
                let slot = Slot { section, row: row.map_or(0, |row| row.number), field };
                (Cell { text: self.show(slot), mark: None }, vec![section])
            }
            Shows::Tells(tells) => (self.tell(tells, row), sections_of(tells).to_vec()),
        };
        if cell.text.is_none() && entry.required.is_some_and(|required| self.is_required(required, row)) {
            cell.mark = Some(Mark::Missing);
        }
        // The marks of a table's rows would only repeat the table's own.
        if cell.mark.is_none() && row.is_none() && cell.text.is_some() {
            cell.mark = self.stale_mark(&sections);
        }
        cell
    }

    fn stale_mark(&self, sections: &[Name]) -> Option<Mark> {
        sections.iter().any(|section| self.stale.contains(section)).then_some(Mark::Stale)
    }

    fn is_required(&self, required: RequiredOf, row: Option<Row<'a>>) -> bool {
        let Some(member) = row.and_then(|row| row.member) else { return required == RequiredOf::All };
        let ages = &self.look.policy.people;
        let is_aged = |is_of_kind: &dyn Fn(i32) -> bool| member.is_aged(self.look.day, is_of_kind).unwrap_or(true);
        match required {
            RequiredOf::All => true,
            RequiredOf::Adults => is_aged(&|age| age >= ages.working_from),
            RequiredOf::Active => is_aged(&|age| (ages.compulsory_from..=ages.working_to).contains(&age)),
        }
    }

    /// A field as it is shown, with its unit; what the policy masks is starred out.
    fn show(&self, slot: Slot) -> Option<String> {
        let field = self.look.catalogue.in_slot(slot)?;
        let (value, computed) = match slot.row {
            0 => self.household.shown(slot.section, slot.field)?,
            _ => (Cow::Borrowed(self.file.get(slot)?), false),
        };
        let text = self.look.catalogue.show(field, &value);
        if self.is_masked(slot, field) {
            return Some(mask(&text));
        }
        let unit = if field.kind == FieldKind::Money { "元" } else { field.unit.as_deref().unwrap_or_default() };
        Some(format!("{text}{unit}{}", if computed { "（算）" } else { "" }))
    }

    fn is_masked(&self, slot: Slot, field: &Field) -> bool {
        let kind = match field.kind {
            FieldKind::IdNumber => "id_number",
            FieldKind::Phone => "phone",
            FieldKind::BankCard => "bank_card",
            _ => return false,
        };
        let path = format!("{}.{}", slot.section, slot.field);
        let rules = &self.look.policy.card;
        rules.mask.iter().any(|masked| *masked == kind) && !rules.in_full.iter().any(|shown| *shown == *path)
    }

    fn tell(&self, tells: Tells, row: Option<Row<'a>>) -> Cell {
        let member = row.and_then(|row| row.member);
        match tells {
            Tells::Standing => self.standing(),
            Tells::AgainstLine => self.against_line(),
            Tells::Risks => self.risks(),
            Tells::Elimination => self.elimination(),
            Tells::People => self.people(),
            Tells::Support => self.support(),
            Tells::FoodClothing => self.food_clothing(),
            Tells::Compulsory => self.compulsory(),
            Tells::Medical => self.medical(),
            Tells::Housing => self.housing(),
            Tells::Water => self.water(),
            Tells::Age => member.map_or_else(Cell::default, |member| self.age(member)),
            Tells::Occupation => member.map_or_else(Cell::default, |member| self.occupation(member)),
            Tells::MeasureDates => row.map_or_else(Cell::default, |row| self.measure_dates(row.number)),
        }
    }

    fn wall(&self) -> Wall {
        let date = |field| self.file.of_household(card::SECTION, field).and_then(Value::as_date);
        let year = date(card::YEAR).map(PartialDate::known_year);
        let posted_on = date(card::POSTED_ON);
        let shown = self.layout.parts.iter().flat_map(|part| part.columns.iter().chain(&part.lines));
        let changed = shown
            .flat_map(|entry| match entry.shows {
                Shows::Field(section, _) => vec![section],
                Shows::Tells(tells) => sections_of(tells).to_vec(),
            })
            .filter_map(|section| self.file.sections.get(&section)?.changed_on)
            .max();
        let of_another_year = year.map(|year| year != self.look.day.year());
        let older = posted_on.map(|posted| changed.is_some_and(|changed| changed > posted.latest()));
        let outdated = match (of_another_year, older) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (None, None) => None,
            _ => Some(false),
        };
        Wall { year, posted_on, outdated }
    }
}

/// The sections out of which something is told.
fn sections_of(tells: Tells) -> &'static [Name] {
    use crate::domain::field::{case, class, housing, income, jobs, medical, schooling, support, water, work};
    match tells {
        Tells::Standing => &[class::SECTION, case::SECTION],
        Tells::People | Tells::Age => &[members::SECTION],
        Tells::AgainstLine => &[income::SECTION],
        Tells::FoodClothing => &[],
        Tells::Compulsory => &[schooling::SECTION],
        Tells::Medical => &[medical::SECTION],
        Tells::Housing => &[housing::SECTION],
        Tells::Water => &[water::SECTION],
        Tells::Support => &[support::SECTION],
        Tells::Risks | Tells::Elimination => &[case::SECTION],
        Tells::Occupation => &[jobs::SECTION, work::SECTION, schooling::SECTION],
        Tells::MeasureDates => &[measures::SECTION],
    }
}
