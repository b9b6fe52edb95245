//! Taking in filled forms, from a screen or from a file: each all or nothing, each once.

use serde_json::{Map, Value as Json};

use crate::changes::Act;
use crate::domain::{Answer, FilledForm, HouseholdFile, HouseholdId, Name, VillageCode, form_field};
use crate::forms::reading::{self, Asked, Fault};
use crate::forms::{Form, Item, check};
use crate::rules::{facts, groups};

use super::error::WorkspaceError;
use super::filing::Filing;
use super::open::Workspace;

/// What became of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It was taken in, now or before.
    Accepted {
        /// Its id.
        id: String,
        /// The number of its act.
        number: u64,
    },
    /// It was not, and nothing of it happened.
    Refused(Vec<Fault>),
}

impl Workspace {
    /// Takes in a form as `record` gives it.
    pub fn record(&mut self, json: &Json) -> Result<Recorded, WorkspaceError> {
        self.entering()?;
        let Some(json) = json.as_object() else { return Ok(refused("", "应为一份表（JSON对象）")) };
        let name = json.get("form").and_then(Json::as_str).unwrap_or_default();
        let Some(form) = self.definitions.forms.named(name).cloned() else {
            return Ok(refused("form", "没有这种表"));
        };
        let number = json.get("household").and_then(Json::as_str).unwrap_or_default();
        let Some(household) = self.households.numbered(number) else {
            return Ok(refused("household", if number.is_empty() { "缺户编号" } else { "没有这一户" }));
        };
        let id = match json.get("id") {
            None | Some(Json::Null) => self.ids.make(),
            Some(Json::String(id)) if !id.trim().is_empty() => id.clone(),
            Some(_) => return Ok(refused("id", "应为文字")),
        };
        let file = self.file(household)?;
        match self.read_form(&form, json, &id, &file) {
            Ok(filled) => match self.store.act_with_id(self.enters_into(household.village), &id)? {
                Some(number) => Ok(Recorded::Accepted { id, number }),
                None => self.take_in_new(&file, filled),
            },
            Err(faults) => Ok(Recorded::Refused(faults)),
        }
    }

    /// Takes in a filled form. One that was taken in before is accepted and changes nothing.
    pub fn take_in(&mut self, village: VillageCode, filled: FilledForm) -> Result<Recorded, WorkspaceError> {
        if let Some(number) = self.store.act_with_id(self.enters_into(village), &filled.id)? {
            return Ok(Recorded::Accepted { id: filled.id.into(), number });
        }
        let file = self.file(HouseholdId { village, serial: filled.household })?;
        self.take_in_new(&file, filled)
    }

    fn take_in_new(&mut self, file: &HouseholdFile, filled: FilledForm) -> Result<Recorded, WorkspaceError> {
        let id = filled.id.to_string();
        match self.act_of_file(file, filled)? {
            Ok(act) => {
                let act = self.make_judged(act)?;
                Ok(Recorded::Accepted { id, number: act.number })
            }
            Err(faults) => Ok(Recorded::Refused(faults)),
        }
    }

    /// What a filled form would do, without doing it; the act has no number yet.
    pub fn act_of(&self, village: VillageCode, filled: FilledForm) -> Result<Result<Act, Vec<Fault>>, WorkspaceError> {
        let file = self.file(HouseholdId { village, serial: filled.household })?;
        self.act_of_file(&file, filled)
    }

    fn act_of_file(&self, file: &HouseholdFile, filled: FilledForm) -> Result<Result<Act, Vec<Fault>>, WorkspaceError> {
        let author = self.entering()?;
        let household = file.id;
        let Some(form) = self.definitions.forms.get(filled.name) else {
            return Ok(Err(vec![Fault::at("form", "没有这种表")]));
        };
        if let Err(why) = self.may(household.village, self.deed_here(household.village, form)) {
            return Ok(Err(vec![Fault::at("form", why.to_string())]));
        }
        let faults = self.faults_of(form, &filled, file);
        if !faults.is_empty() {
            return Ok(Err(faults));
        }
        let counters = self.store.counters(household.village);
        let filing = Filing {
            look: self.look(),
            by: &author.name,
            role: author.role.identifier(),
            now: self.clock.now(),
            next_household: counters.last_household + 1,
            next_person: counters.last_person + 1,
            other: &|serial| self.file(HouseholdId { serial, ..household }).ok(),
            alike: &|name, id| self.alike(household.village, name, id),
        };
        let act = match filing.file(form, filled.clone(), file) {
            Ok(act) => act,
            refused => return Ok(refused),
        };
        let faults = self.judged_form(&act, form, &filled, file)?;
        if faults.is_empty() { self.as_entered_here(act) } else { Ok(Err(faults)) }
    }

    /// What a form that is being filled still lacks.
    pub fn faults_of(&self, form: &Form, filled: &FilledForm, file: &HouseholdFile) -> Vec<Fault> {
        let look = self.look();
        let looked = look.at(file);
        let facts = facts::of(looked);
        let round = match filled.fields.get(&form_field::ROUND) {
            Some(Answer::Round(round)) => self.policy.round(*round),
            _ => None,
        };
        let asks = round.map_or(&[][..], |round| &round.asks);
        let proved: Vec<Name> = groups::proved(looked, asks).into_iter().map(|proof| proof.group).collect();
        let applies = |item: &Item| facts.any(&item.asked_of);
        check::faults(form, filled, &check::Expected { day: look.day, applies: &applies, asks, proved: &proved })
    }

    fn read_form(
        &self,
        form: &Form,
        json: &Map<String, Json>,
        id: &str,
        file: &HouseholdFile,
    ) -> Result<FilledForm, Vec<Fault>> {
        let facts = facts::of(self.look().at(file));
        let asked = Asked {
            catalogue: &self.definitions.catalogue,
            file,
            applies: &|item| facts.any(&item.asked_of),
            household: &|number| {
                let id = self.households.numbered(number)?;
                (id.village == file.id.village).then_some(id.serial)
            },
            other: &|serial| self.file(HouseholdId { serial, ..file.id }).ok(),
            round: &|id| self.policy.rounds.iter().find(|round| round.id == id).map(|round| round.id),
        };
        reading::read(form, json, id, &asked)
    }
}

fn refused(field: &str, why: &str) -> Recorded {
    Recorded::Refused(vec![Fault::at(field, why)])
}
