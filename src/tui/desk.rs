//! The workspace as the screens have it: whose village it is, who sits at it, and what may be seen of it.

use chrono::{Datelike, Weekday};

use crate::catalogue::Field;
use crate::domain::Value;
use crate::workspace::Workspace;

use super::actions::Action;
use super::reply::Reply;
use super::screens::visit::Sitting;
use super::world::{Banner, World};

/// What the screens work at.
pub struct Desk {
    /// The use cases.
    pub workspace: Workspace,
    /// Whether ID numbers, phones and bank cards are shown whole.
    pub shows_private: bool,
    /// Whether this is the sample village, which lives on a day of its own.
    pub is_sample: bool,
    /// What goes on from one visit to the next.
    pub sitting: Sitting,
}

impl Desk {
    /// A desk with a workspace on it.
    pub fn new(workspace: Workspace) -> Self {
        Self { workspace, shows_private: false, is_sample: false, sitting: Sitting::default() }
    }

    /// A value as it may be seen just now.
    pub fn show(&self, field: &Field, value: &Value) -> String {
        let catalogue = &self.workspace.definitions().catalogue;
        if self.shows_private { catalogue.show(field, value) } else { catalogue.show_masked(field, value) }
    }

    fn undo(&mut self) -> Reply<Self> {
        let label = |kind| self.workspace.definitions().forms.get(kind).map_or("", |form| &form.label).to_owned();
        match self.workspace.last_undoable() {
            Err(error) => Reply::warned(error.to_string()),
            Ok(act) => {
                let what = label(act.kind);
                match self.workspace.undo() {
                    Ok((undone, _)) => Reply::said(format!("已撤销第{}号：{what}", undone.number)).refresh(),
                    Err(error) => Reply::warned(error.to_string()),
                }
            }
        }
    }
}

impl World for Desk {
    fn banner(&self) -> Banner {
        let workspace = &self.workspace;
        let today = workspace.today();
        let set = if self.is_sample {
            "(示例)"
        } else if workspace.clock().is_set() {
            "(设定)"
        } else {
            ""
        };
        let code = || workspace.village().map_or_else(String::new, |village| village.to_string());
        Banner {
            village: workspace.village_name().map_or_else(code, str::to_owned),
            day: format!("{}月{}日 周{}{set}", today.month(), today.day(), weekday(today.weekday())),
            who: workspace
                .author()
                .map_or_else(String::new, |author| format!("{}({})", author.name, author.role.label())),
            policy: format!("政策 {}", workspace.policy().label),
        }
    }

    fn act(&mut self, action: Action) -> Reply<Self> {
        match action {
            Action::OpenVisit => self.open_round(),
            Action::Undo => self.undo(),
            Action::Unmask => {
                self.shows_private = !self.shows_private;
                let what = if self.shows_private { "号码已显示，再按一次遮住" } else { "号码已遮住" };
                Reply::said(what).refresh()
            }
            _ => Reply::pass(),
        }
    }
}

fn weekday(day: Weekday) -> char {
    match day {
        Weekday::Mon => '一',
        Weekday::Tue => '二',
        Weekday::Wed => '三',
        Weekday::Thu => '四',
        Weekday::Fri => '五',
        Weekday::Sat => '六',
        Weekday::Sun => '日',
    }
}
