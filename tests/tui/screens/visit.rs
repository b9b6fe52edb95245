//! The month's round, household by household, as it is typed.

use hudang::domain::{Finding, HouseholdFile, Name};
use hudang::tui::desk::Desk;
use hudang::tui::screens::visit::Visit;
use hudang::workspace::Workspace;

use crate::home::{Home, VILLAGE, file};
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
    Home::of("2022-10-08", &FAMILIES)
}

fn stored(stage: Stage<Desk>) -> Workspace {
    stage.into_world().workspace
}

#[test]
fn a_visit_at_both_sizes() {
    let home = home();
    insta::assert_snapshot!("visit_80", stage_on(&home, (80, 24)).screen());
    insta::assert_snapshot!("visit_120", stage_on(&home, (120, 40)).press("Down Down").screen());
}

/// What a filled household looks like after these keys.
fn after(keys: &str) -> String {
    let home = home();
    stage_on(&home, (80, 24)).press(keys).screen()
}

#[test]
fn try_out() {
    for keys in [
        "c 2 <10-30> Enter",
        "c 2 <10-30> Enter 1 Enter 1 Enter",
        "c 2 <10-30> Enter 1 Enter 1 Enter Enter Enter f2",
        "c 2 <10-30> Enter 1 Enter 1 Enter Enter Enter f2 f9 f2",
        "= = c 1 <10-21> Enter Enter 3 Enter Enter Enter 3 Enter Enter <10-21> Enter Enter Enter <4500> f2",
    ] {
        println!("{keys}\n{}", after(keys));
    }
}
