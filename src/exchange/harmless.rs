//! Cells that a spreadsheet would take for a formula are made harmless on the way out, and put back on the way in.

use std::borrow::Cow;

/// The text for a cell: what would start a formula gets an apostrophe in front.
pub fn write(text: &str) -> Cow<'_, str> {
    if starts_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text of a cell that [`write`] made.
pub fn read(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| starts_formula(text)).unwrap_or(cell)
}

/// Apostrophes already in front are passed over, so that `read` gives back just what `write` was given.
fn starts_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_become_words() {
        for (text, cell) in
            [("=1+1", "'=1+1"), ("+86", "'+86"), ("-350", "'-350"), ("@a", "'@a"), ("\tx", "'\tx"), ("'=x", "''=x")]
        {
            assert_eq!(write(text), cell);
        }
        for text in ["", "张三", "419999", "a=b", "'张三"] {
            assert_eq!(write(text), text);
        }
    }

    proptest! {
        #[test]
        fn what_goes_out_comes_back(text in "['=+@\\t\\-a张]{0,6}") {
            let cell = write(&text);
            prop_assert_eq!(read(&cell), &text);
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t']));
        }
    }
}
