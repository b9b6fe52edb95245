//! What is printed: status cards, round sheets.

use std::path::{Path, PathBuf};

use crate::domain::field::card;
use crate::domain::{Answer, EditRow, HouseholdId, Name, PartialDate, RowRef, Value};
use crate::exchange::card::{card_file_name, card_page};
use crate::exchange::round_sheet::{RoundSheet, round_sheet_page};
use crate::exchange::save::save;
use crate::forms::FormKind;
use crate::forms::reading::Fault;
use crate::progress::Progress;
use crate::rules::card::{Card, Source, card_content};
use crate::rules::stop::Stop;

use super::error::WorkspaceError;
use super::open::Workspace;
use super::record::Recorded;

impl Workspace {
    /// The status card of a household, as it would be printed today.
    pub fn card(&self, id: HouseholdId) -> Result<Card, WorkspaceError> {
        let file = self.file(id)?;
        let newest = file.newest_form(Name::fixed("verification"));
        let verification = match newest {
            Some(form) => self.form_text(id, form)?,
            None => None,
        };
        Ok(card_content(Source {
            looked: self.look().at(&file),
            village: self.settings().names.get(&id.village).map_or("", String::as_str),
            verification: verification.as_ref(),
            layout: &self.definitions.card,
        }))
    }

    /// The households that should have a card on the wall, in the order in which one walks.
    pub fn with_cards(&self) -> Result<Vec<HouseholdId>, WorkspaceError> {
        let mut found = Vec::new();
        for id in self.index().in_natural_order().filter(|id| self.is_at_work(*id)) {
            if self.standing(id)?.card.counts() {
                found.push(id);
            }
        }
        Ok(found)
    }

    /// Writes a card a household into a folder; gives the files written before it was cancelled.
    pub fn print_cards(
        &self,
        households: &[HouseholdId],
        folder: &Path,
        progress: &mut dyn Progress,
    ) -> Result<Vec<PathBuf>, WorkspaceError> {
        let mut files = Vec::new();
        for (done, id) in households.iter().enumerate() {
            if progress.is_cancelled() {
                break;
            }
            progress.step("写明白卡", done as u64, Some(households.len() as u64));
            let card = self.card(*id)?;
            let path = folder.join(card_file_name(&card));
            save(&path, card_page(&card).as_bytes())?;
            files.push(path);
        }
        Ok(files)
    }

    /// Notes that this year's card was put up on the wall today, as somebody says who did it or saw it.
    pub fn post_card(&mut self, id: HouseholdId) -> Result<Recorded, WorkspaceError> {
        let Some(form) = self.definitions.forms.all().find(|form| form.kind == FormKind::Edit).cloned() else {
            return Ok(Recorded::Refused(vec![Fault::at("form", "没有这种表")]));
        };
        let today = PartialDate::from(self.today());
        let year = PartialDate::year(today.known_year());
        let mut filled = self.blank(id, &form)?;
        filled.fields.insert(Name::fixed("happened_on"), Answer::Value(Value::Date(today)));
        let fields = [(card::YEAR, year), (card::POSTED_ON, Some(today))];
        let fields = fields.map(|(field, date)| (field, date.map(Value::Date))).to_vec();
        filled.edits.push(EditRow::of(card::SECTION, RowRef::At(0), fields));
        self.take_in(id.village, filled)
    }

    /// Where papers go unless somebody says otherwise.
    pub fn papers(&self) -> PathBuf {
        self.settings().papers.clone().unwrap_or_else(|| self.home().join("papers"))
    }

    /// Writes a round sheet of these households into a folder, beside those of the day; nothing if it was cancelled.
    pub fn print_round(
        &self,
        households: &[HouseholdId],
        folder: &Path,
        progress: &mut dyn Progress,
    ) -> Result<Option<PathBuf>, WorkspaceError> {
        let Some(visit) = self.definitions.forms.visit() else { return Ok(None) };
        let mut stops = Vec::with_capacity(households.len());
        for (done, id) in households.iter().enumerate() {
            if progress.is_cancelled() {
                return Ok(None);
            }
            progress.step("写走访单", done as u64, Some(households.len() as u64));
            let file = self.file(*id)?;
            let last = self.visit_before(&file)?;
            stops.push(Stop::of(self.look().at(&file), visit, last.as_ref()));
        }
        let by = self.author().map_or("", |author| author.name.as_str());
        let village = self.village_name().unwrap_or_default();
        let policy = self.policy_in_words();
        let sheet = RoundSheet::new(village, self.today(), by, &policy, &stops, &self.definitions.catalogue);
        let path = free_name(folder, &format!("走访单-{}", self.today()), "html");
        save(&path, round_sheet_page(&sheet).as_bytes())?;
        Ok(Some(path))
    }
}

/// A name that no file of the folder has yet.
pub(super) fn free_name(folder: &Path, name: &str, ending: &str) -> PathBuf {
    let numbered = (2..).map(|number: u32| folder.join(format!("{name}-{number}.{ending}")));
    let mut names = std::iter::once(folder.join(format!("{name}.{ending}"))).chain(numbered);
    names.find(|path| !path.exists()).unwrap_or_else(|| folder.join(name))
}
