//! The README shows the keys as they are bound and the screens as the tests see them.

use std::path::{Path, PathBuf};

use hudang::tui::keymap::{Keymap, table};

const KEYS: &str = "<!-- keys: generated from src/tui/actions.rs and keymaps/default.toml -->\n";
const END_OF_KEYS: &str = "<!-- end of keys -->";
const SCREEN: &str = "<!-- screen: ";

/// The snapshot files there are.
fn snapshots(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            snapshots(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "snap") {
            found.push(path);
        }
    }
}

/// What a snapshot holds, below its header.
fn screen(name: &str, snapshots: &[PathBuf]) -> String {
    let ending = format!("__{name}.snap");
    let mut named = snapshots.iter().filter(|path| path.to_string_lossy().ends_with(&ending));
    let (Some(path), None) = (named.next(), named.next()) else { panic!("there is not one snapshot {name}") };
    let text = std::fs::read_to_string(path).unwrap();
    let screen = text.splitn(3, "---\n").nth(2).unwrap();
    // Where the cursor is, a test wants to know.
    screen.split("\n光标").next().unwrap_or_default().trim_end().to_owned()
}

/// The text with each marked screen as it is now.
fn with_screens(readme: &str, snapshots: &[PathBuf]) -> String {
    let mut parts = readme.split(SCREEN);
    let mut made = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(" -->\n").expect("a marker ends with its line");
        let after = match rest.strip_prefix("\n```text\n") {
            Some(shown) => shown.split_once("\n```\n").expect("a screen ends").1,
            None => rest,
        };
        made.push_str(&format!("{SCREEN}{name} -->\n\n```text\n{}\n```\n{after}", screen(name, snapshots)));
    }
    made
}

/// The text with the table of keys as it is now.
fn with_keys(readme: &str) -> String {
    let (before, rest) = readme.split_once(KEYS).expect("README.md has a place for the keys");
    let (_, after) = rest.split_once(END_OF_KEYS).expect("README.md says where the keys end");
    let live = table::markdown(&Keymap::shipped("default").unwrap());
    format!("{before}{KEYS}\n{live}\n{END_OF_KEYS}{after}")
}

const LIMITS: &str = "<!-- limits: generated from src/domain/limits.rs -->\n";
const END_OF_LIMITS: &str = "<!-- end of limits -->";

/// The text with the table of limits as it is in the code.
fn with_limits(readme: &str) -> String {
    let (before, rest) = readme.split_once(LIMITS).expect("README.md has a place for the limits");
    let (_, after) = rest.split_once(END_OF_LIMITS).expect("README.md says where the limits end");
    let rows: Vec<String> = hudang::domain::limits::TABLE
        .iter()
        .map(|(what, most)| format!("| {what} | {} |", hudang::domain::limits::in_words(*most)))
        .collect();
    format!("{before}{LIMITS}\n| 什么 | 最多 |\n| --- | --- |\n{}\n\n{END_OF_LIMITS}{after}", rows.join("\n"))
}

#[test]
fn the_readme_shows_keys_and_screens_as_they_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    snapshots(&root.join("tests"), &mut found);
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let live = with_limits(&with_keys(&with_screens(&readme, &found)));
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(root.join("README.md"), live).unwrap();
    } else {
        assert!(readme == live, "README.md shows other keys or screens; run: UPDATE_README=1 cargo test readme");
    }
}
