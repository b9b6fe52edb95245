//! 出回执: asks for a folder, writes the receipts that are owed into it, and says how many.

use crate::domain::VillageCode;
use crate::progress::Progress;
use crate::tui::desk::Desk;
use crate::tui::job::Job;
use crate::tui::reply::{Answer, Reply};
use crate::tui::screens::ask::Ask;
use crate::tui::screens::dialog::Dialog;
use crate::tui::screens::folder::{self, Missing};
use crate::tui::widgets::form::Form;
use crate::workspace::WorkspaceError;
use crate::workspace::receipt::Receipt;

const QUESTION: &str = "county.receipts";
const FOLDER: &str = "folder";

/// Asks where the receipts go: of one village, or of all that are owed one.
pub(super) fn ask(desk: &mut Desk, village: Option<VillageCode>) -> Reply<Desk> {
    if desk.workspace.author().is_none() {
        return desk.ask_who();
    }
    match owed(desk, village) {
        Ok(owed) if owed.is_empty() => Reply::said("没有要答复的"),
        Ok(owed) => {
            let field = folder::field(FOLDER, "写到文件夹", &desk.workspace.papers(), Missing::Made).required();
            let field = field.hint("没说不录的都算收下；一村一个文件，发回村里收");
            let title = match (&owed[..], village) {
                ([only], _) => format!("出回执：{}", desk.workspace.village_in_words(*only)),
                (several, _) => format!("出回执：{}个村", several.len()),
            };
            Reply::push(Ask::new(QUESTION, title, Form::new(vec![field], desk.workspace.today())))
        }
        Err(error) => Reply::warned(error.to_string()),
    }
}

fn owed(desk: &Desk, village: Option<VillageCode>) -> Result<Vec<VillageCode>, WorkspaceError> {
    match village {
        Some(village) => Ok(if desk.workspace.is_owed(village)? { vec![village] } else { Vec::new() }),
        None => desk.workspace.to_answer(),
    }
}

/// Takes the answer; none where it was to another question.
pub(super) fn answered(answer: &Answer, desk: &mut Desk, village: Option<VillageCode>) -> Option<Reply<Desk>> {
    if answer.question != QUESTION {
        return None;
    }
    let folder = folder::path(answer.value(FOLDER));
    let owed = match owed(desk, village) {
        Ok(owed) => owed,
        Err(error) => return Some(Reply::warned(error.to_string())),
    };
    let to = folder.clone();
    let work = move |desk: &mut Desk, progress: &mut dyn Progress| desk.workspace.write_receipts(&owed, &to, progress);
    Some(Reply::start(Job::new("出回执", work, move |desk, written| {
        let (title, says) = match written {
            Ok((receipts, is_all)) => {
                desk.workspace.remember(|settings| settings.papers = Some(folder.clone()));
                ("回执", in_words(&receipts, is_all, &folder))
            }
            Err(error) => ("没有写成", format!("{error}\n已经写好的都在，再出一次接着写。")),
        };
        Reply::push(Dialog::message(title, says))
    })))
}

fn in_words(receipts: &[Receipt], is_all: bool, folder: &std::path::Path) -> String {
    let (mut taken, mut refused, mut corrections) = (0, 0, 0);
    for receipt in receipts {
        taken += receipt.changes.0;
        refused += receipt.changes.1;
        corrections += receipt.corrections;
    }
    let mut lines = vec![format!("写好{}份：收下{taken}处，不予录入{refused}处，更正{corrections}件", receipts.len())];
    if let [only] = receipts {
        lines.push(only.set.file_name());
    }
    lines.push(format!("在 {}", folder.display()));
    lines.push("发回各村，村里用收回执收。".to_owned());
    if !is_all {
        lines.push("停下了：其余的村还没有写".to_owned());
    }
    lines.join("\n")
}
