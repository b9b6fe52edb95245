//! The first secretary's word on what changed in households, before it goes to the clerk.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::catalogue::Deed;
use crate::changes::act::{Of, Review};
use crate::changes::review::{REVIEW, Reviews, Standing, Subject, Word};
use crate::changes::{Act, HeldFor};
use crate::domain::{Author, HouseholdId, Name, person_name};

use super::error::WorkspaceError;
use super::open::Workspace;

/// What has not gone to the clerk: in no change set yet, or held in one; and what was said of it.
#[derive(Clone, Debug, Default)]
pub struct Reviewed {
    reviews: Reviews,
    open: BTreeMap<u64, OpenAct>,
}

/// An act that has not gone to the clerk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenAct {
    /// The act as words are said on it.
    pub subject: Subject,
    /// What sort of act.
    pub kind: Name,
    /// The local day of its entry.
    pub entered_on: NaiveDate,
}

/// Where an act stands on its way to the clerk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewOf {
    /// The newest word that covers it; none where nobody has said anything that counts.
    pub word: Option<Word>,
    /// Whether only she who entered it has approved it, which does not count.
    pub is_own: bool,
    /// Why it was held when it went out in a set, where it was.
    pub held: Option<HeldFor>,
}

/// What came of approving.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Approved {
    /// The act that says so; none where there was nothing that she could approve.
    pub act: Option<u64>,
    /// The households that it approves.
    pub households: Vec<HouseholdId>,
    /// The households with entries of her own, which wait for somebody else.
    pub own: Vec<HouseholdId>,
}

impl OpenAct {
    fn of(act: &Act) -> Option<Self> {
        let subject = Subject::of(act)?;
        Some(Self { subject, kind: act.kind, entered_on: act.entered_on() })
    }
}

impl Reviewed {
    /// What was held before, with what was said of it.
    pub(super) fn of<'a>(reviews: Reviews, held: impl IntoIterator<Item = &'a Act>) -> Self {
        let mut reviewed = Self { reviews, open: BTreeMap::new() };
        held.into_iter().for_each(|act| reviewed.open(act));
        reviewed
    }

    pub(super) fn add(&mut self, act: &Act) {
        self.reviews.add(act);
        self.open(act);
    }

    fn open(&mut self, act: &Act) {
        self.open.extend(OpenAct::of(act).map(|open| (act.number, open)));
    }

    /// What was said, as far as it concerns what is open.
    pub fn reviews(&self) -> &Reviews {
        &self.reviews
    }

    /// The acts that have not gone to the clerk, oldest first.
    pub fn acts(&self) -> impl Iterator<Item = &OpenAct> {
        self.open.values()
    }

    /// One of them.
    pub fn act(&self, number: u64) -> Option<&OpenAct> {
        self.open.get(&number)
    }
}

impl Workspace {
    /// What has not gone to the clerk, and what was said of it.
    pub fn reviewed(&self) -> &Reviewed {
        &self.reviewed
    }

    /// Where an act stands on its way to the clerk; none where it has gone, or has nothing for the clerk.
    pub fn review_of(&self, act: u64) -> Option<ReviewOf> {
        let open = self.reviewed.act(act)?;
        let (word, is_own) = match self.reviewed.reviews.standing(&open.subject) {
            Standing::Waiting => (None, false),
            Standing::Own(_) => (None, true),
            Standing::Returned(word) | Standing::Approved(word) => (Some(word.clone()), false),
        };
        Some(ReviewOf { word, is_own, held: self.reviewed.reviews.held().get(&act).copied() })
    }

    /// The remark with which a household was returned and on which somebody has to act: it is neither approved nor
    /// edited since.
    pub fn returned(&self, id: HouseholdId) -> Option<&Word> {
        let words = self.reviewed.reviews.words_on(id.serial);
        let word = words.last().filter(|word| !word.approved && self.village == Some(id.village))?;
        let of_it = self.reviewed.acts().filter(|act| act.subject.households.contains(&id.serial));
        let mut of_it = of_it.filter(|act| !self.is_idle(act)).peekable();
        of_it.peek()?;
        of_it.all(|act| act.subject.number < word.act).then_some(word)
    }

    /// Approves what has changed in these households and has not gone to the clerk, in one act. Entries of her own are
    /// not among it.
    pub fn approve(&mut self, households: &[HouseholdId]) -> Result<Approved, WorkspaceError> {
        let author = self.reviewing()?;
        let village = self.the_village()?;
        let mut approved = Approved::default();
        for id in households {
            if id.village != village || !self.has_open(*id) {
                return Err(WorkspaceError::NothingToReview(self.household_in_words(*id)));
            }
            let of_it = || {
                let open = self.reviewed.acts().filter(|act| act.subject.households.contains(&id.serial));
                open.filter(|act| !self.is_idle(act))
            };
            let is_left =
                |act: &&OpenAct| !matches!(self.reviewed.reviews.standing(&act.subject), Standing::Approved(_));
            let (own, others): (Vec<_>, Vec<_>) =
                of_it().filter(is_left).partition(|act| person_name::is_same(&act.subject.by, &author.name));
            if !own.is_empty() {
                approved.own.push(*id);
            }
            if !others.is_empty() && !approved.households.contains(id) {
                approved.households.push(*id);
            }
        }
        if !approved.households.is_empty() {
            approved.act = Some(self.say(&author, &approved.households.clone(), true, None)?);
        }
        Ok(approved)
    }

    /// Returns a household to whoever entered what has changed, with what has to be seen to; gives the act's number.
    pub fn give_back(&mut self, id: HouseholdId, remark: &str) -> Result<u64, WorkspaceError> {
        let author = self.reviewing()?;
        let remark = remark.trim();
        if remark.is_empty() {
            return Err(WorkspaceError::NoRemark);
        }
        if id.village != self.the_village()? || !self.has_open(id) {
            return Err(WorkspaceError::NothingToReview(self.household_in_words(id)));
        }
        self.say(&author, &[id], false, Some(remark.into()))
    }

    /// Whether she at the keyboard may approve and return.
    pub fn is_reviewer(&self) -> bool {
        self.may_here(Deed::Review).is_ok()
    }

    fn has_open(&self, id: HouseholdId) -> bool {
        self.reviewed.acts().any(|act| act.subject.households.contains(&id.serial) && !self.is_idle(act))
    }

    fn reviewing(&self) -> Result<Author, WorkspaceError> {
        self.may(self.the_village()?, Deed::Review)?;
        self.entering()
    }

    fn say(
        &mut self,
        author: &Author,
        households: &[HouseholdId],
        approved: bool,
        remark: Option<Box<str>>,
    ) -> Result<u64, WorkspaceError> {
        let village = self.the_village()?;
        let to = self.store.counters(village).last_act;
        let id = self.ids.make();
        let mut act = Act::new(village, REVIEW, &id, &author.name, author.role.identifier(), self.clock.now());
        let word =
            |id: &HouseholdId| Of { household: id.serial, what: Review { to, approved, remark: remark.clone() } };
        act.reviews = households.iter().map(word).collect();
        Ok(self.make(act)?.number)
    }
}
