//! Food and clothing, the three guarantees, and water: assured, a problem, or not known. Unknown is never a no.

use crate::domain::field::{housing, medical, schooling, water};
use crate::domain::{Member, Name, Slot, Value};

use super::{Cell, Writer};

const ASSURED: &str = "有保障";
const PROBLEM: &str = "有问题";

/// More people than this are counted rather than named.
const MOST_NAMES: usize = 4;

/// What the file says of one member.
enum Found {
    Fine,
    Problem(String),
    Unknown,
}

impl Writer<'_> {
    /// What the newest verification form says.
    pub(super) fn food_clothing(&self) -> Cell {
        let said = self.verification.and_then(|form| form.value("food_clothing")).and_then(Value::as_code);
        let list = self.look.catalogue.list(Name::fixed("verdict"));
        match said.zip(list) {
            Some((code, list)) => Cell::known(list.label(code).to_owned()),
            None => Cell::default(),
        }
    }

    /// Whether each child of compulsory age is at school.
    pub(super) fn compulsory(&self) -> Cell {
        let ages = &self.look.policy.people;
        let members: Vec<Member<'_>> = self.household.members().collect();
        let children = members.iter().copied().filter(|member| match member.age_on(self.look.day) {
            Some(age) => (ages.compulsory_from..=ages.compulsory_to).contains(&age),
            // A year of birth alone may still be enough to know.
            None => {
                self.look.school_stage(*member).is_some()
                    || member.birth().is_none_or(|birth| {
                        let oldest = self.look.day.years_since(birth.earliest()).unwrap_or_default();
                        let youngest = self.look.day.years_since(birth.latest()).unwrap_or_default();
                        youngest <= ages.compulsory_to.unsigned_abs() && oldest >= ages.compulsory_from.unsigned_abs()
                    })
            }
        });
        let found: Vec<(Member<'_>, Found)> = children.map(|child| (child, self.at_school(child))).collect();
        if members.is_empty() {
            return Cell::default();
        }
        if found.is_empty() {
            return Cell::known(format!("{ASSURED}：没有义务教育阶段的孩子"));
        }
        summed(&found, "在校")
    }

    fn at_school(&self, child: Member<'_>) -> Found {
        let said = |field| self.show(Slot { section: schooling::SECTION, row: child.id.0, field });
        let out = said(schooling::NOT_IN_SCHOOL_REASON).or_else(|| said(schooling::DROPOUT_REASON));
        match (out, said(schooling::STUDENT_STATE)) {
            (Some(why), _) => Found::Problem(format!("{}未上学（{why}）", child.name())),
            (None, Some(_)) => Found::Fine,
            (None, None) => Found::Unknown,
        }
    }

    /// Whether each member has one of the two basic insurances.
    pub(super) fn medical(&self) -> Cell {
        let found: Vec<(Member<'_>, Found)> =
            self.household.members().map(|member| (member, self.insured(member))).collect();
        if found.is_empty() { Cell::default() } else { summed(&found, "参保") }
    }

    fn insured(&self, member: Member<'_>) -> Found {
        let said = |field| {
            self.file.get(Slot { section: medical::SECTION, row: member.id.0, field }).and_then(Value::as_yes_no)
        };
        match (said(medical::RESIDENT_MEDICAL), said(medical::EMPLOYEE_MEDICAL)) {
            (Some(true), _) | (_, Some(true)) => Found::Fine,
            (Some(false), Some(false)) => Found::Problem(format!("{}未参保", member.name())),
            _ => Found::Unknown,
        }
    }

    /// Whether the house is safe, by the mark, else by its grade.
    pub(super) fn housing(&self) -> Cell {
        let said = |field| self.show(Slot { section: housing::SECTION, row: 0, field });
        let grade = self.file.of_household(housing::SECTION, housing::GRADE).and_then(Value::as_code);
        let grade = grade.and_then(|code| code.id()).map(Name::as_str);
        let dangerous = match (self.household.dangerous_house(), grade) {
            (Some(marked), _) => marked,
            (None, Some("a" | "b")) => false,
            (None, Some("c" | "d")) => true,
            _ => return Cell::default(),
        };
        let house = if dangerous { "危房" } else { "不是危房" };
        let words: Vec<String> =
            [Some(house.to_owned()), said(housing::GRADE), said(housing::FLOOR_AREA)].into_iter().flatten().collect();
        Cell::known(verdict(!dangerous, &words.join("，")))
    }

    /// Whether the water is safe, with the indicators that are known.
    pub(super) fn water(&self) -> Cell {
        let safe = self.file.of_household(water::SECTION, water::SAFE).and_then(Value::as_yes_no);
        let Some(safe) = safe else { return Cell::default() };
        let indicators = [water::AMOUNT, water::QUALITY, water::CONVENIENCE, water::RELIABILITY];
        let words: Vec<String> = indicators
            .into_iter()
            .filter_map(|field| {
                let said = self.show(Slot { section: water::SECTION, row: 0, field })?;
                Some(format!("{}{said}", self.look.catalogue.field(water::SECTION, field)?.label))
            })
            .collect();
        Cell::known(verdict(safe, &words.join("，")))
    }
}

fn verdict(assured: bool, detail: &str) -> String {
    let word = if assured { ASSURED } else { PROBLEM };
    if detail.is_empty() { word.to_owned() } else { format!("{word}：{detail}") }
}

/// All members together: a problem is told whatever else is unknown; what is unknown is told with its names.
fn summed(found: &[(Member<'_>, Found)], word: &str) -> Cell {
    let unknown: Vec<&str> =
        found.iter().filter(|(_, found)| matches!(found, Found::Unknown)).map(|(member, _)| member.name()).collect();
    let problems: Vec<&str> = found
        .iter()
        .filter_map(|(_, found)| if let Found::Problem(what) = found { Some(&**what) } else { None })
        .collect();
    let fine = found.len() - unknown.len() - problems.len();
    if unknown.len() == found.len() {
        return Cell::default();
    }
    let mut words: Vec<String> = (fine > 0).then(|| format!("{fine}人{word}")).into_iter().collect();
    words.extend(problems.iter().map(|what| (*what).to_owned()));
    match unknown.len() {
        0 => {}
        count if count > MOST_NAMES => words.push(format!("{count}人未填")),
        _ => words.push(format!("{}未填", unknown.join("、"))),
    }
    let words = words.join("，");
    match (problems.is_empty(), unknown.is_empty()) {
        (true, true) => Cell::known(verdict(true, &words)),
        (false, true) => Cell::known(verdict(false, &words)),
        (true, false) => Cell::in_part(words),
        (false, false) => Cell::in_part(verdict(false, &words)),
    }
}
