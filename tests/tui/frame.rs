//! What every screen is given: title, hints, status, a way back and out, help, palette, jobs, any size.

use std::sync::mpsc::channel;

use hudang::tui::app::Ending;
use hudang::tui::input::Input;
use hudang::tui::keymap::{Keymap, chord};
use hudang::tui::screen::{Mouse, Turn};
use ratatui::layout::Position;

use super::stage::Stage;
use super::village::{Households, Village};

fn stage(size: (u16, u16)) -> Stage<Village> {
    let village = Village::of(50);
    let home = Box::new(Households::new(&village));
    Stage::new(village, home, size)
}

#[test]
fn a_list_at_both_sizes() {
    insta::assert_snapshot!("list_80", stage((80, 24)).press("Down Down").screen());
    insta::assert_snapshot!("list_120", stage((120, 40)).press("Down Down").screen());
}

#[test]
fn the_cursor_is_where_the_input_method_needs_it() {
    insta::assert_snapshot!(stage((80, 24)).press("Enter <张小三> Left").screen());
}

#[test]
fn help_is_for_the_screen_one_is_in() {
    insta::assert_snapshot!("help_80", stage((80, 24)).press("F1").screen());
    insta::assert_snapshot!("help_120", stage((120, 40)).press("F1").screen());
    let mut stage = stage((80, 24));
    let list = stage.screen();
    assert_eq!(stage.press("F1 F1").screen(), list);
    assert_eq!(stage.press("？ Esc").screen(), list);
}

#[test]
fn the_palette_finds_by_initials_and_does_it_where_one_was() {
    insta::assert_snapshot!("palette_80", stage((80, 24)).press("ctrl-p").screen());
    insta::assert_snapshot!("palette_120", stage((120, 40)).press("ctrl-p <zoufang>").screen());
    let mut stage = stage((80, 24));
    assert!(stage.press("ctrl-p <zf> Enter").screen().contains("\n 走访\n"));
    assert!(stage.press("ctrl-p <撤销> Enter").screen().contains("已撤销"));
    assert!(stage.press("ctrl-p <没有的> Enter").screen().contains("没有这样的命令"));
    stage.press("Esc ctrl-p <lk> Enter");
    assert_eq!(stage.ending(), Some(Ending::Left));
    assert_eq!(stage.into_world().did, ["visit"]);
}

#[test]
fn esc_goes_one_step_back_and_asks_only_about_what_was_typed() {
    let mut stage = stage((80, 24));
    let list = stage.screen();
    assert_eq!(stage.press("Enter Esc").screen(), list);
    insta::assert_snapshot!(stage.press("Enter <在外> Esc").screen());
    assert!(stage.press("Enter").line(0).contains("户档 · 张三0"), "the first answer does no harm");
    assert_eq!(stage.press("Esc Right Enter").screen(), list);
    assert!(stage.press("Esc").screen().contains("已经到头了，离开按 Ctrl-Q"));
    assert_eq!(stage.ending(), None);
}

#[test]
fn ctrl_q_leaves_from_anywhere_and_asks_only_about_what_was_typed() {
    for keys in ["ctrl-q", "Enter ctrl-q", "F1 ctrl-q", "ctrl-p ctrl-q", "f ctrl-q"] {
        assert_eq!(stage((80, 24)).press(keys).ending(), Some(Ending::Left), "{keys}");
    }
    let mut stage = stage((80, 24));
    stage.press("Enter <在外> ctrl-q");
    assert_eq!(stage.ending(), None);
    assert!(stage.screen().contains("张三0的说明"), "{}", stage.screen());
    assert_eq!(stage.press("Enter").ending(), None);
    assert!(stage.screen().contains("在外"));
    assert_eq!(stage.press("ctrl-q Right Enter").ending(), Some(Ending::Left));
}

#[test]
fn an_input_method_left_on_over_a_list_is_understood() {
    assert!(stage((80, 24)).press("ｖ").screen().contains("\n 走访\n"));
    assert!(stage((80, 24)).press("？").line(0).contains("帮助"));
    assert!(stage((80, 24)).press("Enter <？ｖ>").screen().contains("说明  ？ｖ"));
}

#[test]
fn esc_and_a_letter_in_one_breath_are_two_keys() {
    let mut stage = stage((80, 24));
    stage.press("Enter");
    assert!(stage.press("alt-v").screen().contains("\n 走访\n"));
    assert!(stage.line(0).contains("农户"));
}

#[test]
fn a_pasted_line_break_triggers_nothing() {
    let mut stage = stage((80, 24));
    assert!(stage.paste("张三\n").screen().contains("这里没有可以粘贴的格子"));
    stage.press("Enter").paste("在外\r\n打工\n");
    assert!(stage.screen().contains("说明  在外 打工"), "{}", stage.screen());
    assert!(stage.line(0).contains("户档"));
}

#[test]
fn a_key_that_does_nothing_says_so() {
    assert!(stage((80, 24)).press("ctrl-g F9").screen().contains("没有另存条件"));
    assert!(stage((80, 24)).press("x").screen().contains("这里不用 x 键，F1 看有哪些键"));
}

#[test]
fn a_burst_is_drawn_once_and_nothing_is_drawn_for_nothing() {
    let mut stage = stage((80, 24));
    let before = stage.frames();
    for _ in 0..30 {
        stage.give(Input::Key(chord::parse("down").unwrap()));
    }
    stage.turn();
    assert_eq!(stage.frames(), before + 1);
    assert!(stage.screen().contains("▸ 张三30"));
    let at = Position { x: 0, y: 23 };
    stage.mouse(Mouse::Click(at));
    assert_eq!(stage.frames(), before + 1);
}

#[test]
fn the_mouse_selects_opens_and_scrolls() {
    let mut stage = stage((80, 24));
    assert!(stage.click("孙三4").screen().contains("▸ 孙三4"));
    assert!(stage.click("孙三4").line(0).contains("户档 · 孙三4"));
    stage.press("Esc");
    stage.mouse(Mouse::Wheel(Position { x: 5, y: 5 }, Turn::Down));
    assert!(stage.line(3).contains("王三3") || stage.line(3).contains("赵三3"), "{}", stage.screen());
    assert!(stage.click("f 条件").screen().contains("看哪些户？"));
    assert!(stage.click("过期的").screen().contains("which 2"));
}

#[test]
fn any_size_at_any_time_and_nothing_is_lost() {
    let mut stage = stage((80, 24));
    stage.press("Enter <在外打工>");
    insta::assert_snapshot!("too_small_40", stage.resize(40, 10).screen());
    stage.press("<的>");
    assert!(stage.resize(60, 16).screen().contains("在外打工的"));
    for size in [(1, 1), (2, 1), (59, 16), (60, 15), (200, 60), (80, 24)] {
        stage.resize(size.0, size.1);
    }
    assert!(stage.screen().contains("在外打工的"));
}

#[test]
fn a_popup_blanks_what_it_half_covers() {
    insta::assert_snapshot!(stage((81, 24)).press("f").screen());
}

#[test]
fn a_job_shows_how_far_it_is_and_gives_the_workspace_back() {
    let mut village = Village::of(3);
    let (go, gate) = channel();
    village.gate = Some(gate);
    let home = Box::new(Households::new(&village));
    let mut stage = Stage::new(village, home, (80, 24));
    stage.give(Input::Key(chord::parse("ctrl-o").unwrap()));
    stage.turn();
    while !stage.screen().contains("120/312") {
        stage.turn();
    }
    insta::assert_snapshot!(stage.screen());
    stage.give(Input::Key(chord::parse("down").unwrap()));
    stage.give(Input::Paste("x".to_owned()));
    stage.turn();
    assert!(stage.screen().contains("120/312"), "nothing else is done meanwhile");
    drop(go);
    assert!(stage.settle().screen().contains("收下 1 户"));
    assert!(stage.line(0).contains("4户"), "the screen under it read again what it shows");
}

#[test]
fn a_job_can_be_stopped() {
    let mut village = Village::of(3);
    let (go, gate) = channel();
    village.gate = Some(gate);
    let home = Box::new(Households::new(&village));
    let mut stage = Stage::new(village, home, (80, 24));
    for key in ["ctrl-o", "esc"] {
        stage.give(Input::Key(chord::parse(key).unwrap()));
        stage.turn();
    }
    assert!(stage.screen().contains("正在停下"));
    go.send(()).unwrap();
    assert!(stage.settle().screen().contains("收下 0 户"));
}

#[test]
fn leaving_while_a_job_runs_stops_it_first() {
    let mut village = Village::of(3);
    let (go, gate) = channel();
    village.gate = Some(gate);
    let home = Box::new(Households::new(&village));
    let mut stage = Stage::new(village, home, (80, 24));
    for key in ["ctrl-o", "ctrl-q"] {
        stage.give(Input::Key(chord::parse(key).unwrap()));
        stage.turn();
    }
    assert_eq!(stage.ending(), None);
    go.send(()).unwrap();
    assert_eq!(stage.settle().ending(), Some(Ending::Left));
    assert_eq!(stage.into_world().heads.len(), 3);
}

#[test]
fn a_job_that_breaks_leaves_the_workspace_and_names_the_log() {
    let mut stage = stage((80, 24));
    stage.press("ctrl-y");
    assert!(stage.screen().contains("日志：日志/今天.log"), "{}", stage.screen());
    assert!(!stage.screen().contains("411111"));
    assert!(stage.press("Enter").line(0).contains("50户"));
}

#[test]
fn a_popup_asks_for_a_few_fields() {
    let mut stage = stage((80, 24));
    insta::assert_snapshot!("ask_80", stage.press("o <下地了>").screen());
    assert!(stage.press("Enter <2> Enter").screen().contains("not-looked 1 下地了县内"), "{}", stage.screen());
    assert!(stage.press("o Enter Enter").screen().contains("“没看到的原因”要填"));
    assert!(stage.press("Esc").line(0).contains("农户"));
    assert!(!stage.screen().contains("要填"));
}

#[test]
fn main_screens_are_not_stacked_twice() {
    let mut stage = stage((80, 24));
    let list = stage.screen();
    assert_eq!(stage.press("Enter F3").screen(), list);
    let mut stage = stage.press("Enter <x> F3");
    assert!(stage.screen().contains("先保存或退回：张三0的说明"));
    stage = stage.press("ctrl-s");
    assert!(stage.line(0).contains("农户"));
}

#[test]
fn other_keymaps_lead_to_the_same_places() {
    for (name, keys) in [("vim", "j j l"), ("emacs", "ctrl-n ctrl-n Enter")] {
        let village = Village::of(50);
        let home = Box::new(Households::new(&village));
        let mut stage = Stage::with_keymap(village, home, (80, 24), Keymap::shipped(name).unwrap());
        assert!(stage.press(keys).line(0).contains("户档 · 王三2"), "{name}");
    }
}
