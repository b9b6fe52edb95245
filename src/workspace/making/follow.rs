//! A county's correction as the village follows it: what the village's guards refuse stays beside, with the reason.

use crate::catalogue::Deed;
use crate::changes::{Act, FieldChange, Rows, Told};
use crate::domain::{HouseholdFile, Role, Side};
use crate::rules::guard::{self, Made, Touched};
use crate::workspace::Workspace;

use super::change;

impl Workspace {
    /// Takes those fields out of an act that follows a correction which the guards refuse, and puts them beside what the
    /// village holds; `files` are the files of the village before the act.
    pub(in crate::workspace) fn put_beside_what_is_refused(&self, act: &mut Act, files: &[HouseholdFile]) {
        // Without one field another may be right, or no longer be: it is asked again until nothing is refused.
        while !act.changes.is_empty() {
            let refused = self.refused_by_guards(act, files);
            if refused.is_empty() {
                return;
            }
            for (at, why) in refused.into_iter().rev() {
                let change = act.changes.remove(at);
                let fields = vec![(change.slot.field, change.new)];
                let rows =
                    Rows { household: change.household, section: change.slot.section, row: change.slot.row, fields };
                act.told.push(Told { rows, beside: true, why: Some(why.into()) });
            }
        }
    }

    /// The places of the changes that are refused, ascending, each with the reason.
    fn refused_by_guards(&self, act: &Act, files: &[HouseholdFile]) -> Vec<(usize, String)> {
        let touched: Vec<Touched> = files
            .iter()
            .map(|before| {
                let mut after = before.clone();
                crate::changes::apply::apply(&mut after, act);
                Touched { before: before.clone(), after }
            })
            .collect();
        let changes: Vec<FieldChange> = act.changes.clone();
        let changes: Vec<_> = changes.iter().map(change).collect();
        let made = Made {
            look: self.look(),
            deed: Deed::Correction,
            role: Role::County,
            side: Side::County,
            form: None,
            changes: &changes,
            files: &touched,
            refused: &[],
        };
        let mut refused: Vec<(usize, String)> = Vec::new();
        for refusal in guard::judge(&made) {
            for at in refusal.places(&changes) {
                if refused.iter().all(|(known, _)| *known != at) {
                    refused.push((at, refusal.why.clone()));
                }
            }
        }
        refused.sort_by_key(|(at, _)| *at);
        refused
    }
}
