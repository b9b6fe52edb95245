//! The program itself, started in a terminal of its own.

use std::path::Path;

use super::pty::{Answers, Pty};

const SIZE: (u16, u16) = (80, 24);

/// The program with these words, all its files below one folder.
fn start(folder: &Path, words: &[&str]) -> Pty {
    let (home, temporary) = (folder.join("home"), folder.join("tmp"));
    std::fs::create_dir_all(&temporary).unwrap();
    let command = std::iter::once(env!("CARGO_BIN_EXE_hudang")).chain(words.iter().copied());
    let environment = [
        ("HUDANG_HOME", home.to_str().unwrap()),
        ("TMPDIR", temporary.to_str().unwrap()),
        ("HOME", folder.to_str().unwrap()),
    ];
    Pty::start(command, &environment, SIZE, Answers::Rightly)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    entries.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

#[test]
fn the_sample_lives_on_its_own_day_in_a_folder_that_nobody_else_reads_and_that_goes() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let mut pty = start(folder.path(), &["demo", "--today", "2023-01-05"]);
    pty.wait_for("11月20日 周日(示例)").wait_for("先做这些");
    let made = names(&folder.path().join("tmp"));
    assert!(made.len() == 1 && made[0].starts_with("hudang-demo-"), "{made:?}");
    let mode = std::fs::metadata(folder.path().join("tmp").join(&made[0])).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    pty.send("\x11");
    assert_eq!(pty.wait_for_give_back().wait_for_end(), 0);
    assert!(pty.contents().contains("示例村已收起"), "{}", pty.contents());
    assert!(names(&folder.path().join("tmp")).is_empty());
    assert!(!folder.path().join("home").exists(), "the person's own home is left alone");
}

/// As on a machine on which nobody has run it yet, typed as a terminal sends it.
#[test]
fn the_first_start_asks_and_goes_on_to_the_import_in_one_sitting() {
    let folder = tempfile::tempdir().unwrap();
    let mut pty = start(folder.path(), &["--today", "2022-11-20"]);
    pty.wait_for("[ 先看示例村 ]").send("\r").wait_for_cursor(Some((13, 6)));
    pty.send("李桂枝\r\r419999101201\r石桥村\r").wait_for("1 河北").send("\x1bOQ");
    pty.wait_for("导入 · 石桥村").wait_for("tmp/");
    pty.send("\x1b").wait_for("这个村还没有农户").send("\x11");
    assert_eq!(pty.wait_for_give_back().wait_for_end(), 0);
    assert!(pty.contents().contains("这次记了0件，变更都交县了。"), "{}", pty.contents());
    // Everything below the home is the person's own.
    use std::os::unix::fs::PermissionsExt;
    let journal = std::fs::metadata(folder.path().join("home/journal")).unwrap();
    assert_eq!(journal.permissions().mode() & 0o777, 0o700);
    // The second start asks nothing.
    start(folder.path(), &["--today", "2022-11-21"]).wait_for("今日 · 石桥村").wait_for("李桂枝(协管员)");
}

#[test]
fn whoever_only_looks_at_the_sample_has_no_store_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let mut pty = start(folder.path(), &[]);
    pty.wait_for("[ 先看示例村 ]").send("\x1b[C\r").wait_for("周日(示例)").wait_for("先做这些").send("\x11");
    assert_eq!(pty.wait_for_give_back().wait_for_end(), 0);
    assert!(names(&folder.path().join("tmp")).is_empty());
    assert!(!folder.path().join("home").exists());
    let mut pty = start(folder.path(), &[]);
    pty.wait_for("[ 先看示例村 ]").send("\x11");
    assert_eq!(pty.wait_for_give_back().wait_for_end(), 0);
    assert!(pty.contents().contains("还没有建户档。"), "{}", pty.contents());
}
