//! What is particular to the forms of a round: answers that are proposed, and one key for "none of the others applies".

use crate::domain::form_field::{self, OPINION};
use crate::domain::{Answer, FilledForm};
use crate::forms::{FieldKind, FormKind};
use crate::policy::Round;
use crate::rules::proposed::{self, NO_RISK};
use crate::tui::desk::Desk;
use crate::tui::reply::Reply;
use crate::workspace::WorkspaceError;

use super::FormScreen;

/// The round that a form is of, as far as it is filled.
pub(super) fn of<'a>(desk: &'a Desk, filled: &FilledForm) -> Option<&'a Round> {
    match filled.fields.get(&form_field::ROUND) {
        Some(Answer::Round(round)) => desk.workspace.policy().round(*round),
        _ => None,
    }
}

impl FormScreen {
    /// Works out what is proposed for the groups of the round.
    pub(super) fn propose(&mut self, desk: &Desk) -> Result<(), WorkspaceError> {
        let workspace = &desk.workspace;
        self.proposed.clear();
        if let Some(round) = of(desk, &self.filled).filter(|_| self.form.has_groups()) {
            let screened = match self.form.kind {
                FormKind::Verification => workspace.form_of_round(self.household, "screening", round)?,
                _ => None,
            };
            self.proposed = proposed::of_groups(workspace.look().at(&self.file), round, screened.as_ref());
        }
        Ok(())
    }

    /// Takes no for an answer to every group that is still open; with none left, the opinion is that there is no risk.
    pub(super) fn none_apply(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let Some(round) = of(desk, &self.filled).filter(|_| self.form.kind == FormKind::Screening).cloned() else {
            return Reply::pass();
        };
        let Some(groups) = self.form.fields.iter().find(|field| matches!(field.kind, FieldKind::Groups)) else {
            return Reply::pass();
        };
        for group in proposed::none_of(&round, &self.filled, &self.proposed) {
            self.widget.pick(&format!("{}.{group}", groups.id), "no");
        }
        self.read_answers(desk);
        let follows = proposed::code(self.form.kind, OPINION, &round, &self.filled, &self.proposed);
        let is_without_risk = follows == Some(NO_RISK) && !self.filled.fields.contains_key(&OPINION);
        if is_without_risk {
            self.widget.pick(OPINION.as_str(), NO_RISK.as_str());
            self.read_answers(desk);
        }
        self.widget.focus_on_open();
        let waits = self.proposed.keys().any(|group| !self.filled.groups.contains_key(group));
        self.keep_now(desk).unwrap_or_else(|| {
            Reply::said(match (is_without_risk, waits) {
                (true, _) => "各类都记为不属于，意见记无风险；看过就保存",
                (false, true) => "没答的都记为不属于；户档证明的，逐类认定或写不属于的理由",
                (false, false) => "没答的都记为不属于",
            })
        })
    }
}
