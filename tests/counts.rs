//! One count, whoever counts: what a plain model of a random village says of a day is what Today, the list, `due`, `stale`,
//! `check`, the calendar, the set and the county's receipt say, on the first, the tenth and the last day of months and
//! around a year's end.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, Months, NaiveDate};
use hudang::domain::{Clock, HouseholdId, Month};
use hudang::workspace::due::{DueLine, DueWhen};
use hudang::workspace::verdicts::Because;
use hudang::workspace::{Recorded, Workspace};
use serde_json::{Map, Value as Json, json};

use crate::county::in_process::County;
use crate::home::{Home, VILLAGE};
use crate::store_model::Random;

const TAKEN_IN: &str = "2022-10-12";

const FAMILIES: [&str; 4] = [
    "address.national_number=4199991012010001 class.class=脱贫户(享受政策) members.1.name=张三 members.1.relation=户主 \
     tasks.1.what=漏雨 tasks.1.found_on=2022-10-01",
    "address.national_number=4199991012010002 class.class=一般农户 case.target=边缘易致贫户 case.eliminated=否 \
     case.identified_on=2022-03 members.2.name=李四 members.2.relation=户主 card.year=2022",
    "address.national_number=4199991012010003 class.class=一般农户 members.3.name=王五 members.3.relation=户主",
    "address.national_number=4199991012010004 class.class=脱贫户(享受政策) members.4.name=赵六 members.4.relation=户主 \
     card.year=2021",
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn id(serial: u32) -> HouseholdId {
    HouseholdId { village: VILLAGE.parse().unwrap(), serial }
}

fn number(serial: u32) -> String {
    format!("419999101201000{serial}")
}

fn month_later(day: NaiveDate) -> NaiveDate {
    day.checked_add_months(Months::new(1)).unwrap()
}

/// One line on a field since the last hand-over.
#[derive(Clone, Debug)]
struct Line {
    new: String,
    started: NaiveDate,
    /// The paper after it, and whether the run itself brought that.
    paper: (Option<String>, bool),
}

/// A field by its household, its section and its name.
type Field = (u32, &'static str, &'static str);

#[derive(Clone, Debug, Default)]
struct OfField {
    value: String,
    /// The day of which the value speaks, where somebody said so: one of an earlier day does not replace it.
    on: Option<NaiveDate>,
    paper: Option<String>,
    base: String,
    base_paper: Option<String>,
    lines: Vec<Line>,
}

impl OfField {
    fn started(&self) -> Option<NaiveDate> {
        let last = self.lines.last()?;
        if self.value != self.base {
            let stands = self.lines.iter().filter(|line| line.new == self.value);
            return stands.map(|line| line.started).chain([last.started]).min();
        }
        (last.paper.1 && last.paper.0 != self.base_paper).then_some(last.started)
    }
}

/// A task by its household and row.
#[derive(Clone, Debug, Default)]
struct OfTask {
    is_new: bool,
    is_done_before: bool,
    added: Option<NaiveDate>,
    done: Option<NaiveDate>,
}

/// What a person would note on paper.
#[derive(Default)]
struct Model {
    fields: BTreeMap<Field, OfField>,
    tasks: BTreeMap<(u32, u32), OfTask>,
    visits: BTreeMap<u32, Vec<NaiveDate>>,
    screened: BTreeSet<u32>,
    /// Edits of one field that can be taken back: the act, the field, and what was there.
    last: Option<(u64, Field, OfField)>,
}

impl Model {
    /// The changes: whose, in which section, since when.
    fn pending(&self) -> Vec<(u32, &'static str, NaiveDate)> {
        let fields =
            self.fields.iter().filter_map(|((serial, section, _), of)| Some((*serial, *section, of.started()?)));
        let tasks = self.tasks.iter().filter_map(|((serial, _), task)| {
            let since = if task.is_new { task.added } else { task.done.filter(|_| !task.is_done_before) };
            Some((*serial, "tasks", since?))
        });
        fields.chain(tasks).collect()
    }

    fn hand_over(&mut self) {
        for of in self.fields.values_mut() {
            (of.base, of.base_paper) = (of.value.clone(), of.paper.clone());
            of.lines.clear();
        }
        for task in self.tasks.values_mut() {
            (task.is_new, task.is_done_before) = (false, task.done.is_some());
        }
        self.last = None;
    }

    fn is_due(serial: u32) -> bool {
        serial != 3
    }

    fn visited_since(&self, serial: u32, first: NaiveDate, until: Option<NaiveDate>) -> bool {
        let visits = self.visits.get(&serial).into_iter().flatten();
        visits.into_iter().any(|visit| *visit >= first && until.is_none_or(|until| *visit <= until))
    }

    fn unvisited(&self, month: Month) -> usize {
        let is_left = |serial: &u32| !self.visited_since(*serial, month.first_day(), Some(month.last_day()));
        (1..=4).filter(|serial| Self::is_due(*serial)).filter(is_left).count()
    }

    /// Those who owed a visit in a month that is over and were not seen since.
    fn missed(&self, month: Month) -> usize {
        if day(TAKEN_IN) > month.day(10) {
            return 0;
        }
        let is_left = |serial: &u32| !self.visited_since(*serial, month.first_day(), None);
        (1..=4).filter(|serial| Self::is_due(*serial)).filter(is_left).count()
    }

    /// Who owes the card of 2022 and has none: those with policies, and the target.
    fn without_card(&self) -> Vec<u32> {
        let has = |serial: u32| {
            let year = self.fields.get(&(serial, "card", "year")).map_or("", |of| &of.value);
            year >= "2022"
        };
        [1, 2, 4].into_iter().filter(|serial| !has(*serial)).collect()
    }

    fn unscreened(&self) -> usize {
        [1, 3, 4].iter().filter(|serial| !self.screened.contains(serial)).count()
    }

    /// The village's days that count something, each with how much is left; none where its span has not begun.
    fn days(&self, first: Month, last: Month, today: NaiveDate) -> Vec<(NaiveDate, &'static str, Option<usize>)> {
        let mut days = Vec::new();
        let this = Month::of(today);
        let mut month = first;
        while month <= last {
            let changes = self.pending().iter().filter(|it| Month::of(it.2) == month.before()).count();
            days.push((month.day(5), "changes", (month.before() <= this).then_some(changes)));
            let visits = match month.cmp(&this) {
                std::cmp::Ordering::Greater => None,
                std::cmp::Ordering::Equal => Some(self.unvisited(month)),
                std::cmp::Ordering::Less => Some(self.missed(month)),
            };
            days.push((month.day(10), "visits", visits));
            month = month.next();
        }
        days.push((day("2022-06-30"), "screening", Some(0)));
        days.push((day("2022-11-20"), "cards", Some(self.without_card().len())));
        days.push((day("2022-12-10"), "screening", Some(self.unscreened())));
        days.retain(|(date, ..)| (first..=last).contains(&Month::of(*date)));
        days.sort();
        days
    }

    fn due_now(&self, today: NaiveDate) -> Vec<(NaiveDate, &'static str, Option<usize>)> {
        let this = Month::of(today);
        let to = this.last_day().max(today.checked_add_days(Days::new(15)).unwrap());
        let mut days = self.days(Month { year: 2022, month: 1 }, Month::of(to), today);
        days.retain(|(date, counts, left)| {
            let is_asked = *date >= today || left.is_some_and(|left| left > 0);
            let is_old_visit = *counts == "visits"
                && *date < this.first_day()
                && (Month::of(*date) != this.before() || today > this.day(10));
            *date <= to && is_asked && !is_old_visit
        });
        days
    }
}

/// A workspace beside the model, on one day after the other.
struct Village {
    home: Home,
    workspace: Workspace,
    model: Model,
    county: County,
    today: NaiveDate,
    forms: u32,
}

impl Village {
    fn new() -> Self {
        let home = Home::of(TAKEN_IN, &FAMILIES);
        home.lay_checks("label = \"空\"\n");
        let workspace = home.open(TAKEN_IN);
        let mut model = Model::default();
        model
            .fields
            .insert((2, "card", "year"), OfField { value: "2022".into(), base: "2022".into(), ..OfField::default() });
        model
            .fields
            .insert((4, "card", "year"), OfField { value: "2021".into(), base: "2021".into(), ..OfField::default() });
        model.tasks.insert((1, 1), OfTask::default());
        Self { home, workspace, model, county: County::on("2023-03-01"), today: day(TAKEN_IN), forms: 0 }
    }

    fn go_to(&mut self, today: NaiveDate) {
        self.today = today;
        self.workspace.set_clock(Clock::stopped(format!("{today}T09:30:00+08:00").parse().unwrap()));
        self.workspace.notice_day().unwrap();
    }

    fn record(&mut self, mut form: Json) -> Option<u64> {
        self.forms += 1;
        form["id"] = json!(format!("form-{}", self.forms));
        match self.workspace.record(&form).unwrap() {
            Recorded::Accepted { number, .. } => Some(number),
            Recorded::Refused(faults) => panic!("{form}: {faults:?}"),
        }
    }

    fn edit(&mut self, field: Field, value: &str, happened: Option<NaiveDate>, paper: Option<&str>) {
        let (serial, section, name) = field;
        let of = self.model.fields.entry(field).or_default();
        if of.value == value && paper.is_none() {
            return;
        }
        let mut form = json!({"form": "edit", "household": number(serial),
            "changes": [{"section": section, "field": name, "new": value}]});
        if let Some(happened) = happened {
            form["happened_on"] = json!(happened);
        }
        if let Some(paper) = paper {
            form["evidence"] = json!(paper);
        }
        let before = of.clone();
        let is_evidence_only = of.value == value;
        let is_outdated = !is_evidence_only && happened.zip(of.on).is_some_and(|(happened, on)| happened < on);
        let Some(act) = self.record(form) else { return };
        if is_outdated {
            self.model.last = None;
            return;
        }
        let started = happened.unwrap_or(self.today);
        let of = self.model.fields.get_mut(&field).unwrap();
        let paper = paper.map(str::to_owned);
        of.lines.push(Line { new: value.to_owned(), started, paper: (paper.clone(), paper.is_some()) });
        (of.value, of.paper) = (value.to_owned(), paper);
        if !is_evidence_only {
            of.on = happened;
        }
        self.model.last = Some((act, field, before));
    }

    /// Takes back the last edit, where it is the last that was entered in this run.
    fn undo(&mut self) {
        let Some((act, field, before)) = self.model.last.take() else { return };
        let (undone, undo) = self.workspace.undo().unwrap();
        assert_eq!(undone.number, act);
        let of = self.model.fields.get_mut(&field).unwrap();
        let started = of.lines.last().unwrap().started.min(self.today);
        let started = if undone.changes[0].happened_on.is_some() { started } else { undo.entered_on() };
        let paper = before.lines.last().map_or((before.paper.clone(), false), |line| line.paper.clone());
        of.lines.push(Line { new: before.value.clone(), started, paper });
        (of.value, of.paper, of.on) = (before.value, before.paper, before.on);
    }

    fn add_task(&mut self, serial: u32) {
        let next = self.model.tasks.keys().filter(|(of, _)| *of == serial).map(|(_, row)| row + 1).max().unwrap_or(1);
        self.record(json!({"form": "edit", "household": number(serial), "changes": [
            {"section": "tasks", "add": {"what": "停水", "owner": "村委会", "found_on": self.today}}]}));
        let task = OfTask { is_new: true, added: Some(self.today), ..OfTask::default() };
        self.model.tasks.insert((serial, next), task);
        self.model.last = None;
    }

    fn settle_task(&mut self, at: usize) {
        let open = self.model.tasks.iter().filter(|(_, task)| task.done.is_none()).map(|(key, _)| *key);
        let Some((serial, row)) = open.collect::<Vec<_>>().get(at).copied() else { return };
        let settled = self.workspace.settle_task(id(serial), row, self.today, "办好了").unwrap();
        assert!(matches!(settled, Recorded::Accepted { .. }), "{settled:?}");
        self.model.tasks.get_mut(&(serial, row)).unwrap().done = Some(self.today);
        self.model.last = None;
    }

    fn visit(&mut self, serial: u32, date: NaiveDate) {
        let items: Map<String, Json> =
            (1..=15).map(|i| (format!("V{i:02}"), json!({"answer": "as_on_file"}))).collect();
        self.record(
            json!({"form": "visit", "household": number(serial), "date": date, "visitors": ["李桂枝"], "items": items}),
        );
        self.model.visits.entry(serial).or_default().push(date);
        self.model.last = None;
    }

    fn screen(&mut self, serial: u32) {
        let groups: Map<String, Json> =
            (1..=4).map(|i| (format!("S{i:02}"), json!({"yes": false, "fact": "核实不属于"}))).collect();
        let date = self.today.min(day("2022-12-10"));
        self.record(json!({"form": "screening", "household": number(serial), "round": "2022-2", "date": date,
            "surveyor": "李桂枝", "groups": groups, "opinion": "无风险"}));
        self.model.screened.insert(serial);
        self.model.last = None;
    }

    /// Hands over, and has the county answer: everything taken, or one change refused.
    fn hand_over(&mut self, refuses: bool) {
        let pending = self.model.pending().len();
        let out = self.home.dir.path().join("out");
        let Some(set) = self.workspace.export(&out, None, false).unwrap() else {
            assert_eq!(pending, 0);
            return;
        };
        assert_eq!((set.changes, set.held), (pending, 0), "the set counts what was pending");
        self.county.take_file(&set.file);
        let village = County::village();
        let to_answer = self.county.workspace.changes_to_answer(village, false).unwrap();
        let unanswered = self.county.workspace.state_of_village(village, &[], &[]).unwrap().unanswered;
        assert_eq!((to_answer.len(), unanswered), (pending, pending), "{to_answer:#?}");
        let mut refused = 0;
        if let Some(change) = to_answer.first().filter(|_| refuses) {
            let because = Because { words: Some("不清楚".into()), ..Because::default() };
            let places: Vec<_> =
                [(change.act, change.part)].iter().chain(&change.also).map(|(act, part)| (*act, Some(*part))).collect();
            self.county.workspace.judge(village, &places, Some(&because)).unwrap();
            refused = 1;
        }
        let file = self.county.post.join(format!("{}.zip", self.forms));
        let receipt = self
            .county
            .workspace
            .receipt(village, &|_| file.clone(), None, (false, hudang::workspace::receipt::Rest::Taken))
            .unwrap()
            .unwrap();
        assert_eq!(receipt.changes, (pending - refused, refused), "the receipt counts what the set brought");
        self.model.hand_over();
        assert_eq!(self.workspace.month().unwrap().pending, 0);
    }

    /// Whatever counts, counts the same.
    fn compare(&self) {
        let (workspace, model, today) = (&self.workspace, &self.model, self.today);
        let pending = model.pending();
        let late = pending.iter().filter(|(.., started)| month_later(*started) < today).count();
        let month = workspace.month().unwrap();
        assert_eq!(
            (month.pending, month.pending_late),
            (pending.len(), late),
            "Today on {today}: {pending:?} {:?}",
            workspace.pending().changes().collect::<Vec<_>>()
        );
        assert_eq!(workspace.pending().count(), pending.len(), "the closing words");
        let outgoing = workspace.outgoing(false).unwrap();
        assert_eq!(outgoing.counts(), (pending.len(), late), "F7 on {today}: {outgoing:#?}");
        let this = Month::of(today);
        assert_eq!(month.visits.left(), model.unvisited(this));
        assert_eq!((month.cards.left(), month.screening.left()), (model.without_card().len(), model.unscreened()));

        for serial in 1..=4 {
            let of = pending.iter().filter(|change| change.0 == serial).count();
            assert_eq!(workspace.in_short(id(serial)).unwrap().pending, of, "the list's column of {serial} on {today}");
        }

        let days = |lines: &[DueLine]| -> Vec<(NaiveDate, String, Option<usize>)> {
            let counted = lines.iter().filter_map(|line| Some((line.date, line.counts?.to_string(), line.left)));
            let mut counted: Vec<_> = counted.collect();
            counted.sort();
            counted
        };
        let told = |days: Vec<(NaiveDate, &str, Option<usize>)>| -> Vec<(NaiveDate, String, Option<usize>)> {
            days.into_iter().map(|(date, counts, left)| (date, counts.to_owned(), left)).collect()
        };
        let now = workspace.due(DueWhen::Now).unwrap();
        assert_eq!(days(&now), told(model.due_now(today)), "due on {today}");
        for month in [this.before(), this, this.next()] {
            let calendar = workspace.due(DueWhen::In(month)).unwrap();
            assert_eq!(days(&calendar), told(model.days(month, month, today)), "the calendar of {month} on {today}");
        }
        let on_today: Vec<_> = workspace.next_deadlines(&month).unwrap();
        for (deadline, left) in on_today.iter().filter(|(deadline, _)| deadline.days_left < 0) {
            let known = model.due_now(today);
            let is_it = |(date, _, known): &(NaiveDate, &str, Option<usize>)| (*date, *known) == (deadline.date, *left);
            assert!(known.iter().any(is_it), "Today's days on {today}: {deadline:?} {left:?}");
        }

        // By household: what goes to the county by which day.
        let to = this.last_day().max(today.checked_add_days(Days::new(15)).unwrap());
        let expected: BTreeSet<(u32, NaiveDate)> = pending
            .iter()
            .map(|(serial, _, started)| (*serial, month_later(*started)))
            .filter(|it| it.1 <= to)
            .collect();
        let due: BTreeSet<(u32, NaiveDate)> = now
            .iter()
            .filter(|line| line.code.is_some_and(|code| code == "C503"))
            .map(|line| (line.household.unwrap().serial, line.date))
            .collect();
        assert_eq!(due, expected, "due on {today}");
        let mut first: BTreeMap<(u32, &str), NaiveDate> = BTreeMap::new();
        for (serial, section, started) in &pending {
            let known = first.entry((*serial, section)).or_insert(*started);
            *known = (*known).min(*started);
        }
        first.retain(|_, started| (month_later(*started) - today).num_days() <= 7);
        let expected: Vec<(u32, String, bool)> = first
            .iter()
            .map(|((serial, section), started)| (*serial, (*section).to_owned(), month_later(*started) < today))
            .collect();
        let stale: BTreeSet<(u32, String, bool)> = workspace
            .stale()
            .unwrap()
            .into_iter()
            .filter(|(_, stale)| stale.code == "C503")
            .map(|(id, stale)| (id.serial, stale.section.to_string(), stale.is_error))
            .collect();
        assert_eq!(stale, expected.iter().cloned().collect(), "stale on {today}");

        // What the checks say.
        for serial in 1..=4 {
            let findings = workspace.findings(id(serial)).unwrap();
            let of = |code: &str| findings.iter().filter(|it| it.code == code).count();
            assert_eq!(of("C503"), expected.iter().filter(|it| it.0 == serial).count(), "{serial} on {today}");
            let unvisited =
                Model::is_due(serial) && !model.visited_since(serial, this.first_day(), Some(this.last_day()));
            assert_eq!(of("C504"), usize::from(unvisited), "the visit of {serial} on {today}");
            assert_eq!(
                of("C507"),
                usize::from(model.without_card().contains(&serial)),
                "the card of {serial} on {today}"
            );
        }
    }
}

/// The days on which all is compared: the first, the tenth, the last of each month, and those around the year's end.
fn is_told(day: NaiveDate) -> bool {
    let last = Month::of(day).last_day();
    [1, 5, 6, 10, 11].contains(&day.day()) || day == last || (day.month() == 12 && day.day() == 30)
}

fn live(seed: u64) {
    let mut random = Random::new(seed);
    let mut village = Village::new();
    let mut today = day(TAKEN_IN);
    const FIELDS: [(&str, &str, [&str; 3]); 4] = [
        ("address", "phone", ["13900000001", "13900000002", "13900000003"]),
        ("address", "house_number", ["12号", "13号", "14号"]),
        ("address", "note", ["甲", "乙", "丙"]),
        ("card", "year", ["2021", "2022", "2022"]),
    ];
    while today < day("2023-02-02") {
        village.go_to(today);
        for _ in 0..random.below(3) {
            let serial = 1 + random.below(4) as u32;
            match random.below(12) {
                0..=5 => {
                    let (section, field, values) = FIELDS[random.below(4) as usize];
                    let value = values[random.below(3) as usize];
                    let back = today - Days::new(random.below(40));
                    let happened = (random.below(2) == 0 && back >= day("2022-09-01")).then_some(back);
                    let paper = [None, None, Some("本人说"), Some("收据")][random.below(4) as usize];
                    village.edit((serial, section, field), value, happened, paper);
                }
                6 | 7 => village.undo(),
                8 => village.add_task(serial),
                9 => village.settle_task(random.below(3) as usize),
                10 => village.visit(serial, today),
                _ => village.screen(serial),
            }
        }
        if random.below(15) == 0 {
            village.hand_over(random.below(2) == 0);
        }
        if is_told(today) {
            village.compare();
        }
        today = today.succ_opt().unwrap();
    }
    village.compare();
    // An opening reckons it all up anew.
    let Village { home, workspace, model, county, forms, .. } = village;
    let day = workspace.today();
    drop(workspace);
    let workspace = home.open(&day.to_string());
    Village { home, workspace, model, county, today: day, forms }.compare();
}

#[test]
fn whoever_counts_counts_the_same() {
    (1..=4).for_each(live);
}

#[test]
#[ignore = "long: many more villages"]
fn whoever_counts_counts_the_same_for_long() {
    (100..=160).for_each(live);
}
