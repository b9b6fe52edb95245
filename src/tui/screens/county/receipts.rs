//! 出回执: asks what becomes of what nobody answered, and for a folder, writes the receipts that are owed into it, and says how many.

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
use crate::workspace::receipt::{Receipt, Rest};

/// What becomes of what nobody has answered.
const REST: &str = "county.receipts.rest";
/// Where the receipts go, with what was answered alone, and with the rest as taken.
const LEFT: &str = "county.receipts.left";
const TAKEN: &str = "county.receipts.taken";
const FOLDER: &str = "folder";

/// Asks what becomes of what nobody has answered, where there is such a thing, and where the receipts go: of one village,
/// or of all that are owed one.
pub(super) fn ask(desk: &mut Desk, village: Option<VillageCode>) -> Reply<Desk> {
    if desk.workspace.author().is_none() {
        return desk.ask_who();
    }
    let asked = || {
        let owed = owed(desk, village, Rest::Taken)?;
        let mut open = 0;
        for village in &owed {
            open += desk.workspace.open_changes_of(*village)?;
        }
        Ok::<_, WorkspaceError>((owed, open))
    };
    match asked() {
        Ok((owed, _)) if owed.is_empty() => Reply::said("没有要答复的"),
        Ok((_, 0)) => ask_folder(desk, village, Rest::Left),
        Ok((owed, open)) => {
            let is_answered = owed.iter().any(|village| desk.workspace.is_unsent(*village));
            let says = format!("还有{open}处变更没有答复。回执只写答复过的；没答复的可以都算收下。");
            let choices: &[&str] = if is_answered {
                &["先不出", "只发答复过的", "都算收下"]
            } else {
                &["先不出", "都算收下"]
            };
            Reply::push(Dialog::question(REST, "出回执", says, choices))
        }
        Err(error) => Reply::warned(error.to_string()),
    }
}

fn ask_folder(desk: &mut Desk, village: Option<VillageCode>, rest: Rest) -> Reply<Desk> {
    let owed = match owed(desk, village, rest) {
        Ok(owed) => owed,
        Err(error) => return Reply::warned(error.to_string()),
    };
    let field = folder::field(FOLDER, "写到文件夹", &desk.workspace.papers(), Missing::Made).required();
    let hint = match rest {
        Rest::Taken => "没说不录的都算收下；一村一个文件，发回村里收",
        Rest::Left => "只写答复过的；一村一个文件，发回村里收",
    };
    let title = match (&owed[..], village) {
        ([only], _) => format!("出回执：{}", desk.workspace.village_in_words(*only)),
        (several, _) => format!("出回执：{}个村", several.len()),
    };
    let question = if rest == Rest::Taken { TAKEN } else { LEFT };
    Reply::push(Ask::new(question, title, Form::new(vec![field.hint(hint)], desk.workspace.today())))
}

fn owed(desk: &Desk, village: Option<VillageCode>, rest: Rest) -> Result<Vec<VillageCode>, WorkspaceError> {
    let mut owed = match village {
        Some(village) => {
            if desk.workspace.is_owed(village)? {
                vec![village]
            } else {
                Vec::new()
            }
        }
        None => desk.workspace.to_answer()?,
    };
    owed.retain(|village| rest == Rest::Taken || desk.workspace.is_unsent(*village));
    Ok(owed)
}

/// Takes the answer; none where it was to another question.
pub(super) fn answered(answer: &Answer, desk: &mut Desk, village: Option<VillageCode>) -> Option<Reply<Desk>> {
    let rest = match answer.question {
        REST if answer.choice == 0 => return Some(Reply::done()),
        REST => {
            let both = owed(desk, village, Rest::Left).is_ok_and(|unsent| !unsent.is_empty());
            let rest = if both && answer.choice == 1 { Rest::Left } else { Rest::Taken };
            return Some(ask_folder(desk, village, rest));
        }
        LEFT => Rest::Left,
        TAKEN => Rest::Taken,
        _ => return None,
    };
    let folder = folder::path(answer.value(FOLDER));
    let owed = match owed(desk, village, rest) {
        Ok(owed) => owed,
        Err(error) => return Some(Reply::warned(error.to_string())),
    };
    let to = folder.clone();
    let work =
        move |desk: &mut Desk, progress: &mut dyn Progress| desk.workspace.write_receipts(&owed, &to, rest, progress);
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
