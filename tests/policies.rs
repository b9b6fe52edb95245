//! The same village under two policies: what a place and a year decide is in their file, and nowhere else.

use chrono::NaiveDate;

use hudang::policy::{DayKind, Policy};
use hudang::progress::Unwatched;
use hudang::rules::clocks::{self, ClockStanding};
use hudang::rules::{Look, standing};
use hudang::workspace::Workspace;

use crate::home::{Home, file};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn policy<'a>(workspace: &'a Workspace, name: &str) -> &'a Policy {
    Policy::named(&workspace.definitions().policies, name).unwrap()
}

#[test]
fn the_sample_village_under_both_policies() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = Workspace::sample(dir.path(), &mut Unwatched).unwrap();
    let definitions = workspace.definitions();
    let count = |policy: &str| {
        let policy = Policy::named(&definitions.policies, policy).unwrap();
        let look: Look<'_> = definitions.look(policy, workspace.today());
        let mut counts = (0, 0, 0);
        for id in workspace.in_walking_order() {
            let standing = standing::of(look, &workspace.file(id).unwrap());
            counts.0 += usize::from(standing.due);
            counts.1 += usize::from(standing.screening.counts());
            counts.2 += standing.stale.iter().filter(|stale| stale.is_error).count();
        }
        counts
    };
    let (henan, guizhou) = (count("henan-2022"), count("guizhou-2023"));
    assert!(guizhou.0 < henan.0 && guizhou.0 > 0, "targets alone must be visited there: {henan:?} {guizhou:?}");
    assert!(guizhou.2 < henan.2, "and what is stale counts of them alone: {henan:?} {guizhou:?}");
}

#[test]
fn days_clocks_and_holidays_differ() {
    let target = "class.class=一般农户 members.1.name=李四 members.1.relation=户主 case.target=边缘易致贫户 \
                  case.identified_on=2023-01-10 case.eliminated=是 case.eliminated_on=2023-06-10";
    let home = Home::of("2023-01-11", &[target]);
    let workspace = home.open("2023-06-30");
    let definitions = workspace.definitions();
    let standings = |name: &str| -> Vec<(String, ClockStanding)> {
        let look = definitions.look(policy(&workspace, name), day("2023-06-30"));
        let states = clocks::of(look.at(&file(&workspace, 1)));
        states.into_iter().map(|state| (state.clock.to_string(), state.standing)).collect()
    };
    assert!(standings("henan-2022").is_empty(), "five months are more than four");
    assert_eq!(standings("guizhou-2023"), [("may_eliminate".to_owned(), ClockStanding::TooEarly)]);
    let (henan, guizhou) = (policy(&workspace, "henan-2022"), policy(&workspace, "guizhou-2023"));
    assert_ne!(henan.visit.by_day, guizhou.visit.by_day);
    assert_ne!(henan.card_by(), guizhou.card_by());
    assert_eq!((henan.rounds.len(), guizhou.rounds.len()), (2, 1));
    assert_eq!(guizhou.holidays.kind(day("2023-10-07")), DayKind::MadeUp("中秋节、国庆节"));
    assert_eq!(henan.holidays.kind(day("2023-10-07")), DayKind::Weekend);
}

#[test]
fn the_policy_goes_by_place_and_day_and_says_where_it_only_stands_in() {
    let home = Home::of("2022-11-10", &[]);
    let all = home.open("2022-11-10").definitions().policies.clone();
    let chosen = |division: &str, on: &str| {
        let policy = Policy::choose(&all, division, day(on)).unwrap();
        policy.label_for(division, day(on))
    };
    assert_eq!(chosen("419999101201", "2022-11-20"), "河南2022");
    assert_eq!(chosen("419999101201", "2023-05-20"), "河南2022(借用)");
    assert_eq!(chosen("529999101201", "2023-05-20"), "贵州2023(待县核)");
    assert_eq!(chosen("529999101201", "2024-01-01"), "贵州2023(待县核)(借用)");
    assert_eq!(chosen("139999101201", "2023-05-20"), "贵州2023(待县核)(借用)");
    assert_eq!(chosen("139999101201", "2022-05-20"), "河南2022(借用)");
}
