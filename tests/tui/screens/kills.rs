//! A typed session that is killed after every key: what a draft holds then, and what the screen shows when it is opened
//! again.

use std::path::Path;

use hudang::domain::{HouseholdId, Name};
use hudang::tui::desk::Desk;
use serde_json::Value;

use crate::home::Home;
use crate::tui::stage::Stage;

/// A form that is typed.
pub struct Typed<'a> {
    pub day: &'a str,
    pub household: HouseholdId,
    pub form: &'a str,
    /// Opens it on a home, as somebody does who comes back.
    pub open: &'a dyn Fn(&Home) -> Stage<Desk>,
}

impl Typed<'_> {
    /// Types a session field by field, each with what the draft must hold once the field is left. After every key a
    /// kill leaves all earlier fields; after every field, whoever opens it again sees the same screen.
    pub fn loses_at_most_a_field(&self, home: &Home, session: &[(&str, &str)]) {
        let mut stage = (self.open)(home);
        let mut kept: Vec<String> = Vec::new();
        for (keys, wanted) in session {
            for key in single_keys(keys) {
                stage.press(&key);
                let said = self.answered(&killed(home));
                for one in &kept {
                    assert!(said.contains(one), "{one} was kept before {key} of {keys}, and is lost: {said:?}");
                }
            }
            let after = killed(home);
            kept = self.answered(&after);
            assert!(kept.iter().any(|one| one.contains(wanted)), "{keys} was left, and {wanted} is not in {kept:?}");
            let body = |screen: Vec<String>| screen[2..22].to_vec();
            assert_eq!(body((self.open)(&after).lines()), body(stage.lines()), "after {keys}");
        }
    }

    fn answered(&self, home: &Home) -> Vec<String> {
        let mut said = Vec::new();
        if let Some(draft) = home.open(self.day).draft(self.household, Name::new(self.form)) {
            leaves(&serde_json::to_value(&draft.filled).unwrap(), "", &mut said);
        }
        said
    }
}

/// What is answered in a draft: the values in it by their path.
fn leaves(value: &Value, path: &str, into: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(id, value)| leaves(value, &format!("{path}/{id}"), into)),
        Value::Array(values) => values.iter().for_each(|value| leaves(value, path, into)),
        Value::Null => {}
        Value::String(text) if text.is_empty() => {}
        value => into.push(format!("{path}={value}")),
    }
}

/// The home as a kill at this instant would leave it.
pub fn killed(home: &Home) -> Home {
    let dir = tempfile::tempdir().unwrap();
    copy(home.dir.path(), dir.path());
    Home { dir }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() { copy(&from, &to) } else { _ = std::fs::copy(&from, &to).unwrap() }
    }
}

fn single_keys(keys: &str) -> Vec<String> {
    keys.split(' ')
        .flat_map(|word| match word.strip_prefix('<').and_then(|text| text.strip_suffix('>')) {
            Some(text) => text.chars().map(|letter| format!("<{letter}>")).collect(),
            None => vec![word.to_owned()],
        })
        .collect()
}
