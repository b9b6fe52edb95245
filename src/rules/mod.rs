//! What follows from a file, the policy and a day. Pure functions: no clock, no store, no screen.

pub mod agenda;
pub mod answer;
pub mod asked;
pub mod brief;
pub mod card;
pub mod check;
pub mod clocks;
pub mod colour;
pub mod desk;
pub mod due;
pub mod events;
pub mod facts;
pub mod first;
pub mod groups;
pub mod guarantees;
pub mod guard;
pub mod heirs;
pub mod late;
pub mod offers;
pub mod proposed;
pub mod relations;
pub mod round;
pub mod stale;
pub mod standing;
pub mod stop;
pub mod suggested;
pub mod tasks;
pub mod three_sides;
pub mod urgency;

use chrono::NaiveDate;

use crate::catalogue::{Catalogue, codes};
use crate::checks::Checks;
use crate::domain::field::{members, schooling};
use crate::domain::{Code, Household, HouseholdFile, Member, Name};
use crate::forms::Forms;
use crate::policy::Policy;

/// What rules look with: the definitions, the policy and the local day.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// Sections, fields and code lists.
    pub catalogue: &'a Catalogue,
    /// The forms.
    pub forms: &'a Forms,
    /// The figures.
    pub policy: &'a Policy,
    /// The table of checks.
    pub checks: &'a Checks,
    /// The local day.
    pub day: NaiveDate,
}

/// One file, looked at.
#[derive(Clone, Copy, Debug)]
pub struct Looked<'a> {
    /// With what.
    pub look: Look<'a>,
    /// The household.
    pub household: Household<'a>,
}

impl<'a> Look<'a> {
    /// Looks at a file.
    pub const fn at(self, file: &'a HouseholdFile) -> Looked<'a> {
        Looked { look: self, household: Household::of(file) }
    }

    /// Whether the member is able to work; none where the file does not say.
    pub fn can_work(self, member: Member<'_>) -> Option<bool> {
        self.entry_of(members::SECTION, members::LABOUR, member.labour())?.works
    }

    /// Where the member stands in school: before, within or beyond compulsory school; none for who is no student.
    pub fn school_stage(self, member: Member<'_>) -> Option<Stage> {
        let entry = self.entry_of(schooling::SECTION, schooling::STUDENT_STATE, member.student_state())?;
        Stage::of(entry)
    }

    /// The entry of the field's list that a code is.
    fn entry_of(self, section: Name, field: Name, code: Option<Code>) -> Option<&'a codes::Entry> {
        self.catalogue.list_of(self.catalogue.field(section, field)?)?.entry(code?.id()?)
    }
}

/// Where a student stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Not yet of school age, or in kindergarten.
    Before,
    /// Primary school or junior high.
    Compulsory,
    /// Senior high, vocational, college and above.
    Beyond,
}

impl Stage {
    /// The stage of a student state.
    pub fn of(entry: &codes::Entry) -> Option<Self> {
        match entry.stage?.as_str() {
            "before" => Some(Self::Before),
            "compulsory" => Some(Self::Compulsory),
            "beyond" => Some(Self::Beyond),
            _ => None,
        }
    }
}

#[cfg(test)]
pub(crate) mod testing {
    //! A village of one household, built field by field.

    use super::*;
    use crate::data::Data;
    use crate::domain::{HouseholdId, Name, Slot, Value};
    use crate::policy::{Layer, Sources};

    pub struct Defs {
        pub catalogue: Catalogue,
        pub forms: Forms,
        pub policy: Policy,
        pub checks: Checks,
        layers: Vec<Layer>,
        sources: Sources,
    }

    impl Defs {
        pub fn shipped() -> Self {
            let data = Data::embedded();
            let catalogue = Catalogue::load(&data).unwrap();
            let forms = Forms::load(&data, &catalogue).unwrap();
            let layers = Layer::load_all(&data).unwrap();
            let checks = Checks::load(&data, &catalogue, &layers).unwrap();
            let sources = Sources::load(&data).unwrap();
            let mut defs = Self {
                catalogue,
                forms,
                policy: Policy::of(&layers, None, "", NaiveDate::MIN),
                checks,
                layers,
                sources,
            };
            defs.settle_in("419999101201", "2022-11-20");
            defs
        }

        /// Takes what holds for a village of this code on a day.
        pub fn settle_in(&mut self, division: &str, day: &str) {
            self.policy = Policy::of(&self.layers, None, division, day.parse().unwrap());
            self.policy.bind(self.checks.bound(&self.policy, &self.sources));
        }

        /// Takes another table of checks.
        pub fn take_checks(&mut self, checks: Checks) {
            self.checks = checks;
            self.policy.bind(self.checks.bound(&self.policy, &self.sources));
        }

        pub fn on(&self, day: &str) -> Look<'_> {
            Look {
                catalogue: &self.catalogue,
                forms: &self.forms,
                policy: &self.policy,
                checks: &self.checks,
                day: day.parse().unwrap(),
            }
        }

        /// A file with the given fields, written `section.row.field=text` as a clerk would write the text; `!text` is
        /// what a spreadsheet made unusable.
        pub fn file(&self, fields: &str) -> HouseholdFile {
            let id = HouseholdId { village: "419999101201".parse().unwrap(), serial: 1 };
            let mut file = HouseholdFile::open(id, "2022-09-01".parse().unwrap());
            self.put(&mut file, fields);
            file
        }

        pub fn put(&self, file: &mut HouseholdFile, fields: &str) {
            for line in fields.split_whitespace() {
                let (path, text) = line.split_once('=').unwrap();
                let parts: Vec<&str> = path.split('.').collect();
                let (section, row, field) = match parts[..] {
                    [section, field] => (section, 0, field),
                    [section, row, field] => (section, row.parse().unwrap(), field),
                    _ => panic!("{path}"),
                };
                let slot = Slot { section: Name::new(section), row, field: Name::new(field) };
                let definition = self.catalogue.in_slot(slot).expect(path);
                let value = match text.strip_prefix('!') {
                    Some(unusable) => Some(Value::Unusable(unusable.into())),
                    None => self.catalogue.read(definition, text).unwrap().value,
                };
                file.change(slot, |cell| cell.set(value));
            }
        }
    }
}
