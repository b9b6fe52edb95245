//! One look at a cell's text: what nobody sees in it falls away, whatever file it stood in.

use std::borrow::Cow;

use super::entity;

/// The text without control characters and a terminal's sequences, and with the characters that entities stand for.
pub fn plain(text: &str) -> Cow<'_, str> {
    // Nearly every cell has nothing of the kind: C1 controls begin with the byte C2.
    if text.bytes().all(|b| b >= b' ' && b != b'&' && b != 0x7f && b != 0xc2) {
        return Cow::Borrowed(text);
    }
    let text = entity::decode(text);
    if text.chars().any(|c| c.is_control() && c != '\n') { Cow::Owned(without_controls(&text)) } else { text }
}

fn without_controls(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => pass_sequence(&mut chars),
            '\u{9b}' => pass_until(&mut chars, is_final),
            '\u{9d}' => pass_until(&mut chars, ends_string),
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' => out.push('\n'),
            '\t' => out.push(' '),
            c if c.is_control() && c != '\n' => {}
            c => out.push(c),
        }
    }
    out
}

/// A sequence that a terminal would obey: what follows on an escape.
fn pass_sequence(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match chars.next_if(|c| c.is_ascii()) {
        Some('[') => pass_until(chars, is_final),
        Some(']' | 'P' | '_' | '^' | 'X') => {
            pass_until(chars, ends_string);
            chars.next_if(|c| *c == '\\');
        }
        _ => {}
    }
}

/// Passes over all up to what ends it, where that is on the same line; else nothing.
fn pass_until(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, ends: fn(char) -> bool) {
    let mut ahead = chars.clone();
    while let Some(c) = ahead.next().filter(|c| *c != '\n') {
        if ends(c) {
            *chars = ahead;
            return;
        }
    }
}

fn is_final(c: char) -> bool {
    ('@'..='~').contains(&c)
}

fn ends_string(c: char) -> bool {
    matches!(c, '\u{7}' | '\u{1b}' | '\u{9c}')
}

/// The characters that `_x001B_` stands for in the parts of a workbook.
pub fn unescaped(text: &str) -> Cow<'_, str> {
    let escape = |rest: &str| {
        let digits = rest.strip_prefix("_x")?.get(..4)?;
        let ends = rest.as_bytes().get(6) == Some(&b'_') && digits.bytes().all(|b| b.is_ascii_hexdigit());
        char::from_u32(u32::from_str_radix(digits, 16).ok().filter(|_| ends)?)
    };
    let Some(first) = text.find("_x").filter(|_| text.len() >= 7) else { return Cow::Borrowed(text) };
    let mut out = text[..first].to_owned();
    let mut rest = &text[first..];
    while let Some(c) = rest.chars().next() {
        let (c, length) = escape(rest).map_or((c, c.len_utf8()), |c| (c, 7));
        out.push(c);
        rest = &rest[length..];
    }
    Cow::Owned(out)
}

/// Whether a text is what a spreadsheet shows in the place of a value: `#SPILL!`, `#N/A`, `Err:502`, `######`.
pub fn is_error(text: &str) -> bool {
    if let Some(code) = text.strip_prefix("Err:") {
        return code.len() == 3 && code.bytes().all(|b| b.is_ascii_digit());
    }
    let Some(name) = text.strip_prefix('#') else { return false };
    let is_name = name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b"/!?_".contains(&b));
    let named = name.ends_with(['!', '?']) || matches!(name, "N/A" | "GETTING_DATA");
    name.len() >= 2 && (name.bytes().all(|b| b == b'#') || is_name && named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_falls_away() {
        for (text, seen) in [
            ("张三", "张三"),
            ("张\u{1b}]0;PWNED\u{7}\u{1b}[31m三", "张三"),
            ("张\u{9b}2J三\u{85}\u{0}", "张三"),
            ("张\u{1b}]0;没完", "张0;没完"),
            ("一\r\n二\t三", "一\n二 三"),
            ("阿&middot;买&#39;", "阿·买'"),
            ("a\u{a0}·", "a\u{a0}·"),
        ] {
            assert_eq!(plain(text), seen, "{text:?}");
        }
    }

    #[test]
    fn a_workbooks_own_escapes_are_undone() {
        assert_eq!(unescaped("张_x001B_三_x000D_\n_x00"), "张\u{1b}三\r\n_x00");
        assert_eq!(unescaped("_x005F_x0041_"), "_x0041_");
        assert!(matches!(unescaped("张三"), Cow::Borrowed(_)));
    }

    #[test]
    fn errors_of_any_age_are_told_from_text() {
        for error in
            ["#SPILL!", "#N/A", "#DIV/0!", "#NAME?", "#GETTING_DATA", "#BLOCKED!", "#PYTHON!", "Err:502", "######"]
        {
            assert!(is_error(error), "{error}");
        }
        for text in ["#1", "#3号楼", "1#", "#", "#A", "Err:", "##", "张三"] {
            assert!(!is_error(text), "{text}");
        }
    }
}
