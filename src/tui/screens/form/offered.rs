//! What a finished survey offers to the file: yes or no to each field, so that nothing is typed twice.

use ratatui::layout::Rect;

use crate::domain::{FilledForm, HouseholdId, Slot};
use crate::rules::offers::Offer;
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::frame::panes;
use crate::tui::reply::{Answer, Effect, Reply};
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::widgets::form::{Event, Field, Form};
use crate::workspace::in_words::UNKNOWN;

/// The offers of a form that was taken in.
pub(super) struct Offered {
    household: HouseholdId,
    head: String,
    filled: FilledForm,
    offers: Vec<Offer>,
    widget: Form,
    /// What whoever opened the form is told once this is done.
    then: Answer,
}

impl Offered {
    /// The offers, each taken unless a person says no.
    pub(super) fn open(
        desk: &Desk,
        household: HouseholdId,
        filled: FilledForm,
        offers: Vec<Offer>,
        then: Answer,
    ) -> Self {
        let catalogue = &desk.workspace.definitions().catalogue;
        let file = desk.workspace.file(household).ok();
        let held = |slot: Slot| file.as_ref().and_then(|file| file.get(slot));
        let fields = offers.iter().enumerate().filter_map(|(at, offer)| {
            let field = catalogue.in_slot(offer.slot)?;
            let was = held(offer.slot).map_or_else(|| UNKNOWN.to_owned(), |value| desk.show(field, value));
            let change = format!("{was} → {}", desk.show(field, &offer.value));
            Some(Field::yes_no(&at.to_string(), &field.label).required().holding("是").beside(change))
        });
        Self {
            head: desk.workspace.households().get(household).map_or_else(String::new, |known| known.head.to_string()),
            widget: Form::new(fields.collect(), desk.workspace.today()),
            household,
            filled,
            offers,
            then,
        }
    }

    fn took(&mut self, event: Event, desk: &mut Desk) -> Reply<Desk> {
        match event {
            Event::Saved => self.save(desk),
            event => event.reply(),
        }
    }

    fn save(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let is_wanted = |at: usize| self.widget.field(&at.to_string()).is_some_and(|it| it.picked() == ["yes"]);
        let offers = self.offers.iter().enumerate().filter(|(at, _)| is_wanted(*at));
        let offers: Vec<Offer> = offers.map(|(_, offer)| offer.clone()).collect();
        match desk.workspace.take_offers(self.household, &self.filled, &offers) {
            Ok(Ok(numbers)) if numbers.is_empty() => self.done("户档没有改"),
            Ok(Ok(numbers)) => {
                let noted = desk.noted(self.household, &numbers);
                self.done(format!("{noted}：{}处记进了户档", offers.len()))
            }
            Ok(Err(faults)) => {
                let whys: Vec<&str> = faults.iter().map(|fault| fault.why.as_str()).collect();
                Reply::warned(whys.join("；"))
            }
            Err(error) => Reply::warned(format!("没有记下：{error}")),
        }
    }

    fn done(&self, says: impl Into<String>) -> Reply<Desk> {
        Reply::done().and(Effect::Answer(self.then.clone())).refresh().say(says)
    }
}

impl Screen<Desk> for Offered {
    fn name(&self) -> &'static str {
        "offered"
    }

    fn title(&self) -> Title {
        Title::with(format!("记进户档 · {}", self.head), "表上问到的，户档里不一样")
    }

    fn contexts(&self) -> Vec<Context> {
        self.widget.contexts(Context::Form)
    }

    fn hints(&self) -> Vec<Hint> {
        self.widget.hints()
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.widget.draw(canvas, panes(area).0);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        match self.widget.act(action) {
            Event::Passed if action == Action::Back => self.done("户档没有改"),
            event => self.took(event, desk),
        }
    }

    fn text(&mut self, text: &str, desk: &mut Desk) -> Reply<Desk> {
        let event = self.widget.text(text);
        self.took(event, desk)
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        let event = self.widget.mouse(mouse);
        self.took(event, desk)
    }
}
