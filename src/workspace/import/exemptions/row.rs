//! One row of a list of exemptions: from which check it exempts whom, and why it cannot.

use chrono::NaiveDate;

use crate::catalogue::Catalogue;
use crate::checks::{Check, Rows, Severity};
use crate::domain::field::{exemptions, members};
use crate::domain::text::{fold, folded};
use crate::domain::{Name, PartialDate, PersonId, Value, VillageCode};
use crate::exchange::roster::{Kind, NotExempt, RosterRow, Table, Understanding, Why};
use crate::rules::check::is_called;
use crate::workspace::Definitions;
use crate::workspace::answers::Granted;

use super::super::index::Index;
use super::super::matching::{Worker, find_worker};

/// Where a row is understood.
pub struct Place<'a> {
    /// Sections, code lists and checks.
    pub definitions: &'a Definitions,
    /// The household's village.
    pub village: VillageCode,
    /// The people of the household, which is the only one there.
    pub people: &'a Index,
    /// The local day.
    pub today: NaiveDate,
    /// Who imports.
    pub author: &'a str,
}

/// A row with what its columns mean.
pub struct Row<'a> {
    /// What it says.
    pub row: &'a RosterRow,
    /// The kind of its table.
    pub kind: &'a Kind,
    /// Its table.
    pub table: &'a Table,
}

/// Why a row is not taken, and in which field of exemptions or members that shows; none where that is listed already.
type Fault = Option<(Name, NotExempt)>;

impl Row<'_> {
    /// What the row grants.
    pub fn granted(&self, place: &Place<'_>) -> Result<Granted, Fault> {
        let unusable = |value: &Option<Value>| matches!(value, None | Some(Value::Unusable(_)));
        if self.row.said.iter().any(|(_, value)| unusable(value)) {
            return Err(None);
        }
        let at = |field| move |why| Some((field, why));
        let (code, checks) = self.checks(place).map_err(at(exemptions::CHECK))?;
        let person = self.person(place)?;
        // What is found in the household as a whole is found in nobody: a person there would exempt nothing.
        let of_person = |check: &&Check| check.each == Rows::Person || check.each.of_person();
        let reason = self.text(exemptions::REASON).ok_or(NotExempt::NoReason).map_err(at(exemptions::REASON))?;
        let until = self.date(exemptions::UNTIL).ok_or(NotExempt::NoEnd).map_err(at(exemptions::UNTIL))?;
        let by = self.text(exemptions::BY);
        let today = by.is_none().then(|| PartialDate::from(place.today));
        Ok(Granted {
            check: match checks[..] {
                [check] => check.id.as_str().into(),
                _ => code.into(),
            },
            person: person.filter(|_| checks.iter().any(of_person)),
            kind: self.kind(&place.definitions.catalogue).map_err(at(exemptions::KIND))?,
            reason: reason.into(),
            until,
            by: by.unwrap_or(place.author).into(),
            on: self.date(exemptions::ON).or(today),
        })
    }

    /// Lists the row as not taken, because of what stands in a field, or because nothing does.
    pub fn refuse(&self, understanding: &mut Understanding<'_>, field: Name, why: NotExempt) {
        let row = self.row;
        let section =
            if self.kind.slot(exemptions::SECTION, field).is_some() { exemptions::SECTION } else { members::SECTION };
        let column_of = |section, field| self.kind.slot(section, field).and_then(|slot| self.table.column_of(slot));
        let check = || column_of(exemptions::SECTION, exemptions::CHECK);
        let column = column_of(section, field).or_else(check).unwrap_or_default();
        let value = self.value(section, field).map_or_else(String::new, |value| match value {
            Value::Date(date) => date.to_string(),
            Value::Code(code) => code.unlisted_label().unwrap_or_default().to_owned(),
            value => value.as_text().unwrap_or_default().to_owned(),
        });
        let problem = understanding.values.problem(row.table, row.row, column, &value, Why::NotExempt(why));
        understanding.values.problems.note(problem);
    }

    fn value(&self, section: Name, field: Name) -> Option<&Value> {
        let slot = self.kind.slot(section, field)?;
        self.row.said.iter().find(|(other, _)| *other == slot)?.1.as_ref()
    }

    fn text(&self, field: Name) -> Option<&str> {
        self.value(exemptions::SECTION, field)?.as_text()
    }

    fn date(&self, field: Name) -> Option<PartialDate> {
        self.value(exemptions::SECTION, field)?.as_date()
    }

    /// The code as checks are called by it, and the checks; not all of them look for what cannot be true.
    fn checks<'a>(&self, place: &Place<'a>) -> Result<(String, Vec<&'a Check>), NotExempt> {
        let code = fold(self.text(exemptions::CHECK).ok_or(NotExempt::NoCheck)?);
        let spellings = [code.to_uppercase(), code];
        let found = spellings.into_iter().find_map(|code| {
            let checks: Vec<&Check> = place.called(&code).collect();
            (!checks.is_empty()).then_some((code, checks))
        });
        let (code, checks) = found.ok_or(NotExempt::UnknownCheck)?;
        if checks.iter().all(|check| check.severity == Severity::Block) {
            return Err(NotExempt::Impossible);
        }
        Ok((code, checks))
    }

    /// The person that the row names; a row that names nobody is the whole household's.
    fn person(&self, place: &Place<'_>) -> Result<Option<u32>, Fault> {
        let keys = self.row.keys;
        if keys.are_none() {
            return Ok(None);
        }
        let given = |field| self.value(members::SECTION, field).and_then(Value::as_text);
        let local = given(members::PERSON_NUMBER).and_then(PersonId::from_local_number);
        let people = || place.people.people_of(0).map(|at| place.people.person(at));
        if let Some((_, PersonId(person))) = local.filter(|(village, _)| *village == place.village) {
            let is_here = people().any(|known| known.id == person);
            return if is_here { Ok(Some(person)) } else { Err(Some((members::PERSON_NUMBER, NotExempt::NoPerson))) };
        }
        let told_by = [members::PERSON_NUMBER, members::ID_NUMBER].into_iter().find(|field| given(*field).is_some());
        match find_worker(place.people, 0, keys) {
            Worker::Is(at) => Ok(Some(place.people.person(at).id)),
            Worker::OneOfSeveral => Err(Some((members::NAME, NotExempt::Namesakes))),
            Worker::Nobody => Err(Some((told_by.unwrap_or(members::NAME), NotExempt::NoPerson))),
        }
    }

    /// The kind, also where something stands behind its label, as in 其他（…）; a list may do without.
    fn kind(&self, catalogue: &Catalogue) -> Result<Option<Name>, NotExempt> {
        let Some(code) = self.value(exemptions::SECTION, exemptions::KIND).and_then(Value::as_code) else {
            return Ok(None);
        };
        let Some(label) = code.unlisted_label() else { return Ok(code.id()) };
        let label = folded(label);
        let field = catalogue.field(exemptions::SECTION, exemptions::KIND);
        let entries = field.and_then(|field| catalogue.list_of(field)).map_or(&[][..], |list| &list.entries);
        let meant = entries.iter().find(|entry| label.starts_with(&*fold(&entry.label)));
        let known = || entries.iter().map(|entry| &*entry.label).collect::<Vec<_>>().join("、").into();
        meant.map(|entry| Some(entry.id)).ok_or_else(|| NotExempt::UnknownKind { known: known() })
    }
}

impl<'a> Place<'a> {
    fn called(&self, code: &str) -> impl Iterator<Item = &'a Check> {
        self.definitions.checks.all.iter().filter(move |check| is_called(check, code))
    }

    /// Whether two codes name the same checks.
    pub fn is_same_check(&self, one: &str, other: &str) -> bool {
        one == other || {
            let ids = |code: &str| self.called(code).map(|check| check.id).collect::<Vec<_>>();
            let (one, other) = (ids(one), ids(other));
            !one.is_empty() && one == other
        }
    }
}
