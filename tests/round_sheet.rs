//! The round sheet: who is visited, what is asked of whom, what was answered, and room to write.

use hudang::changes::act::Of;
use hudang::domain::{Answer, FilledForm, Finding, ItemAnswer, Name, OpenItem};
use hudang::exchange::round_sheet::{RoundSheet, round_sheet_page};
use hudang::rules::stop::Stop;

use crate::made::{Village, day, family, id_number};

fn village() -> Village {
    let mut village = Village::new();
    village.act("roster", "10-01", |act| {
        act.from("national", true);
        family(act);
        act.opens(2);
        act.takes(2, "class", 0, &[("class", "一般农户")]);
        act.takes(2, "address", 0, &[("group", "三组"), ("phone", "13800005678")]);
        act.takes(2, "members", 9, &[("name", "<b>孙玉兰"), ("relation", "户主"), ("birth_date", "1950-03")]);
    });
    village.act("visit", "10-09", |act| {
        act.takes(1, "tasks", 1, &[("what", "屋顶漏雨"), ("owner", "村委"), ("due", "2022-11-30"), ("item", "V07")]);
        act.takes(1, "tasks", 2, &[("what", "旧事"), ("done_on", "2022-10-09")]);
        let what = OpenItem {
            act: 0,
            item: Name::new("V04"),
            sections: vec![Name::new("jobs")],
            since: None,
            seen_on: day("2022-10-09"),
            what: "换了工地".into(),
        };
        act.act.left_open.push(Of { household: 1, what });
    });
    village
}

fn last_visit() -> FilledForm {
    let mut form = FilledForm::blank(Name::new("visit"), 1, "v", 1);
    form.fields.insert(Name::new("date"), Answer::Day(day("2022-10-09")));
    for (item, finding, agree) in [
        ("V01", Finding::AsOnFile, None),
        ("V02", Finding::AsOnFile, Some(true)),
        ("V04", Finding::Changed { what: "换了工地".into(), since: "2022-09".parse().ok() }, Some(false)),
        ("V07", Finding::Problem { what: "漏雨".into(), who: "村委".into(), due: None }, None),
        ("V08", Finding::NotLooked { why: "没带试纸".into() }, None),
    ] {
        form.items.insert(Name::new(item), ItemAnswer { agree, ..ItemAnswer::of(finding) });
    }
    form
}

fn stop(village: &Village, household: u32, last: Option<&FilledForm>) -> Stop {
    let looked = village.look("2022-11-08").at(village.file(household));
    Stop::of(looked, village.definitions.forms.visit().unwrap(), last)
}

#[test]
fn a_stop_tells_who_lives_there_and_what_is_open() {
    let stop = stop(&village(), 1, None);
    assert_eq!((&*stop.head, &*stop.place, &*stop.phone), ("赵大山", "三组 17号", "138****4321"));
    assert_eq!(stop.class, "脱贫户(享受政策)，脱贫不稳定户");
    assert_eq!(
        stop.people,
        ["赵大山（户主，67岁）", "赵小军（之子，37岁）", "李红（之儿媳，36岁）", "赵雨（之孙女，12岁）"]
    );
    assert_eq!(stop.open, ["问题：屋顶漏雨，由村委，2022-11-30前", "就业有变化，还没入档：换了工地"]);
}

#[test]
fn each_household_is_asked_what_applies_to_it() {
    let village = village();
    let labels = |household| -> Vec<Box<str>> {
        stop(&village, household, None).asks.into_iter().map(|ask| ask.label).collect()
    };
    let target = labels(1);
    assert_eq!(target.len(), 14, "{target:?}");
    assert!(!target.iter().any(|label| &**label == "在家的弱者"), "her son and daughter-in-law are at home");
    let ordinary = labels(2);
    assert!(!ordinary.iter().any(|label| ["收入", "政策", "帮扶责任人"].contains(&&**label)), "{ordinary:?}");
    assert!(ordinary.iter().any(|label| &**label == "住房"));
}

#[test]
fn last_month_s_answers_stand_beside_the_questions() {
    let form = last_visit();
    let stop = stop(&village(), 1, Some(&form));
    assert_eq!(stop.last, Some(day("2022-10-09")));
    let last = |label: &str| stop.asks.iter().find(|ask| &*ask.label == label).unwrap().last.as_deref();
    assert_eq!(last("人口"), Some("与档一致"));
    assert_eq!(last("收入"), Some("与档一致；认可"));
    assert_eq!(last("就业"), Some("变：换了工地（9月起）；不认可"));
    assert_eq!(last("住房"), Some("问题：漏雨"));
    assert_eq!(last("饮水"), Some("没看到：没带试纸"));
    assert_eq!(last("医疗"), None);
}

#[test]
fn the_page_has_a_sheet_for_each_household_and_tells_no_number() {
    let village = village();
    let form = last_visit();
    let stops = [stop(&village, 1, Some(&form)), stop(&village, 2, None)];
    let sheet =
        RoundSheet::new("石桥村", day("2022-11-08"), "李桂枝", "河南2022", &stops, &village.definitions.catalogue);
    let page = round_sheet_page(&sheet);
    assert_eq!(page.matches("<article>").count(), 2);
    assert_eq!(page.matches("<tr><td class=\"label\">").count(), stops[0].asks.len() + stops[1].asks.len());
    assert!(page.contains("第 1/2 户") && page.contains("（10月9日）") && page.contains("（没有记录）"));
    assert!(page.contains("<s></s>田间地头"), "the places of the code list");
    assert!(page.contains("&lt;b&gt;孙玉兰") && !page.contains("<b>孙玉兰"));
    for secret in [&*id_number("19550302", 1), "13812344321", "13800005678", "13900001234"] {
        assert!(!page.contains(secret), "{secret}");
    }
}
