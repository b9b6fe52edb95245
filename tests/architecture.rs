//! The picture in `src/lib.rs`, held against the code: an arrow that it does not have fails here.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Who may use whom, from the top of the picture down.
const ARROWS: &[(&str, &[&str])] = &[
    (
        "tui",
        &[
            "workspace",
            "exchange",
            "rules",
            "changes",
            "checks",
            "forms",
            "policy",
            "catalogue",
            "data",
            "progress",
            "domain",
        ],
    ),
    (
        "cli",
        &[
            "workspace",
            "exchange",
            "store",
            "rules",
            "changes",
            "checks",
            "forms",
            "policy",
            "catalogue",
            "data",
            "progress",
            "domain",
        ],
    ),
    (
        "workspace",
        &[
            "exchange",
            "store",
            "rules",
            "changes",
            "checks",
            "forms",
            "policy",
            "catalogue",
            "data",
            "progress",
            "domain",
        ],
    ),
    ("exchange", &["rules", "changes", "checks", "forms", "policy", "catalogue", "data", "progress", "domain"]),
    ("store", &["changes", "progress", "domain"]),
    ("rules", &["checks", "forms", "policy", "catalogue", "data", "domain"]),
    ("changes", &["domain"]),
    ("checks", &["policy", "catalogue", "data", "domain"]),
    ("forms", &["catalogue", "data", "domain"]),
    ("policy", &["catalogue", "data", "domain"]),
    ("catalogue", &["data", "domain"]),
    ("data", &[]),
    ("progress", &[]),
    ("domain", &[]),
];

/// Crates that are named in one place only.
const KEPT: &[(&str, &[&str])] = &[
    ("sled", &["store"]),
    ("bincode", &["store"]),
    ("ratatui", &["tui"]),
    ("crossterm", &["tui"]),
    ("fuzzy_matcher", &["workspace/rank.rs"]),
    ("calamine", &["exchange"]),
    ("ed25519_dalek", &["exchange/keys"]),
    ("rust_xlsxwriter", &["exchange"]),
    ("clap", &["cli", "main.rs"]),
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Each file with its path below `src` and its code without comments and without its tests.
fn code() -> Vec<(String, String)> {
    let mut paths = Vec::new();
    files(&source(), &mut paths);
    let read = |path: PathBuf| {
        let name = path.strip_prefix(source()).unwrap().to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&path).unwrap();
        let code: Vec<&str> = text
            .lines()
            .take_while(|line| line.trim() != "#[cfg(test)]")
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect();
        (name, code.join("\n"))
    };
    paths.into_iter().map(read).filter(|(name, _)| !name.ends_with("tests.rs")).collect()
}

/// The modules of ours that a text names as `crate::…`.
fn named(code: &str) -> BTreeSet<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(list) => {
                let list = list.split("};").next().unwrap_or_default();
                found.extend(list.split(',').map(|part| word(part.trim())).filter(|part| !part.is_empty()));
            }
            None => _ = found.insert(word(rest)),
        }
    }
    found
}

#[test]
fn no_arrow_is_missing_from_the_picture() {
    let mut wrong = Vec::new();
    for (file, code) in code() {
        let house = file.split(['/', '.']).next().unwrap_or_default().to_owned();
        if ["lib", "main", "build"].contains(&house.as_str()) {
            continue;
        }
        let (_, allowed) =
            ARROWS.iter().find(|(name, _)| *name == house).unwrap_or_else(|| panic!("{file} is in no room"));
        for other in named(&code) {
            if other != house && !allowed.contains(&other.as_str()) {
                wrong.push(format!("{file} uses {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_is_in_the_picture() {
    let essay = fs::read_to_string(source().join("lib.rs")).unwrap();
    for (room, _) in ARROWS.iter().filter(|(room, _)| !["data", "progress"].contains(room)) {
        assert!(essay.contains(&format!("{room}/")), "{room} is not drawn in src/lib.rs");
    }
}

#[test]
fn each_library_is_named_where_it_belongs() {
    let mut wrong = Vec::new();
    for (file, code) in code() {
        for (library, places) in KEPT {
            let used = code
                .lines()
                .any(|line| line.contains(&format!("{library}::")) || line.contains(&format!("use {library}")));
            if used && !places.iter().any(|place| file.starts_with(place)) {
                wrong.push(format!("{file} names {library}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_top_level_holds_what_was_agreed() {
    let agreed = [
        "Cargo.toml",
        "Cargo.lock",
        "src",
        "keymaps",
        "data",
        "tests",
        "benches",
        "README.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
    ];
    for entry in fs::read_dir(env!("CARGO_MANIFEST_DIR")).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        assert!(
            name.starts_with('.') || name == "target" || agreed.contains(&name.as_str()),
            "{name} at the top level"
        );
    }
}
