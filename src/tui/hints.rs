//! The hint line: which of a screen's actions have a key just now, and where in the line they stand.

use super::actions::Action;
use super::context::Context;
use super::keymap::{Keymap, chord};
use super::screen::Hint;
use super::text::width;

/// A hint with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub action: Action,
    pub key: String,
    pub label: String,
    /// Columns and rows from the corner of the hint area.
    pub x: u16,
    pub y: u16,
}

impl Placed {
    pub fn width(&self) -> u16 {
        (width(&self.key) + 1 + width(&self.label)) as u16
    }
}

const GAP: u16 = 2;
const MARGIN: u16 = 1;

/// Lays out what fits, the most useful first; help always fits.
pub(super) fn lay_out(hints: &[Hint], keymap: &Keymap, contexts: &[Context], columns: u16, rows: u16) -> Vec<Placed> {
    let mut wanted: Vec<Placed> = Vec::new();
    let help = Hint::of(Action::Help);
    for hint in hints.iter().filter(|hint| hint.action != Action::Help).chain([&help]) {
        let is_new = wanted.iter().all(|other| other.action != hint.action);
        if let Some(key) = keymap.keys(hint.action, contexts).first()
            && is_new
        {
            wanted.push(Placed { action: hint.action, key: chord::show(*key), label: hint.label.clone(), x: 0, y: 0 });
        }
    }
    let Some(help) = wanted.pop() else { return wanted };
    let mut placed = Vec::new();
    let (mut x, mut y) = (MARGIN, 0);
    for mut hint in wanted {
        let is_last_row = y + 1 == rows;
        let room = columns.saturating_sub(if is_last_row { help.width() + GAP } else { 0 });
        if x + hint.width() > room {
            if is_last_row {
                break;
            }
            (x, y) = (MARGIN, y + 1);
        }
        (hint.x, hint.y) = (x, y);
        x += hint.width() + GAP;
        placed.push(hint);
    }
    if x + help.width() > columns && y + 1 < rows {
        (x, y) = (MARGIN, y + 1);
    }
    placed.push(Placed { x, y, ..help });
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(columns: u16, rows: u16, contexts: &[Context], hints: &[Hint]) -> String {
        let keymap = Keymap::shipped("default").unwrap();
        let placed = lay_out(hints, &keymap, contexts, columns, rows);
        assert!(placed.iter().all(|hint| hint.x + hint.width() <= columns && hint.y < rows), "{placed:?}");
        placed.iter().map(|hint| format!("{} {}", hint.key, hint.label)).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn help_always_fits() {
        let contexts = [Context::Visit, Context::List, Context::Global];
        let hints = Hint::of_layer(&contexts);
        assert_eq!(labels(30, 1, &contexts, &hints), "= 与档一致|c 变|F1 帮助");
        assert!(labels(30, 2, &contexts, &hints).starts_with("= 与档一致|c 变|! 问题|- 没看到|"));
        assert!(labels(200, 1, &contexts, &hints).ends_with("|F1 帮助"));
    }

    #[test]
    fn while_text_is_typed_only_keys_that_work_then() {
        let over = [Context::Households, Context::List, Context::Global];
        let typing = [Context::Households, Context::List, Context::Text, Context::Global];
        let hints = [Hint::named(Action::Visit, "走访"), Hint::of(Action::Filter)];
        assert_eq!(labels(80, 1, &over, &hints), "v 走访|f 条件|F1 帮助");
        assert_eq!(labels(80, 1, &typing, &hints), "Ctrl-G 走访|Ctrl-D 条件|F1 帮助");
    }
}
