//! What is half filled when the program is killed or the line drops: at most the field in hand is gone, and whoever opens
//! the program again is told, and goes on where it was.

use hudang::domain::{Answer, Author, Name, Quantity, Role, Value};
use hudang::tui::desk::Desk;
use hudang::tui::screen::Screen;
use hudang::tui::screens::file::FileScreen;
use hudang::tui::screens::form::FormScreen;
use hudang::tui::screens::life::Life;
use hudang::tui::screens::review::Review;
use hudang::tui::screens::today::Today;
use hudang::tui::screens::visit::Visit;
use serde_json::json;

use super::family::household;
use super::kills::killed;
use super::{CHECKS, FAMILIES, desk_of};
use crate::home::Home;
use crate::tui::stage::Stage;

const DAY: &str = "2022-11-20";

/// Something that is typed: how it is opened, the keys up to the end of its first field, what that holds then, and the
/// keys of the field in hand.
struct Kind {
    name: &'static str,
    role: Role,
    open: fn(&mut Desk) -> Box<dyn Screen<Desk>>,
    left: &'static str,
    holds: &'static str,
    in_hand: &'static str,
    says: &'static str,
}

fn today(desk: &mut Desk) -> Box<dyn Screen<Desk>> {
    Box::new(Today::open(desk))
}

fn file(desk: &mut Desk) -> Box<dyn Screen<Desk>> {
    Box::new(FileScreen::open(desk, household(1), Some(Name::new("housing"))).unwrap())
}

fn withdrawal(desk: &mut Desk) -> Box<dyn Screen<Desk>> {
    let number = Answer::Value(Value::Quantity(Quantity::whole(1)));
    let about = (Name::new("change"), number);
    Box::new(FormScreen::open_about(desk, household(1), Name::new("withdraw"), about).unwrap().unwrap())
}

fn kinds() -> Vec<Kind> {
    let kind = |name, open, left, holds, in_hand, says| Kind {
        name,
        role: Role::Coordinator,
        open,
        left,
        holds,
        in_hand,
        says,
    };
    let mut kinds = vec![
        kind(
            "a problem in a visit",
            |desk| Box::new(Visit::new(desk)),
            "! <西屋漏雨> Enter",
            "西屋漏雨",
            "<村委会主任>",
            "村委会主任",
        ),
        kind(
            "an event",
            |desk| Box::new(Life::open(desk, household(1)).unwrap()),
            "<出生> Enter <11-10> Enter",
            "2022-11-10",
            "<张小雪>",
            "张小雪",
        ),
        kind("a withdrawal", withdrawal, "<录到别户> Enter", "录到别户", "1", "录到别户"),
        kind("a row of the file", file, "e <80.5> Enter", "80.5", "Enter", "80.5"),
        kind("one field of the file", file, "Enter <80.5> Tab", "80.5", "<11-10>", "2022-11-10"),
        kind(
            "the end of a task",
            today,
            "Tab End Up Enter Enter <11-19> Enter",
            "2022-11-19",
            "<村委会修好>",
            "村委会修好",
        ),
        kind("an exemption", today, "F6 x 1 Enter", "豁免原因", "<等核实>", "等核实"),
        kind("a reason", today, "F6 a", "", "<等核实>", "等核实"),
        kind("the settings", today, "F11 ctrl-delete <王桂兰> Enter", "王桂兰", "Enter ctrl-delete <新桥村>", "新桥村"),
        kind("somebody new", today, "ctrl-n Enter <王芳> Enter", "王芳", "2", "王芳"),
    ];
    kinds.push(Kind {
        role: Role::Secretary,
        ..kind("a return", |desk| Box::new(Review::open(desk)), "x", "", "<工资对不上>", "工资对不上")
    });
    kinds
}

fn home() -> Home {
    let home = Home::of("2022-10-08", &FAMILIES);
    home.lay_checks(CHECKS);
    let mut workspace = home.open(DAY);
    let edit = json!({"form": "edit", "household": "4199991012010001", "id": "e1", "happened_on": "2022-11-10",
        "changes": [{"section": "income", "field": "wages", "new": 3_100_000}]});
    workspace.record(&edit).unwrap();
    home
}

fn open(home: &Home, role: Role, screen: fn(&mut Desk) -> Box<dyn Screen<Desk>>) -> Stage<Desk> {
    let mut workspace = home.open(DAY);
    let name = if role == Role::Secretary { "周明" } else { "李桂枝" };
    workspace.sit_down(Author { name: name.into(), role }).unwrap();
    let mut desk = Desk::new(workspace);
    let screen = screen(&mut desk);
    Stage::new(desk, screen, (80, 24))
}

/// Opens the program again, finds what is half filled as the first thing, and goes on with it.
fn resumed(home: &Home, kind: &Kind) -> String {
    let mut stage = open(home, kind.role, today);
    let first = stage.lines().into_iter().find(|line| line.contains('▸')).unwrap_or_default();
    assert!(first.contains("没存"), "{}: {}", kind.name, stage.screen());
    stage.press("Enter").screen()
}

#[test]
fn a_kill_loses_at_most_the_field_in_hand_and_a_dropped_line_not_even_that() {
    for kind in kinds() {
        let home = home();
        let mut stage = open(&home, kind.role, kind.open);
        stage.press(kind.left);
        if !kind.holds.is_empty() {
            stage.press(kind.in_hand);
            let screen = resumed(&killed(&home), &kind);
            assert!(screen.contains(kind.holds), "{} after a kill:\n{screen}", kind.name);
        } else {
            stage.press(kind.in_hand);
        }
        stage.hang_up();
        let screen = resumed(&home, &kind);
        for text in [kind.holds, kind.says] {
            assert!(screen.contains(text), "{} after a dropped line lacks {text}:\n{screen}", kind.name);
        }
    }
}

#[test]
fn where_nothing_is_half_filled_nothing_is_shown_and_what_nobody_wants_is_thrown_away_when_asked() {
    let home = home();
    assert!(!desk_of(&home, DAY, (80, 24)).screen().contains("没存"));
    for kind in kinds() {
        let home = self::home();
        let mut stage = open(&home, kind.role, kind.open);
        stage.press(kind.left).press(kind.in_hand);
        stage.hang_up();
        let mut stage = open(&home, kind.role, today);
        let asked = stage.press("x").screen();
        assert!(asked.contains("丢掉没存的"), "{}: {asked}", kind.name);
        let left = stage.press("Enter x Tab Enter").screen();
        assert!(left.contains("没存的丢掉了") && !left.contains("份没存"), "{}: {left}", kind.name);
    }
}

#[test]
fn a_form_that_was_only_looked_at_is_not_half_filled() {
    let home = home();
    let mut stage = open(&home, Role::Coordinator, |desk| Box::new(Life::open(desk, household(1)).unwrap()));
    stage.press("<出生> Enter Esc");
    drop(stage);
    let mut stage = open(&home, Role::Coordinator, |desk| Box::new(Visit::new(desk)));
    stage.press("Tab Enter Enter Esc");
    stage.hang_up();
    let screen = desk_of(&home, DAY, (80, 24)).screen();
    assert!(!screen.contains("没存"), "{screen}");
}

#[test]
fn drafts_of_two_rows_stand_beside_each_other() {
    let home = home();
    let mut stage = open(&home, Role::Coordinator, file);
    stage.press("e <80.5> Enter Esc");
    drop(stage);
    let mut stage = open(&home, Role::Coordinator, |desk| {
        Box::new(FileScreen::open(desk, household(1), Some(Name::new("water"))).unwrap())
    });
    let screen = stage.press("e").screen();
    assert!(!screen.contains("80.5"), "another row begins by itself\n{screen}");
    drop(stage);
    let mut stage = open(&home, Role::Coordinator, file);
    assert!(stage.press("e").screen().contains("80.5"));
}
