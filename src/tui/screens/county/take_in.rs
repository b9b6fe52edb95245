//! 收变更集: what was chosen goes in, and what came of it is said in words.

use std::path::PathBuf;

use crate::progress::Progress;
use crate::tui::desk::Desk;
use crate::tui::job::Job;
use crate::tui::reply::{Effect, Reply};
use crate::tui::screens::dialog::Dialog;
use crate::workspace::arrival::Trust;
use crate::workspace::{Workspace, WorkspaceError};

/// Takes in sets, and workbooks that were filled in.
pub(in crate::tui::screens) fn take_in(desk: &mut Desk, files: Vec<PathBuf>) -> Reply<Desk> {
    let (sheets, sets): (Vec<_>, Vec<_>) = files.into_iter().partition(|path| Workspace::is_sheet(path));
    if !sheets.is_empty() && desk.workspace.author().is_none() {
        return desk.ask_who();
    }
    let work = move |desk: &mut Desk, progress: &mut dyn Progress| {
        let mut says = Vec::new();
        if !sets.is_empty() {
            let arrival = desk.workspace.take_in_sets(&sets, &Trust::Nobody, progress)?;
            says.push(arrival.in_short(Some(&desk.workspace)));
        }
        for sheet in &sheets {
            if progress.is_cancelled() {
                says.push("停下了：已经收下的都在，其余的没有动".to_owned());
                break;
            }
            match desk.workspace.take_in_sheet(sheet) {
                Ok(sheet) => says.push(sheet.in_words()),
                Err(WorkspaceError::Sheet(fault)) => says.push(format!("没有收 {fault}")),
                Err(error) => return Err(error),
            }
        }
        Ok(says.join("\n"))
    };
    Reply::start(Job::new("收变更集", work, |_, came: Result<String, WorkspaceError>| match came {
        Ok(says) => Reply::pop().and(Effect::Push(Box::new(Dialog::message("收变更集", says)))),
        Err(error) => Reply::push(Dialog::message("没有收成", error.to_string())),
    }))
}
