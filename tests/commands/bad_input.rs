//! What is wrong is said in Chinese, with the right exit code, and changes nothing.

use super::{edit, run, run_with, village};

/// Nothing on standard output, one sentence on the other, with these words in it.
fn says(ran: &super::Ran, code: i32, words: &[&str]) {
    assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{}", ran.err);
    for word in words {
        assert!(ran.err.contains(word), "{word} is not in {}", ran.err);
    }
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
}

#[test]
fn what_is_no_form_is_refused() {
    let home = village();
    let before = run(home.dir.path(), &["--json", "changes", "list"]).out;
    let record = |input: &[u8]| run_with(home.dir.path(), &["--json", "record", "-"], input);
    says(&record(b"{\"form\": \"edit\", \"evidence\": \"\xff\xfe\"}"), 1, &["标准输入", "第31字节", "UTF-8"]);
    says(&record("{\"form\":\n 走访}".as_bytes()), 1, &["标准输入", "第2行", "JSON"]);
    says(&run(home.dir.path(), &["record", "/nowhere/forms.json"]), 1, &["/nowhere/forms.json"]);

    let mut form = edit(None, "4199991012010001", "income", "wages", 1);
    form["colour_of_the_door"] = "red".into();
    let ran = record(form.to_string().as_bytes());
    assert_eq!((ran.code, &ran.json()["refused"][0]["field"]), (3, &"colour_of_the_door".into()), "{}", ran.out);
    let form = edit(None, "4199991012010001", "income", "moonlight", 1);
    let ran = record(form.to_string().as_bytes());
    assert_eq!(ran.code, 3);
    assert!(ran.json()["refused"][0]["field"].as_str().unwrap().contains("changes"), "{}", ran.out);
    let ran = record(b"[1, null, \"visit\", {}]");
    assert_eq!((ran.code, ran.json()["refused"].as_array().unwrap().len()), (3, 4), "{}", ran.out);
    assert_eq!(run(home.dir.path(), &["--json", "changes", "list"]).out, before);
}

#[test]
fn what_is_no_roster_is_refused() {
    let home = village();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let picture = file("roster.xlsx", b"\x89PNG\r\n\x1a\n and so on");
    says(&run(home.dir.path(), &["import", "roster", &picture]), 1, &["roster.xlsx"]);
    let half = file("half.xlsx", b"PK\x03\x04\x14\x00");
    says(&run(home.dir.path(), &["import", "roster", &half]), 1, &["half.xlsx"]);
    let other = file("other.csv", "日期,天气\n2022-11-20,晴\n".as_bytes());
    says(&run(home.dir.path(), &["import", "roster", &other]), 1, &["other.csv"]);
    says(&run(home.dir.path(), &["import", "roster", "/nowhere.xlsx"]), 1, &["/nowhere.xlsx"]);
    says(&run(home.dir.path(), &["import", "roster", &other, "--encoding", "klingon"]), 1, &["klingon"]);
}

#[test]
fn a_second_program_is_told() {
    let home = village();
    let at_work = home.open("2022-11-20");
    let form = edit(None, "4199991012010001", "income", "wages", 1).to_string();
    says(&run_with(home.dir.path(), &["record", "-"], form.as_bytes()), 4, &[]);
    says(&run(home.dir.path(), &["list"]), 4, &[]);
    drop(at_work);
    assert_eq!(run(home.dir.path(), &["list"]).code, 0);
}

#[test]
fn no_store_says_how_to_make_one() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("nothing here");
    for words in [&["list"][..], &["verify"], &["stale"], &["rebuild"]] {
        says(&run(&home, words), 1, &["hudang init"]);
    }
    assert!(!home.exists(), "looking makes nothing");
}

#[test]
fn a_wrong_keymap_is_named_by_file_and_line() {
    let home = village();
    let keymap = home.dir.path().join("keymap.toml");
    std::fs::write(&keymap, "based_on = \"default\"\n\n[visit]\n\"f12\" = \"fly\"\n").unwrap();
    for words in [&["keys"][..], &[]] {
        let ran = run(home.dir.path(), words);
        says(&ran, 1, &["keymap.toml", "4", "fly"]);
    }
}

#[test]
fn a_clock_that_ran_back_stops_what_enters() {
    let home = village();
    let form = edit(None, "4199991012010001", "income", "wages", 1).to_string();
    assert_eq!(run_with(home.dir.path(), &["record", "-"], form.as_bytes()).code, 0);
    let ran = run_with(home.dir.path(), &["--today", "2021-01-01", "record", "-"], form.as_bytes());
    // The day is given twice; the last counts.
    says(&ran, ran.code, &[]);
    assert_ne!(ran.code, 0);
}
