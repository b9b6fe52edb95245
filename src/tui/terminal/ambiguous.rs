//! Characters that some terminals draw in one column and others in two: `─ █ ▸ … “ ” ①`.

use std::io::{self, Write};

use crossterm::cursor::{MoveTo, position};
use crossterm::style::Print;
use crossterm::terminal::{Clear, ClearType};
use crossterm::{execute, queue};
use unicode_width::UnicodeWidthChar;

/// How wide the terminal draws them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ambiguous {
    /// In one column, as everything here counts them.
    Narrow,
    /// In two, or nobody knows: plain signs stand in for them.
    Wide,
}

impl Ambiguous {
    /// Prints one and asks the terminal how far its cursor went; no answer means that plain signs are safer.
    ///
    /// The terminal has been taken over already, and nobody else reads from it yet.
    pub fn probe(out: &mut impl Write) -> io::Result<Self> {
        if std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb") {
            return Ok(Self::Wide);
        }
        execute!(out, MoveTo(0, 0), Print('─'))?;
        let column = position().map(|(column, _)| column);
        queue!(out, MoveTo(0, 0), Clear(ClearType::CurrentLine))?;
        Ok(if column.is_ok_and(|column| column == 1) { Self::Narrow } else { Self::Wide })
    }
}

/// Whether terminals differ about the width of a character.
pub fn is_ambiguous(letter: char) -> bool {
    !letter.is_ascii() && letter.width() == Some(1) && letter.width_cjk() == Some(2)
}

/// Whether every terminal moves its cursor as far as is counted here. Of signs that may be drawn as emoji it is not
/// certain, nor of ambiguous ones but lines, blocks and marks, of which the terminal was asked.
pub(super) fn is_certain(letter: char) -> bool {
    match letter {
        '\u{200b}'..='\u{200f}'
        | '\u{2600}'..='\u{27bf}'
        | '\u{2b00}'..='\u{2bff}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{1f000}'..='\u{1ffff}' => false,
        '\u{2500}'..='\u{25ff}' => true,
        _ => !is_ambiguous(letter),
    }
}

/// The plain sign that stands in for a character; always one column wide.
pub fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        '─' | '━' | '—' | '–' | '―' | '═' => "-",
        '│' | '┃' | '║' => "|",
        '\u{2500}'..='\u{257f}' => "+",
        '█' | '■' | '▓' | '▒' | '◆' | '▇' => "#",
        '●' | '★' | '◎' | '•' => "*",
        '○' | '◇' | '□' | '☆' => "o",
        '▸' | '▶' | '→' | '⇒' => ">",
        '◂' | '◀' | '←' | '⇐' => "<",
        '↑' | '▲' | '△' => "^",
        '↓' | '▼' | '▽' => "v",
        '“' | '”' | '″' => "\"",
        '‘' | '’' | '′' => "'",
        '…' | '·' | '‥' => ".",
        '√' => "v",
        '×' => "x",
        '÷' => "/",
        '±' => "+",
        '≤' => "<",
        '≥' => ">",
        '①' => "1",
        '②' => "2",
        '③' => "3",
        '④' => "4",
        '⑤' => "5",
        '⑥' => "6",
        '⑦' => "7",
        '⑧' => "8",
        '⑨' => "9",
        letter if is_ambiguous(letter) => "?",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_are_narrow_everywhere() {
        for letter in "─│┌┐└┘█▸…“”‘’·—→①●○★■×√".chars() {
            let stand_in = plain(letter).unwrap_or_else(|| panic!("{letter} has none"));
            assert!(stand_in.len() == 1 && stand_in.is_ascii(), "{letter}");
        }
    }

    #[test]
    fn what_is_safe_is_left_alone() {
        for letter in "a1张，。（）✓✔░、".chars() {
            assert_eq!(plain(letter), None, "{letter}");
        }
    }
}
