//! 收回执: what came of the files that the county sent back, in plain words; from a line to the field it is about.

use std::path::{Path, PathBuf};

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::domain::{HouseholdId, Slot};
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::job::Job;
use crate::tui::reply::{Answer, Reply};
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::screens::dialog::Dialog;
use crate::tui::screens::file::FileScreen;
use crate::tui::text::wrap;
use crate::tui::widgets::list::{Column, Hit, List};
use crate::workspace::WorkspaceError;
use crate::workspace::arrival::{Fingerprint, NotAFingerprint, Stranger, Trust};
use crate::workspace::mail::Mail;

use super::mail_lines::{Line, lines, summary};

/// The screen.
pub(super) struct Received {
    summary: String,
    lines: Vec<Line>,
    list: List,
}

const TRUST: &str = "received.trust";

const COLUMNS: [Column; 1] = [Column::words("", 0)];
/// Rows above the list, and below it for the selected line in full.
const HEAD: u16 = 3;
const FOOT: u16 = 5;

impl Desk {
    /// Takes in what came from the county, and shows what came of it.
    pub(in crate::tui) fn take_in_mail(&mut self, files: Vec<PathBuf>) -> Reply<Self> {
        if self.workspace.author().is_none() {
            return self.ask_who();
        }
        Reply::start(Job::new(
            "收回执",
            move |desk: &mut Self, progress| {
                let mail = desk.workspace.take_in_mail(&files, &Trust::Nobody, progress);
                let folder = files.last().and_then(|file| file.parent()).map(Path::to_owned);
                if mail.is_ok() {
                    desk.workspace.remember(|settings| settings.receipts = folder);
                }
                mail
            },
            |desk, mail: Result<Mail, WorkspaceError>| match mail {
                Ok(mail) => Reply::replace(Received::of(desk, &mail)),
                Err(error) => Reply::push(Dialog::message("没有收成", error.to_string())),
            },
        ))
    }
}

impl Received {
    fn of(desk: &Desk, mail: &Mail) -> Self {
        let lines = lines(desk, mail);
        let mut list = List::new(lines.len());
        // Below the first heading.
        list.select(1);
        Self { summary: summary(mail), list, lines }
    }

    fn selected(&self) -> Option<&Line> {
        self.lines.get(self.list.selected()?)
    }

    fn place(&self) -> Option<(HouseholdId, Slot)> {
        self.selected().and_then(|line| line.place)
    }

    fn open_selected(&self, desk: &mut Desk) -> Reply<Desk> {
        if let Some(stranger) = self.selected().and_then(|line| line.stranger.as_ref()) {
            let says = format!(
                "县里的回执 {}，签名的钥匙头一次见，先存着没有收。\n指纹 {}\n请打电话请县里念一遍他们的指纹，一字不差才认。",
                stranger.set, stranger.fingerprint
            );
            return Reply::push(Dialog::question(TRUST, "认可县里的钥匙", says, &["先不认", "核对过，一致"]));
        }
        let Some((id, slot)) = self.place() else { return Reply::pop() };
        match FileScreen::open_at(desk, id, slot) {
            Ok(screen) => Reply::push(screen),
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    /// To the first line of the next part, and behind the last one to the first.
    fn next_part(&mut self, forward: bool) {
        let here = self.list.selected().unwrap_or_default();
        let heads = self.lines.iter().enumerate().filter(|(_, line)| line.is_head);
        let firsts: Vec<usize> = heads.map(|(at, _)| at + 1).collect();
        let to = match forward {
            true => firsts.iter().find(|first| **first > here).or(firsts.first()),
            false => firsts.iter().rfind(|first| **first < here).or(firsts.last()),
        };
        self.list.select(to.copied().unwrap_or(here));
    }
}

/// Takes in what waited, now that a person has compared the fingerprint.
fn trust(stranger: &Stranger) -> Reply<Desk> {
    let village = stranger.set.village;
    let fingerprint: Result<Fingerprint, NotAFingerprint> = stranger.fingerprint.parse();
    let fingerprint = match fingerprint {
        Ok(fingerprint) => fingerprint,
        Err(error) => return Reply::warned(error.to_string()),
    };
    Reply::start(Job::new(
        "收回执",
        move |desk: &mut Desk, progress| desk.workspace.trust_mail(village, &fingerprint, progress),
        |desk, mail: Result<Mail, WorkspaceError>| match mail {
            Ok(mail) => Reply::replace(Received::of(desk, &mail)),
            Err(error) => Reply::push(Dialog::message("没有收成", error.to_string())),
        },
    ))
}

impl Screen<Desk> for Received {
    fn name(&self) -> &'static str {
        "received"
    }

    fn title(&self) -> Title {
        Title::of("收回执 · 收到的")
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::List, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        let is_stranger = self.selected().is_some_and(|line| line.stranger.is_some());
        let mut hints = match self.place() {
            _ if is_stranger => vec![Hint::named(Action::Open, "认可钥匙")],
            Some(_) => vec![Hint::named(Action::Open, "到这一格")],
            None => vec![Hint::named(Action::Open, "看过了")],
        };
        if self.lines.iter().filter(|line| line.is_head).count() > 1 {
            hints.push(Hint::of(Action::Next));
        }
        hints.push(Hint::of(Action::Back));
        hints
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let theme = canvas.theme;
        let room = area.width.saturating_sub(4);
        for (line, y) in wrap(&self.summary, room.into()).iter().zip(area.y..area.y + HEAD - 1) {
            canvas.put(area.x + 2, y, line, room, theme.bold());
        }
        let rows = Rect { y: area.y + HEAD, height: area.height.saturating_sub(HEAD + FOOT), ..area };
        self.list.draw(canvas, rows, &COLUMNS, |at| {
            let Some(line) = self.lines.get(at) else { return Vec::new() };
            let style = if line.is_head { theme.bold() } else { Style::new() };
            vec![Span::styled(line.says.as_str(), style)]
        });
        let Some(line) = self.selected() else { return };
        for (says, y) in wrap(line.says.trim_start(), room.into()).iter().zip(rows.bottom() + 1..area.bottom()) {
            canvas.put(area.x + 2, y, says, room, theme.dim());
        }
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        match action {
            Action::Open => self.open_selected(desk),
            Action::Next | Action::Previous => {
                self.next_part(action == Action::Next);
                Reply::done()
            }
            action if self.list.act(action) => Reply::done(),
            _ => Reply::pass(),
        }
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        match self.list.mouse(mouse) {
            Hit::Opened => self.open_selected(desk),
            _ => Reply::done(),
        }
    }

    fn answered(&mut self, answer: Answer, _: &mut Desk) -> Reply<Desk> {
        match self.selected().and_then(|line| line.stranger.as_ref()) {
            Some(stranger) if answer.question == TRUST && answer.choice == 1 => trust(stranger),
            _ => Reply::done(),
        }
    }
}
