//! What the earlier files of an import did, for the later ones to build on while nothing is committed.

use std::collections::HashMap;

use crate::changes::apply::apply;
use crate::changes::{Act, Rows, line};
use crate::domain::{HouseholdFile, HouseholdId, Name};

/// Acts of households that later files may name, packed; of each only the sections that those files can speak of.
#[derive(Debug, Default)]
pub struct Overlay {
    sections: Vec<Name>,
    acts: HashMap<HouseholdId, Vec<Vec<u8>>>,
}

impl Overlay {
    /// Keeps no more than what these sections hold from now on; none of them keeps nothing.
    pub fn narrow(&mut self, sections: Vec<Name>) {
        self.sections = sections;
    }

    /// Keeps an act of one household, as far as a later file may want it.
    pub fn keep(&mut self, id: HouseholdId, act: &Act) {
        if self.sections.is_empty() {
            return;
        }
        let wanted = |rows: &&Rows| self.sections.contains(&rows.section);
        let mut kept = Act::new(act.village, act.kind, "", "", act.role, act.entered_at);
        kept.origin.clone_from(&act.origin);
        kept.taken = act.taken.iter().filter(wanted).cloned().collect();
        kept.changes = act.changes.iter().filter(|c| self.sections.contains(&c.slot.section)).cloned().collect();
        kept.told = act.told.iter().filter(|told| self.sections.contains(&told.rows.section)).cloned().collect();
        if !kept.taken.is_empty() || !kept.changes.is_empty() || !kept.told.is_empty() {
            kept.as_of.clone_from(&act.as_of);
            kept.seen.clone_from(&act.seen);
            self.acts.entry(id).or_default().push(lz4_flex::compress_prepend_size(&line::write(&kept)));
        }
    }

    /// The file as it would be after the earlier files; `before` is what the village holds.
    pub fn file(&self, id: HouseholdId, before: Option<HouseholdFile>) -> Option<HouseholdFile> {
        let Some(acts) = self.acts.get(&id) else { return before };
        let mut file = before;
        for packed in acts {
            // Nothing but `keep` packed the line, so it reads back.
            let Ok(text) = lz4_flex::decompress_size_prepended(packed) else { continue };
            let Ok(act) = line::read(&text) else { continue };
            // The act that opened it may not have been worth keeping.
            let file = file.get_or_insert_with(|| HouseholdFile::open(id, act.entered_on()));
            apply(file, &act);
        }
        file
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::{Origin, Seen};
    use crate::domain::{Clock, Slot, Value};

    #[test]
    fn a_later_file_sees_what_an_earlier_one_did_in_its_sections() {
        let village = "419999101201".parse().unwrap();
        let id = HouseholdId { village, serial: 3 };
        let moment = Clock::stopped("2022-11-20T09:00:00+08:00".parse().unwrap()).now();
        let mut act = Act::new(village, Name::new("roster"), "", "李桂枝", Name::new("coordinator"), moment);
        act.origin = Some(Origin { roster: Name::new("national"), from_county: true });
        act.seen.push(Seen { household: 3, people: vec![7], digest: 1 });
        for (section, row) in [("address", 0), ("members", 7)] {
            let fields = vec![(Name::new("phone"), Value::text("13800001234"))];
            act.taken.push(Rows { household: 3, section: Name::new(section), row, fields });
        }
        let mut overlay = Overlay::default();
        overlay.keep(id, &act);
        assert_eq!(overlay.file(id, None), None);
        overlay.narrow(vec![Name::new("address")]);
        overlay.keep(id, &act);
        let file = overlay.file(id, None).unwrap();
        let phone = |section: &str, row| file.get(Slot { section: Name::new(section), row, field: Name::new("phone") });
        assert_eq!(phone("address", 0), Value::text("13800001234").as_ref());
        assert_eq!(phone("members", 7), None);
        assert_eq!(file.rosters[0].people, [7]);
    }
}
