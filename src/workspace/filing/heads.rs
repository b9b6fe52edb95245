//! One head a household: an event that would make a second one is refused where it says the relation.

use crate::changes::Act;
use crate::changes::apply::apply;
use crate::domain::{Household, HouseholdFile, HouseholdId};
use crate::forms::Form;
use crate::forms::reading::Fault;

use super::Filing;

impl Filing<'_> {
    /// Refuses an act after which a household has two heads, and had not before.
    pub(super) fn one_head(&self, act: &Act, form: &Form, file: &HouseholdFile) -> Result<(), Vec<Fault>> {
        let heads = |file: &HouseholdFile| Household::of(file).members().filter(|member| member.is_head()).count();
        for serial in act.households() {
            let opened = act.opened.iter().find(|opened| opened.household == serial);
            let id = HouseholdId { serial, ..file.id };
            let before = match opened {
                Some(opened) => Some(HouseholdFile::open(id, opened.on)),
                None if serial == file.id.serial => Some(file.clone()),
                None => (self.other)(serial),
            };
            let Some(before) = before else { continue };
            let mut after = before.clone();
            apply(&mut after, act);
            if heads(&after) > 1 && heads(&before) < 2 {
                let of_one = form.fields.iter().any(|field| field.id == "relation");
                let head = Household::of(&before).head().map_or_else(String::new, |head| head.name().to_owned());
                let why =
                    format!("{}户的户主是{head}，不能再有一个户主，请写与户主的关系", Household::of(&before).number());
                return Err(vec![Fault::at(if of_one { "relation" } else { "relations" }, why)]);
            }
        }
        Ok(())
    }
}
