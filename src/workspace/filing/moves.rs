//! Events that touch two households: a person who moves, a household that splits, two that become one.

use crate::changes::Act;
use crate::changes::act::Opened;
use crate::domain::field::{address, class, land, members, status};
use crate::domain::{Answer, Code, FilledForm, Household, HouseholdFile, HouseholdId, Name, Quantity, Slot, Value};
use crate::forms::reading::Fault;

use super::life::{close_file, relations_of, set_relations};
use super::{Circumstances, Filing, edits};
use crate::catalogue::SectionKind;

/// Fields of a member that belong to one stay in one household, and do not go along.
const OF_ONE_STAY: [Name; 5] =
    [members::RELATION, members::JOINED_ON, members::JOINED_WHY, members::LEFT_ON, members::LEFT_WHY];

impl Filing<'_> {
    /// A person moves to another household of the village.
    pub(super) fn move_out(
        &self,
        act: &mut Act,
        filled: &FilledForm,
        file: &HouseholdFile,
        person: Option<u32>,
        how: &Circumstances,
    ) -> Result<(), Vec<Fault>> {
        let (Some(person), Some(Answer::Household(to))) = (person, filled.fields.get(&Name::fixed("to"))) else {
            return Err(vec![Fault::at("to", "不能空")]);
        };
        let to = self.open_file(*to, file, "to")?;
        let relation = filled.value("relation").and_then(Value::as_code);
        self.carry(act, file, &to, person, relation, how);
        Ok(())
    }

    /// Some members found a household of their own.
    pub(super) fn split(
        &self,
        act: &mut Act,
        filled: &FilledForm,
        file: &HouseholdFile,
        how: &Circumstances,
    ) -> Result<(), Vec<Fault>> {
        let household = Household::of(file);
        let going: Vec<u32> = match filled.fields.get(&Name::fixed("people")) {
            Some(Answer::People(people)) if !people.is_empty() => people.clone(),
            _ => return Err(vec![Fault::at("people", "请选分出去的人")]),
        };
        let all: Vec<u32> = household.members().map(|member| member.id.0).collect();
        if let Some(stranger) = going.iter().find(|id| !all.contains(id)) {
            return Err(vec![Fault::at("people", format!("{stranger}号不是本户现有成员"))]);
        }
        if going.len() == all.len() {
            return Err(vec![Fault::at("people", "不能全都分出去")]);
        }
        if household.head().is_some_and(|head| going.contains(&head.id.0)) {
            return Err(vec![Fault::at("people", "户主分出去前，请先更换户主")]);
        }
        let new_head = match filled.fields.get(&Name::fixed("new_head")) {
            Some(Answer::Person(id)) if going.contains(id) => *id,
            _ => return Err(vec![Fault::at("new_head", "新户户主应是分出去的人")]),
        };
        let id = HouseholdId { village: file.id.village, serial: self.next_household };
        let new = HouseholdFile::open(id, self.look.day);
        act.opened.push(Opened { household: id.serial, on: self.look.day });
        self.found(act, filled, file, &new, how);
        let relations = relations_of(filled);
        for person in &going {
            self.carry(act, file, &new, *person, relations.get(person).copied(), how);
        }
        // After `carry`, so that the head's relation stands last.
        set_relations(act, &new, new_head, &going, &relations, how)
            .map_err(|faults| self.with_names(faults, file, &going))
    }

    /// What a household that splits off begins with: where it is, what it is, and what was said to go along.
    fn found(
        &self,
        act: &mut Act,
        filled: &FilledForm,
        file: &HouseholdFile,
        new: &HouseholdFile,
        how: &Circumstances,
    ) {
        let of_the_place =
            ["province", "city", "county", "township", "village", "hamlet", "group", "house_number"].map(Name::fixed);
        for field in of_the_place {
            let answer = filled.fields.get(&field).and_then(|answer| match answer {
                Answer::Value(value) => Some(value.clone()),
                _ => None,
            });
            let value = answer.or_else(|| file.of_household(address::SECTION, field).cloned());
            edits::push(act, new, household_slot(address::SECTION, field), value, how);
        }
        let phone = filled.value("phone").cloned();
        edits::push(act, new, household_slot(address::SECTION, address::PHONE), phone, how);
        for field in [class::CLASS, class::RELIEVED_YEAR] {
            let value = file.of_household(class::SECTION, field).cloned();
            edits::push(act, new, household_slot(class::SECTION, field), value, how);
        }
        if let Some(goes) = filled.value("arable").and_then(Value::as_quantity) {
            let slot = household_slot(land::SECTION, land::ARABLE);
            edits::push(act, new, slot, Some(Value::Quantity(goes)), how);
            if let Some(had) = file.get(slot).and_then(Value::as_quantity) {
                let stays = Quantity((had.0 - goes.0).max(0));
                edits::push(act, file, slot, Some(Value::Quantity(stays)), how);
            }
        }
        let from = Value::text(&Household::of(file).number());
        edits::push(act, new, household_slot(status::SECTION, status::SPLIT_FROM), from, how);
    }

    /// Another household's members join this one; its file is closed.
    pub(super) fn merge(
        &self,
        act: &mut Act,
        filled: &FilledForm,
        file: &HouseholdFile,
        how: &Circumstances,
    ) -> Result<(), Vec<Fault>> {
        let Some(Answer::Household(from)) = filled.fields.get(&Name::fixed("from")) else {
            return Err(vec![Fault::at("from", "不能空")]);
        };
        let from = self.open_file(*from, file, "from")?;
        let relations = relations_of(filled);
        let joining: Vec<u32> = Household::of(&from).members().map(|member| member.id.0).collect();
        let unanswered: Vec<u32> = joining.iter().copied().filter(|id| !relations.contains_key(id)).collect();
        if !unanswered.is_empty() {
            let fault = Fault::at("relations", "与本户户主的关系要写");
            return Err(self.with_names(vec![fault], &from, &unanswered));
        }
        for person in joining {
            self.carry(act, &from, file, person, relations.get(&person).copied(), how);
        }
        close_file(act, &from, Value::code(Name::fixed("merged")), how);
        let into = Value::text(&Household::of(file).number());
        edits::push(act, &from, household_slot(status::SECTION, status::MERGED_INTO), into, how);
        Ok(())
    }

    /// Another household's file, which must be open and not this one.
    fn open_file(&self, serial: u32, file: &HouseholdFile, at: &str) -> Result<HouseholdFile, Vec<Fault>> {
        let fault = |why: &str| vec![Fault::at(at, why)];
        if serial == file.id.serial {
            return Err(fault("就是本户"));
        }
        let other = (self.other)(serial).ok_or_else(|| fault("没有这一户"))?;
        if Household::of(&other).closed_on().is_some() {
            return Err(fault("这一户已经销户"));
        }
        Ok(other)
    }

    /// Carries a person with everything that is hers from one file to another: history follows the person.
    fn carry(
        &self,
        act: &mut Act,
        from: &HouseholdFile,
        to: &HouseholdFile,
        person: u32,
        relation: Option<Code>,
        how: &Circumstances,
    ) {
        for section in self.look.catalogue.sections() {
            match section.kind {
                SectionKind::Person => {
                    let row = from.row(section.id, person);
                    for (field, value) in row.into_iter().flat_map(|row| row.values()) {
                        if section.id != members::SECTION || !OF_ONE_STAY.contains(&field) {
                            let slot = Slot { section: section.id, row: person, field };
                            edits::push(act, to, slot, Some(value.clone()), how);
                        }
                    }
                }
                SectionKind::Rows if section.of_person => carry_rows(act, from, to, section.id, person, how),
                _ => {}
            }
        }
        let slot = |field| Slot { section: members::SECTION, row: person, field };
        let day = how.happened_on.map(Value::Date);
        let code = |id: &'static str| Some(Value::code(Name::fixed(id)));
        edits::push(act, to, slot(members::RELATION), relation.map(Value::Code), how);
        edits::push(act, to, slot(members::JOINED_ON), day.clone(), how);
        edits::push(act, to, slot(members::JOINED_WHY), code("from_household"), how);
        // Somebody who comes back to a household that she once left is a member again.
        edits::push(act, to, slot(members::LEFT_ON), None, how);
        edits::push(act, to, slot(members::LEFT_WHY), None, how);
        edits::push(act, from, slot(members::LEFT_ON), day, how);
        edits::push(act, from, slot(members::LEFT_WHY), code("to_household"), how);
    }

    fn with_names(&self, faults: Vec<Fault>, file: &HouseholdFile, people: &[u32]) -> Vec<Fault> {
        let everyone = Household::of(file).everyone().filter(|member| people.contains(&member.id.0));
        let names: Vec<&str> = everyone.map(|member| member.name()).collect();
        faults.into_iter().map(|fault| Fault { why: format!("{}：{}", names.join("、"), fault.why), ..fault }).collect()
    }
}

const fn household_slot(section: Name, field: Name) -> Slot {
    Slot { section, row: 0, field }
}

/// A job or a loan goes with the person whose it is.
fn carry_rows(
    act: &mut Act,
    from: &HouseholdFile,
    to: &HouseholdFile,
    section: Name,
    person: u32,
    how: &Circumstances,
) {
    let belongs = |row: &crate::domain::Row| {
        let id = row.get(Name::fixed("person")).and_then(Value::as_quantity).and_then(Quantity::as_whole);
        id == Some(person.into())
    };
    for (number, row) in from.rows(section).filter(|(_, row)| belongs(row)) {
        let used = act.changes.iter().filter(|c| c.household == to.id.serial && c.slot.section == section);
        let next = used.map(|change| change.slot.row + 1).max().unwrap_or(0).max(to.next_row(section));
        for (field, value) in row.values() {
            edits::push(act, to, Slot { section, row: next, field }, Some(value.clone()), how);
            edits::push(act, from, Slot { section, row: number, field }, None, how);
        }
    }
}
