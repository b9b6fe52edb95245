//! 明白卡 on the screen.

use hudang::tui::screens::card::CardScreen;

use super::family::{THREE_GENERATIONS, household, stage};

#[test]
fn look() {
    let (_home, mut stage) =
        stage(&[THREE_GENERATIONS], (80, 24), |desk| Box::new(CardScreen::open(desk, household(1)).unwrap()));
    println!("{}", stage.screen());
    println!("{}", stage.press("PageDown").screen());
    println!("{}", stage.press("t").screen());
    println!("{}", stage.press("p").screen());
    stage.resize(120, 40);
    println!("{}", stage.screen());
    panic!();
}
