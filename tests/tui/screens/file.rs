//! 户档: a household's sections, fields edited where they stand, rows, history, and the way to the next one.

use hudang::tui::screens::file::FileScreen;

use super::family::{THREE_GENERATIONS, household, stage};

#[test]
fn look() {
    let (_home, mut stage) =
        stage(&[THREE_GENERATIONS], (80, 24), |desk| Box::new(FileScreen::open(desk, household(1), None).unwrap()));
    println!("{}", stage.screen());
    println!("{}", stage.press("Down Down Enter").screen());
    println!("{}", stage.press("Enter").screen());
    println!("{}", stage.press("Down Enter").screen());
    println!("{}", stage.press("<张小强> Enter").screen());
    println!("{}", stage.press("Tab <昨天> Enter").screen());
    println!("{}", stage.press("h").screen());
    println!("{}", stage.press("Tab Tab").screen());
    stage.press("Esc Esc Esc");
    println!("{}", stage.press("Down Down Down Enter").screen());
    println!("{}", stage.press("+").screen());
    stage.press("Esc Esc");
    stage.resize(120, 40);
    println!("{}", stage.screen());
    println!("{}", stage.press("Up Enter Enter").screen());
    panic!();
}
