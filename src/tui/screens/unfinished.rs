//! What is half filled, gone on with: each where it was left.

use crate::catalogue::Deed;
use crate::domain::{HouseholdId, RowRef};
use crate::forms::FormKind;
use crate::tui::actions::Action;
use crate::tui::desk::Desk;
use crate::tui::reply::Reply;
use crate::tui::world::World;
use crate::workspace::drafts::FormDraft;
use crate::workspace::typed::About;
use crate::workspace::unfinished::Unfinished;

use super::county::Answers;
use super::file::FileScreen;
use super::form::{FormScreen, open_offered};
use super::people::People;
use super::review::Review;
use super::tasks::Tasks;

impl Desk {
    /// Goes on with something half filled, at the field where it was left.
    pub(in crate::tui) fn resume(&mut self, one: &Unfinished) -> Reply<Self> {
        match one {
            Unfinished::Form(draft) => self.resume_form(draft),
            Unfinished::Typed(typed) => match &typed.about {
                About::Cell(id, slot) => FileScreen::resume_cell(self, *id, *slot),
                About::Task(id, row) => Tasks::resume(self, (*id, *row)),
                About::Reason(id, check, of) => FileScreen::resume_reason(self, *id, (check, of, false)),
                About::Exemption(id, check, of) => FileScreen::resume_reason(self, *id, (check, of, true)),
                About::Return(id) => Review::resume(self, *id),
                About::Refusal(village, act, part) => Answers::resume(self, *village, (*act, *part)),
                About::Offers(id, act) => open_offered(self, *id, *act),
                About::Settings => self.act(Action::OpenSettings),
                About::Somebody => People::resume(self),
            },
        }
    }

    fn resume_form(&mut self, draft: &FormDraft) -> Reply<Self> {
        let (id, name) = (draft.household, draft.filled.name);
        let Some(kind) = self.workspace.definitions().forms.get(name).map(|form| form.kind) else {
            return Reply::warned("没有这种表");
        };
        let row = draft.filled.edits.first().map(|edit| (edit.section, edit.row));
        match kind {
            FormKind::Visit => self.open_visit(id),
            FormKind::Edit => FileScreen::resume_row(self, id, row.unwrap_or((name, RowRef::At(0)))),
            FormKind::Screening => self.resume_at(id, draft, Deed::Screening),
            FormKind::Verification => self.resume_at(id, draft, Deed::Verification),
            FormKind::Event => self.resume_at(id, draft, Deed::Event),
            FormKind::Withdraw => self.resume_at(id, draft, Deed::Withdraw),
        }
    }

    fn resume_at(&mut self, id: HouseholdId, draft: &FormDraft, deed: Deed) -> Reply<Self> {
        if let Some(refused) = self.refuses(id, deed) {
            return refused;
        }
        match FormScreen::open(self, id, draft.filled.name) {
            Ok(Some(form)) => Reply::push(form),
            Ok(None) => Reply::warned("没有这种表"),
            Err(error) => Reply::warned(error.to_string()),
        }
    }
}
