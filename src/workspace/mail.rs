//! What comes back from the county, taken in at once whatever it is: receipts, filled workbooks, one's own earlier sets;
//! and what came of it, change by change.

use std::path::PathBuf;

use crate::changes::correction::CORRECTION;
use crate::changes::verdicts::spoken_of;
use crate::changes::{Act, FieldChange};
use crate::domain::{Chain, HouseholdId, Side, VillageCode};
use crate::exchange::answer_sheet::Problem;
use crate::exchange::set::SetId;
use crate::progress::Progress;

use super::answer_sheets::SheetTaken;
use super::arrival::{Arrival, Conflict, Fingerprint, Trust};
use super::error::WorkspaceError;
use super::open::Workspace;
use super::states::RefusedChange;

/// What came of files from the county.
#[derive(Debug, Default)]
pub struct Mail {
    /// The sets among them.
    pub arrival: Arrival,
    /// The workbooks among them, each by its file.
    pub sheets: Vec<(String, SheetTaken)>,
    /// Workbooks that say nothing that can be meant, each by its file, with what is wrong, which names it too.
    pub unusable: Vec<(String, String)>,
    /// How many changes the county now says to have taken.
    pub taken: usize,
    /// What it now refuses, and still stands as it was handed over.
    pub refused: Vec<RefusedChange>,
    /// How many changes it refuses that were changed again meanwhile.
    pub refused_and_changed: usize,
    /// What it corrected where the village had not moved.
    pub corrected: Vec<Corrected>,
}

/// A field that the county corrected.
#[derive(Clone, Debug, PartialEq)]
pub struct Corrected {
    /// Whose.
    pub household: HouseholdId,
    /// The change, as it now stands in the village's chain.
    pub change: FieldChange,
    /// Who at the county entered it.
    pub by: Box<str>,
}

impl Mail {
    /// The fields that both sides changed, so that a person has to choose.
    pub fn conflicts(&self) -> &[Conflict] {
        &self.arrival.conflicts
    }

    /// The village's own sets that came back.
    pub fn own_sets(&self) -> impl Iterator<Item = &SetId> {
        self.arrival.applied.iter().filter(|set| set.side == Side::Village)
    }

    /// The county's receipts.
    pub fn receipts(&self) -> impl Iterator<Item = &SetId> {
        self.arrival.applied.iter().filter(|set| set.side == Side::County)
    }

    /// Lines of workbooks that were left out, each with its file.
    pub fn problems(&self) -> impl Iterator<Item = (&str, &Problem)> {
        self.sheets.iter().flat_map(|(file, sheet)| sheet.problems.iter().map(move |problem| (file.as_str(), problem)))
    }
}

impl Workspace {
    /// Takes in what came from the county. A file that is refused keeps nothing of another out.
    pub fn take_in_mail(
        &mut self,
        files: &[PathBuf],
        trust: &Trust,
        progress: &mut dyn Progress,
    ) -> Result<Mail, WorkspaceError> {
        let (sheets, sets): (Vec<_>, Vec<_>) = files.iter().cloned().partition(|path| Self::is_sheet(path));
        let mut mail = Mail::default();
        if !sets.is_empty() {
            mail.arrival = self.take_in_sets(&sets, trust, progress)?;
        }
        for (done, path) in sheets.iter().enumerate() {
            progress.step("收工作簿", done as u64, Some(sheets.len() as u64));
            if progress.is_cancelled() {
                mail.arrival.cancelled = true;
                break;
            }
            match self.take_in_sheet(path) {
                Ok(sheet) => mail.sheets.push((path.display().to_string(), sheet)),
                Err(WorkspaceError::Sheet(fault)) => {
                    mail.unusable.push((path.display().to_string(), fault.to_string()))
                }
                Err(error) => return Err(error),
            }
        }
        self.look_into(&mut mail)?;
        Ok(mail)
    }

    /// Believes the county's key with this fingerprint, as a person says who has compared it, and takes in what waited.
    pub fn trust_mail(
        &mut self,
        village: VillageCode,
        fingerprint: &Fingerprint,
        progress: &mut dyn Progress,
    ) -> Result<Mail, WorkspaceError> {
        let (arrival, _) = self.trust(village, fingerprint, progress)?;
        let mut mail = Mail { arrival, ..Mail::default() };
        self.look_into(&mut mail)?;
        Ok(mail)
    }

    /// Finds out what the county said by acts that are new here.
    fn look_into(&self, mail: &mut Mail) -> Result<(), WorkspaceError> {
        let mut answers: Vec<Act> = Vec::new();
        for set in mail.receipts() {
            let acts = self.store.readable(set.chain(), set.from..=set.to);
            answers.extend(acts.map(|stored| stored.map(|stored| stored.act)).collect::<Result<Vec<_>, _>>()?);
        }
        answers.extend(mail.sheets.iter().filter_map(|(_, sheet)| sheet.act.clone()));
        let Some(village) = answers.first().map(|act| act.village) else { return Ok(()) };
        for correction in answers.iter().filter(|act| act.kind == CORRECTION) {
            self.corrected_by(correction, &mut mail.corrected)?;
        }
        let verdicts = self.verdicts(village)?;
        let last = self.store.counters(village).last_act;
        for number in spoken_of(answers.iter().flat_map(|act| &act.verdicts), last) {
            let Some(act) = self.store.act(village, number)?.map(|stored| stored.act) else { continue };
            // What came of a roster was never the clerk's to enter.
            let parts = if act.is_news() { act.field_changes().count() as u32 } else { 0 };
            for word in (1..=parts).filter_map(|part| Some((part, verdicts.of(number, part)?))) {
                let stands = self.refused().iter().find(|it| (it.act, it.part) == (number, word.0));
                match (word.1.verdict.refused, stands) {
                    (false, _) => mail.taken += 1,
                    (true, Some(refused)) => mail.refused.push(refused.clone()),
                    (true, None) => mail.refused_and_changed += 1,
                }
            }
        }
        Ok(())
    }

    /// The changes that the village's chain has of a correction.
    fn corrected_by(&self, correction: &Act, corrected: &mut Vec<Corrected>) -> Result<(), WorkspaceError> {
        let village = correction.village;
        let Some(number) = self.follower_of(Chain::of_county(village), correction.number)? else { return Ok(()) };
        let Some(act) = self.store.act(village, number)?.map(|stored| stored.act) else { return Ok(()) };
        corrected.extend(act.field_changes().map(|change| Corrected {
            household: HouseholdId { village, serial: change.household },
            change,
            by: correction.by.clone(),
        }));
        Ok(())
    }
}
