//! Names, keys and exit codes that others script against.

use serde_json::{Value as Json, json};

use super::{command_by, edit, run, run_with, village};

/// The keys of an object, in their order of name.
fn keys(json: &Json) -> Vec<&str> {
    let mut keys: Vec<&str> = json.as_object().unwrap_or_else(|| panic!("{json}")).keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

fn has(json: &Json, expected: &[&str]) {
    let keys = keys(json);
    for key in expected {
        assert!(keys.contains(key), "{key} is not among {keys:?}");
    }
}

#[test]
fn a_store_is_made_listed_and_shown() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("home");
    let made = run(&home, &["--json", "init", "--village", "419999101201", "--name", "石桥村"]);
    assert_eq!(made.code, 0, "{}", made.err);
    assert_eq!(run(&home, &["--json", "list"]).json(), json!([]));
    let again = run(&home, &["init", "--village", "419999101201", "--name", "石桥村"]);
    assert_eq!((again.code, again.out.as_str()), (1, ""), "a store is there already: {}", again.err);
    assert!(run(&home, &["init", "--name", "石桥村"]).code == 2, "which village?");
    let county = dir.path().join("county");
    let made = run(&county, &["--json", "init", "--county", "419999", "--name", "某县"]);
    assert_eq!((made.code, &made.json()["county"]), (0, &json!("419999")), "{}", made.err);
    assert_eq!(run(&dir.path().join("other"), &["init", "--county", "41", "--name", "某省"]).code, 1);

    let home = village();
    let list = run(home.dir.path(), &["--json", "list"]).json();
    assert_eq!(list.as_array().unwrap().len(), 3);
    has(
        &list[0],
        &[
            "household",
            "head",
            "group",
            "class",
            "target",
            "colour",
            "people",
            "visited",
            "screened",
            "stale",
            "open_findings",
        ],
    );
    assert!(list[0]["open_findings"].as_u64().is_some_and(|open| open > 0), "its visit, its forms");
    assert_eq!(list[0]["colour"], "blue");
    let by_class = run(home.dir.path(), &["--json", "list", "zs", "脱贫户"]).json();
    assert_eq!(by_class[0]["head"], "张三");
    assert_eq!(by_class.as_array().unwrap().len(), 1);

    let shown = run(home.dir.path(), &["--json", "show", "4199991012010001"]).json();
    assert_eq!(shown["sections"]["income"]["fields"]["wages"], 2_600_000, "whole fen");
    assert_eq!(shown["sections"]["income"]["fields"]["business"], Json::Null, "unknown is null");
    let people = shown["sections"]["members"]["rows"].as_array().unwrap();
    assert_eq!(people[0]["fields"]["id_number"], "41999919610302001X", "JSON is not masked");
    let text = run(home.dir.path(), &["show", "4199991012010001"]).out;
    assert!(!text.contains("41999919610302001X") && !text.contains("13812344321"), "the screen is: {text}");
    // One that has no number of the county's answers to the village's.
    let local = run(home.dir.path(), &["--json", "show", "419999101201V0003"]);
    assert_eq!((local.code, local.json()["household"].as_str().unwrap()), (0, "419999101201V0003"), "{}", local.err);
    assert_eq!(run(home.dir.path(), &["show", "4199991012019999"]).code, 1);
}

#[test]
fn every_form_has_a_sample_that_is_accepted_once_it_has_a_household() {
    for name in ["visit", "screening", "verification", "edit"] {
        let home = village();
        let form = run(home.dir.path(), &["--json", "form", name]).json();
        has(&form, &["name", "version", "fields", "sample"]);
        assert!(form["fields"].as_array().is_some_and(|fields| !fields.is_empty()));
        let mut sample = form["sample"].clone();
        assert!(sample.get("id").is_none());
        sample["household"] = "4199991012010001".into();
        let taken = run_with(home.dir.path(), &["--json", "record", "-"], sample.to_string().as_bytes());
        assert_eq!((taken.code, taken.json()["refused"].clone()), (0, json!([])), "{name}: {}", taken.out);
        assert_eq!(keys(&taken.json()["accepted"][0]), ["change", "id"]);
    }
    let home = village();
    assert_eq!(run(home.dir.path(), &["form", "ball"]).code, 2);
}

#[test]
fn forms_are_taken_each_whole_and_each_once() {
    let home = village();
    let good = edit(Some("form-1"), "4199991012010001", "income", "wages", 2_700_000);
    let mut bad = edit(None, "4199991012010001", "income", "wages", "lots");
    bad["changes"]
        .as_array_mut()
        .unwrap()
        .insert(0, json!({"section": "address", "field": "phone", "new": "13900000000"}));
    let nobody = edit(None, "4199991012010999", "income", "wages", 1);
    let forms = json!([good, bad, nobody]).to_string();
    let taken = run_with(home.dir.path(), &["--json", "record", "-"], forms.as_bytes());
    assert_eq!(taken.code, 3);
    let said = taken.json();
    assert_eq!(said["accepted"][0]["id"], "form-1");
    assert_eq!(said["accepted"].as_array().unwrap().len(), 1);
    let refused: Vec<(u64, &str)> = (said["refused"].as_array().unwrap().iter())
        .map(|fault| (fault["index"].as_u64().unwrap(), fault["field"].as_str().unwrap()))
        .collect();
    assert_eq!((refused[0].0, refused[1]), (1, (2, "household")), "{said}");
    assert!(said["refused"].as_array().unwrap().iter().all(|fault| !fault["why"].as_str().unwrap().is_ascii()));
    let file = run(home.dir.path(), &["--json", "show", "4199991012010001"]).json();
    assert_eq!(file["sections"]["income"]["fields"]["wages"], 2_700_000);
    assert_eq!(file["sections"]["address"]["fields"]["phone"], "13812344321", "nothing of a refused form happened");

    // Once more: accepted, and nothing changes.
    let before = run(home.dir.path(), &["--json", "changes", "list"]).out;
    let again = run_with(home.dir.path(), &["--json", "record", "-"], good.to_string().as_bytes());
    assert_eq!((again.code, &again.json()["accepted"][0]), (0, &said["accepted"][0]));
    assert_eq!(run(home.dir.path(), &["--json", "changes", "list"]).out, before);
}

#[test]
fn changes_are_listed_exported_and_verified() {
    let home = village();
    let form = edit(None, "4199991012010001", "income", "wages", 2_700_000).to_string();
    assert_eq!(run_with(home.dir.path(), &["record", "-"], form.as_bytes()).code, 0);
    let listed = run(home.dir.path(), &["--json", "changes", "list"]).json();
    let change = (listed.as_array().unwrap().iter()).find(|change| change["kind"] == "edit").unwrap();
    has(
        change,
        &[
            "number",
            "household",
            "section",
            "field",
            "old",
            "new",
            "happened_on",
            "seen_on",
            "entered_at",
            "by",
            "role",
            "state",
        ],
    );
    assert_eq!((&change["old"], &change["new"]), (&json!(2_600_000), &json!(2_700_000)));
    assert_eq!((&change["happened_on"], &change["role"]), (&json!("2022-11-15"), &json!("coordinator")));

    let out = home.dir.path().join("out");
    let out = out.to_str().unwrap();
    let set = run(home.dir.path(), &["--json", "changes", "export", "--out", out, "--plain"]);
    assert_eq!(set.code, 0, "{}", set.err);
    let set = set.json();
    assert_eq!(keys(&set), ["file", "from", "set", "sha256", "to", "workbook"]);
    let file = set["file"].as_str().unwrap();
    assert!(file.starts_with(out) && set["workbook"].as_str().unwrap().starts_with(out));
    let first = std::fs::read(file).unwrap();
    let verified = run(home.dir.path(), &["--json", "changes", "verify", file]);
    assert_eq!((verified.code, verified.json()), (0, json!({"ok": true, "problems": []})));
    assert_eq!(run(home.dir.path(), &["--json", "changes", "list", "--pending"]).json(), json!([]));

    // Nothing pending is no failure; a run again is the same bytes; a flipped byte is told.
    let none = run(home.dir.path(), &["--json", "changes", "export", "--out", out]);
    assert_eq!((none.code, &none.json()["set"]), (0, &Json::Null));
    let (from, to) = (set["from"].to_string(), set["to"].to_string());
    let again = home.dir.path().join("again");
    let words = ["--json", "changes", "export", "--out", again.to_str().unwrap(), "--from", &from, "--to", &to];
    let again = run(home.dir.path(), &words).json();
    assert_eq!(std::fs::read(again["file"].as_str().unwrap()).unwrap(), first);
    let mut flipped = first;
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    std::fs::write(file, flipped).unwrap();
    let verified = run(home.dir.path(), &["--json", "changes", "verify", file]);
    assert_eq!((verified.code, &verified.json()["ok"]), (5, &json!(false)));
}

#[test]
fn stale_entries_and_cards() {
    let home = village();
    let stale = run(home.dir.path(), &["--json", "stale"]).json();
    let stale = stale.as_array().unwrap();
    assert!(!stale.is_empty());
    for line in stale {
        has(line, &["household", "section", "confirmed_on", "changed_on", "days", "why"]);
        assert!(line["days"].as_i64().unwrap() > 30 && !line["why"].as_str().unwrap().is_empty(), "{line}");
    }
    let out = home.dir.path().join("cards");
    let cards = run(home.dir.path(), &["--json", "card", "4199991012010001", "--out", out.to_str().unwrap()]);
    assert_eq!(cards.code, 0, "{}", cards.err);
    let files = cards.json()["files"].clone();
    let page = std::fs::read_to_string(files[0].as_str().unwrap()).unwrap();
    assert!(page.contains("张三") && !page.contains("41999919610302001X"), "a paper on a wall is masked");
    assert!(!files[0].as_str().unwrap().contains("张三"), "nobody's name is a file's name");
}

#[test]
fn a_store_is_verified_backed_up_rebuilt_and_restored() {
    let home = village();
    let shown = run(home.dir.path(), &["--json", "show", "4199991012010001", "--history"]).out;
    let verified = run(home.dir.path(), &["--json", "verify"]);
    assert_eq!(verified.code, 0);
    has(&verified.json(), &["ok", "entries", "problems", "notes"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    let backup = run(home.dir.path(), &["--json", "backup", file.to_str().unwrap()]);
    assert_eq!((backup.code, &backup.json()["ok"]), (0, &json!(true)), "{}", backup.err);
    let rebuilt = run(home.dir.path(), &["--json", "rebuild"]);
    assert_eq!((rebuilt.code, &rebuilt.json()["ok"]), (0, &json!(true)), "{}", rebuilt.err);
    assert_eq!(run(home.dir.path(), &["--json", "show", "4199991012010001", "--history"]).out, shown);

    let refused = run(home.dir.path(), &["--json", "restore", file.to_str().unwrap()]);
    assert_eq!((refused.code, refused.out.as_str()), (1, ""), "the home is not empty");
    let other = folder.path().join("other");
    let restored = run(&other, &["--json", "restore", file.to_str().unwrap()]);
    assert_eq!((restored.code, &restored.json()["ok"]), (0, &json!(true)), "{}", restored.err);
    assert_eq!(run(&other, &["--json", "show", "4199991012010001", "--history"]).out, shown);
}

#[test]
fn usage_is_said_in_chinese() {
    let home = village();
    for words in [&["lisst"][..], &["--jsn", "list"], &["changes"], &["list", "--village", "12"], &["show"]] {
        let ran = run(home.dir.path(), words);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{words:?}");
        assert!(ran.err.contains("用法") && !ran.err.contains("error"), "{}", ran.err);
    }
    let help = run(home.dir.path(), &["--help"]);
    assert!(help.code == 0 && help.out.contains("命令") && !help.out.contains("Usage"), "{}", help.out);
    let keys = run(home.dir.path(), &["--json", "keys"]);
    assert!(keys.code == 0 && keys.json().to_string().contains("as-on-file"));
    assert!(run(home.dir.path(), &["completions", "bash"]).out.contains("hudang"));
    assert!(run(home.dir.path(), &["man"]).out.contains("hudang"));
}

#[test]
fn the_workstation_needs_a_terminal_and_leaves_nothing_where_there_is_none() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("home");
    for words in [&[][..], &["demo"]] {
        let ran = run(&home, words);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{words:?}");
        assert!(ran.err.contains("这里不是终端"), "{}", ran.err);
        assert!(!home.exists());
    }
}

#[test]
fn reading_needs_nobody_and_writing_does() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("home");
    let by_nobody = |words: &[&str]| command_by(&home, None, words).output().unwrap().status.code();
    assert_eq!(by_nobody(&["init", "--village", "419999101201", "--name", "石桥村"]), Some(0));
    assert_eq!(by_nobody(&["list"]), Some(0));
    assert_eq!(by_nobody(&["record", "/nowhere.json"]), Some(2), "by whom?");
}
