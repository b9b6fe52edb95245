//! What every keymap must leave a person: a way back, a way out, and help, wherever she is, also while she types.

use super::Keymap;
use super::read::Sheet;
use crate::data::BadData;
use crate::tui::actions::Action;
use crate::tui::context::Context;

const NEEDED: [(Action, &str); 3] =
    [(Action::Back, "退回的键"), (Action::Quit, "离开的键"), (Action::Help, "帮助的键")];

/// Refuses a keymap that locks somebody in; the fault points at the line that took the last key away.
pub(super) fn check(keymap: &Keymap, base: &Keymap, sheet: &Sheet) -> Result<(), BadData> {
    for chain in Context::ALL.into_iter().flat_map(Context::chains) {
        for (action, what) in NEEDED {
            if !keymap.keys(action, &chain).is_empty() {
                continue;
            }
            let before = base.keys(action, &chain);
            let taken =
                sheet.entries.iter().find(|entry| chain.contains(&entry.context) && before.contains(&entry.chord));
            return Err(BadData {
                file: sheet.file.clone(),
                line: taken.map(|entry| entry.line),
                why: format!("在“{}”里没有{what}（{}）了", chain[0].label(), action.row().name),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_locked_in() {
        for (text, says) in [
            (
                "[global]\n\"f1\" = \"none\"\n\"?\" = \"none\"\n\"ctrl-k\" = \"undo\"\n",
                "x 第2行：在“到处”里没有帮助的键（help）了",
            ),
            ("[dialog]\n\"esc\" = \"open\"\n\"ctrl-w\" = \"open\"\n", "x 第2行：在“问话”里没有退回的键（back）了"),
            ("[visit]\n\"ctrl-q\" = \"finish\"\n", "x 第2行：在“走访”里没有离开的键（quit）了"),
        ] {
            assert_eq!(Keymap::from_text("x", text).unwrap_err().to_string(), says);
        }
    }

    #[test]
    fn a_letter_is_no_way_out_while_typing() {
        let text = "[global]\n\"ctrl-q\" = \"none\"\n\"q\" = \"quit\"\n";
        let fault = Keymap::from_text("x", text).unwrap_err();
        assert!(fault.why.contains("没有离开的键"), "{fault}");
    }
}
