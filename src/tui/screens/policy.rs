//! 政策数字: the village's policy figure by figure, each with the document that states it; what is not stated is said, and
//! what changed since one last looked stands first.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::policy::ShownFigure;
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::Reply;
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::text;
use crate::tui::widgets::list::{Column, List};
use crate::workspace::policy::FigureChange;

/// What stands where no layer states a figure.
const NOT_STATED: &str = "未载明";
/// Rows at the bottom for the selected figure in full.
const FOOT: u16 = 4;

const COLUMNS: [Column; 3] = [Column::words("", 32), Column::words("", 22), Column::words("", 0)];

/// The screen.
pub struct Figures {
    rows: Vec<Row>,
    list: List,
    policy: String,
}

enum Row {
    Head(String),
    Changed(FigureChange),
    Figure(ShownFigure),
}

impl Figures {
    /// The figures as they hold today.
    pub fn open(desk: &mut Desk) -> Self {
        let workspace = &mut desk.workspace;
        let mut rows = Vec::new();
        let changed = workspace.figures_changed();
        if !changed.is_empty() {
            rows.push(Row::Head(format!("与以前按的不同：{}项", changed.len())));
            rows.extend(changed.into_iter().map(Row::Changed));
        }
        let mut part: Option<Box<str>> = None;
        for figure in workspace.figures() {
            if part.as_ref() != Some(&figure.part) {
                rows.push(Row::Head(figure.part.to_string()));
                part = Some(figure.part.clone());
            }
            rows.push(Row::Figure(figure));
        }
        workspace.tell_figures();
        let list = List::new(rows.len());
        Self { rows, list, policy: workspace.policy_in_words() }
    }

    /// The selected row in full.
    fn in_full(&self) -> String {
        match self.list.selected().and_then(|row| self.rows.get(row)) {
            Some(Row::Figure(figure)) => {
                let Some(holds) = &figure.holds else {
                    return format!("{}：本地的政策文件都没有写，用到它的核对、期限不作判断", figure.label);
                };
                let date = if holds.date.is_empty() { String::new() } else { format!("（{}）", holds.date) };
                let others = figure.others.iter().map(|other| format!("；{}为{}", other.layer_label, other.value));
                format!("{}：{}，见{}{date}{}", figure.label, holds.value, holds.title, others.collect::<String>())
            }
            Some(Row::Changed(change)) => change.in_words(),
            Some(Row::Head(head)) => head.clone(),
            None => String::new(),
        }
    }
}

impl Screen<Desk> for Figures {
    fn name(&self) -> &'static str {
        "policy"
    }

    fn title(&self) -> Title {
        Title::with("政策数字", format!("现在按 {}", self.policy))
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::List, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        [Action::Back, Action::PageDown, Action::PageUp, Action::Palette].map(Hint::of).to_vec()
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let theme = canvas.theme;
        let foot = FOOT.min(area.height / 2);
        let above = Rect { height: area.height - foot, ..area };
        self.list.draw(canvas, above, &COLUMNS, |row| match self.rows.get(row) {
            Some(Row::Head(head)) => vec![Span::styled(head.as_str(), theme.bold())],
            Some(Row::Changed(change)) => vec![
                Span::raw(change.label.as_str()),
                Span::styled(change.now.as_deref().unwrap_or(NOT_STATED), theme.bold()),
                Span::raw(format!("以前：{}", change.before.as_deref().unwrap_or(NOT_STATED))),
            ],
            Some(Row::Figure(figure)) => match &figure.holds {
                Some(holds) => vec![
                    Span::raw(&*figure.label),
                    Span::raw(holds.value.as_str()),
                    Span::styled(holds.title.as_str(), theme.dim()),
                ],
                None => vec![Span::raw(&*figure.label), Span::styled(NOT_STATED, theme.dim())],
            },
            None => Vec::new(),
        });
        let width = area.width.saturating_sub(4);
        for (words, y) in text::wrap(&self.in_full(), width.into()).iter().zip(above.bottom() + 1..area.bottom()) {
            canvas.put(area.x + 2, y, words, width, Style::new());
        }
    }

    fn act(&mut self, action: Action, _: &mut Desk) -> Reply<Desk> {
        if self.list.act(action) { Reply::done() } else { Reply::pass() }
    }

    fn mouse(&mut self, mouse: Mouse, _: &mut Desk) -> Reply<Desk> {
        self.list.mouse(mouse);
        Reply::done()
    }
}
