//! The day of a form: of a visit, of a round's form, of a life event.

use chrono::{Months, NaiveDate};

use crate::domain::field::{members, status};
use crate::domain::{Answer, FilledForm, Finding, Household, HouseholdFile, Name, PartialDate, Value, form_field};
use crate::forms::{Effect, Form, FormKind};

use super::{Made, Refusal, days};

pub(super) fn refusals(made: &Made<'_>) -> Vec<Refusal> {
    let Some((form, filled)) = made.form else { return Vec::new() };
    let Some(file) = made.touched(filled.household).map(|file| &file.before) else { return Vec::new() };
    match form.kind {
        FormKind::Visit => {
            let mut refusals: Vec<Refusal> = day_at_the_door(made, filled, file).into_iter().collect();
            refusals.extend(since_after_the_visit(filled));
            refusals
        }
        FormKind::Verification => day_at_the_door(made, filled, file).into_iter().collect(),
        FormKind::Screening => of_round(made, filled).into_iter().collect(),
        FormKind::Event => of_event(made, form, filled, file),
        FormKind::Edit | FormKind::Withdraw => Vec::new(),
    }
}

const DATE: &str = "date";

/// Somebody was at the door on a day that can be: not too long ago, and not before there was such a household.
fn day_at_the_door(made: &Made<'_>, filled: &FilledForm, file: &HouseholdFile) -> Option<Refusal> {
    let (day, today) = (filled.day(DATE)?, made.look.day);
    let refusal = |why| Some(Refusal::answer(DATE, why));
    if day > today {
        return refusal(format!("{day} 还没到，今天是 {today}"));
    }
    let months = made.look.policy.visit.back_months;
    let earliest = today.checked_sub_months(Months::new(months)).unwrap_or(NaiveDate::MIN);
    if day < earliest {
        return refusal(format!("{day} 太早：今天是 {today}，最多补登{months}个月以内的（{earliest} 起）"));
    }
    let began = began(file).filter(|began| day < began.earliest())?;
    refusal(format!("{day} 还没有这一户，这一户从 {began} 起"))
}

/// Since when there has been the household: since the first of its people came, where of all it is known when.
fn began(file: &HouseholdFile) -> Option<PartialDate> {
    let joined = Household::of(file).everyone().map(|it| it.own(members::JOINED_ON).and_then(Value::as_date));
    joined.collect::<Option<Vec<PartialDate>>>()?.into_iter().min_by_key(|date| date.earliest())
}

/// Nothing that a visit saw had changed after it.
fn since_after_the_visit(filled: &FilledForm) -> Vec<Refusal> {
    let Some(day) = filled.day(DATE) else { return Vec::new() };
    let late = |path: String, since: PartialDate| {
        let why = format!("从 {since} 起变，晚于走访那天（{day}）");
        (since.earliest() > day).then(|| Refusal::answer(&path, why))
    };
    let mut refusals = Vec::new();
    for (item, answer) in &filled.items {
        if let Finding::Changed { since: Some(since), .. } = answer.finding {
            refusals.extend(late(format!("items.{item}.since"), since));
        }
        let own = answer.edits.iter().enumerate().filter_map(|(at, edit)| Some((at, edit.happened_on?)));
        refusals.extend(own.filter_map(|(at, since)| late(format!("items.{item}.edits.{at}.happened_on"), since)));
    }
    refusals
}

/// The form of a round was filled in the days of the round, whenever it is entered.
fn of_round(made: &Made<'_>, filled: &FilledForm) -> Option<Refusal> {
    let day = filled.day(DATE)?;
    let Some(Answer::Round(id)) = filled.fields.get(&form_field::ROUND) else { return None };
    let round = made.look.policy.round(*id)?;
    let (from, to) = round.days;
    if (from..=to).contains(&day) {
        return None;
    }
    let why = format!("{day} 不在{}之内（{from} 至 {to}）；请写入户的那一天，不是录入的那一天", round.label);
    Some(Refusal::answer(DATE, why))
}

fn of_event(made: &Made<'_>, form: &Form, filled: &FilledForm, file: &HouseholdFile) -> Vec<Refusal> {
    let Some(clock) = form.fields.iter().find(|field| field.clock) else { return Vec::new() };
    let on = match filled.fields.get(&clock.id) {
        Some(Answer::Value(Value::Date(date))) => *date,
        Some(Answer::Day(day)) => PartialDate::from(*day),
        _ => return Vec::new(),
    };
    let path = clock.id.as_str();
    let mut refusals: Vec<Refusal> =
        unborn(filled, file, on).map(|why| Refusal::answer(path, why)).into_iter().collect();
    refusals.extend(presupposes(made, on).map(|why| Refusal::answer(path, why)));
    if form.effect == Some(Effect::Close) {
        let later = Household::of(file).everyone().filter_map(|it| it.own(members::LEFT_ON).and_then(Value::as_date));
        let later = later.filter(|left| on.latest() < left.earliest()).max_by_key(|left| left.earliest());
        refusals.extend(later.map(|left| Refusal::answer(path, format!("{on} 早于最后一人离开的 {left}"))));
    }
    refusals
}

/// Somebody whom the event names and who was not born on its day.
fn unborn(filled: &FilledForm, file: &HouseholdFile, on: PartialDate) -> Option<String> {
    let named = filled.fields.values().flat_map(|answer| match answer {
        Answer::Person(person) => std::slice::from_ref(person),
        Answer::People(people) => &people[..],
        _ => &[],
    });
    let mut born = named.filter_map(|person| Some((*person, days::birth(file, *person)?)));
    let (person, born) = born.find(|(_, born)| on.latest() < born.earliest())?;
    let name = Household::of(file).everyone().find(|member| member.id.0 == person).map_or("", |member| member.name());
    Some(format!("{name}生于{born}，早于这一天的事不可能"))
}

/// A return before the departure, or an opening before the closing.
fn presupposes(made: &Made<'_>, on: PartialDate) -> Option<String> {
    const ENDS: [(Name, Name); 2] = [(members::SECTION, members::LEFT_ON), (status::SECTION, status::CLOSED_ON)];
    let undone = made.changes.iter().filter(|change| ENDS.contains(&(change.slot.section, change.slot.field)));
    let mut dates = undone.filter(|change| change.new.is_none()).filter_map(|change| change.old?.as_date());
    let ended = dates.find(|ended| on.latest() < ended.earliest())?;
    Some(format!("{on} 早于离开或销户的 {ended}"))
}
