//! Village and county, each a home of its own, with files going to and fro between them.

mod bad_input;
mod first_contact;
mod forger;
mod hurt;
pub mod in_process;
mod many;
mod properties;
mod restored;
mod round_trip;
mod sides;

use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use crate::commands::{Ran, edit, village};
use crate::home::Home;

/// A village's home, a county's, and the folder in which files lie between them.
pub struct Both {
    pub village: Home,
    pub county: tempfile::TempDir,
    pub post: tempfile::TempDir,
}

impl Both {
    pub fn new() -> Self {
        Self { village: village(), county: tempfile::tempdir().unwrap(), post: tempfile::tempdir().unwrap() }
    }

    pub fn at_village(&self, words: &[&str]) -> Ran {
        run_as(self.village.dir.path(), "李桂枝", "coordinator", words, b"")
    }

    pub fn at_county(&self, words: &[&str]) -> Ran {
        run_as(&self.county_home(), "周敏", "county", words, b"")
    }

    pub fn county_home(&self) -> PathBuf {
        self.county.path().join("home")
    }

    /// A correction of one field, typed where the home is.
    pub fn edit(&self, home: &Path, household: &str, section: &str, field: &str, new: impl Into<Json>) -> Json {
        let form = edit(None, household, section, field, new).to_string();
        let (who, role) =
            if home == self.village.dir.path() { ("李桂枝", "coordinator") } else { ("周敏", "county") };
        let ran = run_as(home, who, role, &["--json", "record", "-"], form.as_bytes());
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        ran.json()["accepted"][0].clone()
    }

    /// The village's next set, plain, so that it can be looked into.
    pub fn export(&self) -> (String, PathBuf) {
        let ran = self.at_village(&["--json", "changes", "export", "--plain", "--out", path(self.post.path())]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let json = ran.json();
        (json["set"].as_str().unwrap().to_owned(), PathBuf::from(json["file"].as_str().unwrap()))
    }

    /// The county's next receipt.
    pub fn receipt(&self, name: &str) -> PathBuf {
        let file = self.post.path().join(name);
        let ran = self.at_county(&["--json", "changes", "receipt", "--rest-taken", "--plain", "--out", path(&file)]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert_eq!(ran.json()["file"], json!(file));
        file
    }

    pub fn apply(&self, file: &Path) -> Ran {
        self.at_county(&["--json", "changes", "apply", "--trust-new", path(file)])
    }

    pub fn accept(&self, file: &Path) -> Ran {
        self.at_village(&["--json", "changes", "accept-receipt", "--trust-new", path(file)])
    }

    /// Every file as both sides print it must be the same bytes.
    pub fn assert_same_files(&self) {
        let of = |home: &Path| {
            let list = run_as(home, "谁", "county", &["--json", "list"], b"").json();
            let households: Vec<String> =
                list.as_array().unwrap().iter().map(|row| row["household"].as_str().unwrap().to_owned()).collect();
            let show =
                |number: &String| run_as(home, "谁", "county", &["--json", "show", number, "--history"], b"").out;
            households.iter().map(|number| (number.clone(), show(number))).collect::<Vec<_>>()
        };
        let (village, county) = (of(self.village.dir.path()), of(&self.county_home()));
        assert!(!village.is_empty());
        assert_eq!(village, county);
    }

    /// The state of every change that is no roster's, by number, as one side tells it.
    pub fn states(&self, home: &Path) -> Vec<(u64, String)> {
        let list = run_as(home, "谁", "county", &["--json", "changes", "list"], b"").json();
        let line = |line: &Json| Some((line["number"].as_u64()?, line["state"].as_str()?.to_owned()));
        list.as_array().unwrap().iter().filter(|it| it["role"] != "roster").filter_map(line).collect()
    }
}

pub fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The program on a home, as somebody.
pub fn run_as(home: &Path, who: &str, role: &str, words: &[&str], input: &[u8]) -> Ran {
    let mut all = vec!["--role", role];
    all.extend_from_slice(words);
    crate::commands::run_by(home, who, &all, input)
}
