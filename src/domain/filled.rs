//! A form as somebody filled it: answers by the ids of its definition.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::date::PartialDate;
use super::heir::Heirs;
use super::name::Name;
use super::value::{Code, Value};

/// One filled form of one household. Kept whole in its act; nothing in it is ever rewritten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilledForm {
    /// The definition's name.
    pub name: Name,
    /// The definition's version when it was filled.
    pub version: u32,
    /// The form's own id, given or made.
    pub id: Box<str>,
    /// The household, by its serial.
    pub household: u32,
    /// Answers to the plain fields.
    pub fields: BTreeMap<Name, Answer>,
    /// Answers to the items of a visit.
    pub items: BTreeMap<Name, ItemAnswer>,
    /// Answers to the key groups.
    pub groups: BTreeMap<Name, GroupAnswer>,
    /// Edits of the file that the form makes as a whole; those of an item stand with it.
    pub edits: Vec<EditRow>,
}

/// An answer to a plain field; a field without one is unanswered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// A value of the same kinds as the file's.
    Value(Value),
    /// A day.
    Day(NaiveDate),
    /// Several names, such as the visitors'.
    Names(Vec<Box<str>>),
    /// A member, by id.
    Person(u32),
    /// Several members.
    People(Vec<u32>),
    /// New relations to the head, by member.
    Relations(BTreeMap<u32, Code>),
    /// Another household of the village, by its serial.
    Household(u32),
    /// A round, by its id in the policy file.
    Round(Name),
    /// What becomes of rows, by section and row.
    Heirs(Heirs),
}

/// What a visit found of one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemAnswer {
    /// The finding.
    pub finding: Finding,
    /// Whether the household itself agrees; none is not asked.
    pub agree: Option<bool>,
    /// The edits of the file that the finding made at once.
    pub edits: Vec<EditRow>,
    /// The life events that were entered for it, by the ids of their forms.
    #[serde(default)]
    pub events: Vec<Box<str>>,
    /// For what is as on file: whether that settles what an earlier visit was told of and nobody has put into the file.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub settles: bool,
}

/// The four findings of a visit's item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// 与档一致
    AsOnFile,
    /// 变: what, and since when.
    Changed {
        /// In the family's words.
        what: Box<str>,
        /// The day in life, as far as it is known.
        since: Option<PartialDate>,
    },
    /// 问题: what, and who must act.
    Problem {
        /// What it is.
        what: Box<str>,
        /// Who must act.
        who: Box<str>,
        /// Until when.
        due: Option<NaiveDate>,
    },
    /// 没看到: why.
    NotLooked {
        /// The reason.
        why: Box<str>,
    },
}

/// An answer to one key group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupAnswer {
    /// Whether the household belongs to it.
    pub yes: bool,
    /// The fact behind a yes, or the reason for rejecting what the file proves.
    pub fact: Box<str>,
}

/// Edits of one row of a section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditRow {
    /// The section.
    pub section: Name,
    /// Which row.
    pub row: RowRef,
    /// The new values; none empties a field.
    pub fields: Vec<(Name, Option<Value>)>,
    /// When it happened in life; none where what surrounds it says so, or nobody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened_on: Option<PartialDate>,
    /// The paper behind it; none where what surrounds it names one, or there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Box<str>>,
}

/// A row that an edit means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowRef {
    /// A row that exists: 0 for the household, a person's id, or a counted row.
    At(u32),
    /// A row to be added; edits with the same number mean the same new row.
    New(u32),
}

impl EditRow {
    /// An edit of these fields that says neither its day nor its paper.
    pub const fn of(section: Name, row: RowRef, fields: Vec<(Name, Option<Value>)>) -> Self {
        Self { section, row, fields, happened_on: None, evidence: None }
    }
}

impl ItemAnswer {
    /// An answer that is no more than its finding.
    pub const fn of(finding: Finding) -> Self {
        Self { finding, agree: None, edits: Vec::new(), events: Vec::new(), settles: false }
    }

    /// Whether it edits anything; an edit that is being filled may have no field yet.
    pub fn has_edits(&self) -> bool {
        self.edits.iter().any(|edit| !edit.fields.is_empty())
    }

    /// The day of one of its edits: its own, else that of the change as a whole.
    pub fn day_of(&self, edit: &EditRow) -> Option<PartialDate> {
        edit.happened_on.or(match self.finding {
            Finding::Changed { since, .. } => since,
            _ => None,
        })
    }
}

impl FilledForm {
    /// A form without answers yet.
    pub fn blank(name: Name, version: u32, id: &str, household: u32) -> Self {
        Self {
            name,
            version,
            id: id.into(),
            household,
            fields: BTreeMap::new(),
            items: BTreeMap::new(),
            groups: BTreeMap::new(),
            edits: Vec::new(),
        }
    }

    /// The value answered to a field.
    pub fn value(&self, field: &str) -> Option<&Value> {
        match self.fields.get(&Name::new(field))? {
            Answer::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The day answered to a field.
    pub fn day(&self, field: &str) -> Option<NaiveDate> {
        match self.fields.get(&Name::new(field))? {
            Answer::Day(day) => Some(*day),
            Answer::Value(Value::Date(date)) => date.as_day(),
            _ => None,
        }
    }
}
