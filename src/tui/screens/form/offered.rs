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
use crate::workspace::typed::About;

/// The offers of a form that was taken in.
pub(in crate::tui::screens) struct Offered {
    household: HouseholdId,
    about: About,
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
        desk: &mut Desk,
        (household, number): (HouseholdId, u64),
        filled: FilledForm,
        offers: Vec<Offer>,
        then: Answer,
    ) -> Self {
        let about = About::Offers(household, number);
        let catalogue = &desk.workspace.definitions().catalogue;
        let file = desk.workspace.file(household).ok();
        let held = |slot: Slot| file.as_ref().and_then(|file| file.get(slot));
        let fields = offers.iter().enumerate().filter_map(|(at, offer)| {
            let field = catalogue.in_slot(offer.slot)?;
            let was = held(offer.slot).map_or_else(|| UNKNOWN.to_owned(), |value| desk.show(field, value));
            let change = format!("{was} → {}", desk.show(field, &offer.value));
            Some(Field::yes_no(&at.to_string(), &field.label).required().holding("是").beside(change))
        });
        let mut widget = Form::new(fields.collect(), desk.workspace.today());
        match desk.workspace.typed(&about) {
            Some(typed) => widget.resume(&typed.values, &typed.at),
            // The form is in; that it has more to say must not go with a dropped line.
            None => keep(desk, &about, &widget),
        }
        let head = desk.workspace.households().get(household).map_or_else(String::new, |known| known.head.to_string());
        Self { head, widget, about, household, filled, offers, then }
    }

    fn took(&mut self, event: Event, desk: &mut Desk) -> Reply<Desk> {
        match event {
            Event::Saved => self.save(desk),
            Event::Left(_) => {
                keep(desk, &self.about, &self.widget);
                Reply::done()
            }
            event => event.reply(),
        }
    }

    fn save(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let is_wanted = |at: usize| self.widget.field(&at.to_string()).is_some_and(|it| it.picked() == ["yes"]);
        let offers = self.offers.iter().enumerate().filter(|(at, _)| is_wanted(*at));
        let offers: Vec<Offer> = offers.map(|(_, offer)| offer.clone()).collect();
        match desk.workspace.take_offers(self.household, &self.filled, &offers) {
            Ok(Ok(numbers)) if numbers.is_empty() => self.done("户档没有改", desk),
            Ok(Ok(numbers)) => {
                let noted = desk.noted(self.household, &numbers);
                self.done(format!("{noted}：{}处记进了户档", offers.len()), desk)
            }
            Ok(Err(faults)) => {
                let whys: Vec<&str> = faults.iter().map(|fault| fault.why.as_str()).collect();
                Reply::warned(whys.join("；"))
            }
            Err(error) => Reply::warned(format!("没有记下：{error}")),
        }
    }

    fn done(&self, says: impl Into<String>, desk: &mut Desk) -> Reply<Desk> {
        if let Err(error) = desk.workspace.drop_typed(&self.about) {
            tracing::warn!(%error, "a draft stays");
        }
        Reply::done().and(Effect::Answer(self.then.clone())).refresh().say(says)
    }
}

fn keep(desk: &mut Desk, about: &About, widget: &Form) {
    if let Err(error) = desk.workspace.keep_typed(about, widget.to_keep(), widget.focus()) {
        tracing::warn!(%error, "a draft is not kept");
    }
}

/// What a form that was taken in still offers to the file, by the number of its act; nothing where all of it is there.
pub(in crate::tui::screens) fn open_offered(desk: &mut Desk, household: HouseholdId, number: u64) -> Reply<Desk> {
    let form = desk.workspace.file(household).and_then(|file| {
        let form = file.forms.iter().find(|form| form.act == number && !form.withdrawn).cloned();
        form.map_or(Ok(None), |form| desk.workspace.form_text(household, &form))
    });
    let offers = form.and_then(|form| {
        let Some(form) = form else { return Ok(None) };
        Ok(Some((desk.workspace.offers(household, &form)?, form)))
    });
    match offers {
        Ok(Some((offers, form))) if !offers.is_empty() => {
            let then = Answer { question: "", choice: 1, values: Vec::new() };
            let offered = Offered::open(desk, (household, number), form, offers, then);
            Reply::push(offered)
        }
        Ok(_) => match desk.workspace.drop_typed(&About::Offers(household, number)) {
            Ok(()) => Reply::said("表上问到的，户档里都一样了").refresh(),
            Err(error) => Reply::warned(error.to_string()),
        },
        Err(error) => Reply::warned(error.to_string()),
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
            Event::Passed if action == Action::Back => self.done("户档没有改", desk),
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
