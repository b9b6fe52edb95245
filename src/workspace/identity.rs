//! Numbers that are given out once: an act that would give one to a second household or person is refused.

use crate::changes::{Act, FieldChange};
use crate::domain::field::{address, members};
use crate::domain::{HouseholdFile, HouseholdId, Value};
use crate::forms::reading::Fault;

use super::open::Workspace;

impl Workspace {
    /// Refuses an act that would bring a number into the village a second time.
    pub(super) fn is_told_apart(&self, file: &HouseholdFile, act: Act) -> Result<Act, Vec<Fault>> {
        let faults: Vec<Fault> =
            act.changes.iter().filter_map(|change| self.fault_of_number(file.id, change)).collect();
        if faults.is_empty() { Ok(act) } else { Err(faults) }
    }

    /// A 户编号 or 人编号 that somebody else has.
    fn fault_of_number(&self, id: HouseholdId, change: &FieldChange) -> Option<Fault> {
        let number = change.new.as_ref().and_then(Value::as_text)?;
        let slot = change.slot;
        let id = HouseholdId { serial: change.household, ..id };
        if (slot.section, slot.field) == (address::SECTION, address::NATIONAL_NUMBER) {
            let other = self.households.numbered(number).filter(|other| *other != id)?;
            let head = self.households.get(other).map_or("", |summary| &summary.head);
            return Some(Fault::at("national_number", format!("户编号 {number} 已是另一户（户主{head}）的")));
        }
        if (slot.section, slot.field) == (members::SECTION, members::PERSON_NUMBER) {
            let of_village = self.households.iter().filter(|summary| summary.id.village == id.village);
            let everyone = of_village.flat_map(|summary| summary.everyone.iter().map(move |person| (summary, person)));
            let mut others = everyone.filter(|(_, person)| person.id != slot.row);
            let (summary, person) = others.find(|(_, person)| person.national_number.as_deref() == Some(number))?;
            let why = format!("人编号 {number} 已是户 {} 的{}的", summary.number(), person.name);
            return Some(Fault::at("person_number", why));
        }
        None
    }
}
