//! All checks, over a village of 1,000 households and over a county of 120,000, on one core and on two; one household
//! checked again after an edit. Beside them, ten of the checks as plain Python functions over the same rows in memory.
//!
//! A county's households are the village's, over and over: what a check costs does not depend on whose row it is. With
//! `cargo bench --bench checks -- 120000` the command itself runs over a county's store as well.

mod shared;

use std::hint::black_box;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use hudang::checks::{Checks, How, Rows};
use hudang::domain::field::{case, medical, members, schooling, work};
use hudang::domain::{HouseholdFile, HouseholdId, Name, Slot};
use hudang::rules::check::village::{Village, keys};
use hudang::rules::check::{self, Case, Sheet};
use hudang::rules::{Look, standing};
use hudang::workspace::Workspace;
use serde_json::{Value as Json, json};
use shared::measure::{median, ms, timed, watched};
use shared::{made, sizes};

const VILLAGE: usize = 1_000;
const COUNTY: usize = 120_000;
const ROUNDS: usize = 9;

/// How many files are laid out together, as the program does it.
const CHUNK: usize = 256;

/// Ten checks of persons, as benches/checks.py has them.
const TEN: &str = r#"
label = "ten"
each = "person"
severity = "error"
check = [
  { id = "t1",  when = "members.relation empty", says = "x" },
  { id = "t2",  when = "members.nationality empty", says = "x" },
  { id = "t3",  when = "members.labour empty", says = "x" },
  { id = "t4",  when = "age < 16 and members.labour in (普通劳动力, 技能劳动力, 弱劳动力或半劳动力)", says = "x" },
  { id = "t5",  when = "healthy and age >= 16 and age <= 59 and not student and members.labour in (丧失劳动力, 无劳动力)", says = "x" },
  { id = "t6",  when = "medical.resident_medical = 否 and medical.employee_medical = 否", says = "x" },
  { id = "t7",  when = "medical.resident_medical = 是 and medical.employee_medical = 是", says = "x" },
  { id = "t8",  when = "members.education filled and schooling.student_state filled", says = "x" },
  { id = "t9",  when = "work.post filled and age >= 70", says = "x" },
  { id = "t10", when = "income.per_person < 6900 and not T", says = "x" },
]
"#;

fn main() {
    let home = made::inhabited(VILLAGE);
    let workspace = made::open(home.path());
    let ids: Vec<HouseholdId> = workspace.households().iter().map(|summary| summary.id).collect();
    let files: Vec<HouseholdFile> = ids.iter().map(|id| workspace.file(*id).expect("a file")).collect();
    let look = workspace.look();
    let people: usize = files.iter().map(|file| look.at(file).household.members().count()).sum();
    let checks = look.checks.all.len();
    let conditions = look.checks.all.iter().filter(|check| matches!(check.how, How::When(_))).count();
    println!("{} households, {people} people, {checks} checks, {conditions} of them conditions", files.len());
    village(look, &files);
    county(look, &files, people);
    again(&workspace, look, &files);
    ratio(&workspace, look, &files, people);
    for households in sizes(&[]) {
        command(households);
    }
}

fn sheets<'a>(look: Look<'a>, files: &'a [HouseholdFile]) -> Vec<Sheet> {
    files.chunks(CHUNK).map(|chunk| Sheet::of(look, chunk.iter())).collect()
}

fn conditions_over(look: Look<'_>, sheets: &[Sheet]) -> usize {
    let mut found = 0;
    sheets.iter().for_each(|sheet| check::of_sheet(look, sheet, |_, _| found += 1));
    found
}

fn times(mut work: impl FnMut() -> usize) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS).map(|_| timed(&mut work)).collect();
    median(&mut times)
}

fn village(look: Look<'_>, files: &[HouseholdFile]) {
    let laid_out = sheets(look, files);
    let layout = times(|| sheets(look, files).len());
    let conditions = times(|| conditions_over(look, &laid_out));
    let whole = times(|| whole(look, files));
    println!("1,000 households laid out in columns: {:.1} ms", ms(layout));
    println!("1,000 households, all conditions over the columns: {:.1} ms", ms(conditions));
    println!(
        "1,000 households from files to findings in words, rules of code and clocks included: {:.1} ms",
        ms(whole)
    );
}

/// From files to findings in words, as the program does it for a whole county.
fn whole(look: Look<'_>, files: &[HouseholdFile]) -> usize {
    let mut village = Village::default();
    for file in files {
        village.put_keys(file.id, keys(look.at(file)));
    }
    let mut found = 0;
    for chunk in files.chunks(CHUNK) {
        let standings: Vec<_> = chunk.iter().map(|file| standing::unchecked(look.at(file))).collect();
        let case = |(file, standing)| Case { looked: look.at(file), standing, unsent: &[], village: Some(&village) };
        let cases: Vec<Case<'_>> = chunk.iter().zip(&standings).map(case).collect();
        found += check::findings_of_each(&cases).iter().map(Vec::len).sum::<usize>();
    }
    found
}

fn county(look: Look<'_>, files: &[HouseholdFile], people: usize) {
    let laid_out = sheets(look, files);
    let times_over = COUNTY / files.len();
    let on = |cores: usize, work: &(dyn Fn() -> usize + Sync)| {
        timed(|| {
            thread::scope(|scope| {
                for core in 0..cores {
                    let share = times_over / cores + usize::from(core < times_over % cores);
                    scope.spawn(move || (0..share).map(|_| black_box(work())).sum::<usize>());
                }
            });
        })
    };
    let conditions: &(dyn Fn() -> usize + Sync) = &|| conditions_over(look, &laid_out);
    let from_files: &(dyn Fn() -> usize + Sync) = &|| conditions_over(look, &sheets(look, files));
    let in_words: &(dyn Fn() -> usize + Sync) = &|| whole(look, files);
    println!("{COUNTY} households, {} people:", people * times_over);
    for (what, work) in [
        ("all conditions, rows in memory", conditions),
        ("files laid out, then all conditions", from_files),
        ("from files to findings in words", in_words),
    ] {
        let (one, two) = (on(1, work), on(2, work));
        println!("  {what}: {:.2} s on one core, {:.2} s on two", one.as_secs_f64(), two.as_secs_f64());
    }
}

fn again(workspace: &Workspace, look: Look<'_>, files: &[HouseholdFile]) {
    let mut village = Village::default();
    for file in files {
        village.put(look.at(file));
    }
    let mut each: Vec<Duration> = files
        .iter()
        .map(|file| {
            timed(|| {
                let touched = village.put(look.at(file));
                let standing = standing::of(look, file);
                let case = Case { looked: look.at(file), standing: &standing, unsent: &[], village: Some(&village) };
                (touched.len(), check::hits_by_others(case).len())
            })
        })
        .collect();
    println!("one household again after an edit: {:.3} ms", ms(median(&mut each)));
    let mut shown: Vec<Duration> =
        files.iter().map(|file| timed(|| workspace.findings(file.id).map_or(0, |found| found.len()))).collect();
    println!("its findings in words, read from the store: {:.3} ms", ms(median(&mut shown)));
}

fn ratio(workspace: &Workspace, look: Look<'_>, files: &[HouseholdFile], people: usize) {
    let definitions = workspace.definitions();
    let data = hudang::data::Data::only("checks/ten.toml", TEN);
    let ten = Checks::load(&data, &definitions.catalogue, &definitions.layers).expect("ten checks");
    assert!(ten.all.iter().all(|check| check.each == Rows::Person));
    let look = Look { checks: &ten, ..look };
    let laid_out = sheets(look, files);
    let mut found = 0;
    let ours = times(|| {
        found = conditions_over(look, &laid_out);
        found
    });
    let each = |time: Duration| time.as_secs_f64() * 1e9 / (people * 10) as f64;
    println!("ten checks of persons, rows in memory: {:.2} ns a person and check, {found} found", each(ours));
    match python(look, files) {
        Some((theirs, theirs_found)) => println!(
            "the same in Python: {:.0} ns a person and check, {theirs_found} found; {:.0} times ours",
            each(theirs),
            theirs.as_secs_f64() / ours.as_secs_f64()
        ),
        None => println!("there is no python3 here to compare with"),
    }
}

/// How long one pass in Python takes, the quickest of three, and what it finds.
fn python(look: Look<'_>, files: &[HouseholdFile]) -> Option<(Duration, usize)> {
    let rows = Json::Array(files.iter().flat_map(|file| rows(look, file)).collect()).to_string();
    let one = || {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/checks.py");
        let mut child =
            Command::new("python3").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
        std::io::Write::write_all(&mut child.stdin.take()?, rows.as_bytes()).ok()?;
        let told = String::from_utf8(child.wait_with_output().ok()?.stdout).ok()?;
        let (seconds, found) = told.trim().split_once(' ')?;
        Some((Duration::from_secs_f64(seconds.parse().ok()?), found.parse().ok()?))
    };
    (0..3).filter_map(|_| one()).min_by_key(|(time, _)| *time)
}

fn rows(look: Look<'_>, file: &HouseholdFile) -> Vec<Json> {
    let household = look.at(file).household;
    let shown = |section: Name, row: u32, field: Name| {
        let slot = Slot { section, row, field };
        Some(look.catalogue.show(look.catalogue.in_slot(slot)?, file.get(slot)?))
    };
    let yes = |section, row, field| shown(section, row, field).map(|word| word == "是");
    let per_person = household.income().typed.map(|money| money.0 as f64 / 100.0);
    let row = |id: u32, age: Option<i32>| {
        json!({
            "relation": shown(members::SECTION, id, members::RELATION),
            "nationality": shown(members::SECTION, id, Name::new("nationality")),
            "labour": shown(members::SECTION, id, members::LABOUR),
            "education": shown(members::SECTION, id, members::EDUCATION),
            "health": shown(members::SECTION, id, members::HEALTH),
            "age": age,
            "state": shown(schooling::SECTION, id, schooling::STUDENT_STATE),
            "resident": yes(medical::SECTION, id, medical::RESIDENT_MEDICAL),
            "employee": yes(medical::SECTION, id, medical::EMPLOYEE_MEDICAL),
            "post": shown(work::SECTION, id, work::POST),
            "per_person": per_person,
            "target": shown(case::SECTION, 0, case::TARGET),
        })
    };
    household.members().map(|member| row(member.id.0, member.age_on(look.day))).collect()
}

/// The command over a county's store.
fn command(households: usize) {
    let home = made::inhabited(households);
    let home = home.path().display().to_string();
    let mut check = Command::new(env!("CARGO_BIN_EXE_hudang"));
    check.args(["--home", &home, "--today", made::DAY, "--json", "check"]).stdout(Stdio::null()).stderr(Stdio::null());
    let (time, most) = watched(&mut check);
    println!("hudang check over {households} households: {:.1} s, {most} MB", time.as_secs_f64());
}
