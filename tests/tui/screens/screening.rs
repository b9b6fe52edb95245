//! The round's forms as they are typed: who is in which groups, and that nothing is stored that nobody said.

use hudang::domain::{FilledForm, GroupAnswer, HouseholdId, Name};
use hudang::rules::standing::Progress;
use hudang::tui::desk::Desk;
use hudang::tui::screens::form::FormScreen;
use hudang::workspace::Workspace;

use super::desk_of;
use super::kills::Typed;
use crate::home::{Home, VILLAGE, file};
use crate::tui::stage::Stage;

/// In two of the second round's groups by their file; in none; in one; a target, which is not screened.
const FAMILIES: [&str; 4] = [
    "address.group=一组 address.house_number=3号 class.class=一般农户 members.1.name=张三顺 members.1.relation=户主 \
     members.1.labour=普通劳动力 spending.own_spending=12000 support.1.allowance=农村低保 support.1.since=2022-03 \
     income.per_person=9800",
    "address.group=一组 address.house_number=4号 class.class=一般农户 members.2.name=王五 members.2.relation=户主",
    "address.group=二组 class.class=脱贫户 members.3.name=李秀英 members.3.relation=户主 spending.own_spending=15000",
    "address.group=二组 class.class=一般农户 case.target=边缘易致贫户 case.eliminated=否 members.4.name=赵德福 \
     members.4.relation=户主",
];

const DAY: &str = "2022-11-08";

fn village() -> Home {
    let home = Home::of("2022-10-08", &FAMILIES);
    home.lay_checks(super::CHECKS);
    home
}

fn stage(home: &Home, size: (u16, u16)) -> Stage<Desk> {
    let mut stage = desk_of(home, DAY, size);
    stage.press("F5");
    stage
}

fn household(serial: u32) -> HouseholdId {
    HouseholdId { village: VILLAGE.parse().unwrap(), serial }
}

fn form_of(workspace: &Workspace, serial: u32, name: &str) -> Option<FilledForm> {
    let file = file(workspace, serial);
    let form = file.forms_named(Name::new(name)).next_back()?;
    workspace.form_text(household(serial), form).unwrap()
}

fn said(form: &FilledForm) -> Vec<(&str, bool, &str)> {
    form.groups.iter().map(|(group, GroupAnswer { yes, fact })| (group.as_str(), *yes, &**fact)).collect()
}

fn opinion(form: &FilledForm) -> Option<&'static str> {
    Some(form.value("opinion")?.as_code()?.id()?.as_str())
}

#[test]
fn the_round_at_both_sizes() {
    for size in [(80, 24), (120, 40)] {
        let home = village();
        let name = |what: &str| format!("screening_{what}_{}", size.0);
        let mut stage = stage(&home, size);
        insta::assert_snapshot!(name("round"), stage.screen());
        insta::assert_snapshot!(name("groups"), stage.press("f").screen());
        insta::assert_snapshot!(name("form"), stage.press("Esc Enter").screen());
        insta::assert_snapshot!(name("confirming"), stage.press("F9 Enter").screen());
        insta::assert_snapshot!(name("refused"), stage.press("F2 F2 Esc Down Enter F9 F2").screen());
        insta::assert_snapshot!(name("verification"), stage.press("Esc Home p").screen());
        insta::assert_snapshot!(name("all"), stage.press("Esc Tab").screen());
    }
}

#[test]
fn a_household_in_no_group_takes_two_keys_and_the_next_form_opens() {
    let home = village();
    let mut stage = stage(&home, (80, 24));
    let screen = stage.press("Down Enter").screen();
    assert!(screen.starts_with(" 筛查表 · 王五"), "{screen}");
    let screen = stage.press("F9").screen();
    assert!(screen.contains("各类都记为不属于，意见记无风险"), "{screen}");
    let screen = stage.press("F2").screen();
    assert!(screen.starts_with(" 筛查表 · 李秀英") && screen.contains("已记下第5号：筛查表 王五"), "{screen}");
    let workspace = stage.into_world().workspace;
    let form = form_of(&workspace, 2, "screening").unwrap();
    assert_eq!(said(&form), ["S01", "S02", "S03", "S04"].map(|group| (group, false, "")));
    assert_eq!(opinion(&form), Some("no_risk"));
    assert_eq!(form.value("place"), None, "where it was filled is not made up");
    let standing = workspace.standing(household(2)).unwrap();
    assert_eq!((standing.screening, standing.verification), (Progress::Done, Progress::NotWanted));
}

#[test]
fn a_household_in_two_groups_is_confirmed_group_by_group() {
    let home = village();
    let mut stage = stage(&home, (80, 24));
    let screen = stage.press("Enter F9 F2").screen();
    assert!(screen.contains("▸ 支出骤增*           <是> 建议"), "the next proposal\n{screen}");
    let screen = stage.press("F2").screen();
    assert!(screen.contains("▸ 筛查意见*           <需入户排查> 建议"), "{screen}");
    let screen = stage.press("F2").screen();
    assert!(screen.starts_with(" 筛查 2022年下半年") && screen.contains("筛查 1/3  排查 0/2"), "{screen}");
    assert!(screen.contains("▸ 张三顺       一组     3号    ✓    没填 新低保；支出骤增"), "{screen}");
    let workspace = stage.into_world().workspace;
    let form = form_of(&workspace, 1, "screening").unwrap();
    assert_eq!(
        said(&form),
        [
            ("S01", false, ""),
            ("S02", false, ""),
            ("S03", true, "张三顺自2022-03享受低保"),
            ("S04", true, "刚性支出12000元，达到10000元"),
        ]
    );
    assert_eq!(opinion(&form), Some("to_verify"));
    let standing = workspace.standing(household(1)).unwrap();
    assert_eq!((standing.screening, standing.verification), (Progress::Done, Progress::Open));
}

#[test]
fn what_is_proposed_is_not_stored_unless_a_person_says_so() {
    let home = village();
    let mut stage = stage(&home, (80, 24));
    // The open groups are answered and the form is left: the proposals are in no draft.
    stage.press("Enter F9 Esc");
    let draft = stage.into_world().workspace.draft(household(1), Name::new("screening")).unwrap();
    assert_eq!(said(&draft.filled), [("S01", false, ""), ("S02", false, "")]);
    assert_eq!(opinion(&draft.filled), None);
    // Saving does not pass them over.
    let mut stage = self::stage(&home, (80, 24));
    assert!(stage.screen().contains("▸ 张三顺       一组     3号    半张"), "{}", stage.screen());
    let screen = stage.press("Enter Up Up Up F2").screen();
    assert!(screen.contains("是建议的：对就 Enter，不对就改"), "{screen}");
    assert!(form_of(&stage.into_world().workspace, 1, "screening").is_none());
}

#[test]
fn what_the_file_proves_is_rejected_only_with_a_reason() {
    let home = village();
    let mut stage = stage(&home, (80, 24));
    stage.press("Down Down Enter F9 2");
    let screen = stage.press("F2").screen();
    assert!(screen.contains("不属于的理由") && screen.contains("要填"), "{screen}");
    stage.press("<其中九千已报销> Enter");
    let screen = stage.press("F9 F2").screen();
    assert!(screen.contains("已记下第5号：筛查表 李秀英"), "{screen}");
    let workspace = stage.into_world().workspace;
    let form = form_of(&workspace, 3, "screening").unwrap();
    assert_eq!(said(&form)[3], ("S04", false, "其中九千已报销"));
    assert_eq!(opinion(&form), Some("no_risk"), "F9 said so");
    assert_eq!(workspace.standing(household(3)).unwrap().verification, Progress::NotWanted);
}

#[test]
fn a_person_adds_a_group_that_the_file_does_not_know() {
    let home = village();
    let mut stage = stage(&home, (80, 24));
    let screen = stage.press("Down Enter 1 Enter F2").screen();
    assert!(screen.contains("“  事实”要填") || screen.contains("事实”要填"), "{screen}");
    stage.press("<果园遭了雹灾> Enter F9 F2");
    let form = form_of(&stage.into_world().workspace, 2, "screening").unwrap();
    assert_eq!(said(&form)[0], ("S01", true, "果园遭了雹灾"));
    assert_eq!(opinion(&form), Some("to_verify"));
}

#[test]
fn the_verification_form_takes_up_what_the_screening_form_said() {
    let home = village();
    let mut stage = stage(&home, (80, 24));
    stage.press("Enter 1 Enter <大棚被淹> F9 F2 F2 F2");
    let screen = stage.press("Enter").screen();
    assert!(screen.starts_with(" 排查表 · 张三顺"), "{screen}");
    assert!(screen.contains("▸ 线索来源*       <集中排查> 建议"), "{screen}");
    assert!(screen.contains("大棚被淹"), "{screen}");
    // The clue, the three groups, then the opinion, which nothing proposes.
    let screen = stage.press("F2 F2 F2 F2").screen();
    assert!(screen.contains("“排查意见”要填"), "{screen}");
    let screen = stage.press("2 F2").screen();
    assert!(screen.contains("已记下第6号：排查表 张三顺"), "{screen}");
    assert!(screen.starts_with(" 筛查表 · 王五"), "on to the next household\n{screen}");
    assert!(stage.press("Esc").screen().contains("筛查 1/3  排查 1/2"), "{}", stage.screen());
    let workspace = stage.into_world().workspace;
    let form = form_of(&workspace, 1, "verification").unwrap();
    let groups: Vec<_> = said(&form).into_iter().map(|(group, yes, _)| (group, yes)).collect();
    assert_eq!(groups, [("S01", true), ("S03", true), ("S04", true)]);
    assert_eq!(opinion(&form), Some("propose"));
    assert_eq!(form.value("has_car"), None);
}

#[test]
fn a_verification_form_is_filled_on_a_clue_from_any_household_and_a_target_is_not_screened() {
    let home = village();
    let mut stage = desk_of(&home, DAY, (80, 24));
    let screen = stage.press("F3 / <赵德福> ctrl-x").screen();
    assert!(screen.contains("监测对象和销户的不填筛查表"), "{screen}");
    let screen = stage.press("ctrl-delete Esc F3 Home Enter p").screen();
    assert!(screen.starts_with(" 排查表 · "), "from the file of a household\n{screen}");
    let screen = stage.press("Esc F5 Down p").screen();
    assert!(screen.starts_with(" 排查表 · 王五") && screen.contains("▸ 线索来源*       <未填>"), "{screen}");
    stage.press("3 Enter F2 1 F2");
    let form = form_of(&stage.into_world().workspace, 2, "verification").unwrap();
    assert_eq!(form.value("clue").unwrap().as_code().unwrap().id(), Some(Name::new("department")));
    assert!(form.groups.is_empty());
}

#[test]
fn group_by_group_and_then_the_round_is_over() {
    let home = village();
    let mut stage = stage(&home, (80, 24));
    let screen = stage.press("f 3").screen();
    assert!(screen.contains("二组 筛查 0/1  排查 0/1") && !screen.contains("王五"), "{screen}");
    stage.press("Enter F9 2 Enter <已报销> F9 F2");
    let screen = stage.screen();
    assert!(screen.contains("二组 筛查 1/1  排查 0/0") && screen.contains("该填的都填了"), "{screen}");
    stage.press("ctrl-d 1 Enter F9 F2 F2 F2 Down Enter F9 F2 Home Enter F2 F2 F2 1 F2");
    insta::assert_snapshot!("screening_over", stage.screen());
    let screen = stage.press("Tab").screen();
    assert!(screen.contains("筛查 3/3  排查 1/1") && screen.contains("全部 3户"), "{screen}");
}

#[test]
fn an_undone_form_is_owed_again() {
    let home = village();
    let mut stage = stage(&home, (80, 24));
    stage.press("Down Enter F9 F2 Esc");
    assert!(!stage.screen().contains("王五         一组"), "{}", stage.screen());
    let screen = stage.press("ctrl-z").screen();
    assert!(screen.contains("已撤销第5号：筛查表") && screen.contains("王五         一组"), "{screen}");
}

#[test]
fn an_empty_village_has_nobody_to_screen() {
    let home = Home::of("2022-10-08", &[]);
    insta::assert_snapshot!("screening_empty", stage(&home, (80, 24)).press("Enter f Tab s p").screen());
}

#[test]
fn a_form_is_resized_and_taken_up_again() {
    let long = "address.group=二组 class.class=一般农户 members.1.name=阿卜杜拉热合曼·买买提吐尔逊江·艾克拜尔 \
        members.1.relation=户主";
    let home = Home::of("2022-10-08", &[long]);
    home.lay_checks(super::CHECKS);
    let mut stage = stage(&home, (80, 24));
    insta::assert_snapshot!("screening_long_name", stage.screen());
    stage.press("Enter 1 Enter <果园遭灾>");
    let before = stage.screen();
    stage.resize(40, 10).resize(120, 40).resize(80, 24);
    assert_eq!(stage.screen(), before);
    stage.press("Enter");
    drop(stage);
    let mut stage = self::stage(&home, (80, 24));
    let screen = stage.press("Enter").screen();
    assert!(screen.contains("接着上次没填完的") && screen.contains("果园遭灾"), "{screen}");
    assert!(screen.contains("▸ 务工不稳"), "the field behind it\n{screen}");
}

#[test]
fn a_kill_after_any_key_costs_at_most_the_field_being_typed() {
    let session = [
        ("F9", "/groups/S02/yes=false"),
        ("Enter", "/groups/S03/yes=true"),
        ("Enter 2 Enter", "/groups/S04/yes=false"),
        ("<已报销> Enter", "已报销"),
        ("Enter <7200> Enter", "720000"),
        ("F9", "/groups/S04/fact"),
    ];
    let open = |home: &Home| {
        let mut stage = stage(home, (80, 24));
        stage.press("Enter");
        stage
    };
    let typed = Typed { day: DAY, household: household(1), form: "screening", open: &open };
    typed.loses_at_most_a_field(&village(), &session);
}

/// The verification form of a couple, with the cursor in the wages.
fn verification(size: (u16, u16)) -> (Home, Stage<Desk>) {
    const COUPLE: &str = "class.class=一般农户 members.1.name=张三 members.1.relation=户主 members.2.name=李四 \
         members.2.relation=配偶 income.wages=12000 income.business_income=0 income.business_cost=0 income.property=0 \
         income.transfers=4000 income.net=16000 income.per_person=8000 water.safe=是";
    let home = Home::of("2022-10-08", &[COUPLE]);
    home.lay_checks(super::CHECKS);
    let mut desk = Desk::new(home.open(DAY));
    let form = FormScreen::open(&mut desk, household(1), Name::new("verification")).unwrap().unwrap();
    let mut stage = Stage::new(desk, Box::new(form), size);
    while !stage.screen().contains("▸ 工资性收入") {
        stage.press("Tab");
    }
    (home, stage)
}

#[test]
fn a_total_fills_while_its_parts_are_typed_and_stays_where_she_typed_it() {
    let (_home, mut stage) = verification((80, 40));
    assert!(stage.screen().contains("人均纯收入       8000 元"), "{}", stage.screen());
    let screen = stage.press("ctrl-delete <26000>").screen();
    assert!(screen.contains("人均纯收入       15000 元"), "{screen}");
    let screen = stage.press("Tab Tab Tab Tab Tab ctrl-delete <9000> Tab Tab").screen();
    assert!(screen.contains("人均纯收入       9000 元"), "{screen}");
}

#[test]
fn what_a_verification_form_asked_goes_into_the_file_without_being_typed_again() {
    let (_home, mut stage) = verification((80, 40));
    stage.press("ctrl-delete <10000>");
    while !stage.screen().contains("▸ 饮水安全") {
        stage.press("Tab");
    }
    stage.press("2");
    while !stage.screen().contains("▸ 线索来源") {
        stage.press("shift-Tab");
    }
    stage.press("2");
    while !stage.screen().contains("▸ 排查意见") {
        stage.press("Tab");
    }
    let screen = stage.press("1 F2").screen();
    for line in ["12000 → 10000", "16000 → 14000", "8000 → 7000", "是 → 否"] {
        assert!(screen.contains(line), "{line}\n{screen}");
    }
    while !stage.screen().contains("▸ 是否解决安全") {
        stage.press("Tab");
    }
    let screen = stage.press("2 F2").screen();
    assert!(screen.contains("3处记进了户档"), "{screen}");
    let workspace = stage.into_world().workspace;
    let held = |path| crate::home::held(&workspace, 1, path);
    assert_eq!([held("income.wages"), held("income.net"), held("income.per_person")], ["10000", "14000", "7000"]);
    assert_eq!((held("income.people"), held("water.safe")), ("2".to_owned(), "是".to_owned()));
    let acts = workspace.acts_of(&file(&workspace, 1)).unwrap();
    assert_eq!(acts.last().unwrap().changes[0].evidence.as_deref(), Some("排查表 2022-11-08"));
}
