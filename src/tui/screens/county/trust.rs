//! 认可钥匙: shows the fingerprint of a key that nobody has compared, and takes in what waited where a person says yes.

use crate::progress::Progress;
use crate::tui::desk::Desk;
use crate::tui::job::Job;
use crate::tui::reply::{Answer, Reply};
use crate::tui::screens::dialog::Dialog;
use crate::workspace::WorkspaceError;
use crate::workspace::arrival::{Fingerprint, NotAFingerprint, Stranger};

const QUESTION: &str = "county.trust";

/// Asks whether the key that signed a village's sets is the village's.
pub(super) fn ask(desk: &mut Desk, stranger: &Stranger) -> Reply<Desk> {
    if desk.workspace.author().is_none() {
        return desk.ask_who();
    }
    let name = desk.workspace.village_in_words(stranger.set.village);
    let print = &stranger.fingerprint;
    let says = format!(
        "{name}交来的变更集，签名的钥匙头一次见，先存着没有收。\n指纹 {print}\n请当面或打电话请村里念一遍他们的指纹（设置里有）。一字不差才认。"
    );
    Reply::push(Dialog::question(QUESTION, "认可钥匙", says, &["先不认", "核对过，一致"]))
}

/// Takes the answer; none where it was to another question.
pub(super) fn answered(answer: &Answer, stranger: Option<&Stranger>) -> Option<Reply<Desk>> {
    let stranger = stranger.filter(|_| answer.question == QUESTION)?;
    if answer.choice == 0 {
        return Some(Reply::done());
    }
    let village = stranger.set.village;
    let fingerprint: Result<Fingerprint, NotAFingerprint> = stranger.fingerprint.parse();
    let fingerprint = match fingerprint {
        Ok(fingerprint) => fingerprint,
        Err(error) => return Some(Reply::warned(error.to_string())),
    };
    let work = move |desk: &mut Desk, progress: &mut dyn Progress| {
        let (arrival, _) = desk.workspace.trust(village, &fingerprint, progress)?;
        Ok(arrival.in_short(Some(&desk.workspace)))
    };
    Some(Reply::start(Job::new("收变更集", work, |_, came: Result<String, WorkspaceError>| match came {
        Ok(says) => Reply::push(Dialog::message("收变更集", says)),
        Err(error) => Reply::push(Dialog::message("没有收成", error.to_string())),
    })))
}
