//! Whatever is drawn over whatever: our backend leaves on a terminal what ratatui's own draws on an empty one.

use std::ops::Range;

use hudang::tui::canvas::join_halves;
use hudang::tui::terminal::ambiguous::{Ambiguous, plain};
use hudang::tui::terminal::backend::SparingBackend;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use super::glass::Glass;

const SIZES: [(u16, u16); 3] = [(24, 5), (31, 4), (17, 6)];

/// Something drawn into a frame.
#[derive(Clone, Debug)]
enum Stroke {
    Text { x: u16, y: u16, text: String, style: Style },
    Tint { x: u16, y: u16, width: u16, style: Style },
    Blanks { x: u16, y: u16, width: u16 },
}

impl Stroke {
    fn draw(&self, buffer: &mut Buffer) {
        let area = buffer.area;
        let line = |x, y, width| Rect { x, y, width, height: 1 }.intersection(area);
        match self {
            Self::Text { x, y, text, style } if area.contains((*x, *y).into()) => {
                // As a popup does: half of what it covers goes.
                if *x > 0 && hudang::tui::text::width(buffer[(x - 1, *y)].symbol()) == 2 {
                    buffer[(x - 1, *y)].set_symbol(" ");
                }
                buffer.set_stringn(*x, *y, text, usize::from(area.width - x), *style);
            }
            Self::Text { .. } => {}
            Self::Tint { x, y, width, style } => buffer.set_style(line(*x, *y, *width), *style),
            Self::Blanks { x, y, width } => {
                if *x > 0
                    && area.contains((*x, *y).into())
                    && hudang::tui::text::width(buffer[(x - 1, *y)].symbol()) == 2
                {
                    buffer[(x - 1, *y)].set_symbol(" ");
                }
                for position in line(*x, *y, *width).positions() {
                    buffer[position].reset();
                }
            }
        }
    }
}

/// What happens between two frames.
#[derive(Clone, Copy, Debug)]
enum Between {
    Nothing,
    Forgotten,
    Resized(usize),
}

fn style() -> impl Strategy<Value = Style> {
    let colour = prop_oneof![3 => Just(Color::Reset), 1 => Just(Color::Cyan), 1 => Just(Color::Indexed(208))];
    // The emulator knows bold and dim as one thing or the other.
    let weight = proptest::sample::select(vec![Modifier::empty(), Modifier::BOLD, Modifier::DIM]);
    let mark = proptest::sample::select(vec![Modifier::empty(), Modifier::REVERSED, Modifier::UNDERLINED]);
    let ground = prop_oneof![9 => Just(Color::Reset), 1 => Just(Color::Blue)];
    (colour, ground, weight, mark).prop_map(|(fg, bg, weight, mark)| {
        let other = (Modifier::BOLD | Modifier::DIM).difference(weight);
        Style::new().fg(fg).bg(bg).add_modifier(weight | mark).remove_modifier(other)
    })
}

fn stroke() -> impl Strategy<Value = Stroke> {
    let letters = vec!["张", "三", "组", "，", " ", " ", " ", "a", "7", "…", "“", "─", "▸", "✓"];
    let text = proptest::collection::vec(proptest::sample::select(letters), 1..14).prop_map(|text| text.concat());
    let (x, y): (Range<u16>, Range<u16>) = (0..31, 0..6);
    prop_oneof![
        6 => (x.clone(), y.clone(), text, style()).prop_map(|(x, y, text, style)| Stroke::Text { x, y, text, style }),
        2 => (x.clone(), y.clone(), 1..31u16, style()).prop_map(|(x, y, width, style)| Stroke::Tint { x, y, width, style }),
        1 => (x, y, 1..31u16).prop_map(|(x, y, width)| Stroke::Blanks { x, y, width }),
    ]
}

/// A frame keeps a part of the one before it, as screens do.
fn frames() -> impl Strategy<Value = Vec<(Between, usize, Vec<Stroke>)>> {
    let between = prop_oneof![
        8 => Just(Between::Nothing),
        1 => Just(Between::Forgotten),
        1 => (0..SIZES.len()).prop_map(Between::Resized),
    ];
    proptest::collection::vec((between, 0..10usize, proptest::collection::vec(stroke(), 0..8)), 1..8)
}

/// What one sees in a cell.
fn seen(screen: &vt100::Screen, y: u16, x: u16) -> impl PartialEq + std::fmt::Debug {
    let cell = screen.cell(y, x).unwrap();
    let symbol = if cell.contents() == " " { "" } else { cell.contents() };
    let shows = !symbol.is_empty() || cell.inverse() || cell.underline();
    let ink = shows.then(|| (cell.fgcolor(), cell.bold(), cell.dim()));
    (symbol.to_owned(), cell.bgcolor(), ink, cell.inverse(), cell.underline())
}

fn tried(frames: &[(Between, usize, Vec<Stroke>)], ambiguous: Ambiguous) -> Result<(), TestCaseError> {
    let (columns, rows) = SIZES[0];
    let mut ours = Terminal::new(Glass::over(columns, rows, |wire| SparingBackend::new(wire, ambiguous))).unwrap();
    let mut size = (columns, rows);
    ours.clear().unwrap();
    let mut strokes: Vec<Stroke> = Vec::new();
    for (between, kept, new) in frames {
        match between {
            Between::Nothing => {}
            Between::Forgotten => {
                ours.backend_mut().backend_mut().forget();
                ours.clear().unwrap();
            }
            Between::Resized(at) => {
                size = SIZES[*at];
                ours.backend_mut().resize(size.0, size.1);
            }
        }
        strokes.truncate(*kept);
        strokes.extend(new.iter().cloned());
        let draw = |buffer: &mut Buffer| {
            strokes.iter().for_each(|stroke| stroke.draw(buffer));
            join_halves(buffer);
        };
        ours.draw(|frame| draw(frame.buffer_mut())).unwrap();
        let mut stock = Terminal::new(Glass::over(size.0, size.1, CrosstermBackend::new)).unwrap();
        let drawn = stock.draw(|frame| {
            draw(frame.buffer_mut());
            for cell in &mut frame.buffer_mut().content {
                let mut letters = cell.symbol().chars();
                let stand_in = letters.next().filter(|_| ambiguous == Ambiguous::Wide).and_then(plain);
                stand_in.map(|stand_in| cell.set_symbol(stand_in));
            }
        });
        let area = drawn.unwrap().area;
        let (ours, stock) = (ours.backend().screen(), stock.backend().screen());
        for at in area.positions() {
            prop_assert_eq!(seen(ours, at.y, at.x), seen(stock, at.y, at.x), "{}", at);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_frames_look_as_they_do_without_us(frames in frames()) {
        tried(&frames, Ambiguous::Narrow)?;
    }

    #[test]
    fn so_they_do_where_plain_signs_stand_in(frames in frames()) {
        tried(&frames, Ambiguous::Wide)?;
    }
}
