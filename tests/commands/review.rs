//! `hudang review`: the queue for scripts, and the first secretary's two words.

use serde_json::{Value as Json, json};

use super::{Ran, command_by, edit, run, run_with, village};
use crate::home::Home;

const FIRST: &str = "4199991012010001";
const SECOND: &str = "4199991012010002";

fn secretary(home: &Home, words: &[&str]) -> Ran {
    let words = [&["--json", "--role", "secretary", "review"], words].concat();
    let output = command_by(home.dir.path(), Some("周明"), &words).output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn states(ran: &Ran) -> Vec<(String, String)> {
    let text = |json: &Json| json.as_str().unwrap().to_owned();
    let queue = ran.json()["queue"].as_array().unwrap().clone();
    queue.iter().map(|line| (text(&line["household"]), text(&line["state"]))).collect()
}

#[test]
fn the_queue_is_listed_approved_and_returned() {
    let home = village();
    let path = home.dir.path();
    assert_eq!(run(path, &["--json", "review"]).json(), json!({"needed": false, "own": [], "queue": []}));
    let forms = json!([edit(None, FIRST, "income", "wages", 2_700_000), edit(None, SECOND, "income", "wages", 100)]);
    assert_eq!(run_with(path, &["record", "-"], forms.to_string().as_bytes()).code, 0);
    let listed = run(path, &["--json", "review"]);
    assert_eq!(
        listed.json()["queue"][0],
        json!({"household": FIRST, "head": "张三", "state": "waiting", "changes": 1, "sections": ["income"],
            "by": ["李桂枝"], "late": false, "open_findings": listed.json()["queue"][0]["open_findings"],
            "remark": null, "held": null})
    );
    let refused = run(path, &["review", "--approve", FIRST]);
    assert!(refused.code == 1 && refused.err.contains("第一书记"), "{}", refused.err);
    assert_eq!(secretary(&home, &["--return", SECOND]).code, 2, "a remark is needed");
    assert_eq!(secretary(&home, &["--return", SECOND, "--remark", " "]).code, 2);
    assert_eq!(secretary(&home, &["--approve", SECOND, "--return", SECOND, "--remark", "x"]).code, 2);
    assert_eq!(secretary(&home, &["--approve", "4199991012019999"]).code, 1);
    let said = secretary(&home, &["--approve", FIRST, "--return", SECOND, "--remark", "工资条呢"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let expected = [(SECOND, "returned"), (FIRST, "approved")].map(|(id, state)| (id.to_owned(), state.to_owned()));
    assert_eq!(states(&said), expected);
    assert_eq!(
        (&said.json()["queue"][0]["remark"], &said.json()["queue"][0]["held"]),
        (&json!("工资条呢"), &json!("returned"))
    );
    let text = run(path, &["review"]).out;
    assert!(text.contains("已退回") && text.contains("工资条呢") && text.contains("共2户"), "{text}");
}

#[test]
fn her_own_entries_are_named_and_not_approved() {
    let home = village();
    let form = edit(None, FIRST, "income", "wages", 2_700_000).to_string();
    let file = home.dir.path().join("form.json");
    std::fs::write(&file, form).unwrap();
    let words = ["--role", "secretary", "record", file.to_str().unwrap()];
    assert!(command_by(home.dir.path(), Some("周明"), &words).output().unwrap().status.success());
    let said = secretary(&home, &["--approve", FIRST]);
    assert_eq!((said.code, &said.json()["own"]), (3, &json!([FIRST])));
    assert_eq!(states(&said), [(FIRST.to_owned(), "own".to_owned())]);
}
