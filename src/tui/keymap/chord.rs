//! A key with its modifiers: how it is written in a keymap, how it is shown, and how what arrives is made comparable.

use crokey::{KeyCombination, OneToThree};
use crossterm::event::{KeyCode, KeyModifiers};
use unicode_normalization::UnicodeNormalization;

/// One key, with the modifiers held down.
pub type Chord = KeyCombination;

/// Why a text is no key that can be bound.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadChord {
    /// Nobody knows such a key.
    #[error("“{0}”不是按键，写法如 \"f2\"、\"ctrl-s\"、\"shift-tab\"、\"space\"、\"/\"")]
    Unknown(String),
    /// Terminals send another key's code for it.
    #[error("“{0}”在终端里就是 {1}，不能另作他用")]
    SameAs(String, &'static str),
}

/// Reads a key as a keymap writes it: `f2`, `ctrl-s`, `shift-tab`, `A`, `/`.
pub fn parse(text: &str) -> Result<Chord, BadChord> {
    let unknown = || BadChord::Unknown(text.to_owned());
    let mut letters = text.chars();
    let chord = match (letters.next(), letters.next()) {
        (Some(letter), None) => Chord::one_key(KeyCode::Char(letter), KeyModifiers::NONE),
        _ => crokey::parse(text).map_err(|_| unknown())?,
    };
    let chord = ascii(comparable(chord));
    match (code(chord), chord.modifiers.contains(KeyModifiers::CONTROL)) {
        (None, _) => Err(unknown()),
        (Some(KeyCode::Char('i')), true) => Err(BadChord::SameAs(text.to_owned(), "Tab")),
        (Some(KeyCode::Char('m')), true) => Err(BadChord::SameAs(text.to_owned(), "Enter")),
        (Some(KeyCode::Char('[')), true) => Err(BadChord::SameAs(text.to_owned(), "Esc")),
        _ => Ok(chord),
    }
}

/// The chord as every terminal can tell it: Shift only where it makes another key.
pub fn comparable(chord: Chord) -> Chord {
    let Some(code) = code(chord) else { return chord };
    let mut modifiers = chord.modifiers;
    let code = match code {
        KeyCode::Tab if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        KeyCode::Char(letter) if modifiers.contains(KeyModifiers::CONTROL) => {
            modifiers.remove(KeyModifiers::SHIFT);
            KeyCode::Char(letter.to_ascii_lowercase())
        }
        KeyCode::Char(letter) if letter.is_ascii_alphabetic() => {
            // With Caps Lock on, Shift makes a small letter.
            modifiers.set(KeyModifiers::SHIFT, letter.is_ascii_uppercase());
            KeyCode::Char(letter)
        }
        KeyCode::Char(letter) => {
            modifiers.remove(KeyModifiers::SHIFT);
            KeyCode::Char(letter)
        }
        other => other,
    };
    Chord::one_key(code, modifiers)
}

/// The key that was meant where no text is typed and an input method is on: `？` is `?`, `１` is `1`, `、` is `/`.
pub fn ascii(chord: Chord) -> Chord {
    let Some(KeyCode::Char(letter)) = code(chord) else { return chord };
    let meant = match letter {
        '、' => '/',
        '。' => '.',
        '—' | '–' => '-',
        '【' => '[',
        '】' => ']',
        '《' => '<',
        '》' => '>',
        '·' => '`',
        '￥' => '$',
        other => other.nfkc().next().unwrap_or(other),
    };
    if meant == letter { chord } else { comparable(Chord::one_key(KeyCode::Char(meant), chord.modifiers)) }
}

/// The character that this key types, if it types one.
pub fn typed(chord: Chord) -> Option<char> {
    let Some(KeyCode::Char(letter)) = code(chord) else { return None };
    let held = chord.modifiers - KeyModifiers::SHIFT;
    // AltGr arrives as both together, with a character that no key alone has.
    let alt_gr = held == KeyModifiers::CONTROL | KeyModifiers::ALT && !letter.is_ascii_alphanumeric();
    (held.is_empty() || alt_gr).then_some(letter)
}

/// The same key without Alt, where Alt was held: Esc and a key pressed in one breath arrive like that.
pub fn without_alt(chord: Chord) -> Option<Chord> {
    chord
        .modifiers
        .contains(KeyModifiers::ALT)
        .then(|| Chord { modifiers: chord.modifiers - KeyModifiers::ALT, ..chord })
}

/// The key as it is shown: `F2`, `Ctrl-S`, `空格`, `A`.
pub fn show(chord: Chord) -> String {
    let Some(code) = code(chord) else { return chord.to_string() };
    let mut text = String::new();
    for (modifier, name) in [(KeyModifiers::CONTROL, "Ctrl-"), (KeyModifiers::ALT, "Alt-")] {
        if chord.modifiers.contains(modifier) {
            text.push_str(name);
        }
    }
    let is_letter = matches!(code, KeyCode::Char(_) | KeyCode::BackTab);
    if chord.modifiers.contains(KeyModifiers::SHIFT) && !is_letter {
        text.push_str("Shift-");
    }
    match code {
        KeyCode::Char(' ') => text.push_str("空格"),
        KeyCode::Char(letter) if !text.is_empty() => text.push(letter.to_ascii_uppercase()),
        KeyCode::Char(letter) => text.push(letter),
        KeyCode::F(number) => text.push_str(&format!("F{number}")),
        other => text.push_str(match other {
            KeyCode::Up => "上",
            KeyCode::Down => "下",
            KeyCode::Left => "左",
            KeyCode::Right => "右",
            KeyCode::PageUp => "PgUp",
            KeyCode::PageDown => "PgDn",
            KeyCode::Home => "Home",
            KeyCode::End => "End",
            KeyCode::Tab => "Tab",
            KeyCode::BackTab => "Shift-Tab",
            KeyCode::Backspace => "退格",
            KeyCode::Delete => "Del",
            KeyCode::Insert => "Ins",
            KeyCode::Enter => "Enter",
            KeyCode::Esc => "Esc",
            _ => "?",
        }),
    }
    text
}

/// The key as a keymap writes it.
pub fn write(chord: Chord) -> String {
    match (code(chord), chord.modifiers) {
        (Some(KeyCode::Char(letter)), KeyModifiers::NONE) if letter != ' ' => letter.to_string(),
        (Some(KeyCode::BackTab), _) => "shift-tab".to_owned(),
        _ => chord.to_string().to_ascii_lowercase(),
    }
}

fn code(chord: Chord) -> Option<KeyCode> {
    match chord.codes {
        OneToThree::One(code) => Some(code),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_as_a_keymap_writes_them_and_as_they_are_shown() {
        for (written, shown) in [
            ("f2", "F2"),
            ("ctrl-s", "Ctrl-S"),
            ("Ctrl-S", "Ctrl-S"),
            ("shift-tab", "Shift-Tab"),
            ("backtab", "Shift-Tab"),
            ("space", "空格"),
            ("A", "A"),
            ("shift-a", "A"),
            ("a", "a"),
            ("/", "/"),
            ("-", "-"),
            ("？", "?"),
            ("alt-x", "Alt-X"),
            ("shift-f3", "Shift-F3"),
            ("pageup", "PgUp"),
        ] {
            let chord = parse(written).unwrap();
            assert_eq!(show(chord), shown, "{written}");
            assert_eq!(parse(&write(chord)).unwrap(), chord, "{written}");
        }
    }

    #[test]
    fn what_no_terminal_can_send_is_refused() {
        for text in ["", "ctrl-", "f99", "保存", "a-b", "ctrl-i", "ctrl-m", "ctrl-["] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_input_method_left_on_still_means_the_key() {
        let key = |letter| Chord::one_key(KeyCode::Char(letter), KeyModifiers::NONE);
        for (arrives, meant) in
            [('？', '?'), ('！', '!'), ('＝', '='), ('－', '-'), ('、', '/'), ('／', '/'), ('７', '7')]
        {
            assert_eq!(ascii(key(arrives)), parse(&meant.to_string()).unwrap(), "{arrives}");
        }
        assert_eq!(ascii(key('Ａ')), parse("A").unwrap());
        assert_eq!(ascii(key('　')), parse("space").unwrap());
        assert_eq!(ascii(key('张')), key('张'));
    }

    #[test]
    fn only_characters_are_typed() {
        assert_eq!(typed(parse("a").unwrap()), Some('a'));
        assert_eq!(typed(parse("A").unwrap()), Some('A'));
        assert_eq!(typed(parse("ctrl-a").unwrap()), None);
        assert_eq!(typed(parse("f1").unwrap()), None);
        assert_eq!(typed(Chord::one_key(KeyCode::Char('@'), KeyModifiers::CONTROL | KeyModifiers::ALT)), Some('@'));
    }
}
