//! Clocks that an event starts, as a policy file gives them: what is due, from when on, until when, and of whom.

use chrono::{Days, Months, NaiveDate};
use serde::Deserialize;

use crate::catalogue::{Catalogue, FieldKind, SectionKind};
use crate::data::{BadData, DataFile};
use crate::domain::field::stages;
use crate::domain::{Month, Name, fact};

use super::holidays::Holidays;
use super::read::day;

/// A clock that an event starts.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Its id.
    pub id: Name,
    /// What is due, in the coordinator's words.
    pub label: Box<str>,
    /// The check that speaks of it.
    pub code: Name,
    /// What starts it: the first of these that the file knows.
    pub starts: Vec<Event>,
    /// What ends it: the first of these in time.
    pub ends: Vec<Event>,
    /// How long it runs.
    pub limit: Limit,
    /// Only what starts up to this month of the year has a last day; what starts later is put off (S4:399).
    pub until_month: Option<u32>,
    /// The section and field in which being late is explained; where there is none, a stage's own row.
    pub reason: Option<(Name, Name)>,
    /// Facts that must all hold of a household; none is every household.
    pub of: Vec<Name>,
    /// What started before this day is not bound by it.
    pub binds_from: Option<NaiveDate>,
    /// How many days before its last one it is warned of.
    pub warn: i64,
    /// Who acts.
    pub who: Box<str>,
    /// The source.
    pub source: Box<str>,
}

/// Something in a file that has a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The date in a field (`section.field`); of a section with rows, row by row.
    Field(Name, Name),
    /// A stage of the monitoring case (`stage.ID`).
    Stage(Name),
    /// The first form of a name with an opinion (`form.NAME.OPINION`).
    Form(Name, Name),
    /// Any row of a section that is not known to be older (`rows.SECTION.FIELD`, the field being its date).
    Row(Name, Name),
}

/// How long a clock runs, and whether it is a last day or a first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Whether something is due within, or allowed only after.
    pub kind: LimitKind,
    /// How many.
    pub number: u32,
    /// Of what.
    pub unit: Unit,
}

/// Whether a clock gives a last day or a first one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitKind {
    /// Due within it.
    #[default]
    Within,
    /// Not allowed before it is full.
    AtLeast,
    /// Not allowed before it is more than full.
    MoreThan,
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Days; the first one does not count.
    Days,
    /// Days that are worked; the first one does not count.
    WorkingDays,
    /// Calendar months.
    Months,
    /// Until the month's last day.
    MonthEnd,
    /// Until 31 December.
    YearEnd,
}

impl Limit {
    /// The last day of what is due within, or the first day of what is not allowed before, counted from a day.
    pub fn day_after(self, start: NaiveDate, holidays: &Holidays) -> NaiveDate {
        let full = match self.unit {
            Unit::Days => start.checked_add_days(Days::new(self.number.into())).unwrap_or(NaiveDate::MAX),
            Unit::WorkingDays => holidays.after(start, self.number),
            Unit::Months => start.checked_add_months(Months::new(self.number)).unwrap_or(NaiveDate::MAX),
            Unit::MonthEnd => Month::of(start).last_day(),
            Unit::YearEnd => Month { year: Month::of(start).year, month: 12 }.last_day(),
        };
        if self.kind == LimitKind::MoreThan { full.succ_opt().unwrap_or(full) } else { full }
    }

    /// The limit as it is said: `15天内`, `满6个月`.
    pub fn in_words(self) -> String {
        let number = self.number;
        let span = match self.unit {
            Unit::Days if number == 0 => return "到期".to_owned(),
            Unit::Days => format!("{number}天"),
            Unit::WorkingDays => format!("{number}个工作日"),
            Unit::Months => format!("{number}个月"),
            Unit::MonthEnd => return "当月内".to_owned(),
            Unit::YearEnd => return "年底前".to_owned(),
        };
        match self.kind {
            LimitKind::Within => format!("{span}内"),
            LimitKind::AtLeast => format!("满{span}"),
            LimitKind::MoreThan => format!("超过{span}"),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClockShape {
    id: toml::Spanned<Name>,
    label: Box<str>,
    code: Option<Name>,
    starts: Vec<toml::Spanned<String>>,
    ends: Vec<toml::Spanned<String>>,
    #[serde(default)]
    kind: LimitKind,
    #[serde(default)]
    limit: u32,
    unit: Unit,
    until_month: Option<u32>,
    reason: Option<toml::Spanned<String>>,
    #[serde(default)]
    of: Vec<toml::Spanned<Name>>,
    binds_from: Option<toml::Spanned<toml::value::Datetime>>,
    #[serde(default)]
    warn: i64,
    who: Box<str>,
    source: Box<str>,
}

/// The check that speaks of a clock which names none.
const CHECK: Name = Name::fixed("C506");

pub(super) fn read(file: &DataFile, shapes: Vec<ClockShape>) -> Result<Vec<Clock>, BadData> {
    let mut all: Vec<Clock> = Vec::new();
    for shape in shapes {
        let at = shape.id.span().start;
        let id = *shape.id.get_ref();
        if all.iter().any(|other| other.id == id) {
            return Err(file.fault_at(at, format!("期限 {id} 写了两次")));
        }
        if shape.starts.is_empty() || shape.ends.is_empty() {
            return Err(file.fault_at(at, format!("期限 {id} 要有 starts 和 ends")));
        }
        let events =
            |texts: &[toml::Spanned<String>]| texts.iter().map(|text| event(file, text)).collect::<Result<Vec<_>, _>>();
        let reason = match &shape.reason {
            None => None,
            Some(text) => match event(file, text)? {
                Event::Field(section, field) => Some((section, field)),
                _ => return Err(file.fault_at(text.span().start, "reason 应为 部分.字段".to_owned())),
            },
        };
        for of in &shape.of {
            if !fact::is_known(*of.get_ref()) {
                return Err(file.fault_at(of.span().start, format!("没有 {} 这种户", of.get_ref())));
            }
        }
        all.push(Clock {
            id,
            label: shape.label,
            code: shape.code.unwrap_or(CHECK),
            starts: events(&shape.starts)?,
            ends: events(&shape.ends)?,
            limit: Limit { kind: shape.kind, number: shape.limit, unit: shape.unit },
            until_month: shape.until_month,
            reason,
            of: shape.of.into_iter().map(toml::Spanned::into_inner).collect(),
            binds_from: shape.binds_from.as_ref().map(|from| day(file, from)).transpose()?,
            warn: shape.warn,
            who: shape.who,
            source: shape.source,
        });
    }
    Ok(all)
}

fn event(file: &DataFile, text: &toml::Spanned<String>) -> Result<Event, BadData> {
    let parts: Vec<&str> = text.get_ref().split('.').collect();
    Ok(match parts[..] {
        ["stage", stage] => Event::Stage(Name::new(stage)),
        ["form", form, opinion] => Event::Form(Name::new(form), Name::new(opinion)),
        ["rows", section, field] => Event::Row(Name::new(section), Name::new(field)),
        [section, field] => Event::Field(Name::new(section), Name::new(field)),
        _ => {
            let why = "应为 部分.字段、stage.阶段、form.表.意见 或 rows.部分.字段";
            return Err(file.fault_at(text.span().start, why.to_owned()));
        }
    })
}

/// Holds the clocks of a layer against the definitions of the file: a field or stage that nobody knows would never run.
pub(super) fn check(file: &DataFile, clocks: &[Clock], catalogue: &Catalogue) -> Result<(), BadData> {
    for clock in clocks {
        for event in clock.starts.iter().chain(&clock.ends) {
            check_event(*event, catalogue).map_err(|(text, why)| BadData {
                file: file.path.clone(),
                line: file.line_of(&text),
                why: format!("期限 {}：{why}", clock.id),
            })?;
        }
        if let Some((section, field)) = clock.reason.filter(|(section, field)| {
            catalogue.field(*section, *field).is_none_or(|field| field.kind != FieldKind::Text)
        }) {
            let text = format!("{section}.{field}");
            let why = format!("期限 {}：没有文字字段 {text}", clock.id);
            return Err(BadData { file: file.path.clone(), line: file.line_of(&text), why });
        }
    }
    Ok(())
}

/// What is wrong with an event, and the text by which it is found in the file.
fn check_event(event: Event, catalogue: &Catalogue) -> Result<(), (String, String)> {
    let date =
        |section: Name, field: Name| catalogue.field(section, field).is_some_and(|field| field.kind == FieldKind::Date);
    match event {
        Event::Field(section, field) if !date(section, field) => {
            Err((format!("\"{section}.{field}\""), format!("没有日期字段 {section}.{field}")))
        }
        Event::Row(section, field)
            if !date(section, field)
                || catalogue.section(section).is_none_or(|section| section.kind == SectionKind::Household) =>
        {
            Err((format!("\"rows.{section}.{field}\""), format!("没有分行的日期字段 {section}.{field}")))
        }
        Event::Stage(stage) => {
            let list = catalogue.field(stages::SECTION, stages::STAGE).and_then(|field| catalogue.list_of(field));
            match list.and_then(|list| list.entry(stage)) {
                Some(_) => Ok(()),
                None => Err((format!("\"stage.{stage}\""), format!("没有阶段 {stage}"))),
            }
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Layer;
    use super::*;
    use crate::data::Data;

    fn limit(kind: LimitKind, number: u32, unit: Unit) -> Limit {
        Limit { kind, number, unit }
    }

    #[test]
    fn limits_end_where_the_calendar_says() {
        use LimitKind::{AtLeast, MoreThan, Within};
        let holidays = Holidays::default();
        for (limit, from, to) in [
            (limit(Within, 15, Unit::Days), "2022-11-02", "2022-11-17"),
            (limit(Within, 1, Unit::Months), "2022-01-31", "2022-02-28"),
            (limit(Within, 1, Unit::Months), "2024-01-31", "2024-02-29"),
            (limit(Within, 18, Unit::Months), "2022-08-31", "2024-02-29"),
            (limit(Within, 1, Unit::Days), "2024-02-28", "2024-02-29"),
            (limit(Within, 0, Unit::MonthEnd), "2022-02-01", "2022-02-28"),
            (limit(Within, 0, Unit::YearEnd), "2022-02-01", "2022-12-31"),
            (limit(Within, 5, Unit::WorkingDays), "2022-11-18", "2022-11-25"),
            (limit(MoreThan, 4, Unit::Months), "2022-03-31", "2022-08-01"),
            (limit(AtLeast, 6, Unit::Months), "2022-03-31", "2022-09-30"),
            (limit(AtLeast, 10, Unit::Days), "2022-11-10", "2022-11-20"), // a notice of ten days, S4:206
        ] {
            let day = limit.day_after(from.parse().unwrap(), &holidays);
            assert_eq!(day.to_string(), to, "{} from {from}", limit.in_words());
        }
    }

    fn fault(from: &str, to: &str) -> (Option<usize>, String, usize) {
        let text = Data::embedded().file("policy/henan-2022.toml").unwrap().text;
        assert!(text.contains(from), "{from}");
        let broken = text.replacen(from, to, 1);
        let data = Data::embedded().with_file("policy/henan-2022.toml", &broken);
        let catalogue = Catalogue::load(&data).unwrap();
        let fault = Layer::load_all(&data).and_then(|all| Layer::check_all(&all, &data, &catalogue)).unwrap_err();
        let line = broken[..broken.find(to.trim()).unwrap()].matches('\n').count() + 1;
        assert_eq!(fault.file, "policy/henan-2022.toml");
        (fault.line, fault.why, line)
    }

    #[test]
    fn a_clock_that_cannot_run_is_refused_with_its_line() {
        for (from, to, says) in [
            ("id = \"measures\"", "id =    \"approval\"", "期限 approval 写了两次"),
            ("\"stage.found\"", "\"stage.fund\"", "没有阶段 fund"),
            ("\"case.identified_on\"", "\"case.identified\"", "没有日期字段 case.identified"),
            ("\"rows.measures.from\"", "\"rows.case.identified_on\"", "没有分行的日期字段"),
            ("\"form.verification.propose\"", "\"form\"", "应为 部分.字段"),
            ("of = [\"target_open\"]", "of = [\"nobody\"]", "没有 nobody 这种户"),
            ("unit = \"days\"", "unit = \"weeks\"", "格式不对"),
        ] {
            let (line, why, expected) = fault(from, to);
            assert_eq!(line, Some(expected), "{to}: {why}");
            assert!(why.contains(says), "{why}");
        }
    }
}
