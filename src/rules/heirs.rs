//! What is asked when people go from one file to another: of each thing that is open, and of what both households hold,
//! whether it goes along. What goes with a person, and what only one household has, needs no question.

use crate::catalogue::{Heir, Section, SectionKind};
use crate::domain::field::{case, class, stages, status};
use crate::domain::{
    Answer, Becomes, FilledForm, Household, HouseholdFile, Name, PartialDate, RiskState, Row, Value, form_field, text,
};
use crate::forms::{Effect, Form};
use crate::policy::Event;

use super::Look;
use super::clocks::{self, ClockState};

/// How people pass from one file to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// All go, and the file that they leave is closed.
    Join,
    /// Some found a household of their own.
    SplitOff,
    /// One moves, and others stay.
    Move,
}

/// People who pass from one file to another.
#[derive(Clone, Debug)]
pub struct Passing<'a> {
    /// How.
    pub way: Way,
    /// The file that they leave.
    pub from: &'a HouseholdFile,
    /// The file that they come to; none where it is yet to be opened.
    pub to: Option<&'a HouseholdFile>,
    /// Who.
    pub going: Vec<u32>,
    /// When, as far as it is known.
    pub on: Option<PartialDate>,
}

/// One thing of which a person says what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The section.
    pub section: Name,
    /// The row in the file that is left; 0 is what the section says of the household.
    pub row: u32,
    /// What it is, in words.
    pub what: String,
    /// What is likely; a person confirms it.
    pub suggested: Option<Becomes>,
}

impl<'a> Passing<'a> {
    /// Who passes by a form, as far as it is answered; `other` is the second household that it names.
    pub fn of(
        form: &Form,
        filled: &FilledForm,
        file: &'a HouseholdFile,
        other: Option<&'a HouseholdFile>,
    ) -> Option<Self> {
        let members = |file| -> Vec<u32> { Household::of(file).members().map(|member| member.id.0).collect() };
        let on = match filled.fields.get(&form_field::DATE) {
            Some(Answer::Value(value)) => value.as_date(),
            Some(Answer::Day(day)) => Some(PartialDate::from(*day)),
            _ => None,
        };
        match form.effect? {
            Effect::Merge => {
                let from = other?;
                Some(Self { way: Way::Join, from, to: Some(file), going: members(from), on })
            }
            Effect::Split => match filled.fields.get(&Name::fixed("people"))? {
                Answer::People(going) => {
                    Some(Self { way: Way::SplitOff, from: file, to: None, going: going.clone(), on })
                }
                _ => None,
            },
            Effect::Move => match filled.fields.get(&Name::fixed("person"))? {
                Answer::Person(person) => {
                    let way = if members(file) == [*person] { Way::Join } else { Way::Move };
                    Some(Self { way, from: file, to: Some(other?), going: vec![*person], on })
                }
                _ => None,
            },
            Effect::Close | Effect::Reopen | Effect::Return => None,
        }
    }

    /// Whose a row is that goes with its person.
    pub fn goes_with_a_person(&self, section: &Section, row: &Row) -> bool {
        section.person_of(row).is_some_and(|person| self.going.contains(&person))
    }
}

/// What a person has to say, section by section.
pub fn questions(look: Look<'_>, passing: &Passing<'_>) -> Vec<Question> {
    let mut asked = Vec::new();
    let leaders = look.catalogue.sections().iter().filter(|section| section.heirs.with.is_none());
    for section in leaders.filter(|section| section.id != status::SECTION) {
        match (section.kind, passing.way) {
            (SectionKind::Person, _) => {}
            (SectionKind::Household, Way::Join) => asked.extend(of_household(look, passing, section)),
            (SectionKind::Household, Way::SplitOff) => asked.extend(of_split_household(look, passing, section)),
            (SectionKind::Household, Way::Move) => {}
            (SectionKind::Rows, _) => asked.extend(of_rows(look, passing, section)),
        }
    }
    asked
}

/// What a household that splits off is from its first day, as the one that it comes from.
pub const FOUNDED: [(Name, Name); 2] = [(class::SECTION, class::CLASS), (class::SECTION, class::RELIEVED_YEAR)];

fn of_split_household(look: Look<'_>, passing: &Passing<'_>, section: &Section) -> Option<Question> {
    let is_founded = FOUNDED.iter().any(|(founded, _)| *founded == section.id);
    let is_asked = section.heirs.heir == Heir::Ask && !section.adds_up() && !is_founded;
    let question = || question(look, passing.from, section, 0, Some(Becomes::Carry));
    (is_asked && holds_group(look, passing.from, section)).then(question)
}

fn of_household(look: Look<'_>, passing: &Passing<'_>, section: &Section) -> Option<Question> {
    let (from, to) = (passing.from, passing.to?);
    let is_asked = match section.heirs.heir {
        Heir::Carry => false,
        Heir::End => holds(from, section) && runs(look, from, section),
        Heir::Ask if section.adds_up() => holds_group(look, from, section),
        Heir::Ask => {
            let differ = !same(from, to, section) || has_process(look, from, section);
            holds_group(look, from, section) && holds_group(look, to, section) && differ
        }
    };
    is_asked.then(|| question(look, from, section, 0, likely(look, from, to, section)))
}

fn of_rows(look: Look<'_>, passing: &Passing<'_>, section: &Section) -> Vec<Question> {
    let names: Vec<String> = match passing.way {
        Way::Join => Vec::new(),
        Way::SplitOff | Way::Move => names_of(passing),
    };
    let wanted = |row: &Row| match (passing.way, section.heirs.heir) {
        (Way::Join, Heir::Carry) | (Way::SplitOff | Way::Move, Heir::End) => false,
        (Way::Join | Way::SplitOff, _) => true,
        (Way::Move, _) => is_about(row, &names),
    };
    let rows = passing
        .from
        .rows(section.id)
        .filter(|(_, row)| section.person_of(row).is_none() && section.heirs.is_open(row, passing.on) && wanted(row));
    rows.map(|(number, row)| {
        let suggested = if is_about(row, &names) { Becomes::Carry } else { Becomes::End };
        question(look, passing.from, section, number, Some(suggested))
    })
    .collect()
}

fn names_of(passing: &Passing<'_>) -> Vec<String> {
    let going = Household::of(passing.from).everyone().filter(|member| passing.going.contains(&member.id.0));
    going.map(|member| text::fold(member.name())).filter(|name| name.chars().count() > 1).collect()
}

/// Whether a row's words name one of these people.
fn is_about(row: &Row, names: &[String]) -> bool {
    let words: Vec<String> = row.values().filter_map(|(_, value)| value.as_text()).map(text::fold).collect();
    names.iter().any(|name| words.iter().any(|word| word.contains(name.as_str())))
}

/// Whether the section says anything of the household.
pub fn holds(file: &HouseholdFile, section: &Section) -> bool {
    file.row(section.id, 0).is_some_and(|row| !row.is_empty())
}

/// Whether the section, or what goes with it and counts, holds anything.
fn holds_group(look: Look<'_>, file: &HouseholdFile, section: &Section) -> bool {
    let counts = |follower: &&Section| follower.kind == SectionKind::Household && follower.adds_up();
    holds(file, section)
        || has_process(look, file, section)
        || followers(look, section).filter(counts).any(|follower| holds(file, follower))
}

/// Whether rows stand behind the section, or a clock runs that makes one.
fn has_process(look: Look<'_>, file: &HouseholdFile, section: &Section) -> bool {
    let of_rows = |follower: &&Section| follower.kind == SectionKind::Rows;
    followers(look, section).filter(of_rows).any(|follower| {
        file.rows(follower.id).next().is_some() || follower.id == stages::SECTION && !proposed(look, file).is_empty()
    })
}

/// The sections that go with another one.
pub fn followers<'a>(look: Look<'a>, section: &Section) -> impl Iterator<Item = &'a Section> {
    let id = section.id;
    look.catalogue.sections().iter().filter(move |other| other.heirs.with == Some(id))
}

fn same(one: &HouseholdFile, other: &HouseholdFile, section: &Section) -> bool {
    let values = |file: &HouseholdFile| -> Vec<(Name, Value)> {
        let row = file.row(section.id, 0);
        row.into_iter().flat_map(|row| row.values()).map(|(field, value)| (field, value.clone())).collect()
    };
    values(one) == values(other)
}

/// Whether a clock that is due ends in the section.
fn runs(look: Look<'_>, file: &HouseholdFile, section: &Section) -> bool {
    clocks::of(look.at(file)).iter().any(|clock| clock.is_due() && clock.section == section.id)
}

/// What runs because a paper proposed it, as the stage that says the same: its code, its day, and the paper.
pub fn proposed(look: Look<'_>, file: &HouseholdFile) -> Vec<(Name, PartialDate, Box<str>)> {
    let running = clocks::of(look.at(file));
    let by_form = running.iter().filter(|clock| clock.is_due()).filter_map(|clock| by_form(look, file, clock));
    by_form.collect()
}

fn by_form(look: Look<'_>, file: &HouseholdFile, state: &ClockState) -> Option<(Name, PartialDate, Box<str>)> {
    let clock = look.policy.clocks.iter().find(|clock| clock.id == state.clock)?;
    let stage = clock.starts.iter().find_map(|event| match event {
        Event::Stage(stage) => Some(*stage),
        _ => None,
    })?;
    let started = state.started?;
    let is_on_file = file.rows(stages::SECTION).any(|(_, row)| {
        let code = row.get(stages::STAGE).and_then(Value::as_code).and_then(|code| code.id());
        code == Some(stage) && row.get(stages::ON).and_then(Value::as_date) == Some(started)
    });
    let paper = clock.starts.iter().find_map(|event| match *event {
        Event::Form(form, opinion) => {
            let of_day = |filled: &&crate::domain::FormRef| PartialDate::from(filled.date) == started;
            file.forms_named(form).filter(|filled| filled.opinion == Some(opinion)).find(of_day)
        }
        _ => None,
    })?;
    let label = look.forms.get(paper.name).map_or_else(|| paper.name.as_str().into(), |form| form.label.clone());
    (!is_on_file).then_some((stage, started, label))
}

/// What becomes of a section likely, where two households have it.
fn likely(look: Look<'_>, from: &HouseholdFile, to: &HouseholdFile, section: &Section) -> Option<Becomes> {
    let choose = |carry: bool| Some(if carry { Becomes::Carry } else { Becomes::End });
    let (leaves, stays) = (Household::of(from), Household::of(to));
    if section.adds_up() {
        let sums = |file: &HouseholdFile, section: &Section| -> Vec<Name> {
            let added = section.fields.iter().filter(|field| field.joins == Some(crate::catalogue::Joins::Sum));
            added.map(|field| field.id).filter(|field| file.of_household(section.id, *field).is_some()).collect()
        };
        let all = || std::iter::once(section).chain(followers(look, section));
        let know_the_same = all().all(|section| sums(from, section) == sums(to, section));
        return choose(know_the_same && all().any(|section| !sums(from, section).is_empty()));
    }
    match section.id {
        id if id == case::SECTION => choose(is_open(leaves) && !is_open(stays)),
        id if id == class::SECTION => choose(leaves.relieved() == Some(true) && stays.relieved() != Some(true)),
        // What is due stands in the way of no other; else a person knows which of the two is meant.
        _ => (!holds(to, section)).then_some(Becomes::Carry),
    }
}

fn is_open(household: Household<'_>) -> bool {
    household.risk_state() == Some(RiskState::Open)
}

/// How many values tell what a row is.
const TELLING: usize = 3;

fn question(look: Look<'_>, file: &HouseholdFile, section: &Section, row: u32, suggested: Option<Becomes>) -> Question {
    Question { section: section.id, row, what: in_words(look, file, section, row), suggested }
}

/// What stands in a row, in a few words: `待办问题 屋漏 住房 村委会`.
pub fn in_words(look: Look<'_>, file: &HouseholdFile, section: &Section, row: u32) -> String {
    let cells = file.row(section.id, row);
    let told = section.fields.iter().filter_map(|field| {
        let value = cells?.get(field.id)?;
        let shown = look.catalogue.show_masked(field, value);
        let is_bare = matches!(value, Value::Code(_) | Value::Codes(_) | Value::Text(_));
        Some(if is_bare { shown } else { format!("{}{shown}", field.label) })
    });
    std::iter::once(section.label.to_string()).chain(told.take(TELLING)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::testing::Defs;
    use super::*;

    /// What is asked when all of one file join another, as `section.row suggestion`.
    fn joining(from: &str, to: &str) -> Vec<String> {
        let defs = Defs::shipped();
        let (from, to) = (defs.file(from), defs.file(to));
        let going = Household::of(&from).members().map(|member| member.id.0).collect();
        let passing = Passing { way: Way::Join, from: &from, to: Some(&to), going, on: "2022-11-10".parse().ok() };
        told(questions(defs.on("2022-11-20"), &passing))
    }

    fn splitting(from: &str, way: Way) -> Vec<String> {
        let defs = Defs::shipped();
        let from = defs.file(from);
        let passing = Passing { way, from: &from, to: None, going: vec![2], on: "2022-11-10".parse().ok() };
        told(questions(defs.on("2022-11-20"), &passing))
    }

    fn told(questions: Vec<Question>) -> Vec<String> {
        let suggested = |question: &Question| match question.suggested {
            Some(Becomes::Carry) => "carry",
            Some(Becomes::End) => "end",
            None => "?",
        };
        questions.iter().map(|q| format!("{}.{} {}", q.section, q.row, suggested(q))).collect()
    }

    const OPEN: &str = "class.class=一般农户 case.target=边缘易致贫户 case.eliminated=否 case.identified_on=2022-03-31";

    #[test]
    fn what_only_one_has_goes_along_without_a_question() {
        let all = format!("{OPEN} land.arable=5.5 tasks.1.what=屋漏 measures.1.kind=产业帮扶 documents.1.what=书");
        assert_eq!(joining(&all, "members.1.name=张三 land.arable=3"), Vec::<String>::new());
        assert_eq!(joining("land.arable=5", OPEN), Vec::<String>::new());
    }

    #[test]
    fn what_both_have_is_asked_about() {
        let relieved = "class.class=脱贫户(享受政策) case.target=脱贫不稳定户 case.eliminated=是";
        assert_eq!(joining(OPEN, relieved), ["class.0 end", "case.0 carry"]);
        assert_eq!(joining(relieved, OPEN), ["class.0 carry", "case.0 end"]);
        assert_eq!(joining("class.class=一般农户", "class.class=一般农户"), Vec::<String>::new());
        assert_eq!(joining("income.net=9000", "income.net=8000"), ["income.0 carry"]);
        assert_eq!(joining("income.net=9000", "income.per_person=8000"), ["income.0 end"]);
        assert_eq!(joining("spending.spent_medical=900", ""), ["income.0 end"], "what goes with it counts");
        assert_eq!(joining("stages.1.stage=发现风险 stages.1.on=2022-11-08", OPEN), ["case.0 end"]);
    }

    #[test]
    fn what_is_due_is_asked_about_though_it_would_end() {
        let damaged = "housing.grade=D级 housing.danger_found_on=2022-05-01";
        assert_eq!(joining(damaged, "housing.grade=A级"), ["housing.0 ?"]);
        assert_eq!(joining(damaged, ""), ["housing.0 carry"]);
        assert_eq!(joining(&format!("{damaged} housing.rehoused_on=2022-06-01"), ""), Vec::<String>::new());
        let exempt = |until: &str| joining(&format!("exemptions.1.check=C402 exemptions.1.until={until}"), "");
        assert_eq!((exempt("2023-05-01"), exempt("2022-05-01")), (vec!["exemptions.1 end".to_owned()], vec![]));
    }

    #[test]
    fn who_splits_off_is_asked_about_what_is_open() {
        let rows = "members.2.name=王六 tasks.1.what=屋漏 tasks.2.what=王六失业 tasks.3.what=x tasks.3.done_on=2022-11-01 \
            measures.1.kind=产业帮扶 exemptions.1.check=C402 exemptions.1.person=2 loans.1.person=1 loans.1.amount=5";
        let expected = ["measures.1 end", "tasks.1 end", "tasks.2 carry"];
        assert_eq!(splitting(rows, Way::SplitOff), expected);
        assert_eq!(splitting(&format!("{OPEN} {rows}"), Way::SplitOff)[..2], ["measures.1 end", "case.0 carry"]);
        assert_eq!(splitting(&format!("{OPEN} {rows}"), Way::Move), ["tasks.2 carry"], "the others stay");
    }
}
