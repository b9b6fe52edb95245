//! Who is meant: numbers with a shape, names in their variants, people who are on file already, heads of one name.

use hudang::domain::{Household, id_number};
use hudang::workspace::import::ImportReport;

use super::{CODE, Clerk, member, places};

const ONE: &str = "4199991012010001";
const TWO: &str = "4199991012010002";

/// The ID number of the n-th person born on a day.
fn id(birth: &str, nth: u32) -> String {
    let first = format!("419999{birth}{nth:03}");
    format!("{first}{}", char::from(id_number::check_digit(first.as_bytes())))
}

/// A table as text; of the rows only what differs from one test to the next is given.
fn table(header: &str, rows: &[[&str; 5]]) -> String {
    let rows = rows.iter().map(|row| row.map(|cell| format!("\"{cell}\"")).join(","));
    std::iter::once(header.to_owned()).chain(rows).collect::<Vec<_>>().join("\r\n")
}

const NATIONAL: &str = "户编号,姓名,证件号码,与户主关系,工资性收入";
const LEDGER: &str = "组别,姓名,证件号码,与户主关系,备注";

fn take(clerk: &Clerk, name: &str, text: &str) -> ImportReport {
    clerk.import(&[clerk.file(name, text.as_bytes())])
}

/// Two households of three people.
fn baseline(numbers: [&str; 2], names: [&str; 3]) -> String {
    let ids = [id("19680820", 885), id("19701105", 226), id("19550312", 117)];
    table(
        NATIONAL,
        &[
            [numbers[0], names[0], &ids[0], "户主", "12000"],
            [numbers[0], names[1], &ids[1], "配偶", "12000"],
            [numbers[1], names[2], &ids[2], "户主", "9000"],
        ],
    )
}

const NAMES: [&str; 3] = ["张三", "李秀英", "王五"];

fn people(clerk: &Clerk) -> Vec<String> {
    let files = clerk.files();
    let mut people: Vec<String> = files
        .values()
        .flat_map(|file| Household::of(file).everyone().map(|m| m.name().to_owned()).collect::<Vec<_>>())
        .collect();
    people.sort();
    people
}

#[test]
fn a_spoiled_household_number_is_the_number_or_none() {
    let clerk = Clerk::of(CODE);
    take(&clerk, "a.csv", &baseline([ONE, TWO], NAMES));
    let acts = clerk.acts();
    let spoil: [fn(&str) -> String; 8] = [
        |number| format!("{number}.0"),
        |number| format!("{number}.00"),
        |number| format!("\u{202d}{number}\u{202c}"),
        |number| format!("\u{2066}{number}\u{2069}"),
        |number| number.chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap()).collect(),
        |number| format!("{}\u{200b}{}", &number[..8], &number[8..]),
        |number| format!("{} {}\u{a0}{}", &number[..6], &number[6..12], &number[12..]),
        |number| format!("'{number}\t"),
    ];
    for (nth, spoil) in spoil.iter().enumerate() {
        let report = take(&clerk, "b.csv", &baseline([&spoil(ONE), &spoil(TWO)], NAMES));
        assert_eq!((places(&report.problems.refused), report.households.new), (vec![], 0), "{nth}");
        assert_eq!((clerk.acts(), report.people.unchanged), (acts, 3), "{nth}");
    }
    for wrong in
        ["419999101201001", "41999910120100011", "419999101201OOO1", "4199991012010001-1", "一组1号", "无", "/"]
    {
        let report = take(&clerk, "c.csv", &baseline([wrong, TWO], NAMES));
        let refused = places(&report.problems.refused);
        assert_eq!(refused.len(), 2, "{wrong}: {refused:?}");
        assert!(refused.iter().all(|(_, column, why)| *column == "户编号" && why.contains("户编号")), "{refused:?}");
        assert_eq!((clerk.files().len(), people(&clerk).len()), (2, 3), "{wrong}");
    }
}

#[test]
fn a_village_is_not_taken_in_twice_under_other_numbers() {
    let clerk = Clerk::of(CODE);
    take(&clerk, "a.csv", &baseline([ONE, TWO], NAMES));
    let other = baseline(["4199991012010011", "4199991012010012"], NAMES);
    for _ in 0..2 {
        let report = take(&clerk, "b.csv", &other);
        let refused = places(&report.problems.refused);
        assert_eq!(refused.iter().map(|(row, ..)| *row).collect::<Vec<_>>(), [2, 4]);
        assert!(refused[0].2.contains(ONE) && refused[1].2.contains(TWO), "{refused:?}");
        assert_eq!((report.households.new, clerk.files().len(), people(&clerk).len()), (0, 2, 3));
    }
}

#[test]
fn a_household_that_splits_is_opened_wherever_the_rest_stands() {
    let [head, wife, son, his_wife] = [id("19600101", 11), id("19620101", 22), id("19850101", 33), id("19860101", 44)];
    let all = [
        [ONE, "张三", &*head, "户主", ""],
        [ONE, "李秀英", &wife, "配偶", ""],
        [ONE, "张子", &son, "之子", ""],
        [ONE, "王媳", &his_wife, "之儿媳", ""],
    ];
    // The old head takes his wife along under a new number; the son stays as the head.
    let go = [[TWO, "张三", &*head, "户主", ""], [TWO, "李秀英", &wife, "配偶", ""]];
    let stay = [[ONE, "张子", &*son, "户主", ""], [ONE, "王媳", &his_wife, "配偶", ""]];
    for rows in [[go, stay].concat(), [stay, go].concat()] {
        let clerk = Clerk::of(CODE);
        take(&clerk, "a.csv", &table(NATIONAL, &all));
        let report = take(&clerk, "b.csv", &table(NATIONAL, &rows));
        assert_eq!((places(&report.problems.refused), report.households.new), (vec![], 1));
        let doubted = places(&report.problems.doubtful);
        assert!(doubted.len() == 2 && doubted[0].2.contains(ONE), "they are on file there too: {doubted:?}");
    }
}

#[test]
fn heads_of_one_name_in_a_group_stay_two_where_their_numbers_differ() {
    let national = "户编号,自然村,姓名,证件号码,与户主关系";
    let [one, other] = [id("19680820", 885), id("19710305", 71)];
    let county = table(national, &[[ONE, "三组", "王伟", &one, "户主"]]);
    for (nth, ledger) in [
        table(LEDGER, &[["三组", "王伟", &other, "户主", ""], ["三组", "陈红", &id("19730101", 42), "配偶", ""]]),
        table(LEDGER, &[["三组", "王 伟", &other, "户主", ""]]),
    ]
    .iter()
    .enumerate()
    {
        let clerk = Clerk::of(CODE);
        take(&clerk, "国网.csv", &county);
        let report = take(&clerk, "台账.csv", ledger);
        assert_eq!((report.households.new, clerk.files().len()), (1, 2), "{nth}");
        assert_eq!(member(&clerk.household(ONE), "王伟").id_number_text(), Some(&*one));
        let acts = clerk.acts();
        take(&clerk, "台账.csv", ledger);
        assert_eq!(clerk.acts(), acts, "and found again");
    }
    // Of one ledger, adjacent or apart, and said twice.
    let rows = [
        ["三组", "王伟", &*one, "户主", ""],
        ["三组", "王伟", &*other, "户主", ""],
        ["三组", "王小伟", &id("20010101", 31), "之子", ""],
        ["四组", "赵六", &id("19600101", 31), "户主", ""],
        ["三组", "王伟", &*one, "户主", ""],
    ];
    let clerk = Clerk::of(CODE);
    let report = take(&clerk, "台账.csv", &table(LEDGER, &rows));
    assert_eq!((report.households.new, report.people.new), (3, 4));
    assert_eq!(places(&report.problems.refused).iter().map(|(row, ..)| *row).collect::<Vec<_>>(), [6], "twice is once");
}

#[test]
fn heads_of_one_name_without_numbers_are_not_opened_again_nor_mixed_up() {
    let ledger = |notes: [&str; 2]| {
        table(
            LEDGER,
            &[
                ["三组", "王伟", "", "户主", notes[0]],
                ["四组", "赵六", "", "户主", ""],
                ["三组", "王伟", "", "户主", notes[1]],
            ],
        )
    };
    let clerk = Clerk::of(CODE);
    assert_eq!(take(&clerk, "a.csv", &ledger(["住村头", "住村尾"])).households.new, 3);
    let acts = clerk.acts();
    let again = take(&clerk, "a.csv", &ledger(["住村尾", "住村头"]));
    assert_eq!((clerk.acts(), again.households.unchanged), (acts, 3), "in any order");
    let changed = take(&clerk, "a.csv", &ledger(["搬到镇上", "也搬了"]));
    let refused = places(&changed.problems.refused);
    assert!(refused.len() == 2 && refused[0].2.contains("同名"), "{refused:?}");
    assert_eq!(clerk.files().len(), 3);
}

#[test]
fn a_head_without_a_name_is_one_household_and_no_more() {
    for blank in ["", "/", "—"] {
        let rows = [
            ["一组", "张三", &*id("19680820", 885), "户主", ""],
            ["一组", blank, &id("19600101", 201), "户主", ""],
            ["一组", blank, &id("19610101", 202), "户主", ""],
            ["二组", "王五", &id("19550312", 117), "户主", ""],
            ["二组", "王小五", &id("19900101", 203), "儿子", ""],
            ["三组", "赵六", &id("19600102", 117), "户主", ""],
        ];
        let clerk = Clerk::of(CODE);
        let report = take(&clerk, "a.csv", &table(LEDGER, &rows));
        assert_eq!((report.households.new, report.people.new), (5, 6), "{blank}");
        let acts = clerk.acts();
        take(&clerk, "a.csv", &table(LEDGER, &rows));
        assert_eq!(clerk.acts(), acts, "{blank}");
    }
}

#[test]
fn a_name_is_the_same_in_every_way_to_write_it() {
    for (first, then) in [
        ("阿卜杜拉·买买提", "阿卜杜拉•买买提"),
        ("阿卜杜拉·买买提", "阿卜杜拉・买买提"),
        ("阿卜杜拉・买买提", "阿卜杜拉．买买提"),
        ("阿卜杜拉‧买买提", "阿卜杜拉∙买买提"),
        ("阿卜杜拉·买买提", "阿卜杜拉 买买提"),
        ("阿卜杜拉·买买提", "阿卜杜拉\u{3000}买买提"),
        ("张爱民", "张爱⺠"),
        ("马长龙", "⻢⻓⻰"),
        ("方正", "⽅正"),
        ("张三", "张\u{3000}三"),
        ("李秀英", "李\u{200b}秀英"),
        ("王五", "王\n五"),
        ("王五", "\u{202a}王 五\u{202c}"),
    ] {
        let rows = |name| table(NATIONAL, &[[ONE, "户长", "", "户主", ""], [ONE, name, "", "配偶", ""]]);
        let clerk = Clerk::of(CODE);
        take(&clerk, "a.csv", &rows(first));
        let (acts, kept) = (clerk.acts(), people(&clerk));
        let report = take(&clerk, "b.csv", &rows(then));
        assert_eq!((report.people.new, report.people.absent), (0, 0), "{first} {then}");
        assert_eq!(people(&clerk), kept, "{first} {then}");
        assert!(clerk.acts() <= acts + 1, "what it said is noted at most");
        assert!(!kept.iter().any(|name| name.contains(['•', '．', '\u{3000}', '\n', '\u{200b}', '⺠'])), "{kept:?}");
    }
}

#[test]
fn a_number_in_the_place_of_a_name_is_no_person_and_odd_names_are_doubted() {
    let clerk = Clerk::of(CODE);
    let rows = [
        [ONE, "419999196808208852", "张三", "户主", "12000"],
        [ONE, "13812340003", "李秀英", "配偶", "12000"],
        [TWO, "王?", "/", "户主", "1"],
        [TWO, "王小 李丽", "", "配偶", "1"],
    ];
    let report = take(&clerk, "a.csv", &table(NATIONAL, &rows));
    assert_eq!(people(&clerk), ["王?", "王小 李丽"]);
    let refused = places(&report.problems.refused);
    assert!(
        refused.iter().filter(|(_, column, why)| *column == "姓名" && why.contains("是号码")).count() == 2,
        "{refused:?}"
    );
    assert_eq!(refused.iter().filter(|(_, _, why)| why.contains("这一行未收")).count(), 2, "{refused:?}");
    let shown: Vec<&str> = report.problems.refused.iter().map(|problem| &*problem.value).collect();
    assert!(shown.iter().all(|value| !value.contains("196808") && !value.contains("1234000")), "{shown:?}");
    let doubted: Vec<u32> = places(&report.problems.doubtful)
        .iter()
        .filter(|(_, column, _)| *column == "姓名")
        .map(|(row, ..)| *row)
        .collect();
    assert_eq!(doubted, [4, 5]);
}

#[test]
fn a_sign_in_a_blanks_place_is_a_blank_without_a_word() {
    for sign in ["/", "-", "—", "——", "－", "无"] {
        let clerk = Clerk::of(CODE);
        let report = take(
            &clerk,
            "a.csv",
            &table(NATIONAL, &[[ONE, "张三", sign, "户主", sign], [ONE, "李秀英", sign, "配偶", sign]]),
        );
        assert_eq!((places(&report.problems.refused), places(&report.problems.doubtful)), (vec![], vec![]), "{sign}");
        assert_eq!(report.people.new, 2, "no number is not the same number");
        assert_eq!(Household::of(&clerk.household(ONE)).wages(), None);
    }
}

#[test]
fn a_person_number_that_two_have_is_nobodys() {
    let header = "户编号,人编号,姓名,证件号码,与户主关系";
    let number = "419999101201000101";
    let rows =
        [[ONE, number, "张三", &*id("19680820", 885), "户主"], [ONE, number, "李秀英", &id("19701105", 226), "配偶"]];
    let clerk = Clerk::of(CODE);
    let report = take(&clerk, "a.csv", &table(header, &rows));
    assert_eq!((report.people.new, people(&clerk)), (2, vec!["张三".to_owned(), "李秀英".to_owned()]));
    let refused = places(&report.problems.refused);
    assert!(refused.len() == 1 && refused[0].1 == "人编号" && refused[0].2.contains("第2行"), "{refused:?}");
    // One of another shape, such as a count of rows, is none either.
    let counted =
        [[ONE, "1", "张三", &*id("19680820", 885), "户主"], [ONE, "2", "李秀英", &id("19701105", 226), "配偶"]];
    let report = take(&clerk, "a.csv", &table(header, &counted));
    assert_eq!((report.people.new, report.problems.refused.len()), (0, 2));
}

#[test]
fn a_number_of_the_villages_own_leads_to_its_household_and_is_no_number_of_the_countys() {
    let clerk = Clerk::of(CODE);
    take(&clerk, "a.csv", &table(LEDGER, &[["三组", "王伟", &id("19680820", 885), "户主", ""]]));
    let local = format!("{CODE}V0001");
    let report = take(&clerk, "b.csv", &table(NATIONAL, &[[&local, "王伟", &id("19680820", 885), "户主", "500"]]));
    assert_eq!((places(&report.problems.refused), report.households.new, report.people.new), (vec![], 0, 0));
    assert_eq!(Household::of(&clerk.household(&local)).national_number(), None);
    let nobody = format!("{CODE}V0009");
    let report = take(&clerk, "b.csv", &table(NATIONAL, &[[&nobody, "李四", "", "户主", "500"]]));
    assert_eq!((report.problems.refused.len(), clerk.files().len()), (1, 1));
}
