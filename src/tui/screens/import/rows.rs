//! The rows of a preview: what moves by household and field, what was not taken, what should be looked at.

use crate::catalogue::Catalogue;
use crate::changes::three_way::Outcome;
use crate::domain::{Slot, Value};
use crate::exchange::roster::Problem;
use crate::tui::text::left;
use crate::workspace::import::ImportReport;
use crate::workspace::import::compare::FieldDetail;
use crate::workspace::import::report::HouseholdDetail;
use crate::workspace::import::tally::Mark;

/// One row, by its place in the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// What the rows below are.
    Part(String),
    Household(usize),
    Person(usize, usize),
    Field(usize, usize),
    /// A household that the files do not name any more, as it is called.
    Gone(String),
    Refused(usize),
    Doubtful(usize),
    Column(usize),
    /// Something to know, as it is told.
    Told(String),
    /// Nothing.
    Blank,
}

/// All rows of a report: what changes first, then what is wrong with the files, then who is new.
pub(super) fn of(report: &ImportReport, gone: Vec<String>) -> Vec<Row> {
    let mut rows = Vec::new();
    let (new, moved): (Vec<usize>, Vec<usize>) =
        (0..report.details.households.len()).partition(|at| report.details.households[*at].mark == Mark::New);
    let what = format!("{}{}{}{}", left("会变的户", 28), left("上次名册", 13), left("这次名册", 13), left("村里", 13));
    part(&mut rows, what.trim_end(), moved, |at| {
        let household = &report.details.households[at];
        let people = (0..household.people.len()).map(move |person| Row::Person(at, person));
        let fields = (0..household.fields.len()).map(move |field| Row::Field(at, field));
        std::iter::once(Row::Household(at)).chain(people).chain(fields)
    });
    let one = std::iter::once::<Row>;
    part(&mut rows, "名册上没有了的户：户档留着，请核对", gone, |household| one(Row::Gone(household)));
    let (refused, doubtful) = (report.problems.refused.len(), report.problems.doubtful.len());
    part(&mut rows, "没有收，或只收一部分", 0..refused, |at| one(Row::Refused(at)));
    part(&mut rows, "收了，请核对", 0..doubtful, |at| one(Row::Doubtful(at)));
    part(&mut rows, "没有收的文件", &report.passed_over, |(file, why)| one(Row::Told(format!("{file}：{why}"))));
    part(
        &mut rows,
        "同一种的表有几张，都读了；只要一张的，先删去别的再导入",
        report.several(),
        |read| {
            let sheet = read.sheet.as_deref().unwrap_or_default();
            one(Row::Told(format!("“{sheet}”表：第{}行表头，{}行", read.header_row, read.rows)))
        },
    );
    let columns = 0..report.unknown_columns.len();
    part(&mut rows, "不认识的列：照原样留着", columns, |at| one(Row::Column(at)));
    part(&mut rows, "新增的户", new, |at| one(Row::Household(at)));
    rows
}

fn part<T, R: Iterator<Item = Row>>(
    rows: &mut Vec<Row>,
    says: &str,
    all: impl IntoIterator<Item = T>,
    each: impl Fn(T) -> R,
) {
    let mut made: Vec<Row> = all.into_iter().flat_map(each).collect();
    if made.is_empty() {
        return;
    }
    if !rows.is_empty() {
        rows.push(Row::Blank);
    }
    rows.push(Row::Part(says.to_owned()));
    rows.append(&mut made);
}

/// How rows are told.
pub(super) struct Telling<'a> {
    pub report: &'a ImportReport,
    pub catalogue: &'a Catalogue,
    pub shows_private: bool,
}

impl Telling<'_> {
    /// The row in columns.
    pub fn line(&self, row: &Row) -> String {
        match row {
            Row::Part(says) => says.clone(),
            Row::Household(at) => self.with_household(*at, |household| {
                let mark = mark(household.mark);
                format!("{}{}{mark}", left(&household.head, 12), left(&household.number, 24))
            }),
            Row::Person(at, person) => self.with_household(*at, |household| {
                let news = household.people.get(*person);
                news.map_or(String::new(), |news| format!("  {}{}", left(&news.name, 10), mark(news.mark)))
            }),
            Row::Field(at, field) => self.with_household(*at, |household| {
                household.fields.get(*field).map_or(String::new(), |field| self.field(field))
            }),
            Row::Gone(household) => household.clone(),
            Row::Refused(at) => self.report.problems.refused.get(*at).map_or(String::new(), problem),
            Row::Doubtful(at) => self.report.problems.doubtful.get(*at).map_or(String::new(), problem),
            Row::Column(at) => self.report.unknown_columns.get(*at).map_or(String::new(), |name| {
                let near = self.report.near_columns.get(name);
                near.map_or_else(|| name.to_string(), |near| format!("{name}（是不是“{near}”？）"))
            }),
            Row::Told(line) => line.clone(),
            Row::Blank => String::new(),
        }
    }

    /// The row in full.
    pub fn in_full(&self, row: &Row) -> String {
        match row {
            Row::Field(at, field) => self.with_household(*at, |household| {
                let Some(detail) = household.fields.get(*field) else { return String::new() };
                let whose = detail.person.as_deref().unwrap_or(&household.head);
                let [said, says, held] = self.values(detail);
                let what = match &detail.outcome {
                    Outcome::Take => "照名册改。",
                    Outcome::Beside => "两边都变了：村里的留着，名册的放在旁边，收下后在户档里选定。",
                    Outcome::Note | Outcome::Nothing => "村里的留着，名册说的记下。",
                };
                let label = self.label(detail.slot);
                format!("{whose}的{label}：上次名册 {said}，这次名册 {says}，村里 {held}。{what}")
            }),
            Row::Refused(at) => self.report.problems.refused.get(*at).map_or(String::new(), problem_in_full),
            Row::Doubtful(at) => self.report.problems.doubtful.get(*at).map_or(String::new(), problem_in_full),
            Row::Part(_) | Row::Blank => String::new(),
            row => self.line(row),
        }
    }

    fn with_household(&self, at: usize, tell: impl Fn(&HouseholdDetail) -> String) -> String {
        self.report.details.households.get(at).map_or(String::new(), tell)
    }

    fn field(&self, detail: &FieldDetail) -> String {
        let whose = left(detail.person.as_deref().unwrap_or_default(), 8);
        let label = self.catalogue.in_slot(detail.slot).map_or(detail.slot.field.as_str(), |field| &field.label);
        let [said, says, held] = self.values(detail).map(|value| left(&value, 12));
        let outcome = match &detail.outcome {
            Outcome::Take => "照名册改",
            Outcome::Beside => "待选",
            Outcome::Note | Outcome::Nothing => "村里的留着",
        };
        format!("  {whose} {} {said} {says} {held} {outcome}", left(label, 16))
    }

    fn label(&self, slot: Slot) -> String {
        let section = self.catalogue.section(slot.section).map_or("", |section| &section.label);
        let field = self.catalogue.in_slot(slot).map_or(slot.field.as_str(), |field| &field.label);
        format!("{section}·{field}")
    }

    /// What the roster said last, what it says now, what the village holds.
    fn values(&self, detail: &FieldDetail) -> [String; 3] {
        let said = match &detail.said_last {
            Some(said) => self.value(detail.slot, said.as_ref()),
            None => "—".to_owned(),
        };
        [said, self.value(detail.slot, detail.says.as_ref()), self.value(detail.slot, detail.held.as_ref())]
    }

    fn value(&self, slot: Slot, value: Option<&Value>) -> String {
        match (self.catalogue.in_slot(slot), value) {
            (_, None) => "空".to_owned(),
            (Some(field), Some(value)) if self.shows_private => self.catalogue.show(field, value),
            (Some(field), Some(value)) => self.catalogue.show_masked(field, value),
            (None, Some(value)) => value.as_text().unwrap_or_default().to_owned(),
        }
    }
}

const fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::New => "新增",
        Mark::Changed => "有变",
        Mark::Promoted => "纳入国网",
        Mark::Absent => "名册上没有了",
        Mark::Unchanged | Mark::Unnamed => "不变",
    }
}

fn problem(problem: &Problem) -> String {
    let row = format!("第{}行", problem.row);
    format!("{}{}{} {}", left(&row, 9), left(problem.column.as_str(), 17), left(&problem.value, 18), problem.why)
}

fn problem_in_full(problem: &Problem) -> String {
    let sheet = problem.sheet.as_deref().map_or(String::new(), |sheet| format!("，表“{sheet}”"));
    let value = if problem.value.is_empty() { String::new() } else { format!("“{}”", problem.value) };
    let file = std::path::Path::new(&*problem.file).file_name().map(|name| name.to_string_lossy().into_owned());
    let file = file.unwrap_or_else(|| problem.file.to_string());
    let column =
        if problem.column.as_str().is_empty() { String::new() } else { format!("“{}”列", problem.column) };
    format!("{file}{sheet}，第{}行{column}{value}：{}。", problem.row, problem.why)
}
