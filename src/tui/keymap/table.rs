//! The live key table on paper: for `hudang keys`, for scripts, and for the README.

use serde_json::{Value, json};

use super::{Chord, Keymap, chord};
use crate::tui::actions::{Row, TABLE};
use crate::tui::context::Context;
use crate::tui::text::{left, width};

/// One line of the table.
struct Line {
    context: Context,
    row: &'static Row,
    keys: Vec<Chord>,
}

/// Layer by layer; an action without a key stands where it works.
fn lines(keymap: &Keymap) -> Vec<Line> {
    let mut lines = Vec::new();
    for context in Context::ALL {
        for row in TABLE {
            let bound = keymap.layer(context).iter().filter(|(_, action)| *action == row.action);
            let keys: Vec<Chord> = bound.map(|(chord, _)| *chord).collect();
            let is_unbound =
                Context::ALL.iter().all(|other| keymap.layer(*other).iter().all(|(_, action)| *action != row.action));
            if !keys.is_empty() || (is_unbound && row.contexts.first() == Some(&context)) {
                lines.push(Line { context, row, keys });
            }
        }
    }
    lines
}

fn shown(keys: &[Chord]) -> Vec<String> {
    keys.iter().map(|key| chord::show(*key)).collect()
}

/// The table for a person.
pub fn text(keymap: &Keymap) -> String {
    let lines = lines(keymap);
    let keys: Vec<String> = lines.iter().map(|line| shown(&line.keys).join("  ")).collect();
    let keys_width = keys.iter().map(|keys| width(keys)).max().unwrap_or_default();
    let names_width = TABLE.iter().map(|row| row.name.len()).max().unwrap_or_default();
    let mut text = format!("键位：{}\n", keymap.label());
    let mut context = None;
    for (line, keys) in lines.iter().zip(keys) {
        if context != Some(line.context) {
            context = Some(line.context);
            text.push_str(&format!("\n{}  [{}]\n", line.context.label(), line.context.name()));
        }
        let (keys, name) = (left(&keys, keys_width), left(line.row.name, names_width));
        text.push_str(&format!("  {keys}  {name}  {}\n", line.row.says));
    }
    text
}

/// The table for a script; keys are written as a keymap writes them.
pub fn json(keymap: &Keymap) -> Value {
    let keys: Vec<Value> = lines(keymap)
        .iter()
        .map(|line| {
            let keys: Vec<String> = line.keys.iter().map(|key| chord::write(*key)).collect();
            json!({
                "context": line.context.name(),
                "action": line.row.name,
                "label": line.row.label,
                "description": line.row.says,
                "keys": keys,
            })
        })
        .collect();
    json!({ "keymap": keymap.label(), "keys": keys })
}

/// The table for the README.
pub fn markdown(keymap: &Keymap) -> String {
    let mut text = "| 在哪里 | 键 | 动作 | 做什么 |\n| --- | --- | --- | --- |\n".to_owned();
    for line in lines(keymap) {
        let keys: Vec<String> = shown(&line.keys).iter().map(|key| format!("`{key}`")).collect();
        let (context, row) = (line.context.label(), line.row);
        text.push_str(&format!("| {context} | {} | `{}` {} | {} |\n", keys.join(" "), row.name, row.label, row.says));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_in_the_table() {
        let keymap = Keymap::from_text("x", "[global]\n\"ctrl-y\" = \"none\"\n").unwrap();
        let table = json(&keymap);
        let names: Vec<&str> =
            table["keys"].as_array().unwrap().iter().map(|k| k["action"].as_str().unwrap()).collect();
        for row in TABLE {
            assert!(names.contains(&row.name), "{}", row.name);
        }
        let backup = table["keys"].as_array().unwrap().iter().find(|key| key["action"] == "backup").unwrap();
        assert_eq!(backup["keys"], json!([]));
        assert!(text(&keymap).contains("  F1  ?  Ctrl-K"));
    }

    #[test]
    fn the_keys_can_be_put_into_a_keymap_again() {
        let table = json(&Keymap::shipped("emacs").unwrap());
        for key in table["keys"].as_array().unwrap() {
            for written in key["keys"].as_array().unwrap() {
                assert!(chord::parse(written.as_str().unwrap()).is_ok(), "{written}");
            }
        }
    }
}
