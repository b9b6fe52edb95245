//! Events that touch two households: a person who moves, a household that splits, two that become one.

use crate::catalogue::{Joins, SectionKind};
use crate::changes::Act;
use crate::changes::act::Opened;
use crate::domain::field::{address, members, status};
use crate::domain::{
    Answer, Code, FilledForm, Household, HouseholdFile, HouseholdId, Name, PartialDate, Quantity, Slot, Value,
};
use crate::forms::reading::Fault;
use crate::forms::{Field, Form};
use crate::rules::heirs::{FOUNDED, Passing, Way};

use super::heirs::{Estate, move_row};
use super::life::{close_file, relations_of, set_relations};
use super::{Circumstances, Filing, edits};

/// Fields of a member that belong to one stay in one household, and do not go along.
const OF_ONE_STAY: [Name; 5] =
    [members::RELATION, members::JOINED_ON, members::JOINED_WHY, members::LEFT_ON, members::LEFT_WHY];

impl Filing<'_> {
    /// A person moves to another household of the village; what is the household's own goes along where nobody stays.
    pub(super) fn move_out(
        &self,
        act: &mut Act,
        form: &Form,
        filled: &FilledForm,
        file: &HouseholdFile,
        person: Option<u32>,
        how: &Circumstances,
    ) -> Result<(), Vec<Fault>> {
        let (Some(person), Some(Answer::Household(to))) = (person, filled.fields.get(&Name::fixed("to"))) else {
            return Err(vec![Fault::at("to", "不能空")]);
        };
        let to = self.open_file(*to, file, "to")?;
        not_too_early(how, &[(file, &[person]), (&to, &[])])?;
        let relation = filled.value("relation").and_then(Value::as_code);
        self.carry(act, file, &to, person, relation, how);
        if let Some(passing) = Passing::of(form, filled, file, Some(&to)) {
            let is_last = passing.way == Way::Join;
            let estate = Estate::of(self, filled, passing, &to)?;
            self.pass_on(act, &estate, how);
            if is_last {
                merged_into(act, file, &to, how);
            }
        }
        Ok(())
    }

    /// Somebody who left comes back: to this household, or to another of the village.
    pub(super) fn come_back(
        &self,
        act: &mut Act,
        form: &Form,
        filled: &FilledForm,
        file: &HouseholdFile,
        person: Option<u32>,
        how: &Circumstances,
    ) -> Result<(), Vec<Fault>> {
        let (Some(person), Some(to)) = (person, other_household(filled, file)) else { return Ok(()) };
        let to = self.open_file(to, file, "to")?;
        not_too_early(how, &[(&to, &[])])?;
        self.carry(act, file, &to, person, filled.value("relation").and_then(Value::as_code), how);
        // What is told of her goes where she is.
        for (section, field, value) in self.told_of_a_section(form, filled, SectionKind::Person) {
            if field != members::RELATION {
                edits::push(act, &to, Slot { section, row: person, field }, Some(value), how);
            }
        }
        Ok(())
    }

    /// Some members found a household of their own.
    pub(super) fn split(
        &self,
        act: &mut Act,
        form: &Form,
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
        not_too_early(how, &[(file, &going)])?;
        let id = HouseholdId { village: file.id.village, serial: self.next_household };
        let new = HouseholdFile::open(id, self.look.day);
        act.opened.push(Opened { household: id.serial, on: self.look.day });
        self.found(act, form, filled, file, &new, how)?;
        let relations = relations_of(filled);
        for person in &going {
            self.carry(act, file, &new, *person, relations.get(person).copied(), how);
        }
        if let Some(passing) = Passing::of(form, filled, file, None) {
            self.pass_on(act, &Estate::of(self, filled, passing, &new)?, how);
        }
        // After `carry`, so that the head's relation stands last.
        set_relations(act, &new, new_head, &going, &relations, how)
            .map_err(|faults| self.with_names(faults, file, &going))
    }

    /// What a household that splits off begins with: where it is, what it is, and what was said to go along.
    fn found(
        &self,
        act: &mut Act,
        form: &Form,
        filled: &FilledForm,
        file: &HouseholdFile,
        new: &HouseholdFile,
        how: &Circumstances,
    ) -> Result<(), Vec<Fault>> {
        let of_the_place =
            ["province", "city", "county", "township", "village", "hamlet", "group", "house_number"].map(Name::fixed);
        let of_the_place = of_the_place.into_iter().map(|field| (address::SECTION, field));
        for (section, field) in of_the_place.chain(FOUNDED).chain(self.carried_by_an_answer(form, filled, file)) {
            let value = file.of_household(section, field).cloned();
            edits::push(act, new, household_slot(section, field), value, how);
        }
        for (section, field, value) in self.told_of_a_section(form, filled, SectionKind::Household) {
            let slot = household_slot(section, field);
            let adds_up =
                self.look.catalogue.field(section, field).is_some_and(|field| field.joins == Some(Joins::Sum));
            // Of what is shared out the one household has less by what the other takes.
            if adds_up
                && let (Some(goes), Some(had)) = (value.as_quantity(), file.get(slot).and_then(Value::as_quantity))
            {
                if goes > had {
                    let label = self.look.catalogue.field(section, field).map_or("", |field| &field.label);
                    let at = form.fields.iter().find(|asked| asked.slot == Some((section, field)));
                    let at = at.map_or("people", |asked| asked.id.as_str());
                    let what = label.trim_end_matches("面积");
                    return Err(vec![Fault::at(at, format!("本户{what}{had}亩，分不出{goes}亩"))]);
                }
                edits::push(act, file, slot, Some(Value::Quantity(Quantity(had.0 - goes.0))), how);
            }
            edits::push(act, new, slot, Some(value), how);
        }
        let from = Value::text(&Household::of(file).number());
        edits::push(act, new, household_slot(status::SECTION, status::SPLIT_FROM), from, how);
        Ok(())
    }

    /// The fields of the sections that go along unchanged, because an answer of yes says so.
    fn carried_by_an_answer(&self, form: &Form, filled: &FilledForm, file: &HouseholdFile) -> Vec<(Name, Name)> {
        let says_yes = |field: &&Field| filled.value(field.id.as_str()).and_then(Value::as_yes_no) == Some(true);
        let sections = form.fields.iter().filter(says_yes).flat_map(|field| &field.carries);
        let fields = sections.flat_map(|section| {
            let row = file.row(*section, 0).into_iter();
            row.flat_map(|row| row.values()).map(|(field, _)| (*section, field))
        });
        fields.collect()
    }

    /// What is answered of fields of the file whose sections have a row a household, or a row a person.
    fn told_of_a_section(&self, form: &Form, filled: &FilledForm, kind: SectionKind) -> Vec<(Name, Name, Value)> {
        let told = form.fields.iter().filter(|field| field.is_asked_with(filled)).filter_map(|field| {
            let (section, name) = field.slot?;
            let is_of_kind = self.look.catalogue.section(section).is_some_and(|section| section.kind == kind);
            match filled.fields.get(&field.id)? {
                Answer::Value(value) if is_of_kind => Some((section, name, value.clone())),
                _ => None,
            }
        });
        told.collect()
    }

    /// Another household joins this one with all that is its own; its file is closed.
    pub(super) fn merge(
        &self,
        act: &mut Act,
        form: &Form,
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
        not_too_early(how, &[(&from, &joining), (file, &[])])?;
        for person in joining {
            self.carry(act, &from, file, person, relations.get(&person).copied(), how);
        }
        if let Some(passing) = Passing::of(form, filled, file, Some(&from)) {
            self.pass_on(act, &Estate::of(self, filled, passing, file)?, how);
        }
        close_file(act, &from, Value::code(Name::fixed("merged")), how);
        merged_into(act, &from, file, how);
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
                SectionKind::Rows => {
                    let rows = from.rows(section.id).filter(|(_, row)| section.person_of(row) == Some(person));
                    rows.for_each(|(number, _)| move_row(act, (from, to), section.id, number, how));
                }
                SectionKind::Household => {}
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

fn merged_into(act: &mut Act, from: &HouseholdFile, to: &HouseholdFile, how: &Circumstances) {
    let into = Value::text(&Household::of(to).number());
    edits::push(act, from, household_slot(status::SECTION, status::MERGED_INTO), into, how);
}

/// The other household that a return names; none where somebody comes back to her own.
pub(super) fn other_household(filled: &FilledForm, file: &HouseholdFile) -> Option<u32> {
    match filled.fields.get(&Name::fixed("to"))? {
        Answer::Household(to) if *to != file.id.serial => Some(*to),
        _ => None,
    }
}

/// Refuses what is dated before one of these people was born or joined, or before a household began that splits off.
fn not_too_early(how: &Circumstances, files: &[(&HouseholdFile, &[u32])]) -> Result<(), Vec<Fault>> {
    let Some(on) = how.happened_on else { return Ok(()) };
    let is_early = |since: PartialDate| on.latest() < since.earliest();
    let fault = |why: String| Err(vec![Fault::at("date", why)]);
    for (file, people) in files {
        let household = Household::of(file);
        for member in household.everyone().filter(|member| people.contains(&member.id.0)) {
            if let Some(born) = member.birth().filter(|born| is_early(*born)) {
                return fault(format!("{}生于{born}，早于这一天的事不可能", member.name()));
            }
            let joined = member.own(members::JOINED_ON).and_then(Value::as_date);
            if let Some(joined) = joined.filter(|joined| is_early(*joined)) {
                return fault(format!("{}{joined}才到本户，日期不能更早", member.name()));
            }
        }
        if let Some(began) = began(household).filter(|began| is_early(*began)) {
            return fault(format!("{}户{began}才立户，日期不能更早", household.number()));
        }
    }
    Ok(())
}

/// The day on which a household that split off began; of others nobody knows.
fn began(household: Household<'_>) -> Option<PartialDate> {
    household.file.of_household(status::SECTION, status::SPLIT_FROM)?;
    let joined = household.everyone().filter_map(|member| member.own(members::JOINED_ON).and_then(Value::as_date));
    joined.min_by_key(|date| date.earliest())
}
