//! Text measured in columns: a Chinese character takes two.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// How many columns a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text in at most so many columns: what does not fit is cut off between characters and marked with `…`.
pub fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let mut kept = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        used += width(grapheme);
        if used + 1 > columns {
            break;
        }
        kept.push_str(grapheme);
    }
    if columns > 0 {
        kept.push('…');
    }
    Cow::Owned(kept)
}

/// The text in exactly so many columns, blanks behind it.
pub fn left(text: &str, columns: usize) -> String {
    let text = cut(text, columns);
    let blanks = columns - width(&text).min(columns);
    format!("{text}{}", " ".repeat(blanks))
}

/// The text in exactly so many columns, blanks before it.
pub fn right(text: &str, columns: usize) -> String {
    let text = cut(text, columns);
    let blanks = columns - width(&text).min(columns);
    format!("{}{text}", " ".repeat(blanks))
}

/// The text in lines of at most so many columns; a closing mark takes the character before it along to the next line.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line: Vec<&str> = Vec::new();
        let mut used = 0;
        for grapheme in paragraph.graphemes(true) {
            if used + width(grapheme) > columns && !line.is_empty() {
                let carried = if is_closing(grapheme) && line.len() > 1 { line.pop() } else { None };
                lines.push(line.concat());
                line = carried.into_iter().collect();
                used = carried.map_or(0, width);
            }
            line.push(grapheme);
            used += width(grapheme);
        }
        lines.push(line.concat());
    }
    lines
}

fn is_closing(grapheme: &str) -> bool {
    matches!(grapheme, "，" | "。" | "；" | "：" | "、" | "！" | "？" | "）" | "》" | "”")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_character_is_never_cut_in_half() {
        for (text, columns, shown) in [
            ("张三顺", 6, "张三顺"),
            ("张三顺", 5, "张三…"),
            ("张三顺", 4, "张…"),
            ("张三顺", 2, "…"),
            ("张三顺", 1, "…"),
            ("张三顺", 0, ""),
            ("a张b", 3, "a…"),
        ] {
            assert_eq!(cut(text, columns), shown, "{text} in {columns}");
            assert!(width(&cut(text, columns)) <= columns);
        }
    }

    #[test]
    fn columns_are_filled_exactly() {
        assert_eq!(left("张三", 6), "张三  ");
        assert_eq!(right("6480", 6), "  6480");
        assert_eq!(left("张三顺", 4), "张… ");
        assert_eq!(width(&right("张三顺", 4)), 4);
    }

    #[test]
    fn wrapped_lines_keep_their_closing_mark() {
        assert_eq!(wrap("人均低于线，未纳入。", 10), ["人均低于", "线，未纳", "入。"]);
        assert_eq!(wrap("一\n二", 10), ["一", "二"]);
    }
}
