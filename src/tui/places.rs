//! Where one can go from a list: each place by the one function that opens it.

use crate::domain::{HouseholdId, Name};
use crate::rules::first::Place;

use super::actions::Action;
use super::desk::Desk;
use super::reply::Reply;
use super::screens::card::CardScreen;
use super::screens::file::FileScreen;
use super::screens::households::Households;
use super::screens::life::Life;
use super::screens::tasks::Tasks;
use super::world::World;

impl Desk {
    /// Goes where a thing of a household is done.
    pub fn go(&mut self, id: HouseholdId, place: Place) -> Reply<Self> {
        match place {
            Place::Section(section) | Place::Clock(section) => self.open_file(id, Some(section)),
            Place::Conflicts => self.open_choice(id),
            Place::Task(row) => self.open_tasks(Some((id, row))),
            Place::Visit => self.open_visit(id),
            Place::Screening => self.open_screening(id),
            Place::Verification => self.open_verification(id),
            Place::Card => self.open_card(id),
            Place::Changes => self.act(Action::OpenChanges),
        }
    }

    /// The households that a search line finds.
    pub fn open_households(&mut self, line: &str) -> Reply<Self> {
        Reply::push(Households::open(self, line))
    }

    /// The open tasks, at one of them where it is named.
    pub fn open_tasks(&mut self, at: Option<(HouseholdId, u32)>) -> Reply<Self> {
        Reply::push(Tasks::open(self, at))
    }

    /// A household's file, at a section where one is named.
    pub fn open_file(&mut self, id: HouseholdId, at: Option<Name>) -> Reply<Self> {
        match FileScreen::open(self, id, at) {
            Ok(screen) => Reply::push(screen),
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    /// A household's file, where the county and the village hold different things.
    pub fn open_choice(&mut self, id: HouseholdId) -> Reply<Self> {
        match FileScreen::open_at_choice(self, id) {
            Ok(screen) => Reply::push(screen),
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    /// What can have happened in a household, to be entered.
    pub fn open_life(&mut self, id: HouseholdId) -> Reply<Self> {
        match Life::open(self, id) {
            Ok(menu) => Reply::push(menu),
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    /// The status card of a household.
    pub fn open_card(&mut self, id: HouseholdId) -> Reply<Self> {
        match CardScreen::open(self, id) {
            Ok(screen) => Reply::push(screen),
            Err(error) => Reply::warned(error.to_string()),
        }
    }
}
