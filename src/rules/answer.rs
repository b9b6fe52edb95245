//! What a visit found, in words: for the screen, for the round sheet, and for next month's look back.

use chrono::Datelike;

use crate::catalogue::print::day_in_words;
use crate::catalogue::{Catalogue, SectionKind};
use crate::domain::field::jobs;
use crate::domain::{EditRow, Finding, ItemAnswer, Name, PartialDate, RowRef, Slot, Value};

use super::{Look, Looked};

/// An answer, such as `变：换了工地（9月起）；认可`.
pub fn in_words(look: Look<'_>, answer: &ItemAnswer) -> String {
    let day = |date: PartialDate| day_in_words(date, look.day.year());
    let found = match &answer.finding {
        Finding::AsOnFile => "与档一致".to_owned(),
        Finding::Changed { what, since } => {
            let since = since.map(|since| format!("（{}起）", day(since))).unwrap_or_default();
            format!("变：{what}{since}")
        }
        Finding::Problem { what, .. } => format!("问题：{what}"),
        Finding::NotLooked { why } => format!("没看到：{why}"),
    };
    match answer.agree {
        Some(true) => format!("{found}；认可"),
        Some(false) => format!("{found}；不认可"),
        None => found,
    }
}

/// What a change did to the file: the life events that were entered for it, and its edits.
pub fn done_in_words(looked: Looked<'_>, answer: &ItemAnswer) -> String {
    let forms = &looked.household.file.forms;
    let events = answer.events.iter().filter_map(|id| forms.iter().find(|form| form.id == *id && !form.withdrawn));
    let events = events.map(|form| {
        let label = looked.look.forms.get(form.name).map_or(form.name.as_str(), |form| &form.label);
        format!("{label}(第{}号)", form.act)
    });
    let since = match &answer.finding {
        Finding::Changed { since, .. } => *since,
        _ => None,
    };
    let edits =
        answer.edits.iter().filter_map(|edit| {
            let words = edit_in_words(looked, edit)?;
            // What is told of the item as a whole is told once, behind all.
            let own = edit.happened_on.filter(|own| Some(*own) != since);
            Some(own.map_or_else(
                || words.clone(),
                |own| format!("{words}（{}起）", day_in_words(own, looked.look.day.year())),
            ))
        });
    let edits = edits.collect::<Vec<_>>().join("；");
    let words: Vec<String> = events.chain((!edits.is_empty()).then_some(edits)).collect();
    words.join("；")
}

/// What edits do, such as `医疗自付支出 800→12000` or `添务工就业 张小军 省外 4500`; private numbers starred out.
pub fn edits_in_words(looked: Looked<'_>, edits: &[EditRow]) -> String {
    let words: Vec<String> = edits.iter().filter_map(|edit| edit_in_words(looked, edit)).collect();
    words.join("；")
}

fn edit_in_words(looked: Looked<'_>, edit: &EditRow) -> Option<String> {
    let catalogue = looked.look.catalogue;
    let file = looked.household.file;
    let section = catalogue.section(edit.section).filter(|_| !edit.fields.is_empty())?;
    let show = |field: Name, value: &Value| match section.field(field) {
        Some(_) if field == jobs::PERSON && section.of_person => person(looked, value),
        Some(defined) => catalogue.show_masked(defined, value),
        None => String::new(),
    };
    let label = |field: Name| section.field(field).map_or(field.as_str(), |field| &field.label);
    let RowRef::At(row) = edit.row else {
        let values: Vec<String> =
            edit.fields.iter().filter_map(|(field, value)| Some(show(*field, value.as_ref()?))).collect();
        return Some(format!("添{} {}", section.label, values.join(" ")));
    };
    let of_row = |field: Name| file.get(Slot { section: section.id, row, field });
    let who = match section.kind {
        SectionKind::Person => member(looked, row),
        SectionKind::Rows if section.of_person => of_row(jobs::PERSON).map(|id| person(looked, id)),
        _ => None,
    };
    let changes = edit.fields.iter().map(|(field, new)| {
        let old = of_row(*field).map(|value| show(*field, value));
        let new = new.as_ref().map_or_else(|| "空".to_owned(), |value| show(*field, value));
        match old {
            Some(old) => format!("{} {old}→{new}", label(*field)),
            None => format!("{} {new}", label(*field)),
        }
    });
    let words: Vec<String> = who.into_iter().chain(changes).collect();
    Some(words.join(" "))
}

fn person(looked: Looked<'_>, id: &Value) -> String {
    let id = id.as_quantity().and_then(|id| id.as_whole()).and_then(|id| u32::try_from(id).ok());
    id.and_then(|id| member(looked, id)).unwrap_or_default()
}

fn member(looked: Looked<'_>, id: u32) -> Option<String> {
    looked.household.everyone().find(|member| member.id.0 == id).map(|member| member.name().to_owned())
}

/// What a slot is called: its section and its field.
pub fn slot_in_words(catalogue: &Catalogue, slot: Slot) -> String {
    let section = catalogue.section(slot.section).map_or(slot.section.as_str(), |section| &section.label);
    let field = catalogue.in_slot(slot).map_or(slot.field.as_str(), |field| &field.label);
    format!("{section}·{field}")
}

#[cfg(test)]
mod tests {
    use super::super::testing::Defs;
    use super::*;

    #[test]
    fn an_answer_is_told_with_its_day_and_the_familys_word() {
        let defs = Defs::shipped();
        let look = defs.on("2022-11-20");
        let words = |finding, agree| in_words(look, &ItemAnswer { agree, ..ItemAnswer::of(finding) });
        assert_eq!(words(Finding::AsOnFile, None), "与档一致");
        assert_eq!(words(Finding::AsOnFile, Some(false)), "与档一致；不认可");
        let changed = Finding::Changed { what: "换了工地".into(), since: "2022-09".parse().ok() };
        assert_eq!(words(changed, Some(true)), "变：换了工地（9月起）；认可");
    }

    #[test]
    fn edits_are_told_with_what_was_there() {
        let defs = Defs::shipped();
        let file = defs.file(
            "members.1.name=张三 members.1.phone=13812344321 members.2.name=张小军 spending.spent_medical=800 \
             jobs.4.person=2 jobs.4.place=省外",
        );
        let looked = defs.on("2022-11-20").at(&file);
        let edit = |section: &str, row, fields: &[(&str, &str)]| {
            let section = Name::new(section);
            let value = |(field, text): &(&str, &str)| {
                let defined = defs.catalogue.field(section, Name::new(field)).unwrap();
                (defined.id, defs.catalogue.read(defined, text).unwrap().value)
            };
            edits_in_words(looked, &[EditRow::of(section, row, fields.iter().map(value).collect())])
        };
        assert_eq!(edit("spending", RowRef::At(0), &[("spent_medical", "12000")]), "医疗自付支出 800→12000");
        assert_eq!(
            edit("members", RowRef::At(1), &[("phone", "13900001111")]),
            "张三 联系电话 138****4321→139****1111"
        );
        assert_eq!(
            edit("jobs", RowRef::At(4), &[("to", "2022-10"), ("place", "")]),
            "张小军 结束时间 2022-10 务工所在地 省外→空"
        );
        assert_eq!(
            edit("jobs", RowRef::New(0), &[("person", "2"), ("monthly_wage", "4500")]),
            "添务工就业 张小军 4500"
        );
    }
}
