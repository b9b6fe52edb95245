//! A small invented village to prove the frame on: a list, a file that is typed into, and long work.

use chrono::NaiveDate;
use hudang::tui::actions::Action;
use hudang::tui::canvas::Canvas;
use hudang::tui::context::Context;
use hudang::tui::job::Job;
use hudang::tui::reply::{Answer, Reply};
use hudang::tui::screen::{Hint, Mouse, Screen, Title};
use hudang::tui::screens::ask::Ask;
use hudang::tui::screens::dialog::Dialog;
use hudang::tui::widgets::form::{Field, Form};
use hudang::tui::widgets::line::Line;
use hudang::tui::widgets::list::{Column, Hit, List};
use hudang::tui::widgets::picker::Choice;
use hudang::tui::world::{Banner, World};
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

#[derive(Default)]
pub struct Village {
    pub heads: Vec<String>,
    pub did: Vec<String>,
    /// A worker waits for a word from here before it ends.
    pub gate: Option<std::sync::mpsc::Receiver<()>>,
}

impl Village {
    pub fn of(households: usize) -> Self {
        let surnames = ["张", "李", "王", "赵", "孙"];
        Self { heads: (0..households).map(|at| format!("{}三{at}", surnames[at % 5])).collect(), ..Self::default() }
    }
}

impl World for Village {
    fn banner(&self) -> Banner {
        Banner {
            village: "石桥村".to_owned(),
            day: "11月20日 周日".to_owned(),
            who: "李桂枝(协管员)".to_owned(),
            policy: "政策 河南2022".to_owned(),
            is_borrowed: false,
        }
    }

    fn act(&mut self, action: Action) -> Reply<Self> {
        match action {
            Action::OpenHouseholds => Reply::open("households", |village| Box::new(Households::new(village))),
            Action::Undo => {
                self.heads.pop();
                Reply::said("已撤销：收下一户").refresh()
            }
            Action::OpenImport => Reply::start(Job::new(
                "读入工作簿",
                |village: &mut Village, progress| {
                    progress.step("监测对象信息.xlsx", 120, Some(312));
                    while village.gate.as_ref().is_some_and(|gate| gate.recv().is_ok()) {
                        progress.step("监测对象信息.xlsx", 240, Some(312));
                        if progress.is_cancelled() {
                            return 0;
                        }
                    }
                    village.heads.push("周建国".to_owned());
                    1
                },
                |_, taken| Reply::said(format!("收下 {taken} 户")),
            )),
            Action::Backup => {
                Reply::start(Job::new("备份", |_: &mut Village, _| panic!("张三 411111"), |_, ()| Reply::done()))
            }
            Action::Unmask => panic!("张三 411111"),
            action => Reply::warned(format!("没有{}", action.row().label)),
        }
    }
}

/// The list.
pub struct Households {
    rows: Vec<String>,
    list: List,
}

impl Households {
    pub fn new(village: &Village) -> Self {
        Self { rows: village.heads.clone(), list: List::new(village.heads.len()) }
    }

    fn open(&self) -> Reply<Village> {
        match self.list.selected() {
            Some(row) => Reply::push(File { head: self.rows[row].clone(), note: Line::default(), is_typing: true }),
            None => Reply::warned("没有农户"),
        }
    }
}

const COLUMNS: [Column; 3] = [Column::words("户主", 10), Column::figures("人均", 8), Column::words("为什么", 0)];

impl Screen<Village> for Households {
    fn name(&self) -> &'static str {
        "households"
    }

    fn title(&self) -> Title {
        Title::with("农户", format!("{}户", self.rows.len()))
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::Households, Context::List, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        [Hint::named(Action::Open, "户档")].into_iter().chain([Action::Visit, Action::Filter].map(Hint::of)).collect()
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.list.draw(canvas, area, &COLUMNS, |row| {
            vec![
                Span::raw(self.rows[row].as_str()),
                Span::raw((6480 + row).to_string()),
                Span::raw("人均低于 6900，未纳入，未说明"),
            ]
        });
    }

    fn act(&mut self, action: Action, village: &mut Village) -> Reply<Village> {
        match action {
            Action::Open => self.open(),
            Action::Filter => {
                Reply::push(Dialog::question("which", "条件", "看哪些户？", &["全部", "没走访的", "过期的"]))
            }
            Action::Sort => {
                let today = NaiveDate::from_ymd_opt(2022, 11, 20).unwrap();
                let places = ["在家", "县内", "省外"].map(|label| Choice::new(label, label)).to_vec();
                let fields =
                    vec![Field::text("why", "没看到的原因").required(), Field::one("where", "人在哪里", places)];
                Reply::push(Ask::new("not-looked", "没看到", Form::new(fields, today)))
            }
            Action::Visit => {
                village.did.push("visit".to_owned());
                Reply::said("走访")
            }
            action if self.list.act(action) => Reply::done(),
            _ => Reply::pass(),
        }
    }

    fn answered(&mut self, answer: Answer, _: &mut Village) -> Reply<Village> {
        let (why, place) = (answer.value("why"), answer.value("where"));
        Reply::said(format!("{} {} {why}{place}", answer.question, answer.choice))
    }

    fn mouse(&mut self, mouse: Mouse, _: &mut Village) -> Reply<Village> {
        match self.list.mouse(mouse) {
            Hit::Opened => self.open(),
            _ => Reply::done(),
        }
    }

    fn refresh(&mut self, village: &mut Village) {
        self.rows.clone_from(&village.heads);
        self.list.set_len(self.rows.len());
    }
}

/// A file with one line to type into.
pub struct File {
    head: String,
    note: Line,
    is_typing: bool,
}

impl Screen<Village> for File {
    fn name(&self) -> &'static str {
        "file"
    }

    fn title(&self) -> Title {
        Title::of(format!("户档 · {}", self.head))
    }

    fn contexts(&self) -> Vec<Context> {
        if self.is_typing {
            vec![Context::File, Context::Form, Context::Text, Context::Global]
        } else {
            vec![Context::File, Context::List, Context::Global]
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        canvas.put(area.x + 1, area.y + 1, "说明", area.width, Style::new());
        let line = Rect { x: area.x + 7, y: area.y + 1, width: 20, height: 1 };
        self.note.draw(canvas, line, Style::new(), self.is_typing);
    }

    fn act(&mut self, action: Action, village: &mut Village) -> Reply<Village> {
        match action {
            Action::NextField => {
                self.is_typing = false;
                Reply::done()
            }
            Action::Edit => {
                self.is_typing = true;
                Reply::done()
            }
            Action::Save => {
                village.did.push(self.note.value().to_owned());
                Reply::pop().say("已保存")
            }
            action if self.note.act(action) => Reply::done(),
            _ => Reply::pass(),
        }
    }

    fn text(&mut self, text: &str, _: &mut Village) -> Reply<Village> {
        self.note.insert(text);
        Reply::done()
    }

    fn unsaved(&self) -> Option<String> {
        (!self.note.value().is_empty()).then(|| format!("{}的说明", self.head))
    }
}
