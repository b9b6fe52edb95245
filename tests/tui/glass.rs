//! A terminal without a window: what the real backend sends is taken apart again by a terminal emulator, so that a
//! screen in a test is what a person would see, halves of wide characters and all.

use std::cell::RefCell;
use std::io::{self, Write};
use std::num::NonZeroU16;
use std::rc::Rc;

use hudang::tui::terminal::ambiguous::Ambiguous;
use hudang::tui::terminal::backend::SparingBackend;
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

/// The wire to the emulator.
#[derive(Clone, Default)]
pub struct Wire(Rc<RefCell<Vec<u8>>>);

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A backend that shows on an emulated terminal.
pub struct Glass<B = SparingBackend<Wire>> {
    backend: B,
    wire: Wire,
    terminal: vt100::Parser,
}

fn at_least_one(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).unwrap_or(NonZeroU16::MIN)
}

impl Glass {
    pub fn new(columns: u16, rows: u16) -> Self {
        Self::over(columns, rows, |wire| SparingBackend::new(wire, Ambiguous::Narrow))
    }
}

impl<B> Glass<B> {
    /// With a backend of one's own at the wire.
    pub fn over(columns: u16, rows: u16, backend: impl FnOnce(Wire) -> B) -> Self {
        let wire = Wire::default();
        Self {
            backend: backend(wire.clone()),
            wire,
            terminal: vt100::Parser::new(at_least_one(rows), at_least_one(columns), 0),
        }
    }

    pub fn backend_mut(&mut self) -> &mut B {
        &mut self.backend
    }

    pub fn screen(&self) -> &vt100::Screen {
        self.terminal.screen()
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.terminal.set_size(at_least_one(rows), at_least_one(columns));
    }
}

impl<B: Backend<Error = io::Error>> Backend for Glass<B> {
    type Error = io::Error;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, content: I) -> io::Result<()> {
        self.backend.draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.backend.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.backend.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.backend.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.backend.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.backend.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.backend.clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        let (rows, columns) = self.screen().size();
        Ok(Size { width: columns.get(), height: rows.get() })
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.backend)?;
        self.terminal.process(&self.wire.0.take());
        Ok(())
    }
}
