//! The workstation is killed while somebody types. What the screen had said is done is done, and of a form that was
//! being filled at most the field being typed is gone.

use std::time::Duration;

use hudang::workspace::Workspace;

use super::pty::{Answers, Pty};
use crate::home::Home;
use crate::store_model::Random;

const DAY: &str = "2022-11-08";
/// How many households there are to visit, and how many kills a village lives through.
const HOUSEHOLDS: usize = 24;
const KILLS_A_VILLAGE: usize = 10;

const F2: &str = "\x1bOQ";
const F4: &str = "\x1bOS";

#[test]
fn a_killed_session_loses_at_most_a_field() {
    println!("{}", kill(6, 1));
}

#[test]
#[ignore = "long: as many kills as HUDANG_TEST_KILLS says, 2000 without it"]
fn many_killed_sessions_lose_at_most_a_field() {
    let kills = std::env::var("HUDANG_TEST_KILLS").map_or(2000, |text| text.parse().unwrap());
    println!("{}", kill(kills, 2));
}

/// The line drops, or the window is closed, in the middle of a field: it is kept, and the program ends by itself.
#[test]
fn a_dropped_line_keeps_the_field_in_hand() {
    let home = village();
    let path = home.dir.path().to_str().unwrap();
    let command = [env!("CARGO_BIN_EXE_hudang"), "--home", path, "--today", DAY, "--as", "李桂枝"];
    let mut pty = Pty::start(command, &[("LANG", "C.UTF-8")], (80, 24), Answers::Rightly);
    pty.wait_for("今日").send(F4).wait_for("走访 ·");
    pty.send("!西屋漏雨\r村委会").wait_for("村委会").signal("HUP").wait_for_end();
    let drafts = home.open(DAY).drafts();
    let said = serde_json::to_string(&drafts[0].filled.items).unwrap();
    assert!(said.contains("西屋漏雨") && said.contains("村委会"), "{said}");
    let mut pty = Pty::start(command, &[("LANG", "C.UTF-8")], (80, 24), Answers::Rightly);
    pty.wait_for("1份没存").send("\r").wait_for("村委会").signal("KILL");
}

#[derive(Debug, Default)]
struct Tally {
    kills: usize,
    visits: usize,
    with_draft: usize,
    answers: usize,
    lost: usize,
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { kills, visits, with_draft, answers, lost } = self;
        write!(
            f,
            "{kills} sessions killed; {visits} visits finished, {answers} answers seen in {with_draft} unfinished \
             forms, {lost} of them not in the draft"
        )
    }
}

/// What the screen showed last.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    /// Which household of the round this is, from 1.
    turn: usize,
    /// The head's name.
    head: String,
    /// How many of the items on the screen are answered.
    answered: usize,
}

fn kill(kills: usize, seed: u64) -> Tally {
    let mut random = Random::new(seed);
    let mut tally = Tally::default();
    while tally.kills < kills {
        let home = village();
        let mut done = 0;
        for _ in 0..KILLS_A_VILLAGE.min(kills - tally.kills) {
            let seen = session(&home, &mut random);
            tally.kills += 1;
            let workspace = home.open(DAY);
            let visits = workspace.month().unwrap().visits.done;
            let verified = workspace.store().verify(&mut hudang::progress::Unwatched).unwrap();
            assert!(verified.ok, "seed {seed}: {:?}", verified.problems);
            assert!(visits >= done, "seed {seed}: {visits} visits, and there were {done}");
            done = visits;
            let Some(seen) = seen else { continue };
            assert!(visits + 1 >= seen.turn, "seed {seed}: {visits} visits are there, and the screen said {seen:?}");
            // The visit may have been finished before the screen could say so.
            if seen.turn == visits + 1 && seen.answered > 0 {
                let kept = kept(&workspace, &seen.head);
                assert!(
                    kept + 1 >= seen.answered,
                    "seed {seed}: {kept} answers are kept, and the screen said {seen:?}"
                );
                tally.with_draft += 1;
                tally.answers += seen.answered;
                tally.lost += seen.answered.saturating_sub(kept);
            }
        }
        tally.visits += done;
    }
    tally
}

fn village() -> Home {
    let families: Vec<String> = (1..=HOUSEHOLDS)
        .map(|nth| {
            format!(
                "address.group={}组 class.class=脱贫户 members.{nth}.name=户主{nth} members.{nth}.relation=户主 \
                 income.per_person=9000",
                nth / 5 + 1
            )
        })
        .collect();
    Home::of("2022-10-08", &families.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Opens the round, types at it, and kills it; gives what the screen showed then.
fn session(home: &Home, random: &mut Random) -> Option<Seen> {
    let path = home.dir.path().to_str().unwrap();
    let command = [env!("CARGO_BIN_EXE_hudang"), "--home", path, "--today", DAY, "--as", "李桂枝"];
    let mut pty = Pty::start(command, &[("LANG", "C.UTF-8")], (80, 24), Answers::Rightly);
    pty.wait_for("今日").send(F4).wait_for("走访 ·");
    for _ in 0..random.below(30) {
        match random.below(12) {
            0..7 => pty.send("="),
            7..9 => pty.send("A").send(F2),
            9 => pty.send("!西屋漏雨\r村委会").send(F2),
            10 => pty.send("-锁着门").send(F2),
            // A field that is being typed, and the end.
            _ => {
                pty.send("!灶房屋顶");
                break;
            }
        };
        std::thread::sleep(Duration::from_micros(random.below(80_000)));
    }
    let screen = pty.signal("KILL").wait_until_closed().contents();
    seen(&screen)
}

fn seen(screen: &str) -> Option<Seen> {
    let title = screen.lines().next()?;
    let head = title.split("走访 · ").nth(1)?.split(' ').next()?.to_owned();
    let turn = title.split('第').nth(1)?.split('/').next()?.parse().ok()?;
    let items = screen.lines().filter(|line| {
        let number = line.trim_start_matches(['▸', ' ']).split(' ').next().unwrap_or_default();
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    let is_answered = |line: &&str| ["与档一致", "问题：", "没看到"].iter().any(|words| line.contains(words));
    Some(Seen { turn, head, answered: items.filter(is_answered).count() })
}

/// How many items the draft of a household's visit has.
fn kept(workspace: &Workspace, head: &str) -> usize {
    let drafts = workspace.drafts();
    let of_head = drafts
        .iter()
        .filter(|draft| workspace.households().get(draft.household).is_some_and(|summary| &*summary.head == head));
    of_head.map(|draft| draft.filled.items.len()).sum()
}
