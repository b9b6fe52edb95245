//! The command line as the county scripts it: the real program, run on a home of its own.

mod bad_input;
mod check;
mod contract;
mod due;
mod evidence;
mod exemptions;
mod guards;
mod identity;
mod income;
mod kills;
mod overlay;
mod read_set;
mod review;
mod withdraw;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value as Json, json};

use crate::home::Home;

pub const DAY: &str = "2022-11-20";

const FAMILIES: [&str; 3] = [
    "address.national_number=4199991012010001 address.group=1组 class.class=脱贫户 members.1.name=张三 \
     members.1.relation=户主 members.1.id_number=41999919610302001X members.1.phone=13812344321 \
     members.1.labour=普通劳动力 income.per_person=9000 income.wages=26000 address.phone=13812344321 \
     members.2.name=张小军 members.2.relation=之子 members.2.person_number=419999101201000102",
    "address.national_number=4199991012010002 address.group=2组 class.class=一般农户 case.target=边缘易致贫户 \
     case.eliminated=否 members.3.name=李四 members.3.relation=户主",
    "address.group=10组 class.class=一般农户 members.4.name=王五 members.4.relation=户主 members.4.labour=无劳动力",
];

/// What a run of the program came to.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// The one document that was printed.
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.out, self.err))
    }
}

/// A village of three households that commands are tried on.
pub fn village() -> Home {
    Home::of("2022-10-10", &FAMILIES)
}

/// The program with these words, on a home, on the day.
pub fn command(home: &Path, words: &[&str]) -> Command {
    command_by(home, Some("李桂枝"), words)
}

/// The same with somebody at the keyboard, or with nobody.
pub fn command_by(home: &Path, who: Option<&str>, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hudang"));
    for name in ["HUDANG_HOME", "HUDANG_TODAY", "HUDANG_DATA"] {
        command.env_remove(name);
    }
    command.arg("--home").arg(home).args(["--today", DAY]).args(words);
    if let Some(who) = who {
        command.args(["--as", who]);
    }
    command
}

/// Runs it to its end.
pub fn run(home: &Path, words: &[&str]) -> Ran {
    run_with(home, words, b"")
}

/// Runs it with something on standard input.
pub fn run_with(home: &Path, words: &[&str], input: &[u8]) -> Ran {
    run_by(home, "李桂枝", words, input)
}

/// The same by somebody else.
pub fn run_by(home: &Path, who: &str, words: &[&str], input: &[u8]) -> Ran {
    let mut command = command_by(home, Some(who), words);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    // It may not care to read.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().expect("it was not killed"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// An edit of one field of a household.
pub fn edit(id: Option<&str>, household: &str, section: &str, field: &str, new: impl Into<Json>) -> Json {
    let mut form = json!({"form": "edit", "household": household, "happened_on": "2022-11-15", "seen_on": DAY,
        "evidence": "本人说", "changes": [{"section": section, "field": field, "new": new.into()}]});
    if let Some(id) = id {
        form["id"] = id.into();
    }
    form
}
