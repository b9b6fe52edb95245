//! The shape of a form's definition.

use serde::Deserialize;

use crate::catalogue;
use crate::domain::{Answer, FilledForm, Name, PartialDate, Slot, Value};

use super::sums::Sum;

/// One form.
#[derive(Clone, Debug)]
pub struct Form {
    /// Its name, by which `record` and acts know it.
    pub name: Name,
    /// The version of its questions.
    pub version: u32,
    /// Its name on the screen.
    pub label: Box<str>,
    /// What sort of form it is.
    pub kind: FormKind,
    /// Its place among the life events.
    pub order: u32,
    /// The plain fields.
    pub fields: Vec<Field>,
    /// The items of a visit.
    pub items: Vec<Item>,
    /// The key groups it may ask about.
    pub groups: Vec<Group>,
    /// For a life event: what becomes of the person it names.
    pub person: Option<PersonRole>,
    /// For a life event: whether a new head is chosen where the person was the head, or always, where no person is named.
    pub head: bool,
    /// For a life event: whether an open job of the person ends on the day.
    pub ends_job: bool,
    /// For a life event: what it does beyond setting fields.
    pub effect: Option<Effect>,
    /// For a life event: the fields that it sets.
    pub sets: Vec<Set>,
    /// For a life event: the reasons for which somebody left who comes back by it.
    pub returns_from: Vec<Name>,
    /// For a life event: the fields of a person whose correction is this event, rather than an edit.
    pub corrects: Vec<(Name, Name)>,
}

/// What sort of form it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormKind {
    /// The monthly visit.
    Visit,
    /// 筛查表
    Screening,
    /// 排查表
    Verification,
    /// A correction of the file.
    Edit,
    /// Something that happened in the family.
    Event,
    /// What takes back an earlier form of the household.
    Withdraw,
}

/// What becomes of the person that a life event names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonRole {
    /// She joins the household, and answers that name a member's field are hers.
    New,
    /// She is a member and stays one.
    Existing,
    /// She leaves the household.
    Leaves,
    /// She left, and comes back.
    Returns,
    /// She moves to another household of the village.
    Moves,
}

/// What a life event does beyond setting fields; each is a function of `workspace/life.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The person moves to another file.
    Move,
    /// Some members found a household of their own.
    Split,
    /// Another household's members join this one.
    Merge,
    /// The file is closed.
    Close,
    /// A closed file is opened again.
    Reopen,
    /// Somebody who left is a member again, of this household or of another.
    Return,
}

/// A plain field of a form.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its id.
    pub id: Name,
    /// Its name on the screen.
    pub label: Box<str>,
    /// What it takes.
    pub kind: FieldKind,
    /// Whether the form is refused without it.
    pub required: bool,
    /// What it holds before anybody answers.
    pub default: Option<Default>,
    /// The field of the file that an answer goes to.
    pub slot: Option<(Name, Name)>,
    /// The field of the file that is shown as the answer to begin with.
    pub from_file: Option<(Name, Name)>,
    /// What it is the sum of, where it is a total.
    pub sum: Option<Sum>,
    /// What its answers may mean in the file.
    pub offers: Vec<Offered>,
    /// What is likely its answer, the first that can be told; a person confirms it.
    pub suggests: Vec<Suggest>,
    /// Whether it is asked only of somebody of whom the file does not know it.
    pub if_unknown: bool,
    /// Whether it is asked only where the household's file holds something of it.
    pub if_held: bool,
    /// The answer of the form with which alone it is asked; always where none is named.
    pub only_with: Option<(Name, Value)>,
    /// The sections of the household that go along where it is answered 是.
    pub carries: Vec<Name>,
    /// Whether the clock of the change starts on this date.
    pub clock: bool,
    /// A word of help.
    pub hint: Option<Box<str>>,
    /// The source that asks for it.
    pub source: Option<Box<str>>,
    /// What `hudang form` shows as a sample.
    pub sample: Option<serde_json::Value>,
}

/// A code that a field may be answered with, and the value that it offers to the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Offered {
    /// The code.
    pub answer: Name,
    /// Where the value would go.
    pub slot: (Name, Name),
    /// The value.
    pub value: Value,
}

/// Where a likely answer is found.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggest {
    /// What says it.
    pub from: SuggestFrom,
    /// The one value that is worth suggesting, where not any is.
    pub is: Option<Value>,
    /// The figure of the policy below which the person's age has to be, whatever is open about it.
    pub under: Option<Name>,
}

/// What says a likely answer.
#[derive(Clone, Debug, PartialEq)]
pub enum SuggestFrom {
    /// Nothing: it is this value.
    Value(Value),
    /// The parents of somebody new, where they are of one word; of whom none is told, the head.
    Parents(Name, Name),
    /// The household, as its file has it.
    Household(Name, Name),
    /// Whoever becomes the head.
    NewHead(Name, Name),
    /// Another answer of the form.
    Answer(Name),
}

/// What a plain field takes.
#[derive(Clone, Debug)]
pub enum FieldKind {
    /// A value like a field of the file.
    Value(Box<catalogue::Field>),
    /// A day, known to the day.
    Day,
    /// A time of day, `14:05`.
    Time,
    /// Names of people, as text.
    Names,
    /// A member of the household.
    Person,
    /// Several members.
    People,
    /// New relations to the head, by member.
    Relations,
    /// What becomes of the household's rows, by section and row.
    Heirs,
    /// Another household of the village.
    Household,
    /// A screening round.
    Round,
    /// Answers to the key groups.
    Groups,
    /// Edits of the file.
    Changes,
}

/// What a field holds before anybody answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Default {
    /// The day of the program.
    Today,
    /// Whoever is at the keyboard.
    Me,
    /// The round that is on, or was last.
    Round,
}

/// An item of the visit.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its id, such as `V03`.
    pub id: Name,
    /// Its name on the screen.
    pub label: Box<str>,
    /// What is looked at.
    pub ask: Box<str>,
    /// The facts of a household, of which any one makes it apply.
    pub asked_of: Vec<Name>,
    /// The sections that "as on file" confirms.
    pub confirms: Vec<Name>,
    /// The sections that "changed" opens.
    pub edits: Vec<Name>,
    /// Whether "changed" offers the life events.
    pub events: bool,
    /// What the file says, as `section.field`, or `people`.
    pub brief: Vec<Box<str>>,
    /// Whether the household itself is asked to agree.
    pub agree: bool,
    /// The source.
    pub source: Box<str>,
}

/// A key group.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its code, such as `G03`.
    pub id: Name,
    /// Its name in the source's words.
    pub label: Box<str>,
    /// Its name where room is short.
    pub short: Box<str>,
    /// The rule that proves it from the file, if any does.
    pub proof: Option<Name>,
    /// The rule that hints at it without proving it, if any does.
    pub hint: Option<Name>,
    /// The source.
    pub source: Box<str>,
}

/// A field of the file that a life event sets.
#[derive(Clone, Debug)]
pub struct Set {
    /// The section and field.
    pub slot: (Name, Name),
    /// To what.
    pub to: SetTo,
}

/// To what a life event sets a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetTo {
    /// The answer to this field of the form.
    Answer(Name),
    /// A value.
    Value(Value),
    /// Nothing.
    Blank,
}

impl Form {
    /// A plain field by id.
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// What a filled form tells of a field of the file: in the answer that goes there, or the one from which it is set.
    pub fn told(&self, filled: &FilledForm, slot: (Name, Name)) -> Option<Value> {
        let asked = self.fields.iter().find(|field| field.slot == Some(slot)).map(|field| field.id);
        let by_set = || {
            let set = self.sets.iter().find(|set| set.slot == slot)?;
            if let SetTo::Answer(answer) = &set.to { Some(*answer) } else { None }
        };
        match filled.fields.get(&asked.or_else(by_set)?)? {
            Answer::Value(value) => Some(value.clone()),
            Answer::Day(day) => Some(Value::Date(PartialDate::from(*day))),
            _ => None,
        }
    }

    /// An item by id.
    pub fn item(&self, id: Name) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// Whether it asks about the key groups of a round.
    pub fn has_groups(&self) -> bool {
        self.fields.iter().any(|field| matches!(field.kind, FieldKind::Groups))
    }
}

impl Field {
    /// Whether it is asked beside these answers.
    pub fn is_asked_with(&self, filled: &FilledForm) -> bool {
        let Some((answer, wanted)) = &self.only_with else { return true };
        let Some(Answer::Value(value)) = filled.fields.get(answer) else { return false };
        match wanted {
            // Of several codes one is enough.
            Value::Codes(wanted) => wanted.iter().all(|code| value.as_codes().contains(code)),
            wanted => value == wanted,
        }
    }
}

impl Set {
    /// The slot in a row.
    pub fn at(&self, row: u32) -> Slot {
        Slot { section: self.slot.0, row, field: self.slot.1 }
    }
}
