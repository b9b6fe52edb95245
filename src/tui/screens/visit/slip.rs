//! A form over the items: the visit's head, a row that changed, a problem, a reason. What is filled in goes into the draft.

use std::sync::Arc;

use crate::catalogue::{Catalogue, FieldKind, Section};
use crate::domain::{
    EditRow, FilledForm, Finding, Household, HouseholdFile, ItemAnswer, Name, PartialDate, Quantity, Row, RowRef, Value,
};
use crate::forms;
use crate::rules::Look;
use crate::tui::widgets::form::{Field, Form};
use crate::tui::widgets::picker::Choice;

use super::purpose::Purpose;

/// A form over the items.
pub struct Slip {
    /// What it is for.
    pub purpose: Purpose,
    /// Its name on the screen.
    pub title: String,
    /// Its fields.
    pub form: Form,
}

/// What a slip is filled against.
pub struct Ground<'a> {
    /// The definitions and the day.
    pub look: Look<'a>,
    /// The definitions of the file, as fields hold them.
    pub catalogue: &'a Arc<Catalogue>,
    /// The visit's form.
    pub visit: &'a forms::Form,
    /// The household's file.
    pub file: &'a HouseholdFile,
}

/// Since when.
pub const SINCE: &str = "visit.since";
const WHAT: &str = "what";
/// The paper behind one change.
pub const EVIDENCE: &str = "visit.evidence";

impl Slip {
    /// A slip over what has been filled so far; none where the definitions no longer have what it is for.
    pub fn open(purpose: Purpose, ground: &Ground<'_>, filled: &FilledForm) -> Option<Self> {
        let item = purpose.item().and_then(|item| ground.visit.item(item));
        let label = item.map_or("", |item| &*item.label);
        let answer = purpose.item().and_then(|item| filled.items.get(&item));
        let finding = answer.map(|answer| &answer.finding);
        let (title, fields) = match &purpose {
            Purpose::Head => {
                let fields = ground.visit.fields.iter();
                let fields = fields.filter_map(|f| Field::of_form(f, filled.fields.get(&f.id), ground.catalogue));
                ("这次走访".to_owned(), fields.collect())
            }
            Purpose::Said(_) => (format!("{label} · 变了"), told(finding, true)),
            Purpose::Row(_, section, row, nth) => {
                let section = ground.catalogue.section(*section)?;
                let edits = OfRow::of(answer, section.id, *row, *nth);
                let mut fields = told(edits.as_told(answer).as_ref(), false);
                fields.extend(row_fields(ground, section, *row, &edits));
                let paper = edits.own.and_then(|edit| edit.evidence.as_deref()).unwrap_or_default();
                fields.push(Field::text(EVIDENCE, "依据").holding(paper).hint("证明、单据等；没有就空着"));
                let row = row_label(ground, section, *row);
                // Where the item is called like its section, once is enough.
                let title = if row.starts_with(label) { row } else { format!("{label} · {row}") };
                (title, fields)
            }
            Purpose::Problem(_) => (format!("{label} · 问题"), problem(finding)),
            Purpose::NotLooked(_) => {
                let why = match finding {
                    Some(Finding::NotLooked { why }) => why,
                    _ => last_reason(filled),
                };
                (format!("{label} · 没看到"), vec![Field::text("why", "为什么没看到").required().holding(why)])
            }
        };
        Some(Self { purpose, title, form: Form::new(fields, ground.look.day) })
    }

    /// Puts what stands in its fields into the answers.
    pub fn put(&self, ground: &Ground<'_>, filled: &mut FilledForm) {
        let Some(item) = self.purpose.item() else {
            for field in ground.visit.fields.iter().filter(|field| self.form.field(field.id.as_str()).is_some()) {
                match self.form.answer(field, ground.catalogue) {
                    Some(answer) => _ = filled.fields.insert(field.id, answer),
                    None => _ = filled.fields.remove(&field.id),
                }
            }
            return;
        };
        let text = |id: &str| self.form.value(id).into_boxed_str();
        let date = |id: &str| self.form.value(id).parse::<PartialDate>().ok();
        let finding = match self.purpose {
            Purpose::Problem(_) => {
                Finding::Problem { what: text(WHAT), who: text("who"), due: date("due").and_then(PartialDate::as_day) }
            }
            Purpose::NotLooked(_) => Finding::NotLooked { why: text("why") },
            _ => Finding::Changed { what: text(WHAT), since: date(SINCE) },
        };
        let before = filled.items.remove(&item);
        let mut answer =
            ItemAnswer { agree: before.as_ref().and_then(|answer| answer.agree), ..ItemAnswer::of(finding) };
        if let (Finding::Changed { .. }, Some(before)) = (&answer.finding, before) {
            // From here on each change has its own day, or none.
            let days: Vec<_> = before.edits.iter().map(|edit| before.day_of(edit)).collect();
            (answer.edits, answer.events) = (before.edits, before.events);
            answer.edits.iter_mut().zip(days).for_each(|(edit, day)| edit.happened_on = day);
        }
        if let Purpose::Row(_, section, row, nth) = self.purpose {
            self.put_row(ground, (section, row, nth), &mut answer);
        }
        if !is_blank(&answer) {
            filled.items.insert(item, answer);
        }
    }

    /// Puts the change of a row among the answer's edits, with its own day and paper. The item as a whole has a day only
    /// where all of its changes have it.
    fn put_row(&self, ground: &Ground<'_>, (section, row, nth): (Name, RowRef, usize), answer: &mut ItemAnswer) {
        let Some(defined) = ground.catalogue.section(section) else { return };
        let since = match &answer.finding {
            Finding::Changed { since, .. } => *since,
            _ => None,
        };
        let edits = OfRow::of(Some(answer), section, row, nth);
        let held = |field: Name| edits.beside(field).unwrap_or_else(|| row_of(ground.file, section, row)?.get(field));
        let fields: Vec<(Name, Option<Value>)> = defined
            .fields
            .iter()
            .filter_map(|field| {
                let old = held(field.id);
                // What stands as it stood is no change, also where it could not be typed like that.
                let typed = self.form.value(field.id.as_str());
                if typed == old.map(|old| shown(ground, defined, field, old)).unwrap_or_default() {
                    return None;
                }
                let new = match field.kind {
                    FieldKind::Person => self.person(field.id),
                    _ => ground.catalogue.read_typed(field, &typed).ok()?.value,
                };
                (new.as_ref() != old).then_some((field.id, new))
            })
            .collect();
        let evidence = Some(self.form.value(EVIDENCE)).filter(|text| !text.is_empty()).map(Into::into);
        let place = answer.edits.iter().enumerate().filter(|(_, edit)| (edit.section, edit.row) == (section, row));
        let place = place.map(|(at, _)| at).nth(nth);
        let own = EditRow { happened_on: since, evidence, ..EditRow::of(section, row, fields) };
        let says = !own.fields.is_empty() || own.evidence.is_some();
        match place {
            Some(at) if says => answer.edits[at] = own,
            Some(at) => _ = answer.edits.remove(at),
            None if says => answer.edits.push(own),
            None => {}
        }
        if let (Finding::Changed { since, .. }, Some((first, others))) =
            (&mut answer.finding, answer.edits.split_first())
        {
            *since = first.happened_on.filter(|day| others.iter().all(|edit| edit.happened_on == Some(*day)));
        }
    }

    fn person(&self, field: Name) -> Option<Value> {
        let id = self.form.field(field.as_str())?.picked().first()?.parse().ok()?;
        Some(Value::Quantity(Quantity::whole(id)))
    }
}

/// Whether an answer says nothing at all yet.
pub fn is_blank(answer: &ItemAnswer) -> bool {
    let said = match &answer.finding {
        Finding::AsOnFile => true,
        Finding::Changed { what, since } => !what.is_empty() || since.is_some(),
        Finding::Problem { what, who, due } => !what.is_empty() || !who.is_empty() || due.is_some(),
        Finding::NotLooked { why } => !why.is_empty(),
    };
    !said && answer.edits.is_empty() && answer.events.is_empty()
}

/// Since when, and what, in the family's words.
fn told(finding: Option<&Finding>, is_all: bool) -> Vec<Field> {
    let (what, since) = match finding {
        Some(Finding::Changed { what, since }) => (&**what, *since),
        other => (words_of(other), None),
    };
    let since = since.map(|since| since.to_string()).unwrap_or_default();
    let what = Field::text(WHAT, "变了什么").holding(what);
    let what = if is_all {
        what.required().hint("照说的记；字段以后在户档里填，一个月内要入档")
    } else {
        what.hint("可以不写：下面填了什么就记什么；只写这一格，字段以后再填也行")
    };
    vec![
        Field::date(SINCE, "从什么时候起")
            .holding(&since)
            .hint("知道几分写几分：2022-10、10-8、昨天、-3；不知道就空着"),
        what,
    ]
}

fn problem(finding: Option<&Finding>) -> Vec<Field> {
    let (what, who, due) = match finding {
        Some(Finding::Problem { what, who, due }) => (&**what, &**who, *due),
        other => (words_of(other), "", None),
    };
    let due = due.map(|due| due.to_string()).unwrap_or_default();
    vec![
        Field::text(WHAT, "什么问题").required().holding(what),
        Field::text("who", "由谁办").required().holding(who),
        Field::until("due", "什么时候办完").holding(&due).hint("如：12-1、月底、+10（十天后）；没定就空着"),
    ]
}

/// What was said of an item before somebody found that it is something else.
fn words_of(finding: Option<&Finding>) -> &str {
    match finding {
        Some(Finding::Changed { what, .. } | Finding::Problem { what, .. }) => what,
        Some(Finding::NotLooked { .. } | Finding::AsOnFile) | None => "",
    }
}

/// The reason given for another item of the same visit: who met nobody could look at nothing.
fn last_reason(filled: &FilledForm) -> &str {
    let mut reasons = filled.items.values().filter_map(|answer| match &answer.finding {
        Finding::NotLooked { why } => Some(&**why),
        _ => None,
    });
    reasons.next_back().unwrap_or_default()
}

/// What an answer makes of one row: the change that a slip is for, and the others of the same row.
struct OfRow<'a> {
    own: Option<&'a EditRow>,
    others: Vec<&'a EditRow>,
}

impl<'a> OfRow<'a> {
    fn of(answer: Option<&'a ItemAnswer>, section: Name, row: RowRef, nth: usize) -> Self {
        let edits = answer.map_or(&[][..], |answer| &answer.edits);
        let of_row = edits.iter().filter(|edit| (edit.section, edit.row) == (section, row));
        let (own, others): (Vec<_>, Vec<_>) = of_row.enumerate().partition(|(at, _)| *at == nth);
        Self { own: own.first().map(|(_, edit)| *edit), others: others.into_iter().map(|(_, edit)| edit).collect() }
    }

    /// What its own change says of a field: an outer none where it says nothing.
    fn own(&self, field: Name) -> Option<Option<&'a Value>> {
        self.own.and_then(|edit| said(edit, field))
    }

    /// The same of the other changes, of which the last counts.
    fn beside(&self, field: Name) -> Option<Option<&'a Value>> {
        self.others.iter().rev().find_map(|edit| said(edit, field))
    }

    /// What is told of the item, with the day of this change: a further one has none yet.
    fn as_told(&self, answer: Option<&ItemAnswer>) -> Option<Finding> {
        let mut finding = answer?.finding.clone();
        if let Finding::Changed { since, .. } = &mut finding {
            *since = match self.own {
                Some(own) => answer.and_then(|answer| answer.day_of(own)),
                None => since.filter(|_| answer.is_some_and(|answer| answer.edits.is_empty())),
            };
        }
        Some(finding)
    }
}

fn said(edit: &EditRow, field: Name) -> Option<Option<&Value>> {
    edit.fields.iter().find(|(id, _)| *id == field).map(|(_, new)| new.as_ref())
}

fn row_of(file: &HouseholdFile, section: Name, row: RowRef) -> Option<&Row> {
    match row {
        RowRef::At(row) => file.row(section, row),
        RowRef::New(_) => None,
    }
}

/// The fields of a row as they stand, with what the file says beside those that were changed.
fn row_fields(ground: &Ground<'_>, section: &Section, row: RowRef, edits: &OfRow<'_>) -> Vec<Field> {
    let held = row_of(ground.file, section.id, row);
    let fields = section.fields.iter().map(|field| {
        let old = held.and_then(|row| row.get(field.id));
        let now = edits.own(field.id).or_else(|| edits.beside(field.id)).unwrap_or(old);
        let text = |value: &Value| shown(ground, section, field, value);
        let made = match field.kind {
            FieldKind::Person => Field::one(field.id.as_str(), &field.label, members(ground.file)),
            _ => Field::of_file(field.id.as_str(), field, ground.catalogue),
        };
        let made = if field.kind == FieldKind::Person && section.of_person { made.required() } else { made };
        let made = made.holding(&now.map(text).unwrap_or_default());
        match old {
            Some(old) if Some(old) != now => made.beside(format!("档上 {}", ground.catalogue.show_masked(field, old))),
            _ => made,
        }
    });
    fields.collect()
}

fn shown(ground: &Ground<'_>, section: &Section, field: &crate::catalogue::Field, value: &Value) -> String {
    if field.kind == FieldKind::Person && section.of_person {
        return person_of(ground.file, value).unwrap_or_else(|| ground.catalogue.show(field, value));
    }
    ground.catalogue.show(field, value)
}

fn members(file: &HouseholdFile) -> Vec<Choice> {
    Household::of(file).members().map(|member| Choice::new(member.id.0.to_string(), member.name())).collect()
}

fn person_of(file: &HouseholdFile, id: &Value) -> Option<String> {
    let id = id.as_quantity()?.as_whole()?;
    let member = Household::of(file).everyone().find(|member| i64::from(member.id.0) == id)?;
    Some(member.name().to_owned())
}

/// A row by its section and whose it is.
pub fn row_label(ground: &Ground<'_>, section: &Section, row: RowRef) -> String {
    use crate::catalogue::SectionKind;
    let RowRef::At(row) = row else { return format!("添{}", section.label) };
    let who = match section.kind {
        SectionKind::Household => None,
        SectionKind::Person => person_of(ground.file, &Value::Quantity(Quantity::whole(row.into()))),
        SectionKind::Rows => {
            let row = ground.file.row(section.id, row);
            let words = row.map_or_else(Vec::new, |row| row_in_words(ground, section, row));
            Some(words.join(" "))
        }
    };
    match who {
        Some(who) => format!("{} · {who}", section.label),
        None => section.label.to_string(),
    }
}

/// The first few things that a counted row says.
fn row_in_words(ground: &Ground<'_>, section: &Section, row: &Row) -> Vec<String> {
    let said = section.fields.iter().filter_map(|field| Some((field, row.get(field.id)?)));
    said.map(|(field, value)| shown(ground, section, field, value)).take(4).collect()
}
