//! Figures, rounds and days of a place and a year, as `data/policy/` gives them, each with its source.

mod clock;
mod colour;
mod holidays;

use std::collections::BTreeMap;
use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use crate::catalogue::Catalogue;
use crate::data::{BadData, Data, DataFile};
use crate::domain::{Money, Name, Quantity};

pub use clock::{Clock, Event, Limit, LimitKind, Unit};
pub use colour::{Colour, SIGNS, Signs};
pub use holidays::{DayKind, Holiday, Holidays};

/// One policy file.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The file that it stands in, below `data/`.
    pub file: Box<str>,
    /// Its name, as `--policy` takes it.
    pub name: Name,
    /// Its name on the screen.
    pub label: Box<str>,
    /// The beginning of the division codes for which it holds.
    pub place: Box<str>,
    /// The first and the last day for which it holds.
    pub holds: (NaiveDate, NaiveDate),
    /// The lines of income.
    pub income: Income,
    /// The monthly visit.
    pub visit: Visit,
    /// When entries go stale.
    pub stale: Stale,
    /// What stands on the worklist.
    pub worklist: Worklist,
    /// What proves a key group.
    pub groups: Groups,
    /// Ages.
    pub people: People,
    /// Forms.
    pub forms: FormLimits,
    /// The status card.
    pub card: Card,
    /// The five colours, in the order in which they are tried.
    pub colours: Vec<Colour>,
    /// The checks behind some signs of a colour.
    pub signs: Signs,
    /// Figures that checks name.
    figures: BTreeMap<Name, Figure>,
    /// Screening rounds, oldest first.
    pub rounds: Vec<Round>,
    /// The days of every month.
    pub monthly: Vec<MonthlyDay>,
    /// Single days.
    pub dated: Vec<DatedDay>,
    /// Clocks that an event starts.
    pub clocks: Vec<Clock>,
    /// Which days are worked.
    pub holidays: Holidays,
}

/// A figure that checks name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// A number, or an amount in yuan.
    Number(Quantity),
    /// A day.
    Day(NaiveDate),
}

impl Figure {
    /// As checks reckon with it: a number in ten-thousandths, a day counted from the common era.
    pub fn reckoned(self) -> i64 {
        match self {
            Self::Number(number) => number.0,
            Self::Day(day) => day.num_days_from_ce().into(),
        }
    }

    /// The whole number that it is; none for a day.
    pub fn as_whole(self) -> Option<i64> {
        if let Self::Number(number) = self { number.as_whole() } else { None }
    }

    /// Whether it is a day.
    pub const fn is_day(self) -> bool {
        matches!(self, Self::Day(_))
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Day(day) => day.fmt(f),
        }
    }
}

/// Lines of per-person net income a year.
#[derive(Clone, Debug)]
pub struct Income {
    /// Below it a household is taken in as a rule (S0:48).
    pub line: Money,
    /// Above it a household slightly under the line may stay out (S0:48).
    pub clearly_above: Money,
    /// Below it and falling, a household is watched (S0:58).
    pub watch: Money,
    /// How many percent what was told may differ from the file (S0:101).
    pub agrees_within: i64,
}

/// The monthly visit.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// By which day of the month (S4:739).
    pub by_day: u32,
    /// Facts of the households that must be visited every month.
    pub due: Vec<Name>,
    /// How many households a morning's round has.
    pub morning: usize,
}

/// When entries go stale.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stale {
    /// How many days ahead a change's month is warned of.
    pub near_days: i64,
}

/// What stands on the worklist.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worklist {
    /// How many days before a day that is due the households that it waits for are listed one by one.
    pub ahead_days: i64,
}

/// What proves a key group.
#[derive(Clone, Debug)]
pub struct Groups {
    /// Percent by which income has clearly fallen.
    pub fell_by: i64,
    /// How many children are many.
    pub many_children: usize,
    /// How many students beyond compulsory school are several.
    pub many_beyond: usize,
    /// Percent of wages in the income of who lives mostly on wages.
    pub wage_share: i64,
    /// The months within which work has become unstable.
    pub work_months: u32,
    /// Own spending that is large.
    pub spending: Money,
    /// Percent of net income that is large.
    pub spending_share: i64,
    /// The years within which an allowance is new.
    pub new_allowance_years: u32,
}

/// Ages in full years.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    /// From which on somebody is old (S0:245).
    pub old: i32,
    /// Compulsory schooling begins.
    pub compulsory_from: i32,
    /// Compulsory schooling's last year.
    pub compulsory_to: i32,
    /// Working age begins.
    pub working_from: i32,
    /// Working age's last year.
    pub working_to: i32,
}

/// Limits on forms.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormLimits {
    /// The most screening and verification forms of one surveyor a day (S0:97).
    pub most_a_day: usize,
    /// Within how many days of a form the household has a visit.
    pub visit_within_days: i64,
    /// In how many households the same answers are remarkable.
    pub alike_households: usize,
    /// How many minutes a form takes at the least.
    pub shortest_minutes: u16,
}

/// The status card.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// By which day this year's card is on the wall (S0:67).
    pub by: toml::value::Datetime,
    /// Facts of the households that have a card (S0:67, 82).
    pub classes: Vec<Name>,
    /// Kinds of field that are starred out on paper.
    pub mask: Vec<Name>,
    /// Fields that are not, though of such a kind, as `section.field`.
    #[serde(default)]
    pub in_full: Vec<Box<str>>,
}

/// A screening round (S0:49).
#[derive(Clone, Debug)]
pub struct Round {
    /// Its id.
    pub id: Name,
    /// Its name on the screen.
    pub label: Box<str>,
    /// Its first and last day.
    pub days: (NaiveDate, NaiveDate),
    /// The key groups it asks about.
    pub asks: Vec<Name>,
    /// Whether the household signs too (S0:51).
    pub household_signs: bool,
}

/// A day of every month.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MonthlyDay {
    /// The day.
    pub day: u32,
    /// What is due.
    pub what: Box<str>,
    /// What of the program's counts it hangs on.
    pub counts: Option<Name>,
    /// The source.
    pub source: Box<str>,
}

/// A single day.
#[derive(Clone, Debug)]
pub struct DatedDay {
    /// The day.
    pub date: NaiveDate,
    /// What is due.
    pub what: Box<str>,
    /// What of the program's counts it hangs on.
    pub counts: Option<Name>,
    /// The source.
    pub source: Box<str>,
}

impl Policy {
    /// All policy files that there are, the oldest first.
    pub fn load_all(data: &Data) -> Result<Vec<Self>, BadData> {
        let mut all: Vec<Self> = Vec::new();
        for file in data.folder("policy") {
            let policy = load(&file)?;
            if all.iter().any(|other| other.name == policy.name) {
                let line = file.line_of(&format!("\"{}\"", policy.name));
                let why = format!("已有名为 {} 的政策文件", policy.name);
                return Err(BadData { file: file.path, line, why });
            }
            all.push(policy);
        }
        all.sort_by_key(|policy| policy.holds);
        if all.is_empty() { Err(BadData::new("policy", "没有政策文件")) } else { Ok(all) }
    }

    /// Holds what policy files say of the household file against its definitions.
    pub fn check_all(all: &[Self], data: &Data, catalogue: &Catalogue) -> Result<(), BadData> {
        all.iter().try_for_each(|policy| clock::check(&data.file(&policy.file)?, policy, catalogue))
    }

    /// The policy for a village on a day: the one that holds, else the nearest in place, then in time.
    pub fn choose<'a>(all: &'a [Self], division: &str, day: NaiveDate) -> Option<&'a Self> {
        all.iter().min_by_key(|policy| {
            let elsewhere = !division.starts_with(&*policy.place);
            let (from, to) = policy.holds;
            let days_off = (from - day).num_days().max((day - to).num_days()).max(0);
            (elsewhere, days_off, std::cmp::Reverse(policy.place.len()))
        })
    }

    /// Whether it holds for a village on a day.
    pub fn holds_for(&self, division: &str, day: NaiveDate) -> bool {
        division.starts_with(&*self.place) && (self.holds.0..=self.holds.1).contains(&day)
    }

    /// Its name for a village on a day; where it does not hold there and then, it says that it only stands in.
    pub fn label_for(&self, division: &str, day: NaiveDate) -> String {
        if self.holds_for(division, day) { self.label.to_string() } else { format!("{}(借用)", self.label) }
    }

    /// The policy of this name.
    pub fn named<'a>(all: &'a [Self], name: &str) -> Option<&'a Self> {
        all.iter().find(|policy| policy.name == name)
    }

    /// The round on a day: the one that is on, else the last that was, else the first.
    pub fn round_on(&self, day: NaiveDate) -> Option<&Round> {
        self.rounds.iter().rev().find(|round| round.days.0 <= day).or_else(|| self.rounds.first())
    }

    /// A round by its id.
    pub fn round(&self, id: Name) -> Option<&Round> {
        self.rounds.iter().find(|round| round.id == id)
    }

    /// A figure that a check names: one of `[figures]`, or one that rules of code go by as well.
    pub fn figure(&self, name: Name) -> Option<Figure> {
        Some(Figure::Number(Quantity::whole(match name.as_str() {
            "line" => self.income.line.0 / 100,
            "clearly_above" => self.income.clearly_above.0 / 100,
            "watch" => self.income.watch.0 / 100,
            "agrees_within" => self.income.agrees_within,
            "old" => self.people.old.into(),
            "compulsory_from" => self.people.compulsory_from.into(),
            "compulsory_to" => self.people.compulsory_to.into(),
            "working_from" => self.people.working_from.into(),
            "working_to" => self.people.working_to.into(),
            _ => return self.figures.get(&name).copied(),
        })))
    }

    /// By which day this year's card is on the wall.
    pub fn card_by(&self) -> Option<NaiveDate> {
        day_of(&self.card.by)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyShape {
    name: Name,
    label: Box<str>,
    place: Box<str>,
    from: toml::value::Datetime,
    to: toml::value::Datetime,
    income: IncomeShape,
    visit: Visit,
    stale: Stale,
    worklist: Worklist,
    groups: GroupsShape,
    people: People,
    forms: FormLimits,
    card: Card,
    #[serde(default, rename = "colour")]
    colours: Vec<Colour>,
    #[serde(default)]
    signs: Signs,
    #[serde(default)]
    figures: BTreeMap<Name, toml::Value>,
    #[serde(rename = "round")]
    rounds: Vec<RoundShape>,
    monthly: Vec<MonthlyDay>,
    #[serde(default)]
    dated: Vec<DatedShape>,
    #[serde(default, rename = "clock")]
    clocks: Vec<clock::ClockShape>,
    #[serde(default, rename = "holiday")]
    holidays: Vec<holidays::HolidayShape>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IncomeShape {
    line: i64,
    clearly_above: i64,
    watch: i64,
    agrees_within: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupsShape {
    fell_by: i64,
    many_children: usize,
    many_beyond: usize,
    wage_share: i64,
    work_months: u32,
    spending: i64,
    spending_share: i64,
    new_allowance_years: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoundShape {
    id: Name,
    label: Box<str>,
    from: toml::value::Datetime,
    to: toml::value::Datetime,
    asks: Vec<Name>,
    household_signs: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DatedShape {
    date: toml::value::Datetime,
    what: Box<str>,
    counts: Option<Name>,
    source: Box<str>,
}

fn day_of(date: &toml::value::Datetime) -> Option<NaiveDate> {
    let date = date.date?;
    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
}

/// The day of a date that stands in a file.
fn day(file: &DataFile, date: &toml::Spanned<toml::value::Datetime>) -> Result<NaiveDate, BadData> {
    day_of(date.get_ref()).ok_or_else(|| file.fault_at(date.span().start, "应为日期，如 2022-11-20".to_owned()))
}

fn load(file: &DataFile) -> Result<Policy, BadData> {
    let shape: PolicyShape = file.read()?;
    let day = |date: &toml::value::Datetime| {
        day_of(date).ok_or_else(|| BadData {
            file: file.path.clone(),
            line: file.line_of(&date.to_string()),
            why: "应为日期，如 2022-11-20".to_owned(),
        })
    };
    let holds = (day(&shape.from)?, day(&shape.to)?);
    day(&shape.card.by)?;
    let rounds = shape.rounds.into_iter().map(|round| {
        let days = (day(&round.from)?, day(&round.to)?);
        Ok(Round { id: round.id, label: round.label, days, asks: round.asks, household_signs: round.household_signs })
    });
    let mut rounds = rounds.collect::<Result<Vec<_>, BadData>>()?;
    rounds.sort_by_key(|round| round.days);
    let dated = shape.dated.into_iter().map(|dated| {
        Ok(DatedDay { date: day(&dated.date)?, what: dated.what, counts: dated.counts, source: dated.source })
    });
    let dated = dated.collect::<Result<Vec<_>, BadData>>()?;
    let figures = shape.figures.into_iter().map(|(name, figure)| {
        let read = match &figure {
            toml::Value::Datetime(date) => day_of(date).map(Figure::Day),
            other => other.to_string().parse().ok().map(Figure::Number),
        };
        let read = read.ok_or_else(|| BadData {
            file: file.path.clone(),
            line: file.line_of(&format!("\n{name} =")).map(|line| line + 1),
            why: format!("{name} 应为数字或日期，现为 {figure}"),
        })?;
        Ok((name, read))
    });
    let figures = figures.collect::<Result<_, BadData>>()?;
    colour::check(file, &shape.colours)?;
    Ok(Policy {
        file: file.path.as_str().into(),
        name: shape.name,
        label: shape.label,
        place: shape.place,
        holds,
        income: Income {
            line: Money::yuan(shape.income.line),
            clearly_above: Money::yuan(shape.income.clearly_above),
            watch: Money::yuan(shape.income.watch),
            agrees_within: shape.income.agrees_within,
        },
        visit: shape.visit,
        stale: shape.stale,
        worklist: shape.worklist,
        groups: Groups {
            fell_by: shape.groups.fell_by,
            many_children: shape.groups.many_children,
            many_beyond: shape.groups.many_beyond,
            wage_share: shape.groups.wage_share,
            work_months: shape.groups.work_months,
            spending: Money::yuan(shape.groups.spending),
            spending_share: shape.groups.spending_share,
            new_allowance_years: shape.groups.new_allowance_years,
        },
        people: shape.people,
        forms: shape.forms,
        card: shape.card,
        colours: shape.colours,
        signs: shape.signs,
        figures,
        rounds,
        monthly: shape.monthly,
        dated,
        clocks: clock::read(file, shape.clocks)?,
        holidays: holidays::read(file, &shape.holidays)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn the_nearest_policy_is_used_where_none_holds() {
        let all = Policy::load_all(&Data::embedded()).unwrap();
        assert_eq!(Policy::choose(&all, "419999101201", day(2022, 11, 20)).unwrap().name, Name::new("henan-2022"));
        assert!(Policy::choose(&all, "520000000000", day(2031, 1, 1)).is_some());
    }

    #[test]
    fn a_round_lasts_until_the_next_begins() {
        let all = Policy::load_all(&Data::embedded()).unwrap();
        let policy = Policy::named(&all, "henan-2022").unwrap();
        assert_eq!(policy.round_on(day(2022, 11, 20)).unwrap().id, Name::new("2022-2"));
        assert_eq!(policy.round_on(day(2022, 8, 1)).unwrap().id, Name::new("2022-1"));
        assert_eq!(policy.round_on(day(2021, 8, 1)).unwrap().id, Name::new("2022-1"));
    }

    #[test]
    fn a_figure_is_a_number_or_a_day() {
        let text = Data::embedded().file("policy/henan-2022.toml").unwrap().text;
        let load = |figures: &str| {
            let text = text.replace("[figures]\n", &format!("[figures]\n{figures}\n"));
            Policy::load_all(&Data::embedded().with_file("policy/henan-2022.toml", &text))
        };
        let all = load("tried = 0.5\ntried_by = 2022-03-31").unwrap();
        let policy = Policy::named(&all, "henan-2022").unwrap();
        let shown = |name| policy.figure(Name::new(name)).unwrap().to_string();
        assert_eq!(
            (shown("tried"), shown("tried_by"), shown("line")),
            ("0.5".into(), "2022-03-31".into(), "6900".into())
        );
        let fault = load("tried = \"bald\"").unwrap_err();
        assert_eq!(fault.why, "tried 应为数字或日期，现为 \"bald\"");
        assert_eq!(fault.line, Some(text[..text.find("[figures]").unwrap()].matches('\n').count() + 2));
    }

    #[test]
    fn a_figure_that_is_missing_or_stands_twice_is_refused_with_its_line() {
        let text = Data::embedded().file("policy/henan-2022.toml").unwrap().text;
        for (from, to, at) in [
            ("watch = 8000", "# none", "[income]"),
            ("watch = 8000", "watch = 8000\nwatch = 7000", "watch = 7000"),
            ("by_day = 10", "by_day = 10\nby_day = 12", "by_day = 12"),
            ("id = \"2022-2\"", "", "[[round]]\n\nlabel"),
        ] {
            let broken = text.replacen(from, to, 1);
            let fault = Policy::load_all(&Data::embedded().with_file("policy/henan-2022.toml", &broken)).unwrap_err();
            let line = broken[..broken.find(at).unwrap()].matches('\n').count() + 1;
            assert_eq!((fault.file.as_str(), fault.line), ("policy/henan-2022.toml", Some(line)), "{fault}");
        }
    }

    #[test]
    fn two_policies_of_one_name_are_refused() {
        let text = Data::embedded().file("policy/henan-2022.toml").unwrap().text;
        let fault = Policy::load_all(&Data::embedded().with_file("policy/zz.toml", &text)).unwrap_err();
        assert_eq!((fault.file.as_str(), fault.line), ("policy/zz.toml", Some(2)), "{fault}");
        assert!(fault.why.contains("已有名为 henan-2022"), "{fault}");
    }

    #[test]
    fn a_wrong_figure_is_refused_with_its_line() {
        let text =
            Data::embedded().file("policy/henan-2022.toml").unwrap().text.replace("by_day = 10", "by_day = \"x\"");
        let fault = Policy::load_all(&Data::embedded().with_file("policy/henan-2022.toml", &text)).unwrap_err();
        assert_eq!(fault.line, Some(text[..text.find("by_day").unwrap()].matches('\n').count() + 1));
    }
}
