//! Signs that a form was filled at the desk (S0:53, S0:97, S0:105): what was seen, and what to ask. No proof, no score
//! of anybody: who filled a form is told only so that the right person can be asked.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::{FormRef, HouseholdId, Name, Span};
use crate::forms::FormKind;
use crate::policy::Policy;

use super::{Look, Looked};

/// A screening or verification form, as far as signs go by it. Those of a household follow from its file alone, so an
/// index over a village by [`key`](Self::key) is kept up to date household by household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormOfDay {
    /// Whose form.
    pub household: HouseholdId,
    /// The form's name.
    pub name: Name,
    /// Who filled it.
    pub by: Box<str>,
    /// The day of the paper.
    pub day: NaiveDate,
    /// From when to when, as far as it says.
    pub span: Span,
    /// The digest of its answers; none where it has no figure, since forms without figures are easily alike.
    pub alike: Option<u64>,
    /// Whether the household has a visit on file within the policy's days around it.
    pub visited: bool,
}

/// What was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Seen {
    /// More forms of one surveyor on a day than the policy allows (C108).
    TooMany,
    /// One surveyor at several households at once.
    AtOnce,
    /// A form ended before, or hardly after, it was begun.
    TooShort,
    /// All answers alike in several households.
    Alike,
    /// No visit on file around the day.
    Unvisited,
}

/// One sign, of one surveyor's forms of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    /// What was seen.
    pub seen: Seen,
    /// Who filled the forms.
    pub by: Box<str>,
    /// The day of the papers.
    pub day: NaiveDate,
    /// The households concerned, ascending and each once.
    pub households: Vec<HouseholdId>,
    /// What was seen, in words.
    pub says: String,
    /// What to ask, in words.
    pub ask: &'static str,
}

impl FormOfDay {
    /// By what signs are gathered: the surveyor and the day.
    pub fn key(&self) -> (&str, NaiveDate) {
        (&self.by, self.day)
    }
}

/// The screening and verification forms of a household that still stand; of one name and day, the last entered.
pub fn of_household(looked: Looked<'_>) -> Vec<FormOfDay> {
    let (look, file) = (looked.look, looked.household.file);
    let mut of_day: BTreeMap<(Name, NaiveDate), &FormRef> = BTreeMap::new();
    let is_survey = |kind| matches!(kind, FormKind::Screening | FormKind::Verification);
    for form in look.forms.all().filter(|form| is_survey(form.kind)) {
        of_day.extend(file.forms_named(form.name).map(|filled| ((form.name, filled.date), filled)));
    }
    let visits: Vec<NaiveDate> =
        look.forms.visit().into_iter().flat_map(|form| file.forms_named(form.name)).map(|visit| visit.date).collect();
    let is_near = |day: NaiveDate| {
        visits.iter().any(|visit| (*visit - day).num_days().abs() <= look.policy.forms.visit_within_days)
    };
    let forms = of_day.into_values().map(|form| FormOfDay {
        household: file.id,
        name: form.name,
        by: form.by.clone(),
        day: form.date,
        span: form.span,
        alike: (!form.amounts.is_empty()).then_some(form.likeness),
        visited: is_near(form.date),
    });
    forms.collect()
}

/// All signs in the forms of a village, the newest day first, then by the surveyor's name.
pub fn signs(look: Look<'_>, forms: &[FormOfDay]) -> Vec<Sign> {
    let mut of_day: BTreeMap<(Reverse<NaiveDate>, &str), Vec<&FormOfDay>> = BTreeMap::new();
    for form in forms {
        of_day.entry((Reverse(form.day), &form.by)).or_default().push(form);
    }
    of_day.values().flat_map(|forms| signs_of_day(look, forms)).collect()
}

fn signs_of_day(look: Look<'_>, forms: &[&FormOfDay]) -> Vec<Sign> {
    let mut signs: Vec<Sign> = Vec::new();
    signs.extend(too_many(look.policy, forms));
    signs.extend(at_once(forms));
    signs.extend(too_short(look.policy, forms));
    signs.extend(alike(look, forms));
    signs.extend(unvisited(look.policy, forms));
    signs
}

/// More forms than the policy allows among those of one surveyor and day (C108).
pub fn too_many(policy: &Policy, forms: &[&FormOfDay]) -> Option<Sign> {
    let (count, most) = (forms.len(), policy.forms.most_a_day);
    let says = || format!("一天填了{count}份筛查表、排查表，多于{most}份");
    (count > most).then(|| sign(Seen::TooMany, forms.iter().copied(), says))?
}

/// Forms of different households whose times overlap; one household's two forms may be filled together.
fn at_once(forms: &[&FormOfDay]) -> Option<Sign> {
    let timed: Vec<_> = forms.iter().filter_map(|form| Some((form.span.begun?, form.span.ended?, *form))).collect();
    let overlap = |one: &&(_, _, &FormOfDay)| {
        timed.iter().any(|other| one.2.household != other.2.household && one.0 < other.1 && other.0 < one.1)
    };
    let found: Vec<&FormOfDay> = timed.iter().filter(overlap).map(|(.., form)| *form).collect();
    sign(Seen::AtOnce, found.iter().copied(), || format!("{}份表的填写时间互相重叠，却不是一户", found.len()))
}

/// Forms that say when they were begun and ended, and leave no time between.
fn too_short(policy: &Policy, forms: &[&FormOfDay]) -> Option<Sign> {
    let shortest = policy.forms.shortest_minutes;
    let is_short = |form: &&&FormOfDay| {
        form.span.begun.zip(form.span.ended).is_some_and(|(begun, ended)| ended.0 < begun.0.saturating_add(shortest))
    };
    let found: Vec<&FormOfDay> = forms.iter().filter(is_short).copied().collect();
    sign(Seen::TooShort, found.iter().copied(), || format!("{}份表从开始到结束不足{shortest}分钟", found.len()))
}

/// Several households with the same answers in the same form, figures included.
fn alike(look: Look<'_>, forms: &[&FormOfDay]) -> Vec<Sign> {
    let mut same: BTreeMap<(Name, u64), Vec<&FormOfDay>> = BTreeMap::new();
    for form in forms {
        if let Some(alike) = form.alike {
            same.entry((form.name, alike)).or_default().push(form);
        }
    }
    let many = same.into_iter().filter(|(_, forms)| forms.len() >= look.policy.forms.alike_households);
    many.filter_map(|((name, _), forms)| {
        let label = look.forms.get(name).map_or(name.as_str(), |form| &form.label);
        sign(Seen::Alike, forms.iter().copied(), || format!("{}户的{label}答得一样，金额也一样", forms.len()))
    })
    .collect()
}

/// Households with a form and no visit around it. What was not entered may still have happened, so it is asked.
fn unvisited(policy: &Policy, forms: &[&FormOfDay]) -> Option<Sign> {
    let days = policy.forms.visit_within_days;
    let found = || forms.iter().filter(|form| !form.visited).copied();
    let households: BTreeSet<HouseholdId> = found().map(|form| form.household).collect();
    sign(Seen::Unvisited, found(), || format!("{}户填了表，前后{days}天没有走访记录", households.len()))
}

/// A sign of forms of one surveyor and day; none where there are no forms.
fn sign<'a>(seen: Seen, forms: impl Iterator<Item = &'a FormOfDay>, says: impl FnOnce() -> String) -> Option<Sign> {
    let mut forms = forms.peekable();
    let first = *forms.peek()?;
    let households: BTreeSet<HouseholdId> = forms.map(|form| form.household).collect();
    let ask = match seen {
        Seen::TooMany => "问填表的人：是不是几个人、分几天填的；真去过的，把谁、哪天写清楚",
        Seen::AtOnce => "问填表的人和这几户：什么时候到的，待了多久",
        Seen::TooShort => "问填表的人：时间是不是写错了，逐项问过没有",
        Seen::Alike => "问这几户：收入、支出是不是逐户问的，各是多少",
        Seen::Unvisited => "问这几户：知不知道这张表，谁来问的；真去过的，补记走访",
    };
    let households = households.into_iter().collect();
    Some(Sign { seen, by: first.by.clone(), day: first.day, households, says: says(), ask })
}

#[cfg(test)]
mod tests {
    use super::super::testing::Defs;
    use super::*;
    use crate::domain::{HouseholdFile, Money, TimeOfDay};

    /// What a form of 10 October says beyond its name and household: its span, its figures.
    #[derive(Clone, Copy, Default)]
    struct Says {
        begun: Option<&'static str>,
        ended: Option<&'static str>,
        likeness: u64,
        has_figures: bool,
    }

    fn screened(defs: &Defs, serial: u32, says: Says) -> HouseholdFile {
        let mut file = defs.file("members.1.name=张三");
        file.id.serial = serial;
        let time = |text: Option<&str>| text.map(|text| text.parse::<TimeOfDay>().unwrap());
        let amounts = if says.has_figures { vec![(Name::new("income_last"), Money::yuan(9000))] } else { Vec::new() };
        file.forms.push(FormRef {
            by: "王芳".into(),
            span: Span { begun: time(says.begun), ended: time(says.ended) },
            likeness: says.likeness,
            amounts,
            ..FormRef::blank(Name::new("screening"), "2022-10-10".parse().unwrap())
        });
        file
    }

    fn visit(file: &mut HouseholdFile, date: &str) {
        file.forms.push(FormRef::blank(Name::new("visit"), date.parse().unwrap()));
    }

    fn seen(defs: &Defs, files: &[HouseholdFile]) -> Vec<(Seen, Vec<u32>)> {
        let look = defs.on("2022-11-20");
        let forms: Vec<FormOfDay> = files.iter().flat_map(|file| of_household(look.at(file))).collect();
        let serials = |sign: &Sign| sign.households.iter().map(|id| id.serial).collect();
        signs(look, &forms).iter().map(|sign| (sign.seen, serials(sign))).collect()
    }

    fn visited(mut files: Vec<HouseholdFile>) -> Vec<HouseholdFile> {
        files.iter_mut().for_each(|file| visit(file, "2022-10-10"));
        files
    }

    #[test]
    fn more_forms_in_a_day_than_the_policy_allows() {
        let defs = Defs::shipped();
        let most = defs.policy.forms.most_a_day as u32;
        let village = |of: u32| visited((1..=of).map(|serial| screened(&defs, serial, Says::default())).collect());
        assert_eq!(seen(&defs, &village(most)), []);
        assert_eq!(seen(&defs, &village(most + 1)), [(Seen::TooMany, (1..=most + 1).collect())]);
        // A form filled again on the day counts once, one taken back not at all, another's not with hers.
        let mut again = village(most);
        let first = again[0].forms[0].clone();
        again[0].forms.push(first);
        assert_eq!(seen(&defs, &again), []);
        let mut more = village(most + 1);
        more[3].forms[0].withdrawn = true;
        assert_eq!(seen(&defs, &more), []);
        let mut shared = village(most + 1);
        shared[3].forms[0].by = "李桂枝".into();
        assert_eq!(seen(&defs, &shared), []);
    }

    #[test]
    fn a_form_without_a_visit_around_it() {
        let defs = Defs::shipped();
        for (date, is_sign) in
            [("2022-10-17", false), ("2022-10-18", true), ("2022-10-03", false), ("2022-10-02", true)]
        {
            let mut file = screened(&defs, 1, Says::default());
            visit(&mut file, date);
            let expected: Vec<_> = is_sign.then(|| (Seen::Unvisited, vec![1])).into_iter().collect();
            assert_eq!(seen(&defs, &[file]), expected, "{date}");
        }
    }

    #[test]
    fn several_households_with_the_same_answers_and_figures() {
        let defs = Defs::shipped();
        let alike = defs.policy.forms.alike_households as u32;
        let village = |of: u32, says| visited((1..=of).map(|serial| screened(&defs, serial, says)).collect());
        let same = Says { likeness: 7, has_figures: true, ..Says::default() };
        assert_eq!(seen(&defs, &village(alike, same)), [(Seen::Alike, (1..=alike).collect())]);
        assert_eq!(seen(&defs, &village(alike - 1, same)), []);
        // Without a figure there is nothing to tell households apart by.
        assert_eq!(seen(&defs, &village(alike + 5, Says { has_figures: false, ..same })), []);
        let mut one_differs = village(alike, same);
        one_differs[0].forms[0].likeness = 8;
        assert_eq!(seen(&defs, &one_differs), []);
    }

    #[test]
    fn times_that_overlap_or_leave_no_time() {
        let defs = Defs::shipped();
        let at = |begun, ended| Says { begun: Some(begun), ended: Some(ended), ..Says::default() };
        let village = |one, other| visited(vec![screened(&defs, 1, one), screened(&defs, 2, other)]);
        assert_eq!(seen(&defs, &village(at("09:00", "09:31"), at("09:30", "10:00"))), [(Seen::AtOnce, vec![1, 2])]);
        assert_eq!(seen(&defs, &village(at("09:00", "09:30"), at("09:30", "10:00"))), []);
        let shortest = defs.policy.forms.shortest_minutes;
        let ended = |minutes: u16| TimeOfDay(9 * 60 + minutes).to_string().leak() as &'static str;
        assert_eq!(seen(&defs, &visited(vec![screened(&defs, 1, at("09:00", ended(shortest)))])), []);
        for end in [ended(shortest - 1), "08:50"] {
            let short = visited(vec![screened(&defs, 1, at("09:00", end))]);
            assert_eq!(seen(&defs, &short), [(Seen::TooShort, vec![1])], "{end}");
        }
        // Who does not say when she ended, or when she began, is not held to have done it at once.
        let half = Says { begun: Some("09:00"), ..Says::default() };
        assert_eq!(seen(&defs, &village(half, at("09:00", "09:30"))), []);
        // One household's two forms are filled together.
        let mut both = screened(&defs, 1, at("09:00", "09:30"));
        let verification = FormRef { name: Name::new("verification"), ..both.forms[0].clone() };
        both.forms.push(verification);
        assert_eq!(seen(&defs, &visited(vec![both])), []);
    }

    #[test]
    fn the_newest_day_stands_first_and_the_words_say_what_to_ask() {
        let defs = Defs::shipped();
        let mut files = [screened(&defs, 1, Says::default()), screened(&defs, 2, Says::default())];
        files[1].forms[0].date = "2022-10-12".parse().unwrap();
        let look = defs.on("2022-11-20");
        let forms: Vec<FormOfDay> = files.iter().flat_map(|file| of_household(look.at(file))).collect();
        assert_eq!(forms[0].key(), ("王芳", "2022-10-10".parse().unwrap()));
        let signs = signs(look, &forms);
        assert_eq!(signs[0].day.to_string(), "2022-10-12");
        assert_eq!(signs[0].says, "1户填了表，前后7天没有走访记录");
        assert!(signs.iter().all(|sign| sign.ask.starts_with('问')));
    }
}
