//! The screens over an invented village, driven through the real loop.

mod calendar;
mod card;
mod changes;
pub mod county;
mod desk_signs;
mod events;
mod family;
mod file;
mod findings;
mod heirs;
mod households;
mod import;
mod kills;
mod life;
mod newcomer;
mod receive;
mod review;
mod screening;
mod stale;
mod tasks;
mod three_sides;
mod today;
mod unfinished;
mod visit;
mod welcome;

use hudang::tui::desk::Desk;
use hudang::tui::screens::today::Today;

use super::stage::Stage;
use crate::home::Home;

/// Families with enough life in them that every list has something to show. The fourth has a name of twenty characters.
pub const FAMILIES: [&str; 8] = [
    "address.national_number=4199991012010001 address.group=一组 address.house_number=17 class.class=脱贫户(享受政策) \
     members.1.name=张三顺 members.1.relation=户主 members.1.sex=男 members.1.birth_date=1961-03-02 \
     members.2.name=张小军 members.2.relation=之子 members.2.labour=普通劳动力 \
     members.3.name=张雨 members.3.relation=之孙女 members.3.birth_date=2009-05-06 members.3.phone=13900001234 \
     income.per_person=6480 income.wages=26000 housing.grade=B",
    "address.national_number=4199991012010002 address.group=二组 address.house_number=3 class.class=一般农户 \
     case.target=边缘易致贫户 case.eliminated=否 members.4.name=李秀英 members.4.relation=户主 \
     income.per_person=7100 card.year=2022 tasks.1.what=西屋漏雨 tasks.1.owner=村委会 tasks.1.found_on=2022-10-20 \
     tasks.1.due=2022-11-15",
    "address.group=二组 class.class=一般农户 members.5.name=王建国 members.5.relation=户主 members.5.labour=无劳动力 \
     income.per_person=15300 tasks.1.what=自来水管坏 tasks.1.found_on=2022-11-08",
    "address.group=三组 class.class=一般农户 members.6.name=阿卜杜拉热合曼·买买提吐尔逊江·艾克拜尔 members.6.relation=户主 \
     members.6.labour=无劳动力",
    "address.group=三组 address.house_number=21 class.class=脱贫户 members.7.name=张素珍 members.7.relation=户主 \
     income.per_person=9120",
    "address.group=三组 class.class=一般农户 members.8.name=赵山 members.8.relation=户主 members.8.labour=无劳动力 \
     members.9.name=赵倩 members.9.left_why=婚出",
    "address.group=四组 class.class=一般农户 members.10.name=周无户主 members.10.labour=无劳动力 \
     income.per_person=5200.50",
    "address.group=四组 class.class=一般农户 members.11.name=孙守业 members.11.relation=户主 \
     status.closed_on=2022-10-01 status.closed_why=其他",
];

/// The checks that the screens show.
pub const CHECKS: &str = include_str!("checks.toml");

/// The workstation on a village of these families, taken in on 8 October, on a day.
pub fn stage(families: &[&str], day: &str, size: (u16, u16)) -> (Home, Stage<Desk>) {
    let home = Home::of("2022-10-08", families);
    home.lay_checks(CHECKS);
    let stage = desk_of(&home, day, size);
    (home, stage)
}

/// The workstation on a village that is there already.
pub fn desk_of(home: &Home, day: &str, size: (u16, u16)) -> Stage<Desk> {
    let mut desk = Desk::new(home.open(day));
    let first = Box::new(Today::open(&mut desk));
    Stage::new(desk, first, size)
}

/// Keeps what is on the screen at both sizes, a window that is drawn larger being one of them.
pub fn at_both_sizes(stage: &mut Stage<Desk>, name: &str) {
    for (columns, rows) in [(80, 24), (120, 40), (80, 24)] {
        stage.resize(columns, rows);
        insta::assert_snapshot!(format!("{name}_{columns}"), stage.screen());
    }
}
