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
//!                │      checks/                 which facts contradict one another   (loaded from data/)
//!                │         │  forms/  policy/   what is asked; figures and days      (loaded from data/)
//!                │         └────┴──┬──┘
//!                │          catalogue/          sections, fields, code lists          (loaded from data/)
//!                └──────┬────────┘
//!                       ▼
//!                    domain/                    plain types; imports nothing of ours
//! ```
//!
//! `data` (the embedded files with a county's own laid over them) and `progress` are leaves that anybody may use.
//! `tests/architecture.rs` reads the `use` lines and fails on an arrow that the picture does not have; it also sees to
//! it that only `store/` names sled and bincode, only `workspace/rank.rs` the fuzzy matcher, and only `tui/` ratatui
//! and crossterm.
//!
//! # One truth, many views
//!
//! Whatever happens to a file is an act ([`changes::Act`]): who, when, on what evidence, what was there and what is
//! there now. An act is one line of text, numbered without gaps within its village and chained to the one before. It is
//! appended to a journal and made durable, then applied to the files in the index, then acknowledged. Undo, the history
//! of a field, "not handed over yet", and the sets for the county are readings of the same journal. An undo is a new
//! act; nothing is ever taken out.
//!
//! Each village has two chains of acts, and each chain is written in one store only: its own, written at the village, and
//! the county's answers to it (verdicts on changes, corrections), written at the county. The other side holds a copy to
//! the byte, so whatever the order in which sets come, both hold the same; numbers used twice are seen
//! ([`workspace::arrival`]). Only a village's own acts touch its files: a correction of the county becomes part of them
//! by an act of the village that follows it, where nothing that the village did meanwhile is overwritten
//! ([`changes::correction`]).
//!
//! A file ([`domain::HouseholdFile`]) is sections of rows of cells, whatever `data/file/` defines; each section knows
//! the day it is told of and by whom it was last confirmed, and each cell what the county's roster last said of it.
//! Where rules reason, they use a typed view of the same cells ([`domain::Household`], [`domain::Member`]).
//!
//! # What holds everywhere
//!
//! - **Facts live in `data/`.** Sections, code lists, questions, life events, columns, figures, days, the words of
//!   search and paper. A question more in the visit or a code more in a list touches `data/` alone. Code knows the
//!   names of those fields that it reasons about, once, in `domain/field.rs`, and a test asks that each is defined.
//! - **Rules are pure.** A rule sees a file, the policy and a day ([`rules::Look`]). The clock, the author and new ids
//!   are handed in from outside.
//! - **What may be entered is asked once.** Whatever its way in, a person's act is made in one room
//!   (`workspace/making`), where the guards ([`rules::guard`]) hold it against her role, the side, the state of the file
//!   and the days; a screen only asks whether a key is to be offered.
//! - **Unknown is not no.** An empty cell stays empty through rules, screens and papers; a rule never concludes from it.
//! - **Nothing is invented.** A visit's time, place and people are asked, never filled in; what a rule proposes is shown
//!   with its reason and waits for a person.
//! - **A higher word does not overwrite in silence.** A roster that says something else than the village stands beside
//!   what the village holds, until a person chooses ([`changes::three_way`]); so does a county's correction.
//! - **Nothing acknowledged is lost.** What a kill, a full disk or a damaged file may do to a store is listed and tried
//!   in `tests/store_*.rs` and `tests/commands/kills.rs`.
//! - **Nobody is named where it is not her file**: numbers are masked on screens, papers and in errors, and names are
//!   in no log and in no file's name.
//!
//! # A tour for a newcomer
//!
//! Follow one visit. `data/forms/visit.toml` says what is asked; [`forms`] reads it. The visit's screen
//! (`tui/screens/visit`) shows the items that apply ([`rules`]) and keeps each answer as a draft
//! ([`workspace::Workspace::keep_draft`]). Finished, the answers are a [`domain::FilledForm`], the same that
//! `hudang record` reads from JSON; `workspace/filing` makes an act of it without touching anything, so that a screen
//! can show beforehand what it will do; [`store::Store::commit`] numbers, chains and journals it. The month's hand-over
//! (`workspace/export.rs`) gives the run of acts to [`exchange::set`] and [`exchange::workbook`]. Then read the other
//! way in: a county's workbook, from [`exchange::roster`] through `workspace/import` to the same acts; and a set that
//! came, from `exchange/set/receive.rs` through `workspace/arrival` into the copy of its chain.

pub mod catalogue;
pub mod changes;
pub mod checks;
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
