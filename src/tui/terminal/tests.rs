//! What is sent for a frame after another one, and what a terminal makes of it.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use ratatui::backend::{Backend, ClearType};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::ambiguous::Ambiguous;
use super::backend::SparingBackend;
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

#[test]
fn a_blank_end_of_a_line_is_erased_and_a_blank_gap_is_written() {
    let (mut terminal, line) = terminal(Ambiguous::Narrow);
    terminal.backend_mut().clear_region(ClearType::All).unwrap();
    let says = |text: &'static str| {
        move |frame: &mut ratatui::Frame<'_>| {
            frame.buffer_mut().set_string(0, 0, text, Style::new());
        }
    };
    terminal.draw(says("石桥村三组 张三")).unwrap();
    line.take();
    terminal.draw(says("石桥")).unwrap();
    assert_eq!(line.take(), b"\x1b[1;5H\x1b[K");
    terminal.draw(says("甲 乙")).unwrap();
    assert_eq!(line.take(), "\x1b[1;1H甲 乙".as_bytes());
    terminal.draw(says("丙 丁")).unwrap();
    assert_eq!(line.take(), "\x1b[1;1H丙 丁".as_bytes());
}

#[test]
fn after_a_sign_of_uncertain_width_the_cursor_is_told_where_to_go() {
    let (mut terminal, line) = terminal(Ambiguous::Narrow);
    terminal.draw(|frame| frame.buffer_mut().set_string(0, 0, "─张“三", Style::new())).unwrap();
    assert!(String::from_utf8(line.take()).unwrap().contains("─张“\x1b[1;5H三"));
}
