//! Families to try the screens of one household on.

use hudang::domain::HouseholdId;
use hudang::tui::desk::Desk;
use hudang::tui::screen::Screen;

use crate::home::{Home, VILLAGE};
use crate::tui::stage::Stage;

/// Three generations; the head's mother, a son who works away, a daughter who married out.
pub const THREE_GENERATIONS: &str = "address.national_number=4199991012010001 address.group=三组 address.house_number=17 \
    address.phone=13812344321 class.class=脱贫户(享受政策) class.relieved_year=2018 \
    members.1.name=张三顺 members.1.relation=户主 members.1.sex=男 members.1.birth_date=1961-03-02 \
    members.1.id_number=41999919610302001X members.1.health=长期慢性病 members.1.labour=弱劳动力或半劳动力 \
    members.2.name=李秀英 members.2.relation=配偶 members.2.sex=女 members.2.birth_date=1963-05 \
    members.3.name=张小军 members.3.relation=之子 members.3.sex=男 members.3.birth_date=1988-11-20 \
    members.3.labour=普通劳动力 members.3.phone=1390000 \
    members.4.name=张老太 members.4.relation=之母 members.4.sex=女 members.4.birth_date=1938 \
    members.5.name=张丽 members.5.relation=之女 members.5.sex=女 members.5.left_why=婚出 members.5.left_on=2019-10 \
    income.wages=26000 income.per_person=6480 housing.grade=B \
    jobs.1.person=3 jobs.1.place=省外 jobs.1.county=苏州 jobs.1.from=2022-02 jobs.1.monthly_wage=4200";

/// The household with this serial.
pub fn household(serial: u32) -> HouseholdId {
    HouseholdId { village: VILLAGE.parse().unwrap(), serial }
}

/// A village of families on 20 November 2022, with a screen open.
pub fn stage(
    families: &[&str],
    size: (u16, u16),
    open: impl FnOnce(&mut Desk) -> Box<dyn Screen<Desk>>,
) -> (Home, Stage<Desk>) {
    let home = Home::of("2022-10-08", families);
    home.lay_checks(super::CHECKS);
    let mut desk = Desk::new(home.open("2022-11-20"));
    let screen = open(&mut desk);
    (home, Stage::new(desk, screen, size))
}
