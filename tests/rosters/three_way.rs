//! A second import: what the roster said last, what it says now, and what the village holds.

use hudang::changes::three_way::Outcome;
use hudang::domain::{Household, HouseholdFile, Money, Name, Quantity, Slot, Value};
use hudang::workspace::import::report::PersonNews;
use hudang::workspace::import::tally::Mark;

use super::{CODE, Clerk, member, places, slot, village};
use crate::village::sheets::{Cell, Sheet};
use crate::village::write;

fn number(sheet: &mut Sheet, row: usize) -> String {
    match sheet.cell(row, "户编号") {
        Cell::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    }
}

/// Says something in a column on all rows of the first row's household.
fn say(sheet: &mut Sheet, column: &str, text: &str) {
    let first = number(sheet, 0);
    for row in 0..sheet.rows.len() {
        if number(sheet, row) == first {
            sheet.set(row, column, text);
        }
    }
}

fn phone() -> Slot {
    slot("address.phone", 0)
}

fn text(text: &str) -> Option<Value> {
    Value::text(text)
}

/// What becomes of the household's phone: what the roster says first, what the village makes of it, what it says then.
fn phone_after(first: &str, village_holds: Option<Option<&str>>, then: &str) -> (Option<Value>, bool, u64) {
    let (_, mut sheet, ..) = village(3, 0);
    say(&mut sheet, "户联系电话", first);
    let clerk = Clerk::of(CODE);
    let number = number(&mut sheet, 0);
    clerk.import(&[clerk.workbook("a.xlsx", std::slice::from_ref(&sheet))]);
    if let Some(held) = village_holds {
        clerk.edit(&number, phone(), held.and_then(Value::text));
    }
    say(&mut sheet, "户联系电话", then);
    let files = [clerk.workbook("b.xlsx", &[sheet])];
    clerk.import(&files);
    let file = clerk.household(&number);
    let settled = clerk.import(&files);
    assert_eq!(settled.acts, 0, "the same file again moves nothing");
    (file.get(phone()).cloned(), file.beside.contains(&phone()), settled.households.changed)
}

#[test]
fn nothing_that_a_person_entered_is_overwritten() {
    let (a, b, c) = ("13800000001", "13800000002", "13800000003");
    // Only the county moved.
    assert_eq!(phone_after(a, None, b), (text(b), false, 0));
    // Only the village moved.
    assert_eq!(phone_after(a, Some(Some(b)), a), (text(b), false, 0));
    // Both moved: a person chooses.
    assert_eq!(phone_after(a, Some(Some(b)), c), (text(b), true, 0));
    // Both moved to the same.
    assert_eq!(phone_after(a, Some(Some(b)), b), (text(b), false, 0));
    // The county emptied it: nothing is taken away.
    assert_eq!(phone_after(a, None, ""), (text(a), true, 0));
    // The village emptied it, the county has not moved.
    assert_eq!(phone_after(a, Some(None), a), (None, false, 0));
    // The county says something for the first time.
    assert_eq!(phone_after("", None, a), (text(a), false, 0));
    assert_eq!(phone_after("", Some(Some(b)), a), (text(b), true, 0));
}

#[test]
fn a_dry_run_shows_the_three_values_and_changes_nothing() {
    let (_, mut sheet, ..) = village(5, 0);
    let clerk = Clerk::of(CODE);
    let number = number(&mut sheet, 0);
    clerk.import(&[clerk.workbook("a.xlsx", std::slice::from_ref(&sheet))]);
    let last = clerk.household(&number).get(phone()).cloned();
    clerk.edit(&number, phone(), text("13800000002"));
    say(&mut sheet, "户联系电话", "13800000003");
    say(&mut sheet, "住房面积", "77");
    let before = clerk.files();
    let report = clerk.dry_run(&[clerk.workbook("b.xlsx", &[sheet])]);
    assert_eq!(clerk.files(), before);
    assert_eq!((report.households.changed, report.households.unchanged), (1, 4));
    let [household] = &report.details.households[..] else { panic!("{:?}", report.details) };
    assert_eq!((household.number.as_str(), household.mark), (number.as_str(), Mark::Changed));
    let area = before[&number].get(slot("housing.floor_area", 0)).cloned();
    let seventy_seven = Some(Value::Quantity(Quantity::whole(77)));
    let shown: Vec<_> = household
        .fields
        .iter()
        .map(|field| {
            (field.slot, field.said_last.clone(), field.says.clone(), field.held.clone(), field.outcome.clone())
        })
        .collect();
    assert_eq!(
        shown,
        [
            (phone(), Some(last), text("13800000003"), text("13800000002"), Outcome::Beside),
            (slot("housing.floor_area", 0), Some(area.clone()), seventy_seven, area, Outcome::Take),
        ]
    );
}

#[test]
fn who_is_new_and_who_is_gone() {
    let (village, mut sheet, ..) = village(8, 0);
    let clerk = Clerk::of(CODE);
    clerk.import(&[clerk.workbook("a.xlsx", std::slice::from_ref(&sheet))]);
    let grown = village.national().find(|household| household.people.len() >= 3).unwrap();
    let numbered = grown.number.clone().unwrap();
    let rows: Vec<usize> = (0..sheet.rows.len()).filter(|row| number(&mut sheet, *row) == numbered).collect();
    let last = *rows.last().unwrap();
    let gone = grown.people.last().unwrap().name.clone();
    let mut born = sheet.rows[last].clone();
    for (column, text) in
        [("人编号", "419999101201999999"), ("姓名", "小新"), ("证件号码", ""), ("出生日期", "20221101")]
    {
        born[sheet.column(column)] = text.into();
    }
    sheet.rows[last] = born;
    let file = [clerk.workbook("b.xlsx", &[sheet])];
    let report = clerk.import(&file);
    assert_eq!((report.households.changed, report.households.unchanged), (1, 7));
    assert_eq!((report.people.new, report.people.absent), (1, 1));
    assert_eq!(report.people.unchanged, village.people() as u64 - 1);
    let news = |name: &str, mark| PersonNews { name: name.into(), mark };
    assert_eq!(report.details.households[0].people, [news("小新", Mark::New), news(&gone, Mark::Absent)]);
    let on_file = clerk.household(&numbered);
    assert_eq!(Household::of(&on_file).members().count(), grown.people.len() + 1, "nobody is removed");

    let again = clerk.import(&file);
    assert_eq!((again.acts, again.households.changed, again.people.absent), (0, 0, 1));
    // Once the village has recorded it, nobody is missed.
    let row = member(&on_file, &gone).id.0;
    clerk.edit(&numbered, slot("members.left_why", row), Some(Value::code(Name::new("death"))));
    assert_eq!(clerk.import(&file).people.absent, 0);
}

#[test]
fn a_household_that_the_file_lacks_is_counted_and_kept() {
    let (_, mut sheet, ..) = village(6, 3);
    let clerk = Clerk::of(CODE);
    clerk.import(&[clerk.workbook("a.xlsx", std::slice::from_ref(&sheet))]);
    let first = number(&mut sheet, 0);
    let column = sheet.column("户编号");
    sheet.rows.retain(|row| row[column] != Cell::Text(first.clone()));
    let report = clerk.import(&[clerk.workbook("b.xlsx", &[sheet])]);
    assert_eq!((report.households.absent, report.households.unchanged), (1, 5));
    assert_eq!(clerk.files().len(), 6);
}

#[test]
fn a_household_of_the_ledger_is_promoted_with_its_people() {
    let (village, mut national, _, ledger) = village(5, 6);
    let clerk = Clerk::of(CODE);
    let path = clerk.path("台账.csv");
    write::csv_gb18030(&path, &ledger);
    clerk.import(&[clerk.workbook("a.xlsx", std::slice::from_ref(&national)), path.clone()]);
    let family = village.ledger().find(|household| household.people.len() >= 2).unwrap();
    let was = clerk.files().into_iter().find(|(_, file)| {
        Household::of(file).members().any(|member| member.id_number_text() == Some(&family.head().id_number))
    });
    let (local, was) = was.unwrap();
    let taken_in = format!("{CODE}0099");
    for (nth, person) in family.people.iter().enumerate() {
        let mut row = national.rows[0].clone();
        let cells = [
            ("户编号", taken_in.clone()),
            ("人编号", format!("{taken_in}{:02}", nth + 1)),
            ("姓名", person.name.clone()),
            ("证件号码", person.id_number.clone()),
            ("性别", if person.male { "男" } else { "女" }.to_owned()),
            ("出生日期", person.birth.format("%Y%m%d").to_string()),
            ("与户主关系", person.relation.to_owned()),
            ("户类型", "一般农户".to_owned()),
            ("监测对象类别", "突发严重困难户".to_owned()),
        ];
        for (column, text) in cells {
            row[national.column(column)] = text.into();
        }
        national.rows.push(row);
    }
    let files = [clerk.workbook("b.xlsx", &[national])];
    let dry = clerk.dry_run(&files);
    let report = clerk.import(&files);
    assert_eq!(dry.households, report.households);
    assert_eq!((report.households.promoted, report.households.new, report.households.changed), (1, 0, 0));
    assert_eq!((report.people.promoted, report.people.new), (family.people.len() as u64, 0));
    assert_eq!(report.households.unchanged, 5);
    let now = clerk.household(&taken_in);
    assert_eq!(now.id, was.id, "{local} answers to both");
    assert_eq!(Household::of(&now).members().count(), family.people.len());
    assert!(Household::of(&now).target().is_some());
    assert!(
        now.beside.is_empty(),
        "what only the ledger said, or nobody, is taken over without asking: {:?}",
        now.beside
    );
    // The clerk's ledger still lists the family: it is found again, and takes nothing back.
    let later = clerk.import(&[path]);
    assert_eq!((later.acts, later.households.unchanged, later.households.new), (0, 6, 0));
    assert_eq!(clerk.household(&taken_in), now);
}

#[test]
fn a_ledger_is_noted_beside_the_county_without_asking() {
    let (village, national, ..) = village(4, 0);
    // The clerk's ledger lists the families of the national system too, with other incomes.
    let mut everybody = village.clone();
    everybody.households.iter_mut().for_each(|household| household.number = None);
    let ledger = crate::village::sheets::ledger(&everybody);
    let clerk = Clerk::of(CODE);
    clerk.import(&[clerk.workbook("a.xlsx", &[national])]);
    let before = clerk.files();
    let path = clerk.path("台账.csv");
    write::csv_gb18030(&path, &ledger);
    let report = clerk.import(std::slice::from_ref(&path));
    assert_eq!((report.households.new, report.households.unchanged + report.households.changed), (0, 4));
    for (number, file) in clerk.files() {
        let household = Household::of(&file);
        assert_eq!(household.class(), Household::of(&before[&number]).class());
        assert_eq!(household.income(), Household::of(&before[&number]).income());
        assert!(file.beside.is_empty());
    }
    assert_eq!(clerk.import(&[path]).acts, 0);
}

#[test]
fn files_of_one_command_build_on_each_other_whatever_their_order() {
    let (_, national, jobs, ledger) = village(20, 20);
    let write = |clerk: &Clerk| {
        let path = clerk.path("台账.csv");
        write::csv_gb18030(&path, &ledger);
        [
            clerk.workbook("务工.xlsx", std::slice::from_ref(&jobs)),
            path,
            clerk.workbook("国网.xlsx", std::slice::from_ref(&national)),
        ]
    };
    let together = Clerk::of(CODE);
    let files = write(&together);
    let dry = together.dry_run(&files);
    assert_eq!(together.files().len(), 0);
    let report = together.import(&files);
    assert_eq!((dry.households, dry.people, dry.acts), (report.households, report.people, report.acts));
    let apart = Clerk::of(CODE);
    let files = write(&apart);
    for at in [2, 1, 0] {
        apart.import(std::slice::from_ref(&files[at]));
    }
    assert_eq!(together.files(), apart.files());
    assert_eq!(places(&report.problems.refused), []);
}

#[test]
fn two_exports_of_the_same_households_fill_one_file_each() {
    let (village, national, ..) = village(10, 0);
    // The clerk picked other columns the second time.
    let keys = ["户编号", "人编号", "姓名", "证件号码", "与户主关系"];
    let (mut one, mut other) = (national.clone(), national.clone());
    for name in &national.header.clone()[..national.header.len() - 1] {
        if !keys.contains(&name.as_str()) && one.header.iter().filter(|other| *other == name).count() == 1 {
            if name.contains("收入") { one.drop_column(name) } else { other.drop_column(name) }
        }
    }
    let clerk = Clerk::of(CODE);
    let files = [clerk.workbook("a.xlsx", &[one]), clerk.workbook("b.xlsx", &[other])];
    let report = clerk.import(&files);
    assert_eq!((report.households.new, report.people.new), (10, village.people() as u64));
    assert_eq!((report.households.absent, report.people.absent), (0, 0));
    let whole = Clerk::of(CODE);
    whole.import(&[whole.workbook("a.xlsx", &[national])]);
    let values = |file: &HouseholdFile| {
        let cells = file.sections.iter().flat_map(|(section, s)| {
            s.rows.iter().flat_map(move |(row, r)| r.values().map(move |(field, v)| (*section, *row, field, v.clone())))
        });
        cells.collect::<Vec<_>>()
    };
    let (split, whole) = (clerk.files(), whole.files());
    assert!(split.iter().all(|(number, file)| values(file) == values(&whole[number])));
    assert_eq!(clerk.import(&files).acts, 0);
}

#[test]
fn an_id_number_that_was_put_right_takes_along_what_was_derived_from_it() {
    let (village, _, _, mut ledger) = village(0, 3);
    let clerk = Clerk::of(CODE);
    let write = |name: &str, ledger: &Sheet| clerk.file(name, write::csv_text(ledger).as_bytes());
    clerk.import(&[write("a.csv", &ledger)]);
    let person = &village.households[0].people[0];
    let birth = person.birth.pred_opt().unwrap();
    ledger.set(0, "身份证号码", &crate::village::id_number(birth, person.male, 3));
    let report = clerk.import(&[write("b.csv", &ledger)]);
    assert_eq!((report.people.changed, report.people.new), (1, 0), "still the same person, by her name");
    let file = clerk.household(&format!("{CODE}V0001"));
    assert_eq!(member(&file, &person.name).birth().unwrap().as_day(), Some(birth));
}

#[test]
fn a_spoiled_id_number_never_replaces_a_good_one() {
    let (village, mut sheet, ..) = village(3, 0);
    let clerk = Clerk::of(CODE);
    clerk.import(&[clerk.workbook("a.xlsx", std::slice::from_ref(&sheet))]);
    *sheet.cell(0, "证件号码") = Cell::Number(4.199_991_980_042_68e17);
    let files = [clerk.workbook("b.xlsx", &[sheet])];
    clerk.import(&files);
    let household = village.national().next().unwrap();
    let file = clerk.household(household.number.as_deref().unwrap());
    let person = &household.people[0];
    assert_eq!(member(&file, &person.name).id_number_text(), Some(person.id_number.as_str()));
    assert_eq!(clerk.import(&files).acts, 0);
}

#[test]
fn measures_are_rows_told_by_kind_and_content() {
    let (_, mut sheet, ..) = village(3, 0);
    let clerk = Clerk::of(CODE);
    let number = number(&mut sheet, 0);
    for column in ["就业帮扶", "健康帮扶", "综合保障"] {
        say(&mut sheet, column, "");
    }
    say(&mut sheet, "产业帮扶", "光伏分红、肉牛养殖");
    clerk.import(&[clerk.workbook("a.xlsx", std::slice::from_ref(&sheet))]);
    let listed = |clerk: &Clerk| {
        let file = clerk.household(&number);
        let text = |row: &hudang::domain::Row, field: &str| {
            row.get(Name::new(field)).and_then(Value::as_text).unwrap_or_default().to_owned()
        };
        let rows: Vec<String> = file.rows(Name::new("measures")).map(|(_, row)| text(row, "what")).collect();
        (rows, file.beside.clone())
    };
    assert_eq!(listed(&clerk), (vec!["光伏分红".to_owned(), "肉牛养殖".to_owned()], vec![]));
    // The village adds the amount of one; the county lists another one more, and the first no more.
    clerk.edit(&number, slot("measures.amount", 2), Some(Value::Fen(Money::yuan(3000))));
    say(&mut sheet, "产业帮扶", "肉牛养殖,小额信贷贴息");
    let files = [clerk.workbook("b.xlsx", &[sheet])];
    clerk.import(&files);
    let (rows, beside) = listed(&clerk);
    assert_eq!(rows, ["光伏分红", "肉牛养殖", "小额信贷贴息"]);
    assert_eq!(beside, [slot("measures.what", 1)], "what the county lists no more stays, and a person is told");
    let amount = clerk.household(&number).get(slot("measures.amount", 2)).cloned();
    assert_eq!(amount, Some(Value::Fen(Money::yuan(3000))));
    assert_eq!(clerk.import(&files).acts, 0);
}

#[test]
fn jobs_are_told_by_their_person_and_beginning() {
    let (village, national, mut jobs, _) = village(10, 0);
    let clerk = Clerk::of(CODE);
    let household = village.national().find(|h| h.people.iter().any(|p| p.job.is_some())).unwrap();
    let person = household.people.iter().find(|person| person.job.is_some()).unwrap();
    let at =
        (0..jobs.rows.len()).find(|row| *jobs.cell(*row, "证件号码") == Cell::from(person.id_number.as_str())).unwrap();
    jobs.set(at, "开始时间", "2022年02月");
    clerk.import(&[clerk.workbook("a.xlsx", &[national]), clerk.workbook("j.xlsx", std::slice::from_ref(&jobs))]);
    let of_person = |clerk: &Clerk| {
        let file = clerk.household(household.number.as_deref().unwrap());
        let id = Value::Quantity(Quantity::whole(member(&file, &person.name).id.0.into()));
        let rows = file.rows(Name::new("jobs")).filter(|(_, row)| row.get(Name::new("person")) == Some(&id));
        let wage =
            |row: &hudang::domain::Row| row.get(Name::new("monthly_wage")).and_then(Value::as_money).map(|m| m.0 / 100);
        rows.map(|(number, row)| (number, wage(row))).collect::<Vec<_>>()
    };
    let first = of_person(&clerk);
    assert_eq!(first.len(), 1);
    // The same job with another wage, and a second one by somebody whose ID number lost its digits.
    jobs.set(at, "务工月收入", "6500");
    let mut second = jobs.rows[at].clone();
    second[jobs.column("开始时间")] = "2022-09".into();
    second[jobs.column("务工月收入")] = "7000".into();
    second[jobs.column("证件号码")] = "4.19999E+17".into();
    jobs.rows.insert(at, second);
    let report = clerk.import(&[clerk.workbook("k.xlsx", std::slice::from_ref(&jobs))]);
    assert_eq!((report.households.changed, report.people.changed), (1, 1));
    assert_eq!(
        of_person(&clerk),
        [
            (first[0].0, Some(6500)),
            (first[0].0 + household.people.iter().filter(|p| p.job.is_some()).count() as u32, Some(7000))
        ]
    );

    let mut stray = jobs.rows[at].clone();
    stray[jobs.column("户编号")] = "4199991012018888".into();
    jobs.rows.push(stray.clone());
    stray[jobs.column("户编号")] = household.number.clone().unwrap().into();
    stray[jobs.column("姓名")] = "查无此人".into();
    jobs.rows.push(stray);
    let report = clerk.import(&[clerk.workbook("l.xlsx", std::slice::from_ref(&jobs))]);
    let last = jobs.number(jobs.rows.len() - 1);
    let wrong: Vec<_> = places(&report.problems.refused).into_iter().filter(|(row, _, _)| *row >= last - 1).collect();
    assert_eq!(
        wrong,
        [
            (last - 1, "证件号码", "号码末几位已丢失（表格软件按数字存过），请把该列设为文本后重新导出".to_owned()),
            (last - 1, "姓名", "本库没有这一户，务工未收（请先导入人户信息）".to_owned()),
            (last, "证件号码", "号码末几位已丢失（表格软件按数字存过），请把该列设为文本后重新导出".to_owned()),
            (last, "姓名", "这一户没有这个人，务工未收".to_owned()),
        ]
    );
    assert_eq!(report.acts, 0);
}

#[test]
fn planned_jobs_stand_beside_those_that_are_done() {
    let (_, national, jobs, _) = village(6, 0);
    let clerk = Clerk::of(CODE);
    let mut planned = jobs.clone();
    planned.rename("务工所在县", "计划务工所在县");
    planned.rename("是否已务工", "是否计划务工");
    let files = [
        clerk.workbook("p.xlsx", &[planned]),
        clerk.workbook("j.xlsx", std::slice::from_ref(&jobs)),
        clerk.workbook("a.xlsx", &[national]),
    ];
    clerk.import(&files);
    let all: Vec<Option<bool>> = clerk
        .files()
        .values()
        .flat_map(|file| {
            let rows = file.rows(Name::new("jobs"));
            rows.map(|(_, row)| row.get(Name::new("planned")).and_then(Value::as_yes_no)).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(all.len(), jobs.rows.len() * 2);
    assert_eq!(all.iter().filter(|planned| **planned == Some(true)).count(), jobs.rows.len());
    assert_eq!(clerk.import(&files).acts, 0);
}

#[test]
fn a_newer_export_moves_on_the_day_of_which_sections_speak() {
    let (_, mut sheet, ..) = village(3, 0);
    let clerk = Clerk::of(CODE);
    let number = number(&mut sheet, 0);
    let as_of = |clerk: &Clerk| clerk.household(&number).sections[&Name::new("income")].as_of.unwrap().to_string();
    clerk.import(&[clerk.workbook("a.xlsx", std::slice::from_ref(&sheet))]);
    assert_eq!(as_of(&clerk), "2022-11-18");
    for (note, day) in [("导出日期:2022年12月18日 10:30", "2022-12-18"), ("数据截至2022-10-01", "2022-12-18")]
    {
        sheet.above[1] = vec![note.into()];
        let report = clerk.import(&[clerk.workbook("b.xlsx", std::slice::from_ref(&sheet))]);
        assert_eq!((report.households.unchanged, report.households.changed), (3, 0));
        assert_eq!(as_of(&clerk), day, "{note}");
    }
}
