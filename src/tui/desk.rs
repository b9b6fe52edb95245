//! The workspace as the screens have it: whose village it is, who sits at it, and what may be seen of it.

use std::collections::BTreeSet;

use chrono::{Datelike, Weekday};

use crate::catalogue::Field;
use crate::domain::{Clock, HouseholdId, Value};
use crate::workspace::Workspace;

use super::actions::Action;
use super::reply::{Answer, Effect, Reply};
use super::screens::calendar::Calendar;
use super::screens::changes::FROM_BACKUP;
use super::screens::desk_signs::DeskSigns;
use super::screens::dialog::Dialog;
use super::screens::households::Households;
use super::screens::import::Chooser;
use super::screens::people::People;
use super::screens::policy::Figures;
use super::screens::settings::Settings;
use super::screens::stale::Stale;
use super::screens::today::Today;
use super::screens::visit::{ROUND_SHEET, Sitting};
use super::world::{Banner, World};

/// What the screens work at.
pub struct Desk {
    /// The use cases.
    pub workspace: Workspace,
    /// Whether ID numbers, phones and bank cards are shown whole.
    pub shows_private: bool,
    /// Whether this is the sample village, which lives on a day of its own.
    pub is_sample: bool,
    /// Whether the village was set up just now, so that a roster comes next.
    pub is_new: bool,
    /// The households marked in the list, for what is done with several of them.
    pub marked: BTreeSet<HouseholdId>,
    /// The households in the order of the list from which one of them was opened.
    pub listed: Vec<HouseholdId>,
    /// What is to be said first, such as what was mended when the store was opened.
    pub notes: Vec<String>,
    /// What goes on from one visit to the next.
    pub sitting: Sitting,
    /// Whether damage that was found while the store is open has been told.
    has_told_damage: bool,
}

/// The question whether the clock is right.
const CLOCK: &str = "desk.clock";

/// The question whether something was handed over since the backup from which the store came back.
const WENT_OUT: &str = "desk.went_out";

impl Desk {
    /// A desk with a workspace on it.
    pub fn new(workspace: Workspace) -> Self {
        Self {
            workspace,
            shows_private: false,
            is_sample: false,
            is_new: false,
            marked: BTreeSet::new(),
            listed: Vec::new(),
            notes: Vec::new(),
            sitting: Sitting::default(),
            has_told_damage: false,
        }
    }

    /// Takes the answer to a question of the desk's own, which the first screen hands on.
    pub fn answered(&mut self, answer: &Answer) -> Reply<Self> {
        match (answer.question, answer.choice) {
            (CLOCK, 0) => Reply::done().and(Effect::Quit),
            (WENT_OUT, 0) => self.act(Action::OpenChanges),
            (WENT_OUT, _) => match self.workspace.nothing_went_out() {
                Ok(()) => Reply::said("记下了：都在这里。可以接着记了"),
                Err(error) => Reply::warned(error.to_string()),
            },
            (ROUND_SHEET, 1) => self.print_next(answer, None),
            _ => Reply::done(),
        }
    }

    /// A value as it may be seen just now.
    pub fn show(&self, field: &Field, value: &Value) -> String {
        let catalogue = &self.workspace.definitions().catalogue;
        if self.shows_private { catalogue.show(field, value) } else { catalogue.show_masked(field, value) }
    }

    /// Asks who sits at the keyboard, where something is entered and nobody has said so.
    pub(super) fn ask_who(&mut self) -> Reply<Self> {
        Reply::push(People::open(self)).warn("先说明谁在录入")
    }

    fn undo(&mut self) -> Reply<Self> {
        match self.workspace.last_undoable() {
            Err(error) => Reply::warned(error.to_string()),
            Ok(act) => {
                let what = self.workspace.kind_in_words(act.kind).to_owned();
                match self.workspace.undo() {
                    Ok((undone, _)) => Reply::said(format!("已撤销第{}号：{what}", undone.number)).refresh(),
                    Err(error) => Reply::warned(error.to_string()),
                }
            }
        }
    }
}

impl World for Desk {
    fn banner(&self) -> Banner {
        let workspace = &self.workspace;
        Banner {
            village: workspace.place_in_words(),
            day: day_in_title(workspace.clock(), self.is_sample),
            who: workspace
                .author()
                .map_or_else(String::new, |author| format!("{}({})", author.name, author.role.label())),
            policy: format!("政策 {}", workspace.policy_in_words()),
            is_borrowed: !workspace.policy_holds(),
        }
    }

    fn welcome(&mut self) -> Reply<Self> {
        let mut reply = Reply::done();
        if let Some(doubt) = self.workspace.clock_doubt() {
            let says = format!("{doubt}。\n日期不对，记下的走访、变更日期就都不对。先把电脑时间调对，再打开。");
            reply = reply.and(Effect::Push(Box::new(Dialog::question(
                CLOCK,
                "日期对吗",
                says,
                &["离开", "日期没错，接着用"],
            ))));
        }
        let store = self.workspace.store();
        if let Some(says) = self.workspace.hurt_in_words() {
            reply = reply.and(Effect::Push(Box::new(Dialog::message("日志有损坏", says))));
        } else if store.asks_what_went_out() {
            let says = "户档库是从备份恢复的（或丢了末尾）。备份以后交过变更集没有（县里：出过回执没有）？\n交过的先收回来（U盘里、对方都有），再记新的：不然一个号会用两次，对方收不进去。";
            let choices = ["交过，这就去收回", "没有交过，或都收回了"];
            reply = reply.and(Effect::Push(Box::new(Dialog::question(WENT_OUT, "备份以后交过吗", says, &choices))));
        }
        if self.workspace.author().is_none() {
            reply = reply.and(Effect::Push(Box::new(People::open(self))));
        }
        if std::mem::take(&mut self.is_new) {
            reply = reply.and(Effect::Act(Action::OpenImport));
        }
        // Told once: the screen keeps in mind that it was seen.
        let changed = self.workspace.figures_changed().len();
        if changed > 0 && !self.is_sample && !self.workspace.is_county_wide() {
            reply = reply.and(Effect::Act(Action::OpenPolicy));
            self.notes.push(format!("政策数字有{changed}项与以前不同，列在最前"));
        }
        let mut notes = std::mem::take(&mut self.notes);
        if self.workspace.is_fresh_from_backup() {
            // It comes first: the other notes have time.
            notes.insert(0, FROM_BACKUP.to_owned());
        }
        if notes.is_empty() { reply } else { reply.warn(notes.join("；")) }
    }

    fn wake(&mut self) -> bool {
        self.workspace.notice_day().unwrap_or_else(|error| {
            tracing::warn!(%error, "the new day");
            false
        })
    }

    fn heard(&mut self) -> Option<String> {
        let fallen = self.workspace.take_fallen();
        let says = fallen
            .iter()
            .map(|fallen| Workspace::fallen_in_words(fallen, &self.workspace.household_in_words(fallen.household)));
        let mut says: Vec<String> = says.collect();
        says.extend(self.workspace.take_told());
        let found = self.workspace.store().found();
        if !found.is_empty() && !std::mem::replace(&mut self.has_told_damage, true) {
            says.extend(found.iter().map(ToString::to_string));
        }
        (!says.is_empty()).then(|| says.join("；"))
    }

    fn act(&mut self, action: Action) -> Reply<Self> {
        match action {
            Action::OpenToday => Reply::open("today", |desk| Box::new(Today::open(desk))),
            Action::OpenHouseholds => Reply::open("households", |desk| Box::new(Households::open(desk, ""))),
            Action::OpenFindings => self.open_findings(),
            Action::OpenStale => Reply::open("stale", |desk| Box::new(Stale::open(desk))),
            Action::OpenCalendar => Reply::open("calendar", |desk| Box::new(Calendar::open(desk))),
            Action::OpenVisit => self.open_round(),
            Action::PrintRound => self.needs_a_village().unwrap_or_else(|| self.ask_for_round()),
            Action::OpenScreening => self.open_round_of_screening(),
            Action::OpenChanges => self.open_changes(),
            Action::OpenReview => self.needs_a_village().unwrap_or_else(|| self.open_review()),
            Action::OpenImport => Reply::open("import", |desk| Box::new(Chooser::open(desk))),
            Action::OpenDeskSigns => Reply::open("desk-signs", |desk| Box::new(DeskSigns::open(desk))),
            Action::OpenSettings => Reply::open("settings", |desk| Box::new(Settings::open(desk))),
            Action::OpenPolicy => Reply::open("policy", |desk| Box::new(Figures::open(desk))),
            Action::SwitchPerson => Reply::push(People::open(self)),
            Action::ChooseVillage => self.choose_village(),
            Action::Backup => self.offer_backup(),
            Action::Undo => self.undo(),
            Action::Unmask => {
                self.shows_private = !self.shows_private;
                let what = if self.shows_private { "号码已显示，再按一次遮住" } else { "号码已遮住" };
                Reply::said(what).refresh()
            }
            _ => Reply::pass(),
        }
    }
}

/// The day by a clock, and whether somebody set it.
pub(super) fn day_in_title(clock: Clock, is_sample: bool) -> String {
    let today = clock.today();
    let set = match (is_sample, clock.is_set()) {
        (true, _) => "(示例)",
        (false, true) => "(设定)",
        (false, false) => "",
    };
    format!("{}月{}日 周{}{set}", today.month(), today.day(), weekday(today.weekday()))
}

fn weekday(day: Weekday) -> char {
    match day {
        Weekday::Mon => '一',
        Weekday::Tue => '二',
        Weekday::Wed => '三',
        Weekday::Thu => '四',
        Weekday::Fri => '五',
        Weekday::Sat => '六',
        Weekday::Sun => '日',
    }
}
