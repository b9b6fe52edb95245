//! The villages of a folder that `HUDANG_FIXTURES` names, each with an `expected.json`; without it nothing is tried.

use std::path::{Path, PathBuf};

use hudang::domain::{Household, RiskState};
use hudang::rules::check::Finding;
use serde_json::Value as Json;

use super::Clerk;

#[test]
fn the_villages_of_the_fixtures_come_in_whole() {
    let Some(folder) = std::env::var_os("HUDANG_FIXTURES") else { return };
    let villages: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    assert!(!villages.is_empty());
    for village in villages {
        let text = std::fs::read_to_string(village.join("expected.json")).unwrap();
        check(&village, &serde_json::from_str(&text).unwrap());
    }
}

fn check(folder: &Path, expected: &Json) {
    let files = ["农户台账.csv", "已外出务工信息.xlsx", "监测对象信息.xlsx"].map(|name| folder.join(name));
    let clerk = Clerk::of(expected["village"].as_str().unwrap());
    let number = |name: &str| expected[name].as_u64().unwrap();
    let report = clerk.import(&files);
    assert_eq!(report.households.new, number("households_national") + number("households_ledger"));
    assert_eq!(report.people.new, number("people_national") + number("people_ledger"));
    assert_eq!(report.unknown_columns.len(), 0);

    let on_file = clerk.files();
    let households = || on_file.values().map(Household::of);
    let national = |household: &Household<'_>| household.national_number().is_some();
    assert_eq!(households().filter(national).count() as u64, number("households_national"));
    let open = |household: &Household<'_>| household.risk_state() == Some(RiskState::Open);
    assert_eq!(households().filter(open).count() as u64, number("targets_open"));
    let eliminated = |household: &Household<'_>| household.risk_state().is_some_and(|risk| risk != RiskState::Open);
    assert_eq!(households().filter(eliminated).count() as u64, number("targets_eliminated"));

    let planted = expected["planted"].as_array().unwrap();
    for defect in planted {
        let file = &on_file[defect["household"].as_str().unwrap()];
        if let Some(name) = defect["name"].as_str() {
            assert!(Household::of(file).members().any(|member| member.name() == name), "{defect}");
        }
    }
    let defects = |name: &str| planted.iter().filter(|defect| defect["defect"] == name).count();
    let refused = |sheet: &str, words: &str| {
        let problems = report.problems.refused.iter();
        problems.filter(|p| p.file.contains(sheet) && p.why.to_string().contains(words)).count()
    };
    assert_eq!(refused("监测对象信息", "同一个人"), defects("row_twice"));
    assert_eq!(refused("监测对象信息", "证件号码存成了数字"), defects("id_lost_digits"));
    if planted.is_empty() {
        assert_eq!(report.problems.refused, []);
        assert_eq!(report.problems.doubtful, []);
    }

    check_findings(&clerk, planted);

    let again = clerk.import(&files);
    assert_eq!((again.acts, again.households.unchanged), (0, report.households.new));
    assert_eq!(clerk.files(), on_file);

    let december = folder.join("监测对象信息-12月.xlsx");
    if december.exists() {
        check_december(&clerk, december, &expected["next_month"]);
        assert_eq!(clerk.files(), on_file, "a dry run changes nothing");
    }
}

/// What was planted is found where it is, under one of the codes that name it.
fn check_findings(clerk: &Clerk, planted: &[Json]) {
    let workspace = clerk.open();
    for defect in planted {
        let codes: Vec<&str> = defect["codes"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        // Of the national kind, or found by the import.
        if codes.is_empty() {
            continue;
        }
        let id = workspace.household(defect["household"].as_str().unwrap()).unwrap();
        let found = workspace.findings(id).unwrap();
        let names_it = |finding: &Finding| {
            let person = finding.person.map(|person| workspace.person_number(id, person));
            codes.contains(&finding.code.as_str())
                && (person.is_none() || defect["person"] == *person.unwrap_or_default())
        };
        assert!(found.iter().any(names_it), "{defect}: {found:?}");
    }
}

fn check_december(clerk: &Clerk, file: PathBuf, next: &Json) {
    let report = clerk.dry_run(&[file]);
    let promoted = next["promoted"]["people"].as_u64().unwrap();
    assert_eq!(report.households.new, 0);
    assert_eq!(report.households.changed, next["households_changed"].as_u64().unwrap());
    assert_eq!(report.households.promoted, 1);
    assert_eq!(report.households.absent, 0);
    assert_eq!(report.people.new + promoted, next["people_new_in_file"].as_u64().unwrap());
    assert_eq!(report.people.promoted, promoted);
    assert_eq!(report.people.absent, next["people_gone_from_file"].as_u64().unwrap());
    let numbers: Vec<&str> = report.details.households.iter().map(|household| household.number.as_str()).collect();
    for number in [
        &next["born_in"],
        &next["died"]["household"],
        &next["income_in"],
        &next["id_corrected"],
        &next["promoted"]["now"],
    ] {
        assert!(numbers.contains(&number.as_str().unwrap()), "{number}");
    }
    assert_eq!(numbers.len(), 5);
}
