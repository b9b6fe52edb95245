//! 收回执: what comes back from the county, from the file to the field; and what the county holds beside the village.

use std::path::Path;

use hudang::domain::HouseholdId;
use hudang::progress::Unwatched;
use hudang::store::Store;
use hudang::tui::desk::Desk;
use insta::assert_snapshot;

use super::{FAMILIES, at_both_sizes, desk_of};
use crate::answer_sheet;
use crate::county::in_process::{County, edit};
use crate::home::{Home, VILLAGE};
use crate::tui::stage::Stage;
use crate::village::write;

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];
const FIRST: &str = "4199991012010001";
const SECOND: &str = "4199991012010002";
const LONG: &str =
    "工资流水只有九月以前的，九月以后的请补上银行流水，或者由用工单位出具证明并盖章，村委会的证明不能代替";

/// A village whose changes came back: one refused, one corrected, one field that both sides changed.
fn answered() -> (Home, County) {
    let home = Home::of("2022-10-08", &FAMILIES);
    let mut county = County::on("2022-11-19");
    let mut village = home.open("2022-11-18");
    let wages = edit(&mut village, FIRST, "income", "wages", 3_200_000);
    edit(&mut village, SECOND, "address", "house_number", "5");
    county.take(&mut village);
    county.refuse(wages, 1, LONG);
    county.correct(SECOND, "address", "group", "四组");
    county.correct(FIRST, "address", "house_number", "17号院东户");
    county.receipt("回执.zip");
    edit(&mut village, SECOND, "address", "group", "三组");
    (home, county)
}

fn desk(home: &Home, size: (u16, u16)) -> Stage<Desk> {
    desk_of(home, "2022-11-20", size)
}

/// 变更, 收回执, and the files of a folder; what is typed after it chooses among them.
fn receive(stage: &mut Stage<Desk>, folder: &Path, keys: &str) -> String {
    stage.press("F7 t").paste(&format!("{}/", folder.display()));
    let screen = stage.press(keys).screen();
    // The first time somebody has compared the fingerprint, and says so.
    if screen.contains("钥匙头一次见") { stage.press("Enter Tab Enter").screen() } else { screen }
}

#[test]
fn a_receipt_whose_key_nobody_compared_waits_for_a_yes() {
    let (home, county) = answered();
    let mut stage = desk(&home, (80, 24));
    stage.press("F7 t").paste(&format!("{}/", county.post.display()));
    let screen = stage.press("Enter").screen();
    let print = county.workspace.own_keys().unwrap().public().signing.fingerprint();
    assert!(screen.contains("钥匙要核对的1份") && screen.contains(&print), "{screen}");
    let asked = stage.press("Enter").screen();
    assert!(asked.contains(&print) && asked.contains("先不认"), "{asked}");
    // Without a yes nothing of it has come.
    let screen = stage.press("Esc").screen();
    assert!(screen.contains("钥匙头一次见"), "{screen}");
    stage.world(|desk| assert!(desk.workspace.refused().is_empty() && desk.workspace.pins().is_empty()));
    let came = stage.press("Enter Tab Enter").screen();
    assert!(came.contains("县未录1处"), "{came}");
    stage.world(|desk| assert_eq!(desk.workspace.refused().len(), 1));
}

#[test]
fn a_receipt_says_what_was_taken_refused_corrected_and_where_both_moved() {
    for size in SIZES {
        let (home, county) = answered();
        let mut stage = desk(&home, size);
        receive(&mut stage, &county.post, "Enter");
        assert_snapshot!(format!("receive_came_{}", size.0), stage.screen());
        let screen = stage.press("Enter").screen();
        assert!(screen.contains("县里没录（11月19日 周敏）"), "{screen}");
        assert_snapshot!(format!("receive_refused_{}", size.0), screen);
        assert!(stage.press("Esc").line(0).starts_with(" 收回执"), "{}", stage.screen());
        assert!(stage.press("Esc").line(0).starts_with(" 变更"), "{}", stage.screen());
        stage.press("F12");
        assert_snapshot!(format!("receive_today_{}", size.0), stage.screen());
    }
}

#[test]
fn a_refused_change_is_marked_until_it_is_changed_again() {
    let (home, county) = answered();
    let mut stage = desk(&home, (80, 24));
    receive(&mut stage, &county.post, "Enter");
    let screen = stage.press("F3 / <县未录>").screen();
    assert!(screen.contains("张三顺") && !screen.contains("李秀英"), "{screen}");
    stage.press("F12").click("县未录");
    assert!(stage.screen().contains("县里没录"), "{}", stage.screen());
    let screen = stage.press("Enter ctrl-delete <26000> Enter").screen();
    assert!(!screen.contains("县里没录"), "{screen}");
    stage.world(|desk| assert!(desk.workspace.refused().is_empty()));
}

#[test]
fn where_both_moved_the_sides_stand_under_one_another_and_one_key_chooses() {
    for size in SIZES {
        let (home, county) = answered();
        let mut stage = desk(&home, size);
        receive(&mut stage, &county.post, "Enter");
        let id = HouseholdId { village: VILLAGE.parse().unwrap(), serial: 2 };
        stage.press("Tab Enter Enter");
        assert_snapshot!(format!("receive_choose_{}", size.0), stage.screen());
        assert!(stage.press("Esc").screen().contains("Enter 选定"), "one step back is the field: {}", stage.screen());
        let screen = stage.press("Enter 2").screen();
        assert!(screen.contains("选定"), "{screen}");
        stage.world(|desk| {
            let file = desk.workspace.file(id).unwrap();
            assert!(file.beside.is_empty(), "{:?}", file.beside);
        });
        assert!(stage.press("F3").screen().contains("四组"), "{}", stage.screen());
    }
}

#[test]
fn what_came_before_is_said_and_what_is_no_receipt_is_refused_with_its_reason() {
    let (home, mut county) = answered();
    std::fs::write(county.post.join("乱.zip"), "不是压缩包").unwrap();
    std::fs::write(county.post.join("录入表.xlsx"), "不是工作簿").unwrap();
    let mut stage = desk(&home, (80, 24));
    receive(&mut stage, &county.post, "<回执> Enter");
    let screen = receive(&mut stage, &county.post, "<回执> Enter");
    assert!(screen.contains("没有新的") && screen.contains("早就收过的"), "{screen}");
    receive(&mut stage, &county.post, "Insert Insert Insert F2");
    at_both_sizes(&mut stage, "receive_bad");
    // A receipt that comes before the one it follows waits.
    county.correct(FIRST, "address", "hamlet", "前庄");
    let first = county.receipt("二.zip");
    county.correct(FIRST, "address", "hamlet", "后庄");
    county.receipt("三.zip");
    let away = county.post.join("二.放着");
    std::fs::rename(&first, &away).unwrap();
    let screen = receive(&mut stage, &county.post, "<三> Enter");
    assert!(screen.contains("先存着1份") && screen.contains("还缺第"), "{screen}");
    std::fs::rename(&away, &first).unwrap();
    let screen = receive(&mut stage, &county.post, "<二> Enter");
    assert!(screen.contains("县里更正2处"), "{screen}");
}

#[test]
fn a_workbook_that_the_clerk_filled_in_is_taken_in_beside_receipts() {
    let (home, county) = answered();
    let mut village = home.open("2022-11-20");
    let wages = edit(&mut village, SECOND, "income", "wages", 1_000_000);
    let house = edit(&mut village, FIRST, "income", "per_person", 700_000);
    let out = village.export(&county.post, None, false).unwrap().unwrap();
    drop(village);
    let mut sheets = answer_sheet::sheets_of(std::fs::read(&out.workbook).unwrap());
    let refused = [("办理结果", "不予录入"), ("原因", "佐证不足"), ("办理说明", "缺工资条")];
    answer_sheet::fill(&mut sheets, &format!("{wages}件1项"), &refused);
    answer_sheet::fill(&mut sheets, &format!("{house}件1项"), &[("办理结果", "已录入")]);
    write::xlsx(&county.post.join("填好的.xlsx"), &sheets);
    let mut stage = desk(&home, (80, 24));
    let screen = receive(&mut stage, &county.post, "<填好> Enter");
    assert!(screen.contains("县已收1处，县未录1处") && screen.contains("缺工资条"), "{screen}");
    assert!(screen.contains("填好的.xlsx：已录1处，未录1处"), "{screen}");
    let screen = receive(&mut stage, &county.post, "<填好> Enter");
    assert!(screen.contains("没有新的答复"), "{screen}");
    assert!(stage.press("F7 Tab").screen().contains("县未录1处，2处未回执"), "{}", stage.screen());
}

#[test]
fn sets_of_the_past_say_how_the_county_answered_them() {
    let (home, county) = answered();
    let mut stage = desk(&home, (80, 24));
    assert!(stage.press("F7 Tab").screen().contains("已交未回执"), "{}", stage.screen());
    receive(&mut stage, &county.post, "Enter");
    // The receipt brought the county's key: from now on sets are sealed for it.
    let out = county.post.join("交县");
    std::fs::create_dir(&out).unwrap();
    stage.press("F7 x ctrl-delete").paste(out.to_str().unwrap()).press("F2");
    let shown = stage.screen().replace(&out.display().to_string(), "/家/交县");
    assert!(shown.contains("已加密：只有县里和本村打得开") && shown.contains("已签名：本村钥匙的指纹"), "{shown}");
    stage.press("Enter F12 F7 Tab");
    at_both_sizes(&mut stage, "receive_sets");
}

#[test]
fn a_restored_village_is_told_to_take_its_own_sets_back_in_and_can() {
    let home = Home::of("2022-10-08", &FAMILIES);
    let mut county = County::on("2022-11-19");
    let mut village = home.open("2022-11-18");
    let backup = home.dir.path().join("备份.hudang");
    village.store().backup(&backup, &mut Unwatched).unwrap();
    edit(&mut village, FIRST, "income", "wages", 3_200_000);
    let set = county.take(&mut village);
    drop(village);
    let again = Home { dir: tempfile::tempdir().unwrap() };
    let into = again.dir.path().join("家");
    drop(Store::restore(&backup, &into, &mut Unwatched).unwrap());
    for entry in std::fs::read_dir(&into).unwrap().flatten() {
        std::fs::rename(entry.path(), again.dir.path().join(entry.file_name())).unwrap();
    }
    std::fs::remove_dir(&into).unwrap();
    let mut stage = desk(&again, (80, 24));
    at_both_sizes(stage.press("F7"), "receive_restored");
    let screen = receive(&mut stage, set.parent().unwrap(), "<zip> Enter");
    assert!(screen.contains("收回自己交过的1份"), "{screen}");
    stage.world(|desk| assert_eq!(desk.workspace.hand_overs().count(), 1));
    let screen = stage.press("Enter").screen();
    assert!(screen.contains("没有要交的") || !screen.contains("32000"), "{screen}");
}
