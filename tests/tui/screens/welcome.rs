//! 建户档: the first start, settings, and another person at the keyboard.

use hudang::domain::{Author, Role};
use hudang::tui::app::Ending;
use hudang::tui::newcomer::{Made, Newcomer};
use hudang::tui::screens::welcome::Welcome;
use insta::assert_snapshot;

use super::newcomer::{ANSWERS, Arrival};
use super::{FAMILIES, at_both_sizes, desk_of, stage};
use crate::tui::stage::Stage;

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

/// The first screen over a home that has a name to show and is never made.
fn shown(size: (u16, u16)) -> Stage<Newcomer> {
    let mut options = Arrival::new().options();
    options.home = "/home/guizhi/.local/share/hudang".into();
    let newcomer = Newcomer::new(options).unwrap();
    let first = Box::new(Welcome::open(&newcomer));
    Stage::new(newcomer, first, size)
}

#[test]
fn an_empty_home_is_no_fault() {
    for size in SIZES {
        let mut stage = shown(size);
        assert_snapshot!(format!("welcome_{}", size.0), stage.screen());
        assert_snapshot!(format!("welcome_form_{}", size.0), stage.press("Enter").screen());
        assert_snapshot!(format!("welcome_filled_{}", size.0), stage.press(ANSWERS).screen());
    }
}

#[test]
fn a_village_is_made_of_five_answers_and_a_roster_comes_next() {
    let arrival = Arrival::new();
    let mut welcome = arrival.welcome((80, 24));
    assert_eq!(welcome.press("Enter").press(ANSWERS).press("F2").ending(), Some(Ending::Left));
    let mut stage = arrival.after(welcome, (80, 24));
    assert!(stage.line(0).starts_with(" 导入 · 石桥村"), "{}", stage.screen());
    assert!(stage.press("Esc").line(0).starts_with(" 今日 · 石桥村"), "{}", stage.screen());
    drop(stage);
    let workspace = arrival.open();
    assert_eq!(workspace.author(), Some(&Author { name: "李桂枝".into(), role: Role::Coordinator }));
    assert_eq!(workspace.village_name(), Some("石桥村"));
    assert_eq!(workspace.village().unwrap().to_string(), "419999101201");
    assert_eq!(workspace.settings().policy, None, "blank goes by place and day");
}

#[test]
fn what_is_missing_or_wrong_is_said_at_its_field() {
    let mut stage = Arrival::new().welcome((80, 24));
    let screen = stage.press("Enter F2").screen();
    assert!(screen.contains("“姓名”要填"), "{screen}");
    let screen = stage.press("<李桂枝> Enter Enter <4199991012> Enter").screen();
    assert!(screen.contains("村代码应为12位数字"), "{screen}");
    assert_eq!(stage.press("F2").ending(), None);
    assert!(stage.press("F3").screen().contains("先建户档"), "there is nothing to open yet\n{}", stage.screen());
    assert!(stage.press("Esc").screen().contains("已经到头了"));
}

#[test]
fn a_home_that_cannot_be_written_is_said_and_nothing_typed_is_lost() {
    let arrival = Arrival::new();
    std::fs::write(arrival.path("home"), "a file where the home should be").unwrap();
    let mut stage = arrival.welcome((80, 24));
    let screen = stage.press("Enter").press(ANSWERS).press("F2").screen();
    assert!(screen.contains("没有建成") && screen.contains("建立户档失败"), "{screen}");
    let screen = stage.press("Enter").screen();
    assert!(screen.contains("石桥村") && stage.ending().is_none(), "{screen}");
}

#[test]
fn the_sample_may_come_first() {
    let arrival = Arrival::new();
    let mut stage = arrival.welcome((80, 24));
    assert_eq!(stage.press("Right Enter").ending(), Some(Ending::Left));
    let Some(Made::Sample(_)) = stage.into_world().made else { panic!("no sample") };
    assert!(!arrival.path("home").exists(), "her own home is still empty");
}

#[test]
fn what_was_asked_once_is_changed_in_the_settings() {
    for size in SIZES {
        let (home, mut stage) = stage(&FAMILIES[..1], "2022-11-20", size);
        stage.press("ctrl-e");
        let screen = stage.screen().replace(&home.dir.path().display().to_string(), "/家");
        assert_snapshot!(format!("settings_{}", size.0), screen);
    }
    let (home, mut stage) = stage(&FAMILIES[..1], "2022-11-20", (80, 24));
    let backups = home.dir.path().join("盘");
    std::fs::create_dir(&backups).unwrap();
    stage.press("ctrl-e ctrl-delete <王芳> Enter Right Enter ctrl-delete <石桥> Enter Right Enter Left Enter Enter");
    stage.paste("/没有插上/备份");
    assert!(stage.press("F2").screen().contains("没有这个文件夹（U盘插上了吗？）"), "{}", stage.screen());
    stage.press("ctrl-delete").paste(backups.to_str().unwrap());
    let screen = stage.press("Enter").screen();
    assert!(screen.contains("今日 · 石桥 ") && screen.contains("王芳(第一书记)"), "{screen}");
    assert!(screen.contains("设置已保存，现在按 "), "{screen}");
    drop(stage);
    let workspace = home.open("2022-11-20");
    let settings = workspace.settings();
    assert_eq!(settings.at_keyboard().unwrap().name, "王芳");
    assert!(settings.needs_approval);
    assert_eq!(settings.backups.as_ref(), Some(&backups));
    assert_eq!(
        settings.policy.as_deref(),
        Some(workspace.definitions().layers.iter().find(|layer| !layer.holds_everywhere()).unwrap().name.as_str())
    );
}

#[test]
fn two_people_change_places_with_two_keys() {
    let (home, mut stage) = stage(&FAMILIES[..1], "2022-11-20", (80, 24));
    let screen = stage.press("ctrl-n End Enter <王芳> Enter Right Enter").screen();
    assert!(screen.contains("王芳(第一书记)") && screen.contains("现在是王芳（第一书记）在录入"), "{screen}");
    at_both_sizes(stage.press("ctrl-n"), "people");
    assert!(stage.press("Enter").screen().contains("李桂枝(协管员)"), "{}", stage.screen());
    assert!(stage.press("ctrl-n Enter").screen().contains("王芳(第一书记)"), "{}", stage.screen());
    drop(stage);
    let names: Vec<String> =
        home.open("2022-11-20").settings().people.iter().map(|author| author.name.clone()).collect();
    assert_eq!(names, ["王芳", "李桂枝"], "the next start seats whoever sat here last");
}

#[test]
fn a_backup_is_read_back_and_its_folder_remembered() {
    let (home, mut stage) = stage(&FAMILIES[..2], "2022-11-20", (80, 24));
    let folder = home.dir.path().join("盘");
    std::fs::create_dir(&folder).unwrap();
    at_both_sizes(stage.press("ctrl-y"), "backup");
    assert!(stage.press("Enter").screen().contains("“备份到文件夹”要填"));
    let screen = stage.paste(folder.to_str().unwrap()).press("Enter").screen();
    assert!(screen.contains("已备份，读回核对无误"), "{screen}");
    assert!(stage.press("ctrl-y Enter").screen().contains("已备份"), "the folder is remembered");
    drop(stage);
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().flatten().map(|file| file.path()).collect();
    files.sort();
    assert_eq!(files.len(), 2, "the first backup is not written over");
    let other = tempfile::tempdir().unwrap();
    let restored = hudang::store::Store::restore(&files[0], &other.path().join("h"), &mut hudang::progress::Unwatched);
    assert_eq!(restored.unwrap().store.villages().len(), 1);
    let mut stage = desk_of(&home, "2022-11-20", (80, 24));
    std::fs::remove_dir_all(&folder).unwrap();
    let screen = stage.press("ctrl-y F2").screen();
    assert!(screen.contains("没有这个文件夹（U盘插上了吗？）"), "{screen}");
}
