//! Figures, rounds and days of a place and a year, as `data/policy/` gives them, each with its source.

mod clock;
mod colour;
mod figure;
mod holidays;
mod parts;
mod read;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::catalogue::Catalogue;
use crate::data::{BadData, Data};
use crate::domain::{Name, Quantity};

pub use clock::{Clock, Event, Limit, LimitKind, Unit};
pub use colour::{Colour, SIGNS, Signs};
pub use figure::Figure;
pub use holidays::{DayKind, Holiday, Holidays};
pub use parts::{
    Card, DatedDay, FormLimits, Groups, Income, MonthMeant, MonthlyDay, People, Round, Stale, Visit, Worklist,
};

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

impl Policy {
    /// All policy files that there are, the oldest first.
    pub fn load_all(data: &Data) -> Result<Vec<Self>, BadData> {
        let mut all: Vec<Self> = Vec::new();
        for file in data.folder("policy") {
            let policy = read::load(&file)?;
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
        read::day_of(&self.card.by)
    }
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
    fn two_policies_of_one_name_are_refused() {
        let text = Data::embedded().file("policy/henan-2022.toml").unwrap().text;
        let fault = Policy::load_all(&Data::embedded().with_file("policy/zz.toml", &text)).unwrap_err();
        assert_eq!((fault.file.as_str(), fault.line), ("policy/zz.toml", Some(2)), "{fault}");
        assert!(fault.why.contains("已有名为 henan-2022"), "{fault}");
    }
}
