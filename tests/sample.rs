//! The sample village: made by `cargo test --test main sample::make -- --ignored`, which writes `data/sample/`.
//!
//! Everything in it is invented. It is a script of days: rosters taken in, forms recorded as `hudang record` takes them,
//! one change set handed over, and a later roster that contradicts two edits. What it is there for is asserted below.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json, json};

use hudang::domain::{Author, Clock, Household, HouseholdFile, Role, Summary};
use hudang::forms::sample::SampleFor;
use hudang::progress::Unwatched;
use hudang::workspace::ids::Ids;
use hudang::workspace::import::RosterImport;
use hudang::workspace::{NewVillage, Options, Recorded, Workspace};

use crate::village::Village;
use crate::village::random::Random;
use crate::village::sheets::{self, Cell};
use crate::village::write::csv_text;

const CODE: &str = "419999102208";
const NAME: &str = "杏花村";
const DAY: &str = "2022-11-20";
const COORDINATOR: &str = "李桂枝";

/// Writes the script while it lives it, so that each day's forms are made from the files as they then are.
struct Maker {
    folder: PathBuf,
    home: tempfile::TempDir,
    random: Random,
    steps: Vec<Json>,
}

impl Maker {
    fn open(&self, day: &str) -> Workspace {
        let options = Options {
            home: self.home.path().to_owned(),
            clock: Clock::stopped(format!("{day}T09:00:00+08:00").parse().unwrap()),
            ids: Ids::Counted(self.steps.len() as u64 * 1_000),
            author: Some(Author { name: COORDINATOR.into(), role: Role::Coordinator }),
            village: None,
            overlay: None,
        };
        if hudang::store::Store::exists(self.home.path()) {
            return Workspace::open(options, &mut Unwatched).unwrap().0;
        }
        let new = NewVillage { scope: CODE.into(), name: NAME.into(), policy: Some("henan-2022".into()) };
        Workspace::create(options, &new).unwrap()
    }

    fn step(&mut self, day: &str, what: &str, content: Json) {
        self.steps.push(json!({"on": day, "by": COORDINATOR, what: content}));
    }

    fn import(&mut self, day: &str, files: &[(&str, String)]) {
        for (name, text) in files {
            std::fs::write(self.folder.join(name), text).unwrap();
        }
        let files: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        let paths = files.iter().map(|name| self.folder.join(name)).collect();
        let import = RosterImport { files: paths, ..RosterImport::default() };
        self.open(day).import_rosters(&import, &mut Unwatched).unwrap();
        self.step(day, "import", json!(files));
    }

    fn record(&mut self, day: &str, forms: Vec<Json>) {
        let mut workspace = self.open(day);
        for (nth, form) in forms.iter().enumerate() {
            let recorded = workspace.record(form).unwrap();
            assert!(matches!(recorded, Recorded::Accepted { .. }), "{day} {nth} {form}: {recorded:?}");
        }
        drop(workspace);
        self.step(day, "record", json!(forms));
    }

    fn hand_over(&mut self, day: &str) {
        self.open(day).export(&self.home.path().join("sets"), None, false).unwrap().unwrap();
        self.step(day, "hand_over", json!("sets"));
    }

    /// The open households of a day with their files.
    fn files(&self, day: &str, keep: impl Fn(&Workspace, &Summary) -> bool) -> Vec<HouseholdFile> {
        let workspace = self.open(day);
        let kept = workspace.households().iter().filter(|summary| !summary.closed && keep(&workspace, summary));
        kept.map(|summary| workspace.file(summary.id).unwrap()).collect()
    }
}

fn number(file: &HouseholdFile) -> String {
    Household::of(file).number()
}

/// The number of a member who satisfies something.
fn member(file: &HouseholdFile, keep: impl Fn(&hudang::domain::Member<'_>) -> bool) -> Option<String> {
    Household::of(file).members().find(|member| keep(member)).map(|member| member.number())
}

fn visit(file: &HouseholdFile, day: &str, changed: &[(&str, Json)], more: Json) -> Json {
    let mut items: Map<String, Json> =
        (1..=15).map(|item| (format!("V{item:02}"), json!({"answer": "as_on_file", "agree": null}))).collect();
    for item in ["V02", "V07", "V08", "V10", "V11"] {
        items[item]["agree"] = json!(true);
    }
    items.extend(changed.iter().map(|(item, answer)| ((*item).to_owned(), answer.clone())));
    let mut form = json!({
        "form": "visit", "household": number(file), "date": day, "visitors": [COORDINATOR], "items": items,
    });
    form.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    form
}

fn edit(file: &HouseholdFile, happened: &str, evidence: &str, changes: Json) -> Json {
    json!({"form": "edit", "household": number(file), "happened_on": happened, "evidence": evidence, "changes": changes})
}

/// A survey form as its sample has it, with answers of its own.
fn survey(workspace: &Workspace, form: &str, file: &HouseholdFile, answers: Json) -> Json {
    let definitions = workspace.definitions();
    let round = workspace.policy().round_on(workspace.today()).unwrap();
    let made_for = SampleFor {
        catalogue: &definitions.catalogue,
        day: workspace.today(),
        me: COORDINATOR,
        round: Some(round.id),
        asks: &round.asks,
    };
    let mut json = hudang::forms::sample::sample(definitions.forms.named(form).unwrap(), &made_for);
    json["household"] = json!(number(file));
    json.as_object_mut().unwrap().extend(answers.as_object().unwrap().clone());
    json
}

const LAST_YEAR: &str = "2021";

#[test]
#[ignore = "writes data/sample; run it to make the sample anew"]
fn make() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample");
    std::fs::create_dir_all(&folder).unwrap();
    let mut village = Village::invent(20_221_120, CODE, 38, 24);
    village.name = NAME;
    // A village whose clerk knows who still has policies, and in which some have had a hard year.
    for (nth, household) in village.households.iter_mut().enumerate() {
        if household.class == "脱贫户" {
            household.class = if nth % 5 == 0 { "脱贫户(不享受政策)" } else { "脱贫户(享受政策)" };
        }
        if nth % 8 == 3 {
            household.own_spending = 9_000 + 700 * nth as i64;
        }
    }
    let home = tempfile::tempdir().unwrap();
    let mut maker = Maker { folder, home, random: Random::new(8), steps: Vec::new() };

    maker.import(
        "2022-09-20",
        &[
            ("national.csv", csv_text(&sheets::national(&village))),
            ("jobs.csv", csv_text(&sheets::jobs(&village))),
            ("ledger.csv", csv_text(&sheets::ledger(&village))),
        ],
    );
    screen(&mut maker);
    visits_of_october(&mut maker);
    cards(&mut maker, "2022-10-20", LAST_YEAR, "2021-11-12");
    maker.hand_over("2022-11-04");
    visits_of_november(&mut maker);
    lives(&mut maker);
    cards(&mut maker, "2022-11-17", "2022", "2022-11-15");
    contradict(&mut maker, &village);

    let script = json!({
        "village": CODE, "name": NAME, "policy": "henan-2022", "day": DAY,
        "people": [
            {"name": COORDINATOR, "role": "coordinator"}, {"name": "王建国", "role": "secretary"},
            {"name": "张全福", "role": "surveyor"},
        ],
        "steps": maker.steps,
    });
    let mut text = serde_json::to_string_pretty(&script).unwrap();
    text.push('\n');
    std::fs::write(maker.folder.join("sample.json"), text).unwrap();
}

/// The autumn's round: screening forms for nearly all, verification forms for most who are in a group.
fn screen(maker: &mut Maker) {
    let days = ["2022-09-27", "2022-09-28", "2022-10-11", "2022-10-12", "2022-10-13", "2022-10-14"];
    let all = maker.files(days[0], |workspace, summary| workspace.standing(summary.id).unwrap().screening.counts());
    for (day, batch) in days.iter().zip(all.chunks(all.len().div_ceil(days.len()))) {
        let workspace = maker.open(day);
        let round = workspace.policy().round_on(workspace.today()).unwrap().clone();
        let mut forms = Vec::new();
        for file in batch {
            if maker.random.percent(8) {
                continue; // somebody is still without one
            }
            let proved = hudang::rules::groups::proved(workspace.look().at(file), &round.asks);
            let mut groups: Map<String, Json> =
                round.asks.iter().map(|group| (group.to_string(), json!({"yes": false, "fact": ""}))).collect();
            for proof in &proved {
                groups.insert(proof.group.to_string(), json!({"yes": true, "fact": proof.why}));
            }
            let opinion = if proved.is_empty() { "no_risk" } else { "to_verify" };
            let answers = json!({
                "groups": groups, "opinion": opinion, "education": "有保障", "medical": "有保障", "housing": "有保障",
                "water": "有保障", "signed_by_surveyor": true, "place": "家中",
            });
            forms.push(survey(&workspace, "screening", file, answers));
            if !proved.is_empty() && maker.random.percent(70) {
                let answers = json!({
                    "clue": "集中排查", "opinion": "no_risk", "why": "收入稳定，自付支出家里承担得起", "place": "家中",
                    "food_clothing": "有保障", "education": "有保障", "medical": "有保障", "housing": "有保障", "water": "有保障",
                    "groups": {}, "has_car": false, "has_house": false, "has_official": false, "has_company": false,
                });
                forms.push(survey(&workspace, "verification", file, answers));
            }
        }
        drop(workspace);
        maker.record(day, forms);
    }
}

/// October: everybody who must be visited was; two changes were seen and never entered.
fn visits_of_october(maker: &mut Maker) {
    let days = ["2022-10-03", "2022-10-05", "2022-10-07", "2022-10-08", "2022-10-09"];
    let due = maker.files(days[0], |workspace, summary| workspace.standing(summary.id).unwrap().due);
    for (at, (day, batch)) in days.iter().zip(due.chunks(due.len().div_ceil(days.len()))).enumerate() {
        let mut forms: Vec<Json> = Vec::new();
        for (nth, file) in batch.iter().enumerate() {
            let changed = match (at, nth) {
                (4, 1) => {
                    vec![("V01", json!({"answer": "changed", "what": "添了孙女，出生证还没办", "since": "2022-09-30"}))]
                }
                (4, 2) => vec![("V08", json!({"answer": "changed", "what": "改用自家水井", "since": "2022-10"}))],
                (2, 1) => vec![(
                    "V07",
                    json!({
                    "answer": "problem", "what": "厨房屋顶漏雨", "who": "村建办老周", "due": "2022-11-15"}),
                )],
                _ => Vec::new(),
            };
            forms.push(visit(file, day, &changed, json!({"place": "家中"})));
        }
        maker.record(day, forms);
    }
}

/// November: two thirds are done, with a little of everything.
fn visits_of_november(maker: &mut Maker) {
    let days = ["2022-11-05", "2022-11-07", "2022-11-08", "2022-11-09"];
    let due = maker.files(days[0], |workspace, summary| workspace.standing(summary.id).unwrap().due);
    let done = due.len() * 2 / 3;
    for (at, (day, batch)) in days.iter().zip(due[..done].chunks(done.div_ceil(days.len()))).enumerate() {
        let mut forms: Vec<Json> = Vec::new();
        for (nth, file) in batch.iter().enumerate() {
            let worker = member(file, |member| {
                member.work_place().is_none() && member.labour().is_some_and(|l| l.is("ordinary".into()))
            });
            let changed = match (at, nth) {
                (0, 0) => vec![(
                    "V02",
                    json!({
                    "answer": "changed", "what": "工资涨了", "since": "2022-10-06",
                    "edits": [{"section": "income", "field": "wages", "new": 4_860_000}]}),
                )],
                (0, 2) => vec![(
                    "V03",
                    json!({
                    "answer": "changed", "what": "户主住院", "since": "2022-10-21",
                    "edits": [{"section": "spending", "field": "spent_medical", "new": 1_200_000}]}),
                )],
                (1, 1) => match worker {
                    Some(worker) => vec![(
                        "V04",
                        json!({
                        "answer": "changed", "what": "到镇上车间干活", "since": "2022-11-01",
                        "edits": [{"section": "jobs", "person": worker, "add": {
                            "channel": "帮扶车间", "place": "乡(镇)内", "from": "2022-11", "monthly_wage": 260_000,
                            "employer": "示范镇服装加工车间"}}]}),
                    )],
                    None => Vec::new(),
                },
                (2, 0) => vec![(
                    "V14",
                    json!({
                    "answer": "problem", "what": "院里电线老化", "who": "村电工", "due": "2022-11-30"}),
                )],
                (2, 1) => vec![(
                    "V11",
                    json!({"answer": "problem", "what": "帮扶责任人两个月没来", "who": "驻村工作队", "due": "2022-11-18"}),
                )],
                (3, 0) => vec![("V08", json!({"answer": "not_looked", "why": "家里没人，电话问的"}))],
                _ => Vec::new(),
            };
            let more = match (at, nth) {
                (3, 0) => json!({"place": "电话"}),
                (_, 1) => json!({"place": "家中", "at_home": "户主", "time": "10:20"}),
                _ => json!({"place": "家中"}),
            };
            forms.push(visit(file, day, &changed, more));
        }
        maker.record(day, forms);
    }
    let others = maker.files("2022-11-10", |workspace, summary| !workspace.standing(summary.id).unwrap().due);
    let forms = others.iter().take(6).map(|file| visit(file, "2022-11-10", &[], json!({}))).collect();
    maker.record("2022-11-10", forms);
}

/// What happened in families since.
fn lives(maker: &mut Maker) {
    let files = maker.files("2022-11-12", |_, _| true);
    let mut left: Vec<&HouseholdFile> = files.iter().collect();
    let mut take = |keep: &dyn Fn(&HouseholdFile) -> bool| {
        let at = left.iter().position(|file| keep(file)).expect("such a household");
        left.remove(at)
    };
    let has = |file: &HouseholdFile, relation: &'static str| {
        member(file, |member| member.relation().is_some_and(|code| code.is(relation.into())))
    };
    let count = |file: &HouseholdFile| Household::of(file).members().count();

    let file =
        take(&|file| count(file) >= 3 && has(file, "spouse").is_some() && Household::of(file).relieved() == Some(true));
    let head = Household::of(file).head().map_or("", |head| head.name());
    let named = format!("{}雨萱", head.chars().next().unwrap_or('李'));
    let birth = json!({
        "form": "birth", "household": number(file), "date": "2022-10-12", "name": named, "sex": "女", "relation": "之女",
        "evidence": "出生证",
    });
    let file = take(&|file| count(file) == 2 && has(file, "spouse").is_some());
    let death = json!({
        "form": "death", "household": number(file), "date": "2022-11-06", "person": has(file, "head"),
        "new_head": has(file, "spouse"), "relations": {}, "evidence": "火化证",
    });
    maker.record("2022-11-12", vec![birth, death]);

    let grown = |file: &HouseholdFile| {
        let day = "2022-11-14".parse().unwrap();
        let of_age = |member: &hudang::domain::Member<'_>| {
            let child = member.relation().is_some_and(|code| code.is("son".into()) || code.is("daughter".into()));
            child && member.age_on(day).is_some_and(|age| age >= 20)
        };
        member(file, of_age)
    };
    let file = take(&|file| grown(file).is_some() && count(file) >= 3);
    let split = json!({
        "form": "split", "household": number(file), "date": "2022-11-10", "people": [grown(file)], "new_head": grown(file),
        "relations": {}, "heirs": {"case": {"0": "carry"}, "measures": {"1": "end"}}, "house_number": "26", "evidence": "户口簿",
    });
    let file = take(&|file| grown(file).is_some());
    let marriage = json!({
        "form": "marry_in", "household": number(file), "date": "2022-11-01", "name": "康桂燕", "sex": "女", "relation": "之儿媳",
        "id_number": crate::village::id_number("1998-05-17".parse().unwrap(), false, 77), "nationality": "汉族",
        "evidence": "结婚证",
    });
    maker.record("2022-11-14", vec![split, marriage]);

    let file = take(&|file| Household::of(file).relieved() == Some(true));
    let phone = edit(file, "2022-11-03", "", json!([{"section": "address", "field": "phone", "new": "13999990021"}]));
    let file = take(&|file| Household::of(file).target().is_some());
    let helper = edit(
        file,
        "2022-11-01",
        "镇里通知",
        json!([
        {"section": "helper", "field": "name", "new": "周建军"}, {"section": "helper", "field": "since", "new": "2022-11-01"}]),
    );
    let file = take(&|file| Household::of(file).target().is_some());
    let measure = edit(
        file,
        "2022-11-08",
        "到账短信",
        json!([
        {"section": "measures", "add": {"kind": "综合保障", "what": "临时救助", "amount": 200_000, "paid_on": "2022-11-08"}}]),
    );
    maker.record("2022-11-16", vec![phone, helper, measure]);
}

/// Three cards in four are on the wall, and some of those are last year's.
fn cards(maker: &mut Maker, entered: &str, year: &str, posted: &str) {
    let wanted = maker.files(entered, |workspace, summary| workspace.standing(summary.id).unwrap().card.counts());
    let forms: Vec<Json> = wanted
        .iter()
        .enumerate()
        .filter(|(nth, _)| nth % 4 != 3 && (nth % 6 == 4) == (year == LAST_YEAR))
        .map(|(_, file)| {
            edit(
                file,
                posted,
                "",
                json!([
                {"section": "card", "field": "year", "new": year},
                {"section": "card", "field": "posted_on", "new": posted},
                {"section": "card", "field": "notice", "new": true}]),
            )
        })
        .collect();
    maker.record(entered, forms);
}

/// The county's next export says otherwise in two fields that the village has edited too, and moves a third.
fn contradict(maker: &mut Maker, village: &Village) {
    let edited = maker.files("2022-11-18", |_, summary| summary.phone.as_deref() == Some("13999990021"));
    let helped = maker.files("2022-11-18", |workspace, summary| {
        let file = workspace.file(summary.id).unwrap();
        let helper =
            file.of_household("helper".into(), "name".into()).and_then(|value| value.as_text().map(str::to_owned));
        helper.as_deref() == Some("周建军")
    });
    let mut sheet = sheets::national(village);
    let rows: Vec<(usize, String)> = {
        let column = sheet.column("户编号");
        let text = |cell: &Cell| if let Cell::Text(text) = cell { text.clone() } else { String::new() };
        sheet.rows.iter().enumerate().map(|(row, cells)| (row, text(&cells[column]))).collect()
    };
    for (row, household) in rows {
        if household == number(&edited[0]) {
            sheet.set(row, "户联系电话", "13999990022");
        }
        if household == number(&helped[0]) {
            sheet.set(row, "帮扶责任人", "陈海涛");
        }
        if row == 0 {
            sheet.set(row, "文化程度", "高中");
        }
    }
    maker.import("2022-11-18", &[("national-later.csv", csv_text(&sheet))]);
}

#[test]
fn the_sample_has_something_for_every_screen() {
    let home = tempfile::tempdir().unwrap();
    let workspace = Workspace::sample(home.path(), &mut Unwatched).unwrap();
    assert_eq!(workspace.today().to_string(), DAY);
    let open = workspace.households().iter().filter(|summary| !summary.closed).count();
    assert!((55..=70).contains(&open), "{open} households");
    let month = workspace.month().unwrap();
    assert!(month.visits.done > 10 && month.visits.left() > 5, "{month:?}");
    assert!(month.other_visits.done > 0 && month.screening.left() > 0 && month.screening.done > 20, "{month:?}");
    assert!(month.verification.of > 0 && month.cards.left() > 0 && month.cards.done > 5, "{month:?}");
    assert!(month.stale_errors > 0 && month.tasks >= 3 && month.beside == 2, "{month:?}");
    assert!(month.pending > 10 && month.pending_late > 0, "{month:?}");
    let codes: std::collections::BTreeSet<_> = workspace.stale().unwrap().iter().map(|(_, stale)| stale.code).collect();
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), ["C501", "C502", "C503"]);
    assert!(workspace.households().iter().any(|summary| summary.target.is_some()));
    assert!(workspace.store().verify(&mut Unwatched).unwrap().ok);
}

#[test]
fn nobody_in_the_sample_exists() {
    for (name, bytes) in hudang::data::embedded_folder("sample") {
        let text = String::from_utf8_lossy(bytes);
        let digits = text.split(|c: char| !c.is_ascii_digit() && c != 'X');
        for number in digits.filter(|word| word.len() == 18 && !word.starts_with(CODE)) {
            assert!(number.starts_with("419999"), "{name} holds {number}");
        }
    }
}
