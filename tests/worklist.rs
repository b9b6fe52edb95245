//! What is to be done, over a whole village: what comes first, tasks, confirmations, and another day.

use hudang::domain::{Clock, HouseholdId, Name};
use hudang::rules::first::Place;
use hudang::workspace::find::Found;
use hudang::workspace::{Recorded, Workspace};

use crate::home::{Home, VILLAGE, file};

const FAMILIES: [&str; 4] = [
    "address.group=2组 class.class=脱贫户 members.1.name=张三 members.1.relation=户主 members.1.labour=普通劳动力 \
     members.2.name=张雨 members.2.relation=孙女 members.2.phone=13900001234 income.per_person=9000 card.year=2022",
    "address.group=1组 class.class=一般农户 case.target=边缘易致贫户 case.eliminated=否 members.3.name=李四 \
     members.3.relation=户主 card.year=2022",
    "address.group=10组 class.class=一般农户 members.4.name=王五 members.4.relation=户主 members.4.labour=无劳动力 \
     tasks.1.what=漏雨 tasks.1.owner=村委会 tasks.1.due=2022-11-15 tasks.2.what=停水 tasks.3.what=欠薪 \
     tasks.3.due=2022-11-10",
    "address.group=3组 class.class=一般农户 members.5.name=赵六 members.5.relation=户主 members.5.labour=无劳动力 \
     members.6.name=赵雨 members.6.left_why=婚出",
];

fn household(serial: u32) -> HouseholdId {
    HouseholdId { village: VILLAGE.parse().unwrap(), serial }
}

fn first(workspace: &Workspace) -> Vec<(u32, &'static str, &'static str)> {
    let things = workspace.first_things(9).unwrap().things;
    things.iter().map(|(id, thing)| (id.serial, thing.place.label(), thing.code)).collect()
}

#[test]
fn what_comes_first_is_told_household_by_household() {
    let home = Home::of("2022-10-10", &FAMILIES);
    home.lay_checks("label = \"没有\"\n");
    let mut workspace = home.open("2022-11-20");
    let expected = [(2, "走访", "C504"), (1, "走访", "C504"), (3, "待办", ""), (3, "待办", "")];
    assert_eq!(first(&workspace), expected);
    let things = workspace.first_things(9).unwrap().things;
    assert!(things[0].1.why.contains("过期10天"), "{}", things[0].1.why);
    assert_eq!([things[2].1.place, things[3].1.place], [Place::Task(3), Place::Task(1)], "the longest first");
    let two = workspace.first_things(2).unwrap();
    assert_eq!(
        (two.of, two.things.as_slice()),
        (things.len(), &things[..2]),
        "the first of them, and how many there are"
    );

    workspace.settle_task(household(3), 3, "2022-11-19".parse().unwrap(), "已发放").unwrap();
    assert_eq!(first(&workspace), expected[..3]);
}

#[test]
fn tasks_of_all_households_stand_by_their_last_day() {
    let home = Home::of("2022-10-10", &FAMILIES);
    let mut workspace = home.open("2022-11-20");
    let open = |workspace: &Workspace| -> Vec<String> {
        workspace.open_tasks().unwrap().into_iter().map(|(_, task)| task.what.into()).collect()
    };
    assert_eq!(open(&workspace), ["欠薪", "漏雨", "停水"]);
    let settled = workspace.settle_task(household(3), 1, "2022-11-18".parse().unwrap(), "已补漏").unwrap();
    assert!(matches!(settled, Recorded::Accepted { .. }), "{settled:?}");
    assert_eq!(open(&workspace), ["欠薪", "停水"]);
    assert_eq!(workspace.month().unwrap().tasks, 2);
    let task = |workspace: &Workspace, field: &str| {
        let file = file(workspace, 3);
        file.row(Name::new("tasks"), 1).unwrap().get(Name::new(field)).cloned()
    };
    assert_eq!(task(&workspace, "result").unwrap().as_text(), Some("已补漏"));
    workspace.undo().unwrap();
    assert_eq!(open(&workspace), ["欠薪", "漏雨", "停水"]);
    let unknown = workspace.settle_task(household(3), 9, "2022-11-18".parse().unwrap(), "无此事").unwrap();
    assert!(matches!(unknown, Recorded::Refused(_)), "there is no such task");
}

#[test]
fn a_section_is_confirmed_outside_a_visit_once_a_day_and_can_be_taken_back() {
    let home = Home::of("2022-10-10", &FAMILIES);
    let mut workspace = home.open("2022-11-20");
    let water = Name::new("water");
    let is_stale =
        |workspace: &Workspace| workspace.stale_of(household(4)).unwrap().iter().any(|stale| stale.section == water);
    assert!(is_stale(&workspace));
    let act = workspace.confirm(household(4), water).unwrap().expect("it was not confirmed before");
    assert_eq!((workspace.kind_in_words(act.kind), act.is_news()), ("核实无变", true));
    assert!(!is_stale(&workspace));
    let confirmed = file(&workspace, 4).sections[&water].confirmed.clone().unwrap();
    assert_eq!((confirmed.on.to_string(), &*confirmed.by), ("2022-11-20".to_owned(), "李桂枝"));
    assert_eq!(workspace.confirm(household(4), water).unwrap(), None, "once a day");
    assert_eq!(workspace.month().unwrap().pending, 0, "no field has changed");

    workspace.undo().unwrap();
    assert!(is_stale(&workspace) && !file(&workspace, 4).sections.contains_key(&water));
}

#[test]
fn another_day_is_noticed() {
    let home = Home::of("2022-10-10", &FAMILIES);
    let mut workspace = home.open("2022-11-09");
    assert_eq!(first(&workspace)[0], (2, "走访", "C504"));
    assert!(workspace.stale().unwrap().iter().all(|(_, stale)| stale.days <= 30));
    assert!(!workspace.notice_day().unwrap());
    workspace.set_clock(Clock::stopped("2022-11-12T00:05:00+08:00".parse().unwrap()));
    assert!(workspace.notice_day().unwrap() && !workspace.notice_day().unwrap());
    assert!(workspace.first_things(9).unwrap().things[0].1.why.contains("过期2天"));
    assert!(workspace.stale().unwrap().iter().any(|(_, stale)| stale.days == 33));
}

#[test]
fn a_file_in_short_and_why_it_was_found() {
    let home = Home::of("2022-10-10", &FAMILIES);
    let workspace = home.open("2022-11-20");
    let short = workspace.in_short(household(1)).unwrap();
    assert_eq!(
        (short.head.as_str(), short.class.as_str(), short.number.as_str()),
        ("张三", "脱贫未知", "419999101201V0001")
    );
    let people: Vec<_> = short.people.iter().map(|p| (p.name.as_str(), p.relation.as_str())).collect();
    assert_eq!(people, [("张三", "户主"), ("张雨", "孙女")]);
    assert!(short.items.iter().any(|(label, says)| &**label == "收入" && says.contains("9000")), "{:?}", short.items);

    let found = |line: &str| -> Vec<(u32, String)> {
        let query = workspace.definitions().words.parse(line).unwrap();
        let hits = workspace.find(&query, None);
        let told = |hit: &Found| {
            (hit.id.serial, hit.reason.map_or(String::new(), |reason| workspace.reason_in_words(hit.id, reason)))
        };
        hits.iter().map(told).collect()
    };
    assert_eq!(found("张三"), [(1, String::new())], "the head stands in the row");
    assert_eq!(found("zhangyu"), [(1, "孙女 张雨".to_owned())]);
    assert_eq!(found("赵雨"), [(4, "赵雨（已离户）".to_owned())]);
    assert_eq!(found("1234"), [(1, "电话 张雨".to_owned())]);
    assert_eq!(found("缺明白卡"), [], "a card is asked of the two that have one");
    assert_eq!(
        found("有明白卡").len(),
        2,
        "and of a target, and of a relieved household until somebody says it has no policies"
    );
}
