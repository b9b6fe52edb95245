//! A form, filled in as a coordinator fills it in.

use std::sync::Arc;

use chrono::NaiveDate;
use hudang::catalogue::Catalogue;
use hudang::data::Data;
use hudang::tui::actions::Action;
use hudang::tui::canvas::Canvas;
use hudang::tui::context::Context;
use hudang::tui::reply::Reply;
use hudang::tui::screen::{Hint, Mouse, Screen, Title};
use hudang::tui::widgets::form::{Event, Field, Form};
use hudang::tui::widgets::picker::Choice;
use ratatui::layout::Rect;

use super::stage::Stage;
use super::village::Village;

struct Job {
    form: Form,
    shows_private: bool,
}

impl Job {
    fn new() -> Self {
        let catalogue = Arc::new(Catalogue::load(&Data::embedded()).unwrap());
        let of_file = |id, path| Field::of_file(id, catalogue.named(path).unwrap().1, &catalogue);
        let places = ["县内", "县外省内", "省外", "境外"].map(|label| Choice::new(format!("id-{label}"), label));
        let trades = ["建筑", "制造", "餐饮", "家政", "运输", "电商", "保安", "保洁", "种植", "养殖"];
        let form = Form::new(
            vec![
                Field::text("who", "姓名").required().hint("和身份证上一样"),
                of_file("phone", "members.phone").holding("13812344321"),
                Field::date("since", "开始时间")
                    .required()
                    .hint("知道几分写几分：2022、2022-10、10-8、昨天、-3")
                    .last("2021-03"),
                Field::day("seen", "见到本人的日子"),
                of_file("wage", "jobs.monthly_wage").last("4200"),
                Field::yes_no("contract", "签合同"),
                Field::one("where", "务工地点", places.to_vec()).required(),
                Field::several("trades", "做过的工种", trades.map(|label| Choice::new(label, label)).to_vec()),
            ],
            NaiveDate::from_ymd_opt(2022, 11, 20).unwrap(),
        );
        Self { form, shows_private: false }
    }

    fn answer(&self, event: Event, village: &mut Village) -> Reply<Village> {
        match event {
            Event::Left(id) => {
                village.did.push(format!("{id}={}", self.form.value(&id)));
                Reply::done()
            }
            Event::AtEnd => {
                village.did.push(format!("{}={}", self.form.focus(), self.form.value(self.form.focus())));
                Event::AtEnd.reply()
            }
            Event::Saved => {
                let values = self.form.values().map(|(id, value)| format!("{id}={value}")).collect::<Vec<_>>();
                village.did.push(values.join(" "));
                Reply::said("已保存")
            }
            event => event.reply(),
        }
    }
}

impl Screen<Village> for Job {
    fn name(&self) -> &'static str {
        "job"
    }

    fn title(&self) -> Title {
        Title::of("户档 · 务工")
    }

    fn contexts(&self) -> Vec<Context> {
        self.form.contexts(Context::File)
    }

    fn hints(&self) -> Vec<Hint> {
        self.form.hints()
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.form.draw(canvas, area);
    }

    fn act(&mut self, action: Action, village: &mut Village) -> Reply<Village> {
        if action == Action::Unmask {
            self.shows_private = !self.shows_private;
            self.form.show_private(self.shows_private);
            return Reply::done();
        }
        let event = self.form.act(action);
        self.answer(event, village)
    }

    fn text(&mut self, text: &str, village: &mut Village) -> Reply<Village> {
        let event = self.form.text(text);
        self.answer(event, village)
    }

    fn mouse(&mut self, mouse: Mouse, village: &mut Village) -> Reply<Village> {
        let event = self.form.mouse(mouse);
        self.answer(event, village)
    }

    fn unsaved(&self) -> Option<String> {
        self.form.is_changed().then(|| "务工".to_owned())
    }
}

fn stage(size: (u16, u16)) -> Stage<Village> {
    Stage::new(Village::of(1), Box::new(Job::new()), size)
}

#[test]
fn a_form_at_both_sizes() {
    insta::assert_snapshot!("form_80", stage((80, 24)).screen());
    insta::assert_snapshot!("form_120", stage((120, 40)).press("<张小军> Enter Enter <10-8>").screen());
}

#[test]
fn it_is_filled_with_the_input_method_on_and_no_letter_is_a_key() {
    let mut stage = stage((80, 24));
    stage.press("<张小军> Enter Enter <10-8> Tab <昨天> Down <4500> Enter <1> Enter <省外> Enter Enter <8> <1> Enter");
    insta::assert_snapshot!("form_filled", stage.screen());
    stage.press("F2");
    assert!(stage.screen().contains("已保存"), "{}", stage.screen());
    assert_eq!(
        stage.into_world().did,
        [
            "who=张小军",
            "since=2022-10-08",
            "seen=2022-11-19",
            "wage=4500",
            "contract=是",
            "where=省外",
            "trades=保洁、建筑",
            "who=张小军 phone=13812344321 since=2022-10-08 seen=2022-11-19 wage=4500 contract=是 where=省外 trades=保洁、建筑",
        ]
    );
}

#[test]
fn what_cannot_be_is_refused_with_the_reason_under_it() {
    let mut stage = stage((80, 24));
    stage.press("Enter Enter <2022-13> Enter <2022-11> Enter <四千> Up Up Up Up");
    insta::assert_snapshot!("form_refused", stage.screen());
    stage.press("F2");
    assert!(stage.screen().contains("！“姓名”要填"), "{}", stage.screen());
    assert!(stage.line(2).starts_with("▸ 姓名"), "the cursor goes to the first one");
    assert!(stage.into_world().did.iter().all(|did| !did.contains(' ')), "nothing was saved");
}

#[test]
fn a_choice_is_made_with_arrows_numbers_or_the_list() {
    let to_where = "Down Down Down Down Down Down";
    let chosen = |keys: &str| {
        let mut stage = stage((80, 24));
        stage.press(to_where).press(keys).press("Up");
        stage.into_world().did.pop().unwrap_or_default()
    };
    assert_eq!(chosen("Right"), "where=县内");
    assert_eq!(chosen("Left"), "where=境外");
    assert_eq!(chosen("Right Right Left Left"), "");
    assert_eq!(chosen("<3>"), "where=省外");
    assert_eq!(chosen("F4 Down Down Enter"), "where=省外");
    assert_eq!(chosen("<jw> Enter"), "where=境外");
    assert_eq!(chosen("<3> Backspace"), "");
    assert_eq!(chosen("F4 Esc"), "");
    let mut stage = stage((80, 24));
    insta::assert_snapshot!("form_picker", stage.press(to_where).press("Down F4 <j>").screen());
}

#[test]
fn the_cursor_stays_in_the_form_when_the_window_changes() {
    let mut stage = stage((80, 24));
    stage.press("<张> Down Down Down Down Down Down Down").resize(60, 16);
    assert!(stage.screen().contains("▸ 做过的工种"), "{}", stage.screen());
    stage.resize(40, 10).resize(80, 24);
    assert!(stage.screen().contains("张"));
    assert!(stage.press("Enter").screen().contains("最后一格了"));
}

#[test]
fn a_private_number_is_starred_out_until_asked_for() {
    let mut stage = stage((80, 24));
    assert!(stage.screen().contains("138****4321") && !stage.screen().contains("13812344321"));
    assert!(stage.press("Down ctrl-u").screen().contains("13812344321"));
    assert!(stage.press("ctrl-u").screen().contains("138****4321"));
    assert!(stage.press("Backspace").screen().contains("[1381234432 "), "what one edits one sees");
    assert!(stage.screen().contains("? 不像电话号码"));
}

#[test]
fn a_click_goes_to_a_field_and_a_paste_stays_in_it() {
    let mut stage = stage((80, 24));
    stage.click("务工月收入").paste("45\n00");
    assert!(stage.line(6).contains("[45 00"), "{}", stage.screen());
    assert!(stage.press("ctrl-q").screen().contains("没保存的就没有了：务工"));
}
