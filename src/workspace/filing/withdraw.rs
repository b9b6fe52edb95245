//! A form that was saved for the wrong household, taken back later: with the reason, and with what it did.

use crate::catalogue::{Deed, SectionKind};
use crate::changes::Act;
use crate::changes::withdraw::{Past, Stays, invert, taken_back_by};
use crate::domain::field::{jobs, members};
use crate::domain::{FilledForm, HouseholdFile, Role, Side, Slot, Value};
use crate::forms::reading::Fault;
use crate::forms::{Form, FormKind};
use crate::rules::answer::slot_in_words;

use super::Filing;

const CHANGE: &str = "change";
const KEEP: &str = "keep";

impl Filing<'_> {
    /// The act that takes back an earlier form of the household.
    pub(super) fn withdraw(&self, filled: FilledForm, file: &HouseholdFile) -> Result<Act, Vec<Fault>> {
        let fault = |why: String| vec![Fault::at(CHANGE, why)];
        let number = filled.value(CHANGE).and_then(Value::as_quantity).and_then(|number| number.as_whole());
        let number = number.and_then(|number| u64::try_from(number).ok()).unwrap_or_default();
        let is_here = file.acts.contains(&number);
        let Some(taken) = is_here.then(|| (self.act)(number)).flatten() else {
            return Err(fault(format!("这一户没有第{number}号变更")));
        };
        let form = self.withdrawable(&taken).map_err(fault)?;
        let mut files = vec![file.clone()];
        let others = taken.households().into_iter().filter(|serial| *serial != file.id.serial);
        for serial in others {
            files.push((self.other)(serial).ok_or_else(|| fault("牵涉的另一户读不出来".to_owned()))?);
        }
        let mut act = self.new_act(&filled, file);
        let mut stays = Vec::new();
        for file in &files {
            let acts: Vec<Act> = file.acts.iter().filter_map(|number| (self.act)(*number)).collect();
            if let Some(by) = taken_back_by(number, &acts) {
                return Err(fault(format!("第{number}号已由第{by}号撤回，不用再撤")));
            }
            stays.extend(invert(&taken, &Past { file, acts: &acts }, &mut act));
            if form.kind == FormKind::Event {
                self.is_last_word(&taken, file, &acts).map_err(fault)?;
            }
        }
        if let Some(first) = stays.first() {
            if form.kind == FormKind::Event {
                return Err(fault(format!(
                    "之后第{}号又改过这里，家里事不能只撤一半；先撤回第{}号",
                    first.by, first.by
                )));
            }
            if filled.value(KEEP).and_then(Value::as_yes_no) != Some(true) {
                return Err(vec![Fault::at(KEEP, self.what_stays(&stays))]);
            }
        }
        act.form = Some(filled);
        Ok(act)
    }

    /// The form whose act this is, where whoever enters may take it back.
    fn withdrawable(&self, taken: &Act) -> Result<&Form, String> {
        let number = taken.number;
        let form = self.look.forms.get(taken.kind).filter(|form| form.kind != FormKind::Withdraw);
        let Some(form) = form.filter(|_| taken.is_news() && taken.undoes.is_none() && taken.side.is_village()) else {
            return Err(format!("第{number}号不是走访、表、家里事或修改，不能撤回；录错了就照实再改"));
        };
        let role = Role::named(self.role.as_str()).unwrap_or(Role::Coordinator);
        let may_all = self.look.catalogue.rights().may(role, Side::Village, Deed::WithdrawOthers).is_ok();
        match may_all || *taken.by == *self.by {
            true => Ok(form),
            false => Err(format!("第{number}号是{}录的：请{}自己撤回，或请第一书记撤回", taken.by, taken.by)),
        }
    }

    /// Refuses to take an event back where something was entered later of somebody, or of a household, whom it brought.
    fn is_last_word(&self, taken: &Act, file: &HouseholdFile, acts: &[Act]) -> Result<(), String> {
        let serial = file.id.serial;
        let is_opened = taken.opened.iter().any(|opened| opened.household == serial);
        let came: Vec<u32> = taken
            .field_changes()
            .filter(|change| change.household == serial && change.old.is_none() && change.new.is_some())
            .filter(|change| (change.slot.section, change.slot.field) == (members::SECTION, members::NAME))
            .map(|change| change.slot.row)
            .collect();
        let is_of = |slot: Slot, new: Option<&Value>| match self.look.catalogue.section(slot.section) {
            Some(section) if section.kind == SectionKind::Person => came.contains(&slot.row),
            Some(section) if section.of_person && slot.field == jobs::PERSON => new
                .and_then(Value::as_quantity)
                .and_then(|id| u32::try_from(id.as_whole()?).ok())
                .is_some_and(|id| came.contains(&id)),
            _ => false,
        };
        let later = acts.iter().filter(|act| act.number > taken.number && act.undoes.is_none());
        let mut later = later.filter(|act| taken_back_by(act.number, acts).is_none());
        let stands_on = later.find(|act| {
            is_opened || act.field_changes().any(|it| it.household == serial && is_of(it.slot, it.new.as_ref()))
        });
        match stands_on {
            Some(act) => Err(format!("之后第{}号登记过这里来的人或这一户；先撤回第{}号", act.number, act.number)),
            None => Ok(()),
        }
    }

    fn what_stays(&self, stays: &[Stays]) -> String {
        const MOST: usize = 4;
        let words = |stays: &Stays| format!("{}（第{}号）", slot_in_words(self.look.catalogue, stays.slot), stays.by);
        let mut told: Vec<String> = stays.iter().map(words).collect();
        told.dedup();
        let more = if told.len() > MOST { format!("等{}处", told.len()) } else { String::new() };
        told.truncate(MOST);
        format!("后来又改过：{}{more}。这些留着后来的，其余撤回，就答“是”", told.join("、"))
    }
}
