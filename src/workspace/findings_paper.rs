//! Findings on paper: the workbook for the township.

use std::path::Path;

use crate::catalogue::Field;
use crate::domain::HouseholdId;
use crate::exchange::save::save;
use crate::rules::check::Finding;

use super::error::WorkspaceError;
use super::open::Workspace;

impl Workspace {
    /// The row of a finding in the township's workbook.
    pub fn finding_row(&self, number: usize, id: HouseholdId, finding: &Finding) -> Vec<String> {
        let summary = self.households().get(id);
        let village = || self.settings().names.get(&id.village).cloned().unwrap_or_else(|| id.village.to_string());
        let national: Vec<&str> = finding.national.iter().map(|code| code.as_str()).collect();
        self.definitions.findings.row(number, |tells| match tells {
            "village" => village(),
            "household" => self.number_of(id),
            "head" => summary.map_or_else(String::new, |summary| summary.head.to_string()),
            "group" => summary.and_then(|summary| summary.group.as_deref()).unwrap_or_default().to_owned(),
            "person" => finding.person.map_or_else(String::new, |person| self.person_number(id, person)),
            "severity" => finding.state().to_owned(),
            "code" => finding.code.to_string(),
            "national" => national.join("、"),
            "message" => finding.message.clone(),
            "field" => self.field_in_words(finding),
            "remedy" => finding.remedy.to_string(),
            "source" => self.cited(&finding.source).title,
            "answer" => {
                finding.reason.as_ref().map_or_else(String::new, |reason| format!("{}（{}）", reason.why, reason.by))
            }
            _ => String::new(),
        })
    }

    /// Writes the workbook of these rows.
    pub fn write_findings(&self, path: &Path, rows: Vec<Vec<String>>) -> Result<(), WorkspaceError> {
        let day = self.today();
        let village = self.village_name().unwrap_or_default();
        let title = format!("{village} 核对问题 {day} 政策 {}", self.policy_in_words());
        let bytes = self.definitions.findings.workbook(title.trim(), day, rows)?;
        Ok(save(path, &bytes)?)
    }

    /// Where a finding is mended: the section's name, and the field's where it is one field.
    pub fn field_in_words(&self, finding: &Finding) -> String {
        let Some(slot) = finding.slot else { return String::new() };
        let catalogue = &self.definitions.catalogue;
        let section = catalogue.section(slot.section).map_or(slot.section.as_str(), |section| &section.label);
        let field = catalogue.in_slot(slot).map(|field: &Field| format!(" · {}", field.label)).unwrap_or_default();
        format!("{section}{field}")
    }
}
