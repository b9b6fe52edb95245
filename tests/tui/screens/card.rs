//! 明白卡 on the screen: what the paper shows, what hangs on the wall, and what is done with it.

use hudang::domain::Name;
use hudang::tui::desk::Desk;
use hudang::tui::screens::card::CardScreen;
use insta::assert_snapshot;

use super::family::{THREE_GENERATIONS, household, stage};
use super::{FAMILIES, file::HARDLY_KNOWN};
use crate::home::{Home, file, held};
use crate::tui::stage::Stage;

/// A household in monitoring, with measures and an old card on the wall.
const MONITORED: &str = "address.group=二组 class.class=一般农户 case.target=边缘易致贫户 case.risk1=因病 case.eliminated=否 \
     case.identified_on=2022-03-01 members.30.name=刘贵 members.30.relation=户主 members.30.sex=男 \
     members.30.birth_date=1958-07-01 members.31.name=阿卜杜拉热合曼·买买提吐尔逊江·艾克拜尔 members.31.relation=之婿 \
     income.per_person=5200 measures.1.kind=产业帮扶 measures.1.what=到户增收 measures.1.amount=3000 \
     measures.1.from=2022-04 helper.name=王科长 helper.phone=13800001111 card.year=2021 card.posted_on=2021-05-02";

fn card(serial: u32, size: (u16, u16)) -> (Home, Stage<Desk>) {
    stage(&[THREE_GENERATIONS, MONITORED, HARDLY_KNOWN, FAMILIES[3]], size, move |desk| {
        Box::new(CardScreen::open(desk, household(serial)).unwrap())
    })
}

#[test]
fn cards_at_both_sizes() {
    for size in [(80, 24), (120, 40)] {
        for (serial, what) in [(1, "relieved"), (2, "monitored"), (3, "hardly_known")] {
            let (_home, mut stage) = card(serial, size);
            assert_snapshot!(format!("card_{what}_{}", size.0), stage.screen());
            if size.0 == 80 {
                assert_snapshot!(format!("card_{what}_80_end"), stage.press("End").screen());
            }
        }
    }
}

#[test]
fn nothing_of_a_long_name_is_lost() {
    let (_home, stage) = card(2, (80, 24));
    let letters: String = stage.lines().concat().split_whitespace().collect();
    // The name goes over several lines of its column, each letter of it there.
    for part in ["阿卜杜拉热", "艾克拜尔"] {
        assert!(letters.contains(part) || part.chars().all(|letter| letters.contains(letter)), "{letters}");
    }
    assert!(!stage.lines().iter().any(|line| line.contains("阿卜…")), "{}", stage.screen());
}

#[test]
fn a_card_put_up_today_is_what_a_person_says_and_can_be_taken_back() {
    let (home, mut stage) = card(2, (80, 24));
    assert!(stage.screen().contains("墙上：2021年的卡，2021-05-02贴，比户档旧了，要换"), "{}", stage.screen());
    let screen = stage.press("t").screen();
    assert!(
        screen.contains("已记下第5号") && screen.contains("墙上：2022年的卡，2022-11-20贴，和户档一样新"),
        "{screen}"
    );
    assert!(stage.press("ctrl-z").screen().contains("墙上：2021年的卡"), "{}", stage.screen());
    stage.press("ctrl-d");
    drop(stage);
    let workspace = home.open("2022-11-20");
    assert_eq!(held(&workspace, 2, "card.year"), "2022");
    assert_eq!(held(&workspace, 2, "card.posted_on"), "2022-11-20");
    let acts = workspace.acts_of(&file(&workspace, 2)).unwrap();
    assert_eq!(acts.last().unwrap().kind, Name::new("edit"));
}

#[test]
fn a_card_is_printed_and_the_screen_says_where() {
    let (home, mut stage) = card(1, (80, 24));
    let screen = stage.press("p").screen();
    let pages: Vec<_> = std::fs::read_dir(home.dir.path().join("papers")).unwrap().flatten().collect();
    let [page] = pages.as_slice() else { panic!("{pages:?}") };
    let shown: String = screen.lines().map(str::trim).collect();
    assert!(shown.contains(&page.path().display().to_string()), "{screen}");
    assert!(std::fs::read_to_string(page.path()).unwrap().contains("张三顺"));
}

#[test]
fn from_the_card_to_the_file_and_on_to_the_next() {
    let (_home, mut stage) = card(2, (80, 24));
    assert!(stage.press("e").line(0).starts_with(" 户档 · 刘贵"), "{}", stage.screen());
    assert!(stage.press("Esc").line(0).starts_with(" 明白卡 · 刘贵"));
    assert!(stage.press("n").line(0).starts_with(" 明白卡 · 张三顺"), "{}", stage.screen());
    assert!(stage.press("b").line(0).starts_with(" 明白卡 · 刘贵"));
    let (_home, mut stage) = stage_of_file();
    assert!(stage.press("c").line(0).starts_with(" 明白卡 · 张三顺"), "{}", stage.screen());
    stage.press("Esc");
    assert!(stage.press("F8").line(0).starts_with(" 明白卡"), "a key that works with the input method on");
}

fn stage_of_file() -> (Home, Stage<Desk>) {
    use hudang::tui::screens::file::FileScreen;
    stage(&[THREE_GENERATIONS], (80, 24), |desk| Box::new(FileScreen::open(desk, household(1), None).unwrap()))
}
