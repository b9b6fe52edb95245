//! What the keys do over the items: answers of one key, and what opens over the items.

use crate::domain::{Finding, HouseholdFile, ItemAnswer, Name, OpenItem};
use crate::forms::{Form, Item};
use crate::rules::answer::{done_in_words, in_words};
use crate::tui::actions::Action;
use crate::tui::desk::Desk;
use crate::tui::reply::{Answer, Reply};
use crate::tui::screen::Hint;
use crate::tui::screens::dialog::Dialog;
use crate::tui::screens::form::{FormScreen, SAVED};
use crate::tui::widgets::picker::Picker;

use super::purpose::Purpose;
use super::targets::{self, Target};
use super::{At, Entry, Over, Visit, round_sheet, visit_form};

/// Asked where an item is opened: what of it?
const ITEM: &str = "visit.item";
/// Its answers; the first one leaves things as they are.
const OF_ITEM: [(&str, Option<Action>); 5] = [
    ("退回", None),
    ("一致", Some(Action::AsOnFile)),
    ("变", Some(Action::Changed)),
    ("问题", Some(Action::Problem)),
    ("没看到", Some(Action::NotLooked)),
];

impl Visit {
    pub(super) fn act_over_items(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        let At::Door(entry) = &mut self.at else { return Reply::pass() };
        match action {
            Action::Finish => self.finish(desk),
            Action::NextHousehold => self.skip(desk),
            Action::AsOnFile | Action::Changed | Action::Problem | Action::NotLooked => {
                entry.answer_unless_lost(action, desk)
            }
            Action::RestAsOnFile => entry.rest_as_on_file(desk),
            Action::Agree => entry.agree(desk),
            Action::VisitHead => entry.open_slip(Purpose::Head, desk),
            Action::LifeEvent => entry.choose_event(desk),
            Action::Card => desk.open_card(entry.draft.household),
            Action::Open => entry.open_item(desk),
            action if entry.list.act(action) => Reply::done(),
            _ => Reply::pass(),
        }
    }
}

impl Entry {
    pub(super) fn hints(&self) -> Vec<Hint> {
        let ask = self.list.selected().and_then(|row| self.sheet.stop.asks.get(row));
        let agree = ask.filter(|ask| ask.agree).map(|_| Action::Agree);
        let first = [Action::AsOnFile, Action::Changed, Action::Problem, Action::NotLooked, Action::RestAsOnFile];
        let then = [Action::Finish, Action::VisitHead];
        let more = [Action::NextHousehold, Action::LifeEvent, Action::PrintRound, Action::Open];
        first.into_iter().chain(then).chain(agree).chain(more).map(Hint::of).collect()
    }

    /// The answer to a question that a popup asked for this screen.
    pub(super) fn answered(&mut self, answer: &Answer, desk: &mut Desk) -> Reply<Desk> {
        match answer.question {
            round_sheet::QUESTION => desk.print_next(answer, Some(self.draft.household)),
            SAVED => self.link_event(answer.value("id"), desk),
            ITEM => match OF_ITEM.get(answer.choice) {
                Some((_, Some(action))) => self.answer_unless_lost(*action, desk),
                _ => Reply::done(),
            },
            question => match (answer.choice, Action::named(question)) {
                (1, Some(action)) => self.answer(action, desk),
                _ => Reply::done(),
            },
        }
    }

    /// Answers the item that the cursor is on; an answer that holds edits is not replaced unasked.
    fn answer_unless_lost(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        let answered = self.item().and_then(|item| self.draft.filled.items.get(&item));
        match answered.filter(|answered| would_be_lost(answered, action)) {
            Some(answered) => {
                let says = format!("已经填了“{}”。换一种，填的就不要了。", self.told(answered, desk));
                Reply::push(Dialog::question(action.row().name, "换掉", says, &["留着", "换掉"]))
            }
            None => self.answer(action, desk),
        }
    }

    fn answer(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        let (Some(item), Ok(visit)) = (self.item(), visit_form(desk)) else { return Reply::done() };
        let Some(item) = visit.item(item) else { return Reply::done() };
        match action {
            Action::AsOnFile => {
                let agree = self.draft.filled.items.get(&item.id).and_then(|answered| answered.agree);
                let settles = left_open(&self.file, item.id).map(|open| open.what.clone());
                let answer = ItemAnswer { agree, settles: settles.is_some(), ..ItemAnswer::of(Finding::AsOnFile) };
                self.draft.filled.items.insert(item.id, answer);
                self.go_on();
                let reply = self.keep(desk);
                match settles.filter(|_| !self.is_unkept) {
                    Some(what) => reply.say(format!("“{what}”就此了结：户档现在是对的")),
                    None => reply,
                }
            }
            Action::Changed => self.choose_change(item, &visit, desk),
            Action::Problem => self.open_slip(Purpose::Problem(item.id), desk),
            Action::NotLooked => self.open_slip(Purpose::NotLooked(item.id), desk),
            _ => Reply::pass(),
        }
    }

    /// Moves to the next item, and has the draft remember it.
    pub(super) fn go_on(&mut self) {
        self.list.act(Action::Down);
        self.draft.at = self.item().map(|item| item.to_string()).unwrap_or_default();
    }

    /// Everything that nobody answered is as on file; but not what is known to have changed and is not in the file yet.
    fn rest_as_on_file(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let left = self.sheet.unanswered();
        let mut waits = None;
        for (row, ask) in self.sheet.stop.asks.iter().enumerate() {
            let items = &mut self.draft.filled.items;
            if !items.contains_key(&ask.item) && left_open(&self.file, ask.item).is_some() {
                waits = waits.or(Some(row));
            } else {
                items.entry(ask.item).or_insert_with(|| ItemAnswer::of(Finding::AsOnFile));
            }
        }
        if let Some(row) = waits {
            self.list.select(row);
        }
        self.draft.at = self.item().map(|item| item.to_string()).unwrap_or_default();
        let reply = self.keep(desk);
        if self.is_unkept {
            return reply;
        }
        let done = left - self.sheet.unanswered();
        match waits.and_then(|row| self.sheet.stop.asks.get(row)) {
            Some(ask) => reply.warn(format!("余下{done}项记为与档一致；“{}”的变化还没入档，要单独答", ask.label)),
            None => reply.say(format!("余下{done}项记为与档一致")),
        }
    }

    /// Whether the household agrees: not asked, yes, no, and again.
    fn agree(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let ask = self.list.selected().and_then(|row| self.sheet.stop.asks.get(row));
        let Some(ask) = ask.filter(|ask| ask.agree) else { return Reply::said("这一项不问农户认可") };
        let Some(answer) = self.draft.filled.items.get_mut(&ask.item) else {
            return Reply::said("先填这一项，再记农户认不认可");
        };
        answer.agree = match answer.agree {
            None => Some(true),
            Some(true) => Some(false),
            Some(false) => None,
        };
        self.keep(desk)
    }

    /// Shows the item in full, and asks what was found.
    fn open_item(&self, desk: &Desk) -> Reply<Desk> {
        let Some(ask) = self.list.selected().and_then(|row| self.sheet.stop.asks.get(row)) else {
            return Reply::done();
        };
        let source = visit_form(desk).ok().and_then(|visit| visit.item(ask.item).map(|item| item.source.clone()));
        let document = source.map_or_else(String::new, |source| desk.workspace.cited(&source).title);
        let found = self.list.selected().and_then(|row| self.sheet.found.get(row)).map(|found| found.words.clone());
        let mut says = vec![format!("看：{}", ask.ask)];
        let mut add = |label: &str, text: &str| {
            if !text.is_empty() {
                says.push(format!("{label}：{text}"));
            }
        };
        add("档上", &ask.on_file);
        add("上次", ask.last.as_deref().unwrap_or_default());
        add("这次", found.as_deref().unwrap_or_default());
        add("出处", &document);
        says.extend(self.sheet.notes.iter().map(|note| format!("· {note}")));
        let labels = OF_ITEM.map(|(label, _)| label);
        Reply::push(Dialog::question(ITEM, &*ask.label, says.join("\n"), &labels))
    }

    /// Opens what can have changed: the form itself where there is only one.
    fn choose_change(&mut self, item: &Item, visit: &Form, desk: &mut Desk) -> Reply<Desk> {
        let mut targets = targets::of_item(&desk.ground(visit, &self.file), item, &self.draft.filled);
        match (targets.len(), targets.pop()) {
            (1, Some((_, target))) => self.open_target(target, item.id, desk),
            (_, Some(last)) => {
                targets.push(last);
                self.open_choice(format!("{} · 什么变了", item.label), targets, item.id)
            }
            (_, None) => Reply::done(),
        }
    }

    /// Opens the events of life for the item that offers them.
    fn choose_event(&mut self, desk: &Desk) -> Reply<Desk> {
        let Ok(visit) = visit_form(desk) else { return Reply::done() };
        let asked = |item: &&Item| item.events && self.sheet.stop.asks.iter().any(|ask| ask.item == item.id);
        let Some(item) = visit.items.iter().find(asked) else { return Reply::done() };
        let targets = targets::events(&desk.ground(&visit, &self.file));
        self.open_choice("家里事".to_owned(), targets, item.id)
    }

    fn open_choice(&mut self, title: String, targets: Vec<(String, Target)>, item: Name) -> Reply<Desk> {
        let picker = Picker::new(&title, targets::choices(&targets), &[], false);
        self.over = Over::Choice(Box::new(picker), targets, item);
        Reply::done()
    }

    pub(super) fn open_target(&mut self, target: Target, item: Name, desk: &mut Desk) -> Reply<Desk> {
        match target {
            Target::Slip(purpose) => self.open_slip(purpose, desk),
            Target::Event(form) => {
                self.awaits = Some(item);
                match FormScreen::open(desk, self.draft.household, form) {
                    Ok(Some(form)) => Reply::push(form),
                    Ok(None) => Reply::warned("没有这种表"),
                    Err(error) => Reply::warned(error.to_string()),
                }
            }
        }
    }

    fn told(&self, answer: &ItemAnswer, desk: &Desk) -> String {
        let look = desk.workspace.look();
        match &answer.finding {
            Finding::Changed { what, .. } if what.is_empty() => done_in_words(look.at(&self.file), answer),
            _ => in_words(look, answer),
        }
    }
}

/// What an earlier visit found changed of an item, where it is not in the file yet.
fn left_open(file: &HouseholdFile, item: Name) -> Option<&OpenItem> {
    file.open_items.iter().find(|open| open.item == item)
}

/// Whether answering in this way would throw away what was filled in.
fn would_be_lost(answer: &ItemAnswer, action: Action) -> bool {
    match (&answer.finding, action) {
        (Finding::AsOnFile, _)
        | (Finding::Changed { .. }, Action::Changed)
        | (Finding::Problem { .. }, Action::Problem)
        | (Finding::NotLooked { .. }, Action::NotLooked) => false,
        // What was only told goes along into the next form.
        (Finding::Changed { .. }, Action::Problem) => !answer.edits.is_empty() || !answer.events.is_empty(),
        _ => true,
    }
}
