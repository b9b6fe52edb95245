//! What is half filled and not saved: offered when the program opens, so that nothing lies forgotten.

use chrono::NaiveDate;

use crate::catalogue::print::day_in_words;
use crate::domain::{Household, HouseholdId, PartialDate};
use crate::forms::FormKind;
use crate::rules::answer::slot_in_words;

use super::drafts::{FormDraft, key_of};
use super::error::WorkspaceError;
use super::open::Workspace;
use super::typed::{About, Typed};

/// One thing that is half filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfinished {
    /// A form.
    Form(FormDraft),
    /// A popup, one field, the settings.
    Typed(Typed),
}

impl Unfinished {
    /// Whose it is.
    pub fn household(&self) -> Option<HouseholdId> {
        match self {
            Self::Form(draft) => Some(draft.household),
            Self::Typed(typed) => typed.about.household(),
        }
    }

    /// The day on which it was begun.
    pub fn on(&self) -> Option<NaiveDate> {
        match self {
            Self::Form(draft) => draft.begun_on(),
            Self::Typed(typed) => Some(typed.on),
        }
    }
}

impl Workspace {
    /// What is half filled, the latest first.
    pub fn unfinished(&self) -> Result<Vec<Unfinished>, WorkspaceError> {
        let mut all = Vec::new();
        for draft in self.drafts() {
            let is_taken_in = self.store.act_with_id(self.enters_into(draft.household.village), &draft.filled.id)?;
            if is_taken_in.is_none() && self.is_begun(&draft).unwrap_or(true) {
                all.push(Unfinished::Form(draft));
            }
        }
        all.extend(self.all_typed().into_iter().map(Unfinished::Typed));
        all.retain(|one| one.household().is_none_or(|id| self.is_at_work(id)));
        all.sort_by_key(|one| std::cmp::Reverse(one.on()));
        Ok(all)
    }

    /// Lets go of something half filled.
    pub fn drop_unfinished(&mut self, one: &Unfinished) -> Result<(), WorkspaceError> {
        match one {
            Unfinished::Form(draft) => Ok(self.store.drop_draft(&key_of(draft))?),
            Unfinished::Typed(typed) => self.drop_typed(&typed.about),
        }
    }

    /// What something half filled is, in a word or two: `走访`, `修改 收入`.
    pub fn unfinished_in_words(&self, one: &Unfinished) -> String {
        let catalogue = &self.definitions.catalogue;
        match one {
            Unfinished::Form(draft) => {
                let form = self.definitions.forms.get(draft.filled.name);
                let label = form.map_or(draft.filled.name.as_str(), |form| &form.label);
                let section = draft.filled.edits.first().and_then(|edit| catalogue.section(edit.section));
                match section.filter(|_| form.is_some_and(|form| form.kind == FormKind::Edit)) {
                    Some(section) => format!("{label} {}", section.label),
                    None => label.to_owned(),
                }
            }
            Unfinished::Typed(typed) => match &typed.about {
                About::Cell(_, slot) => format!("修改 {}", slot_in_words(catalogue, *slot)),
                About::Task(..) => "办结待办".to_owned(),
                About::Reason(..) => "核对的说明".to_owned(),
                About::Exemption(..) => "豁免".to_owned(),
                About::Return(_) => "退回的意见".to_owned(),
                About::Refusal(..) => "不予录入的原因".to_owned(),
                About::Offers(..) => "表上问到的记进户档".to_owned(),
                About::Settings => "设置".to_owned(),
                About::Somebody => "换人".to_owned(),
            },
        }
    }

    /// Says what is half filled with its day, and with why it cannot be gone on with, where that is so.
    pub fn unfinished_in_full(&self, one: &Unfinished) -> String {
        let year = PartialDate::from(self.today()).known_year();
        let on = one.on().map_or_else(String::new, |on| format!("，{}起", day_in_words(PartialDate::from(on), year)));
        let closed = if self.is_of_closed(one) { "；户档已销户，记不进去了" } else { "" };
        format!("{}{on}{closed}", self.unfinished_in_words(one))
    }

    /// Whether it is about a household that takes no forms any more.
    pub fn is_of_closed(&self, one: &Unfinished) -> bool {
        let file = one.household().and_then(|id| self.file(id).ok());
        file.is_some_and(|file| Household::of(&file).closed_on().is_some())
    }
}
