//! Taking in filled forms, from a screen or from a file: each all or nothing, each once.

use serde_json::{Map, Value as Json};

use crate::changes::Act;
use crate::domain::{Answer, FilledForm, HouseholdFile, HouseholdId, Name, VillageCode, form_field};
use crate::forms::reading::{self, Asked, Fault};
use crate::forms::{Form, Item, check};
use crate::rules::{facts, groups};

use super::error::WorkspaceError;
use super::filing::Filing;
use super::ids::reserved;
use super::open::Workspace;
use super::same_form::{self, Input};

/// What became of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It was taken in, now or before.
    Accepted {
        /// Its id.
        id: String,
        /// The number of its act.
        number: u64,
        /// What is odd about what it tells, which a person should look at again.
        doubts: Vec<Fault>,
    },
    /// It was not, and nothing of it happened.
    Refused(Vec<Fault>),
}

impl Workspace {
    /// Takes in a form as `record` gives it, alone in its input.
    pub fn record(&mut self, json: &Json) -> Result<Recorded, WorkspaceError> {
        self.record_of(json, &mut Input::default())
    }

    /// Takes in a form of an input of several.
    pub fn record_of(&mut self, json: &Json, input: &mut Input) -> Result<Recorded, WorkspaceError> {
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
            None | Some(Json::Null) => None,
            Some(Json::String(id)) if !id.trim().is_empty() => Some(id.as_str()),
            Some(_) => return Ok(refused("id", "应为文字")),
        };
        if let Some(prefix) = id.and_then(reserved) {
            return Ok(refused("id", &format!("以 {prefix} 开头的id是本程序自己用的，请换一个")));
        }
        let file = self.file(household)?;
        let filled = match self.read_form(&form, json, id.unwrap_or_default(), &file) {
            Ok(filled) => filled,
            Err(faults) => return Ok(Recorded::Refused(faults)),
        };
        let doubts = self.doubts(&form, &filled, &file);
        let recorded = match id {
            Some(id) => self.record_once(id, filled, &file),
            None => self.record_by_content(&form, filled, &file, input),
        }?;
        Ok(match recorded {
            Recorded::Accepted { id, number, .. } => Recorded::Accepted { id, number, doubts },
            refused => refused,
        })
    }

    /// Takes in a form under the id that it was given: a second time it changes nothing, and other content is refused.
    fn record_once(&mut self, id: &str, filled: FilledForm, file: &HouseholdFile) -> Result<Recorded, WorkspaceError> {
        let chain = self.enters_into(file.id.village);
        let Some(number) = self.store.act_with_id(chain, id)? else { return self.take_in_new(file, filled) };
        match self.store.act(chain, number)? {
            Some(stored) if !same_form::is_of(&stored.act, &filled, file) => Ok(refused(
                "id",
                &format!("这个id已用于第{number}号变更，那一份的内容不同；新的一份请换一个id，或不写id"),
            )),
            _ => Ok(taken(id.to_owned(), number)),
        }
    }

    /// Takes in a form under an id made of what it says. The same said again changes nothing, unless a field that it
    /// names was changed since: then it is said anew.
    fn record_by_content(
        &mut self,
        form: &Form,
        mut filled: FilledForm,
        file: &HouseholdFile,
        input: &mut Input,
    ) -> Result<Recorded, WorkspaceError> {
        let chain = self.enters_into(file.id.village);
        let content = same_form::content(form, &filled, &self.entering()?.name, self.clock.now());
        let nth = input.before(content);
        // The last of those that say it is the one that may stand.
        let mut last = None;
        for after in 0.. {
            let id = same_form::made_id(content, nth, after);
            filled.id = id.as_str().into();
            match self.store.act_with_id(chain, &id)? {
                Some(number) => last = Some((id, number)),
                None => break,
            }
        }
        if let Some((id, number)) = last {
            // What the county corrected stands until the village has followed.
            let waits = !chain.side.is_village()
                && self.open_corrections(file.id.village)?.iter().any(|open| open.number == number);
            let said = FilledForm { id: id.as_str().into(), ..filled.clone() };
            let stands = |act: &Act| waits || !same_form::is_overtaken(act, form, &said, file);
            if self.store.act(chain, number)?.is_none_or(|stored| stands(&stored.act)) {
                return Ok(taken(id, number));
            }
        }
        self.take_in_new(file, filled)
    }

    /// Takes in a filled form. One that was taken in before is accepted and changes nothing.
    pub fn take_in(&mut self, village: VillageCode, filled: FilledForm) -> Result<Recorded, WorkspaceError> {
        if let Some(number) = self.store.act_with_id(self.enters_into(village), &filled.id)? {
            return Ok(taken(filled.id.into(), number));
        }
        let file = self.file(HouseholdId { village, serial: filled.household })?;
        self.take_in_new(&file, filled)
    }

    fn take_in_new(&mut self, file: &HouseholdFile, filled: FilledForm) -> Result<Recorded, WorkspaceError> {
        let id = filled.id.to_string();
        match self.act_of_file(file, filled)? {
            Ok(act) => {
                let act = self.make_judged(act)?;
                Ok(taken(id, act.number))
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
            act: &|number| self.store.act(household.village, number).ok().flatten().map(|stored| stored.act),
            alike: &|name, id| self.alike(household.village, name, id),
        };
        let made = filing.file(form, filled.clone(), file).and_then(|act| self.is_told_apart(file, act));
        let act = match made {
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

const fn taken(id: String, number: u64) -> Recorded {
    Recorded::Accepted { id, number, doubts: Vec::new() }
}

fn refused(field: &str, why: &str) -> Recorded {
    Recorded::Refused(vec![Fault::at(field, why)])
}
