//! 换村: which village of a county's store is worked at, or all of them.

use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::catalogue::Deed;
use crate::domain::{HouseholdId, VillageCode};
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::pinyin;
use crate::tui::reply::Reply;
use crate::tui::screen::{Cover, Hint, Mouse, Screen, Title};
use crate::tui::widgets::line::Line;
use crate::tui::widgets::list::{Column, Hit, List};
use crate::workspace::WorkspaceError;

/// The popup.
pub struct Villages {
    all: Vec<(Option<VillageCode>, String)>,
    /// The places in `all` that the typed line leaves.
    found: Vec<usize>,
    line: Line,
    list: List,
}

const COLUMNS: [Column; 2] = [Column::words("", 0), Column::words("", 14)];
/// Rows of the popup, its frame and the typed line included.
const MOST: u16 = 18;

impl Villages {
    /// All villages of the store, with those of the county together in the first row.
    pub fn open(desk: &Desk) -> Self {
        let workspace = &desk.workspace;
        let villages = workspace.store().villages();
        let mut all: Vec<_> = villages.into_iter().map(|code| (Some(code), workspace.village_in_words(code))).collect();
        all.insert(0, (None, "全部村".to_owned()));
        let mut screen = Self { all, found: Vec::new(), line: Line::default(), list: List::default() };
        screen.find();
        let now = screen.all.iter().position(|(code, _)| *code == workspace.village());
        screen.list.select(now.unwrap_or_default());
        screen
    }

    fn find(&mut self) {
        let typed = self.line.value().trim().to_lowercase();
        let is_meant = |name: &str, code: Option<VillageCode>| {
            name.contains(&typed)
                || pinyin::is_found(&typed, name)
                || code.is_some_and(|it| it.to_string().ends_with(&typed))
        };
        let all = self.all.iter().enumerate();
        self.found =
            all.filter(|(_, (code, name))| typed.is_empty() || is_meant(name, *code)).map(|(at, _)| at).collect();
        self.list.set_len(self.found.len());
        self.list.select(0);
    }

    fn choose(&self, desk: &mut Desk) -> Reply<Desk> {
        let chosen = self.list.selected().and_then(|row| self.all.get(*self.found.get(row)?));
        let Some((village, name)) = chosen else { return Reply::warned("没有这样的村名") };
        match desk.work_at(*village) {
            Ok(()) => Reply::pop().say(format!("现在看的是{name}")),
            Err(error) => Reply::warned(error.to_string()),
        }
    }
}

impl Desk {
    /// Turns to one village, or to all; what was marked or listed of the others is let go.
    pub fn work_at(&mut self, village: Option<VillageCode>) -> Result<(), WorkspaceError> {
        self.marked.clear();
        self.listed.clear();
        self.workspace.work_at(village)
    }

    /// Asks which village, where the store holds several.
    pub(in crate::tui) fn choose_village(&self) -> Reply<Self> {
        if !self.workspace.is_countys() {
            return Reply::said("这里只有一个村");
        }
        match self.workspace.store().villages().len() {
            0 => Reply::warned("还没有村：先收村里交来的变更集"),
            _ => Reply::push(Villages::open(self)),
        }
    }

    /// Why something cannot be entered about a household by whoever is here; none where it can.
    pub(in crate::tui) fn refuses(&self, id: HouseholdId, deed: Deed) -> Option<Reply<Self>> {
        self.workspace.may_enter(id, deed).err().map(|why| match why {
            WorkspaceError::NotYours(why) => Reply::warned(why.on_screen()),
            why => Reply::warned(why.to_string()),
        })
    }

    /// The same of what is done for a whole village: it has to be chosen, and be written here.
    pub(in crate::tui) fn needs_a_village(&self) -> Option<Reply<Self>> {
        match self.workspace.village() {
            Some(village) if !self.workspace.is_copy(village) => None,
            Some(_) => Some(Reply::warned(WorkspaceError::OfTheVillage.to_string())),
            None if !self.workspace.is_countys() => None,
            None if self.workspace.store().villages().into_iter().all(|village| self.workspace.is_copy(village)) => {
                Some(Reply::warned(WorkspaceError::OfTheVillage.to_string()))
            }
            None => Some(self.choose_village().warn("这是一个村的事：先选定一个村")),
        }
    }

    /// What is said of acts that were entered about a household.
    pub(in crate::tui) fn noted(&self, id: HouseholdId, numbers: &[u64]) -> String {
        let numbers = numbers.iter().map(|number| format!("第{number}号")).collect::<Vec<_>>().join("、");
        if self.workspace.is_copy(id.village) {
            format!("已记为县里的更正{numbers}，随下一份回执发回村里")
        } else {
            format!("已记下{numbers}")
        }
    }

    /// Where a household of a list lives: its group, or its village where several are listed together.
    pub(in crate::tui) fn place_of(&self, id: HouseholdId) -> String {
        let workspace = &self.workspace;
        if workspace.shows_villages() {
            return workspace.village_in_words(id.village);
        }
        workspace.households().get(id).and_then(|summary| summary.group.as_deref()).unwrap_or_default().to_owned()
    }
}

impl Screen<Desk> for Villages {
    fn name(&self) -> &'static str {
        "villages"
    }

    fn title(&self) -> Title {
        Title::of("换村")
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::Picker, Context::List, Context::Text, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        vec![Hint::named(Action::Open, "选定"), Hint::of(Action::Back)]
    }

    fn cover(&self) -> Cover {
        Cover::Popup(56, (self.all.len() as u16).saturating_add(4).min(MOST))
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let theme = canvas.theme;
        let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        self.list.draw(canvas, rows, &COLUMNS, |row| {
            let Some((code, name)) = self.found.get(row).and_then(|at| self.all.get(*at)) else { return Vec::new() };
            let code = code.map_or_else(String::new, |code| code.to_string());
            vec![Span::raw(name.as_str()), Span::styled(code, theme.dim())]
        });
        let after = canvas.put(area.x, area.y, "找 ", area.width, theme.accent());
        let line = Rect { x: after, width: area.right().saturating_sub(after), height: 1, ..area };
        self.line.draw(canvas, line, ratatui::style::Style::new(), true);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        match action {
            Action::Open => self.choose(desk),
            action if self.list.act(action) => Reply::done(),
            action if self.line.act(action) => {
                self.find();
                Reply::done()
            }
            _ => Reply::pass(),
        }
    }

    fn text(&mut self, text: &str, _: &mut Desk) -> Reply<Desk> {
        self.line.insert(text);
        self.find();
        Reply::done()
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        match self.list.mouse(mouse) {
            Hit::Opened => self.choose(desk),
            _ => Reply::done(),
        }
    }
}
