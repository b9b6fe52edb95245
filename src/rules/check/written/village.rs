//! What only the other households of the village can tell.

use crate::domain::field::members;
use crate::domain::{Slot, id_number};

use super::super::Case;
use super::super::village::{Key, Shared};
use super::Told;

/// C103: the same ID number in two households, or twice in one.
pub(super) fn same_id_number(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let household = case.looked.household;
    let Some(village) = case.village else { return };
    for member in household.members() {
        let Some(number) = member.id_number_text() else { continue };
        let tidy = id_number::tidy(number);
        let key = Key::of(Shared::IdNumber, id_number::stem(&tidy));
        let own = (household.file.id, member.id.0);
        let others: Vec<_> = village.holders(key).iter().filter(|holder| **holder != own).collect();
        if others.is_empty() {
            continue;
        }
        let elsewhere = others.iter().filter(|(id, _)| *id != household.file.id).count();
        let place = match elsewhere {
            0 => "本户另一人".to_owned(),
            1 => "另一户的人".to_owned(),
            several => format!("另外{several}户的人"),
        };
        tell(Told {
            person: Some(member.id.0),
            slot: Some(Slot { section: members::SECTION, row: member.id.0, field: members::ID_NUMBER }),
            severity: None,
            words: vec![("other", place)],
        });
    }
}
