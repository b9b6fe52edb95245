//! What happens in life: each event is one act with its day and its evidence.

use std::collections::BTreeMap;

use crate::changes::Act;
use crate::domain::field::{jobs, members, status};
use crate::domain::{Answer, Code, FilledForm, Household, HouseholdFile, Member, Name, PartialDate, Slot, Value};
use crate::forms::reading::Fault;
use crate::forms::{Effect, FieldKind, Form, PersonRole, SetTo};

use super::moves::other_household;
use super::{Circumstances, Filing, answered, edits, returns};

impl Filing<'_> {
    pub(super) fn life_event(&self, form: &Form, filled: FilledForm, file: &HouseholdFile) -> Result<Act, Vec<Fault>> {
        let mut act = self.new_act(&filled, file);
        let how = Circumstances {
            happened_on: clock(form, &filled),
            seen_on: Some(self.look.day),
            evidence: filled.value("evidence").and_then(Value::as_text).map(Into::into),
            item: None,
            takes_paper: false,
        };
        let person = self.person_of(form, &filled, file, how.happened_on)?;
        self.is_no_other_event(form, &filled)?;
        if form.person == Some(PersonRole::New) {
            self.not_known(form, &filled, file)?;
        }
        self.set_fields(&mut act, form, &filled, file, person, &how);
        // An event that does more than set fields is whole, or not at all.
        if form.effect.is_none() && !form.head && matches!(form.person, None | Some(PersonRole::Existing)) {
            self.set_aside_outdated(&mut act, file);
        }
        if form.person == Some(PersonRole::Returns) {
            self.rejoin(&mut act, &filled, file, &how)?;
        }
        if form.ends_job
            && let Some(person) = person
        {
            end_jobs(&mut act, file, person, &how);
        }
        match form.effect {
            Some(Effect::Move) => self.move_out(&mut act, form, &filled, file, person, &how)?,
            Some(Effect::Split) => self.split(&mut act, form, &filled, file, &how)?,
            Some(Effect::Merge) => self.merge(&mut act, form, &filled, file, &how)?,
            Some(Effect::Return) => self.come_back(&mut act, form, &filled, file, person, &how)?,
            Some(Effect::Close) => self.close(&mut act, file, &how)?,
            Some(Effect::Reopen) => reopen(&mut act, file, &how)?,
            None => {}
        }
        if form.head {
            self.choose_head(&mut act, form, &filled, file, person, &how)?;
        }
        self.one_head(&act, form, file)?;
        // A household that joins brings what it found changed itself; it answers nothing of this one.
        if form.effect != Some(Effect::Merge) {
            let own = act.changes.iter().filter(|change| change.household == file.id.serial);
            let touched: Vec<Name> = own.map(|change| change.slot.section).collect();
            let mut answered = answered(file, &touched);
            answered.retain(|item| !act.answered.contains(item));
            act.answered.extend(answered);
        }
        act.form = Some(filled);
        Ok(act)
    }

    /// The row of the person that the event names, after what cannot be was refused.
    fn person_of(
        &self,
        form: &Form,
        filled: &FilledForm,
        file: &HouseholdFile,
        on: Option<PartialDate>,
    ) -> Result<Option<u32>, Vec<Fault>> {
        let Some(role) = form.person else { return Ok(None) };
        if role == PersonRole::New {
            return Ok(Some(self.next_person));
        }
        let fault = |why: &str| Err(vec![Fault::at("person", why)]);
        let Some(Answer::Person(id)) = filled.fields.get(&Name::fixed("person")) else { return fault("不能空") };
        let Some(member) = Household::of(file).everyone().find(|member| member.id.0 == *id) else {
            return fault("本户没有这个人");
        };
        match role {
            PersonRole::Returns => returns::may_return(self.look, form, member, on)?,
            PersonRole::Existing | PersonRole::Leaves | PersonRole::Moves if member.has_left() => {
                return fault("此人已不在户");
            }
            _ => {}
        }
        // C109: no event before birth.
        if let (Some(born), Some(on)) = (member.birth(), on)
            && on.latest() < born.earliest()
        {
            return Err(vec![Fault::at("date", format!("{}生于{born}，早于这一天的事不可能", member.name()))]);
        }
        Ok(Some(*id))
    }

    /// Refuses a reason to leave with which another event does more: it ends the jobs of the dead, or carries a person.
    fn is_no_other_event(&self, form: &Form, filled: &FilledForm) -> Result<(), Vec<Fault>> {
        let slot = (members::SECTION, members::LEFT_WHY);
        let Some(asked) = form.fields.iter().find(|field| field.slot == Some(slot)) else { return Ok(()) };
        let Some(Answer::Value(why)) = filled.fields.get(&asked.id) else { return Ok(()) };
        let sets = |event: &Form| event.sets.iter().any(|set| set.slot == slot && set.to == SetTo::Value(why.clone()));
        let carries = |event: &Form| event.effect == Some(Effect::Move) && *why == Value::code(returns::TO_HOUSEHOLD);
        let events = self.look.forms.events();
        let Some(other) = events.iter().find(|event| event.ends_job && sets(event) || carries(event)) else {
            return Ok(());
        };
        let field = self.look.catalogue.field(members::SECTION, members::LEFT_WHY);
        let why = field.map_or_else(String::new, |field| self.look.catalogue.show(field, why));
        Err(vec![Fault::at(asked.id.as_str(), format!("{why}的，请用“{}”登记", other.label))])
    }

    /// The fields that the definition sets, and the answers that go to a field of the file.
    fn set_fields(
        &self,
        act: &mut Act,
        form: &Form,
        filled: &FilledForm,
        file: &HouseholdFile,
        person: Option<u32>,
        how: &Circumstances,
    ) {
        use crate::catalogue::SectionKind;
        let row_of = |section: Name| match self.look.catalogue.section(section).map(|section| section.kind) {
            Some(SectionKind::Household) => Some(0),
            Some(SectionKind::Person) => person,
            _ => None,
        };
        // A household that splits gives the answers to the new file.
        let answers_are_its_own = form.effect != Some(Effect::Split) && form.effect != Some(Effect::Move);
        // Who comes back to another household is carried there, and here nothing of her changes but where she is.
        if form.effect == Some(Effect::Return) && other_household(filled, file).is_some() {
            return;
        }
        let to_the_file = form.fields.iter().filter_map(|field| Some((field, field.slot?)));
        for (field, (section, name)) in to_the_file.filter(|_| answers_are_its_own) {
            if let (Some(row), Some(Answer::Value(value))) = (row_of(section), filled.fields.get(&field.id)) {
                edits::push(act, file, Slot { section, row, field: name }, Some(value.clone()), how);
            }
        }
        for set in &form.sets {
            let Some(row) = row_of(set.slot.0) else { continue };
            let value = match &set.to {
                SetTo::Value(value) => Some(value.clone()),
                SetTo::Blank => None,
                SetTo::Answer(answer) => match filled.fields.get(answer) {
                    Some(Answer::Value(value)) => Some(value.clone()),
                    Some(Answer::Day(day)) => Some(Value::Date(PartialDate::from(*day))),
                    _ => continue,
                },
            };
            edits::push(act, file, set.at(row), value, how);
        }
        if form.person == Some(PersonRole::New)
            && let Some(person) = person
        {
            complete_from_id_number(act, file, person, how);
        }
    }

    /// Where the head goes, a new one is chosen, and everybody's relation is told anew; where nobody is left, the file is closed.
    fn choose_head(
        &self,
        act: &mut Act,
        form: &Form,
        filled: &FilledForm,
        file: &HouseholdFile,
        person: Option<u32>,
        how: &Circumstances,
    ) -> Result<(), Vec<Fault>> {
        let household = Household::of(file);
        let leaver = person.filter(|_| matches!(form.person, Some(PersonRole::Leaves | PersonRole::Moves)));
        let staying: Vec<u32> =
            household.members().map(|member| member.id.0).filter(|id| Some(*id) != leaver).collect();
        if leaver.is_some() {
            if staying.is_empty() {
                return self.close_empty(act, file, how);
            }
            let head_goes = household.members().any(|member| Some(member.id.0) == leaver && member.is_head());
            if !head_goes {
                return Ok(());
            }
        }
        let new_head = match filled.fields.get(&Name::fixed("new_head")) {
            Some(Answer::Person(id)) if staying.contains(id) => *id,
            Some(_) => return Err(vec![Fault::at("new_head", "新户主应是留在本户的人")]),
            None => return Err(vec![Fault::at("new_head", "户主离开，请选新户主")]),
        };
        let relations = relations_of(filled);
        set_relations(act, file, new_head, &staying, &relations, how)
    }

    fn close_empty(&self, act: &mut Act, file: &HouseholdFile, how: &Circumstances) -> Result<(), Vec<Fault>> {
        close_file(act, file, Value::code(Name::fixed("nobody_left")), how);
        Ok(())
    }

    fn close(&self, act: &mut Act, file: &HouseholdFile, how: &Circumstances) -> Result<(), Vec<Fault>> {
        let household = Household::of(file);
        if household.closed_on().is_some() {
            return Err(vec![Fault::at("household", "户档已经销户")]);
        }
        let why = act.changes.iter().find(|change| change.slot.field == status::CLOSED_WHY);
        let why = why.and_then(|change| change.new.as_ref()).and_then(Value::as_code).and_then(|why| why.id());
        if why.is_some_and(|why| why == "merged") {
            return Err(vec![Fault::at("closed_why", "并入他户的，请在那一户用“并户”，人和未了的事一起过去")]);
        }
        if household.members().next().is_some() && why.is_none_or(|why| why != "moved_out") {
            return Err(vec![Fault::at("closed_why", "户里还有人，请先登记每个人的去向，或写明整户迁出")]);
        }
        let day = how.happened_on.map(Value::Date);
        edits::push(act, file, Slot { section: status::SECTION, row: 0, field: status::CLOSED_ON }, day, how);
        Ok(())
    }
}

/// The date on which the clock of the change starts.
fn clock(form: &Form, filled: &FilledForm) -> Option<PartialDate> {
    let field = form.fields.iter().find(|field| field.clock)?;
    debug_assert!(matches!(field.kind, FieldKind::Value(_) | FieldKind::Day));
    match filled.fields.get(&field.id)? {
        Answer::Value(Value::Date(date)) => Some(*date),
        Answer::Day(day) => Some(PartialDate::from(*day)),
        _ => None,
    }
}

/// The relations answered, by member.
pub(super) fn relations_of(filled: &FilledForm) -> BTreeMap<u32, Code> {
    match filled.fields.get(&Name::fixed("relations")) {
        Some(Answer::Relations(relations)) => relations.clone(),
        _ => BTreeMap::new(),
    }
}

/// Makes somebody the head, and gives everybody else who stays the relation that was answered: none is left as it was
/// to the old head, and none is guessed.
pub(super) fn set_relations(
    act: &mut Act,
    file: &HouseholdFile,
    head: u32,
    staying: &[u32],
    relations: &BTreeMap<u32, Code>,
    how: &Circumstances,
) -> Result<(), Vec<Fault>> {
    let is_head = Code::listed(Name::fixed("head"));
    let mut missing = Vec::new();
    for id in staying {
        let relation = if *id == head { Some(is_head) } else { relations.get(id).copied() };
        match relation {
            Some(relation) if *id != head && relation == is_head => missing.push(*id),
            Some(relation) => {
                let slot = Slot { section: members::SECTION, row: *id, field: members::RELATION };
                edits::push(act, file, slot, Some(Value::Code(relation)), how);
            }
            None => missing.push(*id),
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let names =
        Household::of(file).everyone().filter(|member| missing.contains(&member.id.0)).map(|m| m.name().to_owned());
    let names: Vec<String> = names.collect();
    Err(vec![Fault::at("relations", format!("{}与新户主是什么关系，要写", names.join("、")))])
}

/// Closes a file.
pub(super) fn close_file(act: &mut Act, file: &HouseholdFile, why: Value, how: &Circumstances) {
    let slot = |field| Slot { section: status::SECTION, row: 0, field };
    edits::push(act, file, slot(status::CLOSED_ON), how.happened_on.map(Value::Date), how);
    edits::push(act, file, slot(status::CLOSED_WHY), Some(why), how);
}

/// Opens a closed file again.
pub(super) fn reopen(act: &mut Act, file: &HouseholdFile, how: &Circumstances) -> Result<(), Vec<Fault>> {
    if Household::of(file).closed_on().is_none() {
        return Err(vec![Fault::at("household", "户档没有销户")]);
    }
    for field in [status::CLOSED_ON, status::CLOSED_WHY, status::MERGED_INTO, status::LEFT_BEHIND] {
        edits::push(act, file, Slot { section: status::SECTION, row: 0, field }, None, how);
    }
    Ok(())
}

/// Whether somebody is on file as dead.
pub(super) fn has_died(member: Member<'_>) -> bool {
    member.left_why().is_some_and(|why| why.is(Name::fixed("death")))
}

fn end_jobs(act: &mut Act, file: &HouseholdFile, person: u32, how: &Circumstances) {
    for (row, job) in file.rows(jobs::SECTION) {
        let of_person = job.get(jobs::PERSON).and_then(Value::as_quantity).and_then(|id| id.as_whole());
        if of_person == Some(person.into()) && job.get(jobs::TO).is_none() && job.get(jobs::PLANNED).is_none() {
            let slot = Slot { section: jobs::SECTION, row, field: jobs::TO };
            edits::push(act, file, slot, how.happened_on.map(Value::Date), how);
        }
    }
}

/// A right ID number says sex and birth date; what was answered otherwise stays.
fn complete_from_id_number(act: &mut Act, file: &HouseholdFile, person: u32, how: &Circumstances) {
    use crate::domain::{IdNumber, Sex};
    let slot = |field| Slot { section: members::SECTION, row: person, field };
    let answered =
        |act: &Act, field| act.changes.iter().find(|change| change.slot == slot(field)).and_then(|c| c.new.clone());
    let Some(Value::Text(number)) = answered(act, members::ID_NUMBER) else { return };
    let Ok(id) = IdNumber::parse(&number) else { return };
    if answered(act, members::BIRTH_DATE).is_none() {
        edits::push(act, file, slot(members::BIRTH_DATE), Some(Value::Date(id.birth().into())), how);
    }
    if answered(act, members::SEX).is_none() {
        let sex = Name::fixed(if id.sex() == Sex::Male { "male" } else { "female" });
        edits::push(act, file, slot(members::SEX), Some(Value::code(sex)), how);
    }
}
