//! A key pressed at the workstation over a village of 1,500 households, from the loop's taking it to the frame being
//! drawn, beside a bare frame of ratatui with as much text. Other numbers of households: `cargo bench --bench keys -- 300`.

mod shared;

use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::widgets::Paragraph;
use shared::face::Face;
use shared::measure::{report, timed};
use shared::{made, sizes};

const ROUNDS: usize = 20;
const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

/// What somebody does, in words and in keys; the first key opens the screen. What stands between `<` and `>` is typed
/// letter by letter.
const DONE: [(&str, &str); 8] = [
    ("today", "F12 down down down tab down up pagedown end home tab"),
    ("the list, walked through", "F3 down down down down up pagedown pagedown end pageup home space down"),
    (
        "the list, typed into",
        "F3 / <zs> ctrl-delete <wxm 未> ctrl-delete <1390> ctrl-delete <三组 l> ctrl-delete <张> esc",
    ),
    ("a file", "F3 down enter down down tab down pagedown end home esc"),
    ("the visit", "F4 down down up tab down pagedown esc"),
    ("stale entries", "F8 down down pagedown end home esc"),
    ("findings", "F6 down pagedown pagedown end home tab o o o o c c / <zs> ctrl-delete esc home down enter esc esc"),
    ("a finding answered", "F6 home down a <x> enter esc"),
];

fn main() {
    for households in sizes(&[1_500]) {
        let home = made::inhabited(households);
        for size in SIZES {
            measure(&mut Face::over(made::open(home.path()), size), households, size);
        }
    }
}

fn measure(face: &mut Face, households: usize, (columns, rows): (u16, u16)) {
    println!("{households} households, {columns} × {rows}");
    let mut bare = Terminal::new(TestBackend::new(columns, rows)).expect("a terminal");
    let (mut all, mut frames) = (Vec::new(), Vec::new());
    let mut done: Vec<Vec<(Duration, String)>> = vec![Vec::new(); DONE.len()];
    for _ in 0..ROUNDS {
        for ((_, keys), times) in DONE.iter().zip(&mut done) {
            for key in words(keys) {
                times.push((face.press(&key), key));
                // In turn, so that whatever else the machine does falls on both.
                let lines = face.lines().join("\n");
                let draw =
                    || bare.draw(|frame| frame.render_widget(Paragraph::new(lines.as_str()), frame.area())).is_ok();
                frames.push((timed(draw), ()));
            }
        }
    }
    for ((what, _), times) in DONE.iter().zip(&mut done) {
        report(what, times);
        if let Some((time, key)) = times.last() {
            println!("  slowest: {key}, {:.2} ms", shared::measure::ms(*time));
        }
        all.append(times);
    }
    let frame = report("a bare frame", &mut frames);
    let key = report("a key to its frame, all of them", &mut all);
    println!("a key takes {:.1} times a bare frame (medians)", key / frame);
}

fn words(keys: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = keys;
    while !rest.is_empty() {
        let typed = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
        let (word, tail) = typed.unwrap_or_else(|| rest.split_once(' ').unwrap_or((rest, "")));
        match typed {
            Some(_) => words.extend(word.chars().map(String::from)),
            None => words.push(word.to_owned()),
        }
        rest = tail.trim_start();
    }
    words
}
