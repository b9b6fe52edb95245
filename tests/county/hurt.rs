//! A side that lost its store, or a part of it, and how it comes back with the other side's help.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::{Both, path, run_as};
use crate::commands::Ran;

const VILLAGE: &str = "419999101201";
const FIRST: &str = "4199991012010001";

fn at(home: &Path, words: &[&str]) -> Ran {
    run_as(home, "李桂枝", "coordinator", words, b"")
}

fn edit_in(home: &Path, group: &str) -> Ran {
    let form = crate::commands::edit(None, FIRST, "address", "group", group).to_string();
    run_as(home, "李桂枝", "coordinator", &["--json", "record", "-"], form.as_bytes())
}

/// The next set of a home, in a folder of its own.
fn export(both: &Both, home: &Path, folder: &str) -> PathBuf {
    let out = both.post.path().join(folder);
    fs::create_dir(&out).unwrap();
    let ran = at(home, &["--json", "changes", "export", "--plain", "--out", path(&out)]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.json()["file"].as_str().unwrap().into()
}

fn files(ran: &Ran) -> Vec<String> {
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.json()["files"].as_array().unwrap().iter().map(|file| file.as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_village_that_lost_everything_comes_back_by_what_the_county_holds() {
    let both = Both::new();
    let village = both.village.dir.path().to_owned();
    both.edit(&village, FIRST, "address", "group", "3组");
    let (_, first) = both.export();
    assert_eq!(both.apply(&first).code, 0);
    both.edit(&both.county_home(), FIRST, "address", "phone", "13800000001");
    let receipt = both.receipt("receipt.zip");
    assert_eq!(both.accept(&receipt).code, 0);
    let (_, second) = both.export();
    assert_eq!(both.apply(&second).code, 0);
    // The laptop is gone, and with it the key and what was not handed over.
    both.edit(&village, FIRST, "address", "group", "4组");
    let out = both.post.path().join("back");
    let given = both.at_county(&["--json", "changes", "give-back", "--village", VILLAGE, "--out", path(&out)]);
    let all = files(&given);
    let fingerprint = given.json()["fingerprint"].as_str().unwrap().to_owned();
    assert_eq!(all.len(), 2, "{all:?}");

    let home = both.post.path().join("again");
    let words = |more: &[&str]| {
        let mut words = vec!["--json", "restore", "--from-county"];
        words.extend(all.iter().map(String::as_str));
        words.extend_from_slice(more);
        at(&home, &words)
    };
    let unasked = words(&[]);
    assert_eq!(unasked.code, 1);
    assert!(unasked.err.contains(&fingerprint) && !home.join("journal").exists(), "{}", unasked.err);
    assert_eq!(words(&["--fingerprint", "0000 0000 0000 0000"]).code, 1);
    let back = words(&["--fingerprint", &fingerprint]);
    assert_eq!((back.code, &back.json()["ok"], &back.json()["epoch"]), (0, &json!(true), &json!(2)), "{}", back.err);
    let show = |home: &Path| at(home, &["--json", "show", FIRST, "--history"]).out;
    assert_eq!(show(&home), show(&both.county_home()));
    assert_eq!(at(&home, &["--json", "changes", "list", "--pending"]).json(), json!([]));

    // It goes on with a new key, which a person at the county accepts.
    let edited = edit_in(&home, "5组");
    assert_eq!(edited.code, 0, "{}", edited.out);
    let third = export(&both, &home, "third");
    let refused = both.apply(&third);
    assert_ne!(refused.code, 0);
    let card = both.post.path().join("card.json");
    assert_eq!(at(&home, &["key", "publish", "--out", path(&card)]).code, 0);
    let accepted = both.at_county(&["key", "accept", path(&card), "--yes-replace"]);
    assert_eq!(accepted.code, 0, "{}", accepted.err);
    let applied = both.apply(&third);
    assert_eq!(applied.code, 0, "{}{}", applied.out, applied.err);
    assert_eq!(show(&home), show(&both.county_home()));
    for home in [&home, &both.county_home()] {
        assert_eq!(at(home, &["--json", "verify"]).code, 0);
    }
    let receipt = both.receipt("next.zip");
    assert_eq!(at(&home, &["--json", "changes", "accept-receipt", "--trust-new", path(&receipt)]).code, 0);
}

#[test]
fn what_is_given_back_pins_nothing_and_is_no_set_of_the_village() {
    let both = Both::new();
    let (_, first) = both.export();
    assert_eq!(both.apply(&first).code, 0);
    let out = both.post.path().join("back");
    let given = both.at_county(&["--json", "changes", "give-back", "--village", VILLAGE, "--out", path(&out)]);
    let other = both.post.path().join("other county");
    let words = ["--json", "changes", "apply", "--trust-new", &files(&given)[0]];
    let applied = run_as(&other, "王强", "county", &words, b"");
    assert_eq!(applied.code, 3, "{}", applied.err);
    assert_eq!((&applied.json()["applied"], &applied.json()["pinned"]), (&json!([]), &json!([])));
    assert!(applied.out.contains("抄本"), "{}", applied.out);
}

#[test]
fn a_county_that_lost_its_receipts_gets_them_back_from_the_village() {
    let both = Both::new();
    let (_, first) = both.export();
    assert_eq!(both.apply(&first).code, 0);
    let backup = both.post.path().join("county-backup");
    assert_eq!(both.at_county(&["backup", path(&backup)]).code, 0);
    let receipt = both.receipt("receipt.zip");
    assert_eq!(both.accept(&receipt).code, 0);
    fs::remove_file(&receipt).unwrap();
    let home = both.post.path().join("county-again");
    let county = |words: &[&str]| run_as(&home, "周敏", "county", words, b"");
    let restored = county(&["--json", "restore", path(&backup)]);
    assert_eq!((restored.code, &restored.json()["asks"]), (0, &json!(true)), "{}", restored.err);
    let next = both.post.path().join("n.zip");
    let early = county(&["--json", "changes", "receipt", "--rest-taken", "--village", VILLAGE, "--out", path(&next)]);
    assert!(early.code == 1 && early.err.contains("收回来"), "{}{}", early.out, early.err);
    let out = both.post.path().join("back");
    let given = both.at_village(&["--json", "changes", "give-back", "--out", path(&out)]);
    let mut words = vec!["--json", "changes", "apply"];
    let all = files(&given);
    words.extend(all.iter().map(String::as_str));
    let taken = county(&words);
    assert_eq!((taken.code, taken.json()["applied"].as_array().unwrap().len()), (0, 1), "{}{}", taken.out, taken.err);
    let receipt = county(&["--json", "changes", "receipt", "--rest-taken", "--village", VILLAGE, "--out", path(&next)]);
    assert_eq!((receipt.code, &receipt.json()["set"]), (0, &json!(null)), "{}", receipt.err);
}

#[test]
fn nothing_is_entered_after_a_restore_before_it_is_said_what_was_handed_over() {
    let both = Both::new();
    let village = both.village.dir.path().to_owned();
    let (_, first) = both.export();
    let backup = both.post.path().join("backup");
    assert_eq!(both.at_village(&["backup", path(&backup)]).code, 0);
    both.edit(&village, FIRST, "address", "group", "3组");
    let (_, second) = both.export();
    for set in [&first, &second] {
        assert_eq!(both.apply(set).code, 0);
    }
    let receipt = both.receipt("receipt.zip");
    let home = both.post.path().join("again");
    let restored = at(&home, &["--json", "restore", path(&backup)]);
    assert_eq!((restored.code, &restored.json()["asks"]), (0, &json!(true)), "{}", restored.err);
    // Typed, recorded, carried in, handed over: nothing new, and each says what to do.
    let edited = edit_in(&home, "8组");
    assert!(edited.code != 0 && format!("{}{}", edited.out, edited.err).contains("收回来"), "{}", edited.out);
    let roster = both.post.path().join("roster.csv");
    fs::write(&roster, "户编号,人编号,姓名,与户主关系\n4199991012010009,419999101201000901,赵六,户主\n").unwrap();
    assert_ne!(at(&home, &["import", "roster", path(&roster)]).code, 0);
    assert_eq!(at(&home, &["--json", "list"]).code, 0, "it is read all the same");
    let early = at(&home, &["--json", "changes", "accept-receipt", "--trust-new", path(&receipt)]);
    assert_eq!(early.code, 3, "{}", early.out);
    let taken = at(&home, &["--json", "changes", "apply", path(&second)]);
    assert_eq!(taken.code, 0, "{}", taken.err);
    assert_eq!(edit_in(&home, "8组").code, 0);
    let late = at(&home, &["--json", "changes", "accept-receipt", "--trust-new", path(&receipt)]);
    assert_eq!(late.code, 0, "{}", late.out);
    // The old receipt takes nothing of what was entered since: it goes out.
    let pending = at(&home, &["--json", "changes", "list", "--pending"]).json();
    assert_eq!(pending.as_array().unwrap().len(), 1);
    let third = export(&both, &home, "third");
    assert_eq!(both.apply(&third).code, 0);
    let show = |home: &Path| at(home, &["--json", "show", FIRST, "--history"]).out;
    assert_eq!(show(&home), show(&both.county_home()));
    // Where nothing was handed over since, a word is enough.
    let other = both.post.path().join("other");
    assert_eq!(at(&other, &["restore", path(&backup)]).code, 0);
    assert_ne!(edit_in(&other, "8组").code, 0);
    assert_eq!(at(&other, &["restore", "--nothing-since"]).code, 0);
    assert_eq!(edit_in(&other, "8组").code, 0);
}

#[test]
fn a_flip_in_acts_not_handed_over_stops_neither_reading_nor_the_way_on_to_the_county() {
    let both = Both::new();
    let village = both.village.dir.path().to_owned();
    let (_, first) = both.export();
    assert_eq!(both.apply(&first).code, 0);
    for group in ["3组", "4组", "5组", "6组"] {
        both.edit(&village, FIRST, "address", "group", group);
    }
    let segment = village.join("journal/000001.hdj");
    let mut bytes = fs::read(&segment).unwrap();
    let words = "\"new\":{\"text\":\"4组\"}".as_bytes();
    let hit = bytes.windows(words.len()).rposition(|part| part == words).unwrap();
    bytes[hit] ^= 4;
    fs::write(&segment, &bytes).unwrap();
    let listed = both.at_village(&["--json", "list"]);
    assert!(listed.code == 0 && listed.err.contains("损坏"), "{}", listed.err);
    assert_eq!(both.at_village(&["--json", "show", FIRST]).code, 0);
    assert_eq!(both.at_village(&["--json", "changes", "list", "--pending"]).code, 0);
    assert_eq!(both.at_village(&["--json", "verify"]).code, 3);
    let refused = edit_in(&village, "7组");
    assert!(refused.code != 0 && format!("{}{}", refused.out, refused.err).contains("--go-on"), "{}", refused.out);
    // Set by set on both sides of the gap, though nothing counts as handed over yet.
    let last =
        both.at_village(&["--json", "changes", "list"]).json().as_array().unwrap().last().unwrap()["number"].as_u64();
    let (last, safe) = (last.unwrap(), both.post.path().join("safe"));
    let run = |from: u64, to: u64| {
        let (from, to) = (from.to_string(), to.to_string());
        both.at_village(&["--json", "changes", "export", "--out", path(&safe), "--from", &from, "--to", &to]).code
    };
    assert_eq!((run(last - 3, last - 3), run(last - 1, last)), (0, 0));
    assert_ne!(run(last - 3, last), 0);
    assert_eq!(both.at_village(&["--json", "rebuild"]).code, 3);

    let went_on = both.at_village(&["--json", "rebuild", "--go-on"]);
    assert_eq!(went_on.code, 0, "{}{}", went_on.out, went_on.err);
    assert!(went_on.out.contains("补记"), "{}", went_on.out);
    assert_eq!(edit_in(&village, "7组").code, 0);
    let before = both.export();
    let behind = both.export();
    assert_ne!(before.0, behind.0);
    let applied = both.at_county(&["--json", "changes", "apply", path(&behind.1), path(&before.1)]);
    assert_eq!((applied.code, applied.json()["applied"].as_array().unwrap().len()), (0, 2), "{}", applied.out);
    both.assert_same_files();
    for home in [village.clone(), both.county_home()] {
        let verified = at(&home, &["--json", "verify"]);
        assert_eq!(verified.code, 0, "{}", verified.out);
    }
    let receipt = both.receipt("receipt.zip");
    assert_eq!(both.accept(&receipt).code, 0);
    assert_eq!(both.at_village(&["--json", "changes", "list", "--pending"]).json(), json!([]));
}

#[test]
fn only_a_county_makes_a_store_by_taking_in_a_set() {
    let both = Both::new();
    let (_, first) = both.export();
    let home = both.post.path().join("none");
    let refused = at(&home, &["--json", "changes", "apply", path(&first)]);
    assert!(refused.code == 1 && refused.err.contains("--role county"), "{}", refused.err);
    assert!(!home.exists());
}
