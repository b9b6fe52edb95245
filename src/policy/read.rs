//! Reads a policy file: its shape as it is written, held to what it may say.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use crate::data::{BadData, DataFile};
use crate::domain::Name;

use super::clock::{self, ClockShape};
use super::colour::{self, Colour};
use super::figure::{Figure, Held, Stated};
use super::holidays::{self, HolidayShape};
use super::keys::{FIGURES, KEYS, Kind, path};
use super::layer::Layer;
use super::parts::{DatedDay, MonthlyDay, Round};

/// A part of a policy file: its keys and what they hold.
type Part = BTreeMap<Name, Spanned<toml::Value>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LayerShape {
    name: Name,
    label: Box<str>,
    #[serde(default)]
    places: Vec<Box<str>>,
    /// Of files written before there were layers, as the next.
    place: Option<Box<str>>,
    /// A document without a day holds from the first of all days.
    from: Option<Datetime>,
    #[serde(rename = "to")]
    _to: Option<Datetime>,
    over: Option<Spanned<Name>>,
    /// Where figures come from that name no source of their own.
    #[serde(default)]
    source: Box<str>,
    #[serde(default)]
    income: Part,
    #[serde(default)]
    visit: Part,
    #[serde(default)]
    stale: Part,
    #[serde(default)]
    worklist: Part,
    #[serde(default)]
    groups: Part,
    #[serde(default)]
    people: Part,
    #[serde(default)]
    forms: Part,
    #[serde(default)]
    card: Part,
    #[serde(default)]
    signs: Part,
    #[serde(default)]
    figures: Part,
    #[serde(default, rename = "colour")]
    colours: Vec<Colour>,
    #[serde(default, rename = "round")]
    rounds: Vec<RoundShape>,
    #[serde(default)]
    monthly: Vec<MonthlyDay>,
    #[serde(default)]
    dated: Vec<DatedShape>,
    #[serde(default, rename = "clock")]
    clocks: Vec<ClockShape>,
    #[serde(default, rename = "holiday")]
    holidays: Vec<HolidayShape>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoundShape {
    id: Name,
    label: Box<str>,
    from: Datetime,
    to: Datetime,
    asks: Vec<Name>,
    household_signs: bool,
    #[serde(default)]
    source: Box<str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DatedShape {
    id: Option<Name>,
    date: Datetime,
    what: Box<str>,
    counts: Option<Name>,
    source: Box<str>,
}

pub(super) fn day_of(date: &Datetime) -> Option<NaiveDate> {
    let date = date.date?;
    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
}

/// The day of a date that stands in a file.
pub(super) fn day(file: &DataFile, date: &Spanned<Datetime>) -> Result<NaiveDate, BadData> {
    day_of(date.get_ref()).ok_or_else(|| file.fault_at(date.span().start, "应为日期，如 2022-11-20".to_owned()))
}

/// Reads one policy file.
pub(super) fn load(file: &DataFile) -> Result<Layer, BadData> {
    let shape: LayerShape = file.read()?;
    let day = |date: &Datetime| {
        day_of(date).ok_or_else(|| BadData {
            file: file.path.clone(),
            line: file.line_of(&date.to_string()),
            why: "应为日期，如 2022-11-20".to_owned(),
        })
    };
    let from = shape.from.as_ref().map(day).transpose()?.unwrap_or(NaiveDate::MIN);
    let mut places = shape.places;
    places.extend(shape.place);
    if places.is_empty() {
        let why = format!("{} 没有写 places（管哪些区划代码开头的村）", shape.name);
        return Err(BadData { file: file.path.clone(), line: file.line_of("name"), why });
    }
    let rounds = shape.rounds.into_iter().map(|round| {
        Ok(Round {
            id: round.id,
            label: round.label,
            days: (day(&round.from)?, day(&round.to)?),
            asks: round.asks,
            household_signs: round.household_signs,
            source: if round.source.is_empty() { shape.source.clone() } else { round.source },
        })
    });
    let rounds = rounds.collect::<Result<Vec<_>, BadData>>()?;
    let dated = shape.dated.into_iter().map(|dated| {
        let (date, source) = (day(&dated.date)?, dated.source);
        Ok(DatedDay { id: dated.id, date, what: dated.what, counts: dated.counts, source })
    });
    let dated = dated.collect::<Result<Vec<_>, BadData>>()?;
    let parts = [
        ("income", shape.income),
        ("visit", shape.visit),
        ("stale", shape.stale),
        ("worklist", shape.worklist),
        ("groups", shape.groups),
        ("people", shape.people),
        ("forms", shape.forms),
        ("card", shape.card),
        ("signs", shape.signs),
        (FIGURES, shape.figures),
    ];
    let mut figures = BTreeMap::new();
    for (part, key, value) in parts.into_iter().flat_map(|(part, all)| all.into_iter().map(move |(k, v)| (part, k, v)))
    {
        let at = value.span().start;
        let stated = stated(part, key, value.into_inner(), &shape.source).map_err(|why| file.fault_at(at, why))?;
        figures.insert(Name::new(&path(part, key.as_str())), stated);
    }
    colour::check(file, &shape.colours)?;
    Ok(Layer {
        file: file.path.as_str().into(),
        name: shape.name,
        label: shape.label,
        places,
        from,
        over: shape.over.map(|over| (over.span().start, over.into_inner())),
        figures,
        colours: shape.colours,
        rounds,
        monthly: shape.monthly,
        dated,
        clocks: clock::read(file, shape.clocks)?,
        holidays: holidays::read(file, &shape.holidays)?,
    })
}

/// What stands under a key: plainly, or as `{ is = …, source = "…" }`.
fn stated(part: &str, key: Name, value: toml::Value, source: &str) -> Result<Stated, String> {
    let known = KEYS.iter().find(|known| known.path == (part, key.as_str()));
    if known.is_none() && part != FIGURES {
        let keys = KEYS.iter().filter(|known| known.path.0 == part).map(|known| known.path.1);
        return Err(format!("[{part}] 里没有 {key}，可写 {}", keys.collect::<Vec<_>>().join("、")));
    }
    let (value, source) = match value {
        toml::Value::Table(mut table) => {
            let source = match table.remove("source") {
                None => source.to_owned(),
                Some(toml::Value::String(source)) => source,
                Some(other) => return Err(format!("{key} 的 source 应为文字，现为 {other}")),
            };
            let is = table.remove("is").ok_or_else(|| format!("{key} 应写 is（数值）和 source（出处）"))?;
            if let Some((odd, _)) = table.iter().next() {
                return Err(format!("{key} 里没有 {odd}，可写 is、source"));
            }
            (is, source)
        }
        plain => (plain, source.to_owned()),
    };
    let kind = known.map(|known| known.kind);
    let held = match (kind, &value) {
        (Some(Kind::Names), toml::Value::Array(names)) => {
            let names = names.iter().map(|name| name.as_str().map(Name::new)).collect::<Option<Vec<_>>>();
            names.map(Held::Names)
        }
        (Some(Kind::Names), _) | (Some(Kind::Whole), toml::Value::Datetime(_)) => None,
        (Some(Kind::Day) | None, toml::Value::Datetime(date)) => day_of(date).map(|day| Held::Figure(Figure::Day(day))),
        (Some(Kind::Day), _) => None,
        (Some(Kind::Whole), toml::Value::Integer(whole)) if *whole >= 0 => value_of(&value),
        (Some(Kind::Whole), _) => None,
        (None, other) => value_of(other),
    };
    let wanted = match kind {
        Some(Kind::Whole) => "不小于0的整数",
        Some(Kind::Day) => "日期",
        Some(Kind::Names) => "名称的清单",
        None => "数字或日期",
    };
    let held = held.ok_or_else(|| format!("{key} 应为{wanted}，现为 {value}"))?;
    Ok(Stated { held, source: source.into() })
}

fn value_of(value: &toml::Value) -> Option<Held> {
    value.to_string().parse().ok().map(|number| Held::Figure(Figure::Number(number)))
}

#[cfg(test)]
mod tests {
    use super::super::layer::Layer;
    use super::super::{Policy, testing};
    use crate::data::{BadData, Data};
    use crate::domain::Name;

    const HENAN: &str = "policy/henan-2022.toml";

    fn with(from: &str, to: &str) -> (String, Result<Vec<Layer>, BadData>) {
        let text = Data::embedded().file(HENAN).unwrap().text;
        assert!(text.contains(from), "{from}");
        let text = text.replacen(from, to, 1);
        let loaded = Layer::load_all(&Data::embedded().with_file(HENAN, &text));
        (text, loaded)
    }

    #[test]
    fn a_figure_is_a_number_or_a_day_with_its_source_or_without() {
        let more = "[figures]\ntried = 0.5\ntried_by = 2022-03-31\ntried_at = { is = 3, source = \"S0:48\" }\n";
        let layers = with("[figures]\n", more).1.unwrap();
        let policy = Policy::of(&layers, None, "410101", testing::day("2022-11-20"));
        let shown = |name| policy.figure(Name::new(name)).unwrap().to_string();
        assert_eq!(["tried", "tried_by", "tried_at", "line"].map(shown), ["0.5", "2022-03-31", "3", "6900"]);
        let (text, fault) = with("[figures]\n", "[figures]\ntried = \"bald\"\n");
        let fault = fault.unwrap_err();
        assert_eq!(fault.why, "tried 应为数字或日期，现为 \"bald\"");
        assert_eq!(fault.line, Some(text[..text.find("tried").unwrap()].matches('\n').count() + 1));
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_line() {
        for (from, to, at, says) in [
            ("watch = {", "watched = {", "watched", "[income] 里没有 watched"),
            ("watch = { is = 8000,", "watch = { is = \"x\",", "watch =", "watch 应为不小于0的整数"),
            ("watch = { is = 8000,", "watch = { was = 8000,", "watch =", "应写 is"),
            ("by = { is = 2022-11-20,", "by = { is = 20,", "by =", "by 应为日期"),
            ("classes = { is = [", "classes = { is = [7, ", "classes", "名称的清单"),
            ("id = \"2022-2\"", "", "[[round]]\n\nlabel", "格式不对"),
            ("places = [\"41\"]", "", "name", "没有写 places"),
        ] {
            let (text, fault) = with(from, to);
            let fault = fault.unwrap_err();
            let line = text[..text.find(at).unwrap()].matches('\n').count() + 1;
            assert_eq!((fault.file.as_str(), fault.line), (HENAN, Some(line)), "{fault}");
            assert!(fault.why.contains(says), "{fault}");
        }
    }

    #[test]
    fn a_file_from_before_there_were_layers_is_read() {
        let old = "name = \"own-2022\"\nlabel = \"本县2022\"\nplace = \"410199\"\nfrom = 2022-01-01\nto = 2022-12-31\n\
                   [income]\nline = 7100\nclearly_above = 4500\n[visit]\nby_day = 12\ndue = [\"target\"]\n";
        let layers = Layer::load_all(&Data::embedded().with_file("policy/own.toml", old)).unwrap();
        let policy = Policy::of(&layers, None, "410199001001", testing::day("2022-11-20"));
        assert_eq!((policy.name, policy.visit.by_day), (Name::new("own-2022"), Some(12)));
        assert_eq!(policy.income.line.unwrap().to_string(), "7100");
        assert_eq!(policy.income.watch, None, "it names no layer below it");
    }
}
