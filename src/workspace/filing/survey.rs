//! Screening and verification forms: papers that are kept whole and change nothing else.

use crate::changes::Act;
use crate::domain::{FilledForm, HouseholdFile};

use super::Filing;

impl Filing<'_> {
    pub(super) fn survey(&self, filled: FilledForm, file: &HouseholdFile) -> Act {
        let mut act = self.new_act(&filled, file);
        act.form = Some(filled);
        act
    }
}
