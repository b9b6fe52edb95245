//! 三对照 of one household, with who said what and when.

use chrono::NaiveDate;

use crate::changes::{Act, FieldChange};
use crate::domain::{FormRef, HouseholdFile, HouseholdId, Name, Slot, Value};
use crate::rules::three_sides::{self, Sides, Verdict};

use super::error::WorkspaceError;
use super::in_words::InWords;
use super::open::Workspace;

/// One field of which at least two sides are known, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The field.
    pub slot: Slot,
    /// Whose or which row it is of, and its name.
    pub what: String,
    /// What the county's roster last said.
    pub county: Option<Said>,
    /// What the village's file holds.
    pub village: Option<Said>,
    /// What was said at the door.
    pub door: Option<Said>,
    /// How they stand to one another.
    pub verdict: Verdict,
}

/// What one side says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The value as it may be seen.
    pub value: String,
    /// The day on which it was said or entered, where that is known.
    pub on: Option<NaiveDate>,
    /// The roster, or the person and the form.
    pub by: String,
}

/// What a roster says of somebody whom it no longer lists.
const LEFT_OUT: &str = "不再列";

impl Workspace {
    /// The fields of a household of which at least two sides are known, those that differ first.
    pub fn three_sides(&self, id: HouseholdId, shows_private: bool) -> Result<Vec<Compared>, WorkspaceError> {
        let file = self.file(id)?;
        let acts = self.acts_of(&file)?;
        let look = self.look();
        let sides = three_sides::of(look.at(&file), &county_rosters(&acts));
        let Some(act) = acts.last() else { return Ok(Vec::new()) };
        let in_words = InWords {
            catalogue: &self.definitions.catalogue,
            file: &file,
            act,
            household: &|serial| self.household_in_words(HouseholdId { serial, ..id }),
            shows_private,
        };
        let told = Told { workspace: self, file: &file, acts: &acts, in_words };
        Ok(sides.into_iter().map(|sides| told.compared(&sides)).collect())
    }
}

/// The kinds of the county's rosters that touched the file, the one that spoke last first.
fn county_rosters(acts: &[Act]) -> Vec<Name> {
    let mut kinds = Vec::new();
    for origin in acts.iter().rev().filter_map(|act| act.origin.as_ref()).filter(|origin| origin.from_county) {
        if !kinds.contains(&origin.roster) {
            kinds.push(origin.roster);
        }
    }
    kinds
}

struct Told<'a> {
    workspace: &'a Workspace,
    file: &'a HouseholdFile,
    acts: &'a [Act],
    in_words: InWords<'a>,
}

impl Told<'_> {
    fn compared(&self, sides: &Sides<'_>) -> Compared {
        let slot = sides.slot;
        Compared {
            slot,
            what: self.what(slot),
            county: match sides.left_out_by {
                Some(kind) => Some(Said { value: LEFT_OUT.to_owned(), ..self.by_county(slot, kind, None) }),
                None => sides.county.map(|(kind, value)| self.by_county(slot, kind, Some(value))),
            },
            village: sides.village.as_deref().map(|value| self.by_village(slot, value)),
            door: sides.door.as_ref().map(|(value, form)| self.at_the_door(slot, value, form)),
            verdict: sides.verdict,
        }
    }

    fn what(&self, slot: Slot) -> String {
        let household = self.file.id.serial;
        let of_slot = FieldChange {
            household,
            slot,
            old: None,
            new: None,
            happened_on: None,
            seen_on: None,
            evidence: None,
            item: None,
            evidence_only: false,
        };
        let label = self.in_words.label(slot);
        if slot.row == 0 { label.to_owned() } else { format!("{} {label}", self.in_words.row(&of_slot)) }
    }

    fn by_county(&self, slot: Slot, kind: Name, value: Option<&Value>) -> Said {
        let is_of = |act: &&Act| act.origin.as_ref().is_some_and(|origin| origin.roster == kind);
        let act = self.acts.iter().rev().find(is_of);
        let value = value.map_or_else(String::new, |value| self.value(slot, value));
        Said { value, on: act.map(Act::entered_on), by: self.roster(kind) }
    }

    fn by_village(&self, slot: Slot, value: &Value) -> Said {
        let household = self.file.id.serial;
        let changes =
            |act: &&Act| act.field_changes().any(|change| (change.household, change.slot) == (household, slot));
        let act = self.acts.iter().rev().find(changes);
        let by = act.map_or_else(String::new, |act| match &act.origin {
            Some(origin) => self.roster(origin.roster),
            None => act.by.to_string(),
        });
        Said { value: self.value(slot, value), on: act.map(Act::entered_on), by }
    }

    fn at_the_door(&self, slot: Slot, value: &Value, form: &FormRef) -> Said {
        let by = format!("{} {}", form.by, self.workspace.kind_in_words(form.name));
        Said { value: self.value(slot, value), on: Some(form.date), by }
    }

    fn value(&self, slot: Slot, value: &Value) -> String {
        self.in_words.value(slot, Some(value))
    }

    fn roster(&self, kind: Name) -> String {
        self.workspace.roster_in_words(kind).to_owned()
    }
}
