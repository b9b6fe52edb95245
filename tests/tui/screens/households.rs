//! 农户: searching as she types, conditions, sorting, marks, and saved lines.

use insta::assert_snapshot;

use super::{FAMILIES, at_both_sizes, desk_of, stage};

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

/// The heads that are listed, from the top; each has its colour before it.
fn heads(lines: &[String]) -> Vec<String> {
    let rows = lines.iter().skip(4).take_while(|line| !line.starts_with('─'));
    let head = |line: &String| {
        let mut words = line.trim_start_matches(['▸', ' ', '●']).split_whitespace();
        let first = words.next()?;
        Some(words.next().unwrap_or(first).to_owned())
    };
    rows.filter_map(head).collect()
}

#[test]
fn the_list() {
    for size in SIZES {
        let (_home, mut stage) = stage(&FAMILIES, "2022-11-20", size);
        assert_snapshot!(format!("households_{}", size.0), stage.press("F3").screen());
    }
}

#[test]
fn while_she_types() {
    for size in SIZES {
        let (_home, mut stage) = stage(&FAMILIES, "2022-11-20", size);
        assert_snapshot!(format!("households_typing_{}", size.0), stage.press("F3 / <zy 未>").screen());
    }
}

#[test]
fn every_key_finds_anew_and_says_why() {
    let (_home, mut stage) = stage(&FAMILIES, "2022-11-20", (80, 24));
    stage.press("F3 ctrl-f");
    for (typed, found, why) in [
        ("<zs>", vec!["赵山", "张三顺", "张素珍"], ""),
        ("ctrl-delete <张雨>", vec!["张三顺"], "孙女 张雨"),
        ("ctrl-delete <1234>", vec!["张三顺"], "电话 张雨"),
        ("ctrl-delete <zq>", vec!["赵山"], "赵倩（已"),
        ("ctrl-delete <二组>", vec!["李秀英", "王建国"], ""),
        ("ctrl-delete <0002>", vec!["李秀英"], "户编号"),
        ("ctrl-delete <xyz>", vec!["没有找到。少写几个字，或去掉条件再找。"], ""),
    ] {
        let lines = stage.press(typed).lines();
        assert_eq!(heads(&lines), found, "{typed}");
        assert!(lines.iter().any(|line| line.contains(why)), "{typed}:\n{}", stage.screen());
    }
}

#[test]
fn a_character_of_the_input_method_begins_a_search() {
    let (_home, mut stage) = stage(&FAMILIES, "2022-11-20", (80, 24));
    assert_eq!(heads(&stage.press("F3 <赵>").lines()), ["赵山"], "{}", stage.screen());
    assert_eq!(heads(&stage.press("<倩>").lines()), ["赵山"], "{}", stage.screen());
    // Where nothing is searched for it says so, as of any other key.
    let screen = stage.press("Esc Esc Esc <赵>").screen();
    assert!(screen.contains("今日") && screen.contains("这里不用 赵 键"), "{screen}");
}

#[test]
fn what_is_still_typed_takes_nothing_away() {
    let (_home, mut stage) = stage(&FAMILIES, "2022-11-20", (80, 24));
    stage.press("F3 / <zs >");
    for typed in ["<w>", "<z>", "<f>"] {
        assert_eq!(heads(&stage.press(typed).lines()).len(), 3, "{}", stage.screen());
    }
    let screen = stage.press("Tab").screen();
    assert!(screen.contains("/ zs 未走访") && screen.contains("[未走访]"), "{screen}");
    // The opposite of a fact nobody knows does not hold, and a line that cannot be read says why.
    let screen = stage.press("<人均＞a >").screen();
    assert!(screen.contains("后面要写数字，如 人均<6900"), "{screen}");
    assert_eq!(heads(&stage.lines()).len(), 3, "what was found stands");
}

#[test]
fn with_the_input_method_left_on_nothing_needs_a_letter() {
    let (_home, mut stage) = stage(&FAMILIES, "2022-11-20", (80, 24));
    let screen = stage.press("F3 ctrl-f <张> Down Insert Up ctrl-r Down Enter").screen();
    assert!(screen.contains("选中1") && screen.contains("排序 组、门牌"), "{screen}");
    assert!(screen.contains("●蓝 张素珍"), "{screen}");
    assert!(stage.cursor().is_some(), "still typing");
    assert!(stage.press("Esc").cursor().is_none());
    assert!(stage.line(0).starts_with(" 农户"), "Esc first ends the typing");
    assert!(stage.press("Esc").line(0).starts_with(" 今日"));
}

#[test]
fn conditions_are_put_in_and_taken_out() {
    for size in SIZES {
        let (_home, mut stage) = stage(&FAMILIES, "2022-11-20", size);
        let screen = stage.press("F3 f Space Down Down Down Space Up Up Up Space").screen();
        assert_snapshot!(format!("households_filters_{}", size.0), screen);
        stage.press("Enter");
        assert!(stage.line(2).starts_with(" / 一般农户"), "{}", stage.screen());
        assert_eq!(heads(&stage.lines())[0], "李秀英");
    }
    // One choice and Enter is all that one condition takes; Esc leaves the line as it was.
    let (_home, mut stage) = stage(&FAMILIES, "2022-11-20", (80, 24));
    assert_eq!(heads(&stage.press("F3 f Enter").lines()), ["张三顺", "张素珍"]);
    assert_eq!(heads(&stage.press("f Space Esc").lines()), ["张三顺", "张素珍"]);
    // A comparison is typed on.
    let screen = stage.press("f End Up Enter <≥0> Esc").screen();
    assert!(screen.contains("/ 脱贫户 矛盾≥0") || screen.contains("/ 脱贫户 矛盾>=0"), "{screen}");
}

#[test]
fn closed_files_are_listed_only_where_they_are_asked_for() {
    let (_home, mut stage) = stage(&FAMILIES, "2022-11-20", (80, 24));
    assert!(!stage.press("F3").screen().contains("孙守业"));
    let screen = stage.press("/ <销户>").screen();
    assert!(screen.contains("孙守业") && screen.contains("已销户") && screen.contains("显示1"), "{screen}");
}

#[test]
fn sorting_keeps_the_selected_household() {
    let (_home, mut stage) = stage(&FAMILIES, "2022-11-20", (80, 24));
    stage.press("F3 Down Down");
    at_both_sizes(stage.press("o"), "households_sorts");
    let lines = stage.press("Down Down Down Down Down Down Enter").lines();
    assert_eq!(heads(&lines)[..3], ["周无户主?", "张三顺", "李秀英"], "the lowest first, the unknown last");
    assert!(lines.iter().any(|line| line.starts_with("▸  绿 王建国")), "{}", stage.screen());
    assert!(lines[0].contains("人均低的在前"));
}

#[test]
fn marks_stay_on_the_desk() {
    let (_home, mut stage) = stage(&FAMILIES, "2022-11-20", (80, 24));
    let screen = stage.press("F3 Space Space Up Space").screen();
    assert!(screen.contains("选中1") && screen.contains("●黄 张三顺") && !screen.contains("●红 李秀英"), "{screen}");
    assert!(stage.press("Esc F3").screen().contains("●黄 张三顺"));
    assert_eq!(stage.into_world().marked.iter().map(|id| id.serial).collect::<Vec<_>>(), [1]);
}

#[test]
fn a_line_is_saved_under_a_name_and_found_again() {
    let (home, mut stage) = stage(&FAMILIES, "2022-11-20", (80, 24));
    assert!(stage.press("F3 F9").screen().contains("先写要找的或选条件"));
    let screen = stage.press("/ <监测对象 > F9").screen();
    assert!(screen.contains("另存条件：监测对象"), "{screen}");
    assert!(stage.press("<我的监测户> Enter").screen().contains("已存下“我的监测户”"));
    drop(stage);
    let workspace = home.open("2022-11-20");
    let saved = &workspace.settings().searches[0];
    assert_eq!((saved.name.as_str(), saved.line.as_str()), ("我的监测户", "监测对象"));
    drop(workspace);
    let mut stage = desk_of(&home, "2022-11-20", (80, 24));
    assert_eq!(heads(&stage.press("F3 f Enter").lines()), ["李秀英"], "it is the first in the list");
}

#[test]
fn a_window_of_any_size_and_a_name_of_any_length() {
    let (_home, mut stage) = stage(&FAMILIES, "2022-11-20", (60, 16));
    let screen = stage.press("F3 ctrl-f <abdl>").screen();
    assert!(screen.contains("阿卜杜"), "{screen}");
    let screen = stage.resize(120, 40).screen();
    assert!(screen.contains("阿卜杜拉热合曼·买买提"), "the pane beside has the whole name\n{screen}");
    assert!(stage.resize(80, 24).screen().contains("/ abdl"), "what was typed is still there");
}
