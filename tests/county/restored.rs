//! A village whose disk is gone and whose backup is old; a store that was copied and goes on in two places.

use std::path::Path;

use serde_json::json;

use super::{Both, path, run_as};

const FIRST: &str = "4199991012010001";

fn edit_at(both: &Both, home: &Path, group: &str) {
    both.edit(home, FIRST, "address", "group", group);
}

/// A village that backed up, then handed over twice, and came back from the backup.
fn restored() -> (Both, [std::path::PathBuf; 3], std::path::PathBuf) {
    let both = Both::new();
    let village = both.village.dir.path().to_owned();
    let (_, first) = both.export();
    let backup = both.post.path().join("backup");
    assert_eq!(both.at_village(&["backup", path(&backup)]).code, 0);
    edit_at(&both, &village, "3组");
    let (_, second) = both.export();
    edit_at(&both, &village, "4组");
    let (_, third) = both.export();
    for set in [&first, &second] {
        assert_eq!(both.apply(set).code, 0);
    }
    let home = both.post.path().join("again");
    let ran = run_as(&home, "李桂枝", "coordinator", &["restore", path(&backup)], b"");
    assert_eq!(ran.code, 0, "{}", ran.err);
    (both, [first, second, third], home)
}

fn edit_in(home: &Path, group: &str) {
    let form = crate::commands::edit(None, FIRST, "address", "group", group).to_string();
    assert_eq!(run_as(home, "李桂枝", "coordinator", &["--json", "record", "-"], form.as_bytes()).code, 0);
}

fn in_home(home: &Path, words: &[&str]) -> crate::commands::Ran {
    run_as(home, "李桂枝", "coordinator", words, b"")
}

#[test]
fn a_restored_village_takes_its_own_sets_back_in_and_goes_on() {
    let (both, [_, second, third], home) = restored();
    let taken = in_home(&home, &["--json", "changes", "apply", path(&third), path(&second)]);
    assert_eq!(taken.code, 0, "{}", taken.err);
    assert_eq!(taken.json()["applied"].as_array().unwrap().len(), 2);
    // What was handed over once is not pending.
    assert_eq!(in_home(&home, &["--json", "changes", "list", "--pending"]).json(), json!([]));
    assert!(in_home(&home, &["--json", "show", FIRST]).out.contains("4组"));
    edit_in(&home, "5组");
    let out = both.post.path().join("out");
    std::fs::create_dir(&out).unwrap();
    let next = in_home(&home, &["--json", "changes", "export", "--plain", "--out", path(&out)]);
    assert_eq!(next.code, 0, "{}", next.err);
    let next = next.json()["file"].as_str().unwrap().to_owned();
    let applied = both.at_county(&["--json", "changes", "apply", &next, path(&third)]);
    assert_eq!((applied.code, applied.json()["applied"].as_array().unwrap().len()), (0, 2), "{}", applied.err);
    let show = |home: &Path| in_home(home, &["--json", "show", FIRST, "--history"]).out;
    assert_eq!(show(&home), show(&both.county_home()));
}

#[test]
fn numbers_that_a_restored_village_used_again_are_recognised_and_explained() {
    let (both, [_, second, _], home) = restored();
    // She says that nothing was handed over since, which is not so.
    assert_eq!(in_home(&home, &["restore", "--nothing-since"]).code, 0);
    edit_in(&home, "8组");
    let out = both.post.path().join("out");
    std::fs::create_dir(&out).unwrap();
    let again = in_home(&home, &["--json", "changes", "export", "--plain", "--out", path(&out)]).json();
    let before = both.at_county(&["--json", "show", FIRST, "--history"]).out;
    let refused = both.at_county(&["--json", "changes", "apply", again["file"].as_str().unwrap()]);
    assert_eq!(refused.code, 3, "{}", refused.err);
    let why = refused.json()["refused"][0]["why"][0].as_str().unwrap().to_owned();
    for words in ["第4号", "第1期", "第2期", "号码用了两次", "收回去"] {
        assert!(why.contains(words), "{words}: {why}");
    }
    assert_eq!(both.at_county(&["--json", "show", FIRST, "--history"]).out, before);
    // The village itself is told what to do, and nothing of it is lost.
    let own = in_home(&home, &["--json", "changes", "apply", path(&second)]);
    assert_eq!(own.code, 3);
    assert!(own.json()["refused"][0]["why"][0].as_str().unwrap().contains("恢复备份之后"), "{}", own.out);
    assert!(in_home(&home, &["--json", "show", FIRST]).out.contains("8组"));
}

#[test]
fn a_receipt_for_changes_that_a_restored_village_does_not_have_says_what_to_do_first() {
    let (both, [_, second, _], home) = restored();
    let receipt = both.receipt("receipt.zip");
    let refused = in_home(&home, &["--json", "changes", "accept-receipt", "--trust-new", path(&receipt)]);
    assert_eq!(refused.code, 3, "{}", refused.out);
    assert!(
        refused.json()["refused"][0]["why"][0].as_str().unwrap().contains("先把自己交过的变更集收回来"),
        "{}",
        refused.out
    );
    let taken = in_home(&home, &["--json", "changes", "accept-receipt", "--trust-new", path(&second), path(&receipt)]);
    assert_eq!((taken.code, taken.json()["applied"].as_array().unwrap().len()), (0, 2), "{}", taken.out);
}

#[test]
fn a_village_set_up_anew_is_not_merged_with_what_the_county_has_of_it() {
    let both = Both::new();
    let (_, first) = both.export();
    assert_eq!(both.apply(&first).code, 0);
    let home = both.post.path().join("anew");
    assert_eq!(in_home(&home, &["init", "--village", "419999101201", "--name", "石桥村"]).code, 0);
    let roster = both.post.path().join("roster.csv");
    std::fs::write(&roster, "户编号,人编号,姓名,与户主关系\n4199991012010009,419999101201000901,赵六,户主\n").unwrap();
    let imported = in_home(&home, &["import", "roster", path(&roster)]);
    assert_eq!(imported.code, 0, "{}{}", imported.out, imported.err);
    let out = both.post.path().join("out");
    std::fs::create_dir(&out).unwrap();
    let theirs = in_home(&home, &["--json", "changes", "export", "--plain", "--out", path(&out)]).json();
    let refused = both.apply(Path::new(theirs["file"].as_str().unwrap()));
    // Another store has another key, and that is seen first.
    assert_eq!(refused.code, 5, "{}", refused.err);
    assert!(refused.json()["refused"][0]["why"][0].as_str().unwrap().contains("钥匙换了"), "{}", refused.out);
    both.assert_same_files();
}

#[test]
fn a_county_that_was_restored_takes_its_own_receipts_back_in() {
    let both = Both::new();
    let (_, first) = both.export();
    assert_eq!(both.apply(&first).code, 0);
    let backup = both.post.path().join("county-backup");
    assert_eq!(both.at_county(&["backup", path(&backup)]).code, 0);
    let receipt = both.receipt("receipt.zip");
    let home = both.post.path().join("county-again");
    assert_eq!(run_as(&home, "周敏", "county", &["restore", path(&backup)], b"").code, 0);
    let taken = run_as(&home, "周敏", "county", &["--json", "changes", "apply", path(&receipt)], b"");
    assert_eq!((taken.code, taken.json()["applied"].as_array().unwrap().len()), (0, 1), "{}{}", taken.out, taken.err);
    let next = run_as(
        &home,
        "周敏",
        "county",
        &["--json", "changes", "receipt", "--out", path(&both.post.path().join("n.zip"))],
        b"",
    );
    assert_eq!((next.code, &next.json()["set"]), (0, &json!(null)), "{}", next.err);
}

#[test]
fn a_set_that_waited_and_does_not_fit_is_set_aside_and_not_lost() {
    let both = Both::new();
    let village = both.village.dir.path().to_owned();
    let (_, first) = both.export();
    assert_eq!(both.apply(&first).code, 0);
    let backup = both.post.path().join("backup");
    assert_eq!(both.at_village(&["backup", path(&backup)]).code, 0);
    edit_at(&both, &village, "3组");
    both.export();
    edit_at(&both, &village, "4组");
    let (_, third) = both.export();
    assert_eq!(both.apply(&third).json()["waiting"].as_array().unwrap().len(), 1);
    let home = both.post.path().join("again");
    assert_eq!(in_home(&home, &["restore", path(&backup), "--nothing-since"]).code, 0);
    edit_in(&home, "8组");
    let out = both.post.path().join("out");
    std::fs::create_dir(&out).unwrap();
    let other = in_home(&home, &["--json", "changes", "export", "--plain", "--out", path(&out)]).json();
    let applied = both.apply(Path::new(other["file"].as_str().unwrap()));
    assert_eq!((applied.code, applied.json()["refused"].as_array().unwrap().len()), (3, 1), "{}", applied.out);
    let kept: Vec<_> = std::fs::read_dir(both.county_home().join("waiting")).unwrap().flatten().collect();
    assert_eq!(kept.len(), 1);
    assert!(kept[0].path().to_str().unwrap().ends_with(".zip.refused"));
    assert_eq!(std::fs::read(kept[0].path()).unwrap(), std::fs::read(&third).unwrap());
    assert_eq!(both.apply(&first).json()["refused"], json!([]), "it is told once");
}

#[test]
fn a_receipt_for_other_acts_of_the_same_numbers_marks_nothing_taken() {
    let both = Both::new();
    let village = both.village.dir.path().to_owned();
    let (_, first) = both.export();
    assert_eq!(both.apply(&first).code, 0);
    let backup = both.post.path().join("backup");
    assert_eq!(both.at_village(&["backup", path(&backup)]).code, 0);
    edit_at(&both, &village, "3组");
    assert_eq!(both.apply(&both.export().1).code, 0);
    let receipt = both.receipt("for-another.zip");
    assert_eq!(both.at_village(&["--json", "key", "show"]).json()["countersigned"], json!(null));
    // The laptop is gone; the backup does not have what was answered, and other things get its numbers.
    let home = both.post.path().join("again");
    assert_eq!(in_home(&home, &["restore", path(&backup)]).code, 0);
    assert_eq!(in_home(&home, &["restore", "--nothing-since"]).code, 0);
    edit_in(&home, "8组");
    edit_in(&home, "9组");
    let refused = in_home(&home, &["--json", "changes", "accept-receipt", "--trust-new", path(&receipt)]);
    assert_eq!(refused.code, 3, "{}", refused.out);
    let why = refused.json()["refused"][0]["why"][0].as_str().unwrap().to_owned();
    assert!(why.contains("不是同一件") && why.contains("先把自己交过的变更集收回来"), "{why}");
    let list = in_home(&home, &["--json", "changes", "list"]).json();
    let states: Vec<&str> = list.as_array().unwrap().iter().filter_map(|line| line["state"].as_str()).collect();
    assert!(!states.contains(&"taken"), "{states:?}");
    assert!(in_home(&home, &["--json", "show", FIRST]).out.contains("9组"));
    let pending = in_home(&home, &["--json", "changes", "list", "--pending"]).json();
    assert_eq!(pending.as_array().unwrap().len(), 2, "{pending}");
}
