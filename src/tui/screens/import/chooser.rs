//! Choosing the files: what a folder holds, a line to filter by or to type a path in, marks over several folders.

use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use chrono::NaiveDate;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::catalogue::print::day_in_words;
use crate::domain::PartialDate;
use crate::exchange::roster::Fault;
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::job::Job;
use crate::tui::pinyin;
use crate::tui::reply::{Answer, Reply};
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::screens::county::take_in;
use crate::tui::screens::dialog::Dialog;
use crate::tui::screens::folder as typed;
use crate::tui::widgets::line::Line;
use crate::tui::widgets::list::{Column, Hit, List};
use crate::workspace::WorkspaceError;
use crate::workspace::import::{ImportError, RosterImport};

use super::folder::{Entry, entries, first_folder, length};
use super::preview::{Preview, failed};
use super::purpose::Purpose;

/// The screen.
pub struct Chooser {
    purpose: Purpose,
    folder: PathBuf,
    entries: Vec<Entry>,
    /// Why the folder cannot be read.
    fault: Option<String>,
    filter: Line,
    /// The entries that are shown, by their place.
    found: Vec<usize>,
    list: List,
    marked: Vec<PathBuf>,
    /// The files that were looked at last, for another try in another encoding.
    looked_at: Vec<PathBuf>,
    year: i32,
}

const ENCODING: &str = "import.encoding";
/// Encodings in which a text file may have been saved, beside what its bytes look like.
const ENCODINGS: [&str; 3] = ["gb18030", "utf-8", "utf-16le"];

const COLUMNS: [Column; 4] =
    [Column::words("", 2), Column::words("名称", 0), Column::figures("大小", 8), Column::words("修改", 11)];
/// Rows above the list.
const HEAD: u16 = 3;

impl Chooser {
    /// The screen at the folder of the last time, else where downloads go.
    pub fn open(desk: &Desk) -> Self {
        Self::of(desk, Purpose::Rosters)
    }

    /// The same for what came back from the county.
    pub fn of_receipts(desk: &Desk) -> Self {
        Self::of(desk, Purpose::Receipts)
    }

    /// The same for sets and filled workbooks that came to a county.
    pub(in crate::tui::screens) fn for_sets(desk: &Desk) -> Self {
        Self::of(desk, Purpose::Sets)
    }

    fn of(desk: &Desk, purpose: Purpose) -> Self {
        let workspace = &desk.workspace;
        let mut chooser = Self {
            purpose,
            folder: first_folder(purpose.last_folder(desk).as_deref()),
            entries: Vec::new(),
            fault: None,
            filter: Line::default(),
            found: Vec::new(),
            list: List::default(),
            marked: Vec::new(),
            looked_at: Vec::new(),
            year: PartialDate::from(workspace.today()).known_year(),
        };
        chooser.read();
        chooser
    }

    fn read(&mut self) {
        (self.entries, self.fault) = match entries(&self.folder, self.purpose.endings()) {
            Ok(entries) => (entries, None),
            Err(error) => (Vec::new(), Some(format!("打不开这个文件夹：{error}"))),
        };
        self.find();
    }

    fn find(&mut self) {
        let filter = self.filter.value().to_lowercase();
        let is_meant = |name: &str| name.to_lowercase().contains(&filter) || pinyin::is_found(&filter, name);
        let all = self.entries.iter().enumerate();
        self.found = all.filter(|(_, entry)| filter.is_empty() || is_meant(&entry.name)).map(|(at, _)| at).collect();
        self.list.set_len(self.found.len());
    }

    fn selected(&self) -> Option<&Entry> {
        self.entries.get(*self.found.get(self.list.selected()?)?)
    }

    fn go(&mut self, folder: PathBuf) {
        self.folder = folder;
        self.filter.set("");
        self.list.select(0);
        self.read();
    }

    /// To the folder above, with the one that was left selected.
    fn go_up(&mut self) {
        let from = self.folder.clone();
        let Some(above) = from.parent().map(Path::to_owned) else { return };
        self.go(above);
        let at = self.found.iter().position(|at| self.entries.get(*at).is_some_and(|entry| entry.path == from));
        self.list.select(at.unwrap_or_default());
    }

    /// What was typed up to a separator leads to a folder; the rest filters.
    fn typed(&mut self) -> Reply<Desk> {
        let typed = self.filter.value().to_owned();
        let Some((head, rest)) = typed.rsplit_once(['/', MAIN_SEPARATOR]) else {
            self.find();
            self.list.select(0);
            return Reply::done();
        };
        let folder = if head.is_empty() { PathBuf::from("/") } else { self.folder.join(typed::path(head)) };
        if !folder.is_dir() {
            self.find();
            return Reply::warned(format!("没有这个文件夹：{}", folder.display()));
        }
        self.go(folder);
        self.filter.set(rest);
        self.find();
        Reply::done()
    }

    /// Marks all sets of the selected folder: a county gets hundreds in one.
    fn mark_all_of(&mut self, folder: &Path) -> Reply<Desk> {
        match entries(folder, self.purpose.endings()) {
            Ok(all) => {
                let files: Vec<PathBuf> = all.into_iter().filter(|it| !it.is_folder()).map(|it| it.path).collect();
                let says = format!("选中了这个文件夹里的{}个文件", files.len());
                self.marked.retain(|marked| !files.contains(marked));
                self.marked.extend(files);
                self.list.act(Action::Down);
                Reply::said(says)
            }
            Err(error) => Reply::warned(format!("打不开这个文件夹：{error}")),
        }
    }

    fn mark(&mut self) -> Reply<Desk> {
        let folder = self.selected().filter(|entry| entry.is_folder()).map(|entry| entry.path.clone());
        if let Some(folder) = folder.filter(|_| self.purpose == Purpose::Sets) {
            return self.mark_all_of(&folder);
        }
        let Some(path) = self.selected().filter(|entry| !entry.is_folder()).map(|entry| entry.path.clone()) else {
            return Reply::said("选中的是文件，文件夹按 Enter 打开");
        };
        match self.marked.iter().position(|marked| *marked == path) {
            Some(at) => _ = self.marked.remove(at),
            None => self.marked.push(path),
        }
        self.list.act(Action::Down);
        Reply::done()
    }

    /// Opens the selected folder, or looks at what the marked files and the selected one would change.
    fn open_selected(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let Some(entry) = self.selected() else { return Reply::warned("这里没有可以收的文件") };
        let path = entry.path.clone();
        if entry.is_folder() {
            self.go(path);
            return Reply::done();
        }
        let mut files = self.marked.clone();
        if !files.contains(&path) {
            files.push(path);
        }
        self.hand_on(files, desk)
    }

    fn take_in(&mut self, desk: &mut Desk) -> Reply<Desk> {
        if self.marked.is_empty() { self.open_selected(desk) } else { self.hand_on(self.marked.clone(), desk) }
    }

    /// Does with files what they were chosen for.
    fn hand_on(&mut self, files: Vec<PathBuf>, desk: &mut Desk) -> Reply<Desk> {
        match self.purpose {
            Purpose::Rosters => self.look(files, None),
            Purpose::Receipts => desk.take_in_mail(files),
            Purpose::Sets => {
                let folder = files.first().and_then(|file| file.parent()).map(Path::to_owned);
                desk.workspace.remember(|settings| settings.receipts = folder.or(settings.receipts.take()));
                take_in(desk, files)
            }
        }
    }

    /// Looks at what files would change, and shows it.
    fn look(&mut self, files: Vec<PathBuf>, encoding: Option<&str>) -> Reply<Desk> {
        self.looked_at.clone_from(&files);
        let import = RosterImport { files, encoding: encoding.map(str::to_owned), sheet: None, dry_run: true };
        Reply::start(Job::new(
            "看会变什么（数据不动）",
            move |desk: &mut Desk, progress| {
                let report = desk.workspace.import_rosters(&import, progress);
                (import, report)
            },
            |desk, (import, report)| match report {
                Ok(report) => Reply::push(Preview::of(desk, import, report)),
                Err(error) if may_be_another_encoding(&error) => {
                    let choices = ["退回"].into_iter().chain(ENCODINGS).collect::<Vec<_>>();
                    let says = format!("{error}\n\n户档没有动。打开看是乱码的，换一种编码再读：");
                    Reply::push(Dialog::question(ENCODING, "没有导入", says, &choices))
                }
                Err(error) => failed(&error),
            },
        ))
    }

    /// A day in words, one of another year in figures.
    fn day(&self, day: NaiveDate) -> String {
        let date = PartialDate::from(day);
        if date.known_year() == self.year { day_in_words(date, self.year) } else { day.to_string() }
    }

    fn draw_head(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let theme = canvas.theme;
        let width = area.width.saturating_sub(2);
        let folder = self.folder.display().to_string();
        canvas.put(area.x + 1, area.y, &folder, width, theme.bold());
        let y = area.y + 1;
        let after = canvas.put(area.x + 1, y, "找 ", width, theme.accent());
        let line = Rect { x: after, y, width: area.right().saturating_sub(after + 1), height: 1 };
        if self.filter.value().is_empty() {
            canvas.put(
                after + 1,
                y,
                "打字筛选（拼音首字母也行）；U盘等别处：打路径，如 /media/",
                line.width,
                theme.dim(),
            );
        }
        self.filter.draw(canvas, line, Style::new(), true);
    }
}

/// Whether a text file was read in an encoding that was only guessed, and made no sense.
fn may_be_another_encoding(error: &WorkspaceError) -> bool {
    let WorkspaceError::Import(ImportError::File(error)) = error else { return false };
    matches!(error.fault, Fault::NoHeader { encoding: Some(_), .. })
}

impl Screen<Desk> for Chooser {
    fn name(&self) -> &'static str {
        self.purpose.name()
    }

    fn title(&self) -> Title {
        match self.marked.len() {
            0 => Title::of(self.purpose.title()),
            marked => Title::with(self.purpose.title(), format!("选中{marked}个文件")),
        }
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::Import, Context::List, Context::Text, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        let is_folder = self.selected().is_some_and(Entry::is_folder);
        let (one, several) = self.purpose.verbs();
        vec![
            Hint::named(Action::Open, if is_folder { "打开" } else { one }),
            Hint::named(Action::Mark, if is_folder && self.purpose == Purpose::Sets { "选中里面的" } else { "选多个" }),
            Hint::named(Action::DeleteBefore, "上一级"),
            Hint::named(Action::TakeIn, several),
            Hint::of(Action::Back),
        ]
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.draw_head(canvas, area);
        let theme = canvas.theme;
        let rows = Rect { y: area.y + HEAD, height: area.height.saturating_sub(HEAD), ..area };
        if self.found.is_empty() {
            let says = match &self.fault {
                Some(fault) => fault.as_str(),
                None if self.entries.is_empty() => self.purpose.none(),
                None => "没有这样的名称。",
            };
            canvas.put(rows.x + 2, rows.y, says, rows.width.saturating_sub(4), theme.dim());
            return;
        }
        self.list.draw(canvas, rows, &COLUMNS, |row| {
            let Some(entry) = self.found.get(row).and_then(|at| self.entries.get(*at)) else { return Vec::new() };
            let mark = if self.marked.contains(&entry.path) { "●" } else { "" };
            let name = if entry.is_folder() { format!("{}/", entry.name) } else { entry.name.clone() };
            let changed = entry.changed.filter(|_| !entry.is_folder());
            let changed = changed.map_or(String::new(), |day| self.day(day));
            vec![
                Span::styled(mark, theme.accent()),
                Span::raw(name),
                Span::raw(entry.bytes.map_or(String::new(), length)),
                Span::raw(changed),
            ]
        });
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        match action {
            Action::Open => self.open_selected(desk),
            Action::Mark => self.mark(),
            Action::TakeIn => self.take_in(desk),
            Action::DeleteBefore if self.filter.value().is_empty() => {
                self.go_up();
                Reply::done()
            }
            action if self.list.act(action) => Reply::done(),
            action if self.filter.act(action) => self.typed(),
            _ => Reply::pass(),
        }
    }

    fn text(&mut self, text: &str, _: &mut Desk) -> Reply<Desk> {
        // A name may hold a blank, but few are searched by one; a path is pasted whole.
        if text == " " && self.filter.value().is_empty() {
            return self.mark();
        }
        self.filter.insert(text);
        self.typed()
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        match self.list.mouse(mouse) {
            Hit::Opened => self.open_selected(desk),
            _ => Reply::done(),
        }
    }

    fn answered(&mut self, answer: Answer, _: &mut Desk) -> Reply<Desk> {
        let encoding = answer.choice.checked_sub(1).and_then(|choice| ENCODINGS.get(choice).copied());
        match encoding.filter(|_| answer.question == ENCODING) {
            Some(encoding) => self.look(self.looked_at.clone(), Some(encoding)),
            None => Reply::done(),
        }
    }

    fn refresh(&mut self, _: &mut Desk) {
        self.read();
        self.marked.retain(|path| path.is_file());
    }
}
