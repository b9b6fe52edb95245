//! What happens in life, entered as a coordinator enters it.

use hudang::tui::screens::life::Life;

use super::family::{THREE_GENERATIONS, household, stage};

#[test]
fn look() {
    let (_home, mut stage) =
        stage(&[THREE_GENERATIONS], (80, 24), |desk| Box::new(Life::open(desk, household(1)).unwrap()));
    println!("{}", stage.screen());
    println!("{}", stage.press("<2>").screen());
    println!("{}", stage.press("<-3> Enter <1>").screen());
    println!("{}", stage.press("Enter <1>").screen());
    println!("{}", stage.press("Enter Enter").screen());
    println!("{}", stage.press("F2").screen());
    stage.resize(120, 40);
    println!("{}", stage.screen());
    panic!();
}
