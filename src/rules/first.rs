//! What to do first: the things that wait in one household, and the order in which those of all households are done.

use std::cmp::Reverse;

use chrono::{Datelike, NaiveDate};

use crate::catalogue::print::day_in_words;
use crate::checks::{Check, Checks, How, Severity};
use crate::domain::{HouseholdId, Name, PartialDate, Slot, fact};
use crate::policy::Policy;

use super::check::{Hit, Settled, check_of};
use super::clocks::{ClockStanding, ClockState};
use super::due;
use super::stale::Stale;
use super::standing::{Progress, Standing};
use super::urgency::{Urgency, Weights};

/// One thing to do in one household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing {
    /// What sort of thing it is among all others.
    pub urgency: Urgency,
    /// Days until its last one, negative where that has passed; none where it has no day.
    pub left: Option<i64>,
    /// How long it has waited, in days; more comes first among things that are as urgent.
    pub days: i64,
    /// Where it is done.
    pub place: Place,
    /// The check that names it; blank where none does.
    pub code: &'static str,
    /// Why, with the figure that matters, in the coordinator's words.
    pub why: String,
}

/// Where a thing is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At this section of the file.
    Section(Name),
    /// At the task in this row.
    Task(u32),
    /// In this section of the file, where the end of a clock is entered.
    Clock(Name),
    /// In the visit.
    Visit,
    /// In the screening form.
    Screening,
    /// In the verification form.
    Verification,
    /// On the status card.
    Card,
    /// Among the changes for the county.
    Changes,
    /// In the file, where values stand beside each other.
    Conflicts,
    /// At the field of what this check finds, by its place in the table.
    Finding(u16),
    /// In the file, where the first secretary wants something seen to.
    Returned,
    /// At the field of which the county refused a change.
    Refused(Slot),
}

impl Place {
    /// What is to be done there, in a word.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Section(_) => "更新",
            Self::Task(_) => "待办",
            Self::Clock(_) => "期限",
            Self::Visit => "走访",
            Self::Screening => "筛查",
            Self::Verification => "排查",
            Self::Card => "明白卡",
            Self::Changes => "交县",
            Self::Conflicts => "待选",
            Self::Finding(_) => "核对",
            Self::Returned => "退回",
            Self::Refused(_) => "县未录",
        }
    }
}

/// What the first secretary returned, with her remark and since when.
pub fn of_return(remark: &str, by: &str, since: NaiveDate, day: NaiveDate) -> Thing {
    let days = (day - since).num_days();
    let why = format!("{by}{}退回：{remark}", in_words(since, day));
    Thing { urgency: Urgency::Returned, left: Some(-days), days, place: Place::Returned, code: "", why }
}

/// A change that the county refused: the field, why, and since when.
pub fn of_refusal(slot: Slot, field: &str, why: &str, since: NaiveDate, day: NaiveDate) -> Thing {
    let why = format!("{field}：{why}");
    let days = (day - since).num_days();
    Thing { urgency: Urgency::Refused, left: Some(-days), days, place: Place::Refused(slot), code: "", why }
}

/// What waits in one household on a day; `unsent` is what is near or past its month and in no change set.
pub fn of(policy: &Policy, day: NaiveDate, standing: &Standing, unsent: &[Stale]) -> Vec<Thing> {
    let mut things = Vec::new();
    let visit_left = standing.due && standing.visited_on.is_none();
    let changed = |is_error| standing.stale.iter().filter(move |s| s.code == "C501" && s.is_error == is_error);
    let sent = |is_error| unsent.iter().filter(move |stale| stale.is_error == is_error);
    for (urgency, is_error) in [(Urgency::Late, true), (Urgency::Near, false)] {
        things.extend(worst(changed(is_error), urgency, |stale| Place::Section(stale.section)));
        things.extend(worst(sent(is_error), urgency, |_| Place::Changes));
    }
    things.extend(standing.clocks.iter().filter_map(clock));
    let unconfirmed = || standing.stale.iter().filter(|stale| stale.code == "C502" && stale.is_error);
    if visit_left {
        things.push(visit(policy, day, standing, unconfirmed().count()));
    } else {
        things.extend(worst(unconfirmed(), Urgency::Stale, |stale| Place::Section(stale.section)));
    }
    things.extend(standing.tasks.iter().filter_map(|task| {
        let over = task.days_over(day).filter(|over| *over >= 0)?;
        let owner = if task.owner.is_empty() { String::new() } else { format!("（{}）", task.owner) };
        let why = format!("{}{owner}，{}", task.what, until(task.due?.latest(), day));
        Some(Thing {
            urgency: Urgency::Task,
            left: Some(-over),
            days: over,
            place: Place::Task(task.row),
            code: "",
            why,
        })
    }));
    let year = due::card_year(policy, day);
    let card = if year == day.year() {
        "今年的明白卡还没上墙".to_owned()
    } else {
        format!("{year}年的明白卡还没上墙")
    };
    // A round that is over is not made good at the desk.
    let ends = policy.round_on(day).map(|round| round.days.1).filter(|ends| day <= *ends);
    for (progress, by, urgency, place, code, what) in [
        (standing.card, policy.card_by(), Urgency::Card, Place::Card, "C507", card.as_str()),
        (standing.screening, ends, Urgency::Round, Place::Screening, "C505", "这一轮的筛查表没填"),
        (standing.verification, ends, Urgency::Round, Place::Verification, "C508", "这一轮的排查表没填"),
    ] {
        let Some(by) = by.filter(|by| progress == Progress::Open && is_near(policy, day, *by)) else { continue };
        let why = format!("{what}，{}", until(by, day));
        let left = (by - day).num_days();
        things.push(Thing { urgency, left: Some(left), days: -left, place, code, why });
    }
    if standing.beside > 0 {
        let why = format!("{}处县里和村里不一样，要选一个", standing.beside);
        things.push(Thing { urgency: Urgency::Conflict, left: None, days: 0, place: Place::Conflicts, code: "", why });
    }
    things
}

/// The checks whose findings are things already under their own names, by the rule that decides them, and where such a
/// thing is done if not at a section.
const BY_THEMSELVES: [(&str, Option<Place>); 9] = [
    ("late_change", None),
    ("stale_section", None),
    ("not_handed_over", Some(Place::Changes)),
    ("visit_missing", Some(Place::Visit)),
    ("screening_missing", Some(Place::Screening)),
    ("verification_missing", Some(Place::Verification)),
    ("card", Some(Place::Card)),
    ("clock", None),
    ("loan_clock", None),
];

fn by_itself(check: &Check) -> Option<&'static (&'static str, Option<Place>)> {
    let How::Rule(rule) = check.how else { return None };
    BY_THEMSELVES.iter().find(|(known, _)| rule == *known)
}

/// Whether a check's findings are things already under their own names: visits, stale sections, forms, cards, changes.
pub fn is_by_itself(check: &Check) -> bool {
    by_itself(check).is_some()
}

/// Where what a check finds is done, where that is at no field.
pub fn place_of(check: &Check) -> Option<Place> {
    by_itself(check).and_then(|(_, place)| *place)
}

/// What the checks find in one household that has to be done: a thing a check, errors of all, warnings of targets. It
/// has no words yet, because few of them are ever read.
pub fn of_hits(checks: &Checks, standing: &Standing, hits: &[Hit]) -> Vec<Thing> {
    let is_target = standing.facts.hold(fact::TARGET);
    let mut things: Vec<Thing> = Vec::new();
    for hit in hits.iter().filter(|hit| hit.settled == Settled::Open && !is_by_itself(check_of(checks, hit.check))) {
        let urgency = match hit.severity {
            Severity::Block | Severity::Error => Urgency::Finding,
            Severity::Warn if is_target || is_asked_once(checks, hit.check) => Urgency::Doubt,
            Severity::Warn | Severity::Hint => continue,
        };
        let place = Place::Finding(hit.check);
        // What cannot be true comes first among the errors.
        let days = i64::from(hit.severity == Severity::Block);
        if !things.iter().any(|thing| thing.place == place) {
            things.push(Thing { urgency, left: None, days, place, code: "", why: String::new() });
        }
    }
    things
}

/// Whether one answer may hold for all households of which a check finds the same.
pub fn is_asked_once(checks: &Checks, check: u16) -> bool {
    !check_of(checks, check).answers.is_empty()
}

/// Puts the things of all households, given in the order in which one walks, into the order in which they are done: by
/// what they are and by their day together.
pub fn order(things: &mut [(HouseholdId, Thing)], weights: &Weights) {
    things.sort_by_cached_key(|(_, thing)| (Reverse(weights.of(thing.urgency, thing.left)), Reverse(thing.days)));
}

/// A clock that somebody has to look to: near its last day, or past it and nobody has said why.
fn clock(state: &ClockState) -> Option<Thing> {
    let urgency = match state.standing {
        ClockStanding::Past if state.reason.is_none() => Urgency::Late,
        ClockStanding::Near => Urgency::Near,
        _ => return None,
    };
    let (left, place) = (state.days_left?, Place::Clock(state.section));
    Some(Thing { urgency, left: Some(left), days: -left, place, code: state.code.as_str(), why: state.why.clone() })
}

fn is_near(policy: &Policy, day: NaiveDate, by: NaiveDate) -> bool {
    (by - day).num_days() <= policy.worklist.ahead_days
}

/// One line for all of a kind: the one that has waited longest, and how many more there are.
fn worst<'a>(all: impl Iterator<Item = &'a Stale>, urgency: Urgency, place: impl Fn(&Stale) -> Place) -> Option<Thing> {
    let mut all: Vec<&Stale> = all.collect();
    all.sort_by_key(|stale| Reverse(stale.days));
    let (first, others) = all.split_first()?;
    let more = if others.is_empty() { String::new() } else { format!("，另{}处", others.len()) };
    let why = format!("{}{more}", first.why);
    Some(Thing { urgency, left: Some(first.left()), days: first.days, place: place(first), code: first.code, why })
}

fn visit(policy: &Policy, day: NaiveDate, standing: &Standing, unconfirmed: usize) -> Thing {
    // Nobody owes a visit where no day is stated.
    let by = policy.visit.by_day.map_or(day, |by_day| crate::domain::Month::of(day).day(by_day));
    let urgency = if standing.facts.hold(fact::TARGET) {
        Urgency::Target
    } else if day > by || unconfirmed > 0 {
        Urgency::Stale
    } else {
        Urgency::Visit
    };
    let last = match standing.last_visit {
        Some(last) => format!("上次{}", in_words(last, day)),
        None => "没有走访记录".to_owned(),
    };
    let stale = if unconfirmed > 0 { format!("；{unconfirmed}处过期") } else { String::new() };
    let days = standing.last_visit.map_or(i64::MAX, |last| (day - last).num_days());
    let why = format!("本月没走访，{}；{last}{stale}", until(by, day));
    Thing { urgency, left: Some((by - day).num_days()), days, place: Place::Visit, code: "C504", why }
}

fn until(by: NaiveDate, day: NaiveDate) -> String {
    match (day - by).num_days() {
        over @ 1.. => format!("过期{over}天"),
        0 => "今天到期".to_owned(),
        left => format!("还有{}天", -left),
    }
}

fn in_words(date: NaiveDate, day: NaiveDate) -> String {
    day_in_words(PartialDate::from(date), PartialDate::from(day).known_year())
}

#[cfg(test)]
mod tests {
    use super::super::testing::Defs;
    use super::super::{standing, tasks};
    use super::*;
    use crate::domain::{FormRef, HouseholdFile, OpenItem, Slot};

    fn things(defs: &Defs, day: &str, file: &HouseholdFile, unsent: &[Stale]) -> Vec<Thing> {
        let look = defs.on(day);
        of(look.policy, look.day, &standing::of(look, file), unsent)
    }

    fn told(things: &[Thing]) -> Vec<(&'static str, &'static str, String)> {
        things.iter().map(|thing| (thing.place.label(), thing.code, thing.why.clone())).collect()
    }

    fn visited(file: &mut HouseholdFile, on: &str) {
        file.forms.push(FormRef::blank(Name::new("visit"), on.parse().unwrap()));
    }

    fn unsent(section: &str, days: i64, is_error: bool) -> Stale {
        Stale {
            code: "C503",
            section: Name::new(section),
            confirmed_on: None,
            changed_on: None,
            days,
            is_error,
            why: format!("{section}{days}天未交县"),
        }
    }

    #[test]
    fn an_ordinary_household_in_order_needs_nothing() {
        let defs = Defs::shipped();
        let file = defs.file("class.class=一般农户 members.1.labour=无劳动力");
        assert!(things(&defs, "2022-09-20", &file, &[]).is_empty());
        // Its sections go stale, which is a warning and no thing to do first; the round's end is still far.
        assert!(things(&defs, "2022-11-20", &file, &[]).is_empty());
        assert_eq!(things(&defs, "2022-12-01", &file, &[])[0].place, Place::Screening);
        assert!(things(&defs, "2022-12-20", &file, &[]).is_empty());
    }

    #[test]
    fn a_visit_settles_what_is_stale_and_so_is_one_line() {
        let defs = Defs::shipped();
        let mut file = defs.file("class.class=脱贫户");
        visited(&mut file, "2022-09-08");
        let of_visit = |day| told(&things(&defs, day, &file, &[])).remove(0);
        assert_eq!(of_visit("2022-10-01"), ("走访", "C504", "本月没走访，还有9天；上次9月8日".into()));
        let (_, _, why) = of_visit("2022-10-12");
        assert!(why.starts_with("本月没走访，过期2天；上次9月8日；") && why.ends_with("处过期"), "{why}");
        visited(&mut file, "2022-10-09");
        let stale = things(&defs, "2022-10-12", &file, &[]);
        assert!(matches!(stale[0].place, Place::Section(_)) && stale[0].code == "C502", "{stale:?}");
        assert_eq!(stale.iter().filter(|thing| thing.code == "C502").count(), 1);
    }

    #[test]
    fn urgency_of_a_visit_goes_by_whom_and_when() {
        let defs = Defs::shipped();
        let urgency = |fields: &str, day: &str, taken_in: &str| {
            let mut file = defs.file(fields);
            file.taken_in = taken_in.parse().unwrap();
            things(&defs, day, &file, &[]).iter().find(|thing| thing.place == Place::Visit).map(|thing| thing.urgency)
        };
        let target = "case.target=边缘易致贫户 class.class=一般农户";
        assert_eq!(urgency(target, "2022-11-02", "2022-11-01"), Some(Urgency::Target));
        assert_eq!(urgency("class.class=脱贫户", "2022-11-02", "2022-11-01"), Some(Urgency::Visit));
        assert_eq!(urgency("class.class=脱贫户", "2022-11-11", "2022-11-01"), Some(Urgency::Stale));
        assert_eq!(urgency("class.class=脱贫户", "2022-11-02", "2022-09-01"), Some(Urgency::Stale));
        assert_eq!(urgency("class.class=一般农户", "2022-11-11", "2022-11-01"), None);
    }

    #[test]
    fn changes_are_told_once_by_the_longest() {
        let defs = Defs::shipped();
        let mut file = defs.file("class.class=一般农户");
        file.taken_in = "2022-11-01".parse().unwrap();
        file.open_items.push(OpenItem {
            act: 3,
            item: Name::new("V01"),
            sections: vec![Name::new("members")],
            since: "2022-10-08".parse().ok(),
            seen_on: "2022-10-09".parse().unwrap(),
            what: "添孙女".into(),
        });
        let all = [unsent("income", 40, true), unsent("housing", 50, true), unsent("water", 27, false)];
        let things = things(&defs, "2022-11-20", &file, &all);
        assert_eq!(
            told(&things)[..3],
            [
                ("更新", "C501", "人口有变化（添孙女），43天未入档".to_owned()),
                ("交县", "C503", "housing50天未交县，另1处".to_owned()),
                ("交县", "C503", "water27天未交县".to_owned()),
            ]
        );
        assert_eq!(things[..3].iter().map(|thing| thing.urgency).max(), Some(Urgency::Near));
    }

    #[test]
    fn days_that_come_near_list_what_they_wait_for() {
        let defs = Defs::shipped();
        let mut file = defs.file("case.target=突发严重困难户 class.class=一般农户");
        visited(&mut file, "2022-11-01");
        file.taken_in = "2022-11-01".parse().unwrap();
        assert!(things(&defs, "2022-11-04", &file, &[]).is_empty());
        let card = |day| told(&things(&defs, day, &file, &[])).remove(0).2;
        assert_eq!(card("2022-11-05"), "今年的明白卡还没上墙，还有15天");
        assert_eq!(card("2022-11-20"), "今年的明白卡还没上墙，今天到期");
        let mut ordinary = defs.file("class.class=一般农户 spending.own_spending=20000");
        ordinary.taken_in = "2022-11-01".parse().unwrap();
        let round = told(&things(&defs, "2022-11-26", &ordinary, &[]));
        assert_eq!(
            round.iter().map(|(what, code, _)| (*what, *code)).collect::<Vec<_>>(),
            [("筛查", "C505"), ("排查", "C508")]
        );
    }

    #[test]
    fn a_clock_is_told_when_it_is_near_and_when_it_is_past_without_a_reason() {
        let defs = Defs::shipped();
        let mut file = defs.file("class.class=一般农户 stages.1.stage=入户核实(排查表) stages.1.on=2022-11-02");
        file.taken_in = "2022-11-01".parse().unwrap();
        assert!(things(&defs, "2022-11-11", &file, &[]).is_empty());
        let near = things(&defs, "2022-11-12", &file, &[]);
        assert_eq!((near[0].urgency, near[0].code, near[0].place.label()), (Urgency::Near, "C506", "期限"));
        let past = things(&defs, "2022-11-18", &file, &[]);
        assert_eq!(
            (past[0].urgency, past[0].days, past[0].place),
            (Urgency::Late, 1, Place::Clock(Name::new("stages")))
        );
        defs.put(&mut file, "stages.2.stage=县级审批 stages.2.why=等比对结果");
        assert!(things(&defs, "2022-11-18", &file, &[]).is_empty());
    }

    #[test]
    fn tasks_wait_until_their_last_day() {
        let defs = Defs::shipped();
        let mut file = defs.file(
            "class.class=一般农户 tasks.1.what=漏雨 tasks.1.owner=村委会 tasks.1.due=2022-11-03 tasks.2.what=停水 \
             tasks.3.what=欠薪 tasks.3.due=2022-11-02",
        );
        file.taken_in = "2022-10-20".parse().unwrap();
        assert_eq!(tasks::open_of(&file).len(), 3);
        let told = told(&things(&defs, "2022-11-03", &file, &[]));
        assert_eq!(
            told,
            [("待办", "", "漏雨（村委会），今天到期".to_owned()), ("待办", "", "欠薪，过期1天".to_owned())]
        );
    }

    #[test]
    fn findings_are_a_line_a_check_and_what_is_listed_already_is_left_out() {
        let defs = Defs::shipped();
        let number = |id: &str| defs.checks.named(Name::new(id)).unwrap().0 as u16;
        let written: Vec<Name> =
            defs.checks.written().filter(|(_, check)| is_by_itself(check)).map(|it| it.1.id).collect();
        assert_eq!(written.len(), BY_THEMSELVES.len(), "{written:?}");
        let plain: Vec<u16> = (0..).zip(&defs.checks.all).filter(|(_, it)| !is_by_itself(it)).map(|it| it.0).collect();
        let (one, two) = (plain[0], plain[1]);
        let hit = |check, severity, settled| Hit { check, severity, settled };
        let hits = [
            hit(one, Severity::Warn, Settled::Open),
            hit(two, Severity::Error, Settled::Open),
            hit(two, Severity::Error, Settled::Open),
            hit(plain[2], Severity::Error, Settled::Answered),
            hit(plain[3], Severity::Hint, Settled::Open),
            hit(number("C504"), Severity::Error, Settled::Open),
        ];
        let of = |fields: &str| {
            let standing = standing::of(defs.on("2022-11-02"), &defs.file(fields));
            of_hits(&defs.checks, &standing, &hits).into_iter().map(|it| (it.urgency, it.place)).collect::<Vec<_>>()
        };
        let error = (Urgency::Finding, Place::Finding(two));
        assert_eq!(of("class.class=一般农户"), [error]);
        assert_eq!(of("case.target=边缘易致贫户"), [(Urgency::Doubt, Place::Finding(one)), error]);
        assert_eq!(place_of(check_of(&defs.checks, number("C504"))), Some(Place::Visit));
        assert_eq!(place_of(check_of(&defs.checks, number("C502"))), None);
    }

    #[test]
    fn the_most_urgent_comes_first_then_the_longest_then_the_nearest() {
        let defs = Defs::shipped();
        let id = |serial| HouseholdId { village: "419999101201".parse().unwrap(), serial };
        let mut beside = defs.file("class.class=一般农户");
        beside.taken_in = "2022-11-01".parse().unwrap();
        beside.beside.push(Slot { section: Name::new("income"), row: 0, field: Name::new("wages") });
        let mut target = defs.file("case.target=边缘易致贫户 class.class=一般农户 card.year=2022");
        target.taken_in = "2022-11-01".parse().unwrap();
        let mut longer = target.clone();
        visited(&mut longer, "2022-08-01");
        visited(&mut target, "2022-10-09");
        let day = "2022-11-02";
        let mut all: Vec<(HouseholdId, Thing)> = Vec::new();
        for (serial, file, late) in [(1, &beside, 0), (2, &target, 0), (3, &longer, 0), (4, &beside, 40)] {
            let unsent: Vec<Stale> = (late > 0).then(|| unsent("income", late, true)).into_iter().collect();
            all.extend(things(&defs, day, file, &unsent).into_iter().map(|thing| (id(serial), thing)));
        }
        order(&mut all, &Weights::load(&crate::data::Data::embedded()).unwrap());
        let order: Vec<(u32, &str)> = all.iter().map(|(id, thing)| (id.serial, thing.place.label())).collect();
        assert_eq!(order, [(4, "交县"), (3, "走访"), (2, "走访"), (1, "待选"), (4, "待选")]);
    }
}
