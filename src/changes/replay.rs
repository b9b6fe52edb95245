//! A household file as it stood at some time: the acts that touched it, once more.

use crate::domain::{HouseholdFile, HouseholdId};

use super::act::Act;
use super::apply::apply;

/// The file as these acts leave it, which come in the order of their numbers; none where they do not open it.
pub fn replay<'a>(id: HouseholdId, acts: impl IntoIterator<Item = &'a Act>) -> Option<HouseholdFile> {
    let mut file: Option<HouseholdFile> = None;
    for act in acts.into_iter().filter(|act| act.village == id.village) {
        if let Some(opened) = act.opened.iter().find(|opened| opened.household == id.serial) {
            file.get_or_insert_with(|| HouseholdFile::open(id, opened.on));
        }
        if let Some(file) = file.as_mut().filter(|_| act.households().binary_search(&id.serial).is_ok()) {
            apply(file, act);
        }
    }
    file
}
