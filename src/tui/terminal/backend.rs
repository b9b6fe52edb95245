//! ratatui's crossterm backend with the cures that Chinese, old consoles and slow lines need: nothing is sent twice,
//! no cursor move where the cursor is there already, and plain signs where widths are not certain.

use std::io::{self, BufWriter, Write};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::ambiguous::{self, Ambiguous};
use super::pen::Pen;
use crate::tui::text::width;

/// A whole frame goes out in one piece.
const ROOM: usize = 64 * 1024;

/// Writes cells to a terminal.
pub struct SparingBackend<W: Write> {
    inner: CrosstermBackend<BufWriter<W>>,
    ambiguous: Ambiguous,
    pen: Option<Pen>,
    at: Option<Position>,
    shows_cursor: Option<bool>,
}

impl<W: Write> SparingBackend<W> {
    /// A backend that knows nothing yet of what the terminal shows.
    pub fn new(out: W, ambiguous: Ambiguous) -> Self {
        let inner = CrosstermBackend::new(BufWriter::with_capacity(ROOM, out));
        Self { inner, ambiguous, pen: None, at: None, shows_cursor: None }
    }

    /// Forgets what it knows: somebody else wrote to the terminal.
    pub fn forget(&mut self) {
        (self.pen, self.at, self.shows_cursor) = (None, None, None);
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

    fn put(&mut self, at: Position, symbol: &str) -> io::Result<()> {
        let mut letters = symbol.chars();
        let alone = letters.next().filter(|_| letters.next().is_none());
        let stand_in = match self.ambiguous {
            Ambiguous::Wide => alone.and_then(ambiguous::plain),
            Ambiguous::Narrow => None,
        };
        self.inner.write_all(stand_in.unwrap_or(symbol).as_bytes())?;
        let is_certain = alone.is_some_and(is_certain);
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

/// Whether every terminal moves its cursor as far as is counted here; signs that may be drawn as emoji are not.
fn is_certain(letter: char) -> bool {
    !matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f000}'..='\u{1ffff}')
}

impl<W: Write> Backend for SparingBackend<W> {
    type Error = io::Error;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, content: I) -> io::Result<()> {
        for (x, y, cell) in content {
            let at = Position { x, y };
            self.move_to(at)?;
            self.take_pen(Pen::of(cell))?;
            self.put(at, cell.symbol())?;
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

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style;
    use ratatui::text::Span;
    use ratatui::{Terminal, TerminalOptions, Viewport};

    use super::*;
    use crate::tui::canvas::Canvas;
    use crate::tui::theme::{Colours, Theme};
    use crate::tui::widgets::list::{Column, List};

    /// Keeps what would have gone to the terminal.
    #[derive(Clone, Default)]
    struct Line(Rc<RefCell<Vec<u8>>>);

    impl Line {
        fn take(&self) -> Vec<u8> {
            self.0.take()
        }
    }

    impl Write for Line {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    const AREA: Rect = Rect::new(0, 0, 80, 24);

    fn terminal(ambiguous: Ambiguous) -> (Terminal<SparingBackend<Line>>, Line) {
        let line = Line::default();
        let options = TerminalOptions { viewport: Viewport::Fixed(AREA) };
        (Terminal::with_options(SparingBackend::new(line.clone(), ambiguous), options).unwrap(), line)
    }

    fn draw_list(terminal: &mut Terminal<SparingBackend<Line>>, selected: usize) {
        let mut list = List::new(20);
        list.select(selected);
        let columns = [
            Column::words("户主", 8),
            Column::words("组", 6),
            Column::figures("人均", 8),
            Column::words("走访", 6),
            Column::words("为什么", 0),
        ];
        let draw = |canvas: &mut Canvas<'_>| {
            list.draw(canvas, AREA, &columns, |row| {
                vec![
                    Span::raw("张三顺"),
                    Span::raw("三组"),
                    Span::raw((6480 + row).to_string()),
                    Span::raw("✓"),
                    Span::raw("人均低于 6900，未纳入，未说明；孙女出生31天"),
                ]
            });
        };
        terminal.draw(|frame| draw(&mut Canvas::new(frame.buffer_mut(), Theme::new(Colours::Many)))).unwrap();
    }

    /// What a terminal would show after these bytes.
    fn replayed(bytes: &[u8]) -> vt100::Parser {
        let mut parser = vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 0);
        parser.process(bytes);
        parser
    }

    #[test]
    fn moving_the_selection_is_cheap() {
        let (mut terminal, line) = terminal(Ambiguous::Narrow);
        draw_list(&mut terminal, 3);
        let mut all = line.take();
        draw_list(&mut terminal, 4);
        let moved = line.take();
        assert!(moved.len() < 400, "{} bytes", moved.len());
        all.extend(&moved);
        let screen = replayed(&all);
        assert!(screen.screen().rows(0, 80).nth(5).unwrap().starts_with("▸ 张三顺   三组       6484 ✓      人均低于"));
        assert!(screen.screen().cell(5, 10).unwrap().inverse());
        assert!(!screen.screen().cell(4, 10).unwrap().inverse());
        draw_list(&mut terminal, 4);
        assert_eq!(line.take(), b"", "nothing changed, nothing is sent");
    }

    #[test]
    fn a_screen_full_of_chinese_is_cheap() {
        let (mut terminal, line) = terminal(Ambiguous::Narrow);
        let fill = |buffer: &mut Buffer| {
            for y in AREA.top()..AREA.bottom() {
                buffer.set_string(0, y, "石桥村三组张三顺脱贫不稳定户人均低于".repeat(3), Style::new());
            }
        };
        terminal.draw(|frame| fill(frame.buffer_mut())).unwrap();
        let sent = line.take();
        assert!(sent.len() < 6_000, "{} bytes", sent.len());
        assert!(replayed(&sent).screen().rows(0, 80).all(|row| row.starts_with("石桥村三组张三顺")));
    }

    #[test]
    fn where_widths_are_not_certain_plain_signs_are_sent() {
        let (mut terminal, line) = terminal(Ambiguous::Wide);
        let says = |buffer: &mut Buffer| {
            buffer.set_string(0, 0, "─▸█░“张三”…①✓", Style::new());
        };
        terminal.draw(|frame| says(frame.buffer_mut())).unwrap();
        let sent = line.take();
        assert!(replayed(&sent).screen().rows(0, 80).next().unwrap().starts_with("->#░\"张三\".1✓"));
    }

    #[test]
    fn the_cursor_is_sent_only_where_it_goes_elsewhere() {
        let (mut terminal, line) = terminal(Ambiguous::Narrow);
        let typed = |text: &'static str, at: u16| {
            move |frame: &mut ratatui::Frame<'_>| {
                frame.buffer_mut().set_string(2, 3, text, Style::new());
                frame.set_cursor_position((at, 3));
            }
        };
        terminal.draw(typed("张", 4)).unwrap();
        line.take();
        terminal.draw(typed("张三", 6)).unwrap();
        assert_eq!(line.take(), "三".as_bytes());
    }
}
