//! 走访: the month's round. One household after another, its items one under another, last time's answer beside each.
//!
//! What is answered is a draft at once, so that leaving, or a kill, costs at most the field being typed. The forms over
//! the items ([`slip`]) and the choice of what changed ([`targets`]) belong to the screen: they fill the same draft.

mod actions;
mod draw;
mod finish;
mod other_month;
mod over;
mod purpose;
mod round_sheet;
mod sheet;
mod sitting;
mod slip;
mod targets;

use ratatui::layout::Rect;

use crate::catalogue::Deed;
use crate::domain::{HouseholdFile, HouseholdId, Name};
use crate::forms::Form;
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::{Answer, Reply};
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::widgets::list::{Hit, List};
use crate::tui::widgets::picker::Picker;
use crate::workspace::WorkspaceError;
use crate::workspace::drafts::FormDraft;
use crate::workspace::visits::MonthOfVisits;

use purpose::Purpose;
pub use round_sheet::QUESTION as ROUND_SHEET;
use sheet::Sheet;
use sitting::Sits;
pub use sitting::Sitting;
use slip::{Ground, Slip};
use targets::Target;

/// The name by which the screen is found again.
pub const NAME: &str = "visit";

/// The screen.
pub struct Visit {
    at: At,
}

/// Where the round is.
enum At {
    /// At a household.
    Door(Box<Entry>),
    /// Nobody is left whom one must visit.
    End(MonthOfVisits),
    /// Something cannot be read.
    Stuck(String),
}

/// A household's visit as it is entered.
struct Entry {
    draft: FormDraft,
    file: HouseholdFile,
    sheet: Sheet,
    list: List,
    over: Over,
    /// When the entry began; never the visit's own time.
    begun: String,
    /// Whether something stands here that no draft holds.
    is_unkept: bool,
    /// Who sat at the keyboard when it began, and on which day.
    sitting: Sits,
    /// The item for which a life event is being entered.
    awaits: Option<Name>,
    /// Whether it was begun today, so that its day may go on to the next household.
    is_of_today: bool,
}

/// What lies over the items.
enum Over {
    Nothing,
    Slip(Box<Slip>),
    Choice(Box<Picker>, Vec<(String, Target)>, Name),
    /// The draft is of another month: whose visit is it?
    OtherMonth(Box<Picker>),
}

impl Desk {
    /// Goes to the visit of a household.
    pub fn open_visit(&mut self, household: HouseholdId) -> Reply<Self> {
        if let Some(refused) = self.refuses(household, Deed::Visit) {
            return refused;
        }
        self.sitting.ask_for(household);
        self.go_round()
    }

    /// Goes on with the month's round.
    pub fn open_round(&mut self) -> Reply<Self> {
        self.needs_a_village().unwrap_or_else(|| self.go_round())
    }

    fn go_round(&self) -> Reply<Self> {
        Reply::open(NAME, |desk| Box::new(Visit::new(desk)))
    }

    fn ground<'a>(&'a self, visit: &'a Form, file: &'a HouseholdFile) -> Ground<'a> {
        let workspace = &self.workspace;
        Ground { look: workspace.look(), catalogue: &workspace.definitions().catalogue, visit, file }
    }
}

impl Visit {
    /// The household that was asked for, or the next one of the round; first the one whose visit was begun.
    pub fn new(desk: &mut Desk) -> Self {
        let mut visit = Self { at: At::End(MonthOfVisits::default()) };
        let wanted = desk.sitting.take_wanted();
        visit.go(desk, wanted);
        visit
    }

    /// Goes to a household, or to the next one of the round.
    fn go(&mut self, desk: &mut Desk, household: Option<HouseholdId>) {
        let at = || -> Result<At, WorkspaceError> {
            let next = match household {
                Some(household) => Some(household),
                None => desk.workspace.next_visit(None)?,
            };
            match next {
                Some(next) => Ok(At::Door(Box::new(Entry::begin(desk, next)?))),
                None => Ok(At::End(desk.workspace.month_of_visits()?)),
            }
        };
        self.at = { at }().unwrap_or_else(|error| At::Stuck(error.to_string()));
    }
}

impl Entry {
    fn begin(desk: &mut Desk, household: HouseholdId) -> Result<Self, WorkspaceError> {
        let visit = visit_form(desk)?;
        let mut draft = desk.workspace.begin(household, &visit)?;
        let is_new = draft.at.is_empty();
        let sitting = sits(desk);
        let is_of_today = is_new || draft.begun_on() == Some(sitting.1);
        if is_new {
            desk.sitting.carry(&sitting, &mut draft.filled);
        }
        let file = desk.workspace.file(household)?;
        let sheet = Sheet::read(desk, &visit, &draft, &file)?;
        let list = List::new(sheet.stop.asks.len());
        let begun = desk.workspace.clock().now().format("%H:%M").to_string();
        let begun = if is_new { format!("录入{begun}起") } else { format!("{begun}接着填") };
        let mut entry = Self {
            draft,
            file,
            sheet,
            list,
            over: Over::Nothing,
            begun,
            is_unkept: false,
            sitting,
            awaits: None,
            is_of_today,
        };
        entry.resume(desk, &visit);
        entry.ask_month(desk);
        Ok(entry)
    }

    /// Goes where the draft was left: to the item, or into the field of the form over it.
    fn resume(&mut self, desk: &Desk, visit: &Form) {
        let at = self.draft.at.clone();
        let open = Purpose::read(&at);
        let item = match &open {
            Some((purpose, _)) => purpose.item(),
            None => Some(Name::new(&at)),
        };
        let at_item = self.sheet.stop.asks.iter().position(|ask| Some(ask.item) == item);
        let unanswered = || self.sheet.found.iter().position(|found| found.words.is_empty());
        self.list.select(at_item.or_else(unanswered).unwrap_or(0));
        if let Some((purpose, field)) = open
            && let Some(mut slip) = Slip::open(purpose, &desk.ground(visit, &self.file), &self.draft.filled)
        {
            slip.form.show_private(desk.shows_private);
            slip.form.focus_on(field);
            self.over = Over::Slip(Box::new(slip));
        }
    }

    /// Reads again what is shown.
    fn read(&mut self, desk: &Desk) -> Result<(), WorkspaceError> {
        let visit = visit_form(desk)?;
        self.file = desk.workspace.file(self.draft.household)?;
        self.sheet = Sheet::read(desk, &visit, &self.draft, &self.file)?;
        self.list.set_len(self.sheet.stop.asks.len());
        Ok(())
    }

    /// The item that the cursor is on.
    fn item(&self) -> Option<Name> {
        Some(self.sheet.stop.asks.get(self.list.selected()?)?.item)
    }
}

/// Who sits at the keyboard, and on which day.
fn sits(desk: &Desk) -> Sits {
    let by = desk.workspace.author().map(|author| author.name.clone()).unwrap_or_default();
    (by, desk.workspace.today())
}

/// The visit's form, apart from the workspace that is worked with meanwhile.
fn visit_form(desk: &Desk) -> Result<Form, WorkspaceError> {
    desk.workspace.definitions().forms.visit().cloned().ok_or(WorkspaceError::NoForm("走访"))
}

impl Screen<Desk> for Visit {
    fn name(&self) -> &'static str {
        NAME
    }

    fn title(&self) -> Title {
        match &self.at {
            At::Door(entry) => {
                let detail = format!("{}  {}", entry.sheet.turn, entry.begun);
                Title::with(format!("走访 · {}", entry.sheet.whose()), detail)
            }
            At::End(_) | At::Stuck(_) => Title::of("走访"),
        }
    }

    fn contexts(&self) -> Vec<Context> {
        match &self.at {
            At::Door(entry) => match &entry.over {
                Over::Nothing => vec![Context::Visit, Context::List, Context::Global],
                Over::Slip(slip) => slip.form.contexts(Context::Form),
                Over::Choice(..) | Over::OtherMonth(_) => {
                    vec![Context::Picker, Context::List, Context::Text, Context::Global]
                }
            },
            At::End(_) | At::Stuck(_) => vec![Context::Visit, Context::List, Context::Global],
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let At::Door(entry) = &self.at else { return [Action::OpenHouseholds, Action::Back].map(Hint::of).to_vec() };
        match &entry.over {
            Over::Slip(slip) => slip.form.hints(),
            Over::Choice(..) | Over::OtherMonth(_) => {
                vec![Hint::named(Action::Open, "选定"), Hint::of(Action::Back)]
            }
            Over::Nothing => entry.hints(),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        match &self.at {
            At::Door(entry) => draw::entry(canvas, area, entry),
            At::End(month) => draw::end(canvas, area, month),
            At::Stuck(why) => draw::lines(canvas, area, &[why.as_str()]),
        }
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        match &mut self.at {
            At::Door(entry) => match entry.over {
                Over::Nothing => self.act_over_items(action, desk),
                Over::Slip(_) => entry.act_in_slip(action, desk),
                Over::Choice(..) => entry.act_in_choice(action, desk),
                Over::OtherMonth(_) => entry.act_in_month(action, desk),
            },
            At::End(_) | At::Stuck(_) => Reply::pass(),
        }
    }

    fn text(&mut self, text: &str, desk: &mut Desk) -> Reply<Desk> {
        let At::Door(entry) = &mut self.at else { return Reply::pass() };
        entry.text(text, desk)
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        let At::Door(entry) = &mut self.at else { return Reply::pass() };
        match &mut entry.over {
            Over::Slip(slip) => {
                let event = slip.form.mouse(mouse);
                entry.slip_event(event, desk)
            }
            Over::Choice(picker, ..) => {
                let picked = picker.mouse(mouse);
                entry.picked(picked, desk)
            }
            Over::OtherMonth(picker) => {
                let picked = picker.mouse(mouse);
                entry.picked_month(&picked, desk)
            }
            Over::Nothing => match entry.list.mouse(mouse) {
                Hit::Opened => self.act_over_items(Action::Open, desk),
                _ => Reply::done(),
            },
        }
    }

    fn answered(&mut self, answer: Answer, desk: &mut Desk) -> Reply<Desk> {
        let At::Door(entry) = &mut self.at else { return desk.answered(&answer) };
        entry.answered(&answer, desk)
    }

    fn refresh(&mut self, desk: &mut Desk) {
        if let Some(wanted) = desk.sitting.take_wanted()
            && !matches!(&self.at, At::Door(entry) if entry.draft.household == wanted)
        {
            return self.go(desk, Some(wanted));
        }
        match &mut self.at {
            // Nothing was entered yet, and it is another's visit now, or that of another day.
            At::Door(entry) if entry.draft.at.is_empty() && entry.sitting != sits(desk) => {
                let household = entry.draft.household;
                self.go(desk, Some(household));
            }
            At::Door(entry) => {
                if let Err(error) = entry.look_again(desk) {
                    self.at = At::Stuck(error.to_string());
                }
            }
            At::End(_) | At::Stuck(_) => self.go(desk, None),
        }
    }

    fn keep(&mut self, desk: &mut Desk) {
        if let At::Door(entry) = &mut self.at {
            entry.keep_in_hand(desk);
        }
    }

    fn unsaved(&self) -> Option<String> {
        match &self.at {
            At::Door(entry) if entry.is_unkept => Some(format!("{}的走访里刚填的", entry.sheet.stop.head)),
            _ => None,
        }
    }
}
