//! A keymap file: a table a context, a line a key, `"ctrl-s" = "save"`; `"none"` unbinds.

use toml::de::{DeTable, DeValue};

use super::chord::{self, Chord};
use crate::data::BadData;
use crate::tui::actions::Action;
use crate::tui::context::Context;

/// What a keymap file says.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    /// The file, for faults.
    pub file: String,
    /// Its name on the screen.
    pub label: Option<String>,
    /// The keymap under it.
    pub based_on: Option<(String, usize)>,
    /// Its lines.
    pub entries: Vec<Entry>,
}

/// One line of a keymap file.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The layer.
    pub context: Context,
    /// The key.
    pub chord: Chord,
    /// What it does; nothing unbinds.
    pub action: Option<Action>,
    /// Where it stands, counted from 1.
    pub line: usize,
}

impl Sheet {
    /// Reads a file, and refuses what it cannot mean.
    pub fn read(file: &str, text: &str) -> Result<Self, BadData> {
        let reader = Reader { file, text };
        let table = DeTable::parse(text).map_err(|error| {
            reader.fault(error.span().map_or(0, |span| span.start), format!("写法不对（{}）", error.message()))
        })?;
        let mut sheet = Self { file: file.to_owned(), label: None, based_on: None, entries: Vec::new() };
        for (key, value) in table.get_ref() {
            let at = key.span().start;
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("label", DeValue::String(label)) => sheet.label = Some(label.to_string()),
                ("based_on", DeValue::String(base)) => sheet.based_on = Some((base.to_string(), reader.line(at))),
                (name, DeValue::Table(layer)) => {
                    let context = Context::named(name).ok_or_else(|| {
                        let known: Vec<_> = Context::ALL.iter().map(|context| context.name()).collect();
                        reader.fault(at, format!("没有“{name}”这一层，有：{}", known.join("、")))
                    })?;
                    reader.layer(context, layer, &mut sheet.entries)?;
                }
                (name, _) => return Err(reader.fault(at, format!("不认识“{name}”，应为 [层] 或 based_on"))),
            }
        }
        sheet.entries.sort_by_key(|entry| entry.line);
        Ok(sheet)
    }
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
}

impl Reader<'_> {
    fn line(&self, at: usize) -> usize {
        self.text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
    }

    fn fault(&self, at: usize, why: String) -> BadData {
        BadData { file: self.file.to_owned(), line: Some(self.line(at)), why }
    }

    fn layer(&self, context: Context, layer: &DeTable<'_>, entries: &mut Vec<Entry>) -> Result<(), BadData> {
        let first = entries.len();
        for (key, value) in layer {
            let at = key.span().start;
            let chord = chord::parse(key.get_ref()).map_err(|bad| self.fault(at, bad.to_string()))?;
            if context.is_typing() && chord::typed(chord).is_some() {
                let why = format!("[{}] 里在打字，“{}”不能当按键", context.name(), chord::show(chord));
                return Err(self.fault(at, why));
            }
            let name = value.get_ref().as_str().unwrap_or_default();
            let action = match name {
                "none" => None,
                name => Some(Action::named(name).ok_or_else(|| self.fault(at, format!("没有“{name}”这个动作")))?),
            };
            if let Some(action) = action
                && !action.row().contexts.contains(&Context::Global)
                && !context.chains().iter().any(|chain| action.works_in(chain))
            {
                return Err(self.fault(at, format!("“{name}”在 [{}] 里不起作用", context.name())));
            }
            if let Some(other) = entries.iter().skip(first).find(|other| other.chord == chord) {
                let (one, two) = (other.line.min(self.line(at)), other.line.max(self.line(at)));
                let why = format!("[{}] 里“{}”绑了两次（第{one}行和第{two}行）", context.name(), chord::show(chord));
                return Err(BadData { file: self.file.to_owned(), line: Some(two), why });
            }
            entries.push(Entry { context, chord, action, line: self.line(at) });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        Sheet::read("我的.toml", text).unwrap_err().to_string()
    }

    #[test]
    fn faults_name_file_and_line() {
        for (text, says) in [
            ("[global]\n\"f2\" = \"fly\"\n", "我的.toml 第2行：没有“fly”这个动作"),
            ("[nowhere]\n\"f2\" = \"help\"\n", "我的.toml 第1行：没有“nowhere”这一层"),
            ("[list]\n\"f2\" = \"help\"\n\"hyper-x\" = \"help\"\n", "我的.toml 第3行：“hyper-x”不是按键"),
            (
                "[list]\n\"A\" = \"help\"\n\"shift-a\" = \"up\"\n",
                "我的.toml 第3行：[list] 里“A”绑了两次（第2行和第3行）",
            ),
            ("[text]\n\"x\" = \"help\"\n", "我的.toml 第2行：[text] 里在打字，“x”不能当按键"),
            ("[card]\n\"x\" = \"take-in\"\n", "我的.toml 第2行：“take-in”在 [card] 里不起作用"),
            ("based = 1\n", "我的.toml 第1行：不认识“based”"),
            ("[list]\nup =\n", "我的.toml 第2行：写法不对"),
            ("[list]\n\"f2\" = \"help\"\n\"f2\" = \"up\"\n", "我的.toml 第3行：写法不对"),
        ] {
            let fault = fault(text);
            assert!(fault.starts_with(says), "{fault}");
        }
    }

    #[test]
    fn none_unbinds() {
        let sheet = Sheet::read("x", "based_on = \"vim\"\n[list]\n\"j\" = \"none\"\n").unwrap();
        assert_eq!(sheet.based_on, Some(("vim".to_owned(), 1)));
        assert_eq!(sheet.entries.iter().map(|e| (e.action, e.line)).collect::<Vec<_>>(), [(None, 3)]);
    }
}
