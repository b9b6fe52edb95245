//! From acts to rows: what joined, what left, and every other field change, each on its sheet.

use std::collections::BTreeMap;

use crate::catalogue::{Field, FieldKind, SectionKind};
use crate::changes::{Act, FieldChange, Opened};
use crate::domain::field::{address, jobs, members};
use crate::domain::{Name, Slot, Value};
use crate::exchange::sheet::Sheet;

use super::answers::Column;
use super::layout::Holds;
use super::membership::{is_leaving, is_returning, joins, leaves, loses_name, says_who_joined};
use super::people::{People, Person};
use super::{Key, Run, form_rows};

const WHO: [&str; 5] = ["户编号", "户主", "人编号", "姓名", "证件号码"];
const WHAT: [&str; 4] = ["项目", "字段代码", "原值", "新值"];
const WHEN: [&str; 6] = ["变化日期", "发现日期", "录入日期", "录入人", "依据", "备注"];
const FORM: [&str; 9] = ["表", "户编号", "户主", "日期", "填表人", "意见", "录入日期", "录入人", "备注"];

/// The sheets of a run that have rows.
pub(super) fn sheets(run: &Run<'_>) -> Vec<Sheet> {
    let mut book = Book::new(run);
    match run.net {
        Some(net) => book.add_net(net),
        None => run.acts.iter().filter(|act| act.is_news()).for_each(|act| book.add(act)),
    }
    book.finish()
}

pub(super) struct Book<'a> {
    pub(super) run: &'a Run<'a>,
    pub(super) people: People,
    /// Acts of the run that another one of it takes back.
    pub(super) undone: BTreeMap<u64, u64>,
    rows: Vec<Vec<Vec<String>>>,
    joined: Vec<Joined>,
}

/// A member who joined; which columns there are is known when all have been seen.
struct Joined {
    who: Vec<String>,
    known: BTreeMap<Place, String>,
    when: Vec<String>,
}

/// A section and a field of it, by their places in the catalogue.
type Place = (usize, usize);

/// A field change with its part in the act, from 1.
pub(super) type Part = (usize, FieldChange);

impl<'a> Book<'a> {
    fn new(run: &'a Run<'a>) -> Self {
        let undone = run.acts.iter().filter_map(|act| Some((act.undoes?, act.number))).collect();
        let rows = run.layout.sheets.iter().map(|_| Vec::new()).collect();
        Self { run, people: People::of(run), undone, rows, joined: Vec::new() }
    }

    fn add(&mut self, act: &Act) {
        self.opened(act);
        let mut parts: Vec<Part> = (1..).zip(act.field_changes()).collect();
        for (household, person) in people_with(&parts, joins) {
            let taken = take(&mut parts, |change| self.is_of(change, household, person) && says_who_joined(change));
            self.join(act, Key::of(act.number, numbers(&taken)), (household, person), &taken);
        }
        for (household, person) in people_with(&parts, leaves) {
            let gone = parts.iter().any(|(_, change)| self.is_of(change, household, person) && loses_name(change));
            let taken = take(&mut parts, |change| {
                self.is_of(change, household, person) && (is_leaving(change) || gone && change.new.is_none())
            });
            self.leave(act, Key::of(act.number, numbers(&taken)), (household, person), &taken);
        }
        for (part, change) in &parts {
            self.change(act, *part, change);
        }
        self.add_form(act);
    }

    /// Lists the form of an act, where it holds one that is listed.
    pub(super) fn add_form(&mut self, act: &Act) {
        if let Some(row) = self.form(act) {
            let sheet = self.run.layout.of(&Holds::Forms);
            self.rows[sheet].push(row);
        }
    }

    /// Whether the change speaks of this person, in any of the sections with a row a person.
    fn is_of(&self, change: &FieldChange, household: u32, person: u32) -> bool {
        let section = self.run.catalogue.section(change.slot.section);
        change.household == household
            && change.slot.row == person
            && section.is_some_and(|section| section.kind == SectionKind::Person)
    }

    pub(super) fn join(&mut self, act: &Act, key: Key, (household, person): (u32, u32), taken: &[Part]) {
        let mut known = BTreeMap::new();
        let returns = taken.iter().any(|(_, change)| is_returning(change));
        if let Some(file) = self.people.file(household).filter(|_| returns) {
            for section in self.run.catalogue.sections().iter().filter(|s| s.kind == SectionKind::Person) {
                for (field, value) in file.row(section.id, person).into_iter().flat_map(|row| row.values()) {
                    self.know(&mut known, Slot { section: section.id, row: person, field }, value);
                }
            }
        }
        for (_, change) in taken {
            if let Some(value) = &change.new {
                self.know(&mut known, change.slot, value);
            }
        }
        let mut who = self.people.person(household, person);
        for (field, text) in [
            (members::PERSON_NUMBER, &mut who.number),
            (members::NAME, &mut who.name),
            (members::ID_NUMBER, &mut who.id_number),
        ] {
            // As the act had it: what came later stands on its own row.
            let said = self.place(members::SECTION, field).and_then(|place| known.remove(&place));
            if said.is_some() || !returns {
                *text = said.unwrap_or_default();
            }
        }
        let who = self.who(key, household, who);
        let when = self.when(act, household, taken.iter().map(|(_, change)| change), Vec::new());
        self.joined.push(Joined { who, known, when });
    }

    /// Where a field stands among all columns.
    fn place(&self, section: Name, field: Name) -> Option<Place> {
        let sections = self.run.catalogue.sections();
        let section = sections.iter().position(|known| known.id == section)?;
        Some((section, sections[section].fields.iter().position(|known| known.id == field)?))
    }

    fn know(&self, known: &mut BTreeMap<Place, String>, slot: Slot, value: &Value) {
        if let Some((place, field)) = self.place(slot.section, slot.field).zip(self.run.catalogue.in_slot(slot)) {
            known.insert(place, self.run.catalogue.show(field, value));
        }
    }

    pub(super) fn leave(&mut self, act: &Act, key: Key, (household, person): (u32, u32), taken: &[Part]) {
        let said = |field| {
            let slot = Slot { section: members::SECTION, row: person, field };
            let change = taken.iter().find(|(_, change)| change.slot == slot).map(|(_, change)| change);
            let value = match change {
                Some(change) => change.new.clone(),
                None => self.people.file(household).and_then(|file| file.get(slot)).cloned(),
            };
            self.show(slot, household, value.as_ref())
        };
        let mut row = self.who(key, household, self.people.person(household, person));
        row.extend([members::RELATION, members::LEFT_WHY, members::LEFT_ON].map(said));
        row.extend(self.when(act, household, taken.iter().map(|(_, change)| change), Vec::new()));
        let sheet = self.run.layout.of(&Holds::Left);
        self.rows[sheet].push(row);
    }

    pub(super) fn change(&mut self, act: &Act, part: usize, change: &FieldChange) {
        let slot = change.slot;
        let section = self.run.catalogue.section(slot.section);
        let field = self.run.catalogue.in_slot(slot);
        let mut remarks = Vec::new();
        let person = match section.map(|section| section.kind) {
            Some(SectionKind::Person) => Some(slot.row).filter(|row| *row != 0),
            Some(SectionKind::Rows) => {
                let label = section.map_or("", |section| &section.label);
                remarks.push(format!("{label}第{}条", slot.row));
                self.person_of_row(act, change.household, slot)
            }
            _ => None,
        };
        match (change.evidence_only, &change.evidence, &change.new) {
            (true, Some(_), _) => remarks.push("只补依据".to_owned()),
            (true, None, _) => remarks.push("撤回依据".to_owned()),
            (false, _, None) => remarks.push("改为空".to_owned()),
            (false, _, Some(_)) => {}
        }
        let person = person.map_or_else(Person::default, |person| self.people.person(change.household, person));
        let mut row = self.who(Key::of(act.number, [part]), change.household, person);
        row.push(field.map_or_else(|| slot.field.to_string(), |field| column(field).to_owned()));
        row.push(field.and_then(|field| field.code.as_deref()).unwrap_or_default().to_owned());
        row.push(self.show(slot, change.household, change.old.as_ref()));
        row.push(self.show(slot, change.household, change.new.as_ref()));
        row.extend(self.when(act, change.household, [change], remarks));
        let sheet = self.run.layout.of_section(slot.section);
        self.rows[sheet].push(row);
    }

    /// Whose row of a section this is, by the row's own field.
    fn person_of_row(&self, act: &Act, household: u32, slot: Slot) -> Option<u32> {
        let slot = Slot { field: jobs::PERSON, ..slot };
        let in_act = act.field_changes().find(|change| change.household == household && change.slot == slot);
        let said = in_act.and_then(|change| change.new.or(change.old));
        let value = said.or_else(|| self.people.file(household)?.get(slot).cloned())?;
        value.as_quantity()?.as_whole()?.try_into().ok()
    }

    /// Files that the act opens: the clerk makes the household first, and then what is in it.
    fn opened(&mut self, act: &Act) {
        act.opened.iter().for_each(|opened| self.open(act, opened));
    }

    /// One of them.
    pub(super) fn open(&mut self, act: &Act, opened: &Opened) {
        let parts = (1..).zip(act.field_changes()).filter(|(_, change)| change.household == opened.household);
        let key = Key::of(act.number, parts.map(|(part, _)| part)).opening();
        let mut row = self.who(key, opened.household, Person::default());
        row.extend(["新开户档".to_owned(), String::new(), String::new(), opened.on.to_string()]);
        row.extend(self.when(act, opened.household, [], Vec::new()));
        let sheet = self.run.layout.of_section(address::SECTION);
        self.rows[sheet].push(row);
    }

    fn who(&self, key: Key, household: u32, person: Person) -> Vec<String> {
        let (number, _) = self.people.household(household);
        let head = self.people.head(household);
        vec![key.to_string(), number, head, person.number, person.name, person.id_number]
    }

    fn when<'b>(
        &self,
        act: &Act,
        household: u32,
        changes: impl IntoIterator<Item = &'b FieldChange>,
        remarks: Vec<String>,
    ) -> Vec<String> {
        let changes: Vec<&FieldChange> = changes.into_iter().collect();
        let happened = changes.iter().find_map(|change| change.happened_on);
        let seen = changes.iter().find_map(|change| change.seen_on);
        let evidence = changes.iter().find_map(|change| change.evidence.as_deref());
        vec![
            happened.map_or_else(String::new, |day| day.to_string()),
            seen.map_or_else(String::new, |day| day.to_string()),
            act.entered_on().to_string(),
            act.by.to_string(),
            evidence.unwrap_or_default().to_owned(),
            self.remarks(act, household, remarks),
        ]
    }

    fn remarks(&self, act: &Act, household: u32, mut remarks: Vec<String>) -> String {
        if let Some(by) = self.undone.get(&act.number) {
            remarks.push(format!("已由第{by}号撤销"));
        }
        if let Some(undone) = act.undoes {
            let here = self.run.acts.iter().any(|act| act.number == undone);
            remarks.push(format!("撤销第{undone}号{}", if here { "" } else { "（早先交出的）" }));
        }
        if act.number < self.run.set.from {
            remarks.push("早先暂缓，现在放行".to_owned());
        }
        if !self.people.household(household).1 {
            remarks.push("未入国网".to_owned());
        }
        remarks.join("；")
    }

    fn show(&self, slot: Slot, household: u32, value: Option<&Value>) -> String {
        let Some(value) = value else { return String::new() };
        match (self.run.catalogue.in_slot(slot), value) {
            (Some(field), Value::Quantity(id)) if field.kind == FieldKind::Person => {
                let id = id.as_whole().and_then(|id| id.try_into().ok()).unwrap_or_default();
                self.people.person(household, id).name
            }
            (Some(field), value) => self.run.catalogue.show(field, value),
            (None, Value::Text(text) | Value::Unusable(text)) => text.to_string(),
            (None, _) => String::new(),
        }
    }

    fn form(&self, act: &Act) -> Option<Vec<String>> {
        let read = form_rows::read(self.run, act)?;
        let (number, _) = self.people.household(read.household);
        let remarks = self.remarks(act, read.household, Vec::new());
        let [entered, by] = [act.entered_on().to_string(), act.by.to_string()];
        let head = self.people.head(read.household);
        Some(vec![
            Key::of(act.number, []).to_string(),
            read.form,
            number,
            head,
            read.day,
            read.by,
            read.opinion,
            entered,
            by,
            remarks,
        ])
    }

    fn finish(mut self) -> Vec<Sheet> {
        let layout = self.run.layout;
        let joined = self.joined_sheet(layout.of(&Holds::Joined));
        let mut sheets = Vec::new();
        for (sheet, rows) in layout.sheets.iter().zip(std::mem::take(&mut self.rows)) {
            let key = [layout.answer.name(Column::Key)];
            let columns: Vec<&str> = match &sheet.holds {
                Holds::Joined => Vec::new(),
                Holds::Left => {
                    let said = [members::RELATION, members::LEFT_WHY, members::LEFT_ON]
                        .map(|field| self.run.catalogue.field(members::SECTION, field).map_or("", column));
                    [&key[..], &WHO, &said, &WHEN].concat()
                }
                Holds::Sections(_) => [&key[..], &WHO, &WHAT, &WHEN].concat(),
                Holds::Forms => [&key[..], &FORM].concat(),
            };
            if sheet.holds == Holds::Joined {
                sheets.extend(joined.clone());
            } else if !rows.is_empty() {
                let columns = columns.into_iter().map(str::to_owned).collect();
                sheets.push(Sheet { name: sheet.name.clone(), columns, rows });
            }
        }
        sheets
    }

    fn joined_sheet(&self, at: usize) -> Option<Sheet> {
        let mut places: Vec<Place> = self.joined.iter().flat_map(|joined| joined.known.keys()).copied().collect();
        places.sort_unstable();
        places.dedup();
        let sections = self.run.catalogue.sections();
        let label = |(section, field): &Place| column(&sections[*section].fields[*field]);
        let key = self.run.layout.answer.name(Column::Key);
        let columns =
            [key].into_iter().chain(WHO).chain(places.iter().map(label)).chain(WHEN).map(str::to_owned).collect();
        let row = |joined: &Joined| {
            let known = places.iter().map(|place| joined.known.get(place).cloned().unwrap_or_default());
            joined.who.iter().cloned().chain(known).chain(joined.when.iter().cloned()).collect()
        };
        let rows: Vec<_> = self.joined.iter().map(row).collect();
        let name = self.run.layout.sheets[at].name.clone();
        (!rows.is_empty()).then_some(Sheet { name, columns, rows })
    }
}

/// The county's name for a field.
fn column(field: &Field) -> &str {
    // A name that the export repeats is told apart by a mark of ours, which no clerk knows.
    field.column.as_deref().filter(|column| !column.contains('#')).unwrap_or(&field.label)
}

/// The members of whom some change says so, each once, in the order of the changes.
fn people_with(parts: &[Part], says: fn(&FieldChange) -> bool) -> Vec<(u32, u32)> {
    let mut people = Vec::new();
    for (_, change) in parts.iter().filter(|(_, change)| change.slot.section == members::SECTION && says(change)) {
        let person = (change.household, change.slot.row);
        if !people.contains(&person) {
            people.push(person);
        }
    }
    people
}

fn take(parts: &mut Vec<Part>, belongs: impl Fn(&FieldChange) -> bool) -> Vec<Part> {
    let (taken, left) = std::mem::take(parts).into_iter().partition(|(_, change)| belongs(change));
    *parts = left;
    taken
}

fn numbers(parts: &[Part]) -> impl Iterator<Item = usize> {
    parts.iter().map(|(part, _)| *part)
}
