//! The live keymap: which key means which action in which layer. Shipped in `keymaps/`, changed by a person's own file.

pub mod chord;
mod read;
pub mod table;
mod usable;

use std::collections::BTreeMap;
use std::path::Path;

use crate::data::BadData;
use crate::tui::actions::Action;
use crate::tui::context::Context;

pub use chord::Chord;
use read::Sheet;

/// The keymaps that the program brings along, by the name under which a file builds on them.
pub const SHIPPED: [(&str, &str); 3] = [
    ("default", include_str!("../../../keymaps/default.toml")),
    ("vim", include_str!("../../../keymaps/vim.toml")),
    ("emacs", include_str!("../../../keymaps/emacs.toml")),
];

/// Keys by layer.
#[derive(Clone, Debug)]
pub struct Keymap {
    label: String,
    layers: BTreeMap<Context, Vec<(Chord, Action)>>,
}

impl Keymap {
    /// A keymap that the program brings along: `default`, `vim` or `emacs`.
    pub fn shipped(name: &str) -> Result<Self, BadData> {
        let Some((_, text)) = SHIPPED.iter().find(|(shipped, _)| *shipped == name) else {
            let known = SHIPPED.map(|(shipped, _)| shipped).join("、");
            return Err(BadData::new(name, format!("没有这个键位表，有：{known}")));
        };
        Self::build(&Sheet::read(&format!("keymaps/{name}.toml"), text)?)
    }

    /// A person's own file, which adds to a shipped keymap, replaces its keys and unbinds them.
    pub fn from_file(path: &Path) -> Result<Self, BadData> {
        let file = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| BadData::new(&file, format!("读不了（{error}）")))?;
        let text = String::from_utf8(bytes).map_err(|_| BadData::new(&file, "不是 UTF-8 文本"))?;
        Self::from_text(&file, &text)
    }

    /// The same from its text.
    pub fn from_text(file: &str, text: &str) -> Result<Self, BadData> {
        let mut sheet = Sheet::read(file, text)?;
        sheet.based_on.get_or_insert_with(|| ("default".to_owned(), 1));
        Self::build(&sheet)
    }

    fn build(sheet: &Sheet) -> Result<Self, BadData> {
        let base = match &sheet.based_on {
            Some((name, line)) => {
                Self::shipped(name).map_err(|bad| BadData { file: sheet.file.clone(), line: Some(*line), ..bad })?
            }
            None => Self { label: sheet.file.clone(), layers: BTreeMap::new() },
        };
        let mut keymap = base.clone();
        for entry in &sheet.entries {
            let layer = keymap.layers.entry(entry.context).or_default();
            let bound = layer.iter_mut().find(|(chord, _)| *chord == entry.chord);
            match (bound, entry.action) {
                (Some(bound), Some(action)) => bound.1 = action,
                (None, Some(action)) => layer.push((entry.chord, action)),
                (_, None) => layer.retain(|(chord, _)| *chord != entry.chord),
            }
        }
        keymap.label = sheet.label.clone().unwrap_or(sheet.file.clone());
        usable::check(&keymap, &base, sheet)?;
        Ok(keymap)
    }

    /// Its name on the screen.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// What a key does where these layers apply, the first of them first.
    pub fn action(&self, chord: Chord, contexts: &[Context]) -> Option<Action> {
        contexts.iter().find_map(|context| {
            self.layer(*context).iter().find(|(bound, _)| *bound == chord).map(|(_, action)| *action)
        })
    }

    /// The keys that lead to an action where these layers apply; while text is typed, no plain characters.
    pub fn keys(&self, action: Action, contexts: &[Context]) -> Vec<Chord> {
        let typing = contexts.contains(&Context::Text);
        let mut keys: Vec<Chord> = Vec::new();
        for (chord, bound) in contexts.iter().flat_map(|context| self.layer(*context)) {
            let reaches = *bound == action && self.action(*chord, contexts) == Some(action);
            if reaches && !(typing && chord::typed(*chord).is_some()) && !keys.contains(chord) {
                keys.push(*chord);
            }
        }
        keys
    }

    /// The keys of one layer, in the order in which the files give them.
    pub fn layer(&self, context: Context) -> &[(Chord, Action)] {
        self.layers.get(&context).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Chord {
        chord::parse(text).unwrap()
    }

    #[test]
    fn every_shipped_keymap_loads() {
        for (name, _) in SHIPPED {
            let keymap = Keymap::shipped(name).unwrap_or_else(|bad| panic!("{bad}"));
            assert!(!keymap.label().is_empty());
        }
        assert!(Keymap::shipped("nano").unwrap_err().to_string().contains("default、vim、emacs"));
    }

    #[test]
    fn the_first_layer_wins() {
        let keymap = Keymap::shipped("default").unwrap();
        let visit = [Context::Visit, Context::Form, Context::Text, Context::Global];
        assert_eq!(keymap.action(key("f2"), &visit), Some(Action::Finish));
        assert_eq!(keymap.action(key("f2"), &[Context::Form, Context::Text, Context::Global]), Some(Action::Save));
        assert_eq!(keymap.action(key("f2"), &[Context::Global]), Some(Action::OpenCalendar));
    }

    #[test]
    fn a_file_adds_replaces_and_unbinds() {
        let text = "[global]\n\"f2\" = \"backup\"\n\"f12\" = \"help\"\n[list]\n\"G\" = \"last\"\n\"end\" = \"none\"\n";
        let keymap = Keymap::from_text("x", text).unwrap();
        let list = [Context::List, Context::Global];
        assert_eq!(keymap.action(key("f2"), &list), Some(Action::Backup));
        assert_eq!(keymap.action(key("f12"), &list), Some(Action::Help));
        assert_eq!(keymap.keys(Action::Last, &list), [key("G")]);
    }

    #[test]
    fn while_typing_a_letter_is_no_key() {
        let keymap = Keymap::shipped("default").unwrap();
        let over = [Context::Households, Context::List, Context::Global];
        let typing = [Context::Households, Context::List, Context::Text, Context::Global];
        assert!(keymap.keys(Action::Visit, &over).contains(&key("v")));
        assert!(!keymap.keys(Action::Visit, &typing).contains(&key("v")));
        assert!(!keymap.keys(Action::Visit, &typing).is_empty());
    }

    #[test]
    fn a_base_that_is_not_there_is_a_fault_of_the_file() {
        let fault = Keymap::from_text("x.toml", "\nbased_on = \"nano\"\n").unwrap_err();
        assert_eq!(fault.to_string(), "x.toml 第2行：没有这个键位表，有：default、vim、emacs");
    }
}
