//! Choosing between the county's value and the village's where both moved: what each side holds, and the choice.

use chrono::NaiveDate;

use crate::changes::act::Of;
use crate::changes::correction::CORRECTION;
use crate::changes::{Act, FieldChange, Rows, counted};
use crate::domain::{Chain, HouseholdFile, HouseholdId, Name, Slot, Value};

use super::error::WorkspaceError;
use super::in_words::InWords;
use super::open::Workspace;

/// The kind of an act that chooses.
pub const CHOICE: Name = Name::fixed("choice");

/// What the sides hold of one field, none of them overwritten by another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sides {
    /// What stood there as far as the other sides knew when they spoke, each value once.
    pub before: Vec<Side>,
    /// What the village holds.
    pub here: Side,
    /// What the others say, in the order in which the field knows them.
    pub others: Vec<Side>,
    /// Why the village did not take the county's word over, where a guard refused it.
    pub refused: Option<String>,
}

/// What one side holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Which side: 村里, 县里更正, or the roster.
    pub whose: String,
    /// The value as it may be seen.
    pub says: String,
    /// Who entered it; for what came of a roster that it did. Empty where that is not known.
    pub by: String,
    /// On which local day.
    pub on: Option<NaiveDate>,
}

impl Workspace {
    /// What the village, the county's corrections and the rosters hold of a field.
    pub fn sides(&self, id: HouseholdId, slot: Slot, shows_private: bool) -> Result<Sides, WorkspaceError> {
        let file = self.file(id)?;
        let acts = self.acts_of(&file)?;
        let blank = Act::new(id.village, CHOICE, "", "", Name::fixed(""), self.clock.now());
        let words = InWords {
            catalogue: &self.definitions.catalogue,
            file: &file,
            act: acts.last().unwrap_or(&blank),
            household: &|serial| self.household_in_words(HouseholdId { serial, ..id }),
            shows_private,
        };
        let says = |value: Option<&Value>| words.value(slot, value);
        let cell = file.row(slot.section, slot.row).and_then(|row| row.cell(slot.field));
        let here =
            Side { whose: "村里".to_owned(), says: says(file.get(slot)), ..Self::by_village(&file, &acts, slot) };
        let (mut before, mut others): (Vec<Side>, Vec<Side>) = (Vec::new(), Vec::new());
        for (roster, value) in cell.into_iter().flat_map(|cell| &cell.other) {
            let kind = file.rosters.get(usize::from(*roster)).map_or(Name::fixed(""), |seen| seen.kind);
            let whose = self.roster_in_words(kind).to_owned();
            let (said, saw) = self.by_other(id, kind, &acts, slot)?;
            others.push(Side { whose: whose.clone(), says: says(value.as_ref()), ..said });
            let Some(saw) = saw.map(|saw| says(saw.as_ref())) else { continue };
            match before.iter_mut().find(|known| known.says == saw) {
                Some(known) => known.whose = format!("{}、{whose}", known.whose),
                None => before.push(Side { whose, says: saw, by: String::new(), on: None }),
            }
        }
        let told = acts.iter().rev().flat_map(|act| &act.told).filter(|told| is_of(&told.rows, id.serial, slot));
        let refused = told.filter_map(|told| told.why.as_deref()).next().map(str::to_owned);
        Ok(Sides { before, here, others, refused })
    }

    /// Who entered what the village holds, and when.
    fn by_village(file: &HouseholdFile, acts: &[Act], slot: Slot) -> Side {
        let changes = |act: &&Act| changed_in(act, file.id.serial, slot).is_some();
        let act = acts.iter().rev().find(changes);
        let by = act.map_or_else(String::new, entered_by);
        Side { whose: String::new(), says: String::new(), by, on: act.map(Act::entered_on) }
    }

    /// Who said last what another side says of a field, and what that side had before it; for a roster the word before.
    fn by_other(
        &self,
        id: HouseholdId,
        kind: Name,
        acts: &[Act],
        slot: Slot,
    ) -> Result<(Side, Option<Option<Value>>), WorkspaceError> {
        let mut side = Side { whose: String::new(), says: String::new(), by: String::new(), on: None };
        let is_of = |act: &&Act| act.origin.as_ref().is_some_and(|origin| origin.roster == kind);
        let mut words = acts.iter().filter(is_of).filter_map(|act| Some((act, said_in(act, id.serial, slot)?)));
        let Some((act, _)) = words.next_back() else { return Ok((side, None)) };
        (side.by, side.on) = (entered_by(act), Some(act.entered_on()));
        let chain = Chain::of_county(id.village);
        let correction = match act.follows {
            Some(number) => self.store.act(chain, number)?.map(|stored| stored.act),
            None => return Ok((side, words.next_back().map(|(_, before)| before))),
        };
        // The village's act is of the day on which it came; whoever corrected did so before.
        side.on = correction.as_ref().map(Act::entered_on).or(side.on);
        let saw = correction.and_then(|act| changed_in(&act, id.serial, slot)).map(|change| change.old);
        Ok((side, saw))
    }

    /// Takes the value that a person chose for a field, be it the county's, the village's or a third; the choice is a change.
    pub fn choose(&mut self, id: HouseholdId, slot: Slot, value: Option<Value>) -> Result<Act, WorkspaceError> {
        let author = self.entering()?;
        let file = self.file(id)?;
        let form_id = self.ids.make();
        let mut act = Act::new(id.village, CHOICE, &form_id, &author.name, author.role.identifier(), self.clock.now());
        let old = file.get(slot).cloned();
        if old != value {
            let seen_on = Some(self.today());
            act.changes.push(FieldChange {
                household: id.serial,
                slot,
                old,
                new: value,
                happened_on: None,
                seen_on,
                evidence: None,
                item: None,
                evidence_only: false,
            });
        }
        counted::complete(&mut act, id.serial, Some(&file));
        act.chosen.push(Of { household: id.serial, what: slot });
        self.make(act)
    }
}

/// What an act made of a field, where it changed it.
fn changed_in(act: &Act, household: u32, slot: Slot) -> Option<FieldChange> {
    act.field_changes().filter(|change| (change.household, change.slot) == (household, slot)).last()
}

/// Who entered what an act brought; what came of a roster nobody did.
fn entered_by(act: &Act) -> String {
    let is_imported = act.origin.as_ref().is_some_and(|origin| origin.roster != CORRECTION);
    if is_imported { "导入".to_owned() } else { act.by.to_string() }
}

/// Whether rows speak of a slot.
fn is_of(rows: &Rows, household: u32, slot: Slot) -> bool {
    (rows.household, rows.section, rows.row) == (household, slot.section, slot.row)
        && rows.fields.iter().any(|(field, _)| *field == slot.field)
}

/// What the roster or correction behind an act said of a field, whether it was taken over or not.
fn said_in(act: &Act, household: u32, slot: Slot) -> Option<Option<Value>> {
    let rows = act.told.iter().map(|told| &told.rows);
    let mut rows = rows.filter(|rows| is_of(rows, household, slot));
    let told = rows.find_map(|rows| rows.fields.iter().find(|(field, _)| *field == slot.field));
    let told = told.map(|(_, value)| value.clone());
    told.or_else(|| changed_in(act, household, slot).map(|change| change.new))
}
