//! The status card: what stands on it, what is marked, and what never reads as no.

use hudang::changes::Confirm;
use hudang::data::Data;
use hudang::domain::{Answer, Confirmation, FilledForm, Name, Value};
use hudang::exchange::card::{card_file_name, card_page};
use hudang::rules::card::{Card, CardLayout, Cell, Mark, Source, card_content};

use crate::made::{Draft, Village, day, family, id_number};

fn village(fill: impl FnOnce(&mut Draft)) -> Village {
    let mut village = Village::new();
    village.act("roster", "11-01", |act| {
        act.from("national", true);
        fill(act);
    });
    village
}

fn card_on(village: &Village, on: &str, verification: Option<&FilledForm>) -> Card {
    let layout = CardLayout::load(&Data::embedded(), &village.definitions.catalogue).unwrap();
    let looked = village.look(on).at(village.file(1));
    card_content(Source { looked, village: "石桥村", verification, layout: &layout })
}

fn card(village: &Village) -> Card {
    card_on(village, "2022-11-20", None)
}

fn line<'a>(card: &'a Card, label: &str) -> &'a Cell {
    let mut lines = card.parts.iter().flat_map(|part| &part.lines);
    &lines.find(|line| &*line.label == label).unwrap_or_else(|| panic!("no {label}")).cell
}

fn says<'a>(card: &'a Card, label: &str) -> (&'a str, Option<Mark>) {
    let cell = line(card, label);
    (cell.text.as_deref().unwrap_or("-"), cell.mark)
}

fn table<'a>(card: &'a Card, part: &str) -> Vec<Vec<&'a str>> {
    let part = card.parts.iter().find(|known| &*known.label == part).unwrap();
    let row = |row: &'a Vec<Cell>| row.iter().map(|cell| cell.text.as_deref().unwrap_or("-")).collect();
    part.table.as_ref().unwrap().rows.iter().map(row).collect()
}

#[test]
fn a_whole_file_makes_a_whole_card() {
    let village = village(family);
    let card = card(&village);
    assert_eq!(card.title, "2022年度监测对象明白卡");
    assert_eq!((card.head.text.as_deref(), &*card.place), (Some("赵大山"), "三组 17号"));
    assert_eq!(card.number, "4199991012010001");
    for (label, text) in [
        ("户类型", "脱贫户(享受政策)，脱贫不稳定户，风险未消除"),
        ("家庭人口", "4人"),
        ("户联系电话", "138****4321"),
        ("脱贫年度", "2018"),
        ("耕地面积", "4.5亩"),
        ("生产经营性支出", "1200.5元"),
        ("家庭纯收入", "30219.5元"),
        ("人均纯收入", "7554.88元（算），没核实前按6480元，比监测线6900元低420元"),
        ("义务教育", "有保障：1人在校"),
        ("基本医疗", "有保障：4人参保"),
        ("住房安全", "有保障：不是危房，B级，96m²"),
        ("饮水安全", "有保障：水量达标，水质达标"),
        ("兜底保障", "赵大山：农村低保，月210元，2021-03起"),
        ("姓名", "王科长"),
        ("电话", "13900001234"),
        ("致贫返贫风险", "因病"),
        ("风险消除", "未消除"),
    ] {
        assert_eq!(says(&card, label), (text, None), "{label}");
    }
    assert_eq!(
        table(&card, "家庭成员"),
        [
            ["赵大山", "户主", "男", "67岁", "长期慢性病", "丧失劳动力", "-"],
            ["赵小军", "之子", "男", "37岁", "健康", "普通劳动力", "外出务工 省外 月4200元"],
            ["李红", "之儿媳", "女", "36岁", "健康", "普通劳动力", "未务工"],
            ["赵雨", "之孙女", "女", "12岁", "健康", "-", "七年级"],
        ]
    );
    assert_eq!(
        table(&card, "帮扶措施"),
        [["就业帮扶", "外出务工补贴", "600元", "2022-08-15到账"]],
        "and none of last year"
    );
    assert_eq!((card.count(Mark::Missing), card.count(Mark::Stale)), (0, 0));
}

#[test]
fn what_is_unknown_is_marked_and_never_a_no() {
    let village = village(|act| {
        act.opens(1).takes(1, "members", 1, &[("name", "孙玉兰")]);
    });
    let card = card(&village);
    assert_eq!(card.title, "2022年度农户明白卡");
    assert_eq!(card.head, Cell { text: None, mark: Some(Mark::Missing) });
    assert_eq!(card.number, "419999101201V0001");
    for label in ["户类型", "工资性收入", "人均纯收入", "义务教育", "基本医疗", "住房安全", "饮水安全", "姓名"]
    {
        assert_eq!(says(&card, label), ("-", Some(Mark::Missing)), "{label}");
    }
    assert_eq!(says(&card, "耕地面积"), ("-", None), "not required");
    let labels: Vec<&str> = card.parts.iter().flat_map(|part| &part.lines).map(|line| &*line.label).collect();
    assert!(!labels.contains(&"吃穿") && !labels.contains(&"低保金") && !labels.contains(&"风险消除"), "{labels:?}");
    let page = card_page(&card);
    assert!(!page.contains("否") && !page.contains("无"), "nothing denied");
    assert!(page.contains("未填"));
}

#[test]
fn guarantees_tell_what_is_known_and_who_is_not() {
    let missing = Some(Mark::Missing);
    let cases: [(&str, &[Edit<'_>], &str, Option<Mark>); 14] = [
        ("义务教育", &[("schooling", 4, "student_state", "")], "-", missing),
        ("义务教育", &[("schooling", 4, "not_in_school_reason", "因病")], "有问题：赵雨未上学（因病）", None),
        ("义务教育", &[("members", 4, "birth_date", "2004-05-06")], "有保障：没有义务教育阶段的孩子", None),
        ("义务教育", &[("members", 4, "birth_date", "")], "有保障：1人在校", None),
        ("基本医疗", &[("medical", 2, "resident_medical", "否")], "有问题：3人参保，赵小军未参保", None),
        ("基本医疗", &[("medical", 3, "resident_medical", "")], "3人参保，李红未填", missing),
        ("住房安全", &[("housing", 0, "dangerous", "是")], "有问题：住危房，B级，96m²", None),
        ("住房安全", &[("housing", 0, "dangerous", "")], "有保障：不是危房，B级，96m²", None),
        ("住房安全", &[("housing", 0, "dangerous", ""), ("housing", 0, "grade", "未鉴定")], "-", missing),
        ("住房安全", &[("housing", 0, "grade", "D级")], "有问题：住危房，D级，96m²", None),
        ("饮水安全", &[("water", 0, "quality", "不达标")], "有问题：水量达标，水质不达标", None),
        ("饮水安全", &[("water", 0, "safe", "否")], "有问题：水量达标，水质达标", None),
        ("人均纯收入", &[("income", 0, "per_person", "9120")], "7554.88元（算），比监测线6900元高654.88元", None),
        (
            "风险消除",
            &[
                ("case", 0, "eliminated", "是"),
                ("case", 0, "eliminated_on", "202210"),
                ("case", 0, "eliminated_how", "帮扶消除"),
            ],
            "已消除，帮扶消除，2022-10",
            None,
        ),
    ];
    for (label, edits, text, mark) in cases {
        let mut village = village(family);
        edit(&mut village, "11-05", edits);
        assert_eq!(says(&card(&village), label), (text, mark), "{label} {edits:?}");
    }
}

/// Section, row, field, and what is typed.
type Edit<'a> = (&'a str, u32, &'a str, &'a str);

fn edit(village: &mut Village, entered: &str, edits: &[Edit<'_>]) {
    village.act("edit", entered, |act| {
        for (section, row, field, text) in edits {
            act.changes(1, section, *row, field, text);
        }
    });
}

#[test]
fn food_and_clothing_are_told_by_the_verification_form() {
    let village = village(family);
    let mut form = FilledForm::blank(Name::new("verification"), 1, "p1", 1);
    form.fields.insert(Name::new("food_clothing"), Answer::Value(Value::code(Name::new("assured"))));
    let card = card_on(&village, "2022-11-20", Some(&form));
    assert_eq!(says(&card, "吃穿"), ("有保障", None));
}

#[test]
fn what_nobody_confirmed_is_marked_on_its_lines_and_tables() {
    let mut village = village(family);
    village.act("visit", "11-20", |act| {
        let now = Some(Confirmation { on: day("2022-11-20"), by: "李桂枝".into() });
        act.act.confirms.push(Confirm { household: 1, section: Name::new("housing"), now, was: None });
    });
    assert_eq!(card_on(&village, "2022-12-01", None).count(Mark::Stale), 0);
    let card = card_on(&village, "2022-12-02", None);
    for label in ["家庭纯收入", "人均纯收入", "饮水安全", "兜底保障"] {
        assert_eq!(line(&card, label).mark, Some(Mark::Stale), "{label}");
    }
    assert_eq!(line(&card, "住房安全").mark, None);
    assert_eq!(line(&card, "耕地面积").mark, None, "no visit asks about land");
    assert_eq!(card.parts[1].table.as_ref().unwrap().mark, Some(Mark::Stale));
}

#[test]
fn the_paper_on_the_wall_grows_old() {
    let outdated = |edits: &[Edit<'_>]| {
        let mut village = village(family);
        edit(&mut village, "11-05", edits);
        card(&village).wall.outdated
    };
    assert_eq!(outdated(&[]), None);
    assert_eq!(outdated(&[("card", 0, "year", "2021")]), Some(true));
    assert_eq!(outdated(&[("card", 0, "year", "2022")]), Some(false));
    assert_eq!(outdated(&[("card", 0, "posted_on", "2022-11-10"), ("income", 0, "wages", "26000")]), Some(false));
    assert_eq!(outdated(&[("card", 0, "posted_on", "2022-11-01"), ("income", 0, "wages", "26000")]), Some(true));
    assert_eq!(
        outdated(&[("card", 0, "posted_on", "2022-11-01")]),
        Some(false),
        "the card's own fields are none of it"
    );
}

#[test]
fn the_page_masks_escapes_and_names_nobody_in_its_file() {
    let village = village(|act| {
        family(act);
        act.takes(1, "address", 0, &[("bank_card", "6217000000000000001")]);
        act.takes(1, "measures", 3, &[("kind", "其他"), ("what", "<script>alert(\"1\")</script>")]);
    });
    let card = card(&village);
    let page = card_page(&card);
    for secret in [&*id_number("19550302", 1), "13812344321", "6217000000000000001"] {
        assert!(!page.contains(secret), "{secret}");
    }
    assert!(page.contains("13900001234"), "the family reaches its helper");
    assert!(page.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;") && !page.contains("<script"));
    assert!(!page.contains("http"), "it loads nothing");
    assert_eq!(card_file_name(&card), "card-4199991012010001.html");
}

#[test]
fn a_county_masks_less_or_more() {
    let mut village = village(family);
    village.definitions.policy.card.in_full.clear();
    assert_eq!(says(&card(&village), "电话"), ("139****1234", None));
    village.definitions.policy.card.mask.clear();
    assert_eq!(says(&card(&village), "户联系电话"), ("13812344321", None));
}
