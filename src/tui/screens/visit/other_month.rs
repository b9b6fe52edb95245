//! A visit that was begun in another month and not finished: a person says of which month it is.

use chrono::Datelike;

use crate::domain::{Answer, Month, Name, form_field};
use crate::tui::actions::Action;
use crate::tui::desk::Desk;
use crate::tui::reply::Reply;
use crate::tui::widgets::picker::{Choice, Picked, Picker};

use super::{Entry, Over, visit_form};

const THAT_MONTH: &str = "that";
const THIS_MONTH: &str = "this";
const NONE: &str = "none";

impl Entry {
    /// Asks of which month the visit is, where it was begun in another one than this.
    pub(super) fn ask_month(&mut self, desk: &Desk) {
        let today = desk.workspace.today();
        let begun = self.draft.begun_on().filter(|_| !self.draft.at.is_empty());
        let Some(begun) = begun.filter(|begun| Month::of(*begun) != Month::of(today)) else { return };
        let date = self.draft.filled.day(form_field::DATE.as_str()).unwrap_or(begun);
        let choices = vec![
            Choice::new(THAT_MONTH, format!("是那一次的（走访日期 {date}），接着填完")),
            Choice::new(THIS_MONTH, format!("是{}月这一次的，走访日期改成今天", today.month())),
            Choice::new(NONE, "不要了，从头填"),
        ];
        let title = format!("{}月{}日起填的走访没填完：是哪个月的？", begun.month(), begun.day());
        self.over = Over::OtherMonth(Box::new(Picker::new(&title, choices, &[], false)));
    }

    pub(super) fn act_in_month(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        let Over::OtherMonth(picker) = &mut self.over else { return Reply::pass() };
        // Without an answer nothing is entered, and the draft stays as it is.
        if action == Action::Back {
            return Reply::pass();
        }
        let picked = picker.act(action);
        self.picked_month(&picked, desk)
    }

    pub(super) fn picked_month(&mut self, picked: &Picked, desk: &mut Desk) -> Reply<Desk> {
        let Picked::Chosen(chosen) = picked else {
            return if *picked == Picked::Passed { Reply::pass() } else { Reply::done() };
        };
        let Ok(visit) = visit_form(desk) else { return Reply::done() };
        self.over = Over::Nothing;
        let today = desk.workspace.today();
        // Said once, it is not asked again this month.
        self.draft.on = Some(today);
        match chosen.first() {
            Some(0) => {}
            Some(1) => {
                self.draft.filled.fields.insert(Name::fixed("date"), Answer::Day(today));
            }
            _ => {
                let begun = desk.workspace.drop_draft(self.draft.household, self.draft.filled.name);
                match begun.and_then(|()| desk.workspace.begin(self.draft.household, &visit)) {
                    Ok(draft) => {
                        self.draft = draft;
                        self.is_of_today = true;
                        self.begun = format!("录入{}起", desk.workspace.clock().now().format("%H:%M"));
                        self.list.select(0);
                    }
                    Err(error) => return Reply::warned(error.to_string()),
                }
                return match self.read(desk) {
                    Ok(()) => Reply::said("没填完的丢掉了，从头填"),
                    Err(error) => Reply::warned(error.to_string()),
                };
            }
        }
        let reply = self.keep(desk);
        self.resume(desk, &visit);
        reply
    }
}
