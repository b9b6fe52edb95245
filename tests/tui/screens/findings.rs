//! 核对: findings put together, mended at their field, answered, exempt, and where else they are shown.

use hudang::tui::desk::Desk;
use insta::assert_snapshot;

use super::{CHECKS, FAMILIES, at_both_sizes, desk_of, stage};
use crate::home::{Home, held};
use crate::tui::stage::Stage;

const DAY: &str = "2022-11-20";

fn at_findings() -> (Home, Stage<Desk>) {
    let (home, mut stage) = stage(&FAMILIES, DAY, (80, 24));
    stage.press("F6");
    (home, stage)
}

#[test]
fn the_findings_of_the_village_by_check_and_otherwise() {
    let (_home, mut stage) = at_findings();
    at_both_sizes(&mut stage, "findings");
    at_both_sizes(stage.press("o o"), "findings_households");
    let titles: Vec<String> = (0..3).map(|_| stage.press("ctrl-r").line(0)).collect();
    for (title, by) in titles.iter().zip(["按程度", "按核对项", "按类"]) {
        assert!(title.contains(by), "{titles:?}");
    }
}

/// From the first screen to the worst finding, to its field, mended, and back where it is gone.
#[test]
fn the_worst_is_mended_with_six_keys() {
    let keys = ["F6", "Enter", "Enter", "ctrl-delete", "Enter", "Esc"];
    assert!(keys.len() <= 6);
    let (home, mut stage) = stage(&FAMILIES, DAY, (80, 24));
    let screen = stage.press(keys[0]).screen();
    assert!(screen.contains("▸ 错 张三顺"), "{screen}");
    let screen = stage.press(keys[1]).screen();
    assert!(screen.contains("▸ 人均纯收入") && screen.contains("错 人均6480元，低于6900元"), "{screen}");
    let screen = stage.press(keys[2]).press(keys[3]).press("<7200>").press(keys[4]).screen();
    assert!(screen.contains("已记下第") && !screen.contains("低于6900元"), "{screen}");
    let screen = stage.press(keys[5]).screen();
    assert!(screen.starts_with(" 核对") && screen.contains("▸ 错 周无户主"), "the next one is selected\n{screen}");
    assert!(!screen.contains("人均6480元"), "{screen}");
    let screen = stage.press("ctrl-z").screen();
    assert!(screen.contains("人均6480元"), "undone, it is there again\n{screen}");
    drop(stage);
    assert_eq!(held(&home.open(DAY), 1, "income.per_person"), "6480");
}

#[test]
fn the_first_screen_leads_to_the_very_field() {
    let (_home, mut stage) = stage(&FAMILIES, DAY, (80, 24));
    let screen = stage.screen();
    assert!(screen.contains("张三顺     一组     核对   人均6480元，低于6900元"), "{screen}");
    assert!(!screen.contains("没有填劳动能力") || screen.contains("李秀英"), "warnings only of targets\n{screen}");
    let at = stage.lines().iter().position(|line| line.contains("低于6900元")).unwrap();
    let first = stage.lines().iter().position(|line| line.contains("▸")).unwrap();
    let down = "Down ".repeat(at - first);
    let screen = stage.press(&down).press("Enter").screen();
    assert!(screen.starts_with(" 户档 · 张三顺") && screen.contains("▸ 人均纯收入"), "{screen}");
    assert!(stage.press("Esc").line(0).starts_with(" 今日"), "one step back");
}

#[test]
fn a_finding_is_answered_with_a_reason_that_stays_to_be_seen() {
    let (home, mut stage) = at_findings();
    at_both_sizes(stage.press("a"), "findings_answer");
    assert!(stage.press("Enter").screen().contains("答复：C309"), "no reason is none");
    let screen = stage.press("<土地流转款未到账> Enter").screen();
    assert!(screen.contains("已记下说明") && !screen.contains("人均6480元"), "{screen}");
    let screen = stage.press("y Home Down Down").screen();
    assert_snapshot!("findings_answered", screen);
    assert!(screen.contains("[已答复] 人均6480元") && screen.contains("答复：土地流转款未到账  李桂枝 2022-11-20"));
    // It is taken back, but not by the first answer.
    assert!(stage.press("ctrl-end Enter").screen().contains("[已答复]"));
    let screen = stage.press("ctrl-end Right Enter").screen();
    assert!(screen.contains("说明收回了") && !screen.contains("[已答复]"), "{screen}");
    drop(stage);
    assert!(!home.open(DAY).findings(id(1)).unwrap().iter().any(|finding| finding.reason.is_some()));
}

fn id(serial: u32) -> hudang::domain::HouseholdId {
    hudang::domain::HouseholdId { village: crate::home::VILLAGE.parse().unwrap(), serial }
}

#[test]
fn an_exemption_has_a_kind_a_reason_and_an_end() {
    let (_home, mut stage) = at_findings();
    at_both_sizes(stage.press("x"), "findings_exempt");
    let screen = stage.press("f2").screen();
    assert!(screen.contains("豁免类型"), "nothing is made up\n{screen}");
    let screen = stage.press("<1> Tab <省里回复> Tab <+30> F2").screen();
    assert!(screen.contains("已记下豁免") && !screen.contains("人均6480元"), "{screen}");
    assert!(stage.press("F9").screen().contains("[豁免] 人均6480元"), "{}", stage.screen());
}

#[test]
fn severity_and_words_sift() {
    let (_home, mut stage) = at_findings();
    let screen = stage.press("f").screen();
    assert!(screen.contains("只看错误") && screen.contains("低于") && !screen.contains("劳动能力"), "{screen}");
    let screen = stage.press("ctrl-d").screen();
    assert!(screen.contains("没有填劳动能力") && !screen.contains("低于6900"), "{screen}");
    stage.press("f f");
    for (typed, holds, lacks) in
        [("zs", "张三顺", "周无户主"), ("2_07", "住房等级", "低于"), ("四组 收入", "周无户主", "张三顺")]
    {
        let screen = stage.press(&format!("/ <{typed}>")).screen();
        assert!(screen.contains(holds) && !screen.contains(lacks), "{typed}\n{screen}");
        stage.press("ctrl-delete Esc");
    }
    assert!(stage.press("/ <没有这种>").screen().contains("没有这样的问题"), "{}", stage.screen());
}

#[test]
fn groups_fold_and_unfold() {
    let (_home, mut stage) = at_findings();
    let all = stage.lines().len();
    let screen = stage.press("Space").screen();
    assert!(screen.contains("▸ ▸ ") && !screen.contains("人均6480元") && screen.contains("没有填劳动能力"), "{screen}");
    assert!(stage.press("Enter").screen().contains("人均6480元"), "its heading opens it again");
    assert_snapshot!("findings_folded", stage.press("c").screen());
    assert_eq!(stage.lines().len(), all);
    let screen = stage.press("ctrl-e Home Tab").screen();
    assert!(screen.contains("▸ ▾  没有填劳动能力"), "{screen}");
    assert!(stage.press("shift-tab").screen().contains("▸ ▾  人均…元"), "{}", stage.screen());
}

#[test]
fn a_file_shows_what_was_found_at_the_field_and_leads_to_the_next() {
    let (_home, mut stage) = stage(&FAMILIES, DAY, (80, 24));
    stage.press("F3 Enter");
    assert!(stage.line(0).contains("错1 警2"), "{}", stage.screen());
    at_both_sizes(stage.press("w"), "file_finding");
    let screen = stage.press("ctrl-down").screen();
    assert!(screen.contains("▸ 劳动技能") && screen.contains("没有填劳动能力"), "{screen}");
    let screen = stage.press("a <常年住院> Enter").screen();
    assert!(screen.contains("已记下说明") && stage.line(0).contains("错1 警1"), "{screen}");
}

#[test]
fn a_visit_says_what_to_ask_before_she_knocks() {
    let (_home, mut stage) = stage(&FAMILIES, DAY, (80, 24));
    stage.press("F3 v");
    at_both_sizes(&mut stage, "visit_findings");
    let at = |stage: &Stage<Desk>, text: &str| stage.lines().iter().position(|line| line.contains(text));
    assert!(at(&stage, "核对提醒").is_some(), "{}", stage.screen());
    // The item under the cursor has its own first.
    let first = |stage: &Stage<Desk>| stage.lines().into_iter().find(|line| line.contains("核对提醒")).unwrap();
    assert!(first(&stage).contains("劳动能力"), "people come first\n{}", stage.screen());
    assert!(first(stage.press("Down")).contains("低于6900元"), "then income\n{}", stage.screen());
}

#[test]
fn the_list_counts_sifts_and_sorts_by_what_was_found() {
    let (_home, mut stage) = stage(&FAMILIES, DAY, (80, 24));
    let screen = stage.press("F3 / <有错 非应走访> Esc").screen();
    assert!(screen.contains("周无户主") && !screen.contains("王建国"), "{screen}");
    stage.press("Esc F3 o End Enter");
    assert!(stage.line(0).contains("排序 问题多的在前"), "{}", stage.screen());
    let at = |text: &str| stage.lines().iter().position(|line| line.contains(text)).unwrap();
    assert!(
        at("错1 警2") < at("周无户主?") && at("周无户主?") < at("李秀英"),
        "an error weighs more\n{}",
        stage.screen()
    );
    assert!(at("张素珍") < at("王建国"), "{}", stage.screen());
}

#[test]
fn an_empty_village_has_nothing_to_mend() {
    let (_home, mut stage) = stage(&[], DAY, (80, 24));
    assert!(stage.press("F6").screen().contains("没有查出问题"), "{}", stage.screen());
    // Nothing is selected, and no key minds.
    assert!(stage.press("Enter a x Space c o f y Tab Down w").line(0).contains("核对"));
}

#[test]
fn a_popup_survives_another_size_and_what_was_typed_stays() {
    let (_home, mut stage) = at_findings();
    stage.press("a <已核实>");
    for (columns, rows) in [(120, 40), (70, 18), (80, 24)] {
        let screen = stage.resize(columns, rows).screen();
        assert!(screen.contains("已核实") && stage.cursor().is_some(), "{columns}\n{screen}");
    }
    assert!(stage.press("Enter").screen().contains("已记下说明"));
}

/// Whatever the shipped table finds has words at every row, also far down.
#[test]
fn every_finding_of_the_shipped_table_has_its_words() {
    let home = Home::of("2022-10-08", &FAMILIES);
    let mut stage = desk_of(&home, DAY, (120, 40));
    stage.press("F6");
    let (mut seen, mut last) = (0, String::new());
    while last != stage.screen() {
        last = stage.screen();
        for line in stage.lines().iter().skip(2).take_while(|line| !line.starts_with('─')) {
            let row: String = line.chars().take(60).collect();
            let is_line = ["错 ", "警 ", "提 ", "禁 "]
                .iter()
                .any(|mark| row[..].trim_start_matches(['▸', ' ']).starts_with(mark));
            seen += usize::from(is_line);
            assert!(!is_line || row.split_whitespace().count() > 2, "{line}");
        }
        stage.press("PageDown");
    }
    assert!(seen > 50, "{seen}");
    assert!(stage.press("o o Home").line(0).contains("按户"));
}

#[test]
fn the_table_of_these_tests_is_a_table() {
    let home = Home::of("2022-10-08", &[]);
    home.lay_checks(CHECKS);
    assert!(home.open(DAY).definitions().checks.all.len() > 5);
}
