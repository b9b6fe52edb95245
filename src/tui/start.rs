//! From the command line to the workstation: the keymap and the store first, so that what is wrong with them is said
//! before the screen is taken; then the log, the first screen and the loop.

use std::path::{Path, PathBuf};

use crate::data::BadData;
use crate::progress::Progress;
use crate::workspace::{Options, Workspace, WorkspaceError};

use super::app::Settings;
use super::desk::Desk;
use super::keymap::{Keymap, table};
use super::log;
use super::newcomer::{Made, Newcomer};
use super::run::{Broken, Session};
use super::sample::{NoSample, Sample};
use super::screens::today::Today;
use super::screens::welcome::Welcome;
use super::terminal::check::check;
use super::theme::{Colours, Theme};

/// Why there is no workstation.
#[derive(Debug, thiserror::Error)]
pub enum CannotStart {
    /// The person's keymap cannot be used.
    #[error("键位文件有误：{0}")]
    Keymap(#[from] BadData),
    /// The store does not open.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// There is no sample village.
    #[error(transparent)]
    Sample(#[from] NoSample),
    /// It broke off.
    #[error(transparent)]
    Broken(#[from] Broken),
}

impl CannotStart {
    /// The message as the terminal can show it.
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Broken(Broken::NoTerminal(none)) => none.bytes(),
            other => format!("{other}\n").into_bytes(),
        }
    }
}

/// The keymap file of a person, within the home.
const KEYMAP: &str = "keymap.toml";

/// Opens the workstation and stays until the person leaves; gives a word on what is left behind. Where there is no
/// store yet, the first screen makes one.
pub fn workstation(options: Options, progress: &mut dyn Progress) -> Result<String, CannotStart> {
    let keymap = keymap(&options.home)?;
    let (workspace, notes) = match Workspace::open(options.clone(), progress) {
        Err(error) if error.is_no_store() => return first_start(options, keymap),
        opened => opened?,
    };
    workspace.store().look_at_the_rest();
    let mut desk = Desk::new(workspace);
    desk.notes = notes.iter().map(ToString::to_string).collect();
    // A county looks at its villages' households one village at a time.
    if !desk.workspace.is_county_wide() {
        desk.workspace.stand(progress)?;
    }
    work(&mut Session::begin()?, desk, keymap)
}

/// Opens the workstation on the sample village, in a private folder that goes when the person leaves.
pub fn demo(options: &Options, progress: &mut dyn Progress) -> Result<String, CannotStart> {
    // Before the sample takes its time.
    check().map_err(Broken::from)?;
    let keymap = keymap(&options.home)?;
    let sample = Sample::make(options.author.as_ref(), progress)?;
    try_out(&mut Session::begin()?, sample, keymap)
}

/// Asks what to begin with, and begins.
fn first_start(options: Options, keymap: Keymap) -> Result<String, CannotStart> {
    let newcomer = Newcomer::new(options)?;
    let first = Box::new(Welcome::open(&newcomer));
    let mut session = Session::begin()?;
    let left = session.run(newcomer, first, settings(keymap.clone(), None))?;
    match left.and_then(|newcomer| newcomer.made) {
        None => Ok("还没有建户档。".to_owned()),
        Some(Made::Sample(sample)) => try_out(&mut session, *sample, keymap),
        Some(Made::Village(workspace)) => {
            let mut desk = Desk::new(*workspace);
            desk.is_new = true;
            work(&mut session, desk, keymap)
        }
    }
}

fn work(session: &mut Session, desk: Desk, keymap: Keymap) -> Result<String, CannotStart> {
    let before = acts(&desk.workspace);
    let left = sit(session, desk, keymap)?;
    Ok(left.map_or_else(String::new, |desk| outcome(&desk.workspace, before)))
}

fn try_out(session: &mut Session, sample: Sample, keymap: Keymap) -> Result<String, CannotStart> {
    let (desk, folder) = sample.desk();
    // The store is closed before its folder goes.
    drop(sit(session, desk, keymap)?);
    folder.close().map_err(NoSample::from)?;
    Ok("示例村已收起，刚才的练习没有留下。".to_owned())
}

/// Shows the workstation on a desk until the person leaves.
fn sit(session: &mut Session, mut desk: Desk, keymap: Keymap) -> Result<Option<Desk>, CannotStart> {
    // A disk that takes no log is no reason not to work.
    let log = log::begin(desk.workspace.home()).ok();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "begun");
    for note in &desk.notes {
        tracing::warn!(note, "opened");
    }
    let first = Box::new(Today::open(&mut desk));
    let left = session.run(desk, first, settings(keymap, log))?;
    tracing::info!("left");
    Ok(left)
}

fn settings(keymap: Keymap, log: Option<PathBuf>) -> Settings {
    let theme = Theme::new(Colours::of_environment(|name| std::env::var(name).ok()));
    Settings { keymap, theme, log }
}

/// The live key table, as text or as one JSON document.
pub fn key_table(home: &Path, as_json: bool) -> Result<String, CannotStart> {
    let keymap = keymap(home)?;
    Ok(if as_json { format!("{}\n", table::json(&keymap)) } else { table::text(&keymap) })
}

fn keymap(home: &Path) -> Result<Keymap, BadData> {
    let own = home.join(KEYMAP);
    if own.exists() { Keymap::from_file(&own) } else { Keymap::shipped("default") }
}

/// How many acts the village at work has.
fn acts(workspace: &Workspace) -> u64 {
    workspace.village().map_or(0, |village| workspace.store().counters(village).last_act)
}

fn outcome(workspace: &Workspace, before: u64) -> String {
    if workspace.is_countys() {
        return match workspace.to_answer().map(|owed| owed.len()) {
            Ok(owed @ 1..) => format!("还有{owed}个村没出回执。"),
            _ => "各村都答复了。".to_owned(),
        };
    }
    let entered = acts(workspace).saturating_sub(before);
    let pending = workspace.pending().count();
    let left =
        if pending == 0 { "变更都交县了".to_owned() } else { format!("还有{pending}处变更没交县") };
    format!("这次记了{entered}件，{left}。")
}
