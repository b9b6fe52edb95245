//! A village's policy figure by figure, each with the document that states it; what no layer states is said to be so.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::catalogue::print::day_in_words;
use crate::data::{BadData, Data};
use crate::domain::{Name, PartialDate};

use super::clock::LimitKind;
use super::figure::{Held, Stated};
use super::{Policy, Sources, Standing};

/// The names of figures, in the order in which they are shown.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FigureLabels {
    part: Vec<PartLabels>,
    #[serde(default)]
    names: BTreeMap<Name, Box<str>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartLabels {
    label: Box<str>,
    figure: Vec<FigureLabel>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FigureLabel {
    key: Name,
    label: Box<str>,
    #[serde(default)]
    unit: Box<str>,
}

/// A figure as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownFigure {
    /// Its key.
    pub key: Box<str>,
    /// The part that it belongs to.
    pub part: Box<str>,
    /// Its name.
    pub label: Box<str>,
    /// What holds; none where no layer states it.
    pub holds: Option<Statement>,
    /// What layers further down state otherwise.
    pub others: Vec<Statement>,
}

/// What a layer states, in words, with its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What it is.
    pub value: String,
    /// The layer's name.
    pub layer: Name,
    /// The layer's name on the screen.
    pub layer_label: Box<str>,
    /// Whether that layer holds everywhere.
    pub everywhere: bool,
    /// The citation.
    pub source: Box<str>,
    /// The document.
    pub title: String,
    /// Its day or year.
    pub date: String,
}

impl FigureLabels {
    /// Loads the names.
    pub fn load(data: &Data) -> Result<Self, BadData> {
        data.file("figures.toml")?.read()
    }

    /// Whether a figure has a name.
    pub fn has(&self, key: Name) -> bool {
        self.part.iter().flat_map(|part| &part.figure).any(|figure| figure.key == key)
    }

    /// The name of a figure; its key where it has none.
    pub fn name_of(&self, key: &str) -> String {
        let named = self.part.iter().flat_map(|part| &part.figure).find(|figure| figure.key == *key);
        named.map_or_else(|| key.to_owned(), |figure| figure.label.to_string())
    }

    fn value(&self, held: &Held, unit: &str) -> String {
        match held {
            Held::Figure(figure) if figure.is_day() => figure.to_string(),
            Held::Figure(figure) => format!("{figure}{unit}"),
            Held::Names(names) => {
                let words = names.iter().map(|name| self.names.get(name).map_or(name.as_str(), |label| label));
                words.collect::<Vec<_>>().join("、")
            }
        }
    }
}

impl Policy {
    /// All that can be stated, part by part, as it holds here.
    pub fn shown(&self, labels: &FigureLabels, sources: &Sources) -> Vec<ShownFigure> {
        let mut all: Vec<ShownFigure> = Vec::new();
        let named = labels.part.iter().flat_map(|part| part.figure.iter().map(move |figure| (&part.label, figure)));
        all.extend(named.map(|(part, figure)| {
            let (key, label) = (figure.key.as_str(), &figure.label);
            self.figure_shown(sources, (key, part, label), |stated| labels.value(&stated.held, &figure.unit))
        }));
        let unnamed = self.stated.keys().filter(|key| !labels.has(**key));
        all.extend(unnamed.map(|key| {
            self.figure_shown(sources, (key.as_str(), "其他", key.as_str()), |stated| labels.value(&stated.held, ""))
        }));
        all.extend(self.entries_shown(sources));
        all
    }

    fn figure_shown(
        &self,
        sources: &Sources,
        (key, part, label): (&str, &str, &str),
        value: impl Fn(&Stated) -> String,
    ) -> ShownFigure {
        let stated = self.stated.get(&Name::new(key)).map_or(&[][..], Vec::as_slice);
        let mut statements = stated.iter().filter_map(|(at, stated)| {
            Some(self.statement(sources, self.layers.get(*at)?, value(stated), &stated.source))
        });
        let holds = statements.next();
        let others =
            statements.filter(|other| holds.as_ref().is_some_and(|holds| holds.value != other.value)).collect();
        ShownFigure { key: key.into(), part: part.into(), label: label.into(), holds, others }
    }

    fn statement(&self, sources: &Sources, layer: &Standing, value: String, source: &str) -> Statement {
        let cited = sources.told(source, &self.places());
        let (title, date) = match source {
            "" => (format!("{}（政策文件里没有写出处）", layer.label), String::new()),
            _ => (cited.title, cited.date),
        };
        Statement {
            value,
            layer: layer.name,
            layer_label: layer.label.clone(),
            everywhere: layer.everywhere,
            source: source.into(),
            title,
            date,
        }
    }

    /// Rounds, days, clocks and holidays: what is stated entry by entry.
    fn entries_shown(&self, sources: &Sources) -> Vec<ShownFigure> {
        let mut all = Vec::new();
        let mut part = |part: &str, entries: Vec<(String, String, String, Box<str>)>| {
            if entries.is_empty() {
                let (part, label) = (part.into(), part.into());
                all.push(ShownFigure { key: "".into(), part, label, holds: None, others: Vec::new() });
            }
            for (key, label, value, source) in entries {
                let cited = sources.told(&source, &self.places());
                let documents = sources.of(&source);
                let is_of = |layer: &&Standing| {
                    let of = |document: &&super::Document| document.places.is_empty() == layer.everywhere;
                    documents.iter().any(|document| of(document) && document.holds_in(&layer.places))
                };
                let layer = self.layers.iter().find(is_of);
                let holds = Some(Statement {
                    value,
                    layer: layer.map_or(self.name, |layer| layer.name),
                    layer_label: layer.map_or_else(Box::default, |layer| layer.label.clone()),
                    everywhere: layer.is_some_and(|layer| layer.everywhere),
                    source,
                    title: cited.title,
                    date: cited.date,
                });
                all.push(ShownFigure {
                    key: key.into(),
                    part: part.into(),
                    label: label.into(),
                    holds,
                    others: Vec::new(),
                });
            }
        };
        let rounds = self.rounds.iter().map(|round| {
            let signs = if round.household_signs { "，农户签字" } else { "" };
            let value = format!("{}至{}{signs}", round.days.0, round.days.1);
            (format!("round.{}", round.id), round.label.to_string(), value, round.source.clone())
        });
        part("集中排查", rounds.collect());
        let of_id = |id: Option<Name>, what: &str| id.map_or_else(|| what.to_owned(), |id| id.to_string());
        let monthly = self.monthly.iter().map(|day| {
            let value = if day.day >= 31 { "每月底".to_owned() } else { format!("每月{}日", day.day) };
            (format!("monthly.{}", of_id(day.id, &day.what)), day.what.to_string(), value, day.source.clone())
        });
        part("每月的日子", monthly.collect());
        let dated = self.dated.iter().map(|day| {
            (
                format!("dated.{}", of_id(day.id, &day.what)),
                day.what.to_string(),
                day.date.to_string(),
                day.source.clone(),
            )
        });
        part("某日的事", dated.collect());
        let clocks = self.clocks.iter().map(|clock| {
            let value = clock.limit.in_words();
            let value = if clock.limit.kind == LimitKind::Within { value } else { format!("{value}才可以") };
            (format!("clock.{}", clock.id), clock.label.to_string(), value, clock.source.clone())
        });
        part("期限", clocks.collect());
        let holidays = self.holidays.all().iter().map(|holiday| {
            let day = |day| day_in_words(PartialDate::from(day), 0);
            let value = format!("{}至{}", day(holiday.days.0), day(holiday.days.1));
            (format!("holiday.{}", holiday.days.0), holiday.name.to_string(), value, holiday.source.clone())
        });
        part("节假日", holidays.collect());
        all
    }
}
