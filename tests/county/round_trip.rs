//! There and back: three sets applied as 3, 1, 1, 2; a refusal that comes home; the correction that goes out and is taken.

use serde_json::json;

use super::{Both, path};

const FIRST: &str = "4199991012010001";
const SECOND: &str = "4199991012010002";

#[test]
fn three_sets_applied_out_of_order_and_twice_make_the_county_equal() {
    let both = Both::new();
    let (first, first_file) = both.export();
    both.edit(both.village.dir.path(), FIRST, "address", "group", "3组");
    let (second, second_file) = both.export();
    both.edit(both.village.dir.path(), SECOND, "address", "group", "4组");
    both.edit(both.village.dir.path(), FIRST, "address", "phone", "13900001111");
    let (third, third_file) = both.export();

    let early = both.apply(&third_file);
    assert_eq!(early.code, 0, "{}", early.err);
    let early = early.json();
    assert_eq!((&early["applied"], &early["conflicts"]), (&json!([]), &json!([])));
    assert_eq!((&early["waiting"][0]["set"], &early["waiting"][0]["for"]), (&json!(third), &json!(second)));

    let one = both.apply(&first_file).json();
    assert_eq!((&one["applied"], &one["waiting"][0]["for"]), (&json!([first]), &json!(second)));
    let again = both.apply(&first_file).json();
    assert_eq!((&again["applied"], &again["known"]), (&json!([]), &json!([first])));
    let two = both.apply(&second_file).json();
    assert_eq!((&two["applied"], &two["waiting"]), (&json!([second, third]), &json!([])));
    assert_eq!(std::fs::read_dir(both.county_home().join("waiting")).unwrap().count(), 0);
    both.assert_same_files();
    let verified = both.at_county(&["--json", "verify"]);
    assert_eq!((verified.code, &verified.json()["ok"]), (0, &json!(true)), "{}", verified.err);
}

#[test]
fn a_refused_change_comes_home_and_its_correction_goes_out_and_is_taken() {
    let both = Both::new();
    let (_, set) = both.export();
    assert_eq!(both.apply(&set).code, 0);
    let wrong = both.edit(both.village.dir.path(), FIRST, "income", "wages", 9_900_000)["change"].as_u64().unwrap();
    let right = both.edit(both.village.dir.path(), SECOND, "address", "group", "4组")["change"].as_u64().unwrap();
    let state = |number: u64, home: &std::path::Path| {
        both.states(home).into_iter().find(|(n, _)| *n == number).map(|(_, state)| state)
    };
    let (village, county) = (both.village.dir.path().to_owned(), both.county_home());
    assert_eq!(state(wrong, &village).as_deref(), Some("pending"));
    let (_, set) = both.export();
    assert_eq!(state(wrong, &village).as_deref(), Some("exported"));
    assert_eq!(both.apply(&set).code, 0);
    let answered = both.at_county(&[
        "--json",
        "changes",
        "answer",
        &wrong.to_string(),
        "--refuse",
        "--reason",
        "no_evidence",
        "--words",
        "缺工资流水",
    ]);
    assert_eq!(answered.code, 0, "{}", answered.err);
    let receipt = both.receipt("receipt.zip");
    let taken = both.accept(&receipt);
    assert_eq!(taken.code, 0, "{}", taken.err);
    assert_eq!(taken.json()["applied"].as_array().unwrap().len(), 1);
    for home in [&village, &county] {
        assert_eq!(state(wrong, home).as_deref(), Some("refused"));
        assert_eq!(state(right, home).as_deref(), Some("taken"));
    }
    assert_eq!(both.accept(&receipt).json()["applied"], json!([]), "twice is once");

    // It is a task at its field.
    let due = both.at_village(&["--json", "due"]).json();
    let task = due.as_array().unwrap().iter().find(|it| it["code"] == "refused").unwrap_or_else(|| panic!("{due}"));
    assert_eq!(task["household"], FIRST);
    assert!(task["what"].as_str().unwrap().contains("缺工资流水"), "{task}");

    let mended = both.edit(&village, FIRST, "income", "wages", 2_650_000)["change"].as_u64().unwrap();
    let due = both.at_village(&["--json", "due"]).json();
    assert!(due.as_array().unwrap().iter().all(|it| it["code"] != "refused"), "{due}");
    let (_, set) = both.export();
    assert_eq!(both.apply(&set).code, 0);
    assert_eq!(both.accept(&both.receipt("second.zip")).code, 0);
    assert_eq!(state(mended, &village).as_deref(), Some("taken"));
    both.assert_same_files();
    let nothing = both.at_county(&["--json", "changes", "receipt", "--out", path(&both.post.path().join("none.zip"))]);
    assert_eq!((nothing.code, &nothing.json()["set"]), (0, &json!(null)));
}

#[test]
fn what_the_county_corrects_reaches_the_village_and_comes_back_as_its_own_act() {
    let both = Both::new();
    let (_, set) = both.export();
    assert_eq!(both.apply(&set).code, 0);
    let county = both.county_home();
    both.edit(&county, FIRST, "address", "group", "9组");
    let show = |home: &std::path::Path| super::run_as(home, "谁", "county", &["--json", "show", FIRST], b"").out;
    assert_eq!(show(&county), show(both.village.dir.path()), "the copy stays a copy");
    let taken = both.accept(&both.receipt("receipt.zip"));
    assert_eq!((taken.code, &taken.json()["conflicts"]), (0, &json!([])), "{}", taken.err);
    assert!(show(both.village.dir.path()).contains("9组"));
    let (_, set) = both.export();
    assert_eq!(both.apply(&set).code, 0);
    both.assert_same_files();
    assert_eq!(both.at_county(&["--json", "changes", "list"]).json().as_array().unwrap().last().unwrap()["by"], "周敏");
}

#[test]
fn where_both_changed_a_field_neither_is_lost_and_the_choice_is_a_change() {
    let both = Both::new();
    let (_, set) = both.export();
    assert_eq!(both.apply(&set).code, 0);
    let (village, county) = (both.village.dir.path().to_owned(), both.county_home());
    both.edit(&county, FIRST, "address", "group", "9组");
    both.edit(&county, FIRST, "address", "house_number", "17");
    both.edit(&village, FIRST, "address", "group", "3组");
    let (_, set) = both.export();
    let at_county = both.apply(&set);
    assert_eq!(at_county.code, 3, "{}", at_county.err);
    let conflict = &at_county.json()["conflicts"][0];
    assert_eq!(
        (&conflict["field"], &conflict["before"], &conflict["here"], &conflict["there"], &conflict["by"]),
        (&json!("group"), &json!("1组"), &json!("9组"), &json!("3组"), &json!("李桂枝"))
    );
    let at_village = both.accept(&both.receipt("receipt.zip"));
    assert_eq!(at_village.code, 3, "{}", at_village.err);
    let conflict = &at_village.json()["conflicts"][0];
    assert_eq!(
        (&conflict["before"], &conflict["here"], &conflict["there"], &conflict["by"]),
        (&json!("1组"), &json!("3组"), &json!("9组"), &json!("周敏"))
    );
    let shown = both.at_village(&["--json", "show", FIRST]).json().to_string();
    assert!(shown.contains("3组") && shown.contains("9组") && shown.contains("\"17\""), "{shown}");
    // The choice is an edit like any other.
    both.edit(&village, FIRST, "address", "group", "8组");
    let (_, set) = both.export();
    assert_eq!(both.apply(&set).code, 0);
    both.assert_same_files();
}

#[test]
fn a_workbook_that_the_county_filled_in_is_an_answer_on_either_side() {
    for at_county in [false, true] {
        let both = Both::new();
        both.apply(&both.export().1);
        let (village, county) = (both.village.dir.path().to_owned(), both.county_home());
        let refused = both.edit(&village, FIRST, "income", "wages", 9_900_000)["change"].as_u64().unwrap();
        let done = both.edit(&village, SECOND, "income", "wages", 1_000_000)["change"].as_u64().unwrap();
        let set = both.export().1;
        assert_eq!(both.apply(&set).code, 0);
        let mut sheets = crate::answer_sheet::sheets_of(std::fs::read(set.with_extension("xlsx")).unwrap());
        let fill = crate::answer_sheet::fill;
        fill(&mut sheets, &format!("{refused}件1项"), &[("办理结果", "不予录入"), ("原因", "佐证不足")]);
        fill(&mut sheets, &format!("{done}件1项"), &[("办理结果", "已录入")]);
        let filled = both.post.path().join("县里填好的.xlsx");
        crate::village::write::xlsx(&filled, &sheets);
        let taken = match at_county {
            true => both.at_county(&["--json", "changes", "answer", "--sheet", path(&filled)]),
            false => both.at_village(&["--json", "changes", "accept-receipt", path(&filled)]),
        };
        assert_eq!(taken.code, 0, "{}{}", taken.out, taken.err);
        if at_county {
            assert_eq!(both.accept(&both.receipt("receipt.zip")).code, 0);
        }
        let state =
            |home: &std::path::Path, number| both.states(home).into_iter().find(|(n, _)| *n == number).unwrap().1;
        assert_eq!((&*state(&village, refused), &*state(&village, done)), ("refused", "taken"));
        // What the village took in itself reaches the county with its next set, where only the county's own word counts:
        // what it signs then stands before the workbook.
        if !at_county {
            assert_eq!(both.apply(&both.export().1).code, 0);
            assert_eq!((&*state(&county, refused), &*state(&county, done)), ("exported", "exported"));
            let said =
                both.at_county(&["changes", "answer", &refused.to_string(), "--refuse", "--reason", "no_evidence"]);
            assert_eq!(said.code, 0, "{}", said.err);
            assert_eq!(both.accept(&both.receipt("after.zip")).code, 0);
            assert_eq!((&*state(&village, refused), &*state(&village, done)), ("refused", "taken"));
        }
        assert_eq!((&*state(&county, refused), &*state(&county, done)), ("refused", "taken"));
        let again = both.at_village(&["--json", "changes", "accept-receipt", path(&filled)]);
        assert_eq!((again.code, &again.json()["sheets"][0]["number"]), (0, &json!(null)), "twice is once");
    }
}

#[test]
fn an_apply_that_is_killed_has_taken_each_set_whole_or_not_at_all() {
    let both = Both::new();
    let mut files = vec![both.export().1];
    for nth in 0..6 {
        both.edit(both.village.dir.path(), FIRST, "address", "group", format!("{nth}组"));
        files.push(both.export().1);
    }
    let words: Vec<&str> =
        ["--json", "changes", "apply"].into_iter().chain(files.iter().map(|file| path(file))).collect();
    assert_eq!(both.apply(&files[0]).code, 0);
    for delay in [1, 3, 5, 8, 12, 18, 25, 40] {
        let mut apply = crate::commands::command_by(&both.county_home(), Some("周敏"), &words);
        let mut child = apply.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(delay));
        let _ = child.kill();
        child.wait().unwrap();
        let verified = both.at_county(&["--json", "verify"]);
        assert_eq!((verified.code, &verified.json()["ok"]), (0, &json!(true)), "{}{}", verified.out, verified.err);
    }
    assert_eq!(both.at_county(&words).code, 0);
    both.assert_same_files();
}

#[test]
fn what_both_changed_is_listed_and_settled_on_the_command_line() {
    for keep in ["county", "village"] {
        let both = Both::new();
        assert_eq!(both.apply(&both.export().1).code, 0);
        let (village, county) = (both.village.dir.path().to_owned(), both.county_home());
        both.edit(&county, FIRST, "address", "group", "9组");
        both.edit(&village, FIRST, "address", "group", "3组");
        assert_eq!(both.apply(&both.export().1).code, 3);
        let listed = both.at_county(&["--json", "changes", "conflicts"]).json();
        assert_eq!(listed.as_array().unwrap().len(), 1);
        assert_eq!(
            (&listed[0]["slot"], &listed[0]["before"], &listed[0]["here"], &listed[0]["there"]),
            (&json!("address.group"), &json!("1组"), &json!("9组"), &json!("3组"))
        );
        assert_eq!(both.at_county(&["changes", "settle", FIRST, "address.hamlet", "--keep", keep]).code, 1);
        assert_eq!(both.at_county(&["changes", "settle", FIRST, "address", "--keep", keep]).code, 2);
        let settled = both.at_county(&["--json", "changes", "settle", FIRST, "address.group", "--keep", keep]);
        assert_eq!((settled.code, &settled.json()["left"]), (0, &json!(0)), "{}{}", settled.out, settled.err);
        assert_eq!(both.at_county(&["--json", "changes", "conflicts"]).json(), json!([]));
        both.accept(&both.receipt("settled.zip"));
        let shown = both.at_village(&["--json", "show", FIRST]).json()["sections"].to_string();
        assert!(shown.contains(if keep == "county" { "9组" } else { "3组" }), "{keep}: {shown}");
    }
}

#[test]
fn a_receipt_answers_what_was_answered_and_the_rest_only_where_that_is_said() {
    let both = Both::new();
    assert_eq!(both.apply(&both.export().1).code, 0);
    let first = both.edit(both.village.dir.path(), FIRST, "address", "group", "3组")["change"].as_u64().unwrap();
    let second = both.edit(both.village.dir.path(), SECOND, "address", "group", "4组")["change"].as_u64().unwrap();
    assert_eq!(both.apply(&both.export().1).code, 0);
    let file = both.post.path().join("r.zip");
    let receipt =
        |more: &[&str]| both.at_county(&[&["--json", "changes", "receipt", "--out", path(&file)], more].concat());
    let none = receipt(&[]);
    assert_eq!(
        (none.code, &none.json()["set"], &none.json()["unanswered"]),
        (0, &json!(null), &json!(2)),
        "{}",
        none.out
    );
    assert!(!file.exists());
    assert_eq!(both.at_county(&["changes", "answer", &first.to_string()]).code, 0);
    let one = receipt(&[]);
    assert_eq!((one.code, &one.json()["taken"], &one.json()["unanswered"]), (0, &json!(1), &json!(1)), "{}", one.out);
    assert_eq!(both.accept(&file).code, 0);
    let state = |number| both.states(both.village.dir.path()).into_iter().find(|(n, _)| *n == number).unwrap().1;
    assert_eq!((&*state(first), &*state(second)), ("taken", "exported"));
    let rest = receipt(&["--rest-taken"]);
    assert_eq!((&rest.json()["unanswered"], rest.code), (&json!(0), 0), "{}", rest.out);
    assert_eq!(both.accept(&file).code, 0);
    assert_eq!((&*state(first), &*state(second)), ("taken", "taken"));
}

#[test]
fn a_refused_change_goes_out_again_unaltered_with_its_paper_and_is_taken() {
    let both = Both::new();
    let (_, set) = both.export();
    assert_eq!(both.apply(&set).code, 0);
    let (village, county) = (both.village.dir.path().to_owned(), both.county_home());
    let record = |evidence: Option<&str>| {
        let mut form = json!({"form": "edit", "household": FIRST, "happened_on": "2022-11-15",
            "changes": [{"section": "income", "field": "wages", "new": 2_750_000}]});
        if let Some(evidence) = evidence {
            form["changes"][0]["evidence"] = json!(evidence);
        }
        let words = ["--json", "record", "-"];
        let ran = super::run_as(&village, "李桂枝", "coordinator", &words, form.to_string().as_bytes());
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        ran.json()["accepted"][0]["change"].as_u64().unwrap()
    };
    let state = |number: u64, home: &std::path::Path| {
        both.states(home).into_iter().find(|(n, _)| *n == number).map(|(_, state)| state)
    };
    let bare = record(None);
    let (_, set) = both.export();
    assert_eq!(both.apply(&set).code, 0);
    let words = ["--json", "changes", "answer", &bare.to_string(), "--refuse", "--reason", "no_evidence"];
    assert_eq!(both.at_county(&words).code, 0);
    assert_eq!(both.accept(&both.receipt("receipt.zip")).code, 0);
    assert_eq!(state(bare, &village).as_deref(), Some("refused"));
    let due =
        || both.at_village(&["--json", "due"]).json().as_array().unwrap().iter().any(|it| it["code"] == "refused");
    assert!(due());
    // The figure is right: only the paper comes with it.
    let with_paper = record(Some("工资流水"));
    assert!(with_paper > bare && !due(), "the paper sees to the refusal");
    let list = both.at_village(&["--json", "changes", "list", "--pending"]).json();
    let line = list.as_array().unwrap().iter().find(|it| it["number"] == with_paper).unwrap().clone();
    assert_eq!(
        (&line["old"], &line["new"], &line["evidence_only"]),
        (&json!(2_750_000), &json!(2_750_000), &json!(true))
    );
    let (_, set) = both.export();
    assert_eq!(both.apply(&set).code, 0);
    let words = ["--json", "changes", "answer", &with_paper.to_string()];
    assert_eq!(both.at_county(&words).code, 0);
    assert_eq!(both.accept(&both.receipt("second.zip")).code, 0);
    for home in [&village, &county] {
        assert_eq!(state(with_paper, home).as_deref(), Some("taken"));
    }
    assert!(!due());
    both.assert_same_files();
}
