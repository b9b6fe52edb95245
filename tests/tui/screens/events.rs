//! Life events that finish their work: counted in keys as a coordinator types them, and held against the checks.

use std::collections::BTreeSet;

use hudang::workspace::Workspace;

use super::family::household;
use crate::home::{Home, held};

const DAY: &str = "2022-11-20";
const BRIDE: &str = "419999199203040026";
const DAUGHTER: &str = "419999199304050020";

/// A relieved family of which the checks find nothing, but that it was not visited: the parents of the head, a son and
/// his wife, and their daughter.
const COMPLETE: &str = "address.national_number=4199991012010001 address.group=三组 address.house_number=17 \
    address.phone=13812344321 class.class=脱贫户(享受政策) class.relieved_year=2018 class.no_labour=否 \
    members.1.name=张三顺 members.1.relation=户主 members.1.sex=男 members.1.birth_date=1965-03-02 \
    members.1.id_number=419999196503020015 members.1.labour=普通劳动力 members.1.education=初中 \
    members.2.name=李秀英 members.2.relation=配偶 members.2.sex=女 members.2.birth_date=1966-05-06 \
    members.2.id_number=419999196605060026 members.2.labour=普通劳动力 members.2.education=小学 \
    members.3.name=张小军 members.3.relation=之子 members.3.sex=男 members.3.birth_date=1990-11-20 \
    members.3.id_number=41999919901120003X members.3.labour=普通劳动力 members.3.education=初中 members.3.phone=13812344322 \
    members.4.name=王芳 members.4.relation=之儿媳 members.4.sex=女 members.4.birth_date=1991-02-03 \
    members.4.id_number=419999199102030048 members.4.labour=普通劳动力 members.4.education=初中 \
    income.net=90000 income.per_person=22500 income.people=4 \
    land.arable=5 land.forest=0 land.returned=0 land.orchard=0 land.pasture=0 land.water_surface=0 \
    living.road_kind=水泥路 living.road_distance=0.5 living.toilet=是 living.electricity=是 \
    housing.floor_area=120 housing.dangerous=否 housing.grade=A级 housing.graded_on=2021-05 water.safe=是 \
    helper.name=王科长 helper.rank=股级及以下 helper.last_came=2022-11-03";

/// The same of every member.
fn complete() -> String {
    let each = |id: u32| {
        format!(
            " members.{id}.nationality=汉族 members.{id}.health=健康 medical.{id}.resident_medical=是 \
             medical.{id}.serious_illness=是 medical.{id}.resident_pension=是"
        )
    };
    (1..=4).map(each).fold(COMPLETE.to_owned(), |family, of_member| family + &of_member)
}

/// What the checks find in the village: the household, the code and the words, as far as it counts.
fn found(workspace: &Workspace, serials: &[u32]) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for serial in serials {
        let findings = workspace.findings(household(*serial)).unwrap();
        all.extend(
            findings.into_iter().map(|it| format!("{serial} {} {} {}", it.severity.short(), it.code, it.message)),
        );
    }
    all
}

/// Opens the family's file from Today, as she does, and presses keys; gives the store as it is then.
fn after(families: &[&str], keys: &str) -> (Home, Workspace, BTreeSet<String>) {
    let home = Home::of("2022-11-18", families);
    let before = found(&home.open(DAY), &[1]);
    assert!(before.iter().all(|it| it.contains("C504") || it.contains("C505") || it.contains("C507")), "{before:#?}");
    let mut stage = super::desk_of(&home, DAY, (80, 24));
    let screen = stage.press(keys).screen();
    assert!(screen.contains("已记下第"), "{keys}\n{screen}");
    drop(stage);
    let workspace = home.open(DAY);
    (home, workspace, before)
}

/// The keys of a line, without the text that is typed between `<` and `>`.
fn keys_of(line: &str) -> usize {
    let mut keys = 0;
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let typed = rest.starts_with('<') && rest.contains('>');
        let end = if typed { rest.find('>').unwrap() + 1 } else { rest.find(' ').unwrap_or(rest.len()) };
        keys += usize::from(!typed);
        rest = rest[end..].trim_start();
    }
    keys
}

/// Nothing is found that was not found before, but what a household owes because it is new.
fn assert_nothing_red(workspace: &Workspace, serials: &[u32], before: &BTreeSet<String>) {
    let is_owed = |it: &&String| ["C504", "C505", "C507"].iter().any(|code| it.contains(code)) && it.contains("警");
    let new: Vec<String> = found(workspace, serials).difference(before).filter(|it| !is_owed(it)).cloned().collect();
    assert!(new.is_empty(), "{new:#?}");
}

#[test]
fn a_birth_takes_twenty_keys_from_today_to_a_file_without_errors() {
    // Today, the list, the file, 家里事, 出生; day, name, sex, relation, number (none yet); then what is suggested.
    let keys = "F3 Enter g 1 <11-10> Enter <张小雪> Enter 2 Enter 8 Enter Enter Enter Enter Enter Enter Enter Enter F2";
    assert!(keys_of(keys) <= 20, "{}", keys_of(keys));
    let (_home, workspace, before) = after(&[&complete()], keys);
    for (path, expected) in [
        ("members.5.name", "张小雪"),
        ("members.5.birth_date", "2022-11-10"),
        ("members.5.nationality", "汉族"),
        ("members.5.health", "健康"),
        ("members.5.labour", "无劳动力"),
        ("schooling.5.student_state", "学龄前儿童"),
        ("medical.5.resident_medical", "是"),
        ("medical.5.serious_illness", "是"),
        ("medical.5.resident_pension", "否"),
    ] {
        assert_eq!(held(&workspace, 1, path), expected, "{path}");
    }
    let new: Vec<String> = found(&workspace, &[1]).difference(&before).cloned().collect();
    assert!(new.is_empty(), "{new:#?}");
}

#[test]
fn a_bride_is_on_file_with_all_that_is_asked_of_her() {
    let keys = "F3 Enter g <婚入> Enter <11-10> Enter <赵倩> Enter 2 Enter 5 Enter <419999199203040021> Enter Enter 1 Enter \
                1 Enter Enter 3 Enter 1 Enter 1 Enter Enter 1 Enter F2";
    let (_home, workspace, before) = after(&[&complete()], &keys.replace("419999199203040021", BRIDE));
    assert_eq!(held(&workspace, 1, "members.5.birth_date"), "1992-03-04");
    assert_eq!(held(&workspace, 1, "medical.5.serious_illness"), "是");
    assert_nothing_red(&workspace, &[1], &before);
}

#[test]
fn a_household_that_splits_off_has_its_land_its_house_and_its_helper() {
    let keys = "F3 Enter g <分户> Enter <11-19> Enter 2 3 Enter 1 Enter 1 Enter Enter <18> Enter Enter <1> Enter Enter Enter \
                Enter Enter Enter 1 Enter Enter F2";
    let (_home, workspace, before) = after(&[&complete()], keys);
    for (serial, path, expected) in [
        (2, "members.3.relation", "户主"),
        (2, "members.4.relation", "配偶"),
        (2, "address.group", "三组"),
        (2, "address.phone", "13812344322"),
        (2, "land.arable", "1"),
        (1, "land.arable", "4"),
        (2, "water.safe", "是"),
        (2, "helper.name", "王科长"),
    ] {
        assert_eq!(held(&workspace, serial, path), expected, "{serial} {path}");
    }
    assert_nothing_red(&workspace, &[1, 2], &before);
}

#[test]
fn who_comes_back_is_asked_what_nobody_wrote_when_she_left() {
    let gone = " members.9.name=张丽 members.9.relation=之女 members.9.sex=女 members.9.birth_date=1993-04-05 \
         members.9.nationality=汉族 members.9.left_why=婚出 members.9.left_on=2019-10";
    let family = complete() + gone;
    // Her nationality is on file, and not asked.
    let keys = "F3 Enter g <回来> Enter <11-15> Enter 1 Enter Enter 4 Enter <ID> Enter 1 Enter Enter 3 Enter 1 Enter 1 Enter \
                Enter 1 Enter F2";
    let (_home, workspace, before) = after(&[&family], &keys.replace("ID", DAUGHTER));
    assert_eq!(held(&workspace, 1, "members.9.left_why"), "");
    assert_eq!(held(&workspace, 1, "members.9.labour"), "普通劳动力");
    assert_nothing_red(&workspace, &[1], &before);
}

#[test]
fn what_of_a_whole_village_nobody_wrote_is_asked_once() {
    let family = |name: &str, id: u32| {
        format!("class.class=脱贫户 members.{id}.name={name} members.{id}.relation=户主 members.{id}.labour=无劳动力")
    };
    let families = [family("张三", 1), family("李四", 2), family("王五", 3).replace("脱贫户", "脱贫户(不享受政策)")];
    let home = Home::of("2022-11-18", &families.each_ref().map(String::as_str));
    let class = |serial: u32| held(&home.open(DAY), serial, "class.class");
    let mut stage = super::desk_of(&home, DAY, (120, 40));
    assert!(stage.screen().contains("全村2户脱贫户，没有写是否享受政策"), "{}", stage.screen());
    assert!(stage.screen().contains("0/2"), "cards are owed until somebody says: {}", stage.screen());
    let screen = stage.press("F3").screen();
    assert!(screen.contains("脱贫未知") && screen.contains("脱贫不享"), "{screen}");
    // Of one household first, and of all that are left afterwards.
    let screen = stage.press("F6 / <享受政策> Esc Enter 1 Enter").screen();
    assert!(screen.contains("只是张三") && screen.contains("全村没有写的2户都是"), "{screen}");
    let screen = stage.press("2 Enter").screen();
    assert!(screen.contains("已记下第4号：2户"), "{screen}");
    drop(stage);
    assert_eq!([class(1), class(2), class(3)], ["脱贫户(享受政策)", "脱贫户(享受政策)", "脱贫户(不享受政策)"]);
    let mut stage = super::desk_of(&home, DAY, (120, 40));
    stage.press("ctrl-z");
    drop(stage);
    assert_eq!([class(1), class(2)], ["脱贫户", "脱贫户"], "one act, and one key takes it back");
}

/// The coordinator's month as the README tells it, one family after the other: what she types is what she was told.
#[test]
fn the_month_of_the_readme_needs_no_figure_that_can_be_reckoned() {
    let parts = "income.wages=60000 income.business_income=35000 income.business_cost=5000 income.property=0 \
         income.transfers=0 income.net=90000";
    let family = complete().replace("income.net=90000", parts);
    let neighbour = "address.group=四组 address.house_number=2 class.class=一般农户 members.11.name=赵山 \
         members.11.relation=户主 members.11.birth_date=1970-01-02 members.11.labour=普通劳动力 income.net=30000";
    let home = Home::of("2022-10-20", &[&family, neighbour]);
    let mut stage = super::desk_of(&home, "2022-11-08", (80, 24));
    // 今日, 日历, 农户: the list reckons what the ledger left out.
    let screen = stage.press("F2 Esc F3").screen();
    assert!(screen.contains("算30000"), "{screen}");
    // 走访: the wages went up; what follows from them is not asked.
    stage.press("Esc F4");
    let screen = stage.press("Down c <11-1> Enter Enter Enter ctrl-delete <66000> F2").screen();
    assert!(screen.contains("变："), "{screen}");
    let screen = stage.press("A F2").screen();
    assert!(screen.contains("走访已记"), "{screen}");
    stage.world(|desk| {
        let income = ["wages", "net", "per_person"].map(|field| held(&desk.workspace, 1, &format!("income.{field}")));
        assert_eq!(income, ["66000", "96000", "24000"]);
    });
    // 筛查: two keys a household.
    let screen = stage.press("F5 Enter F9 F2").screen();
    assert!(screen.contains("已记下") && screen.contains("筛查表"), "{screen}");
    // 家里事: a child is born, and the share of a head is by five.
    let keys = "F3 Enter g 1 <11-5> Enter <张小雪> Enter 2 Enter 8 Enter Enter Enter Enter Enter Enter Enter Enter F2";
    let screen = stage.press(keys).screen();
    assert!(screen.contains("已记下") && screen.contains("5人"), "{screen}");
    let screen = stage.press("F3").screen();
    assert!(screen.contains("算19200"), "{screen}");
    // 核对, 更新, 明白卡, 交县.
    let screen = stage.press("F6").screen();
    assert!(!screen.contains("张三顺     三组   人均"), "{screen}");
    let screen = stage.press("F8 = F3 c t").screen();
    assert!(screen.contains("2022"), "{screen}");
    drop(stage);
    let workspace = home.open("2022-11-08");
    let errors: Vec<String> =
        found(&workspace, &[1]).into_iter().filter(|it| it.contains(" 错 ") || it.contains(" 禁 ")).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    drop(workspace);
    let mut stage = super::desk_of(&home, "2022-11-08", (80, 24));
    let screen = stage.press("F7").screen();
    assert!(screen.contains("张三顺") && screen.contains("60000 → 66000"), "{screen}");
}
