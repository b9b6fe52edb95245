//! Corrections typed into a file: what is an event of its own goes in as that, the rest as an edit.

use hudang::domain::{Answer, EditRow, FilledForm, HouseholdId, Name, PartialDate, RowRef, Value};
use hudang::workspace::Workspace;

use crate::home::{Home, VILLAGE, file, held};

const FAMILY: &str = "address.group=1组 address.phone=13812344321 members.1.name=张三 members.1.relation=户主 \
     members.2.name=李西 members.2.relation=配偶 members.2.id_number=419999196305020023";

/// An edit of fields, given as `section.row.field=text` the way a person types them.
fn edit(workspace: &mut Workspace, id: &str, happened_on: Option<&str>, fields: &[&str]) -> FilledForm {
    let catalogue = workspace.definitions().catalogue.clone();
    let mut filled = FilledForm::blank(Name::new("edit"), 1, id, 1);
    if let Some(day) = happened_on {
        let date: PartialDate = day.parse().unwrap();
        filled.fields.insert(Name::new("happened_on"), Answer::Value(Value::Date(date)));
    }
    filled.fields.insert(Name::new("evidence"), Answer::Value(Value::text("户口簿").unwrap()));
    for field in fields {
        let (path, text) = field.split_once('=').unwrap();
        let parts: Vec<&str> = path.split('.').collect();
        let (section, row, name) = (Name::new(parts[0]), parts[1].parse().unwrap(), Name::new(parts[2]));
        let value = catalogue.read_typed(catalogue.field(section, name).unwrap(), text).unwrap().value;
        let fields = vec![(name, value)];
        filled.edits.push(EditRow::of(section, RowRef::At(row), fields));
    }
    filled
}

/// The kinds of the acts behind the roster's, oldest first.
fn kinds(workspace: &Workspace) -> Vec<String> {
    let id = HouseholdId { village: VILLAGE.parse().unwrap(), serial: 1 };
    let file = workspace.file(id).unwrap();
    workspace.acts_of(&file).unwrap().iter().skip(1).map(|act| act.kind.to_string()).collect()
}

#[test]
fn a_name_and_a_number_become_events_and_the_rest_an_edit() {
    let home = Home::of("2022-10-08", &[FAMILY]);
    let mut workspace = home.open("2022-11-20");
    let village = VILLAGE.parse().unwrap();
    let fields = [
        "members.2.name=李茜",
        "members.2.id_number=41999919630502004X",
        "members.2.education=初中",
        "address.0.phone=13900001111",
    ];
    // The program was killed when the first of them was in the store.
    let rename = edit(&mut workspace, "e1", Some("2022-11-10"), &fields[..1]);
    assert_eq!(workspace.correct(village, rename).unwrap().unwrap(), [2]);
    let filled = edit(&mut workspace, "e1", Some("2022-11-10"), &fields);
    let numbers = workspace.correct(village, filled.clone()).unwrap();
    let numbers = numbers.unwrap();
    assert_eq!(numbers, [2, 3, 4]);
    let mut told = kinds(&workspace);
    told.sort();
    assert_eq!(told, ["edit", "id_number", "rename"]);
    for (path, text) in [
        ("members.2.name", "李茜"),
        ("members.2.id_number", "41999919630502004X"),
        ("members.2.education", "初中"),
        ("address.phone", "13900001111"),
    ] {
        assert_eq!(held(&workspace, 1, path), text, "{path}");
    }
    // What was taken in before a kill is taken in once.
    assert_eq!(workspace.correct(village, filled).unwrap().unwrap(), numbers);
    assert_eq!(kinds(&workspace).len(), 3);
    let acts = workspace.acts_of(&file(&workspace, 1)).unwrap();
    let day = "2022-11-10".parse().ok();
    assert!(acts.iter().skip(1).flat_map(|act| &act.changes).all(|change| change.happened_on == day));
    assert!(
        acts.iter().skip(1).flat_map(|act| &act.changes).all(|change| change.evidence.as_deref() == Some("户口簿"))
    );
}

#[test]
fn an_event_without_its_day_is_refused_and_nothing_of_the_edit_is_taken_in() {
    let home = Home::of("2022-10-08", &[FAMILY]);
    let mut workspace = home.open("2022-11-20");
    let fields = ["members.2.name=李茜", "members.2.education=初中"];
    for (day, why) in [(None, "不能空"), (Some("2022-12-01"), "还没到")] {
        let filled = edit(&mut workspace, "e1", day, &fields);
        let faults = workspace.correct(VILLAGE.parse().unwrap(), filled).unwrap().unwrap_err();
        assert_eq!(faults[0].field, "happened_on");
        assert!(faults[0].why.contains(why), "{}", faults[0].why);
    }
    assert!(kinds(&workspace).is_empty());
    assert_eq!(held(&workspace, 1, "members.2.education"), "");
}

#[test]
fn what_is_emptied_or_stands_as_it_stood_is_no_event() {
    let home = Home::of("2022-10-08", &[FAMILY]);
    let mut workspace = home.open("2022-11-20");
    let village = VILLAGE.parse().unwrap();
    let filled = edit(&mut workspace, "e1", None, &["members.2.id_number="]);
    assert_eq!(workspace.correct(village, filled).unwrap().unwrap(), [2]);
    assert_eq!(kinds(&workspace), ["edit"]);
    assert_eq!(held(&workspace, 1, "members.2.id_number"), "");
    let mut filled = edit(&mut workspace, "e2", None, &["members.2.name=李西"]);
    filled.fields.remove(&Name::new("evidence"));
    assert!(workspace.correct(village, filled).unwrap().unwrap().is_empty(), "nothing was changed");
    // With a paper it is the paper that is new: an edit, and no event.
    let filled = edit(&mut workspace, "e3", None, &["members.2.name=李西"]);
    assert_eq!(workspace.correct(village, filled).unwrap().unwrap(), [3]);
    assert_eq!(kinds(&workspace), ["edit", "edit"]);
}

#[test]
fn a_head_is_changed_by_the_event_alone() {
    let home = Home::of("2022-10-08", &[FAMILY, "members.3.name=周无户主"]);
    let mut workspace = home.open("2022-11-20");
    let village = VILLAGE.parse().unwrap();
    for field in ["members.1.relation=之父", "members.2.relation=户主", "members.1.relation="] {
        let filled = edit(&mut workspace, "e1", None, &[field]);
        let faults = workspace.correct(village, filled).unwrap().unwrap_err();
        assert!(faults[0].why.contains("更换户主"), "{field}: {}", faults[0].why);
    }
    let filled = edit(&mut workspace, "e1", None, &["members.2.relation=其他"]);
    assert_eq!(workspace.correct(village, filled).unwrap().unwrap().len(), 1);
    // Where nobody is the head yet, a correction makes one.
    let mut filled = edit(&mut workspace, "e2", None, &["members.3.relation=户主"]);
    filled.household = 2;
    assert_eq!(workspace.correct(village, filled).unwrap().unwrap().len(), 1);
    assert_eq!(held(&workspace, 2, "members.3.relation"), "户主");
}

#[test]
fn the_past_of_a_file_tells_every_change_and_what_else_was_done() {
    let home = Home::of("2022-10-08", &[FAMILY]);
    let mut workspace = home.open("2022-11-20");
    let filled = edit(&mut workspace, "e1", Some("2022-11-10"), &["members.2.id_number=41999919630502004X"]);
    workspace.correct(VILLAGE.parse().unwrap(), filled).unwrap().unwrap();
    let id = HouseholdId { village: VILLAGE.parse().unwrap(), serial: 1 };
    workspace.confirm(id, Name::new("water")).unwrap();
    let past = workspace.past_of(&file(&workspace, 1), false).unwrap();
    let told: Vec<String> =
        past.iter().map(|past| format!("{} {} {}→{}", past.kind, past.what, past.old, past.new)).collect();
    assert_eq!(told[..2], ["核实无变 核实 饮水 →", "证件号码 李西 证件号码 4199**********0023→4199**********004X"]);
    assert!(told[2..].iter().all(|line| line.starts_with("导入 国网导出(人户信息) ")), "{told:?}");
    assert_eq!(past[1].evidence.as_deref(), Some("户口簿"));
    assert!(workspace.past_of(&file(&workspace, 1), true).unwrap()[1].old.ends_with("196305020023"));
}
