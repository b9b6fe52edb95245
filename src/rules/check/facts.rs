//! The facts that conditions name, worked out of a file. What the file does not know is left unknown.

use chrono::{Datelike, NaiveDate};

use crate::catalogue::CodeList;
use crate::checks::{HouseholdFact, JobFact, MeasureFact, PersonFact, Rows};
use crate::domain::field::{jobs, measures, medical, members, schooling, support, work};
use crate::domain::id_number::{self, BadIdNumber};
use crate::domain::{
    Class, Code, HouseholdFile, Income, Member, Money, Name, PartialDate, Quantity, RiskState, Row, Section, Sex, Value,
};

use super::super::guarantees::{self, House, Schooling, Verdict};
use super::super::{Look, Looked, Stage};
use super::sheet::{EMPTY, Table, spread};

type Tables = [Table; Rows::ALL.len()];

/// Fills the facts of the household that was put in last.
pub(super) fn fill(tables: &mut Tables, looked: Looked<'_>, household: usize) {
    let jobs = jobs_of(tables, looked, household);
    let people = tables[Rows::Person as usize].of_household[household].clone();
    let head = looked.household.head();
    let sections = Sections::of(looked);
    let mut able = Some(false);
    for (place, member) in people.clone().zip(looked.household.members()) {
        let facts = of_person(looked.look, member, head, &sections.of_member(member, &jobs));
        able = or(able, facts.works);
        put(tables, Rows::Person, place as usize, &facts.columns);
    }
    put(tables, Rows::Household, household, &of_household(looked, people.len(), able));
    for job in &jobs {
        let overlaps = flag(before_last_ended(job, &jobs));
        put(tables, Rows::Job, job.place, &[flag(job.running), between(job.ages_at_start), overlaps]);
    }
    measures_of(tables, looked, household);
}

fn put(tables: &mut Tables, rows: Rows, place: usize, facts: &[i64]) {
    for (column, value) in tables[rows as usize].columns.iter_mut().zip(facts) {
        column[place] = *value;
    }
}

fn flag(known: Option<bool>) -> i64 {
    known.map_or(EMPTY, i64::from)
}

fn number(known: Option<i64>) -> i64 {
    known.map_or(EMPTY, |number| Quantity::whole(number).0)
}

/// A number of which the least and the most that it can be are known.
fn between(known: Option<(i64, i64)>) -> i64 {
    match known {
        Some((least, most)) if least == most => number(Some(least)),
        Some((least, most)) => spread(Quantity::whole(least).0, Quantity::whole(most).0),
        None => EMPTY,
    }
}

fn or(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

fn of_household(looked: Looked<'_>, people: usize, able: Option<bool>) -> [i64; HouseholdFact::ALL.len()] {
    let household = looked.household;
    let mut columns = [EMPTY; HouseholdFact::ALL.len()];
    let mut set = |fact: HouseholdFact, value: i64| columns[fact as usize] = value;
    let class = household.class();
    let relieved = class.map(|class| matches!(class, Class::Relieved { .. }));
    let target = household.target().is_some();
    set(HouseholdFact::Relieved, flag(relieved));
    // A household of which neither class nor kind of target is known may be either.
    let is_target = if target || class.is_some() { Some(target) } else { None };
    set(HouseholdFact::Target, flag(is_target));
    let risk = household.risk_state();
    set(HouseholdFact::Open, flag(is_target.map(|_| risk == Some(RiskState::Open))));
    set(HouseholdFact::Eliminated, flag(is_target.map(|_| risk.is_some_and(|risk| risk != RiskState::Open))));
    let policies = match class {
        Some(Class::Relieved { policies }) => policies,
        Some(Class::Ordinary) => Some(false),
        None => None,
    };
    set(HouseholdFact::Policies, flag(policies));
    set(HouseholdFact::MayHavePolicies, flag(household.may_have_policies()));
    set(HouseholdFact::Ordinary, flag(relieved.map(|relieved| !relieved && !target)));
    set(HouseholdFact::People, number(Some(people as i64)));
    let list = looked.look.catalogue.list(Name::fixed("risk"));
    let place = |code: Code| list?.entries.iter().position(|entry| Some(entry.id) == code.id());
    if target {
        set(HouseholdFact::Risks, household.risks().filter_map(place).fold(0, |mask, place| mask | 1 << place));
    }
    set(HouseholdFact::HasLabour, flag(if people == 0 { None } else { able }));
    set(HouseholdFact::OwnSpending, household.own_spending().map_or(EMPTY, |money| money.0));
    set(
        HouseholdFact::DangerousHouse,
        flag(match guarantees::house(household) {
            House::Dangerous => Some(true),
            House::Safe | House::Empty | House::Temporary => Some(false),
            House::Unknown => None,
        }),
    );
    set(
        HouseholdFact::UnsafeWater,
        flag(match guarantees::water(household) {
            Verdict::Problem => Some(true),
            Verdict::Assured => Some(false),
            Verdict::Unknown => None,
        }),
    );
    let income = Income::with_people(household.file, people);
    let after = income.net.zip(household.own_spending()).map(|(net, spent)| Money(net.0.saturating_sub(spent.0)));
    set(HouseholdFact::AfterSpending, after.and_then(|left| left.per(people as i64)).map_or(EMPTY, |money| money.0));
    set(HouseholdFact::InsuranceYear, number(Some(insurance_year(household.file).into())));
    for (fact, value) in of_income(income) {
        set(fact, value);
    }
    columns
}

/// The year of which the insurance was told last: by a roster, by a change, or by who found it true.
fn insurance_year(file: &HouseholdFile) -> i32 {
    let told = file.sections.get(&medical::SECTION);
    let as_of = told.and_then(|section| section.as_of).map(|as_of| as_of.known_year());
    let looked = told.and_then(|section| section.confirmed.as_ref()).map(|confirmed| confirmed.on.year());
    let changed = told.and_then(|section| section.changed_on).map(|on| on.year());
    [as_of, looked, changed].into_iter().flatten().max().unwrap_or(file.taken_in.year())
}

/// What is reckoned of the income.
pub(super) fn of_income(income: Income) -> [(HouseholdFact, i64); 8] {
    let money = |money: Option<Money>| money.map_or(EMPTY, |money| money.0);
    [
        (HouseholdFact::Sum, money(income.sum)),
        (HouseholdFact::Net, money(income.net)),
        (HouseholdFact::Counted, number(income.counted.map(i64::from))),
        (HouseholdFact::TellsShare, money(income.told)),
        (HouseholdFact::Now, money(income.now)),
        (HouseholdFact::ByCounted, money(income.by_counted())),
        (HouseholdFact::Reckoned, money(income.reckoned)),
        (HouseholdFact::OfOthers, i64::from(income.is_of_others().is_some())),
    ]
}

/// The sections that have a row a person, found once for the household, and the lists that say what their codes are.
struct Sections<'a> {
    schooling: Option<&'a Section>,
    medical: Option<&'a Section>,
    support: Option<&'a Section>,
    work: Option<&'a Section>,
    student_states: Option<&'a CodeList>,
}

/// What one person has in them.
struct Own<'a> {
    schooling: Option<&'a Row>,
    medical: Option<&'a Row>,
    support: Option<&'a Row>,
    work: Option<&'a Row>,
    student_states: Option<&'a CodeList>,
    jobs: &'a [Job],
}

impl<'a> Sections<'a> {
    fn of(looked: Looked<'a>) -> Self {
        let section = |id| looked.household.file.sections.get(&id);
        let catalogue = looked.look.catalogue;
        let states = catalogue.field(schooling::SECTION, schooling::STUDENT_STATE);
        Self {
            schooling: section(schooling::SECTION),
            medical: section(medical::SECTION),
            support: section(support::SECTION),
            work: section(work::SECTION),
            student_states: states.and_then(|field| catalogue.list_of(field)),
        }
    }

    fn of_member<'b>(&'b self, member: Member<'_>, jobs: &'b [Job]) -> Own<'b> {
        let row = |section: Option<&'a Section>| section.and_then(|section| section.rows.get(&member.id.0));
        Own {
            schooling: row(self.schooling),
            medical: row(self.medical),
            support: row(self.support),
            work: row(self.work),
            student_states: self.student_states,
            jobs,
        }
    }
}

fn value(row: Option<&Row>, field: Name) -> Option<&Value> {
    row?.get(field)
}

struct OfPerson {
    columns: [i64; PersonFact::ALL.len()],
    works: Option<bool>,
}

fn of_person(look: Look<'_>, member: Member<'_>, head: Option<Member<'_>>, own: &Own<'_>) -> OfPerson {
    let mut columns = [EMPTY; PersonFact::ALL.len()];
    let mut set = |fact: PersonFact, value: i64| columns[fact as usize] = value;
    let works = look.can_work(member);
    let years = |ages: Option<(i32, i32)>| between(ages.map(|(least, most)| (least.into(), most.into())));
    set(PersonFact::Age, years(member.ages_on(look.day)));
    set(PersonFact::Head, flag(member.relation().map(|_| member.is_head())));
    set(PersonFact::Works, flag(works));
    let grade = member.disability_grade();
    let disabled = member.disabled();
    set(PersonFact::Severe, flag(grade.map(|grade| grade <= 2).or(disabled.filter(|disabled| !disabled))));
    set(PersonFact::Grade, number(grade.map(i64::from)));
    set(PersonFact::Limb, flag(member.limb_disability()));
    set(PersonFact::Disabled, flag(disabled));
    set(PersonFact::Certificate, flag(Some(member.certificate())));
    school(member, own, &mut set);
    let out = match guarantees::schooling(look, member, own.schooling) {
        Schooling::Out => Some(true),
        Schooling::NotOfAge | Schooling::Assured => Some(false),
        Schooling::Unknown => None,
    };
    set(PersonFact::OutOfSchool, flag(out));
    set(PersonFact::Insured, flag(guarantees::insured(own.medical)));
    let pensions = [medical::RESIDENT_PENSION, medical::EMPLOYEE_PENSION];
    let pensions = pensions.map(|field| value(own.medical, field).and_then(Value::as_yes_no));
    set(PersonFact::Pensioned, flag(or(pensions[0], pensions[1])));
    let receives = |field| {
        let code = value(own.support, field).and_then(Value::as_code);
        flag(code.and_then(Code::id).map(|id| id != "none"))
    };
    set(PersonFact::Allowance, receives(support::ALLOWANCE));
    set(PersonFact::ExtremelyPoor, receives(support::EXTREME_POVERTY));
    work_of(member, own, &mut set);
    papers(member, &mut set);
    if let Some(head) = head {
        set(PersonFact::HeadAge, years(head.ages_on(look.day)));
        let same = member.sex().zip(head.sex()).map(|(a, b)| a == b);
        set(PersonFact::SameSexAsHead, flag(same));
    }
    let has = |id| member.health_has(Name::fixed(id));
    let ill = or(has("chronic"), has("serious"));
    set(PersonFact::Ill, flag(ill));
    let only_healthy = has("healthy").map(|healthy| healthy && or(ill, has("disabled")) == Some(false));
    set(PersonFact::Healthy, flag(only_healthy));
    OfPerson { columns, works }
}

/// In school or not: who has an education has left it, who is below school age is not there yet.
fn school(member: Member<'_>, own: &Own<'_>, set: &mut impl FnMut(PersonFact, i64)) {
    let state = value(own.schooling, schooling::STUDENT_STATE).and_then(Value::as_code);
    let entry = state.and_then(|state| own.student_states?.entry(state.id()?));
    let stage = entry.and_then(Stage::of);
    let in_school = match (stage, state) {
        (Some(Stage::Before), _) => Some(false),
        (Some(_), _) => Some(true),
        (None, Some(_)) => None,
        (None, None) => member.education().map(|_| false),
    };
    set(PersonFact::Student, flag(in_school));
    set(PersonFact::Compulsory, flag(in_school.map(|_| stage == Some(Stage::Compulsory))));
    set(PersonFact::Beyond, flag(in_school.map(|_| stage == Some(Stage::Beyond))));
    set(PersonFact::Vocational, flag(in_school.map(|_| entry.is_some_and(|entry| entry.vocational))));
}

fn work_of(member: Member<'_>, own: &Own<'_>, set: &mut impl FnMut(PersonFact, i64)) {
    let (of_work, jobs) = (|field| value(own.work, field), own.jobs);
    let yes_no = |field| of_work(field).and_then(Value::as_yes_no);
    let code = |field| of_work(field).and_then(Value::as_code).and_then(Code::id);
    let own = || jobs.iter().filter(|job| job.person == Some(member.id.0));
    let running = |which: fn(&Job) -> Option<bool>| {
        own().fold(None, |known: Option<bool>, job| match (job.running, which(job)) {
            (Some(true), Some(true)) => Some(true),
            (Some(true), Some(false)) => known.or(Some(false)),
            _ => known,
        })
    };
    // What a job says goes before what the household's export says in short.
    let working = match running(|_| Some(true)) {
        Some(true) => Some(true),
        _ => yes_no(work::WORKING),
    };
    set(PersonFact::Working, flag(working));
    let planned = own().any(|job| job.planned == Some(true)).then_some(true).or_else(|| yes_no(work::PLANNED));
    set(PersonFact::PlansWork, flag(planned));
    let by_place = code(work::PLACE).map(is_out_of_county);
    let by_channel = code(work::CHANNEL).map(|channel| channel == "away");
    let in_short = by_place.or(by_channel);
    set(PersonFact::WorksAway, flag(or_known(running(|job| job.out_of_county), in_short)));
    let post = of_work(work::POST).and_then(Value::as_text);
    let posts_in_short =
        post.map_or(0, |text| text.split(['、', '，', ',', ';', '；']).filter(|part| !part.trim().is_empty()).count());
    let posts_running = own().filter(|job| job.running == Some(true) && job.is_post == Some(true)).count();
    let posts = posts_in_short.max(posts_running);
    let in_channel = code(work::CHANNEL).map(|channel| channel == "post");
    let has_post = if posts > 0 { Some(true) } else { or_known(running(|job| job.is_post), in_channel) };
    set(PersonFact::HasPost, flag(has_post));
    set(PersonFact::Posts, number((posts > 0).then_some(posts as i64)));
}

/// Yes where either says so, else what is known of one.
fn or_known(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (a, b) => a.or(b),
    }
}

/// Whether a place of work is out of the county, by the household export's own words.
fn is_out_of_county(place: Name) -> bool {
    place == "province" || place == "away"
}

fn papers(member: Member<'_>, set: &mut impl FnMut(PersonFact, i64)) {
    let cell = member.own(members::ID_NUMBER);
    let text = cell.and_then(Value::as_text);
    let lost = matches!(cell, Some(Value::Unusable(_)));
    let tidy = text.map(id_number::tidy);
    let fault = tidy.as_deref().map(id_number::check);
    let is = |fault: Option<bool>| flag(if lost { Some(false) } else { Some(fault.unwrap_or(false)) });
    set(PersonFact::IdMissing, flag(Some(cell.is_none())));
    set(PersonFact::IdLost, flag(Some(lost)));
    let fake = tidy.as_deref().map(|text| text.starts_with("999999"));
    set(PersonFact::IdFake, is(fake));
    set(PersonFact::IdLength, is(fault.map(|fault| matches!(fault, Err(BadIdNumber::Length(_))))));
    let wrong = |fault: Result<NaiveDate, BadIdNumber>| fault.is_err_and(|bad| !matches!(bad, BadIdNumber::Length(_)));
    set(PersonFact::IdCheck, is(fault.map(wrong)));
    let right = fault.and_then(Result::ok).filter(|_| fake == Some(false)).zip(tidy.as_deref());
    if let Some((birth, text)) = right {
        let on_file = member.own(members::BIRTH_DATE).and_then(Value::as_date);
        set(PersonFact::BirthDiffers, flag(on_file.map(|date| !date.agrees_with(PartialDate::from(birth)))));
        let odd = text.as_bytes().get(16).is_some_and(|digit| (digit - b'0') % 2 == 1);
        let sex = if odd { Sex::Male } else { Sex::Female };
        set(PersonFact::SexDiffers, flag(member.sex().map(|known| known != sex)));
    }
    if let Some(phone) = member.phone() {
        let digits: Vec<u8> = phone.bytes().filter(|byte| !matches!(byte, b' ' | b'-')).collect();
        let eleven = digits.len() == 11 && digits.iter().all(u8::is_ascii_digit);
        set(PersonFact::PhoneLength, flag(Some(!eleven)));
        // The numbers of mobile phones in China begin with 13 to 19.
        set(PersonFact::PhoneOdd, flag(Some(eleven && !(digits[0] == b'1' && (b'3'..=b'9').contains(&digits[1])))));
    }
}

/// A job of the household, read.
struct Job {
    place: usize,
    person: Option<u32>,
    from: Option<PartialDate>,
    to: Option<PartialDate>,
    running: Option<bool>,
    planned: Option<bool>,
    out_of_county: Option<bool>,
    is_post: Option<bool>,
    ages_at_start: Option<(i64, i64)>,
}

fn jobs_of(tables: &Tables, looked: Looked<'_>, household: usize) -> Vec<Job> {
    let table = &tables[Rows::Job as usize];
    let day = looked.look.day;
    let places = table.of_household[household].clone().map(|place| place as usize);
    let read = |place: usize| {
        let row = looked.household.file.row(jobs::SECTION, table.number[place])?;
        let date = |field| row.get(field).and_then(Value::as_date);
        let code = |field| row.get(field).and_then(Value::as_code).and_then(Code::id);
        let person =
            row.get(jobs::PERSON).and_then(Value::as_quantity).and_then(|id| u32::try_from(id.as_whole()?).ok());
        let planned = row.get(jobs::PLANNED).and_then(Value::as_yes_no);
        let member = person.and_then(|id| looked.household.members().find(|member| member.id.0 == id));
        let born = member.and_then(Member::birth);
        Some(Job {
            place,
            person,
            from: date(jobs::FROM),
            to: date(jobs::TO),
            running: is_running(row, planned, day),
            planned,
            out_of_county: code(jobs::PLACE).map(is_out_of_county),
            is_post: code(jobs::CHANNEL).map(|channel| channel == "post"),
            ages_at_start: born.zip(date(jobs::FROM)).map(|(born, from)| full_years(born, from)),
        })
    };
    places.filter_map(read).collect()
}

/// Whether a job has begun and not ended on the day; none where its days do not tell.
pub(super) fn is_running(row: &Row, planned: Option<bool>, day: NaiveDate) -> Option<bool> {
    let date = |field| row.get(field).and_then(Value::as_date);
    let (from, to): (Option<PartialDate>, Option<PartialDate>) = (date(jobs::FROM), date(jobs::TO));
    if planned == Some(true) || to.is_some_and(|to| to.latest() < day) || from.is_some_and(|from| from.earliest() > day)
    {
        return Some(false);
    }
    // Without a beginning nobody knows; without an end it goes on.
    let begun = from.map(|from| from.latest() <= day).filter(|begun| *begun);
    begun.filter(|_| to.is_none_or(|to| to.earliest() >= day))
}

/// Whether a job began while one that the same person had begun before was not over. One without an end tells nothing.
fn before_last_ended(job: &Job, jobs: &[Job]) -> Option<bool> {
    let from = job.from?;
    let earlier = |other: &&Job| {
        other.person == job.person && other.person.is_some() && other.planned != Some(true) && other.place != job.place
    };
    let overlaps = |other: &Job| {
        let (began, ended) = (other.from?, other.to?);
        let (later, over) = (began.latest() < from.earliest(), ended.latest() <= from.earliest());
        let (open, first) = (ended.earliest() > from.latest(), began.earliest() >= from.latest());
        if later && open { Some(true) } else { (over || first).then_some(false) }
    };
    jobs.iter().filter(earlier).map(overlaps).fold(Some(false), or)
}

/// The least and the most that the full years between two dates can be.
fn full_years(born: PartialDate, then: PartialDate) -> (i64, i64) {
    let years = |born: NaiveDate, then: NaiveDate| {
        let before_birthday = (then.month(), then.day()) < (born.month(), born.day());
        i64::from(then.year() - born.year() - i32::from(before_birthday))
    };
    (years(born.latest(), then.earliest()), years(born.earliest(), then.latest()))
}

fn measures_of(tables: &mut Tables, looked: Looked<'_>, household: usize) {
    let places = tables[Rows::Measure as usize].of_household[household].clone();
    for place in places.map(|place| place as usize) {
        let number = tables[Rows::Measure as usize].number[place];
        let row = looked.household.file.row(measures::SECTION, number);
        let to = row.and_then(|row| row.get(measures::TO)).and_then(Value::as_date);
        let over = to.and_then(|to| {
            let day = looked.look.day;
            if to.latest() < day { Some(true) } else { (to.earliest() >= day).then_some(false) }
        });
        put(tables, Rows::Measure, place, &[flag(over)]);
    }
}

const _: () = assert!(JobFact::ALL.len() == 3 && MeasureFact::ALL.len() == 1);
