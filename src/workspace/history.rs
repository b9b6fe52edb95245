//! What happened to a household: its acts, read back.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::changes::correction::CORRECTION;
use crate::changes::review::{HOLD, REVIEW};
use crate::changes::withdraw::WITHDRAW;
use crate::changes::{Act, FieldChange};
use crate::domain::{FilledForm, FormRef, HouseholdFile, HouseholdId, Name, PartialDate, Slot, Value};
use crate::policy::Round;
use crate::rules::round::form_of;

use super::answers::ANSWER;
use super::choice::CHOICE;
use super::confirm::CONFIRM;
use super::error::WorkspaceError;
use super::in_words::InWords;
use super::open::Workspace;
use super::undo::UNDO;
use super::verdicts::VERDICT;

/// What the county's corrections are called.
const CORRECTED: &str = "县里更正";

/// One change of one field in words, or an act that changed none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// The number of its act.
    pub number: u64,
    /// The local day of its entry.
    pub entered_on: NaiveDate,
    /// Who entered it.
    pub by: String,
    /// The form or the event that brought it, or the roster.
    pub kind: String,
    /// Which field; none where nothing changed.
    pub slot: Option<Slot>,
    /// Whose or which row it is, and the field; or the sections that were confirmed.
    pub what: String,
    /// What was there.
    pub old: String,
    /// What came.
    pub new: String,
    /// When it happened in life.
    pub happened_on: Option<PartialDate>,
    /// When it was seen.
    pub seen_on: Option<NaiveDate>,
    /// On what evidence.
    pub evidence: Option<String>,
}

/// What the first secretary said of a household by an act.
fn review_in_words(act: &Act, household: u32) -> String {
    let review = act.reviews.iter().find(|review| review.household == household).map(|review| &review.what);
    let word = review.map_or("", |review| if review.approved { "通过" } else { "退回" });
    match review.and_then(|review| review.remark.as_deref()) {
        Some(remark) => format!("{word}：{remark}"),
        None => word.to_owned(),
    }
}

/// Why an act takes another one back, where somebody had to say.
pub(super) fn withdrawn_in_words(act: &Act) -> String {
    let Some((number, form)) = act.undoes.zip(act.form.as_ref()).filter(|_| act.kind == WITHDRAW) else {
        return String::new();
    };
    let reason = form.value("reason").and_then(Value::as_text).unwrap_or_default();
    format!("撤回第{number}号：{reason}")
}

impl Workspace {
    /// Every change of a file's fields, and what else was done with it, the newest first.
    pub fn past_of(&self, file: &HouseholdFile, shows_private: bool) -> Result<Vec<Past>, WorkspaceError> {
        let mut past = Vec::new();
        let acts = self.acts_of(file)?;
        let taken_back: BTreeMap<u64, &str> = acts
            .iter()
            .filter_map(|act| Some((act.undoes?, if act.kind == WITHDRAW { "已撤回" } else { "已撤销" })))
            .collect();
        for act in &acts {
            let in_words = InWords {
                catalogue: &self.definitions.catalogue,
                file,
                act,
                household: &|serial| self.household_in_words(HouseholdId { serial, ..file.id }),
                shows_private,
            };
            let kind = match act.origin.as_ref().and_then(|origin| self.definitions.rosters.kind(origin.roster)) {
                Some(roster) => format!("导入 {}", roster.label),
                // A correction is of no roster, and is called what its act is.
                None => self.kind_in_words(act.kind).to_owned(),
            };
            let kind = taken_back.get(&act.number).map_or(kind.clone(), |how| format!("{kind}（{how}）"));
            let why = withdrawn_in_words(act);
            let has_reason = !why.is_empty();
            let other = Past {
                number: act.number,
                entered_on: act.entered_on(),
                by: act.by.to_string(),
                kind,
                slot: None,
                what: [why, self.confirmed_in_words(act, file), review_in_words(act, file.id.serial)].concat(),
                old: String::new(),
                new: String::new(),
                happened_on: None,
                seen_on: None,
                evidence: None,
            };
            let before = past.len();
            let line = |change: &FieldChange, aside: &str| Past {
                slot: Some(change.slot),
                what: format!("{} {}{aside}", in_words.row(change), in_words.label(change.slot)),
                old: in_words.value(change.slot, change.old.as_ref()),
                new: in_words.value(change.slot, change.new.as_ref()),
                happened_on: change.happened_on,
                seen_on: change.seen_on,
                evidence: change.evidence.as_deref().map(str::to_owned),
                ..other.clone()
            };
            // What a roster left blank is no change.
            let of_this = act.field_changes().filter(|change| change.household == file.id.serial);
            let of_this = of_this.filter(|change| change.old != change.new || change.evidence_only);
            past.extend(of_this.map(|change| line(&change, "")));
            let outdated = act.outdated.iter().filter(|change| change.household == file.id.serial);
            past.extend(outdated.map(|change| line(change, "（早于现在的，没有改）")));
            if past.len() == before || has_reason {
                past.push(other);
            }
        }
        past.reverse();
        Ok(past)
    }

    /// What sort of act this is, in a word: the form, the event in life, or what else was done.
    pub fn kind_in_words(&self, kind: Name) -> &str {
        match self.definitions.forms.get(kind) {
            Some(form) => &form.label,
            None if kind == CONFIRM => "核实无变",
            None if kind == ANSWER => "核对答复",
            None if kind == CHOICE => "选定",
            None if kind == UNDO => "撤销",
            None if kind == REVIEW => "审核",
            None if kind == HOLD => "暂缓放行",
            None if kind == CORRECTION => CORRECTED,
            None if kind == VERDICT => "县里答复",
            None => "导入",
        }
    }

    /// What a roster is called by whose name a file knows what it said; the county's corrections are known like one.
    pub fn roster_in_words(&self, kind: Name) -> &str {
        match self.definitions.rosters.kind(kind) {
            Some(kind) => &kind.label,
            None if kind == CORRECTION => CORRECTED,
            None => "名册",
        }
    }

    /// The sections of a file that an act confirmed, by their names.
    fn confirmed_in_words(&self, act: &Act, file: &HouseholdFile) -> String {
        let confirms =
            act.confirms.iter().filter(|confirm| confirm.household == file.id.serial && act.undoes.is_none());
        let label =
            |section: Name| self.definitions.catalogue.section(section).map_or(section.as_str(), |known| &known.label);
        let labels: Vec<&str> = confirms.map(|confirm| label(confirm.section)).collect();
        if labels.is_empty() { String::new() } else { format!("核实 {}", labels.join("、")) }
    }

    /// The acts that touched a file, oldest first.
    pub fn acts_of(&self, file: &HouseholdFile) -> Result<Vec<Act>, WorkspaceError> {
        let mut acts = Vec::with_capacity(file.acts.len());
        for number in &file.acts {
            acts.extend(self.store.act(file.id.village, *number)?.map(|stored| stored.act));
        }
        Ok(acts)
    }

    /// The acts that hold a file's forms.
    pub fn form_acts_of(&self, file: &HouseholdFile) -> Result<Vec<Act>, WorkspaceError> {
        let mut acts = Vec::with_capacity(file.forms.len());
        for form in &file.forms {
            acts.extend(self.store.act(file.id.village, form.act)?.map(|stored| stored.act));
        }
        Ok(acts)
    }

    /// The newest form of this name that a household has of a round, as it was filled.
    pub fn form_of_round(
        &self,
        household: HouseholdId,
        name: &'static str,
        round: &Round,
    ) -> Result<Option<FilledForm>, WorkspaceError> {
        match form_of(&self.file(household)?, name, round) {
            Some(form) => self.form_text(household, form),
            None => Ok(None),
        }
    }

    /// A form as it was filled.
    pub fn form_text(&self, household: HouseholdId, form: &FormRef) -> Result<Option<FilledForm>, WorkspaceError> {
        Ok(self.store.act(household.village, form.act)?.and_then(|stored| stored.act.form))
    }
}
