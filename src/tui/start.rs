//! From the command line to the workstation: the keymap and the store first, so that what is wrong with them is said
//! before the screen is taken; then the log, the first screen and the loop.

use std::path::Path;

use crate::data::BadData;
use crate::progress::Progress;
use crate::workspace::{Options, Workspace, WorkspaceError};

use super::app::Settings;
use super::desk::Desk;
use super::keymap::{Keymap, table};
use super::log;
use super::run::{Broken, run};
use super::screens::today::Today;
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
    /// There is none yet.
    #[error("{home} 里还没有户档。新建：hudang init --village 村代码 --name 村名，再导入：hudang import roster 文件")]
    NoStore {
        /// Where one was looked for.
        home: String,
    },
    /// The sample's folder could not be made, or does not go.
    #[error("示例村的临时文件夹出错：{0}")]
    Folder(#[source] std::io::Error),
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

/// Opens the workstation and stays until the person leaves; gives a word on what is left behind.
pub fn workstation(options: Options, progress: &mut dyn Progress) -> Result<String, CannotStart> {
    let keymap = keymap(&options.home)?;
    let home = options.home.clone();
    let (workspace, notes) = Workspace::open(options, progress).map_err(|error| {
        if error.is_no_store() { CannotStart::NoStore { home: home.display().to_string() } } else { error.into() }
    })?;
    let mut desk = Desk::new(workspace);
    desk.notes = notes.iter().map(ToString::to_string).collect();
    desk.workspace.stand(progress)?;
    let before = acts(&desk.workspace);
    let left = sit(desk, keymap)?;
    Ok(left.map_or_else(String::new, |desk| outcome(&desk.workspace, before)))
}

/// Opens the workstation on the sample village, in a private folder that goes when the person leaves.
pub fn demo(options: &Options, progress: &mut dyn Progress) -> Result<String, CannotStart> {
    // Before the sample takes its time.
    check().map_err(Broken::from)?;
    let keymap = keymap(&options.home)?;
    let folder = private_folder().map_err(CannotStart::Folder)?;
    let mut workspace = Workspace::sample(folder.path(), progress)?;
    if let Some(author) = &options.author {
        workspace.sit_down(author.clone())?;
    }
    workspace.stand(progress)?;
    let mut desk = Desk::new(workspace);
    desk.is_sample = true;
    let left = sit(desk, keymap)?;
    // The store is closed before its folder goes.
    drop(left);
    folder.close().map_err(CannotStart::Folder)?;
    Ok("示例村已收起，刚才的练习没有留下。".to_owned())
}

/// Shows the workstation on a desk until the person leaves.
fn sit(mut desk: Desk, keymap: Keymap) -> Result<Option<Desk>, CannotStart> {
    // A disk that takes no log is no reason not to work.
    let log = log::begin(desk.workspace.home()).ok();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "begun");
    for note in &desk.notes {
        tracing::warn!(note, "opened");
    }
    let first = Today::open(&mut desk);
    let theme = Theme::new(Colours::of_environment(|name| std::env::var(name).ok()));
    let left = run(desk, Box::new(first), Settings { keymap, theme, log })?;
    tracing::info!("left");
    Ok(left)
}

fn private_folder() -> std::io::Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.prefix("hudang-demo-").tempdir()
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
    let entered = acts(workspace).saturating_sub(before);
    let pending = workspace.pending().news().filter(|act| act.fields > 0).count();
    let left =
        if pending == 0 { "变更都交县了".to_owned() } else { format!("还有{pending}条变更没交县") };
    format!("这次记了{entered}条，{left}。")
}
