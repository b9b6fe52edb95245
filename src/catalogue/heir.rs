//! What a section says of its heirs: what becomes of what stands in it when people go to another file, or a file closes.

use serde::Deserialize;

use super::{Section, SectionKind};
use crate::domain::{Name, PartialDate, Row, Value};

/// What becomes of a section's rows, or of what it says of the household, when all people join another household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heir {
    /// It goes along. What both households hold of themselves and what does not add up stays behind, and that is noted.
    Carry,
    /// A person says: of each open row, and of the household's own values where both households have some.
    Ask,
    /// It stays with the file that is closed; what is still due is asked about all the same.
    End,
}

/// How a field of the household comes together with the same field of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Joins {
    /// The two are added.
    Sum,
    /// It follows from what is added, and is blanked to be reckoned anew.
    Blank,
}

/// What a section's heirs are.
#[derive(Clone, Debug)]
pub struct Heirs {
    /// What becomes of it.
    pub heir: Heir,
    /// The section with whose answer it goes.
    pub with: Option<Name>,
    /// The dates of which any, once it has come, ends a row; without them no row is ever open.
    pub ended_by: Vec<Name>,
    /// The field that takes the reason why a row ended.
    pub ended_why: Option<Name>,
    /// All fields that tell of an end: the dates and the reason.
    pub end_fields: Vec<Name>,
}

impl Heirs {
    /// Whether a counted row is still open on a day.
    pub fn is_open(&self, row: &Row, on: Option<PartialDate>) -> bool {
        let has_come = |date: PartialDate| on.is_none_or(|on| date.earliest() <= on.latest());
        let ended = |field: &Name| row.get(*field).is_some_and(|end| end.as_date().is_none_or(has_come));
        !self.ended_by.is_empty() && !self.ended_by.iter().any(ended)
    }
}

impl Section {
    /// Whether some of its values are added when two households become one.
    pub fn adds_up(&self) -> bool {
        self.fields.iter().any(|field| field.joins == Some(Joins::Sum))
    }

    /// The field that names whose a counted row is.
    pub fn person_field(&self) -> Option<Name> {
        let of_person = |field: &&super::Field| field.kind == super::FieldKind::Person;
        self.fields.iter().filter(|_| self.kind == SectionKind::Rows).find(of_person).map(|field| field.id)
    }

    /// Whose a counted row is, where it says so.
    pub fn person_of(&self, row: &Row) -> Option<u32> {
        let id = row.get(self.person_field()?).and_then(Value::as_quantity)?.as_whole()?;
        u32::try_from(id).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::data::Data;

    #[test]
    fn every_shipped_section_says_what_becomes_of_it() {
        let data = Data::embedded();
        for file in data.folder("file") {
            assert!(file.text.lines().any(|line| line.starts_with("heir = ")), "{} says no heir", file.path);
        }
    }

    #[test]
    fn what_a_section_goes_with_is_there_and_its_ends_are_dates() {
        let catalogue = Catalogue::load(&Data::embedded()).unwrap();
        for section in catalogue.sections() {
            let Heirs { with, ended_by, ended_why, .. } = &section.heirs;
            if let Some(with) = with {
                let leader = catalogue.section(*with).unwrap();
                assert!(leader.kind == SectionKind::Household && leader.heirs.with.is_none(), "{}", section.id);
            }
            // A person's row ends by its reason too; of rows that are counted a date tells.
            for end in ended_by.iter().filter(|_| section.kind == SectionKind::Rows) {
                assert_eq!(section.field(*end).unwrap().kind, super::super::FieldKind::Date, "{}.{end}", section.id);
            }
            assert!(ended_why.is_none_or(|why| section.field(why).is_some()), "{}", section.id);
            let sums = section.fields.iter().filter(|field| field.joins == Some(Joins::Sum));
            for field in sums {
                use super::super::FieldKind::{Count, Money, Quantity};
                assert!(matches!(field.kind, Money | Quantity | Count), "{}.{}", section.id, field.id);
            }
        }
    }

    #[test]
    fn a_countys_section_that_says_nothing_is_asked_about() {
        let text = "id = \"bees\"\nlabel = \"蜂箱\"\nkind = \"rows\"\norder = 300\n";
        let catalogue = Catalogue::load(&Data::embedded().with_file("file/bees.toml", text)).unwrap();
        assert_eq!(catalogue.section(Name::new("bees")).unwrap().heirs.heir, Heir::Ask);
        let typo = format!("{text}with = \"hive\"\n");
        let fault = Catalogue::load(&Data::embedded().with_file("file/bees.toml", &typo)).unwrap_err();
        assert_eq!(fault.to_string(), "file/bees.toml 第5行：没有部分 hive");
    }
}
