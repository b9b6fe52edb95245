//! One person who stands in the files twice, and two who stand there as one.

use crate::domain::field::members;
use crate::domain::{IdNumber, Member, Name, Slot, Value, id_number};

use super::super::Case;
use super::super::village::{Key, Shared, person_key};
use super::Told;

/// C110: the same name and birth date twice, where no right ID number says that they are two. The same ID number is
/// C103's.
pub(super) fn same_name_and_birth(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let household = case.looked.household;
    let Some(village) = case.village else { return };
    for member in household.members() {
        // Of two right ID numbers that differ nobody asks; of two that are the same C103 does.
        let shared = if member.id_number().is_some() { Shared::NameAndBirthAlone } else { Shared::NameAndBirth };
        let Some(key) = person_key(member, shared) else { continue };
        let own = (household.file.id, member.id.0);
        let same_number = member.id_number_text().map(|number| {
            let tidy = id_number::tidy(number);
            village.holders(Key::of(Shared::IdNumber, id_number::stem(&tidy)))
        });
        let is_told = |holder: &(_, u32)| same_number.is_some_and(|holders| holders.contains(holder));
        let mut others = village.holders(key).iter().filter(|holder| **holder != own && !is_told(holder)).peekable();
        if others.peek().is_none() {
            continue;
        }
        let elsewhere = others.filter(|(id, _)| *id != household.file.id).count();
        let place = if elsewhere == 0 { "本户另一人" } else { "另一户的人" };
        tell(told(member, members::NAME, vec![("other", place.to_owned())]));
    }
}

/// C111: a roster told a right ID number of somebody else for this person, so that two may have been taken for one.
pub(super) fn told_another_id(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let file = case.looked.household.file;
    for member in case.looked.household.members() {
        let Some(own) = member.id_number() else { continue };
        let slot = Slot { section: members::SECTION, row: member.id.0, field: members::ID_NUMBER };
        let Some(cell) = file.row(slot.section, slot.row).and_then(|row| row.cell(slot.field)) else { continue };
        let told_by = file.rosters.iter().enumerate().find(|(at, _)| {
            let said = u8::try_from(*at).ok().and_then(|at| cell.said(at)).flatten();
            said.and_then(Value::as_text)
                .and_then(|said| IdNumber::parse(said).ok())
                .is_some_and(|said| id_number::stem(said.as_str()) != id_number::stem(own.as_str()))
        });
        if let Some((_, roster)) = told_by {
            let mut told = told(member, members::ID_NUMBER, Vec::new());
            // An answer holds for this roster's word.
            told.found_by = Some(format!("{} {}", roster.kind, own.as_str()));
            tell(told);
        }
    }
}

fn told(member: Member<'_>, field: Name, words: Vec<(&'static str, String)>) -> Told {
    let slot = Some(Slot { section: members::SECTION, row: member.id.0, field });
    Told { person: Some(member.id.0), slot, words, ..Told::default() }
}
