//! 导入: choosing files, the look before anything happens, and taking in.

use std::fs;
use std::time::{Duration, SystemTime};

use insta::assert_snapshot;

use super::newcomer::{ANSWERS, Arrival, village};
use crate::home::VILLAGE;
use crate::village::sheets;

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

/// 18 November 2022, noon in China.
fn that_day() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_668_744_000)
}

#[test]
fn a_folder_shows_its_folders_and_tables() {
    for size in SIZES {
        let arrival = Arrival::new();
        fs::create_dir(arrival.files().join("十月")).unwrap();
        for (name, bytes) in [("监测对象信息.xlsx", 40_000), ("村级台账.csv", 900), ("通知.docx", 10)] {
            fs::write(arrival.files().join(name), vec![b'x'; bytes]).unwrap();
            fs::File::options().write(true).open(arrival.files().join(name)).unwrap().set_modified(that_day()).unwrap();
        }
        let mut stage = arrival.desk(size);
        stage.press("ctrl-o");
        arrival.go_to_files(&mut stage);
        assert_snapshot!(format!("import_files_{}", size.0), arrival.screen(&stage));
        stage.press("Down Space Insert");
        assert_snapshot!(format!("import_marked_{}", size.0), arrival.screen(&stage));
    }
}

#[test]
fn typing_filters_and_a_path_leads_anywhere() {
    let arrival = Arrival::new();
    fs::create_dir(arrival.files().join("U盘 一")).unwrap();
    fs::write(arrival.files().join("U盘 一/户信息.csv"), "x").unwrap();
    fs::write(arrival.files().join("监测对象信息.xlsx"), "x").unwrap();
    let mut stage = arrival.desk((80, 24));
    stage.press("ctrl-o");
    arrival.go_to_files(&mut stage);
    let screen = stage.press("<jcdx>").screen();
    assert!(screen.contains("监测对象信息.xlsx") && !screen.contains("U盘"), "{screen}");
    let screen = stage.press("ctrl-delete <u盘> Enter").screen();
    assert!(screen.contains("户信息.csv"), "{screen}");
    let screen = stage.press("Backspace").screen();
    assert!(screen.contains("▸    U盘 一/"), "the folder that was left is selected\n{screen}");
    let screen = stage.press("<U盘 一/户>").screen();
    assert!(screen.contains("户信息.csv"), "{screen}");
    let screen = stage.press("ctrl-delete </没有这里/>").screen();
    assert!(screen.contains("没有这个文件夹：/没有这里"), "{screen}");
}

/// From an empty home to a village on file, with keys alone.
#[test]
fn a_first_import_shows_counts_and_problems_and_is_taken_in_with_one_key() {
    for size in SIZES {
        let arrival = Arrival::new();
        let (village, mut sheet) = village(12);
        sheet.set(3, "证件号码", "41999919990101");
        sheet.set(5, "出生日期", "1960-02-30");
        arrival.workbook("监测对象信息.xlsx", &[sheet]);
        arrival.workbook("外出务工信息.xlsx", &[sheets::jobs(&village)]);
        let mut welcome = arrival.welcome(size);
        welcome.press("Enter").press(ANSWERS).press("F2");
        let mut stage = arrival.after(welcome, size);
        arrival.go_to_files(&mut stage);
        stage.press("Insert Insert Enter");
        assert_snapshot!(format!("import_first_{}", size.0), stage.screen());
        stage.world(|desk| assert_eq!(desk.workspace.households().len(), 0, "nothing has happened yet"));
        assert_snapshot!(format!("import_done_{}", size.0), stage.press("Enter").screen());
        assert!(stage.press("Enter").line(0).starts_with(" 今日 · 石桥村"));
        stage.world(|desk| {
            assert_eq!(desk.workspace.households().len(), 12);
            assert_eq!(desk.workspace.settings().rosters.as_ref(), Some(&arrival.files()));
        });
    }
}

#[test]
fn a_second_import_shows_the_three_beside_each_other_and_leaves_with_nothing_done() {
    for size in SIZES {
        let arrival = Arrival::new();
        let (_, mut sheet) = village(6);
        arrival.workbook("十一月.xlsx", std::slice::from_ref(&sheet));
        let mut stage = arrival.desk(size);
        stage.press("ctrl-o");
        arrival.go_to_files(&mut stage);
        stage.press("Enter Enter");
        let acts = acts(&mut stage);

        let number = sheet.rows[0][sheet.column("户编号")].clone();
        let last = sheet.rows.len() - 1;
        for row in 0..=last {
            if sheet.rows[row][sheet.column("户编号")] == number {
                sheet.set(row, "工资性收入", "31234");
            }
        }
        sheet.rows.remove(last);
        arrival.workbook("十二月.xlsx", &[sheet]);
        stage.press("Esc <十二>").press("Enter");
        assert_snapshot!(format!("import_second_{}", size.0), stage.screen());
        let screen = stage.press("Down Down").screen();
        assert!(screen.contains("这次名册 31,234元") || screen.contains("照名册改"), "{screen}");
        assert!(stage.press("Esc").line(0).starts_with(" 导入"));
        assert_eq!(self::acts(&mut stage), acts, "nothing was done");
        // The same files again change nothing.
        let screen = stage.press("ctrl-delete <十一> Enter").screen();
        assert!(screen.contains("没有要收的"), "{screen}");
        assert!(stage.press("Enter").screen().contains("没有要收的"));
        assert_eq!(self::acts(&mut stage), acts);
    }
}

fn acts(stage: &mut crate::tui::stage::Stage<hudang::tui::desk::Desk>) -> u64 {
    let mut acts = 0;
    stage.world(|desk| {
        acts = desk.workspace.store().counters(VILLAGE.parse::<hudang::domain::VillageCode>().unwrap()).last_act
    });
    acts
}

#[test]
fn a_file_that_cannot_be_taken_in_says_why_and_changes_nothing() {
    let arrival = Arrival::new();
    let (_, sheet) = village(20);
    let whole = arrival.workbook("全.xlsx", &[sheet]);
    let bytes = fs::read(&whole).unwrap();
    let mut stage = arrival.desk((80, 24));
    stage.press("ctrl-o");
    arrival.go_to_files(&mut stage);
    for (name, bytes, says) in [
        ("甲.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".as_slice(), "不是表格文件"),
        ("乙.xlsx", &bytes[..bytes.len() / 2], "不完整或已损坏"),
        ("丙.csv", "日期,天气\n1,2\n".as_bytes(), "找不到认识的表头"),
        ("丁.csv", b"", "文件是空的"),
    ] {
        fs::write(arrival.files().join(name), bytes).unwrap();
        // The list is read again when the screen is seen again.
        stage.press("F1 Esc").press(&format!("ctrl-delete <{name}> Enter"));
        let screen = stage.screen();
        assert!(
            screen.contains("没有导入") && screen.contains(says) && screen.contains("户档没有动"),
            "{name}\n{screen}"
        );
        stage.press("Enter");
        assert!(stage.line(0).starts_with(" 导入"), "back where the file was chosen");
    }
    assert_eq!(acts(&mut stage), 0);
}

#[test]
fn another_encoding_is_offered_where_no_header_was_found() {
    let arrival = Arrival::new();
    let bytes = encoding_rs::GB18030.encode("日期,天气,备注\n十一月八日,晴,没有下雨\n").0.into_owned();
    fs::write(arrival.files().join("天气.csv"), bytes).unwrap();
    let mut stage = arrival.desk((80, 24));
    stage.press("ctrl-o");
    arrival.go_to_files(&mut stage);
    let screen = stage.press("Enter").screen();
    assert!(screen.contains("换一种编码再读") && screen.contains("编码读取"), "{screen}");
    let screen = stage.press("Right Right Right Enter").screen();
    assert!(
        screen.contains("找不到认识的表头") && !screen.contains("换一种编码"),
        "it was named, not guessed\n{screen}"
    );
    assert!(stage.press("Esc").line(0).starts_with(" 导入"), "{}", stage.screen());
}
