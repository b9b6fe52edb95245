//! What places lay down for a year, as the layers of `data/policy/` state it, and what of it holds for a village on a day.
//!
//! A layer is one issuer's: a province's, a county's over it, and below all what the program itself brings along. Figure by
//! figure the nearest layer that states it wins; what none states is not stated, and no rule goes by anything else.

mod clock;
mod colour;
mod figure;
mod holidays;
mod keys;
mod layer;
mod parts;
mod read;
mod shown;
mod sources;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::domain::{Money, Name};

pub use clock::{Clock, Event, Limit, LimitKind, Unit};
pub use colour::{Colour, SIGNS, Signs};
pub use figure::{Figure, Held, Stated};
pub use holidays::{DayKind, Holiday, Holidays};
pub use layer::Layer;
pub use parts::{
    Card, DatedDay, FormLimits, Groups, Income, MonthMeant, MonthlyDay, People, Round, Stale, Visit, Worklist,
};
pub use shown::{FigureLabels, ShownFigure, Statement};
pub use sources::{Cited, Document, DocumentKind, Sources};

/// What holds for a village on a day.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The name of its nearest layer.
    pub name: Name,
    /// The layers that it is of, the nearest first.
    layers: Vec<Standing>,
    /// All that they state, by key, the nearest first.
    stated: BTreeMap<Name, Vec<(usize, Stated)>>,
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
    /// What the table of checks goes by.
    bound: Bound,
}

/// A layer as one of those that hold for a village.
#[derive(Clone, Debug)]
struct Standing {
    name: Name,
    label: Box<str>,
    places: Vec<Box<str>>,
    from: NaiveDate,
    year: Option<i32>,
    everywhere: bool,
}

/// A policy as the table of checks reckons with it: worked out once, since it is asked for at each household.
#[derive(Clone, Debug, Default)]
pub struct Bound {
    /// The figures by their numbers in the table; none where a figure is not stated.
    pub figures: Vec<Option<i64>>,
    /// The checks that do not hold here, by their places: another county's document alone lays them down.
    pub silent: Vec<bool>,
}

impl Policy {
    /// What holds for a village on a day: by its code, or by the layer that is named.
    pub fn of(all: &[Layer], named: Option<&str>, division: &str, day: NaiveDate) -> Self {
        let chain = Layer::chain(all, named, division, day);
        let mut stated: BTreeMap<Name, Vec<(usize, Stated)>> = BTreeMap::new();
        for (at, layer) in chain.iter().enumerate() {
            for (key, figure) in &layer.figures {
                stated.entry(*key).or_default().push((at, figure.clone()));
            }
        }
        let figure = |key: &str| stated.get(&Name::new(key))?.first()?.1.held.as_figure();
        let whole = |key: &str| figure(key).and_then(Figure::as_whole);
        let money = |key: &str| whole(key).map(Money::yuan);
        // What cannot be done without is stated by the layers that hold everywhere: reading them has seen to it.
        let count = |key: &str| whole(key).unwrap_or_default();
        let small = |key: &str| whole(key).and_then(|number| u32::try_from(number).ok());
        let age = |key: &str| count(key) as i32;
        let names = |key: &str| {
            let first = stated.get(&Name::new(key)).and_then(|all| all.first());
            first.map_or_else(Vec::new, |(_, figure)| figure.held.as_names().to_vec())
        };
        let by_day = small("visit.by_day");
        let mut holidays = Holidays::default();
        chain.iter().for_each(|layer| holidays.add(&layer.holidays));
        let mut rounds: Vec<Round> = nearest(&chain, |layer| &layer.rounds, |round| Some(round.id));
        for earlier in chain.iter().flat_map(|layer| layer.rounds_before(all)) {
            if !rounds.iter().any(|round| round.id == earlier.id) {
                rounds.push(earlier.clone());
            }
        }
        rounds.sort_by_key(|round| round.days);
        let colours = chain.iter().map(|layer| &layer.colours).find(|colours| !colours.is_empty());
        Self {
            name: chain.first().map_or(Name::fixed(""), |layer| layer.name),
            income: Income {
                line: money("income.line"),
                watch: money("income.watch"),
                agrees_within: whole("income.agrees_within"),
            },
            visit: Visit {
                by_day,
                due: if by_day.is_some() { names("visit.due") } else { Vec::new() },
                morning: count("visit.morning").unsigned_abs() as usize,
                back_months: small("visit.back_months").unwrap_or_default(),
            },
            stale: Stale { near_days: count("stale.near_days") },
            worklist: Worklist { ahead_days: count("worklist.ahead_days") },
            groups: Groups {
                fell_by: count("groups.fell_by"),
                many_children: count("groups.many_children").unsigned_abs() as usize,
                many_beyond: count("groups.many_beyond").unsigned_abs() as usize,
                wage_share: count("groups.wage_share"),
                work_months: small("groups.work_months"),
                spending: money("groups.spending").unwrap_or_default(),
                spending_share: count("groups.spending_share"),
                new_allowance_years: small("groups.new_allowance_years"),
            },
            people: People {
                old: age("people.old"),
                compulsory_from: age("people.compulsory_from"),
                compulsory_to: age("people.compulsory_to"),
                working_from: age("people.working_from"),
                working_to: age("people.working_to"),
            },
            forms: FormLimits {
                most_a_day: count("forms.most_a_day").unsigned_abs() as usize,
                visit_within_days: count("forms.visit_within_days"),
                alike_households: count("forms.alike_households").unsigned_abs() as usize,
                shortest_minutes: count("forms.shortest_minutes").try_into().unwrap_or(u16::MAX),
            },
            card: Card {
                by: figure("card.by").and_then(Figure::as_day),
                classes: names("card.classes"),
                mask: names("card.mask"),
                in_full: names("card.in_full"),
            },
            colours: colours.cloned().unwrap_or_default(),
            signs: Signs { overdue: names("signs.overdue"), guarantee_failing: names("signs.guarantee_failing") },
            rounds,
            monthly: nearest(&chain, |layer| &layer.monthly, |day| day.id),
            dated: nearest(&chain, |layer| &layer.dated, |day| day.id),
            clocks: nearest(&chain, |layer| &layer.clocks, |clock| Some(clock.id)),
            holidays,
            layers: chain.iter().map(|layer| Standing::of(layer)).collect(),
            stated,
            bound: Bound::default(),
        }
    }

    /// Takes what the table of checks goes by.
    pub fn bind(&mut self, bound: Bound) {
        self.bound = bound;
    }

    /// What the table of checks goes by.
    pub const fn bound(&self) -> &Bound {
        &self.bound
    }

    /// The beginnings of the division codes for which its layers hold.
    pub fn places(&self) -> Vec<Box<str>> {
        self.layers.iter().flat_map(|layer| layer.places.iter().cloned()).collect()
    }

    /// The nearest layer that is somebody's.
    fn nearest(&self) -> Option<&Standing> {
        self.layers.iter().find(|layer| !layer.everywhere)
    }

    /// Whether it is of a village's own place and of the year of a day.
    pub fn holds_for(&self, division: &str, day: NaiveDate) -> bool {
        self.nearest().is_some_and(|layer| {
            layer.is_of(division) && layer.from <= day && layer.year.is_none_or(|year| year == day.year())
        })
    }

    /// Its name for a village on a day, as it stands in titles: of a year that is over it goes on (沿用); where it is another
    /// place's, or has not begun, it only stands in.
    pub fn label_for(&self, division: &str, day: NaiveDate) -> String {
        let Some(layer) = self.nearest() else { return "本地未载明".to_owned() };
        let label = &layer.label;
        match layer.year {
            _ if !layer.is_of(division) || day < layer.from => format!("{label}(借用)"),
            Some(year) if day.year() > year => format!("{label}(沿用{year}年)"),
            _ => label.to_string(),
        }
    }

    /// The round on a day: the one that is on, else the last that was, else the first.
    pub fn round_on(&self, day: NaiveDate) -> Option<&Round> {
        self.rounds.iter().rev().find(|round| round.days.0 <= day).or_else(|| self.rounds.first())
    }

    /// A round by its id.
    pub fn round(&self, id: Name) -> Option<&Round> {
        self.rounds.iter().find(|round| round.id == id)
    }

    /// A figure that a check names: one of `[figures]`, or one that rules of code go by as well; none where no layer states it.
    pub fn figure(&self, name: Name) -> Option<Figure> {
        self.stated.get(&figure_key(name))?.first()?.1.held.as_figure()
    }

    /// By which day this year's card is on the wall.
    pub const fn card_by(&self) -> Option<NaiveDate> {
        self.card.by
    }
}

/// The key of a figure as checks name it.
pub fn figure_key(name: Name) -> Name {
    match name.as_str() {
        "line" => Name::fixed("income.line"),
        "clearly_above" => Name::fixed("income.clearly_above"),
        "watch" => Name::fixed("income.watch"),
        "agrees_within" => Name::fixed("income.agrees_within"),
        "fell_by" => Name::fixed("groups.fell_by"),
        "old" => Name::fixed("people.old"),
        "compulsory_from" => Name::fixed("people.compulsory_from"),
        "compulsory_to" => Name::fixed("people.compulsory_to"),
        "working_from" => Name::fixed("people.working_from"),
        "working_to" => Name::fixed("people.working_to"),
        _ => name,
    }
}

impl Standing {
    fn of(layer: &Layer) -> Self {
        Self {
            name: layer.name,
            label: layer.label.clone(),
            places: layer.places.clone(),
            from: layer.from,
            year: layer.year(),
            everywhere: layer.holds_everywhere(),
        }
    }

    fn is_of(&self, division: &str) -> bool {
        self.places.iter().any(|place| division.starts_with(&**place))
    }
}

/// The entries of all layers, the nearest in place of those of its id further down.
fn nearest<T: Clone>(chain: &[&Layer], of: impl Fn(&Layer) -> &Vec<T>, id: impl Fn(&T) -> Option<Name>) -> Vec<T> {
    let mut all: Vec<T> = Vec::new();
    for entry in chain.iter().flat_map(|layer| of(layer)) {
        if id(entry).is_none() || !all.iter().any(|other| id(other) == id(entry)) {
            all.push(entry.clone());
        }
    }
    all
}

#[cfg(test)]
pub(crate) mod testing {
    //! The policies of villages, as shipped.

    use super::*;
    use crate::data::Data;

    pub fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// What holds for a village on a day of 2022.
    pub fn of(division: &str) -> Policy {
        Policy::of(&Layer::load_all(&Data::embedded()).unwrap(), None, division, day("2022-11-20"))
    }

    pub fn xixia() -> Policy {
        of("411323001001")
    }
}

#[cfg(test)]
mod tests;
