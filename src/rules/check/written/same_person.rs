//! One person who stands in the files twice, and two who stand there as one.

use chrono::Months;

use crate::domain::field::members;
use crate::domain::{IdNumber, Member, Name, Slot, Value, id_number, person_name};
use crate::policy::Figure;

use super::super::village::{Key, Shared, person_key};
use super::super::{Case, ELSEWHERE};
use super::Told;

/// C110: the same name and birth date twice, where no right ID number says that they are two. The same ID number is
/// C103's.
pub(super) fn same_name_and_birth(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let household = case.looked.household;
    let Some(village) = case.sharing(Shared::NameAndBirth) else { return };
    for member in household.members() {
        let Some(key) = person_key(member, Shared::NameAndBirth) else { continue };
        if village.holders(key).len() < 2 {
            continue;
        }
        // Of two right ID numbers that differ nobody asks; of two that are the same C103 does.
        let key = if member.id_number().is_some() { key.shared_as(Shared::NameAndBirthAlone) } else { key };
        let own = (household.file.id, member.id.0);
        let same_number = member.id_number_text().map(|number| {
            let tidy = id_number::tidy(number);
            village.holders(Key::of(Shared::IdNumber, id_number::stem(&tidy)))
        });
        let is_told = |holder: &(_, u32)| same_number.is_some_and(|holders| holders.contains(holder));
        let mut others = village.holders(key).iter().filter(|holder| **holder != own && !is_told(holder)).peekable();
        if others.peek().is_none() {
            continue;
        }
        let elsewhere = others.map(|(id, _)| *id).find(|id| *id != household.file.id);
        let place = if elsewhere.is_none() { "本户另一人" } else { ELSEWHERE };
        tell(Told { elsewhere, ..told(member, members::NAME, vec![("other", place.to_owned())]) });
    }
}

/// C110: two of one name in a household, born too near to one another to be two; those of one day
/// are told with the whole village.
pub(super) fn same_name_at_home(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let look = case.looked.look;
    let figure = look.policy.figure(Name::fixed("births_apart")).and_then(Figure::as_whole);
    let Some(apart) = figure.and_then(|months| u32::try_from(months).ok()).map(Months::new) else { return };
    let people: Vec<(Member<'_>, _)> =
        case.looked.household.members().map(|member| (member, person_name::key(member.name()))).collect();
    for (member, name) in &people {
        let is_one = |other: Member<'_>| {
            let (Some(one), Some(two)) = (member.birth(), other.birth()) else { return false };
            let (first, then) = if one.earliest() <= two.earliest() { (one, two) } else { (two, one) };
            let is_known = one.as_day().is_some() && one == two;
            let are_two = || member.id_number().is_some() && other.id_number().is_some();
            let near = || first.latest().checked_add_months(apart).is_some_and(|end| then.earliest() < end);
            !is_known && near() && !are_two()
        };
        let mut others =
            people.iter().filter(|(other, same)| other.id != member.id && !name.is_empty() && same == name);
        if others.any(|(other, _)| is_one(*other)) && !look.catalogue.names().is_unnamed(member.name()) {
            tell(told(*member, members::NAME, Vec::new()));
        }
    }
}

/// C111: a roster told a right ID number of somebody else for this person, so that two may have been taken for one.
pub(super) fn told_another_id(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let file = case.looked.household.file;
    for member in case.looked.household.members() {
        let slot = Slot { section: members::SECTION, row: member.id.0, field: members::ID_NUMBER };
        let cell = file.row(slot.section, slot.row).and_then(|row| row.cell(slot.field));
        let Some(cell) = cell.filter(|cell| !cell.other.is_empty()) else { continue };
        let Some(own) = member.id_number() else { continue };
        let told_by = file.rosters.iter().enumerate().find(|(at, _)| {
            let said = u8::try_from(*at).ok().and_then(|at| cell.said(at)).flatten();
            said.and_then(Value::as_text)
                .and_then(|said| IdNumber::parse(said).ok())
                .is_some_and(|said| id_number::stem(said.as_str()) != id_number::stem(own.as_str()))
        });
        if let Some((_, roster)) = told_by {
            let mut told = told(member, members::ID_NUMBER, Vec::new());
            // An answer holds for this roster's word.
            told.found_by = Some(format!("{} {}", roster.kind, own.as_str()));
            tell(told);
        }
    }
}

fn told(member: Member<'_>, field: Name, words: Vec<(&'static str, String)>) -> Told {
    let slot = Some(Slot { section: members::SECTION, row: member.id.0, field });
    Told { person: Some(member.id.0), slot, words, ..Told::default() }
}

#[cfg(test)]
mod tests {
    use super::super::super::super::testing::Defs;
    use super::super::super::village::Village;
    use super::super::super::{Case, findings};
    use crate::changes::apply::apply;
    use crate::changes::{Act, Origin, Rows, Seen, Told};
    use crate::domain::field::members;
    use crate::domain::{Clock, HouseholdFile, Name, Value};
    use crate::rules::standing;

    /// What is said of the people of files of one village, by the code of the check.
    fn said(defs: &Defs, code: &str, files: &[HouseholdFile]) -> Vec<Vec<String>> {
        let look = defs.on("2022-11-20");
        let mut village = Village::default();
        for file in files {
            village.put(look.at(file));
        }
        let of = |file| {
            let standing = standing::of(look, file);
            let case = Case { looked: look.at(file), standing: &standing, unsent: &[], village: Some(&village) };
            findings(case).into_iter().filter(|finding| finding.code == code).map(|finding| finding.message).collect()
        };
        files.iter().map(of).collect()
    }

    fn twice(one: &str, other: &str) -> Vec<usize> {
        let defs = Defs::shipped();
        let file = |(serial, fields): (u32, &str)| {
            let mut file = defs.file(fields);
            file.id.serial = serial;
            file
        };
        let files: Vec<HouseholdFile> = (1..).zip([one, other]).map(file).collect();
        said(&defs, "C110", &files).iter().map(Vec::len).collect()
    }

    const CHILD: &str = "members.1.name=张甲 members.1.birth_date=2022-11-15";

    #[test]
    fn one_child_in_two_households_or_twice_in_one_is_found() {
        let defs = Defs::shipped();
        let home = defs.file(&format!(
            "{CHILD} members.2.name=张\u{b7}甲 members.2.birth_date=2022-11-15 members.2.joined_why=出生"
        ));
        assert_eq!(
            said(&defs, "C110", &[home])[0],
            [
                "张甲：与本户另一人同名同生日，疑是同一个人登记了两次",
                "张·甲：与本户另一人同名同生日，疑是同一个人登记了两次",
            ]
        );
        assert_eq!(twice(CHILD, CHILD), [1, 1]);
        let numbered = "members.1.name=王丽 members.1.id_number=41999919831018766X";
        assert_eq!(
            twice(numbered, "members.1.name=王丽 members.1.birth_date=1983-10-18"),
            [1, 1],
            "one without a number"
        );
    }

    #[test]
    fn one_birth_told_with_two_days_is_found_at_home() {
        let defs = Defs::shipped();
        let found = |other: &str| {
            let file = defs.file(&format!("{CHILD} {}", other.replace("it.", "members.2.")));
            said(&defs, "C110", &[file])[0].len()
        };
        assert_eq!(found("it.name=张甲 it.birth_date=2022-11-17"), 2);
        assert_eq!(found("it.name=张甲 it.birth_date=2022-11"), 2, "known to the month");
        assert_eq!(found("it.name=张甲 it.birth_date=2022-03-01"), 2);
        assert_eq!(found("it.name=张甲 it.birth_date=2021-11-15"), 0, "a year before");
        assert_eq!(found("it.name=张乙 it.birth_date=2022-11-17"), 0);
        assert_eq!(found("it.name=张甲"), 0, "nothing is known");
        assert_eq!(found("it.name=张甲 it.birth_date=2022-11-17 it.left_why=死亡"), 0);
    }

    #[test]
    fn two_people_are_two_where_anything_says_so_or_nothing_is_known() {
        assert_eq!(twice(CHILD, &CHILD.replace("15", "16")), [0, 0]);
        assert_eq!(twice(CHILD, &CHILD.replace("张甲", "张乙")), [0, 0], "twins");
        assert_eq!(twice(CHILD, &format!("{CHILD} members.1.left_why=户籍迁出")), [0, 0]);
        assert_eq!(twice("members.1.name=张甲 members.1.birth_date=2022-11", CHILD), [0, 0], "not known to the day");
        assert_eq!(twice("members.1.birth_date=2022-11-15", "members.1.birth_date=2022-11-15"), [0, 0], "no names");
        let numbers = ["41999919831018766X", "419999198310182017"]
            .map(|id| format!("members.1.name=王丽 members.1.id_number={id}"));
        assert_eq!(twice(&numbers[0], &numbers[1]), [0, 0], "two right numbers");
        assert_eq!(twice(&numbers[0], &numbers[0]), [0, 0], "the same number is another finding");
    }

    /// A file whose village holds one ID number and whose ledger told another.
    fn told(defs: &Defs, held: &str, told: &str) -> Vec<String> {
        let mut file = defs.file(&format!("members.1.name=王伟 members.1.relation=户主 members.1.id_number={held}"));
        let moment = Clock::stopped("2022-11-20T09:00:00+08:00".parse().unwrap()).now();
        let mut act = Act::new(file.id.village, Name::new("roster"), "", "李桂枝", Name::new("coordinator"), moment);
        act.origin = Some(Origin { roster: Name::new("ledger"), from_county: false });
        act.seen.push(Seen { household: file.id.serial, people: vec![1], digest: 1 });
        let fields = vec![(members::ID_NUMBER, Value::text(told))];
        let rows = Rows { household: file.id.serial, section: members::SECTION, row: 1, fields };
        act.told.push(Told { rows, beside: true, why: None });
        apply(&mut file, &act);
        said(defs, "C111", &[file]).remove(0)
    }

    #[test]
    fn a_told_number_of_somebody_else_points_at_two_who_were_taken_for_one() {
        let defs = Defs::shipped();
        let (one, other) = ("41999919831018766X", "419999198310182017");
        let found = told(&defs, one, other);
        assert!(found.len() == 1 && found[0].starts_with("王伟：") && !found[0].contains("4199"), "{found:?}");
        assert_eq!(told(&defs, one, one), [] as [String; 0]);
        assert_eq!(told(&defs, one, "419999198310182019"), [] as [String; 0], "a wrong one is nobody's");
        assert_eq!(told(&defs, "419999198310182019", other), [] as [String; 0], "one that was put right");
    }
}
