//! The end of a visit: it is taken in, what happened is said in a sentence, and the next household comes.

use crate::domain::Name;
use crate::forms::reading::Fault;
use crate::tui::desk::Desk;
use crate::tui::reply::Reply;
use crate::workspace::visits::Visited;

use super::purpose::Purpose;
use super::slip::{EVIDENCE, SINCE};
use super::{At, Entry, Visit, sits, visit_form};

impl Visit {
    /// Takes the visit in and goes to the next household; or says what it lacks and goes there.
    pub(super) fn finish(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let At::Door(entry) = &mut self.at else { return Reply::pass() };
        if entry.sheet.is_closed {
            return self.leave_closed(desk);
        }
        match desk.workspace.finish_visit(&entry.draft) {
            Err(error) => Reply::warned(error.to_string()),
            Ok(Err(faults)) => entry.point_at(&faults, desk),
            Ok(Ok(visited)) => {
                let says = sentence(&entry.sheet.stop.head, &visited);
                if let Ok(visit) = visit_form(desk) {
                    desk.sitting.remember(sits(desk), &visit, &entry.draft.filled, entry.is_of_today);
                }
                self.next(desk);
                match &self.at {
                    At::End(month) if month.of > 0 => Reply::said(format!("{says}。本月该走访的都走完了")),
                    _ => Reply::said(says),
                }
            }
        }
    }

    /// A household whose last member went needs no visit any more.
    fn leave_closed(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let At::Door(entry) = &self.at else { return Reply::pass() };
        let says = format!("{}户档已销户，不再走访", entry.sheet.stop.head);
        match desk.workspace.drop_draft(entry.draft.household, entry.draft.filled.name) {
            Ok(()) => {
                self.next(desk);
                Reply::said(says)
            }
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    /// Goes to the household behind this one on the way; what was answered here stays a draft.
    pub(super) fn skip(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let At::Door(entry) = &self.at else { return Reply::pass() };
        let here = entry.draft.household;
        match desk.workspace.next_visit(Some(here)) {
            Ok(Some(next)) if next != here => {
                self.go(desk, Some(next));
                Reply::done()
            }
            Ok(_) => Reply::said("没有别的户要走访了"),
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    fn next(&mut self, desk: &mut Desk) {
        let At::Door(entry) = &self.at else { return };
        let here = entry.draft.household;
        match desk.workspace.next_visit(Some(here)) {
            Ok(next) => self.go(desk, next),
            Err(error) => self.at = At::Stuck(error.to_string()),
        }
    }
}

impl Entry {
    /// Goes to the first thing that the visit lacks, and says what it is.
    fn point_at(&mut self, faults: &[Fault], desk: &Desk) -> Reply<Desk> {
        let Some(fault) = faults.first() else { return Reply::done() };
        let left = self.sheet.unanswered();
        let mut parts = fault.field.split('.');
        let (part, item, field) = (parts.next(), parts.next(), parts.next());
        if part != Some("items") {
            let field = part.unwrap_or_default();
            self.open_slip(Purpose::Head, desk);
            self.refuse(field, &fault.why);
            return Reply::warned(fault.why.clone());
        }
        let item = Name::new(item.unwrap_or_default());
        if let Some(row) = self.sheet.stop.asks.iter().position(|ask| ask.item == item) {
            self.list.select(row);
        }
        let edit = parts.next().filter(|_| field == Some("edits")).and_then(|at| self.purpose_of_edit(item, at));
        if let (Some(field), Some(purpose)) = (field, edit.or_else(|| self.purpose_of(item))) {
            self.open_slip(purpose, desk);
            let field = match parts.next().unwrap_or(field) {
                "happened_on" | "since" => SINCE,
                "evidence" => EVIDENCE,
                field => field,
            };
            self.refuse(field, &fault.why);
            return Reply::warned(fault.why.clone());
        }
        match left {
            0 | 1 => Reply::warned(fault.why.clone()),
            left => Reply::warned(format!("{}；还有{left}项没填", fault.why)),
        }
    }
}

/// What a visit did, in a sentence.
fn sentence(head: &str, visited: &Visited) -> String {
    let some = |count: usize, text: String| (count > 0).then_some(text);
    let did: Vec<String> = [
        some(visited.confirmed, format!("确认{}节", visited.confirmed)),
        some(visited.changed, format!("变{}项", visited.changed)),
        some(visited.left_open, format!("其中{}项未入档", visited.left_open)),
        some(visited.problems, format!("待办{}件", visited.problems)),
        some(visited.not_looked, format!("没看到{}项", visited.not_looked)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let blank = match visited.blank.join("、") {
        blank if blank.is_empty() => String::new(),
        blank => format!("；未填 {blank}"),
    };
    format!("{head}走访已记(第{}号)：{}{blank}", visited.number, did.join("，"))
}
