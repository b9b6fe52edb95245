//! What only the other households of the village can tell.

use crate::catalogue::print::day_in_words;
use crate::domain::field::{helper, members, work};
use crate::domain::{Name, PartialDate, RiskState, Slot, Value, id_number};

use super::super::super::desk;
use super::super::Case;
use super::super::ELSEWHERE;
use super::super::village::{Key, Shared, Village, forms_of_day, helper_key, post_key};
use super::Told;

/// C103: the same ID number in two households, or twice in one.
pub(super) fn same_id_number(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let household = case.looked.household;
    let Some(village) = case.sharing(Shared::IdNumber) else { return };
    for member in household.members() {
        let Some(number) = member.id_number_text() else { continue };
        let tidy = id_number::tidy(number);
        let key = Key::of(Shared::IdNumber, id_number::stem(&tidy));
        let own = (household.file.id, member.id.0);
        let others: Vec<_> = village.holders(key).iter().filter(|holder| **holder != own).collect();
        if others.is_empty() {
            continue;
        }
        let mut elsewhere = others.iter().map(|(id, _)| *id).filter(|id| *id != household.file.id);
        let place = match elsewhere.clone().count() {
            0 => "本户另一人".to_owned(),
            1 => ELSEWHERE.to_owned(),
            several => format!("另外{several}户的人"),
        };
        tell(Told {
            person: Some(member.id.0),
            slot: Some(Slot { section: members::SECTION, row: member.id.0, field: members::ID_NUMBER }),
            elsewhere: elsewhere.next().filter(|_| place == ELSEWHERE),
            words: vec![("other", place)],
            ..Told::default()
        });
    }
}

/// C202: the assistance person has more households than one may have: of those whose risk is open whatever the rank
/// (S0:65), of all by rank (S4:244).
pub(super) fn helper_over_cap(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let (household, look) = (case.looked.household, case.looked.look);
    let Some(village) = case.village else { return };
    let file = household.file;
    let is_open = household.risk_state() == Some(RiskState::Open);
    let rank = file.of_household(helper::SECTION, helper::RANK).and_then(Value::as_code).and_then(|rank| rank.id());
    let by_rank = rank.map(|rank| Name::new(&format!("helper_most_{rank}")));
    let caps = [
        (Shared::Helper, is_open.then_some(Name::fixed("helper_open_most")), "风险未消除户"),
        (Shared::Paired, by_rank, "户"),
    ];
    for (shared, figure, kind) in caps {
        let Some(most) = figure.and_then(|figure| look.policy.figure(figure)?.as_whole()) else { continue };
        let Some(key) = helper_key(file, shared) else { continue };
        let households = households(village, key);
        if households as i64 > most {
            let slot = Some(Slot { section: helper::SECTION, row: 0, field: helper::NAME });
            let words = vec![("households", format!("{households}{kind}")), ("most", format!("{most}户"))];
            return tell(Told { slot, words, ..Told::default() });
        }
    }
}

/// C303: one post, several persons.
pub(super) fn same_post(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let household = case.looked.household;
    let Some(village) = case.sharing(Shared::Post) else { return };
    for member in household.members() {
        let Some(key) = post_key(member) else { continue };
        let own = (household.file.id, member.id.0);
        let others = village.holders(key).iter().filter(|holder| **holder != own).count();
        if others > 0 {
            tell(Told {
                person: Some(member.id.0),
                slot: Some(Slot { section: work::SECTION, row: member.id.0, field: work::POST_NUMBER }),
                words: vec![("others", others.to_string())],
                ..Told::default()
            });
        }
    }
}

/// How many households have it.
fn households(village: &Village, key: Key) -> usize {
    let mut ids: Vec<_> = village.holders(key).iter().map(|(id, _)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.len()
}

/// C108: one surveyor with more screening and verification forms on a day than the policy's cap.
pub(super) fn too_many_forms(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let Some(village) = case.village else { return };
    let most = case.looked.look.policy.forms.most_a_day;
    let mut days = Vec::new();
    for form in desk::of_household(case.looked) {
        let Some(key) = forms_of_day(&form) else { continue };
        let count = village.holders(key).len();
        if count > most && !days.contains(&key) {
            days.push(key);
            let day = day_in_words(PartialDate::from(form.day), PartialDate::from(case.looked.look.day).known_year());
            let words = vec![
                ("by", form.by.to_string()),
                ("day", day),
                ("count", count.to_string()),
                ("most", most.to_string()),
            ];
            let found_by = Some(format!("{} {} {count}", form.by, form.day));
            tell(Told { words, found_by, ..Told::default() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::super::testing::Defs;
    use super::super::super::village::Village;
    use super::super::super::{Case, of_others};
    use crate::domain::{FormRef, HouseholdFile, Name};
    use crate::rules::standing;

    /// What one check finds in each of a village's files: the persons, and 0 for the household.
    fn found(defs: &Defs, check: &str, files: &[HouseholdFile]) -> Vec<Vec<u32>> {
        let look = defs.on("2022-11-20");
        let mut village = Village::default();
        for file in files {
            village.put(look.at(file));
        }
        let (number, _) = defs.checks.named(Name::new(check)).unwrap();
        let of = |file| {
            let standing = standing::of(look, file);
            let case = Case { looked: look.at(file), standing: &standing, unsent: &[], village: Some(&village) };
            let spots = of_others(case).into_iter().filter(|spot| usize::from(spot.check) == number);
            spots.map(|spot| spot.person.unwrap_or(0)).collect()
        };
        files.iter().map(of).collect()
    }

    fn files(defs: &Defs, fields: &[String]) -> Vec<HouseholdFile> {
        let file = |(serial, fields): (u32, &String)| {
            let mut file = defs.file(fields);
            file.id.serial = serial;
            file
        };
        (1..).zip(fields).map(file).collect()
    }

    fn paired(defs: &Defs, count: usize, fields: &str) -> Vec<HouseholdFile> {
        files(defs, &vec![format!("class.class=脱贫户 helper.name=王干部 helper.phone=13900000000 {fields}"); count])
    }

    #[test]
    fn an_assistance_person_has_so_many_households_by_rank_and_five_whose_risk_is_open() {
        let defs = Defs::shipped();
        let over = |count, fields: &str| found(&defs, "C202", &paired(&defs, count, fields)).concat().len();
        assert_eq!(over(4, "helper.rank=股级及以下"), 4);
        assert_eq!(over(3, "helper.rank=股级及以下"), 0);
        assert_eq!((over(5, "helper.rank=科级"), over(4, "helper.rank=科级")), (5, 0));
        assert_eq!((over(6, "helper.rank=处级"), over(5, "helper.rank=处级")), (6, 0));
        let open = "case.target=突发严重困难户";
        assert_eq!((over(6, open), over(5, open)), (6, 0), "whatever the rank");
        assert_eq!(over(6, "case.target=突发严重困难户 case.eliminated=是"), 0, "the rank is unknown");
        assert_eq!(over(9, ""), 0, "the rank is unknown");
        assert_eq!(over(9, "helper.rank=村组干部"), 0, "no source gives a cap");
    }

    #[test]
    fn a_post_has_one_person() {
        let defs = Defs::shipped();
        let post = |number: &str| format!("members.1.name=甲 work.1.post=保洁员 {number}");
        let village = |numbers: &[&str]| {
            found(&defs, "C303.shared", &files(&defs, &numbers.iter().map(|number| post(number)).collect::<Vec<_>>()))
        };
        let [same, other] = ["work.1.post_number=B-07", "work.1.post_number=B-08"];
        assert_eq!(village(&[same, "work.1.post_number=Ｂ-07", other]), vec![vec![1], vec![1], vec![]]);
        assert_eq!(village(&["", ""]).concat(), Vec::<u32>::new(), "a post without a number is known of nobody");
        assert_eq!(village(&[&format!("{same} members.2.name=乙 work.2.post_number=B-07")]), [vec![1, 2]]);
    }

    #[test]
    fn more_forms_than_the_cap_on_a_day_are_found_in_each_of_their_households() {
        let defs = Defs::shipped();
        let most = defs.policy.forms.most_a_day;
        let village = |count: usize, by: &str| {
            let mut all = files(&defs, &vec!["members.1.name=甲".to_owned(); count]);
            for file in &mut all {
                let mut form = FormRef::blank(Name::new("screening"), "2022-10-12".parse().unwrap());
                form.by = by.into();
                file.forms.push(form);
            }
            found(&defs, "C108", &all).concat().len()
        };
        assert_eq!(village(most, "李桂枝"), 0);
        assert_eq!(village(most + 1, "李桂枝"), most + 1);
        assert_eq!(village(most + 1, ""), 0, "nobody is named");
    }
}
