//! What ends up in the files for what is typed at the door.

use hudang::domain::{Clock, Finding, HouseholdFile, Name};

use super::{DAY, home, household, rows, stage_on, visit_of};
use crate::home::{Home, file};

fn finding(filled: &hudang::domain::FilledForm, item: &str) -> Finding {
    filled.items[&Name::new(item)].finding.clone()
}

fn confirmed_on(file: &HouseholdFile, section: &str) -> Option<String> {
    let confirmed = file.sections.get(&Name::new(section))?.confirmed.clone()?;
    Some(format!("{} {}", confirmed.on, confirmed.by))
}

#[test]
fn an_unchanged_visit_takes_two_keys_and_leads_to_the_next_household() {
    // The letter, and the twins that work with the input method left on.
    for keys in ["A F2", "F9 ctrl-s"] {
        let home = home();
        let mut stage = stage_on(&home, (80, 24));
        let screen = stage.press(keys).screen();
        assert!(screen.starts_with(" 走访 · 赵德福"), "{screen}");
        assert!(screen.contains("张三顺走访已记(第4号)：确认12节；未填 在哪里、谁在家、到户时间、坐标"), "{screen}");
        let workspace = stage.into_world().workspace;
        let filled = visit_of(&workspace, 1);
        assert_eq!(filled.items.len(), 12);
        assert!(filled.items.values().all(|answer| answer.finding == Finding::AsOnFile && answer.agree.is_none()));
        assert_eq!(filled.fields.keys().map(|id| id.as_str()).collect::<Vec<_>>(), ["date", "visitors"]);
        let file = file(&workspace, 1);
        for section in ["members", "income", "jobs", "housing", "measures"] {
            assert_eq!(confirmed_on(&file, section).as_deref(), Some("2022-11-08 李桂枝"), "{section}");
        }
        assert_eq!(confirmed_on(&file, "spending"), None, "nobody was asked about it");
        assert!(workspace.draft(household(1), Name::new("visit")).is_none());
    }
}

#[test]
fn a_visit_with_something_unanswered_is_not_taken_in() {
    let home = home();
    let mut stage = stage_on(&home, (80, 24));
    let screen = stage.press("= = F2").screen();
    assert!(screen.contains("“就业”没有回答；还有10项没填"), "{screen}");
    assert!(screen.contains("▸  4 就业"), "the cursor is there\n{screen}");
    assert!(file(&stage.into_world().workspace, 1).forms.is_empty());
}

#[test]
fn a_death_in_the_family_is_an_event_of_its_own_and_answers_the_item() {
    let home = home();
    let mut stage = stage_on(&home, (80, 24));
    let screen = stage.press("c 2 <10-30> Enter 1 Enter 1 Enter Enter Enter F2").screen();
    assert!(screen.starts_with(" 走访 · 李翠兰"), "the new head\n{screen}");
    assert!(screen.contains("已记下第4号：去世") && screen.contains("变：去世(第4号)"), "{screen}");
    let screen = stage.press("A F2").screen();
    assert!(screen.contains("李翠兰走访已记(第5号)：确认12节，变1项；"), "{screen}");
    let workspace = stage.into_world().workspace;
    let file = file(&workspace, 1);
    let members = rows(&workspace, &file, "members");
    assert!(members[0].contains("left_why=死亡") && members[0].contains("left_on=2022-10-30"), "{members:?}");
    assert!(members[1].contains("relation=户主"), "{members:?}");
    let death = file.forms_named(Name::new("death")).next().unwrap();
    assert_eq!(visit_of(&workspace, 1).items[&Name::new("V01")].events, std::slice::from_ref(&death.id));
    assert!(file.open_items.is_empty(), "it is in the file");
    assert_eq!(confirmed_on(&file, "members").as_deref(), Some("2022-11-08 李桂枝"));
}

#[test]
fn an_event_that_is_taken_back_no_longer_answers_the_item() {
    let home = home();
    let mut stage = stage_on(&home, (80, 24));
    stage.press("c 2 <10-30> Enter 1 Enter 1 Enter Enter Enter F2");
    let screen = stage.press("ctrl-z").screen();
    assert!(screen.contains("已撤销第4号") && screen.starts_with(" 走访 · 张三顺"), "{screen}");
    assert!(!screen.contains("变：去世"), "{screen}");
    // Nothing is answered any more, so that nothing is half filled.
    assert!(stage.into_world().workspace.draft(household(1), Name::new("visit")).is_none());
}

#[test]
fn a_new_job_goes_into_the_file_with_the_visit() {
    let home = home();
    let mut stage = stage_on(&home, (80, 24));
    let job = "<10-21> Enter Enter 3 Enter Enter Enter 2 Enter <郑州> Enter <10-21> Enter Enter Enter <4500>";
    stage.press("Down Down c 1").press(job).press("F2 A F2");
    let workspace = stage.into_world().workspace;
    let file = file(&workspace, 1);
    let jobs = rows(&workspace, &file, "jobs");
    assert_eq!(jobs.len(), 2, "{jobs:?}");
    assert!(jobs[0].contains("monthly_wage=4200"), "the other job is as it was: {jobs:?}");
    for said in ["person=3", "county=郑州", "from=2022-10-21", "monthly_wage=4500"] {
        assert!(jobs[1].contains(said), "{said} in {jobs:?}");
    }
    let Finding::Changed { since, .. } = finding(&visit_of(&workspace, 1), "V04") else { panic!("it changed") };
    assert_eq!(since.unwrap().to_string(), "2022-10-21");
    assert!(file.open_items.is_empty());
    assert!(confirmed_on(&file, "jobs").is_some());
}

#[test]
fn a_change_that_is_only_told_stays_open() {
    let home = home();
    let mut stage = stage_on(&home, (80, 24));
    let screen = stage.press("Down Down c 7 <10-21> Enter <小军换了工地> F2").screen();
    assert!(screen.contains("变：小军换了工地"), "{screen}");
    let screen = stage.press("A F2").screen();
    assert!(screen.contains("变1项，其中1项未入档"), "{screen}");
    let workspace = stage.into_world().workspace;
    let file = file(&workspace, 1);
    assert_eq!(file.open_items.len(), 1);
    assert_eq!((&*file.open_items[0].what, file.open_items[0].item.as_str()), ("小军换了工地", "V04"));
    assert!(confirmed_on(&file, "jobs").is_none(), "nobody confirms what is said to be otherwise");
}

#[test]
fn a_change_that_is_not_in_the_file_is_not_swept_away_with_the_rest() {
    let home = home();
    let mut stage = stage_on(&home, (80, 24));
    stage.press("Down Down c 7 <10-21> Enter <小军换了工地> F2 A F2");
    stage.world(|desk| desk.workspace.set_clock(Clock::stopped("2022-12-06T09:30:00+08:00".parse().unwrap())));
    let screen = stage.press("F3 / <张三顺> ctrl-g").screen();
    assert!(screen.contains("走访日期 12月6日"), "{screen}");
    let screen = stage.press("A").screen();
    assert!(screen.contains("余下11项记为与档一致；“就业”的变化还没入档，要单独答"), "{screen}");
    assert!(screen.contains("▸  4 就业"), "{screen}");
    assert!(stage.press("F2").screen().contains("“就业”没有回答"));
    // Whoever says that the file is right by now has said it.
    assert!(stage.press("=").screen().contains("“小军换了工地”就此了结"), "{}", stage.screen());
    let screen = stage.press("F2").screen();
    assert!(screen.contains("张三顺走访已记"), "{screen}");
    let open = file(&stage.into_world().workspace, 1).open_items;
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn a_problem_becomes_a_task_with_an_owner_and_a_day() {
    let home = home();
    let mut stage = stage_on(&home, (80, 24));
    let screen = stage.press("Down Down Down Down Down ! <西屋漏雨> Enter F2").screen();
    assert!(screen.contains("✗ “由谁办*”要填") || screen.contains("✗ “由谁办”要填"), "{screen}");
    let screen = stage.press("<村委会> Enter <12-1> Enter").screen();
    assert!(screen.contains("西屋漏雨") && screen.contains("▸  8 饮水"), "on to the next item\n{screen}");
    let screen = stage.press("A F2").screen();
    assert!(screen.contains("待办1件"), "{screen}");
    let workspace = stage.into_world().workspace;
    let file = file(&workspace, 1);
    let tasks = rows(&workspace, &file, "tasks");
    assert_eq!(tasks, ["due=2022-12-01 found_on=2022-11-08 item=住房 owner=村委会 what=西屋漏雨"]);
    assert!(confirmed_on(&file, "housing").is_none());
}

#[test]
fn nobody_looked_and_the_household_does_not_agree() {
    let home = home();
    let mut stage = stage_on(&home, (80, 24));
    stage.press("= = - <小军不在家> F2 Up Up r r Down Down Down r");
    let screen = stage.screen();
    assert!(screen.contains("这一项不问农户认可"), "{screen}");
    stage.press("A F2");
    let filled = visit_of(&stage.into_world().workspace, 1);
    assert_eq!(finding(&filled, "V04"), Finding::NotLooked { why: "小军不在家".into() });
    assert_eq!(filled.items[&Name::new("V02")].agree, Some(false));
    assert_eq!(filled.items[&Name::new("V07")].agree, None, "not asked stays not asked");
}

#[test]
fn what_was_filled_in_is_not_replaced_unasked() {
    let home = home();
    let mut stage = stage_on(&home, (80, 24));
    let screen = stage.press("! <漏雨> Enter <村委> F2 Up =").screen();
    assert!(screen.contains("换一种，填的就不要了"), "{screen}");
    assert!(stage.press("Enter").screen().contains("问题：漏雨"), "the first answer leaves things as they are");
    assert!(!stage.press("= Right Enter").screen().contains("问题：漏雨"));
}

#[test]
fn who_was_at_home_where_and_when_are_what_was_typed() {
    let home = home();
    let mut stage = stage_on(&home, (80, 24));
    let screen = stage.press("Tab <11-7>").screen();
    assert!(screen.contains("[2022-11-0811-7"), "what was there is edited, not thrown away\n{screen}");
    stage.press("ctrl-delete <11-7> Enter Enter 1 Enter <李翠兰> Enter <9点> F2");
    let screen = stage.screen();
    assert!(screen.contains("走访日期 11月7日(不是今天)"), "{screen}");
    assert!(screen.contains("到户时间 09:00  未填 坐标"), "{screen}");
    stage.press("A F2");
    let filled = visit_of(&stage.into_world().workspace, 1);
    let text = |field: &str| filled.value(field).and_then(|value| value.as_text().map(str::to_owned));
    assert_eq!(filled.day("date"), Some("2022-11-07".parse().unwrap()));
    assert_eq!((text("at_home").as_deref(), text("time").as_deref()), (Some("李翠兰"), Some("09:00")));
    assert_eq!(text("coordinates"), None);
}

#[test]
fn last_months_answer_stands_beside_each_item() {
    let home = home();
    stage_on(&home, (80, 24)).press("= = - <小军不在家> F2 ! <孩子没回校> Enter <村小学> F2 A F2");
    let mut desk = hudang::tui::desk::Desk::new(home.open("2022-12-06"));
    let visit = Box::new(hudang::tui::screens::visit::Visit::new(&mut desk));
    let stage = crate::tui::stage::Stage::new(desk, visit, (80, 24));
    insta::assert_snapshot!("visit_next_month", stage.screen());
}

#[test]
fn an_empty_file_can_be_visited_too() {
    let home = Home::of("2022-10-08", &["class.class=脱贫户"]);
    let mut stage = stage_on(&home, (80, 24));
    assert!(stage.press("A F2").screen().contains("本月该走访的都走完了：1/1户"), "{}", stage.screen());
    assert_eq!(visit_of(&stage.into_world().workspace, 1).day("date"), Some(DAY.parse().unwrap()));
}

#[test]
fn help_over_a_form_tells_each_key_once() {
    let home = home();
    let mut stage = stage_on(&home, (120, 40));
    let screen = stage.press("! F1").screen();
    assert_eq!(screen.matches("检查并保存这张表").count(), 1, "{screen}");
}

#[test]
fn a_choice_that_is_not_there_says_so() {
    let home = home();
    let mut stage = stage_on(&home, (80, 24));
    assert!(stage.press("c <没有的事>").screen().contains("没有这一项，退格重打"), "{}", stage.screen());
    assert!(!stage.press("ctrl-delete").screen().contains("没有这一项"), "{}", stage.screen());
}

#[test]
fn two_changes_under_one_item_have_each_its_own_day_on_the_screen() {
    let home = home();
    let mut stage = stage_on(&home, (80, 24));
    stage.press("= = c 1 <10-21> Enter Enter 3 Enter F2");
    let screen = stage.press("Up c 1").screen();
    assert!(!screen.contains("2022-10-21"), "the day of one change is not the other's\n{screen}");
    stage.press("<10-28> Enter Enter 4 Enter F2 A F2");
    let workspace = stage.into_world().workspace;
    let file = file(&workspace, 1);
    let acts = workspace.acts_of(&file).unwrap();
    let visit = acts.last().unwrap();
    let days: Vec<String> = visit
        .changes
        .iter()
        .filter(|change| change.slot.section == "jobs")
        .map(|change| change.happened_on.map_or_else(String::new, |on| on.to_string()))
        .collect();
    assert!(days.contains(&"2022-10-21".to_owned()) && days.contains(&"2022-10-28".to_owned()), "{days:?}");
}
