//! Findings in a store: found, answered, exempt, mended, and entries that cannot be true.

use hudang::domain::{EditRow, FilledForm, HouseholdId, Name, RowRef};
use hudang::rules::check::{Finding, Settled};
use hudang::workspace::Workspace;
use hudang::workspace::answers::{Exemption, NotAnswered};
use hudang::workspace::record::Recorded;

use crate::home::{Home, VILLAGE};

/// A table of our own, so that these tests say what they look at.
const TABLE: &str = r#"
label = "测试"
severity = "error"
check = [
  { id = "low",   each = "household", when = "income.per_person < 5000", says = "人均{income.per_person}元" },
  { id = "years", each = "person", when = "age > 120", says = "{age}岁", severity = "block", remedy = "改出生日期" },
  { id = "weak",  each = "person", when = "not works", says = "没有劳动能力", severity = "warn" },
]
"#;

const FAMILY: &str = "class.class=一般农户 income.per_person=4000 members.1.name=张三 members.1.relation=户主 \
     members.1.labour=无劳动力 members.2.name=李西 members.2.labour=无劳动力";

fn id() -> HouseholdId {
    HouseholdId { village: VILLAGE.parse().unwrap(), serial: 1 }
}

fn home(household: &str) -> Home {
    let home = Home::of("2022-11-01", &[household]);
    let folder = home.dir.path().join("data/checks");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("test.toml"), TABLE).unwrap();
    home
}

/// The findings of the test's own table.
fn found(workspace: &Workspace) -> Vec<Finding> {
    let mut all = workspace.findings(id()).unwrap();
    all.retain(|finding| ["low", "years", "weak"].contains(&finding.check.as_str()));
    all
}

fn told(workspace: &Workspace) -> Vec<(String, Settled)> {
    found(workspace).into_iter().map(|finding| (finding.message, finding.settled)).collect()
}

fn edit(workspace: &mut Workspace, form: &str, path: &str, text: &str) -> Recorded {
    let catalogue = workspace.definitions().catalogue.clone();
    let parts: Vec<&str> = path.split('.').collect();
    let (section, row, field) = (Name::new(parts[0]), parts[1].parse().unwrap(), Name::new(parts[2]));
    let value = catalogue.read_typed(catalogue.field(section, field).unwrap(), text).unwrap().value;
    let mut filled = FilledForm::blank(Name::new("edit"), 1, form, 1);
    filled.edits.push(EditRow::of(section, RowRef::At(row), vec![(field, value)]));
    workspace.take_in(VILLAGE.parse().unwrap(), filled).unwrap()
}

#[test]
fn mending_makes_a_finding_go_at_once() {
    let home = home(FAMILY);
    let mut workspace = home.open("2022-11-20");
    let tally = workspace.tally(id()).unwrap();
    let open = |message: &str| (message.to_owned(), Settled::Open);
    assert_eq!(told(&workspace), [open("人均4000元"), open("张三：没有劳动能力"), open("李西：没有劳动能力")]);
    assert!(matches!(edit(&mut workspace, "e1", "income.0.per_person", "5000"), Recorded::Accepted { .. }));
    assert_eq!(told(&workspace), [open("张三：没有劳动能力"), open("李西：没有劳动能力")]);
    assert_eq!(workspace.tally(id()).unwrap().errors, tally.errors - 1);
}

#[test]
fn an_answer_holds_as_long_as_the_facts_are_the_same() {
    let home = home(FAMILY);
    let mut workspace = home.open("2022-11-20");
    let low = found(&workspace).remove(0);
    assert_eq!(workspace.answer(id(), &low, " ").unwrap().unwrap_err(), NotAnswered::NoReason);
    workspace.answer(id(), &low, "土地流转款未到账").unwrap().unwrap();
    let answered = found(&workspace).into_iter().find(|finding| finding.check == "low").unwrap();
    let reason = answered.reason.clone().unwrap();
    assert_eq!((answered.settled, &*reason.why, &*reason.by), (Settled::Answered, "土地流转款未到账", "李桂枝"));
    assert_eq!(reason.on.unwrap().to_string(), "2022-11-20");
    // The same after the program was closed; and other findings stay open.
    drop(workspace);
    let mut workspace = home.open("2022-11-21");
    assert_eq!(told(&workspace).iter().filter(|(_, settled)| *settled == Settled::Open).count(), 2);
    // Another field changes nothing, the field itself brings it back, and the old value settles it again.
    edit(&mut workspace, "e1", "income.0.wages", "1");
    assert_eq!(found(&workspace).into_iter().filter(|finding| finding.settled == Settled::Answered).count(), 1);
    edit(&mut workspace, "e2", "income.0.per_person", "4001");
    assert!(found(&workspace).iter().all(|finding| finding.settled == Settled::Open));
    edit(&mut workspace, "e3", "income.0.per_person", "4000");
    let answered = found(&workspace).into_iter().find(|finding| finding.settled == Settled::Answered).unwrap();
    workspace.withdraw_answer(id(), &answered).unwrap().unwrap();
    assert!(found(&workspace).iter().all(|finding| finding.settled == Settled::Open));
}

#[test]
fn an_answer_is_one_persons() {
    let home = home(FAMILY);
    let mut workspace = home.open("2022-11-20");
    let of_two = found(&workspace).into_iter().find(|finding| finding.person == Some(2)).unwrap();
    workspace.answer(id(), &of_two, "常年卧床").unwrap().unwrap();
    let open: Vec<Option<u32>> = found(&workspace)
        .into_iter()
        .filter(|finding| finding.check == "weak" && finding.settled == Settled::Open)
        .map(|finding| finding.person)
        .collect();
    assert_eq!(open, [Some(1)]);
}

#[test]
fn an_exemption_ends() {
    let home = home(FAMILY);
    let mut workspace = home.open("2022-11-20");
    let low = found(&workspace).remove(0);
    let until = |day: &str| Exemption {
        kind: Name::new("true_to_life"),
        reason: "县里核过".into(),
        until: day.parse().unwrap(),
        by: Some("县乡村振兴局".into()),
    };
    let fault = workspace.exempt(id(), &low, &until("2022-11-19")).unwrap().unwrap_err();
    assert_eq!(fault, NotAnswered::NoEnd);
    workspace.exempt(id(), &low, &until("2022-12-31")).unwrap().unwrap();
    drop(workspace);
    let settled = |day: &str| {
        let workspace = home.open(day);
        found(&workspace).into_iter().find(|finding| finding.check == "low").unwrap().settled
    };
    assert_eq!(settled("2022-12-31"), Settled::Exempt);
    assert_eq!(settled("2023-01-01"), Settled::Open);
}

#[test]
fn what_cannot_be_true_is_refused_from_a_hand_and_kept_from_a_roster() {
    let home = home(&format!("{FAMILY} members.3.name=王五 members.3.birth_date=1890-01-01"));
    let mut workspace = home.open("2022-11-20");
    let old = found(&workspace).into_iter().find(|finding| finding.check == "years").unwrap();
    assert_eq!(old.message, "王五：132岁");
    assert_eq!(workspace.answer(id(), &old, "属实").unwrap().unwrap_err(), NotAnswered::Impossible);
    // Something else of the same household can still be entered; the same mistake of another person cannot.
    assert!(matches!(edit(&mut workspace, "e1", "members.1.education", "初中"), Recorded::Accepted { .. }));
    let Recorded::Refused(faults) = edit(&mut workspace, "e2", "members.1.birth_date", "1890-01-01") else {
        panic!("taken in")
    };
    assert!(faults.iter().any(|fault| fault.why == "张三：132岁（改出生日期）"), "{faults:?}");
    assert!(matches!(edit(&mut workspace, "e3", "members.3.birth_date", "1990-01-01"), Recorded::Accepted { .. }));
    assert!(found(&workspace).iter().all(|finding| finding.check != "years"));
}

#[test]
fn the_same_number_in_two_households_is_found_in_both_and_gone_in_both() {
    const NUMBER: &str = "members.{}.id_number=41999919831018766X class.class=脱贫户 members.{}.name=甲";
    let households: Vec<String> = (1..=3).map(|person: u32| NUMBER.replace("{}", &person.to_string())).collect();
    let home = Home::of("2022-11-01", &[&households[0], &households[1], "members.9.name=丙"]);
    let mut workspace = home.open("2022-11-20");
    let of = |workspace: &Workspace, serial| {
        let id = HouseholdId { serial, ..id() };
        let codes: Vec<String> = workspace.findings(id).unwrap().iter().map(|it| it.code.to_string()).collect();
        (codes.contains(&"C103".to_owned()), workspace.tally(id).unwrap().errors)
    };
    let (first, second) = (of(&workspace, 1), of(&workspace, 2));
    assert!(first.0 && second.0 && !of(&workspace, 3).0);
    assert!(
        matches!(edit(&mut workspace, "e1", "members.1.id_number", "419999198503150036"), Recorded::Accepted { .. }),
        "a right number of another person"
    );
    let (first_now, second_now) = (of(&workspace, 1), of(&workspace, 2));
    assert!(!first_now.0 && !second_now.0);
    assert_eq!(second_now.1, second.1 - 1, "counted anew where nothing was entered");
}

/// The findings of one check in the household.
fn of_check(workspace: &Workspace, check: &str) -> Vec<Finding> {
    let mut all = workspace.findings(id()).unwrap();
    all.retain(|finding| finding.check == check);
    all
}

#[test]
fn an_answer_for_one_months_visit_is_none_for_the_next() {
    let home = Home::of("2022-11-01", &["class.class=脱贫户 members.1.name=张三"]);
    let settled = |day: &str| -> Vec<(String, Settled)> {
        let all = of_check(&home.open(day), "C504");
        all.into_iter().map(|finding| (finding.message, finding.settled)).collect()
    };
    let mut workspace = home.open("2022-11-20");
    let missing = of_check(&workspace, "C504").remove(0);
    workspace.answer(id(), &missing, "全家在外务工，电话核实").unwrap().unwrap();
    drop(workspace);
    assert_eq!(settled("2022-11-30"), [("本月没有走访，过期20天".to_owned(), Settled::Answered)]);
    assert_eq!(settled("2022-12-01"), [("本月没有走访，还有9天".to_owned(), Settled::Open)]);
}

#[test]
fn an_answer_for_a_stale_section_is_for_no_other_section_and_days_do_not_end_it() {
    let home = Home::of("2022-08-01", &["class.class=脱贫户 members.1.name=张三"]);
    let mut workspace = home.open("2022-11-20");
    let stale = of_check(&workspace, "C502");
    assert!(stale.len() > 1);
    workspace.answer(id(), &stale[0], "等县里数据").unwrap().unwrap();
    drop(workspace);
    let answered: Vec<Settled> =
        of_check(&home.open("2022-12-20"), "C502").into_iter().map(|finding| finding.settled).collect();
    assert_eq!(answered.iter().filter(|settled| **settled == Settled::Answered).count(), 1, "only its own section");
}

#[test]
fn two_answers_at_one_place_both_hold() {
    let loans = "loans.1.amount=50000 loans.2.amount=60000 loans.1.subsidised=30000 loans.2.subsidised=30000";
    let home = Home::of("2022-11-01", &[&format!("class.class=脱贫户 members.1.name=张三 {loans}")]);
    let mut workspace = home.open("2022-11-20");
    let over = of_check(&workspace, "C604.total");
    let [of_all, of_subsidised] = &over[..] else { panic!("{over:?}") };
    assert_eq!(of_all.of, of_subsidised.of);
    workspace.answer(id(), of_all, "一笔明天还清").unwrap().unwrap();
    workspace.answer(id(), of_subsidised, "贴息已停").unwrap().unwrap();
    let why: Vec<String> = of_check(&workspace, "C604.total")
        .into_iter()
        .map(|finding| finding.reason.map_or_else(String::new, |reason| reason.why.into()))
        .collect();
    assert_eq!(why, ["一笔明天还清", "贴息已停"]);
}

#[test]
fn an_answer_to_a_figure_that_is_reckoned_holds_as_long_as_the_figure() {
    let home = Home::of(
        "2022-11-01",
        &[
            "class.class=一般农户 members.1.name=张三 members.1.relation=户主 members.2.name=李西 members.2.relation=配偶 \
           income.net=12000 income.per_person=6000",
        ],
    );
    let mut workspace = home.open("2022-11-20");
    let low = |workspace: &Workspace| {
        let found = workspace.findings(id()).unwrap();
        found.into_iter().find(|finding| finding.code == "C309").unwrap()
    };
    let first = low(&workspace);
    workspace.answer(id(), &first, "已开排查表").unwrap().unwrap();
    edit(&mut workspace, "e1", "address.0.phone", "13900000001");
    assert_eq!(low(&workspace).settled, Settled::Answered);
    let birth = serde_json::json!({"form": "birth", "household": format!("{VILLAGE}V0001"), "date": "2022-11-15",
        "name": "张甲", "sex": "男", "relation": "之孙子"});
    assert!(matches!(workspace.record(&birth).unwrap(), Recorded::Accepted { .. }));
    let born = low(&workspace);
    assert_eq!((born.settled, born.message.contains("4000元")), (Settled::Open, true), "{}", born.message);
    workspace.undo().unwrap();
    assert_eq!(low(&workspace).settled, Settled::Answered);
}
