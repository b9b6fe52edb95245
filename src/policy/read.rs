//! Reads a policy file: its shape as it is written, held to what it has to say.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::data::{BadData, DataFile};
use crate::domain::{Money, Name};

use super::Policy;
use super::clock::{self, ClockShape};
use super::colour::{self, Colour, Signs};
use super::figure::Figure;
use super::holidays::{self, HolidayShape};
use super::parts::{Card, DatedDay, FormLimits, Groups, Income, MonthlyDay, People, Round, Stale, Visit, Worklist};

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
    clocks: Vec<ClockShape>,
    #[serde(default, rename = "holiday")]
    holidays: Vec<HolidayShape>,
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

pub(super) fn day_of(date: &toml::value::Datetime) -> Option<NaiveDate> {
    let date = date.date?;
    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
}

/// The day of a date that stands in a file.
pub(super) fn day(file: &DataFile, date: &toml::Spanned<toml::value::Datetime>) -> Result<NaiveDate, BadData> {
    day_of(date.get_ref()).ok_or_else(|| file.fault_at(date.span().start, "应为日期，如 2022-11-20".to_owned()))
}

/// Reads one policy file.
pub(super) fn load(file: &DataFile) -> Result<Policy, BadData> {
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
    use super::super::Policy;
    use crate::data::Data;
    use crate::domain::Name;

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
    fn a_wrong_figure_is_refused_with_its_line() {
        let text =
            Data::embedded().file("policy/henan-2022.toml").unwrap().text.replace("by_day = 10", "by_day = \"x\"");
        let fault = Policy::load_all(&Data::embedded().with_file("policy/henan-2022.toml", &text)).unwrap_err();
        assert_eq!(fault.line, Some(text[..text.find("by_day").unwrap()].matches('\n').count() + 1));
    }
}
