//! The state of the face: the open screens, the workspace or the job that has it, and what just happened.
//! It takes one message after another and draws; it knows nothing of terminals or threads.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::mpsc::Sender;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::actions::Action;
use super::canvas::{self, Canvas};
use super::context::Context;
use super::frame::{self, Layout};
use super::hints::{self, Placed};
use super::input::{Input, one_line};
use super::job::{Finished, Job, Running};
use super::keymap::{Chord, Keymap, chord};
use super::message::Message;
use super::reply::{Answer, Effect, Make, Reply, Status};
use super::screen::{Cover, Mouse, Screen, Turn};
use super::screens::dialog::Dialog;
use super::screens::help::Help;
use super::screens::palette::Palette;
use super::screens::progress;
use super::stack::Stack;
use super::theme::Theme;
use super::widgets::popup;
use super::world::{Banner, World};

/// What a person can choose about the face.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The live keymap.
    pub keymap: Keymap,
    /// The theme.
    pub theme: Theme,
    /// The log file, to name it when something went wrong.
    pub log: Option<PathBuf>,
}

/// Why the loop ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The person left.
    Left,
    /// The system or the terminal asked to end.
    Ended,
}

/// The face.
pub struct App<W: World> {
    world: Option<W>,
    running: Option<Running>,
    stack: Stack<W>,
    settings: Settings,
    inbox: Sender<Message<W>>,
    banner: Banner,
    status: Option<Status>,
    area: Rect,
    ending: Option<Ending>,
    leaves_after_job: bool,
    is_stale: bool,
    wants_clear: bool,
    wants_suspend: bool,
}

const LEAVE: &str = "frame.leave";
const DROP: &str = "frame.drop";

impl<W: World> App<W> {
    /// The face over a workspace, with its first screen; jobs report to the inbox that the loop reads.
    pub fn new(world: W, home: Box<dyn Screen<W>>, settings: Settings, inbox: Sender<Message<W>>) -> Self {
        let mut app = Self {
            banner: world.banner(),
            world: Some(world),
            running: None,
            stack: Stack::new(home),
            settings,
            inbox,
            status: None,
            area: Rect::default(),
            ending: None,
            leaves_after_job: false,
            is_stale: true,
            wants_clear: false,
            wants_suspend: false,
        };
        app.with_world(|_, world| world.welcome());
        app
    }

    /// Takes one message.
    pub fn handle(&mut self, message: Message<W>) {
        match message {
            Message::Input(Input::Resize) => self.is_stale = true,
            Message::Input(input) if self.running.is_some() => self.input_while_running(input),
            Message::Input(Input::Key(key)) => self.key(key),
            Message::Input(Input::Paste(text)) => self.paste(&text),
            Message::Input(Input::Mouse(mouse)) => self.mouse(mouse),
            Message::Step(step) => {
                if let Some(running) = &mut self.running {
                    running.step = step;
                    self.is_stale = true;
                }
            }
            Message::Finished(finished) => self.finished(*finished),
            Message::Suspend => self.wants_suspend = true,
            Message::Terminate | Message::Hangup => {
                self.keep_all();
                self.ending = Some(Ending::Ended);
            }
        }
    }

    /// Has every screen keep what is in hand: nobody is there any more to be asked. While a job has the workspace, what
    /// was kept field by field is there.
    fn keep_all(&mut self) {
        let Some(mut world) = self.world.take() else { return };
        self.stack.all_mut().for_each(|screen| screen.keep(&mut world));
        self.world = Some(world);
    }

    /// Has every screen let go of what a person does not want.
    fn let_go_of_all(&mut self, world: &mut W) {
        self.stack.all_mut().for_each(|screen| screen.let_go(world));
    }

    /// Why the loop should end, if it should.
    pub fn ending(&self) -> Option<Ending> {
        self.ending
    }

    /// Whether a job has the workspace.
    pub fn is_busy(&self) -> bool {
        self.running.is_some()
    }

    /// Asks a running job to stop.
    pub fn cancel(&self) {
        if let Some(running) = &self.running {
            running.cancel();
        }
    }

    /// The workspace at work, where no job has it.
    pub fn world_mut(&mut self) -> Option<&mut W> {
        self.world.as_mut()
    }

    /// The workspace, where no job has it.
    pub fn into_world(self) -> Option<W> {
        self.world
    }

    /// Whether something changed since the last drawing.
    pub(super) fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// Whether everything must be drawn anew; asked once.
    pub(super) fn take_clear(&mut self) -> bool {
        std::mem::take(&mut self.wants_clear)
    }

    /// Whether the system asks to step aside; asked once.
    pub(super) fn take_suspend(&mut self) -> bool {
        std::mem::take(&mut self.wants_suspend)
    }

    fn begins_a_search(&self, key: Chord, contexts: &[Context]) -> bool {
        chord::typed(chord::ascii(key)).is_some_and(|letter| !letter.is_ascii() && letter.is_alphabetic())
            && !self.settings.keymap.keys(Action::Search, contexts).is_empty()
    }

    fn key(&mut self, key: Chord) {
        let contexts = self.stack.top().contexts();
        let is_typing = contexts.contains(&Context::Text);
        if is_typing && let Some(letter) = chord::typed(key) {
            return self.text(letter.encode_utf8(&mut [0; 4]));
        }
        let meant = if is_typing { key } else { chord::ascii(key) };
        match (self.settings.keymap.action(meant, &contexts), chord::without_alt(key)) {
            (Some(action), _) => self.act(action),
            (None, Some(plain)) => {
                // Esc and this key in one breath.
                self.act(Action::Back);
                self.key(plain);
            }
            // A character of the input method where one can search: she has begun to type what she looks for.
            (None, None) if !is_typing && self.begins_a_search(key, &contexts) => {
                self.act(Action::Search);
                if self.stack.top().contexts().contains(&Context::Text) {
                    self.key(key);
                }
            }
            (None, None) => {
                let help = self.settings.keymap.keys(Action::Help, &contexts);
                let help = help.first().map_or(String::new(), |key| format!("，{} 看有哪些键", chord::show(*key)));
                self.say(Status { text: format!("这里不用 {} 键{help}", chord::show(key)), is_warning: false });
            }
        }
    }

    fn paste(&mut self, text: &str) {
        if self.stack.top().contexts().contains(&Context::Text) {
            self.text(&one_line(text));
        } else {
            self.say(Status { text: "这里没有可以粘贴的格子".to_owned(), is_warning: false });
        }
    }

    fn text(&mut self, text: &str) {
        self.with_world(|app, world| app.stack.top_mut().text(text, world));
    }

    /// Does an action: the screen's own, or else the frame's, or else the workspace's.
    fn act(&mut self, action: Action) {
        self.with_world(|app, world| app.ask(action, world));
    }

    fn ask(&mut self, action: Action, world: &mut W) -> Reply<W> {
        if action == Action::Quit {
            return self.quit();
        }
        let reply = self.stack.top_mut().act(action, world);
        let reply = if reply.is_taken { reply } else { self.own(action) };
        if reply.is_taken { reply } else { world.act(action) }
    }

    fn mouse(&mut self, mouse: Mouse) {
        let Some(layout) = Layout::of(self.area) else { return };
        let at = mouse.position();
        if let Some(hint) = frame::hint_at(&layout, &self.hints(&layout), at)
            && matches!(mouse, Mouse::Click(_))
        {
            return self.act(hint.action);
        }
        if !layout.place(self.stack.top().cover()).contains(at) {
            return;
        }
        self.with_world(|app, world| {
            let reply = app.stack.top_mut().mouse(mouse, world);
            match mouse {
                _ if reply.is_taken => reply,
                Mouse::Wheel(_, Turn::Up) => app.stack.top_mut().act(Action::Up, world),
                Mouse::Wheel(_, Turn::Down) => app.stack.top_mut().act(Action::Down, world),
                Mouse::Click(_) => reply,
            }
        });
    }

    fn input_while_running(&mut self, input: Input) {
        let Input::Key(key) = input else { return };
        let action = self.settings.keymap.action(chord::ascii(key), &[Context::Global]);
        match action {
            Some(Action::Redraw) => self.wants_clear = true,
            Some(Action::Back) => self.cancel(),
            Some(Action::Quit) => {
                self.cancel();
                self.leaves_after_job = true;
            }
            _ => return,
        }
        self.is_stale = true;
    }

    fn finished(&mut self, finished: Finished<W>) {
        self.running = None;
        self.world = Some(finished.world);
        self.with_world(|app, world| match finished.finish {
            Some(finish) => finish(world).refresh(),
            None => Reply::push(Dialog::message("出错了", app.fault())).refresh(),
        });
        if std::mem::take(&mut self.leaves_after_job) {
            self.act(Action::Quit);
        }
    }

    fn fault(&self) -> String {
        let log = self.settings.log.as_ref().map_or(String::new(), |log| format!("日志：{}", log.display()));
        format!("这件事没有做成，程序出了错。已经记下的都还在。\n{log}")
    }

    /// What the frame itself does with an action that the screen does not know.
    fn own(&mut self, action: Action) -> Reply<W> {
        match action {
            Action::Back => self.back(),
            Action::Redraw => Reply::done().and(Effect::Redraw),
            Action::Help if self.stack.top().name() == "help" => Reply::done(),
            Action::Help => {
                let top = self.stack.top();
                Reply::push(Help::of(&top.title().place, &self.settings.keymap, &top.contexts()))
            }
            Action::Palette => Reply::push(Palette::of(&self.settings.keymap, &self.stack.top().contexts())),
            _ => Reply::pass(),
        }
    }

    fn back(&mut self) -> Reply<W> {
        if self.stack.is_home() {
            let keys = self.settings.keymap.keys(Action::Quit, &self.stack.top().contexts());
            let key = keys.first().map_or(String::new(), |key| chord::show(*key));
            return Reply::said(format!("已经到头了，离开按 {key}"));
        }
        match self.stack.top().unsaved() {
            Some(lost) => {
                let says = format!("退回去，没保存的就没有了：{lost}");
                Reply::push(Dialog::question(DROP, "没有保存", says, &["接着填", "不要了"]))
            }
            None => Reply::pop(),
        }
    }

    fn quit(&mut self) -> Reply<W> {
        let lost = self.stack.unsaved();
        if lost.is_empty() {
            return Reply::done().and(Effect::Quit);
        }
        let says = format!("离开，没保存的就没有了：{}", lost.join("；"));
        Reply::push(Dialog::question(LEAVE, "没有保存", says, &["接着填", "不要了，离开"]))
    }

    /// Asks somebody for a reply and carries it out. While a job has the workspace nobody can be asked.
    fn with_world(&mut self, ask: impl FnOnce(&mut Self, &mut W) -> Reply<W>) {
        let Some(mut world) = self.world.take() else { return };
        self.status = None;
        self.is_stale = true;
        if world.wake() {
            self.stack.top_mut().refresh(&mut world);
        }
        let mut effects: VecDeque<Effect<W>> = ask(self, &mut world).effects.into();
        while let Some(effect) = effects.pop_front() {
            if let Effect::Start(job) = effect {
                // What stands behind it waits for nothing: a job is the last thing that a reply asks for.
                return self.start(job, world);
            }
            for next in self.carry_out(effect, &mut world).effects.into_iter().rev() {
                effects.push_front(next);
            }
        }
        if let Some(heard) = world.heard() {
            // Before what was asked for, which a narrow screen may cut.
            let text = self.status.take().map_or_else(|| heard.clone(), |status| format!("{heard}；{}", status.text));
            self.say(Status { text, is_warning: true });
        }
        self.banner = world.banner();
        self.world = Some(world);
    }

    fn carry_out(&mut self, effect: Effect<W>, world: &mut W) -> Reply<W> {
        match effect {
            Effect::Push(screen) => self.stack.push(screen),
            Effect::Replace(screen) => self.stack.replace(screen),
            Effect::Open(name, make) => return self.open(name, make, world),
            Effect::Pop => {
                if self.stack.pop() {
                    self.stack.top_mut().refresh(world);
                }
            }
            Effect::Answer(answer) => {
                self.stack.pop();
                return self.answered(answer, world);
            }
            Effect::Then(then) => then(world),
            Effect::Act(action) => return self.ask(action, world),
            Effect::Refresh => self.stack.top_mut().refresh(world),
            Effect::Say(status) => self.say(status),
            Effect::Redraw => self.wants_clear = true,
            Effect::Quit => self.ending = Some(Ending::Left),
            Effect::Start(_) => {}
        }
        Reply::done()
    }

    fn open(&mut self, name: &'static str, make: Make<W>, world: &mut W) -> Reply<W> {
        let Some(depth) = self.stack.find(name) else {
            self.stack.push(make(world));
            return Reply::done();
        };
        let lost = self.stack.unsaved_above(depth);
        if !lost.is_empty() {
            return Reply::warned(format!("先保存或退回：{}", lost.join("；")));
        }
        self.stack.keep(depth);
        self.stack.top_mut().refresh(world);
        Reply::done()
    }

    fn answered(&mut self, answer: Answer, world: &mut W) -> Reply<W> {
        match (answer.question, answer.choice) {
            (LEAVE, 1) => {
                self.let_go_of_all(world);
                Reply::done().and(Effect::Quit)
            }
            (DROP, 1) => {
                self.stack.top_mut().let_go(world);
                Reply::pop()
            }
            (LEAVE | DROP, _) => Reply::done(),
            _ => self.stack.top_mut().answered(answer, world),
        }
    }

    fn start(&mut self, job: Job<W>, world: W) {
        match job.start(world, self.inbox.clone()) {
            Ok(running) => self.running = Some(running),
            // The workspace went with the thread that could not be made: nothing is left to work on.
            Err(_) => self.ending = Some(Ending::Ended),
        }
    }

    fn say(&mut self, status: Status) {
        self.status = Some(status);
        self.is_stale = true;
    }

    fn hints(&self, layout: &Layout) -> Vec<Placed> {
        let top = self.stack.top();
        let (width, height) = (layout.hints.width, layout.hints.height);
        hints::lay_out(&top.hints(), &self.settings.keymap, &top.contexts(), width, height)
    }

    /// Draws the screens that are seen and the frame around them.
    pub fn draw(&mut self, frame: &mut Frame<'_>) {
        self.draw_screens(frame);
        canvas::join_halves(frame.buffer_mut());
    }

    fn draw_screens(&mut self, frame: &mut Frame<'_>) {
        self.is_stale = false;
        self.area = frame.area();
        let Some(layout) = Layout::of(self.area) else { return frame::draw_too_small(frame) };
        let theme = self.settings.theme;
        let mut cursor = None;
        for screen in self.stack.seen() {
            let title = screen.title();
            match screen.cover() {
                Cover::Whole => frame::draw_title(frame.buffer_mut(), &layout, &title, &self.banner, &theme),
                Cover::Popup(width, height) => {
                    let area = popup::place(layout.body, width, height);
                    popup::draw(frame.buffer_mut(), area, &title.place, &theme);
                }
            }
            let mut canvas = Canvas::new(frame.buffer_mut(), theme);
            screen.draw(&mut canvas, layout.place(screen.cover()));
            cursor = canvas.cursor;
        }
        match &self.running {
            Some(running) => progress::draw(frame.buffer_mut(), &layout, running, &theme),
            None => {
                frame::draw_hints(frame.buffer_mut(), &layout, &self.hints(&layout), &theme);
                if let Some(cursor) = cursor {
                    frame.set_cursor_position(cursor);
                }
            }
        }
        if let Some(status) = &self.status {
            frame::draw_status(frame.buffer_mut(), &layout, status, &theme);
        }
    }
}
