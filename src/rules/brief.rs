//! What the file says of one item of the visit, in one line beside the question.

use crate::catalogue::{Field, Section, SectionKind};
use crate::domain::{Member, Name, Value};
use crate::forms::Item;

use super::Looked;

/// The facts that an item asks about, such as `人均纯收入 6480` or `张小军 省外 4200`.
pub fn of(looked: Looked<'_>, item: &Item) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut done: Vec<Name> = Vec::new();
    for path in &item.brief {
        if &**path == "people" {
            parts.push(format!("{}人", looked.household.members().count()));
            continue;
        }
        let Some((section, field)) = looked.look.catalogue.named(path) else { continue };
        match section.kind {
            SectionKind::Household => parts.extend(of_household(looked, section, field)),
            // Fields of the same people or rows are told together.
            _ if done.contains(&section.id) => {}
            SectionKind::Person => {
                done.push(section.id);
                let fields = fields_of(looked, item, section);
                parts.extend(
                    looked.household.members().filter_map(|member| of_member(looked, member, section, &fields)),
                );
            }
            SectionKind::Rows => {
                done.push(section.id);
                parts.extend(of_rows(looked, section, &fields_of(looked, item, section)));
            }
        }
    }
    parts.join("；")
}

fn fields_of<'a>(looked: Looked<'a>, item: &Item, section: &Section) -> Vec<&'a Field> {
    item.brief
        .iter()
        .filter_map(|path| looked.look.catalogue.named(path))
        .filter(|(other, _)| other.id == section.id)
        .map(|(_, field)| field)
        .collect()
}

fn of_household(looked: Looked<'_>, section: &Section, field: &Field) -> Option<String> {
    let (value, computed) = looked.household.shown(section.id, field.id)?;
    let mark = if computed { "（算）" } else { "" };
    Some(format!("{} {}{mark}", field.label, looked.look.catalogue.show_masked(field, &value)))
}

fn of_member(looked: Looked<'_>, member: Member<'_>, section: &Section, fields: &[&Field]) -> Option<String> {
    let row = looked.household.file.row(section.id, member.id.0)?;
    let words = fields.iter().filter_map(|field| {
        let value = row.get(field.id)?;
        let text = looked.look.catalogue.show_masked(field, value);
        // What holds of nearly everybody says nothing.
        (!is_unremarkable(value)).then_some(text)
    });
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| format!("{} {}", member.name(), words.join(" ")))
}

fn is_unremarkable(value: &Value) -> bool {
    let plain = |code: &crate::domain::Code| code.is(Name::fixed("healthy")) || code.is(Name::fixed("none"));
    !value.as_codes().is_empty() && value.as_codes().iter().all(plain)
}

fn of_rows(looked: Looked<'_>, section: &Section, fields: &[&Field]) -> Vec<String> {
    let file = looked.household.file;
    let name_of = |id: i64| {
        let member = looked.household.members().find(|member| i64::from(member.id.0) == id);
        member.map(|member| member.name().to_owned())
    };
    let person = Name::fixed("person");
    let ended = |row: &crate::domain::Row| {
        let to = row.get(Name::fixed("to")).and_then(Value::as_date);
        to.is_some_and(|to| to.latest() < looked.look.day)
    };
    file.rows(section.id)
        .filter(|(_, row)| !ended(row))
        .filter_map(|(_, row)| {
            let who = row.get(person).and_then(Value::as_quantity).and_then(|id| id.as_whole());
            // A row of somebody who has left says nothing of today.
            let who = match who {
                Some(id) if section.of_person => Some(name_of(id)?),
                _ => None,
            };
            let words = fields.iter().filter_map(|field| Some(looked.look.catalogue.show(field, row.get(field.id)?)));
            let words: Vec<String> = who.into_iter().chain(words).collect();
            (!words.is_empty()).then(|| words.join(" "))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::Defs;
    use super::*;

    #[test]
    fn a_line_holds_what_the_question_is_about() {
        let defs = Defs::shipped();
        let file = defs.file(
            "members.1.name=张三 members.1.health=健康 members.2.name=张小军 members.2.health=长期慢性病 \
             income.per_person=6480 jobs.1.person=2 jobs.1.place=省外 jobs.1.monthly_wage=4200 \
             jobs.2.person=1 jobs.2.place=县内 jobs.2.to=2022-05 housing.grade=B",
        );
        let looked = defs.on("2022-11-20").at(&file);
        let visit = defs.forms.visit().unwrap();
        let line = |item: &str| of(looked, visit.item(Name::new(item)).unwrap());
        assert_eq!(line("V01"), "2人");
        assert_eq!(line("V02"), "人均纯收入 6480");
        assert_eq!(line("V04"), "张小军 省外 4200");
        assert_eq!(line("V06"), "张小军 长期慢性病");
        assert_eq!(line("V07"), "危房等级 B级");
        assert_eq!(line("V08"), "");
    }
}
