//! Finding households by the search line, and what a list shows of each.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::catalogue::SectionKind;
use crate::domain::{Class, Household, HouseholdId, Money, Name, RiskState, Slot, Summary, TargetClass, VillageCode};
use crate::rules::standing::{Progress, Standing};

use super::error::WorkspaceError;
use super::findings::Tally;
use super::open::Workspace;
use super::query::{Facts, Query};
use super::search::{Index, Kind, Order, Reason, Seat, SortKey, Typed};

/// A household that a search found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The household.
    pub id: HouseholdId,
    /// Why; none where nothing was typed that a name or number has to match.
    pub reason: Option<Reason>,
}

/// A household in a list, with where it stands today.
#[derive(Clone)]
pub struct Row<'a> {
    /// The file in short.
    pub summary: &'a Summary,
    /// Where it stands.
    pub standing: Arc<Standing>,
    /// How many changes were not handed over.
    pub pending: usize,
    /// How many entries are stale, changes not handed over in time included.
    pub stale: usize,
    /// What is asked of all households only where somebody asks.
    workspace: &'a Workspace,
}

impl Row<'_> {
    /// What its findings come to.
    pub fn tally(&self) -> Result<Tally, WorkspaceError> {
        self.workspace.tally(self.summary.id)
    }

    /// What they come to without those that the other columns tell: visits, forms, cards, what is stale.
    pub fn apart(&self) -> Result<Tally, WorkspaceError> {
        self.workspace.tally_apart(self.summary.id)
    }
}

impl Workspace {
    /// The households that a search line finds, best first, or in an order where one is given.
    pub fn find(&self, query: &Query, order: Option<&Order>) -> Vec<Found> {
        let index = self.index();
        let facts = |seat: Seat| self.row(index.id(seat)).ok();
        let mut hits = index.search(query, facts);
        if let Some(order) = order {
            order.apply(&mut hits);
        }
        let found = hits.into_iter().map(|hit| Found { id: index.id(hit.seat), reason: hit.reason() });
        let mut found: Vec<Found> = found.filter(|found| self.is_at_work(found.id)).collect();
        if self.shows_villages() {
            self.find_in_villages(query, order, &mut found);
        }
        found
    }

    /// Adds what is found where a word names villages: the other words are looked for in these.
    fn find_in_villages(&self, query: &Query, order: Option<&Order>, found: &mut Vec<Found>) {
        let names = &self.settings.names;
        let meant = |word: &str| -> Vec<VillageCode> {
            let named = names.iter().filter(|(_, name)| name.contains(word) || self.spells(word, name));
            named.map(|(code, _)| *code).collect()
        };
        for (at, word) in query.words.iter().enumerate() {
            let villages = meant(word);
            if villages.is_empty() {
                continue;
            }
            let mut rest = query.clone();
            rest.words.remove(at);
            let index = self.index();
            let mut hits = index.search(&rest, |seat: Seat| self.row(index.id(seat)).ok());
            if let Some(order) = order {
                order.apply(&mut hits);
            }
            let known: HashSet<HouseholdId> = found.iter().map(|found| found.id).collect();
            let more = hits.into_iter().map(|hit| Found { id: index.id(hit.seat), reason: hit.reason() });
            found.extend(more.filter(|more| villages.contains(&more.id.village) && !known.contains(&more.id)));
        }
    }

    /// Whether a word spells the beginning of a name by its sounds.
    fn spells(&self, word: &str, name: &str) -> bool {
        Typed::new(word).is_some_and(|typed| typed.begins_text(name, &self.definitions.words.pinyin))
    }

    /// All households in one order, to be put on what a search finds: worked out once, not at every key.
    pub fn sorted(&self, key: SortKey, downwards: bool) -> Order {
        let index = self.index();
        index.sorted(key, downwards, |seat| self.row(index.id(seat)).ok())
    }

    /// Why a household was found, where its row does not show it: `孙女 张雨`, `电话 张雨`; blank where it does.
    pub fn reason_in_words(&self, id: HouseholdId, reason: Reason) -> String {
        let name = reason.person.and_then(|person| {
            let summary = self.households().get(id)?;
            summary.everyone.iter().find(|known| known.id == person.0).map(|known| known.name.to_string())
        });
        match (reason.kind, name) {
            (Kind::Name, Some(_)) if reason.head => String::new(),
            (Kind::Name, Some(name)) if reason.left => format!("{name}（已离户）"),
            (Kind::Name, Some(name)) => {
                let relation = self.file(id).ok().and_then(|file| {
                    let member = Household::of(&file).everyone().find(|member| Some(member.id) == reason.person)?;
                    Some(self.relation_in_words(member)).filter(|relation| !relation.is_empty())
                });
                relation.map_or(name.clone(), |relation| format!("{relation} {name}"))
            }
            (Kind::Group | Kind::HouseNumber | Kind::Name, _) => String::new(),
            (kind, name) => [kind.label(), name.as_deref().unwrap_or_default()].join(" ").trim_end().to_owned(),
        }
    }

    /// The index that searches go through, made when it is first asked for.
    pub fn index(&self) -> &Index {
        self.search.get_or_init(|| Index::build(Arc::clone(&self.definitions.words), self.households().iter()))
    }

    /// What a list shows of a household.
    pub fn row(&self, id: HouseholdId) -> Result<Row<'_>, WorkspaceError> {
        let summary = self.households().get(id).ok_or_else(|| WorkspaceError::NoHousehold(id.local_number()))?;
        let standing = self.standing(id)?;
        let stale = standing.stale.len() + self.not_handed_over(id).len();
        Ok(Row { stale, pending: self.pending.of(id), summary, standing, workspace: self })
    }

    /// The name of the person whose row a slot is in, where it is somebody's.
    pub fn whose_row(&self, household: HouseholdId, slot: Slot) -> Option<String> {
        let section = self.definitions.catalogue.section(slot.section)?;
        let file = self.file(household).ok()?;
        let person = match section.kind {
            SectionKind::Person => slot.row,
            SectionKind::Rows if section.of_person => {
                let id = file.row(section.id, slot.row)?.get(Name::fixed("person"))?.as_quantity()?.as_whole()?;
                u32::try_from(id).ok()?
            }
            _ => return None,
        };
        let member = Household::of(&file).everyone().find(|member| member.id.0 == person)?;
        Some(member.name().to_owned())
    }

    /// What a household is on file, in the few words of a list: the kind of target, else the class.
    pub fn class_in_words(&self, summary: &Summary) -> String {
        let label = |list: &'static str, id: &str| {
            let entry = self.definitions.catalogue.list(Name::fixed(list))?.entry_named(id)?;
            Some(entry.short.as_ref().unwrap_or(&entry.label).to_string())
        };
        let target = summary.target.and_then(|target| label("target_class", target.identifier()));
        let class = match summary.class {
            Some(Class::Ordinary) => label("household_class", "ordinary"),
            Some(Class::Relieved { policies: None }) => label("household_class", "relieved"),
            Some(Class::Relieved { policies: Some(true) }) => label("household_class", "relieved_with_policies"),
            Some(Class::Relieved { policies: Some(false) }) => label("household_class", "relieved_without_policies"),
            None => None,
        };
        match (target, summary.risk) {
            (Some(target), Some(RiskState::Open)) => target,
            (Some(target), _) => format!("{target}(消)"),
            (None, _) => class.unwrap_or_default(),
        }
    }
}

fn count(number: usize) -> Option<u32> {
    u32::try_from(number).ok()
}

/// None where nothing is wanted: what is not asked of a household is neither done nor open.
fn done(progress: Progress) -> Option<bool> {
    progress.counts().then(|| progress.is_done())
}

impl Facts for Row<'_> {
    fn class(&self) -> Option<Class> {
        self.summary.class
    }
    fn target(&self) -> Option<TargetClass> {
        self.summary.target
    }
    fn risk(&self) -> Option<RiskState> {
        self.summary.risk
    }
    fn closed(&self) -> bool {
        self.summary.closed
    }
    fn has_head(&self) -> bool {
        self.summary.has_head
    }
    fn people(&self) -> u16 {
        self.summary.people
    }
    fn per_person(&self) -> Option<Money> {
        self.summary.per_person.map(|shown| shown.money)
    }
    fn visit_due(&self) -> Option<bool> {
        Some(self.standing.due)
    }
    fn visited(&self) -> Option<bool> {
        Some(self.standing.visited_on.is_some())
    }
    fn last_visit(&self) -> Option<NaiveDate> {
        self.standing.last_visit
    }
    fn screened(&self) -> Option<bool> {
        done(self.standing.screening)
    }
    fn verified(&self) -> Option<bool> {
        done(self.standing.verification)
    }
    fn carded(&self) -> Option<bool> {
        done(self.standing.card)
    }
    fn stale(&self) -> Option<u32> {
        count(self.stale)
    }
    fn to_review(&self) -> Option<bool> {
        Some(self.workspace.waits_for_review(self.summary.id))
    }
    fn returned(&self) -> Option<bool> {
        Some(self.workspace.returned(self.summary.id).is_some())
    }
    fn pending(&self) -> Option<u32> {
        count(self.pending)
    }
    fn tasks(&self) -> Option<u32> {
        count(self.standing.tasks.len())
    }
    fn conflicts(&self) -> Option<u32> {
        count(self.standing.beside)
    }
    fn refused(&self) -> Option<u32> {
        count(self.workspace.refused_of(self.summary.id).count())
    }
    fn problems(&self) -> Option<u32> {
        count(self.apart().ok()?.open())
    }
    fn errors(&self) -> Option<u32> {
        count(self.apart().ok()?.errors)
    }
}
