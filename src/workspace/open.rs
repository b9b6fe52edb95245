//! Opening a store, or making one.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::catalogue::Deed;
use crate::domain::{Author, Chain, Clock, Role, VillageCode};
use crate::exchange::keys::Keys;
use crate::policy::Policy;
use crate::progress::Progress;
use crate::rules::Look;
use crate::store::{Note, OpenNote, Setup, Store, StoreError, held_by};

use super::definitions::Definitions;
use super::error::{ClockDoubt, WorkspaceError};
use super::fallen::Fallen;
use super::findings::Others;
use super::households::Households;
use super::ids::Ids;
use super::pending::Pending;
use super::policy::{check_policy, choose_policy};
use super::review::Reviewed;
use super::search::Index;
use super::settings::Settings;
use super::states::RefusedChange;

/// How a store is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// The directory of the store.
    pub home: PathBuf,
    /// The clock.
    pub clock: Clock,
    /// Where new ids come from.
    pub ids: Ids,
    /// Who enters, where the command line says so.
    pub author: Option<Author>,
    /// The village, where the command line says so.
    pub village: Option<VillageCode>,
    /// The folder laid over the definitions; none is `data` within the home.
    pub overlay: Option<PathBuf>,
}

impl Options {
    /// The folder laid over the definitions.
    pub fn overlay(&self) -> PathBuf {
        self.overlay.clone().unwrap_or_else(|| self.home.join("data"))
    }
}

/// An open store with everything that use cases need.
pub struct Workspace {
    /// The store.
    pub(super) store: Store,
    /// The definitions.
    pub(super) definitions: Definitions,
    /// The settings.
    pub(super) settings: Settings,
    /// The households, in short.
    pub(super) households: Households,
    /// What was worked out of all households together.
    pub(super) others: Others,
    /// What has not been handed over.
    pub(super) pending: Pending,
    /// Where what has not gone to the clerk stands with the first secretary.
    pub(super) reviewed: Reviewed,
    /// What the county refused and nobody has seen to.
    pub(super) refused: Vec<RefusedChange>,
    /// The families that came under the line and were not told yet.
    pub(super) fallen: Vec<Fallen>,
    /// What acts have left as it was, in sentences, until somebody asks.
    pub(super) told: Vec<String>,
    /// The last act of the village at work that the county has answered.
    pub(super) answered_to: u64,
    /// The policy that holds.
    pub(super) policy: Policy,
    pub(super) clock: Clock,
    /// The day by which standings were worked out and the policy chosen.
    day: NaiveDate,
    pub(super) ids: Ids,
    pub(super) author: Option<Author>,
    pub(super) village: Option<VillageCode>,
    /// What searches go through, once somebody has searched.
    pub(super) search: OnceCell<Index>,
    /// The store's own keys, once they were needed.
    pub(super) keys: OnceCell<Keys>,
    home: PathBuf,
}

/// A village to be set up.
#[derive(Clone, Debug)]
pub struct NewVillage {
    /// Its code, or the beginning of the codes of a county's villages.
    pub scope: Box<str>,
    /// Its name.
    pub name: String,
    /// The policy, where one is named.
    pub policy: Option<String>,
}

impl Workspace {
    /// Makes a store for a village.
    pub fn create(options: Options, village: &NewVillage) -> Result<Self, WorkspaceError> {
        let mut options = options;
        let definitions = Definitions::load(Some(&options.overlay()))?;
        check_policy(&definitions, village.policy.as_deref())?;
        let setup = Setup { scope: village.scope.clone(), store_id: options.ids.make().into() };
        let store = Store::create(&options.home, &setup)?;
        let mut workspace = Self::with(store, definitions, options, &mut crate::progress::Unwatched)?;
        let mut settings = workspace.settings.clone();
        match village.scope.parse() {
            Ok(code) => _ = settings.names.insert(code, village.name.clone()),
            Err(_) => settings.county.clone_from(&village.name),
        }
        settings.policy.clone_from(&village.policy);
        if let Some(author) = workspace.author.clone() {
            settings.sit_down(author);
        }
        workspace.change_settings(settings)?;
        workspace.tell_figures();
        // Where this fails it is tried again, and told, when they are needed.
        let _ = workspace.own_keys();
        Ok(workspace)
    }

    /// Opens a store; the notes say what was mended on the way.
    pub fn open(options: Options, progress: &mut dyn Progress) -> Result<(Self, Vec<OpenNote>), WorkspaceError> {
        let definitions = Definitions::load(Some(&options.overlay()))?;
        let opened = Store::open(&options.home, progress).map_err(|error| held(error, &options.home))?;
        let workspace = Self::with(opened.store, definitions, options, progress)?;
        Ok((workspace, opened.notes))
    }

    pub(super) fn with(
        store: Store,
        definitions: Definitions,
        options: Options,
        progress: &mut dyn Progress,
    ) -> Result<Self, WorkspaceError> {
        let settings = read_settings(&store);
        let village = options.village.or_else(|| store.scope().parse().ok()).or_else(|| match store.villages()[..] {
            [only] => Some(only),
            _ => None,
        });
        if let Some(village) = options.village.filter(|village| !village.to_string().starts_with(store.scope())) {
            return Err(WorkspaceError::NotOurs { village, scope: store.scope().into() });
        }
        let day = options.clock.today();
        let policy = choose_policy(&definitions, &settings, village, store.scope(), day);
        let mut workspace = Self {
            households: Households::default(),
            others: Others::default(),
            pending: Pending::default(),
            refused: Vec::new(),
            fallen: Vec::new(),
            told: Vec::new(),
            answered_to: 0,
            reviewed: Reviewed::default(),
            policy,
            author: options.author.or_else(|| settings.at_keyboard().cloned()),
            clock: options.clock,
            day,
            ids: options.ids,
            home: options.home,
            search: OnceCell::new(),
            keys: OnceCell::new(),
            village,
            settings,
            definitions,
            store,
        };
        workspace.load_households(progress)?;
        workspace.load_pending()?;
        Ok(workspace)
    }

    /// The directory of the store.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The local day, by the program's clock.
    pub fn today(&self) -> NaiveDate {
        self.clock.today()
    }

    /// The program's clock.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Goes by another clock from now on.
    pub fn set_clock(&mut self, clock: Clock) {
        self.clock = clock;
    }

    /// Notices that another day has begun while the program was open: where households stand is worked out anew, by the
    /// policy that holds then. True where it has.
    pub fn notice_day(&mut self) -> Result<bool, WorkspaceError> {
        let today = self.today();
        if today == self.day {
            return Ok(false);
        }
        self.policy = choose_policy(&self.definitions, &self.settings, self.village, self.store.scope(), today);
        self.day = today;
        self.households.forget_standings();
        self.others.forget_hits();
        Ok(true)
    }

    /// The definitions.
    pub fn definitions(&self) -> &Definitions {
        &self.definitions
    }

    /// What rules look with today.
    pub fn look(&self) -> Look<'_> {
        self.definitions.look(&self.policy, self.today())
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Changes the settings as whoever is at the keyboard wants them: those who may.
    pub fn settle_settings(&mut self, settings: Settings) -> Result<(), WorkspaceError> {
        self.may_here(Deed::Settings)?;
        self.change_settings(settings)
    }

    /// Changes the settings, and what hangs on them.
    pub fn change_settings(&mut self, settings: Settings) -> Result<(), WorkspaceError> {
        // A file that is no more stays named until a person names another: the village goes by its code meanwhile.
        if settings.policy != self.settings.policy {
            check_policy(&self.definitions, settings.policy.as_deref())?;
        }
        // Settings are plain text fields, so they always have a JSON text.
        let text = serde_json::to_string(&settings).unwrap_or_default();
        self.store.note(&Note::Settings(text.into()))?;
        self.settings = settings;
        self.choose_policy_anew()
    }

    /// Takes the policy that holds for what is at work, after that or the settings changed.
    pub(super) fn choose_policy_anew(&mut self) -> Result<(), WorkspaceError> {
        let today = self.today();
        let policy = choose_policy(&self.definitions, &self.settings, self.village, self.store.scope(), today);
        if policy.name != self.policy.name {
            self.policy = policy;
            self.households.forget_standings();
            self.others.forget_hits();
        }
        Ok(())
    }

    /// Whoever is at the keyboard.
    pub fn author(&self) -> Option<&Author> {
        self.author.as_ref()
    }

    /// Puts somebody at the keyboard, and remembers her.
    pub fn sit_down(&mut self, author: Author) -> Result<(), WorkspaceError> {
        let mut settings = self.settings.clone();
        settings.sit_down(author.clone());
        self.author = Some(author);
        self.change_settings(settings)
    }

    /// Gives whoever enters another role, for as long as the store is open.
    pub fn enter_as(&mut self, role: Role) {
        if let Some(author) = &mut self.author {
            author.role = role;
        }
    }

    /// The village at work; none where the store holds several and none was chosen.
    pub fn village(&self) -> Option<VillageCode> {
        self.village
    }

    /// The village at work, where one is needed.
    pub fn the_village(&self) -> Result<VillageCode, WorkspaceError> {
        self.village.ok_or_else(|| match self.store.villages().len() {
            0 => WorkspaceError::NoVillage,
            several => WorkspaceError::WhichVillage(several),
        })
    }

    /// The village's name, where it was said.
    pub fn village_name(&self) -> Option<&str> {
        self.settings.names.get(&self.village?).map(String::as_str)
    }

    /// What is strange about the clock, unless somebody set it.
    pub fn clock_doubt(&self) -> Option<ClockDoubt> {
        if self.clock.is_set() {
            return None;
        }
        // What another store's clock said is not this one's doubt.
        let chains = self.store.villages().into_iter().flat_map(|village| [village.into(), Chain::of_county(village)]);
        let own = chains.filter(|chain| self.writes(*chain));
        let entries = own.filter_map(|chain| self.store.counters(chain).last_entry_at);
        ClockDoubt::of(self.today(), entries.max().map(|last| last.date_naive()))
    }

    /// What there is to do about a journal that is damaged; none where it is whole.
    pub fn hurt_in_words(&self) -> Option<String> {
        self.store.is_hurt().then(|| OpenNote::Hurt.to_string())
    }

    /// Takes the word of whoever is at the keyboard that all that was handed over since the backup is back, or nothing was.
    pub fn nothing_went_out(&mut self) -> Result<(), WorkspaceError> {
        Ok(self.store.knows_what_went_out()?)
    }

    /// The store, for what concerns it as a whole.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Who enters something now.
    pub(super) fn entering(&self) -> Result<Author, WorkspaceError> {
        self.author.clone().ok_or(WorkspaceError::NoAuthor)
    }
}

/// Says who holds a store, where it is held and says so.
pub fn held(error: StoreError, home: &Path) -> WorkspaceError {
    match (error, held_by(home)) {
        (StoreError::InUse, Some(by)) => WorkspaceError::HeldBy(by),
        (error, _) => error.into(),
    }
}

fn read_settings(store: &Store) -> Settings {
    let newest = store.notes().iter().rev().find_map(|note| match note {
        Note::Settings(text) => Some(text),
        _ => None,
    });
    newest.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}
