//! ratatui's crossterm backend with the cures that Chinese, old consoles and slow lines need: nothing is sent that the
//! terminal shows already, no cursor move where the cursor is there or a blank gets it there, one erasure for the blank
//! end of a line, and plain signs where widths are not certain.

use std::io::{self, BufWriter, Write};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::ambiguous::{self, Ambiguous};
use super::pen::Pen;
use super::shown::{self, Column, Row, Shown};
use crate::tui::text::width;

/// A whole frame goes out in one piece.
const ROOM: usize = 64 * 1024;
/// Makes the rest of a line blank.
const ERASE: &[u8] = b"\x1b[K";

/// Writes cells to a terminal.
pub struct SparingBackend<W: Write> {
    inner: CrosstermBackend<BufWriter<W>>,
    ambiguous: Ambiguous,
    shown: Shown,
    pen: Option<Pen>,
    at: Option<Position>,
    shows_cursor: Option<bool>,
}

impl<W: Write> SparingBackend<W> {
    /// A backend that knows nothing yet of what the terminal shows.
    pub fn new(out: W, ambiguous: Ambiguous) -> Self {
        let inner = CrosstermBackend::new(BufWriter::with_capacity(ROOM, out));
        Self { inner, ambiguous, shown: Shown::unknown(), pen: None, at: None, shows_cursor: None }
    }

    /// Forgets what it knows: somebody else wrote to the terminal.
    pub fn forget(&mut self) {
        (self.pen, self.at, self.shows_cursor) = (None, None, None);
        self.shown = Shown::unknown();
    }

    fn take_pen(&mut self, pen: Pen) -> io::Result<()> {
        let from = match self.pen {
            Some(from) => from,
            None => {
                self.inner.write_all(b"\x1b[m")?;
                Pen::default()
            }
        };
        self.pen = Some(pen);
        pen.take_over(from, &mut self.inner)
    }

    fn move_to(&mut self, to: Position) -> io::Result<()> {
        match self.at {
            Some(at) if at == to => {}
            Some(at) if at.y == to.y && at.x < to.x => match to.x - at.x {
                1 => self.inner.write_all(b"\x1b[C")?,
                columns => write!(self.inner, "\x1b[{columns}C")?,
            },
            _ => queue!(self.inner, MoveTo(to.x, to.y))?,
        }
        self.at = Some(to);
        Ok(())
    }

    /// Sends what one line shows otherwise than before.
    fn send(&mut self, y: u16, before: &Row, after: &Row) -> io::Result<()> {
        let Some(last) = after.last_changed(before) else { return Ok(()) };
        let blank_from = after.blank_from();
        let mut from = 0;
        while let Some(x) = after.changed(before, from) {
            let Column::Sign(cell) = after.at(x) else { break };
            self.go(Position { x: x as u16, y }, after)?;
            if blank_from.is_some_and(|blank| blank <= x) && last - x >= ERASE.len() {
                self.take_pen_for_blanks(Pen::default())?;
                return self.inner.write_all(ERASE);
            }
            if shown::is_blank(&cell) {
                self.take_pen_for_blanks(Pen::of(&cell))?;
            } else {
                self.take_pen(Pen::of(&cell))?;
            }
            self.put(Position { x: x as u16, y }, cell.symbol())?;
            from = x + shown::columns_of(&cell);
        }
        Ok(())
    }

    /// A blank shows nothing of most styles.
    fn take_pen_for_blanks(&mut self, pen: Pen) -> io::Result<()> {
        match self.pen {
            Some(own) if own.is_alike_on_blanks(pen) => Ok(()),
            _ => self.take_pen(pen),
        }
    }

    /// Moves within a line that shows this, over a short gap by writing once more what is there.
    fn go(&mut self, to: Position, row: &Row) -> io::Result<()> {
        let there = self.at.filter(|at| at.y == to.y && at.x < to.x).and_then(|at| self.again(row, at.x, to.x));
        match there {
            Some(text) => {
                self.at = Some(to);
                self.inner.write_all(text.as_bytes())
            }
            None => self.move_to(to),
        }
    }

    /// What some columns show, where writing it in the pen at hand is shorter than a move.
    fn again(&self, row: &Row, from: u16, to: u16) -> Option<String> {
        let own = self.pen?;
        let mut text = String::new();
        let mut x = usize::from(from);
        while x < usize::from(to) {
            let Column::Sign(cell) = row.at(x) else { return None };
            let pen = Pen::of(&cell);
            let is_alike = own == pen || shown::is_blank(&cell) && own.is_alike_on_blanks(pen);
            if !is_alike || !cell.symbol().is_ascii() || text.len() >= 3 {
                return None;
            }
            text.push_str(cell.symbol());
            x += 1;
        }
        let move_takes = if to - from == 1 { 3 } else { 4 };
        (text.len() < move_takes).then_some(text)
    }

    fn put(&mut self, at: Position, symbol: &str) -> io::Result<()> {
        let mut letters = symbol.chars();
        let alone = letters.next().filter(|_| letters.next().is_none());
        let stand_in = match self.ambiguous {
            Ambiguous::Wide => alone.and_then(ambiguous::plain),
            Ambiguous::Narrow => None,
        };
        self.inner.write_all(stand_in.unwrap_or(symbol).as_bytes())?;
        let is_certain = stand_in.is_some() || alone.is_some_and(ambiguous::is_certain);
        self.at = is_certain.then(|| Position { x: at.x + width(symbol) as u16, y: at.y });
        Ok(())
    }

    fn show(&mut self, shows: bool) -> io::Result<()> {
        if self.shows_cursor != Some(shows) {
            if shows {
                queue!(self.inner, Show)?
            } else {
                queue!(self.inner, Hide)?
            }
            self.shows_cursor = Some(shows);
        }
        Ok(())
    }
}

impl<W: Write> Backend for SparingBackend<W> {
    type Error = io::Error;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, content: I) -> io::Result<()> {
        let mut content = content.peekable();
        while let Some(y) = content.peek().map(|(_, y, _)| *y) {
            let before = self.shown.row(y.into());
            let mut after = before.clone();
            while let Some((x, _, cell)) = content.next_if(|(_, row, _)| *row == y) {
                after.put(x.into(), cell);
            }
            self.send(y, &before, &after)?;
            self.shown.set(y.into(), after);
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.show(false)
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.show(true)
    }

    /// Where the next character would go, as far as is known: the terminal is not asked, because its answer would
    /// arrive among the keys.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.at.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.move_to(position.into())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.pen = None;
        self.take_pen(Pen::default())?;
        self.at = None;
        self.shown = if region == ClearType::All { Shown::blank() } else { Shown::unknown() };
        self.inner.clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.inner)
    }
}
