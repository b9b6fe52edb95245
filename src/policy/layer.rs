//! Policy in layers: what one document's issuer lays down for its place, and which layers a village has on a day.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::catalogue::Catalogue;
use crate::data::{BadData, Data};
use crate::domain::Name;

use super::clock::{self, Clock};
use super::colour::Colour;
use super::figure::Stated;
use super::holidays::Holidays;
use super::keys::{KEYS, path};
use super::parts::{DatedDay, MonthlyDay, Round};
use super::read;

/// One policy file.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The file that it stands in, below `data/`.
    pub file: Box<str>,
    /// Its name, as `--policy` takes it.
    pub name: Name,
    /// Its name on the screen.
    pub label: Box<str>,
    /// The beginnings of the division codes for which it holds; an empty one is everywhere.
    pub places: Vec<Box<str>>,
    /// The day from which on it holds, until a newer one of its places does; the first of all days where its document has
    /// none.
    pub from: NaiveDate,
    /// The layer below it, and where in the file that stands.
    pub(super) over: Option<(usize, Name)>,
    /// What it states, by key.
    pub(super) figures: BTreeMap<Name, Stated>,
    pub(super) colours: Vec<Colour>,
    pub(super) rounds: Vec<Round>,
    pub(super) monthly: Vec<MonthlyDay>,
    pub(super) dated: Vec<DatedDay>,
    pub(super) clocks: Vec<Clock>,
    pub(super) holidays: Holidays,
}

impl Layer {
    /// All policy files that there are, the oldest first.
    pub fn load_all(data: &Data) -> Result<Vec<Self>, BadData> {
        let mut all: Vec<Self> = Vec::new();
        for file in data.folder("policy") {
            let layer = read::load(&file)?;
            if all.iter().any(|other| other.name == layer.name) {
                let line = file.line_of(&format!("\"{}\"", layer.name));
                let why = format!("已有名为 {} 的政策文件", layer.name);
                return Err(BadData { file: file.path, line, why });
            }
            all.push(layer);
        }
        for layer in &all {
            let Some((at, over)) = layer.over else { continue };
            if over == layer.name || Self::named(&all, over.as_str()).is_none() {
                let why = format!("没有可作下一层的政策文件 {over}");
                return Err(data.file(&layer.file)?.fault_at(at, why));
            }
        }
        all.sort_by_key(|layer| layer.from);
        let everywhere = || all.iter().filter(|layer| layer.holds_everywhere());
        let is_stated = |key: Name| everywhere().any(|layer| layer.figures.contains_key(&key));
        let missing = KEYS.iter().find(|key| key.needed && !is_stated(Name::new(&path(key.path.0, key.path.1))));
        match missing {
            Some(key) => {
                let file = everywhere().next().map_or("policy", |layer| &layer.file);
                Err(BadData::new(file, format!("[{}] 里缺 {}，到处都要用它", key.path.0, key.path.1)))
            }
            None => Ok(all),
        }
    }

    /// Holds what policy files say of the household file against its definitions.
    pub fn check_all(all: &[Self], data: &Data, catalogue: &Catalogue) -> Result<(), BadData> {
        all.iter().try_for_each(|layer| clock::check(&data.file(&layer.file)?, &layer.clocks, catalogue))
    }

    /// The layer of this name.
    pub fn named<'a>(all: &'a [Self], name: &str) -> Option<&'a Self> {
        all.iter().find(|layer| layer.name == name)
    }

    /// Whether it holds everywhere, below all others.
    pub fn holds_everywhere(&self) -> bool {
        self.places.iter().any(|place| place.is_empty())
    }

    /// What it states under a key, if it does.
    pub fn stated(&self, key: Name) -> Option<&Stated> {
        self.figures.get(&key)
    }

    /// The keys under which it states something.
    pub fn keys(&self) -> impl Iterator<Item = Name> {
        self.figures.keys().copied()
    }

    /// The year that it is of; none where its document has none.
    pub fn year(&self) -> Option<i32> {
        (self.from != NaiveDate::MIN).then(|| self.from.year())
    }

    /// The longest of its places with which a division code begins.
    fn reaches(&self, division: &str) -> Option<usize> {
        self.places.iter().filter(|place| division.starts_with(&***place)).map(|place| place.len()).max()
    }

    /// Whether two are of the same places, so that the newer stands in for the older.
    fn is_of_the_places_of(&self, other: &Self) -> bool {
        self.places.len() == other.places.len() && self.places.iter().all(|place| other.places.contains(place))
    }

    /// Of the layers of this one's places the newest that has begun on a day; before all of them, the first.
    fn newest<'a>(&'a self, all: &'a [Self], day: NaiveDate) -> &'a Self {
        let mut same = all.iter().filter(|other| other.is_of_the_places_of(self));
        let first = same.clone().next();
        same.rfind(|other| other.from <= day).or(first).unwrap_or(self)
    }

    /// The layers of a village on a day, the nearest first.
    ///
    /// They are those of its code, with the layers below them; a name chooses others only where none of these is of the
    /// named one's places: who names the province's file has the county's over it.
    pub(super) fn chain<'a>(all: &'a [Self], named: Option<&str>, division: &str, day: NaiveDate) -> Vec<&'a Self> {
        let by_code = |all: &'a [Self]| {
            let nearest =
                all.iter().filter(|layer| !layer.holds_everywhere()).max_by_key(|layer| layer.reaches(division));
            nearest.filter(|layer| layer.reaches(division).is_some())
        };
        let of_code = by_code(all).map(|layer| layer.newest(all, day).with_those_below(all, day)).unwrap_or_default();
        let named = named.and_then(|name| Self::named(all, name)).filter(|layer| !layer.holds_everywhere());
        let mut chain = match named {
            Some(named) if !of_code.iter().any(|layer| layer.is_of_the_places_of(named)) => {
                named.newest(all, day).with_those_below(all, day)
            }
            _ => of_code,
        };
        let mut everywhere: Vec<&Self> = all.iter().filter(|layer| layer.holds_everywhere()).collect();
        let begun = everywhere.iter().filter(|layer| layer.from <= day).count().max(1);
        everywhere.truncate(begun);
        chain.extend(everywhere.into_iter().rev());
        chain
    }

    /// The rounds of older layers of its places: they were, whatever has come since.
    pub(super) fn rounds_before<'a>(&'a self, all: &'a [Self]) -> impl Iterator<Item = &'a Round> {
        let older = all.iter().filter(|other| other.from < self.from && other.is_of_the_places_of(self));
        older.flat_map(|older| &older.rounds)
    }

    /// This layer and those below it. A newer layer that lies over the older one of its own places goes on with it.
    fn with_those_below<'a>(&'a self, all: &'a [Self], day: NaiveDate) -> Vec<&'a Self> {
        let mut chain = vec![self];
        let mut last = self;
        while let Some(over) = last.over.and_then(|(_, name)| Self::named(all, name.as_str())) {
            let in_chain = |layer: &Self| chain.iter().any(|other: &&Self| other.name == layer.name);
            let newest = over.newest(all, day);
            let below = if in_chain(newest) { over } else { newest };
            if in_chain(below) {
                break;
            }
            chain.push(below);
            last = below;
        }
        chain
    }
}
