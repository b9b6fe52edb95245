//! What stood in the rows of a set's workbook when it went out, made again so that what comes back is held against it.

use std::collections::BTreeMap;

use crate::changes::net::Net;
use crate::changes::review::speaks_of_acts;
use crate::domain::HouseholdId;
use crate::exchange::set::{Made, SetId};
use crate::exchange::sheet::Sheet;
use crate::exchange::workbook::{Run, rows_of};
use crate::store::HandedOver;

use super::error::WorkspaceError;
use super::holding::ForClerk;
use super::open::Workspace;

impl Workspace {
    /// The rows of a set's workbook. Where it is not known by which rules it was made, those of all rules.
    pub(super) fn clerks_rows(&self, set: SetId) -> Result<Vec<Sheet>, WorkspaceError> {
        let village = set.village;
        let for_clerk = self.share_of_clerk(set)?;
        let mut news = for_clerk.released;
        let mut net = Net::default();
        news.iter().for_each(|act| net.add(act));
        for stored in self.store.acts(village, set.from..=set.to) {
            let act = stored?.act;
            if for_clerk.held.contains(&act.number) {
                net.pass(&act);
                continue;
            }
            net.add(&act);
            if act.is_news() && !speaks_of_acts(&act) {
                news.push(act);
            }
        }
        let mut files = BTreeMap::new();
        for serial in net.households().collect::<Vec<u32>>() {
            let id = HouseholdId { village, serial };
            self.ask_papers(&mut net, id)?;
            files.insert(serial, self.file_as_of(id, set.to)?);
        }
        let file = |serial: u32| match files.get(&serial) {
            Some(known) => known.clone(),
            None => self.file_as_of(HouseholdId { village, serial }, set.to).ok().flatten(),
        };
        // Who handed it over stands on the first sheet, which holds no rows.
        let made = Made { on: self.today(), by: "".into(), role: crate::domain::Name::fixed("") };
        let formats = match self.run_made_before(set) {
            Some(known) => vec![known.format],
            None => (1..=HandedOver::FORMAT).collect(),
        };
        let run = |format: u8| Run {
            set,
            village: "",
            made: &made,
            acts: &news,
            net: (format > 1).then_some(&net),
            held: 0,
            file: &file,
            layout: &self.definitions.workbook,
            catalogue: &self.definitions.catalogue,
            forms: &self.definitions.forms,
        };
        Ok(formats.into_iter().flat_map(|format| rows_of(&run(format))).collect())
    }

    /// What goes to the clerk with a run: as it was said when the run was written here, else as its chain says.
    fn share_of_clerk(&self, set: SetId) -> Result<ForClerk, WorkspaceError> {
        if self.writes(set.chain()) && self.village == Some(set.village) {
            return self.for_clerk(set);
        }
        let holds = self.holds(set.village)?;
        let held = holds.until(set.to).held();
        let mut released = Vec::new();
        for number in holds.released_in(set.from..=set.to) {
            if number < set.from && !held.contains_key(&number) {
                released.extend(self.store.act(set.village, number)?.map(|stored| stored.act));
            }
        }
        let held = held.into_keys().filter(|number| (set.from..=set.to).contains(number)).collect();
        Ok(ForClerk { held, released_count: released.len(), released })
    }
}
