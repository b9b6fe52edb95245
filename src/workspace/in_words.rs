//! What an act does, in words: for whoever decides whether to do it, and for whoever looks back.

use crate::catalogue::{Catalogue, SectionKind};
use crate::changes::net::{Line, What};
use crate::changes::{Act, FieldChange};
use crate::domain::field::{jobs, members};
use crate::domain::{HouseholdFile, Slot, Value};

/// What stands for a value that is not there.
pub const UNKNOWN: &str = "未填";

/// Tells the changes of one act as seen from one household's file.
pub struct InWords<'a> {
    /// The definitions of the file.
    pub catalogue: &'a Catalogue,
    /// The household from which one looks.
    pub file: &'a HouseholdFile,
    /// The act.
    pub act: &'a Act,
    /// What another household of the village is called.
    pub household: &'a dyn Fn(u32) -> String,
    /// Whether numbers that say who somebody is are shown whole.
    pub shows_private: bool,
}

/// Whether a slot only says whose its row is, which the row's name says already.
fn is_pointer(slot: Slot) -> bool {
    slot.field == jobs::PERSON
}

/// More fields of one row than this are counted.
const MOST: usize = 5;

impl InWords<'_> {
    /// What the act does, a line a row: `张三：离开日期 2022-11-18，离开原因 去世`.
    pub fn consequences(&self) -> Vec<String> {
        let mut lines: Vec<(u32, String, Vec<String>)> = Vec::new();
        for change in self.act.field_changes() {
            let row = self.row(&change);
            match lines.iter_mut().find(|(household, known, _)| *household == change.household && *known == row) {
                Some((.., fields)) => fields.push(self.change(&change)),
                None => lines.push((change.household, row, vec![self.change(&change)])),
            }
        }
        let lines = lines.into_iter().map(|(household, row, fields)| self.line(household, &row, &fields));
        let lines = lines.chain(self.outdated_in_words());
        if self.act.undoes.is_some() { lines.chain(self.taken_back()).collect() } else { lines.collect() }
    }

    /// What an act tells of earlier days than the file, which stays as it is.
    pub fn outdated_in_words(&self) -> impl Iterator<Item = String> + '_ {
        self.act.outdated.iter().map(|change| {
            let day = change.happened_on.map(|on| on.to_string()).or_else(|| change.seen_on.map(|on| on.to_string()));
            let (told, is) =
                (self.value(change.slot, change.new.as_ref()), self.value(change.slot, change.old.as_ref()));
            let (row, label) = (self.row(change), self.label(change.slot));
            let day = day.unwrap_or_default();
            format!("{row}：{label} {day} 是{told}，后来已改为{is}；留着后来的，早的只进历史")
        })
    }

    /// What goes beside values where an act takes another one back.
    fn taken_back(&self) -> Vec<String> {
        let number = self.act.undoes.unwrap_or_default();
        let mut lines = Vec::new();
        if !self.act.withdrawn.is_empty() {
            lines.push(format!("第{number}号这份表不再算数，历史里留着"));
        }
        let label = |section| self.catalogue.section(section).map_or("", |section| &*section.label);
        let gone: Vec<&str> = self.act.confirms.iter().map(|confirm| label(confirm.section)).collect();
        if !gone.is_empty() {
            lines.push(format!("收回核实：{}", gone.join("、")));
        }
        if !self.act.left_open.is_empty() {
            lines.push(format!("又算没入档：{}处", self.act.left_open.len()));
        }
        lines
    }

    fn line(&self, household: u32, row: &str, fields: &[String]) -> String {
        let own = household == self.file.id.serial;
        let whose = match (own, self.act.opened.iter().any(|opened| opened.household == household)) {
            (true, _) => String::new(),
            (false, true) => "新立一户 ".to_owned(),
            (false, false) => format!("{} ", (self.household)(household)),
        };
        let what = match fields.len() {
            0..=MOST => fields.join("，"),
            many => format!("{} 等{many}项", fields[..MOST - 2].join("，")),
        };
        format!("{whose}{row}：{what}")
    }

    /// Whose or which row a change is about: a member's name, or the section with what tells its rows apart.
    pub fn row(&self, change: &FieldChange) -> String {
        let Slot { section, row, .. } = change.slot;
        let Some(defined) = self.catalogue.section(section) else { return section.to_string() };
        match defined.kind {
            SectionKind::Household => defined.label.to_string(),
            SectionKind::Person if section == members::SECTION => self.name(row),
            SectionKind::Person => format!("{}·{}", self.name(row), defined.label),
            SectionKind::Rows if defined.of_person => {
                let slot = Slot { field: jobs::PERSON, ..change.slot };
                match self.told(change.household, slot).and_then(Value::as_quantity).and_then(|id| id.as_whole()) {
                    Some(id) => format!("{}·{}", self.name(u32::try_from(id).unwrap_or_default()), defined.label),
                    None => format!("{}第{row}条", defined.label),
                }
            }
            SectionKind::Rows => format!("{}第{row}条", defined.label),
        }
    }

    /// The field that changes.
    pub fn label(&self, slot: Slot) -> &str {
        self.catalogue.in_slot(slot).map_or(slot.field.as_str(), |field| &field.label)
    }

    /// One value of a slot.
    pub fn value(&self, slot: Slot, value: Option<&Value>) -> String {
        let Some(value) = value else { return UNKNOWN.to_owned() };
        let is_person = self.catalogue.section(slot.section).is_some_and(|section| section.of_person);
        match (self.catalogue.in_slot(slot), value.as_quantity().and_then(|id| id.as_whole())) {
            (Some(_), Some(id)) if is_person && slot.field == jobs::PERSON => {
                self.name(u32::try_from(id).unwrap_or_default())
            }
            (Some(field), _) if self.shows_private => self.catalogue.show(field, value),
            (Some(field), _) => self.catalogue.show_masked(field, value),
            (None, _) => value.as_text().unwrap_or_default().to_owned(),
        }
    }

    /// What was and what is, such as `联系电话 138****4321→139****0000`.
    fn change(&self, change: &FieldChange) -> String {
        let label = self.label(change.slot);
        match (&change.old, &change.new) {
            (None, new) => format!("{label} {}", self.value(change.slot, new.as_ref())),
            (Some(_), None) => format!("{label} 清空"),
            (old, new) => {
                format!("{label} {}→{}", self.value(change.slot, old.as_ref()), self.value(change.slot, new.as_ref()))
            }
        }
    }

    /// One change of a run: whose or which row, what of it, what was and what is. `first` is the line for which it goes.
    pub fn net(
        &self,
        what: What,
        first: Option<&FieldChange>,
        lines: &[(&Line, FieldChange)],
    ) -> (String, String, String, String) {
        let label = |change: &FieldChange| self.label(change.slot).to_owned();
        let value = |change: &FieldChange, value: &Option<Value>| self.value(change.slot, value.as_ref());
        let told = |(_, change): &(&Line, FieldChange)| format!("{} {}", label(change), value(change, &change.new));
        let all = || -> String {
            let words: Vec<String> = lines.iter().filter(|(_, it)| !is_pointer(it.slot)).map(told).collect();
            match words.len() {
                0..=MOST => words.join("，"),
                many => format!("{} 等{many}项", words[..MOST - 2].join("，")),
            }
        };
        let Some(first) = first.filter(|_| what != What::Opened) else {
            return (String::new(), "新立户档".to_owned(), String::new(), format!("{}项", lines.len()));
        };
        match what {
            What::Added => (self.row(first), "新增".to_owned(), String::new(), all()),
            What::Ended => (self.row(first), "结束".to_owned(), String::new(), all()),
            What::Field | What::Opened => {
                (self.row(first), label(first), value(first, &first.old), value(first, &first.new))
            }
            What::Evidence => {
                let new = match first.evidence.as_deref() {
                    Some(evidence) => format!("{}（只补依据：{evidence}）", value(first, &first.new)),
                    None => format!("{}（撤回依据）", value(first, &first.new)),
                };
                (self.row(first), label(first), value(first, &first.old), new)
            }
        }
    }

    /// What a slot holds, by the act or else by the file.
    fn told(&self, household: u32, slot: Slot) -> Option<&Value> {
        let in_file = || self.file.get(slot).filter(|_| household == self.file.id.serial);
        let changes = || self.act.changes.iter().filter(|change| change.household == household && change.slot == slot);
        let news = changes().find_map(|change| change.new.as_ref());
        news.or_else(in_file).or_else(|| changes().find_map(|change| change.old.as_ref()))
    }

    fn name(&self, person: u32) -> String {
        let slot = Slot { section: members::SECTION, row: person, field: members::NAME };
        let is_name = |change: &&FieldChange| change.slot == slot;
        let in_act = || self.act.changes.iter().find(is_name).and_then(|change| change.new.as_ref());
        let name = self.file.get(slot).or_else(in_act).and_then(Value::as_text);
        name.map_or_else(|| "没有姓名的成员".to_owned(), str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;
    use crate::domain::{HouseholdId, Name, Quantity};
    use chrono::NaiveDate;

    fn slot(path: &str, row: u32) -> Slot {
        let (section, field) = path.split_once('.').unwrap();
        Slot { section: Name::new(section), row, field: Name::new(field) }
    }

    fn change(household: u32, path: &str, row: u32, old: Option<&str>, new: Option<&str>) -> FieldChange {
        let catalogue = Catalogue::load(&Data::embedded()).unwrap();
        let slot = slot(path, row);
        let value = |text: &str| catalogue.read(catalogue.in_slot(slot).unwrap(), text).unwrap().value;
        FieldChange {
            household,
            slot,
            old: old.and_then(value),
            new: new.and_then(value),
            happened_on: None,
            seen_on: None,
            evidence: None,
            item: None,
            evidence_only: false,
        }
    }

    #[test]
    fn what_follows_is_told_by_row_and_for_another_household_in_short() {
        let catalogue = Catalogue::load(&Data::embedded()).unwrap();
        let id = HouseholdId { village: "419999101201".parse().unwrap(), serial: 1 };
        let mut file = HouseholdFile::open(id, NaiveDate::MIN);
        file.change(slot("members.name", 3), |cell| cell.set(Value::text("张小军")));
        file.change(slot("jobs.person", 1), |cell| cell.set(Some(Value::Quantity(Quantity::whole(3)))));
        let at = "2022-11-20T09:00:00+08:00".parse().unwrap();
        let mut act = Act::new(id.village, Name::new("move"), "f1", "李桂枝", Name::new("coordinator"), at);
        act.changes = vec![
            change(1, "members.left_why", 3, None, Some("转入他户")),
            change(1, "members.phone", 3, Some("13812344321"), None),
            change(1, "jobs.to", 1, None, Some("2022-11")),
            change(1, "address.phone", 0, Some("13812344321"), Some("13900001111")),
        ];
        for (field, text) in [
            ("name", "张小军"),
            ("sex", "男"),
            ("education", "初中"),
            ("mandarin", "是"),
            ("phone", "1"),
            ("note", "x"),
        ] {
            act.changes.push(change(2, &format!("members.{field}"), 3, None, Some(text)));
        }
        let in_words = InWords {
            catalogue: &catalogue,
            file: &file,
            act: &act,
            household: &|serial| format!("第{serial}户"),
            shows_private: false,
        };
        assert_eq!(
            in_words.consequences(),
            [
                "张小军：离开原因 转入他户，联系电话 清空",
                "张小军·务工就业：结束时间 2022-11",
                "基本信息：户联系电话 138****4321→139****1111",
                "第2户 张小军：姓名 张小军，性别 男，文化程度 初中 等6项",
            ]
        );
    }
}
