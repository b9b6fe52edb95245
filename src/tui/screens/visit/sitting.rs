//! What is carried from one visit to the next while somebody sits at the keyboard.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::{Answer, FilledForm, HouseholdId, Name, form_field};
use crate::forms::Form;

/// Who sits at the keyboard, and on which day.
pub(super) type Sits = (String, NaiveDate);

/// A sitting: an evening at the keyboard with the day's round.
#[derive(Debug, Default)]
pub struct Sitting {
    of: Sits,
    carried: BTreeMap<Name, Answer>,
    wanted: Option<HouseholdId>,
}

impl Sitting {
    /// Remembers the answers that go on: those of fields that begin with an answer, such as the day and the visitors.
    /// The day of a visit that was begun on another day is that household's alone.
    pub(super) fn remember(&mut self, of: Sits, form: &Form, filled: &FilledForm, with_day: bool) {
        let goes_on = form.fields.iter().filter(|field| field.default.is_some());
        let goes_on = goes_on.filter(|field| with_day || field.id != form_field::DATE);
        self.carried = goes_on.filter_map(|field| Some((field.id, filled.fields.get(&field.id)?.clone()))).collect();
        self.of = of;
    }

    /// Puts them into the next form, where the same person enters it on the same day.
    pub(super) fn carry(&self, of: &Sits, filled: &mut FilledForm) {
        if self.of == *of {
            filled.fields.extend(self.carried.iter().map(|(id, answer)| (*id, answer.clone())));
        }
    }

    /// Asks for a household's visit; the screen takes it when it is seen.
    pub fn ask_for(&mut self, household: HouseholdId) {
        self.wanted = Some(household);
    }

    /// The household that was asked for, once.
    pub fn take_wanted(&mut self) -> Option<HouseholdId> {
        self.wanted.take()
    }
}
