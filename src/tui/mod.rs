//! The terminal face: a loop, a stack of screens, one table of actions, and a keymap.
//!
//! ```text
//! terminal/  ──input──▶ run ──message──▶ app ──action, text──▶ screen (the top of the stack)
//!     ▲                  ▲                │  ◀──reply: push, pop, say, start a job, …──┘
//!     └──cells── draw ◀──┼────────────────┘
//!                        └──progress, result── worker, which has the workspace meanwhile (job)
//! ```
//!
//! A screen is a type of its own in `screens/` that implements [`screen::Screen`]. It holds a snapshot of what it shows
//! and draws from it alone; it is asked to do an action or to take typed text, may use the workspace then, and answers
//! with a [`reply::Reply`]. It knows neither keys nor the terminal: an action is a row in [`actions`], and the keymaps
//! in `keymaps/` bind keys to its name. Hints, help, palette and the table in the README are read off both.
//! What stands around a screen (title, rules, hints, status) is drawn by [`frame`] alone.
//!
//! To add a screen: its type, its actions' rows, its keys in `keymaps/default.toml`, and where it is opened from in the
//! workspace's [`world::World::act`]. Tests press keys on it through the real loop (`tests/tui/stage.rs`).

pub mod actions;
pub mod app;
pub mod canvas;
pub mod context;
pub mod desk;
pub mod frame;
mod hints;
pub mod input;
pub mod job;
pub mod keymap;
mod log;
pub mod message;
pub mod newcomer;
pub mod pinyin;
mod places;
pub mod reply;
pub mod run;
mod sample;
pub mod screen;
pub mod screens;
mod stack;
pub mod start;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod widgets;
pub mod world;
