//! Reasons given for findings: answers that hold as long as the facts do, and exemptions that end.

use chrono::NaiveDate;

use crate::changes::{Act, FieldChange};
use crate::checks::Severity;
use crate::domain::field::{answers, exemptions};
use crate::domain::{HouseholdFile, HouseholdId, Name, PartialDate, Quantity, Slot, Value};
use crate::rules::check::{Finding, Settled};

use super::error::WorkspaceError;
use super::open::Workspace;

/// The kind of an act that gives or takes back a reason.
pub const ANSWER: Name = Name::fixed("answer");

/// Why a reason was not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnswered {
    /// Nothing was said.
    #[error("要写明原因")]
    NoReason,
    /// What cannot be true has no reason.
    #[error("这一条不可能属实，只能改正，不能答复")]
    Impossible,
    /// An exemption has an end, and it lies ahead.
    #[error("豁免要写到哪一天为止，且不能早于今天")]
    NoEnd,
    /// There is nothing to take back.
    #[error("这一条没有答复")]
    NotThere,
}

/// What is granted with an exemption.
#[derive(Clone, Debug)]
pub struct Exemption {
    /// Its kind, by its id in the code list.
    pub kind: Name,
    /// Why.
    pub reason: String,
    /// Its last day.
    pub until: NaiveDate,
    /// Who approved it, where that is somebody else than who enters it.
    pub by: Option<String>,
}

/// An exemption as its row holds it.
#[derive(Clone, Debug)]
pub(super) struct Granted {
    /// The check, by its id or a code.
    pub check: Box<str>,
    /// The person; none is whoever the check finds in the household.
    pub person: Option<u32>,
    /// Its kind, where somebody said it.
    pub kind: Option<Name>,
    /// Why.
    pub reason: Box<str>,
    /// Until when.
    pub until: PartialDate,
    /// Who approved it.
    pub by: Box<str>,
    /// When it was approved, as far as it is known.
    pub on: Option<PartialDate>,
}

impl Granted {
    /// The fields of its row.
    pub fn fields(&self) -> Vec<(Name, Option<Value>)> {
        vec![
            (exemptions::CHECK, Value::text(&self.check)),
            (exemptions::PERSON, self.person.map(|person| Value::Quantity(Quantity::whole(person.into())))),
            (exemptions::KIND, self.kind.map(Value::code)),
            (exemptions::REASON, Value::text(&self.reason)),
            (exemptions::UNTIL, Some(Value::Date(self.until))),
            (exemptions::BY, Value::text(&self.by)),
            (exemptions::ON, self.on.map(Value::Date)),
        ]
    }
}

impl Workspace {
    /// Answers a finding with a reason: it is no longer open, until the facts change.
    pub fn answer(
        &mut self,
        id: HouseholdId,
        finding: &Finding,
        reason: &str,
    ) -> Result<Result<Act, NotAnswered>, WorkspaceError> {
        let reason = reason.trim();
        if let Some(fault) = cannot_settle(finding, reason) {
            return Ok(Err(fault));
        }
        let by = self.entering()?.name;
        let fields = vec![
            (answers::CHECK, Value::text(finding.check.as_str())),
            (answers::OF, Value::text(&finding.of)),
            (answers::FACTS, Value::text(&finding.facts)),
            (answers::ABOUT, Value::text(&format!("{} {}", finding.code, finding.message))),
            (answers::REASON, Value::text(reason)),
            (answers::BY, Value::text(&by)),
            (answers::ON, Some(Value::Date(PartialDate::from(self.today())))),
        ];
        self.put_row(id, answers::SECTION, fields).map(Ok)
    }

    /// Exempts a finding's household, or its person, from the check until a day.
    pub fn exempt(
        &mut self,
        id: HouseholdId,
        finding: &Finding,
        exemption: &Exemption,
    ) -> Result<Result<Act, NotAnswered>, WorkspaceError> {
        let reason = exemption.reason.trim();
        if let Some(fault) = cannot_settle(finding, reason) {
            return Ok(Err(fault));
        }
        if exemption.until < self.today() {
            return Ok(Err(NotAnswered::NoEnd));
        }
        let by = exemption.by.clone().map_or_else(|| self.entering().map(|author| author.name), Ok)?;
        let granted = Granted {
            check: finding.check.as_str().into(),
            person: finding.person,
            kind: Some(exemption.kind),
            reason: reason.into(),
            until: exemption.until.into(),
            by: by.into(),
            on: Some(self.today().into()),
        };
        self.put_row(id, exemptions::SECTION, granted.fields()).map(Ok)
    }

    /// Takes back the answer or the exemption of a finding, so that it is open again.
    pub fn withdraw_answer(
        &mut self,
        id: HouseholdId,
        finding: &Finding,
    ) -> Result<Result<Act, NotAnswered>, WorkspaceError> {
        let section = match finding.settled {
            Settled::Open => return Ok(Err(NotAnswered::NotThere)),
            Settled::Answered => answers::SECTION,
            Settled::Exempt => exemptions::SECTION,
        };
        let Some(row) = finding.reason.as_ref().map(|reason| reason.row) else { return Ok(Err(NotAnswered::NotThere)) };
        let file = self.file(id)?;
        let fields = file.row(section, row).into_iter().flat_map(|row| row.values()).map(|(field, _)| (field, None));
        let fields = fields.collect();
        self.put_fields(id, section, row, fields).map(Ok)
    }

    fn put_row(
        &mut self,
        id: HouseholdId,
        section: Name,
        fields: Vec<(Name, Option<Value>)>,
    ) -> Result<Act, WorkspaceError> {
        let row = self.file(id)?.next_row(section);
        self.put_fields(id, section, row, fields)
    }

    fn put_fields(
        &mut self,
        id: HouseholdId,
        section: Name,
        row: u32,
        fields: Vec<(Name, Option<Value>)>,
    ) -> Result<Act, WorkspaceError> {
        let author = self.entering()?;
        let file = self.file(id)?;
        let act_id = self.ids.make();
        let mut act = Act::new(id.village, ANSWER, &act_id, &author.name, author.role.identifier(), self.clock.now());
        act.changes.extend(changes(&file, section, row, fields));
        self.make(act)
    }
}

/// What changes where fields of a row become these values.
pub(super) fn changes(
    file: &HouseholdFile,
    section: Name,
    row: u32,
    fields: Vec<(Name, Option<Value>)>,
) -> impl Iterator<Item = FieldChange> {
    fields.into_iter().filter_map(move |(field, new)| {
        let slot = Slot { section, row, field };
        let old = file.get(slot).cloned();
        (old != new).then_some(FieldChange {
            household: file.id.serial,
            slot,
            old,
            new,
            happened_on: None,
            seen_on: None,
            evidence: None,
            item: None,
            evidence_only: false,
        })
    })
}

fn cannot_settle(finding: &Finding, reason: &str) -> Option<NotAnswered> {
    if finding.severity == Severity::Block {
        return Some(NotAnswered::Impossible);
    }
    reason.is_empty().then_some(NotAnswered::NoReason)
}
