//! By what the list can be sorted, in a popup.

use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::Reply;
use crate::tui::screen::{Cover, Hint, Mouse, Screen, Title};
use crate::tui::widgets::list::{Column, Hit, List};
use crate::workspace::search::SortKey;

/// The name of its answer, which is a place in [`ALL`].
pub(super) const QUESTION: &str = "households.sort";

/// An order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sort {
    pub key: SortKey,
    pub downwards: bool,
}

const fn sort(key: SortKey, downwards: bool) -> Option<Sort> {
    Some(Sort { key, downwards })
}

/// What is offered; none leaves it to the search.
pub(super) const ALL: [Option<Sort>; 11] = [
    None,
    sort(SortKey::Natural, false),
    sort(SortKey::Name, false),
    sort(SortKey::Class, false),
    sort(SortKey::People, true),
    sort(SortKey::People, false),
    sort(SortKey::PerPerson, false),
    sort(SortKey::PerPerson, true),
    sort(SortKey::LastVisit, false),
    sort(SortKey::LastVisit, true),
    sort(SortKey::Problems, true),
];

/// An order in the words of the title; without one, what was searched for decides.
pub(super) fn label(sort: Option<Sort>, is_searching: bool) -> String {
    let Some(Sort { key, downwards }) = sort else {
        return if is_searching { "最像的在前" } else { "组、门牌" }.to_owned();
    };
    let way = match (key, downwards) {
        (SortKey::Natural | SortKey::Class, _) => "",
        (SortKey::Name, _) => "拼音",
        (SortKey::People, true) => "多的在前",
        (SortKey::People, false) => "少的在前",
        (SortKey::PerPerson, true) => "高的在前",
        (SortKey::PerPerson, false) => "低的在前",
        (SortKey::LastVisit, true) => "近的在前",
        (SortKey::LastVisit, false) => "久的在前",
        (SortKey::Problems, _) => "多的在前",
    };
    format!("{}{way}", key.label())
}

/// The popup.
pub(super) struct Sorts {
    list: List,
}

impl Sorts {
    /// The popup, at the order that holds.
    pub fn open(now: Option<Sort>) -> Self {
        let mut list = List::new(ALL.len());
        list.select(ALL.iter().position(|sort| *sort == now).unwrap_or_default());
        Self { list }
    }

    fn choose(&self) -> Reply<Desk> {
        self.list.selected().map_or(Reply::pop(), |row| Reply::answer(QUESTION, row))
    }
}

impl Screen<Desk> for Sorts {
    fn name(&self) -> &'static str {
        "sorts"
    }

    fn title(&self) -> Title {
        Title::of("排序")
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::List, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        vec![Hint::named(Action::Open, "这样排"), Hint::of(Action::Back)]
    }

    fn cover(&self) -> Cover {
        Cover::Popup(44, ALL.len() as u16 + 2)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.list.draw(canvas, area, &[Column::words("", 0)], |row| {
            let says = match ALL.get(row).copied().flatten() {
                None => "找人时最像的在前，不找时按组、门牌".to_owned(),
                sort => label(sort, false),
            };
            vec![Span::raw(says)]
        });
    }

    fn act(&mut self, action: Action, _: &mut Desk) -> Reply<Desk> {
        match action {
            Action::Open => self.choose(),
            action if self.list.act(action) => Reply::done(),
            _ => Reply::pass(),
        }
    }

    fn mouse(&mut self, mouse: Mouse, _: &mut Desk) -> Reply<Desk> {
        match self.list.mouse(mouse) {
            Hit::Opened => self.choose(),
            _ => Reply::done(),
        }
    }
}
