//! 走访单: asks how many households go on it, and writes it.

use std::path::PathBuf;

use crate::domain::HouseholdId;
use crate::tui::desk::Desk;
use crate::tui::job::Job;
use crate::tui::reply::{Answer, Reply};
use crate::tui::screens::ask::Ask;
use crate::tui::widgets::form::{Field, Form, Verdict};
use crate::workspace::WorkspaceError;

/// The question that the screen asks.
pub const QUESTION: &str = "visit.round-sheet";

impl Desk {
    /// Asks how many of the next households to print; the screen that asks is told the answer.
    pub fn ask_for_round(&self) -> Reply<Self> {
        let morning = self.workspace.policy().visit.morning;
        let count = Field::text("count", "接下来几户").required().holding(&morning.to_string()).checked(|text| {
            match text.parse::<usize>() {
                Ok(1..) => Verdict::Good,
                _ => Verdict::Refused("应为1以上的整数".to_owned()),
            }
        });
        let says = format!("写到 {}；晚上按同样的顺序录入", self.workspace.papers().display());
        let form = Form::new(vec![count.unit("户").hint(says)], self.workspace.today());
        Reply::push(Ask::new(QUESTION, "走访单", form))
    }

    /// Writes the sheet of as many households as were asked for, from this one on.
    pub fn print_next(&self, answer: &Answer, from: Option<HouseholdId>) -> Reply<Self> {
        let count = answer.value("count").parse().unwrap_or(0);
        let left = match self.workspace.left_to_visit() {
            Ok(left) => left,
            Err(error) => return Reply::warned(error.to_string()),
        };
        let first = from.filter(|id| left.contains(id)).or_else(|| self.workspace.next_of(&left, from));
        let at = first.and_then(|first| left.iter().position(|id| *id == first)).unwrap_or(0);
        let households: Vec<HouseholdId> = left[at..].iter().chain(&left[..at]).take(count).copied().collect();
        self.print_round(households)
    }

    /// Writes the sheet of these households, in this order.
    pub fn print_round(&self, households: Vec<HouseholdId>) -> Reply<Self> {
        if households.is_empty() {
            return Reply::warned("没有要走访的户");
        }
        let count = households.len();
        Reply::start(Job::new(
            "写走访单",
            move |desk: &mut Desk, progress| {
                let folder = desk.workspace.papers();
                desk.workspace.print_round(&households, &folder, progress)
            },
            move |_, written: Result<Option<PathBuf>, WorkspaceError>| match written {
                Ok(Some(path)) => Reply::said(format!("{count}户的走访单写好了：{}，用浏览器打开打印", path.display())),
                Ok(None) => Reply::said("没有写走访单"),
                Err(error) => Reply::warned(error.to_string()),
            },
        ))
    }
}
