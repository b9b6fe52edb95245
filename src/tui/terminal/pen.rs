//! The style that the terminal writes in just now, and the shortest way to another.

use std::io::{self, Write};

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// Colours and weights of what is written next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

const ATTRIBUTES: [(Modifier, &str); 7] = [
    (Modifier::BOLD, "1"),
    (Modifier::DIM, "2"),
    (Modifier::ITALIC, "3"),
    (Modifier::UNDERLINED, "4"),
    (Modifier::SLOW_BLINK, "5"),
    (Modifier::REVERSED, "7"),
    (Modifier::CROSSED_OUT, "9"),
];

/// How weights are put down; bold and dim only together.
const PUT_DOWN: [(Modifier, &str); 6] = [
    (Modifier::BOLD.union(Modifier::DIM), "22"),
    (Modifier::ITALIC, "23"),
    (Modifier::UNDERLINED, "24"),
    (Modifier::SLOW_BLINK, "25"),
    (Modifier::REVERSED, "27"),
    (Modifier::CROSSED_OUT, "29"),
];

const SEEN_ON_BLANKS: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK)
    .union(Modifier::CROSSED_OUT);

impl Pen {
    pub fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }

    /// Whether one sees no difference where nothing but a blank is written.
    pub fn is_alike_on_blanks(self, other: Self) -> bool {
        let seen = self.modifier.union(other.modifier).intersects(SEEN_ON_BLANKS);
        self == other || self.bg == other.bg && !seen
    }

    /// Writes what makes this pen out of the other one: what differs, or all of it anew where that is shorter.
    ///
    /// These sequences are written here and not through crossterm, which drops reverse video where `NO_COLOR` is set.
    pub fn take_over(self, from: Self, out: &mut impl Write) -> io::Result<()> {
        if self == from {
            return Ok(());
        }
        let (differences, anew) = (self.differences(from), self.anew());
        let shorter = if differences.len() <= anew.len() { differences } else { anew };
        write!(out, "\x1b[{shorter}m")
    }

    fn anew(self) -> String {
        if self == Self::default() {
            return String::new();
        }
        format!("0;{}", self.differences(Self::default()))
    }

    fn differences(self, from: Self) -> String {
        let mut kept = from.modifier;
        let mut parts: Vec<String> = Vec::new();
        for (weights, code) in PUT_DOWN {
            if kept.difference(self.modifier).intersects(weights) {
                parts.push(code.to_owned());
                kept.remove(weights);
            }
        }
        let added = self.modifier.difference(kept);
        parts.extend(ATTRIBUTES.iter().filter(|(one, _)| added.contains(*one)).map(|(_, code)| (*code).to_owned()));
        if self.fg != from.fg {
            parts.push(colour(self.fg, 30));
        }
        if self.bg != from.bg {
            parts.push(colour(self.bg, 40));
        }
        parts.join(";")
    }
}

fn colour(colour: Color, base: u8) -> String {
    let (number, is_bright) = match colour {
        Color::Reset => (9, false),
        Color::Black => (0, false),
        Color::Red => (1, false),
        Color::Green => (2, false),
        Color::Yellow => (3, false),
        Color::Blue => (4, false),
        Color::Magenta => (5, false),
        Color::Cyan => (6, false),
        Color::Gray => (7, false),
        Color::DarkGray => (0, true),
        Color::LightRed => (1, true),
        Color::LightGreen => (2, true),
        Color::LightYellow => (3, true),
        Color::LightBlue => (4, true),
        Color::LightMagenta => (5, true),
        Color::LightCyan => (6, true),
        Color::White => (7, true),
        Color::Indexed(index) => return format!("{};5;{index}", base + 8),
        Color::Rgb(red, green, blue) => return format!("{};2;{red};{green};{blue}", base + 8),
    };
    (base + number + if is_bright { 60 } else { 0 }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(from: Pen, to: Pen) -> String {
        let mut out = Vec::new();
        to.take_over(from, &mut out).unwrap();
        String::from_utf8(out).unwrap().replace('\x1b', "^")
    }

    #[test]
    fn the_shortest_way_from_one_style_to_another() {
        let plain = Pen::default();
        let bold = Pen { modifier: Modifier::BOLD, ..plain };
        let both = Pen { modifier: Modifier::BOLD | Modifier::REVERSED, ..plain };
        let dim = Pen { modifier: Modifier::DIM, ..plain };
        let red = Pen { fg: Color::Red, ..plain };
        let orange = Pen { fg: Color::Indexed(208), modifier: Modifier::BOLD, ..plain };
        for (from, to, sequence) in [
            (plain, plain, ""),
            (plain, bold, "^[1m"),
            (bold, both, "^[7m"),
            (both, bold, "^[27m"),
            (bold, plain, "^[m"),
            (bold, dim, "^[0;2m"),
            (plain, red, "^[31m"),
            (red, orange, "^[1;38;5;208m"),
            (orange, red, "^[0;31m"),
            (red, bold, "^[0;1m"),
            (both, Pen { modifier: Modifier::DIM | Modifier::REVERSED, ..plain }, "^[22;2m"),
        ] {
            assert_eq!(written(from, to), sequence, "{from:?} to {to:?}");
        }
    }
}
