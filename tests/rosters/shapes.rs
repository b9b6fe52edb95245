//! The same village in every shape of a file comes in the same.

use std::collections::BTreeMap;

use hudang::domain::{Household, HouseholdFile, Name, Quantity, Value};

use super::formats;
use super::{CODE, Clerk, contents, member, places, slot, village};
use crate::village::sheets::{Cell, Sheet};
use crate::village::write;
use crate::village::{Village, sheets};

#[test]
fn a_village_comes_in_whole_and_a_second_time_nothing_moves() {
    let (village, national, jobs, ledger) = village(30, 40);
    let clerk = Clerk::of(CODE);
    let files = [
        clerk.workbook("已外出务工信息.xlsx", &[jobs]),
        clerk.path("农户台账.csv"),
        clerk.workbook("监测对象信息.xlsx", &[national]),
    ];
    write::csv_gb18030(&files[1], &ledger);
    let report = clerk.import(&files);
    assert_eq!((report.households.new, report.people.new), (70, village.people() as u64));
    assert_eq!(places(&report.problems.refused), []);
    assert_eq!(places(&report.problems.doubtful), []);
    assert_eq!(report.unknown_columns, [] as [Name; 0]);

    let on_file = clerk.files();
    for household in village.national() {
        check_national(household, &on_file[household.number.as_deref().unwrap()]);
    }
    let in_ledger: Vec<&HouseholdFile> =
        on_file.values().filter(|f| Household::of(f).national_number().is_none()).collect();
    assert_eq!(in_ledger.len(), 40);
    for household in village.ledger() {
        let head = household.head();
        let file = in_ledger.iter().find(|f| member_with_id(f, &head.id_number).is_some()).unwrap();
        check_ledger(household, file);
    }
    let listed: usize = on_file.values().map(|file| file.rows(Name::new("jobs")).count()).sum();
    assert_eq!(listed, village.jobs());

    let (acts, before) = (clerk.acts(), on_file);
    let again = clerk.import(&files);
    assert_eq!((again.households.unchanged, again.people.unchanged), (70, village.people() as u64));
    assert_eq!((again.acts, clerk.acts()), (0, acts));
    assert_eq!(clerk.files(), before);
}

fn member_with_id(file: &HouseholdFile, id_number: &str) -> Option<u32> {
    let found = Household::of(file).everyone().find(|member| member.id_number_text() == Some(id_number));
    found.map(|member| member.id.0)
}

fn check_national(household: &crate::village::Household, file: &HouseholdFile) {
    let read = Household::of(file);
    assert_eq!(read.members().count(), household.people.len());
    let income = read.income();
    assert_eq!(income.net.unwrap().0, household.net() * 100);
    assert_eq!(income.typed.unwrap().to_string().parse::<f64>(), household.per_person().parse::<f64>());
    assert_eq!(income.counted, u32::try_from(household.people.len()).ok());
    assert_eq!(read.target().is_some(), household.case.is_some());
    assert_eq!(file.get(slot("land.arable", 0)), Some(&Value::Quantity(Quantity::whole(household.arable))));
    assert_eq!(file.sections[&Name::new("income")].as_of.unwrap().to_string(), "2022-11-18");
    assert!(file.sections.values().all(|section| section.confirmed.is_none()), "an import confirms nothing");
    for person in &household.people {
        let on_file = member(file, &person.name);
        assert_eq!(on_file.id_number_text(), Some(person.id_number.as_str()));
        assert_eq!(on_file.birth().and_then(|birth| birth.as_day()), Some(person.birth));
        assert_eq!(on_file.national_number(), person.number.as_deref());
    }
    let measures: Vec<_> = file.rows(Name::new("measures")).collect();
    match &household.case {
        Some(case) => {
            let what = measures[0].1.get(Name::new("what")).and_then(Value::as_text);
            assert_eq!((measures.len(), what), (1, Some(case.measure.1)));
        }
        None => assert!(measures.is_empty()),
    }
}

fn check_ledger(household: &crate::village::Household, file: &HouseholdFile) {
    let read = Household::of(file);
    assert_eq!(read.members().count(), household.people.len());
    assert_eq!(read.head().unwrap().name(), household.head().name);
    assert_eq!(read.relieved(), Some(false), "a household of the ledger is an ordinary one");
    assert_eq!(file.get(slot("address.phone", 0)), Value::text(&household.phone).as_ref());
    for person in &household.people {
        let row = member_with_id(file, &person.id_number).unwrap();
        let on_file = Household::of(file).everyone().find(|member| member.id.0 == row).unwrap();
        assert_eq!(on_file.birth().and_then(|birth| birth.as_day()), Some(person.birth));
        // Derived from the ID number: on file, and not said by the ledger.
        let cell = file.row(Name::new("members"), row).unwrap().cell(Name::new("birth_date")).unwrap();
        assert_eq!((cell.value.is_some(), cell.said(0)), (true, Some(None)));
    }
}

/// The files that an import of these bytes makes, without what depends on how they were written.
fn taken(name: &str, bytes: &[u8]) -> BTreeMap<String, HouseholdFile> {
    let clerk = Clerk::of(CODE);
    let report = clerk.import(&[clerk.file(name, bytes)]);
    assert_eq!(places(&report.problems.refused), [], "{name}");
    assert_eq!(report.unknown_columns, [] as [Name; 0], "{name}");
    clerk.files().iter().map(|(number, file)| (number.clone(), contents(file))).collect()
}

fn workbook(sheets: &[Sheet]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.xlsx");
    write::xlsx(&path, sheets);
    std::fs::read(path).unwrap()
}

#[test]
fn every_format_gives_the_same_files() {
    let (_, sheet, ..) = village(12, 0);
    let plain = taken("a.xlsx", &workbook(std::slice::from_ref(&sheet)));
    assert_eq!(plain.len(), 12);
    let text = write::csv_text(&sheet);
    let utf16 = |order: fn(u16) -> [u8; 2], text: &str| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let tabs = text.replace(',', "\t");
    for (name, bytes) in [
        // Names say nothing: what counts is what is in the file.
        ("really-xlsx.xls", workbook(std::slice::from_ref(&sheet))),
        ("renamed.et", workbook(std::slice::from_ref(&sheet))),
        ("old.xls", formats::xls(&sheet)),
        ("old.et", formats::xls(&sheet)),
        ("open.ods", formats::ods(&sheet)),
        ("web.xls", formats::html(&sheet)),
        ("2003.xls", formats::xml_2003(&sheet)),
        ("utf8.csv", text.clone().into_bytes()),
        ("bom.csv", format!("\u{feff}{text}").into_bytes()),
        ("gb18030.csv", encoding_rs::GB18030.encode(&text).0.into_owned()),
        ("lf.csv", text.replace("\r\n", "\n").into_bytes()),
        ("csv.xlsx", text.clone().into_bytes()),
        ("utf16.txt", utf16(u16::to_le_bytes, &format!("\u{feff}{tabs}"))),
        ("utf16be.txt", utf16(u16::to_be_bytes, &format!("\u{feff}{tabs}"))),
        ("gb-tabs.txt", encoding_rs::GB18030.encode(&tabs).0.into_owned()),
    ] {
        assert_eq!(taken(name, &bytes), plain, "{name}");
    }
}

type Mangle = fn(&mut Vec<Sheet>);

#[test]
fn what_goes_wrong_in_a_clerks_workbook_changes_nothing() {
    let (_, sheet, ..) = village(12, 0);
    let plain = taken("a.xlsx", &workbook(std::slice::from_ref(&sheet)));
    let mangled: &[(&str, Mangle)] = &[
        ("header in row 1", |sheets| sheets[0].above.clear()),
        ("header in row 2", |sheets| drop(sheets[0].above.pop())),
        ("header further down", |sheets| sheets[0].above.extend([vec![], vec!["填报单位：某局".into()], vec![]])),
        ("the second sheet", |sheets| {
            let note = Sheet {
                name: "说明",
                above: vec![vec!["请勿修改表头".into()]],
                header: vec![],
                rows: vec![],
                hidden: vec![],
            };
            sheets.insert(0, note);
        }),
        ("hidden rows", |sheets| sheets[0].hidden = vec![0, 3, 4]),
        ("other names", |sheets| {
            for (from, to) in [
                ("县", "县(市、区、旗)"),
                ("乡", "乡（镇）"),
                ("村", "行政村"),
                ("与户主关系", "与户主\n关系"),
                ("证件号码", " 证件号码 "),
                ("人均纯收入（元）", "人均纯收入(元)"),
                ("耕地面积（亩）", "耕地面积\n(亩)"),
                ("工资性收入", "工资性收入（元）"),
                ("住房面积", "住房面积（㎡）"),
                ("与村主干路距离", "与村主干路距离（公里）"),
                ("户编号", "户 编 号"),
            ] {
                sheets[0].rename(from, to);
            }
        }),
        ("a repeated name as some readers write it", |sheets| {
            let last = sheets[0].header.len() - 1;
            sheets[0].header[last] = "风险是否已消除0".into();
        }),
        ("a repeated name as others write it", |sheets| {
            let last = sheets[0].header.len() - 1;
            sheets[0].header[last] = "风险是否已消除.1".into();
        }),
        ("blank rows", |sheets| {
            sheets[0].rows.insert(5, vec![]);
            sheets[0].rows.insert(9, vec!["  ".into()]);
        }),
        ("a total and a foot", |sheets| {
            sheets[0].rows.push(vec!["合计".into(), "12户".into()]);
            sheets[0].rows.push(vec!["填表人：某某".into()]);
        }),
        ("a total under the names", |sheets| {
            let mut row = vec![Cell::Blank; 60];
            row[7] = "总计".into();
            row[40] = "123456".into();
            sheets[0].rows.push(row);
        }),
        ("the header again on the next page", |sheets| {
            let header = sheets[0].header.iter().map(|name| name.as_str().into()).collect();
            sheets[0].rows.insert(7, header);
        }),
        ("ID numbers as they are typed", |sheets| {
            let column = sheets[0].column("证件号码");
            for (at, row) in sheets[0].rows.iter_mut().enumerate() {
                let Cell::Text(text) = &row[column] else { continue };
                let wide: String = text.chars().map(|c| char::from_u32(c as u32 + 0xfee0).unwrap()).collect();
                let ways = [format!("'{text}"), format!(" {text}\t"), text.to_lowercase(), wide];
                row[column] = Cell::Text(ways[at % ways.len()].clone());
            }
        }),
        ("dates as they are typed", |sheets| {
            let column = sheets[0].column("出生日期");
            for (at, row) in sheets[0].rows.iter_mut().enumerate() {
                let Cell::Text(text) = &row[column] else { continue };
                let (y, m, d) = (&text[..4], &text[4..6], &text[6..]);
                let day = chrono::NaiveDate::parse_from_str(text, "%Y%m%d").unwrap();
                let first = chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap();
                row[column] = match at % 6 {
                    0 => format!("{y}-{m}-{d}").into(),
                    1 => format!("{y}年{m}月{d}日").into(),
                    2 => format!("{y}/{}/{}", m.trim_start_matches('0'), d.trim_start_matches('0')).into(),
                    3 => Cell::Date(day),
                    4 => Cell::Number((day - first).num_days() as f64),
                    _ => Cell::Number(text.parse().unwrap()),
                };
            }
        }),
        ("units behind amounts", |sheets| {
            for column in ["人均纯收入（元）", "工资性收入", "耕地面积（亩）"] {
                let unit = if column.contains('亩') { "亩" } else { "元" };
                let at = sheets[0].column(column);
                for row in &mut sheets[0].rows {
                    if let Cell::Text(text) = &row[at] {
                        row[at] = Cell::Text(format!("{text}{unit}"));
                    }
                }
            }
        }),
        ("amounts as numbers", |sheets| {
            for column in ["人均纯收入（元）", "工资性收入", "与村主干路距离", "人数", "家庭成员联系电话", "户编号"]
            {
                let at = sheets[0].column(column);
                for row in &mut sheets[0].rows {
                    // A spreadsheet's own number would have lost the last digit; a program's has not.
                    if let Cell::Text(text) = &row[at]
                        && !(text.len() == 16 && text.ends_with('0'))
                    {
                        row[at] = Cell::Number(text.parse().unwrap());
                    }
                }
            }
        }),
        ("labels in other spellings", |sheets| {
            let at = sheets[0].column("与户主关系");
            for row in &mut sheets[0].rows {
                if let Cell::Text(text) = &row[at] {
                    row[at] = text.trim_start_matches('之').replace("户主", "本人").into();
                }
            }
            let at = sheets[0].column("民族");
            sheets[0].rows.iter_mut().for_each(|row| row[at] = "汉".into());
        }),
    ];
    for (what, mangle) in mangled {
        let mut sheets = vec![sheet.clone()];
        mangle(&mut sheets);
        let taken = taken("a.xlsx", &workbook(&sheets));
        for (number, file) in &plain {
            assert_eq!(taken.get(number), Some(file), "{what}, {number}");
        }
        assert_eq!(taken.len(), plain.len(), "{what}");
    }
}

#[test]
fn what_is_wrong_is_listed_with_its_place_and_the_rest_is_taken() {
    let (village, mut sheet, ..) = village(12, 0);
    let rows: Vec<u32> = (0..12).map(|row| sheet.number(row)).collect();
    *sheet.cell(0, "证件号码") = Cell::Number(4.199_991_980_042_68e17);
    sheet.set(1, "证件号码", "4.19999E+17");
    sheet.set(2, "证件号码", "419999199308142740");
    sheet.set(3, "家庭成员联系电话", "1380000");
    sheet.set(4, "文化程度", "技师");
    sheet.set(5, "出生日期", "19931332");
    sheet.set(6, "是否参加大病保险", "也许");
    let twice = sheet.rows[7].clone();
    sheet.rows.insert(8, twice);
    sheet.set(9, "户编号", "");
    let last = sheet.rows.len() - 1;
    for row in 0..sheet.rows.len() {
        if sheet.rows[row][5] == sheet.rows[last][5] {
            sheet.set(row, "住房面积", "很大");
        }
    }
    sheet.add_column("家庭住址照片", "有");
    let clerk = Clerk::of(CODE);
    let report = clerk.import(&[clerk.workbook("a.xlsx", &[sheet.clone()])]);
    let first_of_last = sheet.rows.iter().position(|row| row[5] == sheet.rows[last][5]).unwrap();
    let mut refused = places(&report.problems.refused);
    refused.sort();
    assert_eq!(
        refused,
        [
            (rows[0], "证件号码", "证件号码存成了数字，末几位已不可靠，请按原件重录".to_owned()),
            (rows[1], "证件号码", "号码末几位已丢失（表格软件按数字存过），请把该列设为文本后重新导出".to_owned()),
            (rows[5], "出生日期", "不是日期（如 2022-10-08、2022-10 或 2022），这一格未收".to_owned()),
            (rows[6], "是否参加大病保险", "应为“是”或“否”，这一格未收".to_owned()),
            (rows[8], "姓名", format!("与第{}行是同一个人，只收一次", rows[7])),
            (rows[9], "户编号", "没有户编号，这一行未收".to_owned()),
            (sheet.number(first_of_last), "住房面积", "不是数字，应为数，这一格未收".to_owned()),
        ]
    );
    assert_eq!(
        places(&report.problems.doubtful),
        [
            (rows[2], "证件号码", "证件号码校验位不符".to_owned()),
            (rows[3], "家庭成员联系电话", "不像电话号码（手机应为11位）".to_owned()),
            (rows[4], "文化程度", "“技师”不在代码表中，照原样留着".to_owned()),
        ]
    );
    assert_eq!(report.problems.refused[0].value.as_ref(), "4199**********8000");
    assert_eq!(report.problems.refused[0].sheet.as_deref(), Some("Sheet1"));
    assert_eq!(report.unknown_columns, [Name::new("家庭住址照片")]);
    assert_eq!(report.people.new, village.people() as u64 - 1);

    let people: Vec<(&str, &str)> = village
        .national()
        .flat_map(|h| h.people.iter().map(|p| (h.number.as_deref().unwrap(), p.name.as_str())))
        .collect();
    let files = clerk.files();
    let row_of = |at: usize| member(&files[people[at].0], people[at].1).id.0;
    let held = |at: usize, path: &str| files[people[at].0].get(slot(path, row_of(at))).cloned();
    assert!(matches!(held(0, "members.id_number"), Some(Value::Unusable(_))));
    assert!(matches!(held(1, "members.id_number"), Some(Value::Unusable(_))));
    assert_eq!(held(2, "members.id_number"), Value::text("419999199308142740"));
    assert_eq!(held(5, "members.birth_date"), None);
    assert_eq!(held(0, "unlisted.家庭住址照片"), Value::text("有"));
}

#[test]
fn an_id_number_in_a_cell_for_numbers_is_unusable_whatever_its_digits() {
    let (village, mut sheet, ..) = village(3, 0);
    // This one is exact as a binary number, and its check digit fits.
    let exact = (0..).map(|nth| crate::village::id_number("1980-01-02".parse().unwrap(), true, nth));
    let exact = exact
        .take(499)
        .find(|id| !id.ends_with('X') && id.parse::<f64>().unwrap() as u64 == id.parse::<u64>().unwrap());
    let exact = exact.expect("one in sixteen is exact");
    *sheet.cell(0, "证件号码") = Cell::Number(exact.parse().unwrap());
    let clerk = Clerk::of(CODE);
    let report = clerk.import(&[clerk.workbook("a.xlsx", &[sheet])]);
    assert_eq!(report.problems.refused.len(), 1);
    let household = village.national().next().unwrap();
    let file = clerk.household(household.number.as_deref().unwrap());
    let row = member(&file, &household.people[0].name).id.0;
    assert!(matches!(file.get(slot("members.id_number", row)), Some(Value::Unusable(_))));
}

#[test]
fn rows_of_a_household_that_do_not_agree_are_listed_and_the_first_counts() {
    let (_, mut sheet, ..) = village(6, 0);
    let column = sheet.column("户编号");
    let second = (1..sheet.rows.len()).find(|at| sheet.rows[*at][column] == sheet.rows[*at - 1][column]).unwrap();
    let Cell::Text(number) = sheet.rows[second][column].clone() else { panic!() };
    sheet.set(second, "住房面积", "999");
    // The same amount in another spelling is no disagreement.
    let Cell::Text(amount) = sheet.cell(second, "工资性收入").clone() else { panic!() };
    sheet.set(second, "工资性收入", &format!("{amount}.00元"));
    let first = sheet.cell(second - 1, "住房面积").clone();
    let clerk = Clerk::of(CODE);
    let report = clerk.import(&[clerk.workbook("a.xlsx", std::slice::from_ref(&sheet))]);
    let first_row = sheet.rows.iter().position(|row| row[column] == Cell::Text(number.clone())).unwrap();
    let why = format!("同一户第{0}行写的不同，按第{0}行收", sheet.number(first_row));
    assert_eq!(places(&report.problems.refused), [(sheet.number(second), "住房面积", why)]);
    let Cell::Text(first) = first else { panic!() };
    let held = clerk.household(&number).get(slot("housing.floor_area", 0)).cloned();
    assert_eq!(held, Some(Value::Quantity(first.parse().unwrap())));
}

#[test]
fn a_ledger_is_told_by_its_heads_however_they_are_marked() {
    let (village, _, _, sheet) = village(0, 25);
    let plain: Vec<HouseholdFile> = taken("a.csv", write::csv_text(&sheet).as_bytes()).into_values().collect();
    let head_on_each_row = |sheet: &mut Sheet| {
        let mut head = Cell::Blank;
        let column = sheet.column("户主");
        for row in &mut sheet.rows {
            if row[column] != Cell::Blank {
                head = row[column].clone();
            }
            row[column] = head.clone();
        }
    };
    let mut marked = sheet.clone();
    head_on_each_row(&mut marked);
    let mut by_relation = sheet.clone();
    by_relation.drop_column("户主");
    let mut by_sheets = sheet.clone();
    let rest =
        by_sheets.rows.split_off(by_sheets.rows.iter().skip(20).position(|row| row[2] != Cell::Blank).unwrap() + 20);
    let second = Sheet { name: "续", rows: rest, ..sheet.clone() };
    for (what, bytes) in [
        ("on each row", write::csv_text(&marked).into_bytes()),
        ("by relation only", write::csv_text(&by_relation).into_bytes()),
        ("on two sheets", workbook(&[by_sheets, second])),
    ] {
        let taken: Vec<HouseholdFile> = taken("a", &bytes).into_values().collect();
        assert_eq!(taken, plain, "{what}");
    }
    assert_eq!(plain.len(), village.households.len());
}

#[test]
fn a_head_whom_no_row_is_stays_known() {
    let (_, _, _, mut sheet) = village(0, 4);
    let column = sheet.column("户主");
    sheet.rows[0][column] = "出门在外".into();
    let clerk = Clerk::of(CODE);
    clerk.import(&[clerk.file("a.csv", write::csv_text(&sheet).as_bytes())]);
    let file = clerk.household(&format!("{CODE}V0001"));
    let first = Household::of(&file).everyone().next().unwrap().id.0;
    assert_eq!(file.get(slot("unlisted.户主", first)), Value::text("出门在外").as_ref());
}

#[test]
fn hidden_sheets_and_strange_tables_are_left_alone() {
    let warnings = "新增月份,乡镇,村别,姓名,与户主关系,证件号码,户类型\n202211,示范镇,杏花村,张三,户主,,大病户\n";
    let village = "行政村,总户数,总人口数\n杏花村,300,1000\n";
    let clerk = Clerk::of(CODE);
    for (text, what) in [(warnings, "行业预警名单"), (village, "行政村信息")] {
        let error = clerk.try_import(&[clerk.file("a.csv", text.as_bytes())], false).unwrap_err().to_string();
        assert!(error.ends_with(&format!("这是{what}，这里不收")), "{error}");
    }
}

#[test]
fn a_county_keeps_its_villages_apart_and_a_village_refuses_others() {
    let other = Village::invent(9, "419999101202", 5, 0);
    let (ours, mut sheet, ..) = village(5, 0);
    sheet.rows.extend(sheets::national(&other).rows);
    let county = Clerk::of("419999");
    let report = county.import(&[county.workbook("a.xlsx", std::slice::from_ref(&sheet))]);
    assert_eq!(report.households.new, 10);
    let serials: Vec<u32> = county.files().values().map(|file| file.id.serial).collect();
    assert_eq!(serials, [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]);

    let clerk = Clerk::of(CODE);
    let report = clerk.import(&[clerk.workbook("a.xlsx", &[sheet])]);
    assert_eq!((report.households.new, report.people.new), (5, ours.people() as u64));
    let problems = places(&report.problems.refused);
    assert_eq!(problems.len(), 5, "a household, not each of its rows");
    assert!(problems.iter().all(|(_, column, why)| *column == "户编号" && why.starts_with("是419999101202的户")));
}

#[test]
fn a_ledger_asks_for_its_village_in_a_countys_store() {
    let (_, _, _, sheet) = village(0, 3);
    let county = Clerk::of("419999");
    let path = county.file("a.csv", write::csv_text(&sheet).as_bytes());
    let error = county.try_import(&[path], false).unwrap_err();
    assert!(error.to_string().contains("--village"), "{error}");
    assert_eq!(county.files().len(), 0);
}
