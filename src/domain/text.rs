//! Text as machines and input methods leave it, made comparable.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// The text with full-width letters, digits and brackets made half-width, and without white space or line breaks.
pub fn fold(text: &str) -> String {
    folded(text).into_owned()
}

/// The same as [`fold`], without a copy where nothing changes.
pub fn folded(text: &str) -> Cow<'_, str> {
    if is_folded(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    text.nfkc().filter(|c| !c.is_whitespace() && !is_invisible(*c)).collect()
}

/// Whether there is nothing but ASCII without space and common Chinese characters, which folding leaves alone.
fn is_folded(text: &[u8]) -> bool {
    let mut at = 0;
    while let Some(b) = text.get(at) {
        match b {
            b if b.is_ascii_graphic() => at += 1,
            b if is_chinese(*b) => at += 3,
            _ => return false,
        }
    }
    true
}

/// Whether a byte is the first of the three of a common Chinese character, U+4000 to U+9FFF.
fn is_chinese(first: u8) -> bool {
    (0xE4..=0xE9).contains(&first)
}

/// A cell as it was meant: surrounding space, tabs, invisible marks and a spreadsheet's leading apostrophe removed.
pub fn clean(text: &str) -> &str {
    if is_clean(text.as_bytes()) {
        return text;
    }
    let blank = |c: char| c.is_whitespace() || is_invisible(c);
    let text = text.trim_matches(blank);
    text.strip_prefix(['\'', '‘', '’', '`']).map_or(text, |rest| rest.trim_matches(blank))
}

/// Whether the first and the last character are plainly no space, mark or apostrophe: nearly every cell of a county's file.
fn is_clean(text: &[u8]) -> bool {
    let plain = |b: u8| b.is_ascii_graphic() && b != b'\'' && b != b'`';
    let begins = text.first().is_some_and(|b| plain(*b) || is_chinese(*b));
    let ends = match text {
        [.., last] if last.is_ascii() => plain(*last),
        [.., first, _, _] => is_chinese(*first),
        _ => false,
    };
    begins && ends
}

/// A text without what nobody sees: marks of direction and width, joiners, fillers, control characters. A line break
/// stays one, a tab becomes a space.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| b.is_ascii() && !b.is_ascii_control() || is_chinese(b) || b & 0xC0 == 0x80) {
        return Cow::Borrowed(text);
    }
    let is_odd = |c: char| c != '\n' && (c == '\t' || is_invisible(c));
    if !text.contains(is_odd) {
        return Cow::Borrowed(text);
    }
    text.chars()
        .filter_map(|c| if c == '\t' { Some(' ') } else { (c == '\n' || !is_invisible(c)).then_some(c) })
        .collect()
}

/// Whether a character takes no room and says nothing: what chat programs, spreadsheets and web pages leave around numbers
/// and names.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{2800}' | '\u{1107f}' | '\u{13430}'..='\u{1343f}' | '\u{16fe4}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d159}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// All but the ends of a number, starred out: `4199**********5937`, `138****4321`.
pub fn mask(number: &str) -> String {
    let letters: Vec<char> = number.chars().collect();
    let (head, tail) = match letters.len() {
        0..=4 => (0, 0),
        5..=9 => (1, 1),
        10..=13 => (3, 4),
        _ => (4, 4),
    };
    let hidden = letters.len() - head - tail;
    letters[..head]
        .iter()
        .copied()
        .chain(std::iter::repeat_n('*', hidden))
        .chain(letters[letters.len() - tail..].iter().copied())
        .collect()
}

/// A text with every number in it starred out that is long enough to be somebody's phone, card or ID number.
pub fn mask_digits(text: &str) -> String {
    const SHORTEST: usize = 7;
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_digit) {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let end = from.find(|c| !is_digit(c)).unwrap_or(from.len());
        // The last sign of an ID number may be a letter.
        let end = from[end..]
            .chars()
            .next()
            .filter(|c| matches!(c, 'x' | 'X' | 'ｘ' | 'Ｘ'))
            .map_or(end, |c| end + c.len_utf8());
        let (number, after) = from.split_at(end);
        out.push_str(&if number.chars().count() < SHORTEST { number.to_owned() } else { mask(number) });
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_makes_headers_comparable() {
        assert_eq!(fold(" 耕地面积\n（亩） "), "耕地面积(亩)");
        assert_eq!(fold("４１９９９９Ｘ"), "419999X");
        assert_eq!(fold("县（市、区、旗）"), "县(市、区、旗)");
        assert!(matches!(folded("脱贫户(享受政策)"), Cow::Borrowed(_)));
        assert_eq!(fold("一\u{fb01}二"), "一fi二");
    }

    #[test]
    fn cleaning_keeps_what_was_meant() {
        assert_eq!(clean("'419999\t"), "419999");
        assert_eq!(clean("\u{feff} 张三 "), "张三");
        assert_eq!(clean("   "), "");
        assert_eq!(clean("\u{202d}13800001234\u{202c}"), "13800001234");
        for text in ["张三", "a", "否", "1张", "张1", "（元）", "é", "😀"] {
            assert_eq!(clean(text), text);
            assert_eq!(clean(&format!("\u{3000}'{text}\u{a0}\u{200b}")), text);
        }
    }

    #[test]
    fn what_nobody_sees_falls_away_wherever_it_stands() {
        for mark in [
            "\u{202d}",
            "\u{2067}",
            "\u{61c}",
            "\u{ad}",
            "\u{200d}",
            "\u{fe0f}",
            "\u{e0101}",
            "\u{7}",
            "\u{9b}",
            "\u{3164}",
        ] {
            assert_eq!(visible(&format!("张{mark}三")), "张三", "{mark:?}");
            assert_eq!(fold(&format!("{mark}12{mark}00")), "1200", "{mark:?}");
        }
        assert_eq!(visible("一\n二\t三"), "一\n二 三");
        assert!(matches!(visible("低保户（2022年）·甲"), Cow::Borrowed(_)));
    }

    #[test]
    fn masks_keep_the_length() {
        assert_eq!(mask("419999198907071360"), "4199**********1360");
        assert_eq!(mask("13812344321"), "138****4321");
        assert_eq!(mask("1380000"), "1*****0");
        assert_eq!(mask("12"), "**");
    }

    #[test]
    fn long_numbers_in_words_are_starred_out() {
        assert_eq!(mask_digits("证号41999919890707136X不对，应12件1项"), "证号4199**********136X不对，应12件1项");
        assert_eq!(mask_digits("１３８１２３４４３２１"), "１３８****４３２１");
        assert_eq!(mask_digits("2022-11-01"), "2022-11-01");
        assert_eq!(mask_digits(""), "");
    }
}
