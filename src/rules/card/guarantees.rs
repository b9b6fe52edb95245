//! Food and clothing, the three guarantees, and water: assured, a problem, or not known. Unknown is never a no.

use crate::domain::field::{housing, medical, schooling, water};
use crate::domain::{Member, Name, Slot, Value};

use super::super::guarantees::{self, House, Schooling, Verdict};
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
        let mut found: Vec<(Member<'_>, Found)> = Vec::new();
        let mut is_anybody = false;
        for member in self.household.members() {
            is_anybody = true;
            let row = self.file.row(schooling::SECTION, member.id.0);
            match guarantees::schooling(self.look, member, row) {
                Schooling::NotOfAge => {}
                Schooling::Assured => found.push((member, Found::Fine)),
                Schooling::Out => found.push((member, Found::Problem(self.out_of_school(member)))),
                Schooling::Unknown => found.push((member, Found::Unknown)),
            }
        }
        if !is_anybody {
            return Cell::default();
        }
        if found.is_empty() {
            return Cell::known(format!("{ASSURED}：没有义务教育阶段的孩子"));
        }
        summed(&found, "在校")
    }

    fn out_of_school(&self, child: Member<'_>) -> String {
        let said = |field| self.show(Slot { section: schooling::SECTION, row: child.id.0, field });
        let why = said(schooling::NOT_IN_SCHOOL_REASON).or_else(|| said(schooling::DROPOUT_REASON));
        format!("{}未上学{}", child.name(), why.map_or_else(String::new, |why| format!("（{why}）")))
    }

    /// Whether each member has one of the two basic insurances.
    pub(super) fn medical(&self) -> Cell {
        let insured = |member: Member<'_>| match guarantees::insured(self.file.row(medical::SECTION, member.id.0)) {
            Some(true) => Found::Fine,
            Some(false) => Found::Problem(format!("{}未参保", member.name())),
            None => Found::Unknown,
        };
        let found: Vec<(Member<'_>, Found)> =
            self.household.members().map(|member| (member, insured(member))).collect();
        if found.is_empty() { Cell::default() } else { summed(&found, "参保") }
    }

    /// Whether the house is safe, with its grade and its size.
    pub(super) fn housing(&self) -> Cell {
        let said = |field| self.show(Slot { section: housing::SECTION, row: 0, field });
        let house = guarantees::house(self.household);
        let words = match house {
            House::Safe => "不是危房",
            House::Empty => "危房空置，不住人",
            House::Dangerous => "住危房",
            House::Temporary => "过渡房不安全",
            House::Unknown => return Cell::default(),
        };
        let words: Vec<String> =
            [Some(words.to_owned()), said(housing::GRADE), said(housing::FLOOR_AREA)].into_iter().flatten().collect();
        Cell::known(verdict(house.verdict() == Verdict::Assured, &words.join("，")))
    }

    /// Whether the water is safe, with the indicators that are known.
    pub(super) fn water(&self) -> Cell {
        let found = guarantees::water(self.household);
        if found == Verdict::Unknown {
            return Cell::default();
        }
        let words: Vec<String> = guarantees::OF_WATER
            .into_iter()
            .filter_map(|field| {
                let said = self.show(Slot { section: water::SECTION, row: 0, field })?;
                Some(format!("{}{said}", self.look.catalogue.field(water::SECTION, field)?.label))
            })
            .collect();
        Cell::known(verdict(found == Verdict::Assured, &words.join("，")))
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
