//! What stands in a file, as lines to draw: sections with their age, rows in a line each, and the fields of one row.

use crate::catalogue::print::day_in_words;
use crate::catalogue::{Field, FieldKind, Section, SectionKind};
use crate::domain::field::{jobs, members, tasks};
use crate::domain::{Household, HouseholdFile, Member, Name, PartialDate, Row, Sex, Slot, Value};
use crate::rules::stale::Stale;
use crate::tui::desk::Desk;
use crate::tui::text;
use crate::workspace::conflicts::Corrected;
use crate::workspace::in_words::UNKNOWN;

/// A section in the list at the left.
#[derive(Clone, Debug)]
pub(super) struct SectionLine {
    pub id: Name,
    pub label: String,
    pub kind: SectionKind,
    /// How many rows it has, where it has rows.
    pub count: Option<usize>,
    /// What is to be done about it, a character each.
    pub mark: String,
    /// What day it speaks of.
    pub as_of: String,
    /// Who confirmed it last, and when.
    pub confirmed: String,
    /// Why it is stale, or nearly.
    pub stale: Vec<Stale>,
    /// What a visit was told of it that nobody has put into the file.
    pub told: Vec<String>,
}

/// A row of a section of people or of counted rows.
#[derive(Clone, Debug)]
pub(super) struct RowLine {
    pub row: u32,
    /// Whose it is; blank where it belongs to nobody.
    pub who: String,
    /// What it says.
    pub says: String,
    /// Whether it is over: somebody who left, a task that is settled.
    pub is_over: bool,
}

/// A field of a row.
#[derive(Clone, Debug)]
pub(super) struct FieldLine {
    pub slot: Slot,
    pub label: String,
    /// What the village holds, as it may be seen.
    pub value: String,
    pub unit: String,
    pub is_known: bool,
    /// Why a person should look at it again.
    pub doubt: Option<String>,
    /// What rosters say where a person has to choose, such as `村台账：二组`, and the value itself.
    pub others: Vec<(String, Option<Value>)>,
    /// What the county said when it refused the change that stands here.
    pub refused: Option<String>,
    /// What the county has corrected it to, where the village has not followed yet.
    pub corrected: Option<String>,
    /// Whether the definitions know it, so that it can be typed.
    pub is_defined: bool,
}

/// Reads lines off one file.
pub(super) struct Content<'a> {
    pub desk: &'a Desk,
    pub file: &'a HouseholdFile,
    /// What the county has corrected and the village has not followed.
    pub corrected: &'a [Corrected],
}

impl<'a> Content<'a> {
    fn year(&self) -> i32 {
        PartialDate::from(self.desk.workspace.today()).known_year()
    }

    /// All sections that the definitions have; those that only hold what no definition knows where they hold anything.
    pub fn sections(&self, stale: &[Stale]) -> Vec<SectionLine> {
        let catalogue = &self.desk.workspace.definitions().catalogue;
        let shown = catalogue
            .sections()
            .iter()
            .filter(|section| !section.fields.is_empty() || self.file.rows(section.id).next().is_some());
        shown.map(|section| self.section(section, stale)).collect()
    }

    fn section(&self, section: &Section, stale: &[Stale]) -> SectionLine {
        let stale: Vec<Stale> = stale.iter().filter(|stale| stale.section == section.id).cloned().collect();
        let held = self.file.sections.get(&section.id);
        let year = self.year();
        let confirmed = held.and_then(|held| held.confirmed.as_ref());
        let open = self.file.open_items.iter().filter(|item| item.sections.contains(&section.id));
        let told: Vec<String> = open
            .map(|item| {
                let seen = day_in_words(PartialDate::from(item.seen_on), year);
                let what = if item.what.is_empty() { "有变化" } else { &item.what };
                format!("{seen}走访说：{what}，还没改")
            })
            .collect();
        let has_choice = self.file.beside.iter().any(|slot| slot.section == section.id);
        let mark = match (stale.iter().any(|stale| stale.is_error), stale.is_empty()) {
            (true, _) => "错",
            (false, false) => "提",
            (false, true) if !told.is_empty() => "变",
            (false, true) => "",
        };
        let workspace = &self.desk.workspace;
        let is_refused = workspace.refused_of(self.file.id).any(|refused| refused.change.slot.section == section.id);
        let waits = match (has_choice, is_refused) {
            (true, _) => "选",
            (false, true) => "未",
            (false, false) => "",
        };
        let mark = format!("{mark}{waits}");
        let count = match section.kind {
            SectionKind::Household => None,
            SectionKind::Person if section.id == members::SECTION => Some(Household::of(self.file).members().count()),
            SectionKind::Person => Some(self.rows(section).iter().filter(|row| row.says != UNKNOWN).count()),
            SectionKind::Rows => Some(self.file.rows(section.id).count()),
        };
        SectionLine {
            id: section.id,
            label: section.label.to_string(),
            kind: section.kind,
            count,
            mark,
            as_of: held.and_then(|held| held.as_of).map_or(String::new(), |on| day_in_words(on, year)),
            confirmed: confirmed.map_or_else(
                || "从未核实".to_owned(),
                |confirmed| format!("{} {}核实", day_in_words(PartialDate::from(confirmed.on), year), confirmed.by),
            ),
            stale,
            told,
        }
    }

    /// The rows of a section of people or of counted rows: those who are there first, then who left.
    pub fn rows(&self, section: &Section) -> Vec<RowLine> {
        let household = Household::of(self.file);
        match section.kind {
            SectionKind::Household => Vec::new(),
            SectionKind::Person => {
                let is_shown =
                    |member: &Member<'_>| !member.has_left() || self.file.row(section.id, member.id.0).is_some();
                let mut people: Vec<Member<'_>> = household.everyone().filter(is_shown).collect();
                people.sort_by_key(|member| (member.has_left(), !member.is_head()));
                people.into_iter().map(|member| self.of_person(section, member)).collect()
            }
            SectionKind::Rows => {
                let rows = self.file.rows(section.id);
                rows.map(|(number, row)| RowLine {
                    row: number,
                    who: self.person(row.get(jobs::PERSON)).filter(|_| section.of_person).unwrap_or_default(),
                    says: self.brief(section, Some(row)),
                    is_over: section.id == tasks::SECTION && row.get(tasks::DONE_ON).is_some(),
                })
                .collect()
            }
        }
    }

    fn of_person(&self, section: &Section, member: Member<'_>) -> RowLine {
        let says = if section.id == members::SECTION {
            self.about(section, member)
        } else {
            self.brief(section, self.file.row(section.id, member.id.0))
        };
        let name = member.name();
        let who = if name.is_empty() { "没有姓名".to_owned() } else { name.to_owned() };
        RowLine { row: member.id.0, who, says, is_over: member.has_left() }
    }

    /// A member in a line: relation, sex and age, health, and whether she left.
    fn about(&self, section: &Section, member: Member<'_>) -> String {
        let workspace = &self.desk.workspace;
        let said = |field: Name| {
            let slot = Slot { section: section.id, row: member.id.0, field };
            Some(workspace.definitions().catalogue.show(section.field(field)?, self.file.get(slot)?))
        };
        let sex = member.sex().map(|sex| if sex == Sex::Male { "男" } else { "女" });
        let age = member.ages_on(workspace.today()).filter(|(least, _)| *least >= 0);
        // A column of five: of two possible ages the older one, marked.
        let age = age.map(|(least, most)| if least == most { format!("{most}岁") } else { format!("约{most}") });
        if member.has_left() {
            let left = said(members::LEFT_ON).into_iter().chain(said(members::LEFT_WHY));
            return format!("已离开 {}", left.collect::<Vec<_>>().join(" "));
        }
        let relation = text::left(&workspace.relation_in_words(member), 8);
        let about = format!(
            "{relation} {} {}",
            text::left(sex.unwrap_or_default(), 2),
            text::left(&age.unwrap_or_default(), 5)
        );
        let more: Vec<String> = [said(members::HEALTH), said(members::LABOUR)].into_iter().flatten().collect();
        let says = format!("{about} {}", more.join(" "));
        if says.trim().is_empty() { UNKNOWN.to_owned() } else { says.trim_end().to_owned() }
    }

    /// What a row says, field by field; what only makes sense with its name has it.
    fn brief(&self, section: &Section, row: Option<&Row>) -> String {
        let Some(row) = row else { return UNKNOWN.to_owned() };
        let said = section.fields.iter().filter_map(|field| Some((field, row.get(field.id)?)));
        let said = said.filter(|(field, _)| !(section.of_person && field.id == jobs::PERSON));
        let mut parts = Vec::new();
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for (field, value) in said {
            match (field.kind, value.as_yes_no()) {
                (_, Some(true)) => yes.push(&*field.label),
                (_, Some(false)) => no.push(&*field.label),
                (FieldKind::Text | FieldKind::Code | FieldKind::Codes, _) => parts.push(self.desk.show(field, value)),
                _ => parts.push(format!("{} {}{}", field.label, self.desk.show(field, value), unit(field))),
            }
        }
        for (labels, word) in [(yes, "是"), (no, "否")] {
            if !labels.is_empty() {
                parts.push(format!("{word}：{}", labels.join("、")));
            }
        }
        let loose = row.values().filter(|(id, _)| section.field(*id).is_none());
        parts.extend(loose.map(|(id, value)| format!("{id} {}", value.as_text().unwrap_or_default())));
        if parts.is_empty() { UNKNOWN.to_owned() } else { parts.join(" ") }
    }

    /// The fields of one row: all that the definitions have, and behind them what only the file knows.
    pub fn fields(&self, section: &Section, row: u32) -> Vec<FieldLine> {
        let mut lines: Vec<FieldLine> = section.fields.iter().map(|field| self.field(section, row, field)).collect();
        let loose = self.file.row(section.id, row).into_iter().flat_map(Row::values);
        lines.extend(loose.filter(|(id, _)| section.field(*id).is_none()).map(|(field, value)| FieldLine {
            slot: Slot { section: section.id, row, field },
            label: field.to_string(),
            value: value.as_text().unwrap_or_default().to_owned(),
            unit: String::new(),
            is_known: true,
            doubt: None,
            others: Vec::new(),
            refused: None,
            corrected: None,
            is_defined: false,
        }));
        lines
    }

    fn field(&self, section: &Section, row: u32, field: &Field) -> FieldLine {
        let catalogue = &self.desk.workspace.definitions().catalogue;
        let slot = Slot { section: section.id, row, field: field.id };
        let value = self.file.get(slot);
        let shown = |value: &Value| match field.kind {
            FieldKind::Person => self.person(Some(value)).unwrap_or_else(|| self.desk.show(field, value)),
            _ => self.desk.show(field, value),
        };
        let others = if self.file.beside.contains(&slot) { self.others(slot) } else { Vec::new() };
        let others = others.into_iter().map(|(whose, said)| {
            (format!("{whose}：{}", said.as_ref().map_or_else(|| UNKNOWN.to_owned(), &shown)), said)
        });
        let unusable = matches!(value, Some(Value::Unusable(_)));
        let doubt = match value {
            _ if unusable => Some("这样写的不能用，改成对的".to_owned()),
            Some(value) => catalogue.doubt(field, value).map(|doubt| doubt.to_string()),
            None => None,
        };
        let reckoned = (row == 0).then(|| Household::of(self.file).shown(section.id, field.id)).flatten();
        let reckoned =
            reckoned.filter(|(_, computed)| *computed).map(|(value, _)| format!("算{}", self.desk.show(field, &value)));
        let is_reckoned = reckoned.is_some();
        FieldLine {
            slot,
            label: field.label.to_string(),
            value: match (value.map(shown), reckoned) {
                (Some(typed), Some(reckoned)) => format!("{typed}（{reckoned}）"),
                (typed, reckoned) => typed.or(reckoned).unwrap_or_else(|| UNKNOWN.to_owned()),
            },
            unit: if value.is_some() || is_reckoned { unit(field).to_owned() } else { String::new() },
            is_known: value.is_some(),
            doubt,
            others: others.collect(),
            refused: self.refused(slot),
            corrected: self.corrected.iter().find(|corrected| corrected.slot == slot).map(|corrected| {
                let says = corrected.says.as_ref().map_or_else(|| UNKNOWN.to_owned(), &shown);
                format!("县里已更正为 {says}，村里还没收到")
            }),
            is_defined: true,
        }
    }

    /// That the county refused what stands in a slot, who said so and why.
    fn refused(&self, slot: Slot) -> Option<String> {
        let refused = self.desk.workspace.refused_of(self.file.id).find(|refused| refused.change.slot == slot)?;
        let on = day_in_words(PartialDate::from(refused.on), self.year());
        Some(format!("县里没录（{on} {}）：{}", refused.by, refused.why))
    }

    /// What rosters said otherwise of a slot, by their names.
    fn others(&self, slot: Slot) -> Vec<(String, Option<Value>)> {
        let cell = self.file.row(slot.section, slot.row).and_then(|row| row.cell(slot.field));
        let others = cell.into_iter().flat_map(|cell| &cell.other);
        others
            .map(|(roster, said)| {
                let kind = self.file.rosters.get(usize::from(*roster)).map(|seen| seen.kind);
                (kind.map_or("名册", |kind| self.desk.workspace.roster_in_words(kind)).to_owned(), said.clone())
            })
            .collect()
    }

    fn person(&self, id: Option<&Value>) -> Option<String> {
        let id = id?.as_quantity()?.as_whole()?;
        let member = Household::of(self.file).everyone().find(|member| i64::from(member.id.0) == id)?;
        Some(member.name().to_owned())
    }
}

fn unit(field: &Field) -> &str {
    match (&field.unit, field.kind) {
        (Some(unit), _) => unit,
        (None, FieldKind::Money) => "元",
        (None, _) => "",
    }
}
