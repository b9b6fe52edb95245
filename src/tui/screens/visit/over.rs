//! What happens in the forms and choices over the items, and how it comes into the draft.

use crate::domain::{EditRow, Finding, ItemAnswer, Name};
use crate::tui::actions::Action;
use crate::tui::desk::Desk;
use crate::tui::reply::Reply;
use crate::tui::widgets::form::Event;
use crate::tui::widgets::picker::Picked;
use crate::workspace::WorkspaceError;

use super::purpose::Purpose;
use super::slip::{Slip, is_blank};
use super::targets::Target;
use super::{Entry, Over, visit_form};

impl Entry {
    /// Opens a form over the items.
    pub(super) fn open_slip(&mut self, purpose: Purpose, desk: &Desk) -> Reply<Desk> {
        let Ok(visit) = visit_form(desk) else { return Reply::done() };
        let slip = Slip::open(purpose, &desk.ground(&visit, &self.file), &self.draft.filled);
        match slip {
            Some(mut slip) => {
                slip.form.show_private(desk.shows_private);
                self.over = Over::Slip(Box::new(slip));
                Reply::done()
            }
            None => Reply::warned("这一项没有可填的字段"),
        }
    }

    /// Says in the open form why something cannot be.
    pub(super) fn refuse(&mut self, field: &str, why: &str) {
        if let Over::Slip(slip) = &mut self.over {
            slip.form.refuse(field, why);
        }
    }

    /// The form in which an answer is completed.
    pub(super) fn purpose_of(&self, item: Name) -> Option<Purpose> {
        Some(match &self.draft.filled.items.get(&item)?.finding {
            Finding::AsOnFile => return None,
            Finding::Changed { .. } => Purpose::Said(item),
            Finding::Problem { .. } => Purpose::Problem(item),
            Finding::NotLooked { .. } => Purpose::NotLooked(item),
        })
    }

    /// The form in which one edit of an answer is completed, by its place among them.
    pub(super) fn purpose_of_edit(&self, item: Name, at: &str) -> Option<Purpose> {
        let edits = &self.draft.filled.items.get(&item)?.edits;
        let at: usize = at.parse().ok()?;
        let edit = edits.get(at)?;
        let alike = |other: &&EditRow| (other.section, other.row) == (edit.section, edit.row);
        Some(Purpose::Row(item, edit.section, edit.row, edits[..at].iter().filter(alike).count()))
    }

    pub(super) fn act_in_slip(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        let Over::Slip(slip) = &mut self.over else { return Reply::pass() };
        if action == Action::Unmask {
            // The rest of what is shown follows when the file is read again.
            slip.form.show_private(!desk.shows_private);
            return Reply::pass();
        }
        match slip.form.act(action) {
            Event::Passed if action == Action::Back => self.close_slip(desk),
            Event::Passed if action == Action::Discard => self.discard_slip(desk),
            Event::Passed => {
                // Whatever comes now leaves the field, so it is kept first.
                slip.form.settle();
                let kept = self.keep_slip(desk);
                if self.is_unkept { kept } else { Reply::pass() }
            }
            event => self.slip_event(event, desk),
        }
    }

    pub(super) fn slip_event(&mut self, event: Event, desk: &mut Desk) -> Reply<Desk> {
        let Over::Slip(slip) = &mut self.over else { return Reply::pass() };
        let event = if event == Event::AtEnd { slip.form.act(Action::Save) } else { event };
        match event {
            Event::Saved => self.save_slip(desk),
            Event::Left(_) => self.keep_slip(desk),
            Event::Done => {
                self.is_unkept = self.differs(desk);
                Reply::done()
            }
            event => event.reply(),
        }
    }

    pub(super) fn text(&mut self, text: &str, desk: &mut Desk) -> Reply<Desk> {
        match &mut self.over {
            Over::Slip(slip) => {
                let event = slip.form.text(text);
                self.slip_event(event, desk)
            }
            Over::Choice(picker, ..) => {
                let picked = picker.text(text);
                self.picked(picked, desk)
            }
            Over::OtherMonth(picker) => {
                let picked = picker.text(text);
                self.picked_month(&picked, desk)
            }
            Over::Nothing => Reply::pass(),
        }
    }

    pub(super) fn act_in_choice(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        let Over::Choice(picker, ..) = &mut self.over else { return Reply::pass() };
        if action == Action::Back {
            self.over = Over::Nothing;
            return Reply::done();
        }
        let picked = picker.act(action);
        self.picked(picked, desk)
    }

    pub(super) fn picked(&mut self, picked: Picked, desk: &mut Desk) -> Reply<Desk> {
        match (picked, std::mem::replace(&mut self.over, Over::Nothing)) {
            (Picked::Chosen(places), Over::Choice(_, targets, item)) => {
                let chosen = places.first().and_then(|at| targets.get(*at));
                let target: Option<Target> = chosen.map(|(_, target)| target.clone());
                target.map_or_else(Reply::done, |target| self.open_target(target, item, desk))
            }
            (picked, over) => {
                self.over = over;
                if picked == Picked::Passed { Reply::pass() } else { Reply::done() }
            }
        }
    }

    /// Whether something stands in the form that the draft does not hold.
    fn differs(&self, desk: &Desk) -> bool {
        let (Over::Slip(slip), Ok(visit)) = (&self.over, visit_form(desk)) else { return false };
        let mut filled = self.draft.filled.clone();
        slip.put(&desk.ground(&visit, &self.file), &mut filled);
        filled != self.draft.filled
    }

    /// Keeps what stands in an open form, the field with the cursor included.
    pub(super) fn keep_in_hand(&mut self, desk: &mut Desk) {
        if let Over::Slip(slip) = &mut self.over
            && slip.form.is_changed()
        {
            slip.form.settle();
            self.keep_slip(desk);
        }
    }

    /// What stands in the form goes into the draft, with the field that the cursor is in.
    fn keep_slip(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let Over::Slip(slip) = &self.over else { return Reply::done() };
        let at = format!("{}/{}", slip.purpose, slip.form.focus());
        self.keep_slip_at(at, desk)
    }

    fn keep_slip_at(&mut self, at: String, desk: &mut Desk) -> Reply<Desk> {
        let (Over::Slip(slip), Ok(visit)) = (&self.over, visit_form(desk)) else { return Reply::done() };
        slip.put(&desk.ground(&visit, &self.file), &mut self.draft.filled);
        self.draft.at = at;
        self.keep(desk)
    }

    /// The form is complete: back to the items, and on to the next one.
    fn save_slip(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let kept = self.keep_slip(desk);
        if self.is_unkept {
            return kept;
        }
        let Over::Slip(slip) = std::mem::replace(&mut self.over, Over::Nothing) else { return kept };
        match slip.purpose.item() {
            Some(item) if !self.draft.filled.items.contains_key(&item) => Reply::said("没有改动，这一项还没填"),
            Some(_) => {
                self.go_on();
                self.keep(desk)
            }
            None => kept,
        }
    }

    /// Back to the items; what was filled in stays.
    fn close_slip(&mut self, desk: &mut Desk) -> Reply<Desk> {
        if let Over::Slip(slip) = &mut self.over {
            slip.form.settle();
        }
        let item = self.item().map(|item| item.to_string()).unwrap_or_default();
        let kept = self.keep_slip_at(item, desk);
        if !self.is_unkept {
            self.over = Over::Nothing;
        }
        kept
    }

    /// Back to the items; what was filled in for the item goes.
    fn discard_slip(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let Over::Slip(slip) = &self.over else { return Reply::done() };
        let Some(item) = slip.purpose.item() else { return Reply::said("这些格子一格一格地改") };
        self.draft.filled.items.remove(&item);
        self.draft.at = item.to_string();
        self.over = Over::Nothing;
        let kept = self.keep(desk);
        if self.is_unkept { kept } else { kept.say("这一项填的丢掉了") }
    }

    /// Keeps the draft durably, and shows what follows from it.
    pub(super) fn keep(&mut self, desk: &mut Desk) -> Reply<Desk> {
        self.is_unkept = true;
        let kept = desk.workspace.keep_draft(&self.draft);
        let read = self.read(desk);
        match kept.and(read) {
            Ok(()) => {
                self.is_unkept = false;
                Reply::done()
            }
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    /// Reads again what is shown; a life event that answered an item may have been taken back meanwhile.
    pub(super) fn look_again(&mut self, desk: &mut Desk) -> Result<(), WorkspaceError> {
        self.read(desk)?;
        let forms = &self.file.forms;
        let stands = |id: &str| forms.iter().any(|form| &*form.id == id && !form.withdrawn);
        let mut is_other = false;
        self.draft.filled.items.retain(|_, answer| {
            let before = answer.events.len();
            answer.events.retain(|id| stands(id));
            let is_less = answer.events.len() != before;
            is_other |= is_less;
            !(is_less && is_blank(answer))
        });
        if is_other {
            desk.workspace.keep_draft(&self.draft)?;
            self.read(desk)?;
        }
        Ok(())
    }

    /// The item for which a life event was entered has changed, and the change is in the file.
    pub(super) fn link_event(&mut self, id: &str, desk: &mut Desk) -> Reply<Desk> {
        let Some(item) = self.awaits.take() else { return Reply::done() };
        let changed = || ItemAnswer::of(Finding::Changed { what: "".into(), since: None });
        let answer = self.draft.filled.items.entry(item).or_insert_with(changed);
        if !matches!(answer.finding, Finding::Changed { .. }) {
            *answer = ItemAnswer { agree: answer.agree, ..changed() };
        }
        answer.events.push(id.into());
        if self.item() == Some(item) {
            self.go_on();
        }
        self.keep(desk)
    }
}
