//! Where one can go from a list: each place by the one function that opens it.

use crate::catalogue::Deed;
use crate::domain::{HouseholdId, Name, Slot};
use crate::progress::Progress;
use crate::rules::check::{Finding, Settled, check_of};
use crate::rules::first::{Place, place_of};

use super::actions::Action;
use super::desk::Desk;
use super::job::Job;
use super::reply::Reply;
use super::screens::card::CardScreen;
use super::screens::file::FileScreen;
use super::screens::findings::Findings;
use super::screens::households::Households;
use super::screens::life::Life;
use super::screens::once::Once;
use super::screens::review::Review;
use super::screens::tasks::Tasks;
use super::world::World;

/// So many households are looked at without a word on how far it is: nobody notices.
const AT_ONCE: usize = 100;

impl Desk {
    /// Goes where a thing of a household is done.
    pub fn go(&mut self, id: HouseholdId, place: Place) -> Reply<Self> {
        match place {
            Place::Section(section) | Place::Clock(section) => self.open_file(id, Some(section)),
            Place::Returned => self.open_returned(id),
            Place::Refused(slot) => self.open_refused(id, slot),
            Place::Conflicts => self.open_choice(id),
            Place::Task(row) => self.open_tasks(Some((id, row))),
            Place::Visit => self.open_visit(id),
            Place::Screening => self.open_screening(id),
            Place::Verification => self.open_verification(id),
            Place::Card => self.open_card(id),
            Place::Changes => self.act(Action::OpenChanges),
            Place::Finding(check) => self.open_first_finding(id, check),
        }
    }

    /// Goes to the very field of the worst that a check finds in a household.
    fn open_first_finding(&mut self, id: HouseholdId, check: u16) -> Reply<Self> {
        match self.workspace.findings(id) {
            Ok(findings) => match findings.iter().find(|it| it.number == check && it.settled == Settled::Open) {
                Some(finding) => self.open_finding(id, finding),
                None => self.open_file(id, None),
            },
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    /// A household's file at the field of which the county refused a change, with what it said.
    fn open_refused(&mut self, id: HouseholdId, slot: Slot) -> Reply<Self> {
        let refused = self.workspace.refused_of(id).find(|refused| refused.change.slot == slot);
        let says = refused
            .map_or_else(String::new, |refused| format!("县里没录（{} {}）：{}", refused.on, refused.by, refused.why));
        match FileScreen::open_at(self, id, slot) {
            Ok(screen) => Reply::push(screen).warn(says),
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    /// Goes where a finding is mended: at its field, or where that is done which is missing.
    pub fn open_finding(&mut self, id: HouseholdId, finding: &Finding) -> Reply<Self> {
        match Once::of(self, id, finding) {
            Ok(Some(once)) => return Reply::push(once),
            Ok(None) => {}
            Err(error) => return Reply::warned(error.to_string()),
        }
        let check = check_of(&self.workspace.definitions().checks, finding.number);
        match (place_of(check), finding.slot) {
            (Some(place), _) => self.go(id, place),
            (None, None) => self.open_file(id, None),
            (None, Some(slot)) => match FileScreen::open_at(self, id, slot) {
                Ok(screen) => Reply::push(screen),
                Err(error) => Reply::warned(error.to_string()),
            },
        }
    }

    /// A household's file where something was changed that the first secretary returned, with what she said.
    fn open_returned(&mut self, id: HouseholdId) -> Reply<Self> {
        let remark = self.workspace.returned(id).and_then(|word| word.remark.as_deref()).unwrap_or_default();
        let says = format!("退回：{remark}");
        let changes = self.workspace.open_changes(id).unwrap_or_default();
        let at = changes.first().map(|(section, _)| *section);
        self.open_file(id, at).warn(says)
    }

    /// What the checks find in the village.
    pub fn open_findings(&mut self) -> Reply<Self> {
        self.once_checked(|| Reply::open("findings", |desk: &mut Self| Box::new(Findings::open(desk))))
    }

    /// What waits for the first secretary.
    pub fn open_review(&mut self) -> Reply<Self> {
        self.once_checked(|| Reply::open("review", |desk: &mut Self| Box::new(Review::open(desk))))
    }

    /// Where much of what the checks find is not known yet, it is worked out first, with a word on how far it is.
    fn once_checked(&mut self, open: impl FnOnce() -> Reply<Self> + Send + 'static) -> Reply<Self> {
        if self.workspace.unchecked() <= AT_ONCE {
            return open();
        }
        let check = |desk: &mut Self, progress: &mut dyn Progress| desk.workspace.check_all(progress);
        Reply::start(Job::new("核对", check, move |_, checked| match checked {
            Ok(true) => open(),
            Ok(false) => Reply::said("没有核对完就停下了"),
            Err(error) => Reply::warned(error.to_string()),
        }))
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
        if let Some(refused) = self.refuses(id, Deed::Event) {
            return refused;
        }
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
