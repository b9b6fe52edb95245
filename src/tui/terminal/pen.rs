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

impl Pen {
    pub fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }

    /// Writes what makes this pen out of the other one.
    ///
    /// These sequences are written here and not through crossterm, which drops reverse video where `NO_COLOR` is set.
    pub fn take_over(self, from: Self, out: &mut impl Write) -> io::Result<()> {
        if self == from {
            return Ok(());
        }
        if self == Self::default() {
            return out.write_all(b"\x1b[m");
        }
        // Weights can only be put down all together.
        let from = if from.modifier.difference(self.modifier).is_empty() { from } else { Self::default() };
        let mut parts: Vec<String> = Vec::new();
        if from == Self::default() {
            parts.push("0".to_owned());
        }
        let added = self.modifier.difference(from.modifier);
        parts.extend(ATTRIBUTES.iter().filter(|(one, _)| added.contains(*one)).map(|(_, code)| (*code).to_owned()));
        if self.fg != from.fg {
            parts.push(colour(self.fg, 30));
        }
        if self.bg != from.bg {
            parts.push(colour(self.bg, 40));
        }
        write!(out, "\x1b[{}m", parts.join(";"))
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
        let red = Pen { fg: Color::Red, ..plain };
        let orange = Pen { fg: Color::Indexed(208), modifier: Modifier::BOLD, ..plain };
        for (from, to, sequence) in [
            (plain, plain, ""),
            (plain, bold, "^[0;1m"),
            (bold, both, "^[7m"),
            (both, bold, "^[0;1m"),
            (bold, plain, "^[m"),
            (plain, red, "^[0;31m"),
            (red, orange, "^[1;38;5;208m"),
            (orange, red, "^[0;31m"),
        ] {
            assert_eq!(written(from, to), sequence, "{from:?} to {to:?}");
        }
    }
}
