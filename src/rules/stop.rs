//! One household of the round: who lives there, what is open, and what is asked this time.

use chrono::NaiveDate;

use crate::catalogue::print::age_in_words;
use crate::domain::field::{address, tasks};
use crate::domain::text::mask;
use crate::domain::{Cell, FilledForm, HouseholdFile, Member, Name, Value};
use crate::forms::Form;

use super::{Looked, answer, brief, facts};

/// A household to visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// 户编号, or the village's own number.
    pub number: String,
    /// The head's name; of a household without one head, the first member's.
    pub head: String,
    /// Group and house number, as far as they are known.
    pub place: String,
    /// Class and target class, as far as they are known.
    pub class: String,
    /// The household's phone, starred out.
    pub phone: String,
    /// The members with their relation and age.
    pub people: Vec<String>,
    /// Problems that nobody has settled, and changes that are not in the file.
    pub open: Vec<String>,
    /// The day of the visit whose answers stand beside the questions.
    pub last: Option<NaiveDate>,
    /// What is asked.
    pub asks: Vec<Ask>,
}

/// An item of the visit as it is asked of one household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Its id.
    pub item: Name,
    /// Its name.
    pub label: Box<str>,
    /// What is looked at.
    pub ask: Box<str>,
    /// What the file says.
    pub on_file: String,
    /// What was found last time.
    pub last: Option<String>,
    /// Whether the household itself is asked to agree.
    pub agree: bool,
}

impl Stop {
    /// Reads a household for the visit, with the answers of the last one where there was one.
    pub fn of(looked: Looked<'_>, visit: &Form, last: Option<&FilledForm>) -> Self {
        let household = looked.household;
        let file = household.file;
        let text = |field| file.of_household(address::SECTION, field).and_then(Value::as_text);
        let place: Vec<&str> = [household.group(), text(address::HOUSE_NUMBER)].into_iter().flatten().collect();
        let head = household.head().or_else(|| household.members().next());
        let facts = facts::of(looked);
        let asks = visit.items.iter().filter(|item| facts.any(&item.asked_of)).map(|item| Ask {
            item: item.id,
            label: item.label.clone(),
            ask: item.ask.clone(),
            on_file: brief::of(looked, item),
            last: last.and_then(|form| form.items.get(&item.id)).map(|answer| answer::in_words(looked.look, answer)),
            agree: item.agree,
        });
        let mut people: Vec<Member<'_>> = household.members().collect();
        people.sort_by_key(|member| !member.is_head());
        Self {
            number: household.number(),
            head: head.map_or_else(String::new, |head| head.name().to_owned()),
            place: place.join(" "),
            class: class(looked),
            phone: text(address::PHONE).map(mask).unwrap_or_default(),
            people: people.into_iter().map(|member| person(looked, member)).collect(),
            open: open(looked, visit),
            last: last.and_then(|form| form.day("date")),
            asks: asks.collect(),
        }
    }
}

fn class(looked: Looked<'_>) -> String {
    use crate::domain::field::{case, class};
    let said = |section, field| {
        let value = looked.household.file.of_household(section, field)?;
        Some(looked.look.catalogue.show(looked.look.catalogue.field(section, field)?, value))
    };
    let words: Vec<String> =
        [said(class::SECTION, class::CLASS), said(case::SECTION, case::TARGET)].into_iter().flatten().collect();
    words.join("，")
}

fn person(looked: Looked<'_>, member: Member<'_>) -> String {
    use crate::domain::field::members;
    let field = looked.look.catalogue.field(members::SECTION, members::RELATION);
    let relation =
        field.zip(member.relation()).map(|(field, code)| looked.look.catalogue.label(field, code).to_owned());
    let age = member.ages_on(looked.look.day).and_then(age_in_words);
    let words: Vec<String> = [relation, age].into_iter().flatten().collect();
    if words.is_empty() { member.name().to_owned() } else { format!("{}（{}）", member.name(), words.join("，")) }
}

fn open(looked: Looked<'_>, visit: &Form) -> Vec<String> {
    let file = looked.household.file;
    let task = |row: u32| {
        let said = |field| text_of(file, row, field);
        if said(tasks::DONE_ON).is_some() {
            return None;
        }
        let owner = said(tasks::OWNER).map(|owner| format!("，由{owner}"));
        let due = said(tasks::DUE).map(|due| format!("，{due}前"));
        Some(format!("问题：{}{}{}", said(tasks::WHAT)?, owner.unwrap_or_default(), due.unwrap_or_default()))
    };
    let left_open = file.open_items.iter().map(|item| {
        let label = visit.item(item.item).map_or("", |item| &item.label);
        format!("{label}有变化，还没入档：{}", item.what)
    });
    file.rows(tasks::SECTION).filter_map(|(row, _)| task(row)).chain(left_open).collect()
}

fn text_of(file: &HouseholdFile, row: u32, field: Name) -> Option<String> {
    let cell: &Cell = file.row(tasks::SECTION, row)?.cell(field)?;
    match cell.value.as_ref()? {
        Value::Text(text) => Some(text.to_string()),
        Value::Date(date) => Some(date.to_string()),
        _ => None,
    }
}
