//! What goes over a slow line: bytes that the program sends for a key, counted in a real pseudo-terminal.

use std::path::Path;

use super::pty::{Answers, Pty};
use crate::home::Home;

const F3: &str = "\x1bOR";
const DOWN: &str = "\x1b[B";
/// How many rows the cursor is moved.
const MOVES: usize = 10;

fn start(home: &Path, words: &[&str]) -> Pty {
    let command = std::iter::once(env!("CARGO_BIN_EXE_hudang")).chain(words.iter().copied());
    let environment = [("HUDANG_HOME", home.to_str().unwrap()), ("HOME", home.to_str().unwrap()), ("LANG", "C.UTF-8")];
    Pty::start(command, &environment, (80, 24), Answers::Rightly)
}

/// How many bytes were sent up to here; a key that does nothing comes after all that went before.
fn sent(pty: &mut Pty, key: &str) -> usize {
    pty.send(key).wait_for(&format!("这里不用 {key} 键")).sent().len()
}

/// Bytes for one move of the cursor in the list of households, and for opening a file.
fn counted(pty: &mut Pty) -> (usize, usize) {
    pty.send(F3).wait_for("走访 筛查 过期");
    let from = sent(pty, "!");
    let first = pty.contents().lines().position(|line| line.starts_with('▸')).unwrap();
    for row in first + 1..=first + MOVES {
        pty.send(DOWN).wait_until_line(row, "▸");
    }
    let moved = (sent(pty, "#") - from) / MOVES;
    let from = sent(pty, "!");
    pty.send("\r").wait_for("户档 · ").wait_for("家庭成员");
    (moved, sent(pty, "#") - from)
}

#[test]
fn a_key_in_the_sample_costs_few_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let (moved, opened) = counted(start(folder.path(), &["demo"]).wait_for("先做这些"));
    println!("{moved} bytes a move, {opened} a file");
    assert!(moved < 400 && opened < 6_000, "{moved} {opened}");
}

#[test]
fn a_key_in_a_countys_list_costs_few_bytes() {
    let (_folder, home) = super::screens::county::on_disk();
    let mut pty = start(&home, &["--today", "2022-11-20", "--as", "周敏", "--role", "county"]);
    pty.wait_for("全部村").send(F3).wait_for("柳树沟村");
    let from = sent(&mut pty, "!");
    let first = pty.contents().lines().position(|line| line.starts_with('▸')).unwrap();
    for row in first + 1..=first + 6 {
        pty.send(DOWN).wait_until_line(row, "▸");
    }
    let moved = (sent(&mut pty, "#") - from) / 6;
    println!("{moved} bytes a move");
    assert!(moved < 400, "{moved}");
}

#[test]
fn a_key_among_long_chinese_names_costs_few_bytes() {
    let household = |at: usize| {
        format!(
            "address.group=石桥三组 class.class=脱贫户(享受政策) case.target=突发严重困难户 case.eliminated=否 \
             income.per_person={} members.{}.name=欧阳阿卜杜拉热合曼买买提江 members.{}.relation=户主 \
             tasks.1.what=西屋漏雨还没有人来修 tasks.1.due=2022-11-15",
            4_000 + at,
            2 * at + 1,
            2 * at + 1,
        )
    };
    let households: Vec<String> = (0..40).map(household).collect();
    let home = Home::of("2022-10-08", &households.iter().map(String::as_str).collect::<Vec<_>>());
    let words = ["--today", "2022-11-20", "--as", "李桂枝"];
    let (moved, opened) = counted(start(home.dir.path(), &words).wait_for("先做这些"));
    println!("{moved} bytes a move, {opened} a file");
    assert!(moved < 400 && opened < 6_000, "{moved} {opened}");
}
