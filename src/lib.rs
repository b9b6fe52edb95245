//! The household files of a village, and what she does with them in a month.
//!
//! # The shape of the house
//!
//! ```text
//!             keys, commands, files
//!                     │
//!         ┌───────────┴───────────┐
//!         ▼                       ▼
//!       tui/                    cli/            two faces, never importing each other
//!         └───────────┬───────────┘
//!                     ▼
//!                workspace/                     use cases: open, search, edit, undo, worklist, import, export
//!           ┌─────────┼──────────┐
//!           ▼         ▼          ▼
//!      exchange/   store/      rules/           files in and out; journal + index; what follows from a file on a day
//!           └────┬────┴──────────┘
//!                ▼
//!            changes/                           act, apply, undo, three-way, line and chain
//!                │         forms/  policy/      what is asked; figures and days    (loaded from data/)
//!                │            └──┬───┘
//!                │          catalogue/          sections, fields, code lists        (loaded from data/)
//!                └──────┬────────┘
//!                       ▼
//!                    domain/                    plain types; imports nothing of ours
//! ```

pub mod catalogue;
pub mod changes;
pub mod cli;
pub mod data;
pub mod domain;
pub mod exchange;
pub mod forms;
pub mod policy;
pub mod progress;
pub mod rules;
pub mod store;
pub mod tui;
pub mod workspace;
