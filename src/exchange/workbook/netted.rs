//! The rows of a run by what its lines come to: each change once, with what stood before the run and what stands after it.

use std::collections::{BTreeMap, BTreeSet};

use crate::changes::Act;
use crate::changes::net::{Change, Net, What};
use crate::domain::field::members;

use super::Key;
use super::rows::{Book, Part};

impl Book<'_> {
    /// Adds all that a run comes to, in the order of the lines that stand.
    pub(super) fn add_net(&mut self, net: &Net) {
        let acts: BTreeMap<u64, &Act> = self.run.acts.iter().map(|act| (act.number, act)).collect();
        let mut changes: Vec<Change<'_>> = Vec::new();
        for household in net.households() {
            changes.extend(net.changes(household, self.people.file(household), self.run.catalogue));
        }
        changes.sort_by_key(|change| change.lead);
        for change in &changes {
            self.add_change(&acts, change);
        }
        // What was filled and taken back again is no form, and neither is what took it back.
        let numbers: BTreeSet<u64> = acts.keys().copied().collect();
        let undone: BTreeSet<u64> = std::mem::take(&mut self.undone).into_keys().collect();
        let is_gone =
            |act: &&Act| undone.contains(&act.number) || act.undoes.is_some_and(|undone| numbers.contains(&undone));
        for act in self.run.acts.iter().filter(|act| act.is_news()).filter(|act| !is_gone(act)) {
            self.add_form(act);
        }
    }

    fn add_change(&mut self, acts: &BTreeMap<u64, &Act>, change: &Change<'_>) {
        let household = change.household;
        let Some(lead) = acts.get(&change.lead.0) else { return };
        let lines = change.lines();
        let parts =
            || -> Vec<Part> { lines.iter().map(|(line, of_slot)| (line.place.1 as usize, of_slot.clone())).collect() };
        // A row answers for the lines of one act; what later acts added to it goes by its answer.
        let of_lead = lines.iter().filter(|(line, _)| line.place.0 == lead.number);
        let key = Key::of(lead.number, of_lead.map(|(line, _)| line.place.1 as usize));
        let person = lines.iter().map(|(_, of_slot)| of_slot.slot).find(|slot| slot.section == members::SECTION);
        let person = person.filter(|slot| slot.row > 0).map(|slot| (household, slot.row));
        match (change.what, person) {
            (What::Added, Some(person)) => self.join(lead, key, person, &parts()),
            (What::Ended, Some(person)) => self.leave(lead, key, person, &parts()),
            (what, _) => {
                if what == What::Opened {
                    let opened = lead.opened.iter().find(|opened| opened.household == household);
                    opened.into_iter().for_each(|opened| self.open(lead, opened));
                }
                for (line, of_slot) in &lines {
                    if let Some(act) = acts.get(&line.place.0) {
                        self.change(act, line.place.1 as usize, of_slot);
                    }
                }
            }
        }
    }
}
