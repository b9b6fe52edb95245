//! A file in short, as it stands beside a list.

use chrono::NaiveDate;

use crate::catalogue::print::age_in_words;
use crate::domain::{Household, HouseholdId, Member, Name, Sex};
use crate::rules::colour::Graded;
use crate::rules::stale::Stale;
use crate::rules::tasks::OpenTask;
use crate::rules::{brief, facts};

use super::error::WorkspaceError;
use super::open::Workspace;

/// What a glance at a file gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InShort {
    /// The number by which the household is called.
    pub number: String,
    /// The head's name.
    pub head: String,
    /// Group and house number, as far as they are known.
    pub place: String,
    /// The kind of target, else the class.
    pub class: String,
    /// Its colour, with the reason.
    pub colour: Option<Graded>,
    /// The members.
    pub people: Vec<Person>,
    /// What the file says of each item of a visit that applies: its name, and the facts in a line.
    pub items: Vec<(Box<str>, String)>,
    /// The day of the last visit.
    pub last_visit: Option<NaiveDate>,
    /// What nobody has confirmed in time.
    pub unconfirmed: Option<Unconfirmed>,
    /// Changes that are not in the file or not handed over, near or past their month.
    pub late: Vec<Stale>,
    /// Problems that nobody has settled.
    pub tasks: Vec<OpenTask>,
    /// Fields where a person has to choose.
    pub beside: usize,
    /// Fields that have changed and were not handed over.
    pub pending: usize,
}

/// The sections that nobody has confirmed in time, together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unconfirmed {
    /// Their names.
    pub sections: Vec<String>,
    /// How long the longest has waited, in days.
    pub days: i64,
    /// Whether any of them counts.
    pub is_error: bool,
}

/// One member in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The relation to the head, as the code list calls it.
    pub relation: String,
    /// Sex and age, as far as they are known.
    pub about: String,
}

impl Workspace {
    /// A household's file in short.
    pub fn in_short(&self, id: HouseholdId) -> Result<InShort, WorkspaceError> {
        let file = self.file(id)?;
        let row = self.row(id)?;
        let look = self.look();
        let looked = look.at(&file);
        let household = Household::of(&file);
        let facts = facts::of(looked);
        let visit = self.definitions.forms.visit();
        let items = visit.into_iter().flat_map(|form| &form.items).filter(|item| facts.any(&item.asked_of));
        let items =
            items.map(|item| (item.label.clone(), brief::of(looked, item))).filter(|(_, says)| !says.is_empty());
        let (unconfirmed, late): (Vec<Stale>, Vec<Stale>) =
            self.stale_of(id)?.into_iter().partition(|stale| stale.code == "C502");
        let label = |stale: &Stale| {
            let section = self.definitions.catalogue.section(stale.section);
            section.map_or(stale.section.as_str(), |section| &section.label).to_owned()
        };
        Ok(InShort {
            number: row.summary.number(),
            head: row.summary.head.to_string(),
            place: [&row.summary.group, &row.summary.house_number].map(|part| part.as_deref().unwrap_or("")).join(" "),
            class: self.class_in_words(row.summary),
            colour: row.standing.colour.clone(),
            people: household.members().map(|member| self.person(member, look.day)).collect(),
            items: items.collect(),
            last_visit: row.standing.last_visit,
            unconfirmed: unconfirmed.iter().map(|stale| stale.days).max().map(|days| Unconfirmed {
                sections: unconfirmed.iter().map(label).collect(),
                days,
                is_error: unconfirmed.iter().any(|stale| stale.is_error),
            }),
            late,
            tasks: row.standing.tasks.clone(),
            beside: row.standing.beside,
            pending: row.pending,
        })
    }

    fn person(&self, member: Member<'_>, day: NaiveDate) -> Person {
        let sex = member.sex().map(|sex| if sex == Sex::Male { "男" } else { "女" });
        let age = member.ages_on(day).and_then(age_in_words);
        let about: Vec<String> = sex.map(str::to_owned).into_iter().chain(age).collect();
        Person { name: member.name().to_owned(), relation: self.relation_in_words(member), about: about.join(" ") }
    }

    /// A member as she stands in a list of people to choose from: `张三（子 34岁）`.
    pub fn person_in_words(&self, member: Member<'_>) -> String {
        let Person { name, relation, .. } = self.person(member, self.today());
        let name = if name.is_empty() { "没有姓名".to_owned() } else { name };
        let age = member.ages_on(self.today()).and_then(age_in_words);
        let told = [relation].into_iter().filter(|relation| !relation.is_empty()).chain(age);
        let told = told.collect::<Vec<_>>().join(" ");
        if told.is_empty() { name } else { format!("{name}（{told}）") }
    }

    /// The member's relation to the head, in a word; blank where it is unknown.
    pub fn relation_in_words(&self, member: Member<'_>) -> String {
        let list = self.definitions.catalogue.list(Name::fixed("relation"));
        let label = member.relation().and_then(|relation| Some(list?.short_label(relation).to_owned()));
        label.unwrap_or_default()
    }
}
