//! The month's round, household by household, as it is typed.

mod answers;
mod drafts;
mod round;

use hudang::domain::{FilledForm, HouseholdFile, HouseholdId, Name};
use hudang::tui::desk::Desk;
use hudang::tui::screens::visit::Visit;
use hudang::workspace::Workspace;
use insta::assert_snapshot;

use crate::home::{Home, VILLAGE};
use crate::tui::stage::Stage;

/// A relieved family with a worker, a pupil and an old head; a target; an ordinary family; in walking order.
const FAMILIES: [&str; 3] = [
    "address.group=三组 address.house_number=17号 class.class=脱贫户 members.1.name=张三顺 members.1.relation=户主 \
     members.1.sex=男 members.1.birth_date=1950-03-02 members.1.labour=无劳动力 members.2.name=李翠兰 \
     members.2.relation=配偶 members.2.sex=女 members.2.birth_date=1953-05-06 members.2.health=长期慢性病 \
     members.2.labour=无劳动力 members.3.name=张小军 members.3.relation=之子 members.3.sex=男 \
     members.3.birth_date=1982-09-01 members.3.labour=普通劳动力 members.4.name=张雨 members.4.relation=之孙女 \
     members.4.sex=女 members.4.birth_date=2010-07-08 schooling.4.student_state=七年级 income.per_person=6480 \
     income.wages=26000 spending.spent_medical=800 jobs.1.person=3 jobs.1.place=省外 jobs.1.monthly_wage=4200 \
     housing.grade=B housing.dangerous=否 water.safe=是 measures.1.what=低保 helper.name=王科长 card.year=2022",
    "address.group=三组 address.house_number=18号 class.class=一般农户 case.target=边缘易致贫户 case.eliminated=否 \
     members.5.name=赵德福 members.5.relation=户主 members.5.labour=无劳动力",
    "address.group=四组 class.class=一般农户 members.6.name=王五 members.6.relation=户主 members.6.labour=无劳动力",
];

const DAY: &str = "2022-11-08";

fn stage_on(home: &Home, size: (u16, u16)) -> Stage<Desk> {
    let mut desk = Desk::new(home.open(DAY));
    let visit = Box::new(Visit::new(&mut desk));
    Stage::new(desk, visit, size)
}

fn home() -> Home {
    let home = Home::of("2022-10-08", &FAMILIES);
    home.lay_checks(super::CHECKS);
    home
}

fn household(serial: u32) -> HouseholdId {
    HouseholdId { village: VILLAGE.parse().unwrap(), serial }
}

/// The last visit of a household as it was filled.
fn visit_of(workspace: &Workspace, serial: u32) -> FilledForm {
    let file = workspace.file(household(serial)).unwrap();
    let visit = file.forms_named(Name::new("visit")).next_back().expect("a visit was recorded");
    workspace.form_text(household(serial), visit).unwrap().unwrap()
}

/// The rows of a section as they are shown: `place=省外` and so on, a text a row.
fn rows(workspace: &Workspace, file: &HouseholdFile, section: &str) -> Vec<String> {
    let catalogue = &workspace.definitions().catalogue;
    let row = |row: &hudang::domain::Row| {
        let known = |id| catalogue.field(Name::new(section), id).unwrap();
        let said = row.values().map(|(id, value)| format!("{id}={}", catalogue.show(known(id), value)));
        said.collect::<Vec<_>>().join(" ")
    };
    file.rows(Name::new(section)).map(|(_, held)| row(held)).collect()
}

#[test]
fn a_visit_at_both_sizes() {
    for size in [(80, 24), (120, 40)] {
        let home = home();
        let shown = |keys: &str| stage_on(&home, size).press(keys).screen();
        assert_snapshot!(format!("visit_{}", size.0), shown("= = - <不在家> Enter Down"));
        assert_snapshot!(format!("visit_what_changed_{}", size.0), shown("Up c"));
        assert_snapshot!(format!("visit_row_{}", size.0), shown("c 1 <10-21> Enter Enter 3 Enter"));
        assert_snapshot!(format!("visit_again_{}", size.0), shown(""));
        assert_snapshot!(format!("visit_problem_{}", size.0), shown("Esc Down ! <屋顶漏>"));
        assert_snapshot!(format!("visit_head_{}", size.0), shown("Esc Tab Enter Enter Enter <配偶>"));
        assert_snapshot!(format!("visit_item_{}", size.0), shown("Esc Home Down Enter"));
    }
}

#[test]
fn a_name_of_twenty_characters_and_a_window_made_small_with_a_form_open() {
    let long = "class.class=脱贫户 address.group=三组 members.1.name=阿卜杜拉热合曼·买买提吐尔逊江·艾克拜尔 \
        members.1.relation=户主 members.1.labour=无劳动力";
    let home = Home::of("2022-10-08", &[long]);
    home.lay_checks(super::CHECKS);
    let mut stage = stage_on(&home, (80, 24));
    assert_snapshot!("visit_long_name", stage.screen());
    stage.press("! <屋顶漏雨> Enter <村>");
    let before = stage.screen();
    stage.resize(40, 10).resize(120, 40).resize(80, 24);
    assert_eq!(stage.screen(), before, "nothing that was typed is lost");
    stage.press("<委> F2 A F2");
    let task = visit_of(&stage.into_world().workspace, 1).items[&Name::new("V01")].clone();
    let said = serde_json::to_value(&task.finding).unwrap();
    assert_eq!((&said["problem"]["what"], &said["problem"]["who"]), (&"屋顶漏雨".into(), &"村委".into()));
}
