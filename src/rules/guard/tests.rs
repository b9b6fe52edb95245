//! Guards, each asked of an act that it refuses and of one beside it that it lets in.

use super::*;
use crate::domain::HouseholdId;
use crate::rules::testing::Defs;

const FILE: &str = "members.1.name=张三 members.1.relation=户主 members.1.birth_date=1960-03-15 members.2.name=李四 \
     members.2.relation=配偶 members.3.name=王五 members.3.left_on=2022-10-01 members.3.left_why=死亡 loans.1.person=3 \
     loans.1.from=2022-01-01 loans.2.person=1 loans.2.from=2022-05-01 loans.2.repaid_on=2022-01-01";

/// Why an edit of one slot, `section.row.field=text`, is refused on a side and in a role; blank where it is not.
fn told(role: Role, side: Side, deed: Deed, file: &str, edit: &str, happened_on: Option<&str>) -> String {
    told_on(role, side, deed, file, edit, happened_on, None)
}

/// The same of what was found on a day.
fn told_on(
    role: Role,
    side: Side,
    deed: Deed,
    file: &str,
    edit: &str,
    happened_on: Option<&str>,
    seen_on: Option<&str>,
) -> String {
    let defs = Defs::shipped();
    let before = defs.file(file);
    let mut after = before.clone();
    let (path, text) = edit.split_once('=').unwrap();
    let parts: Vec<&str> = path.split('.').collect();
    let slot = Slot { section: Name::new(parts[0]), row: parts[1].parse().unwrap(), field: Name::new(parts[2]) };
    let new = defs.catalogue.read(defs.catalogue.in_slot(slot).unwrap(), text).unwrap().value;
    let old = before.get(slot).cloned();
    after.change(slot, |cell| cell.set(new.clone()));
    let change = Change {
        household: 1,
        slot,
        old: old.as_ref(),
        new: new.as_ref(),
        happened_on: happened_on.map(|day| day.parse().unwrap()),
        seen_on: seen_on.map(|day| day.parse().unwrap()),
        item: None,
    };
    let made = Made {
        look: defs.on("2022-11-20"),
        deed,
        role,
        side,
        form: None,
        changes: &[change],
        files: &[Touched { before, after }],
        refused: &[],
    };
    judge(&made).into_iter().map(|refusal| refusal.why).collect::<Vec<_>>().join("；")
}

fn edit(edit: &str) -> String {
    told(Role::Coordinator, Side::Village, Deed::Edit, FILE, edit, None)
}

#[test]
fn what_stood_there_before_is_not_refused() {
    assert_eq!(edit("loans.2.amount=100"), "", "its days were in the wrong order before");
    assert!(edit("loans.1.repaid_on=2021-12-31").contains("早于"));
    assert_eq!(edit("loans.1.repaid_on=2022-11-01"), "", "a loan of the dead is paid back");
}

#[test]
fn nobody_on_file_loses_the_name() {
    assert!(edit("members.2.name=").contains("姓名"));
    assert_eq!(edit("members.2.name=李思"), "");
    assert_eq!(edit("members.2.birth_date="), "", "what is not known is not known");
}

#[test]
fn nothing_is_seen_before_it_happened() {
    let of = |seen: &str, happened| {
        let made = |told: &str| told.contains("发现日期");
        made(&told_on(Role::Coordinator, Side::Village, Deed::Edit, FILE, "land.0.arable=4", happened, Some(seen)))
    };
    assert!(of("2022-11-05", Some("2022-11-10")));
    assert!(!of("2022-11-05", Some("2022-11")), "of a month its first possible day counts");
    assert!(!of("2022-11-10", Some("2022-11-10")) && !of("2022-11-05", None));
}

#[test]
fn the_row_of_somebody_who_is_gone_takes_what_speaks_of_before() {
    assert!(edit("members.3.education=初中").contains("王五"));
    let earlier = |day| told(Role::Coordinator, Side::Village, Deed::Edit, FILE, "members.3.education=初中", Some(day));
    assert_eq!(earlier("2022-09"), "");
    assert!(earlier("2022-10-02").contains("王五"));
    assert_eq!(edit("members.2.education=初中"), "");
}

#[test]
fn the_answer_to_a_refusal_goes_into_a_closed_file() {
    let closed = format!("{FILE} status.closed_on=2022-11-01 land.arable=3");
    let of = |deed| told(Role::Coordinator, Side::Village, deed, &closed, "land.0.arable=4", None);
    assert!(of(Deed::Edit).contains("销户"));
    assert_eq!(of(Deed::Choice), "");
    let paper = told(Role::Coordinator, Side::Village, Deed::Edit, &closed, "documents.1.what=死亡证明", None);
    assert_eq!(paper, "");
}

#[test]
fn a_county_corrects_what_is_not_the_villages_alone() {
    let of = |edit: &str| told(Role::County, Side::County, Deed::Correction, FILE, edit, None);
    assert!(of("tasks.1.what=屋漏").contains("村里"));
    assert_eq!(of("stages.1.document=批复"), "");
    assert_eq!(of("land.0.arable=4"), "");
}

#[test]
fn a_surveyor_does_not_lead_the_case_at_the_door() {
    let of = |role, deed| told(role, Side::Village, deed, FILE, "stages.1.document=批复", None);
    assert!(of(Role::Surveyor, Deed::Visit).contains("协管员"));
    assert_eq!(of(Role::Secretary, Deed::Edit), "");
}

#[test]
fn an_old_impossibility_that_moves_along_is_not_new() {
    let defs = Defs::shipped();
    let family = "members.1.name=张三 members.1.relation=户主 members.2.name=李四 members.2.birth_date=1890-01-01";
    let here = defs.file(family);
    let mut there = defs.file("members.5.name=王五 members.5.relation=户主");
    there.id = HouseholdId { serial: 2, ..there.id };
    let mut after = there.clone();
    defs.put(&mut after, "members.2.name=李四 members.2.birth_date=1890-01-01");
    let files = [(&here, &here), (&there, &after)];
    assert!(check::blocks(defs.on("2022-11-20"), &files).is_empty());
    assert_eq!(check::blocks(defs.on("2022-11-20"), &files[1..]).len(), 1);
}

#[test]
fn a_child_heads_a_household_only_where_no_adult_is_left() {
    let asked = |file: &str| told(Role::Coordinator, Side::Village, Deed::Edit, file, "members.1.relation=户主", None);
    let child = "members.1.name=小雪 members.1.birth_date=2021 members.2.name=李四";
    assert_eq!(
        asked(child),
        "小雪不满16周岁，户里有成年人，不能当户主，请另选一人",
        "somebody of unknown age may be one"
    );
    assert_eq!(asked(&format!("{child} members.2.birth_date=2012-05-01")), "", "two orphans");
    assert_eq!(asked(&child.replace("2021", "2006")), "", "15 or 16");
    assert_eq!(asked(&child.replace("2021", "1990-01-01")), "");
}
