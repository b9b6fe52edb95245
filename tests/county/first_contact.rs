//! The first set or receipt of a key that nobody has compared: it waits, and has no effect until a person has said yes.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use super::{Both, path, run_as};

const FIRST: &str = "4199991012010001";
const VILLAGE: &str = "419999101201";

fn key_of(both: &Both, at_county: bool) -> String {
    let shown = if at_county {
        both.at_county(&["--json", "key", "show"])
    } else {
        both.at_village(&["--json", "key", "show"])
    };
    shown.json()["own"]["fingerprint"].as_str().unwrap().to_owned()
}

fn apply(both: &Both, more: &[&str]) -> crate::commands::Ran {
    both.at_county(&[&["--json", "changes", "apply"], more].concat())
}

/// A village of the same code in a stranger's hands, with a set of its own.
fn strangers() -> (tempfile::TempDir, PathBuf, String) {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let run = |words: &[&str]| {
        let ran = run_as(&home, "李桂枝", "coordinator", words, b"");
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        ran
    };
    run(&["init", "--village", VILLAGE, "--name", "石桥村"]);
    let roster = folder.path().join("roster.csv");
    fs::write(&roster, "户编号,人编号,姓名,与户主关系\n4199991012010009,419999101201000901,赵六,户主\n").unwrap();
    run(&["import", "roster", path(&roster)]);
    let set = run(&["--json", "changes", "export", "--plain", "--out", path(folder.path())]).json();
    let print = run(&["--json", "key", "show"]).json()["own"]["fingerprint"].as_str().unwrap().to_owned();
    (folder, PathBuf::from(set["file"].as_str().unwrap()), print)
}

#[test]
fn the_first_set_of_a_key_waits_and_is_in_no_figure_until_somebody_says_yes() {
    let both = Both::new();
    let (set, file) = both.export();
    let print = key_of(&both, false);
    let first = apply(&both, &[path(&file)]);
    assert_eq!(first.code, 3, "{}{}", first.out, first.err);
    let json = first.json();
    assert_eq!(json["waiting"], json!([{"set": set, "for": "key", "fingerprint": print}]));
    assert_eq!((&json["applied"], &json["pinned"], &json["refused"]), (&json!([]), &json!([]), &json!([])));
    assert_eq!(both.at_county(&["--json", "list"]).json(), json!([]));
    assert_eq!(both.at_county(&["--json", "key", "show"]).json()["known"], json!([]));
    // Handed in again it is kept once.
    assert_eq!(apply(&both, &[path(&file)]).code, 3);
    assert_eq!(fs::read_dir(both.county_home().join("waiting")).unwrap().count(), 1);
    // In words: what to do.
    let said = both.at_county(&["changes", "apply", path(&file)]);
    assert!(said.out.contains(&print) && said.out.contains("hudang key trust"), "{}", said.out);

    let yes = both.at_county(&["--json", "key", "trust", VILLAGE, &print]);
    assert_eq!((yes.code, &yes.json()["applied"]), (0, &json!([set])), "{}{}", yes.out, yes.err);
    assert_eq!(fs::read_dir(both.county_home().join("waiting")).unwrap().count(), 0);
    both.assert_same_files();
    let known = both.at_county(&["--json", "key", "show"]).json();
    assert_eq!(known["known"][0]["accepted"], "person");
}

#[test]
fn a_stranger_who_came_first_keeps_nobody_out() {
    let both = Both::new();
    let (_elsewhere, theirs, wrong) = strangers();
    let (set, file) = both.export();
    assert_eq!(apply(&both, &[path(&theirs)]).code, 3);
    assert_eq!(apply(&both, &[path(&file)]).code, 3);
    let print = key_of(&both, false);
    assert_ne!(print, wrong);
    let yes = both.at_county(&["--json", "key", "trust", VILLAGE, &print]);
    assert_eq!(yes.json()["applied"], json!([set]), "{}", yes.out);
    // The stranger's is refused by name of its key, once, and kept aside.
    assert_eq!(yes.code, 5);
    assert!(yes.json()["refused"][0]["why"][0].as_str().unwrap().contains(&wrong), "{}", yes.out);
    both.assert_same_files();
    let names: Vec<_> = fs::read_dir(both.county_home().join("waiting")).unwrap().flatten().collect();
    assert!(names.len() == 1 && names[0].path().to_str().unwrap().ends_with(".zip.refused"));
    assert_eq!(apply(&both, &[path(&file)]).json()["refused"], json!([]), "it is told once");
}

#[test]
fn a_receipt_of_a_key_that_nobody_compared_says_nothing_yet_and_nothing_is_sealed_to_it() {
    let both = Both::new();
    let (_, file) = both.export();
    assert_eq!(both.apply(&file).code, 0);
    let change = both.edit(both.village.dir.path(), FIRST, "address", "group", "3组")["change"].as_u64().unwrap();
    let (_, file) = both.export();
    assert_eq!(both.apply(&file).code, 0);
    let receipt = both.receipt("receipt.zip");
    let accept = |more: &[&str]| both.at_village(&[&["--json", "changes", "accept-receipt"], more].concat());
    let state = || both.states(both.village.dir.path()).into_iter().find(|(number, _)| *number == change).unwrap().1;
    let first = accept(&[path(&receipt)]);
    assert_eq!((first.code, &first.json()["waiting"][0]["for"]), (3, &json!("key")), "{}", first.out);
    assert_eq!(state(), "exported");
    both.edit(both.village.dir.path(), FIRST, "address", "group", "4组");
    let out = both.post.path().join("plain");
    fs::create_dir(&out).unwrap();
    let set = both.at_village(&["--json", "changes", "export", "--out", path(&out)]).json();
    let bytes = fs::read(set["file"].as_str().unwrap()).unwrap();
    assert!(String::from_utf8_lossy(&bytes).contains("acts.jsonl"), "sealed for a key that nobody compared");
    // The card of the county, once somebody accepts it, takes in what waited.
    let card = both.post.path().join("county.key.json");
    assert_eq!(both.at_county(&["key", "publish", "--out", path(&card)]).code, 0);
    let yes = both.at_village(&["--json", "key", "accept", path(&card)]);
    assert_eq!((yes.code, yes.json()["applied"].as_array().unwrap().len()), (0, 1), "{}", yes.out);
    assert_eq!(yes.json()["chain"], format!("{VILLAGE}-county"));
    assert_eq!(state(), "taken");
    // The village sees up to where the county has signed for it.
    let head = both.at_village(&["--json", "key", "show"]).json()["countersigned"].clone();
    assert_eq!(head["act"], json!(change), "{head}");
    assert!(both.at_village(&["key", "show"]).out.contains(&format!("签认到第{change}件")));
}

#[test]
fn a_list_of_fingerprints_and_a_word_beforehand_count_for_just_those() {
    let both = Both::new();
    let (set, file) = both.export();
    let (_elsewhere, theirs, _) = strangers();
    let print = key_of(&both, false);
    let list = both.post.path().join("trusted.txt");
    fs::write(&list, format!("# 电话核对 2022-11-20\n{VILLAGE} {print}\n")).unwrap();
    let ran = apply(&both, &["--trust", path(&list), path(&theirs), path(&file)]);
    assert_eq!(ran.json()["applied"], json!([set]), "{}", ran.out);
    assert_eq!(ran.json()["pinned"][0]["fingerprint"], json!(print));
    fs::write(&list, "石桥村 1234\n").unwrap();
    let wrong = apply(&both, &["--trust", path(&list), path(&file)]);
    assert!(wrong.code == 2 && wrong.err.contains("第1行"), "{}", wrong.err);

    // Said before anything came.
    let other = Both { village: crate::commands::village(), ..Both::new() };
    let (set, file) = other.export();
    let made = other.at_county(&["init", "--county", "419999", "--name", "示例县"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let said = other.at_county(&["--json", "key", "trust", VILLAGE, &key_of(&other, false).to_uppercase()]);
    assert_eq!((said.code, &said.json()["accepted"]), (0, &json!(false)), "{}", said.err);
    let came = apply(&other, &[path(&file)]);
    assert_eq!((came.code, &came.json()["applied"]), (0, &json!([set])), "{}", came.out);
    let no = other.at_county(&["key", "trust", VILLAGE, "12ab"]);
    assert!(no.code == 2 && no.err.contains("16位"), "{}", no.err);
    let another = other.at_county(&["key", "trust", VILLAGE, "0000000000000000"]);
    assert!(another.code == 5 && another.err.contains("已记有另一把钥匙"), "{}", another.err);
}

#[test]
fn a_county_s_store_is_made_for_the_county_only() {
    let both = Both::new();
    let (_, file) = both.export();
    let home = both.post.path().join("nobody");
    for role in ["coordinator", "secretary", "surveyor"] {
        let ran = run_as(&home, "李桂枝", role, &["changes", "apply", path(&file)], b"");
        assert!(ran.code == 1 && ran.err.contains("--role county"), "{}", ran.err);
        assert!(!home.exists());
    }
    assert_eq!(run_as(&home, "周敏", "county", &["changes", "apply", path(&file)], b"").code, 3);
}

/// What lies in the folder of waiting sets, by the ends of the names.
fn queue(home: &Path) -> (usize, usize, usize) {
    let names: Vec<String> = fs::read_dir(home.join("waiting"))
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let ends = |end: &str| names.iter().filter(|name| name.ends_with(end)).count();
    (ends(".zip"), ends(".unknown"), ends(".refused"))
}

#[test]
fn what_waits_is_bounded_and_a_damaged_file_in_it_is_set_aside_and_told_once() {
    let both = Both::new();
    let mut files = vec![both.export().1];
    for nth in 0..3 {
        both.edit(both.village.dir.path(), FIRST, "address", "group", format!("{nth}组"));
        files.push(both.export().1);
    }
    assert_eq!(apply(&both, &[path(&files[2])]).code, 3);
    assert_eq!(queue(&both.county_home()), (0, 1, 0), "whoever is not known does not wait among those who are");
    assert_eq!(both.at_county(&["key", "trust", VILLAGE, &key_of(&both, false)]).code, 0);
    assert_eq!(queue(&both.county_home()), (1, 0, 0));
    let waiting = fs::read_dir(both.county_home().join("waiting")).unwrap().next().unwrap().unwrap().path();
    for damage in [0, 1] {
        let bytes = fs::read(&files[2]).unwrap();
        let half = if damage == 0 { b"PK".to_vec() } else { bytes[..bytes.len() / 2].to_vec() };
        fs::write(&waiting, half).unwrap();
        let told: Json = apply(&both, &[path(&files[0])]).json();
        assert_eq!(told["refused"].as_array().unwrap().len(), 1, "{told}");
        assert_eq!(queue(&both.county_home()).0, 0);
        let again = apply(&both, &[path(&files[0])]);
        assert_eq!((again.code, &again.json()["refused"]), (0, &json!([])), "{}", again.out);
    }
    let last = apply(&both, &[path(&files[3]), path(&files[1]), path(&files[2])]);
    assert_eq!((last.code, last.json()["applied"].as_array().unwrap().len()), (0, 3), "{}", last.out);
    both.assert_same_files();
}

#[test]
fn a_copy_from_the_wrong_hand_is_begun_anew_and_stays_readable() {
    let both = Both::new();
    let (_elsewhere, theirs, wrong) = strangers();
    assert_eq!(apply(&both, &["--trust-new", path(&theirs)]).code, 0);
    // It was even answered before anybody noticed.
    both.receipt("to-a-stranger.zip");
    let (set, file) = both.export();
    let refused = apply(&both, &[path(&file)]);
    assert!(refused.code == 5 && refused.out.contains("key forget"), "{}", refused.out);

    let forgot = both.at_county(&["--json", "key", "forget", VILLAGE]);
    assert_eq!(forgot.code, 0, "{}{}", forgot.out, forgot.err);
    let aside = PathBuf::from(forgot.json()["aside"].as_str().unwrap());
    assert_eq!(both.at_county(&["--json", "list"]).json(), json!([]));
    assert_eq!(both.at_county(&["--json", "key", "show"]).json()["known"], json!([]));
    let read = run_as(&aside, "周敏", "county", &["--json", "show", "4199991012010009"], b"");
    assert!(read.code == 0 && read.out.contains("赵六"), "{}{}", read.out, read.err);
    let entered = run_as(
        &aside,
        "周敏",
        "coordinator",
        &["record", "-"],
        crate::commands::edit(None, "4199991012010009", "address", "group", "3组").to_string().as_bytes(),
    );
    assert_ne!(entered.code, 0, "a copy is nobody's to write in");

    assert_eq!(apply(&both, &[path(&file)]).code, 3);
    let yes = both.at_county(&["--json", "key", "trust", VILLAGE, &key_of(&both, false)]);
    assert_eq!((yes.code, &yes.json()["applied"]), (0, &json!([set])), "{}{}", yes.out, yes.err);
    both.assert_same_files();
    assert_eq!(both.accept(&both.receipt("first.zip")).code, 0);
    both.assert_same_files();
    // The index that was built again says what the journal says, and so does one built from nothing.
    for words in [["--json", "verify"], ["--json", "rebuild"], ["--json", "verify"]] {
        let ran = both.at_county(&words);
        assert_eq!(ran.code, 0, "{words:?} {}{}", ran.out, ran.err);
    }
    both.assert_same_files();
    assert_ne!(key_of(&both, false), wrong);
}

#[test]
fn a_village_that_believed_the_wrong_county_begins_anew_and_loses_nothing_of_its_own() {
    let both = Both::new();
    let (_, file) = both.export();
    assert_eq!(both.apply(&file).code, 0);
    // Another county's store corrects something, and the village takes it for its county.
    let other = tempfile::tempdir().unwrap();
    let home = other.path().join("home");
    let at_other = |words: &[&str], input: &[u8]| {
        let ran = run_as(&home, "王五", "county", words, input);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    };
    at_other(&["changes", "apply", "--trust-new", path(&file)], b"");
    let form = crate::commands::edit(None, FIRST, "address", "group", "9组").to_string();
    at_other(&["record", "-"], form.as_bytes());
    let wrong = other.path().join("wrong.zip");
    at_other(&["changes", "receipt", "--plain", "--out", path(&wrong)], b"");
    assert_eq!(both.accept(&wrong).code, 0);

    let forgot = both.at_village(&["--json", "key", "forget", VILLAGE]);
    assert_eq!(forgot.code, 0, "{}{}", forgot.out, forgot.err);
    assert_eq!(forgot.json()["forgotten"].as_array().unwrap().len(), 1);
    // The county's first correction has the number of the stranger's, and is followed all the same.
    both.edit(&both.county_home(), FIRST, "address", "house_number", "17");
    let receipt = both.receipt("right.zip");
    assert_eq!(both.accept(&receipt).code, 0);
    let shown = both.at_village(&["--json", "show", FIRST]).out;
    assert!(shown.contains("\"17\"") && shown.contains("9组"), "{shown}");
    let (_, set) = both.export();
    assert_eq!(both.apply(&set).code, 0);
    both.assert_same_files();
}
