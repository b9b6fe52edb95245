//! People, land, rows and cases of a village are conserved, whatever happens in it: what is nowhere was ended by a person.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::domain::field::{case, land, members, status};
use crate::domain::{Member, Slot, Value};

const HOMES: [&str; 4] = [
    "class.class=脱贫户 case.target=脱贫不稳定户 case.eliminated=否 case.remark=甲案 land.arable=4 tasks.1.what=甲漏雨 \
     measures.1.kind=产业帮扶 measures.1.what=甲羊 members.1.name=甲一 members.1.relation=户主 members.2.name=甲二 \
     members.2.relation=配偶 members.3.name=甲三 members.3.relation=之子 loans.1.person=3 loans.1.use=甲贷 jobs.1.person=2 jobs.1.employer=甲厂",
    "class.class=脱贫户 land.arable=2.5 tasks.1.what=乙停水 tasks.2.what=乙二失业 documents.1.what=乙书 members.11.name=乙一 \
     members.11.relation=户主 members.12.name=乙二 members.12.relation=之子 loans.1.person=11 loans.1.use=乙贷",
    "class.class=一般农户 case.target=边缘易致贫户 case.eliminated=否 case.remark=丙案 stages.1.stage=县级审批 \
     stages.1.document=丙章 land.arable=1 members.21.name=丙一 members.21.relation=户主 exemptions.1.check=C402 exemptions.1.reason=丙免",
    "class.class=一般农户 land.arable=6 measures.1.kind=金融帮扶 measures.1.what=丁棚 members.31.name=丁一 members.31.relation=户主 \
     members.32.name=丁二 members.32.relation=配偶 members.33.name=丁三 members.33.relation=之女",
];

/// What happens, to whom, and how questions are answered, all by numbers that are read against what there is.
#[derive(Clone, Debug)]
struct Happens {
    what: usize,
    home: usize,
    other: usize,
    who: usize,
    carries: u8,
}

fn happens() -> impl Strategy<Value = Happens> {
    (0..13usize, 0..64usize, 0..64usize, 0..64usize, any::<u8>())
        .prop_map(|(what, home, other, who, carries)| Happens { what, home, other, who, carries })
}

fn texts(village: &Village, section: &'static str, field: &'static str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for file in &village.files {
        for (_, row) in file.rows(Name::new(section)) {
            if let Some(text) = row.get(Name::new(field)).and_then(Value::as_text) {
                *found.entry(text.to_owned()).or_default() += 1;
            }
        }
    }
    found
}

fn arable(village: &Village) -> i64 {
    let slot = Slot { section: land::SECTION, row: 0, field: land::ARABLE };
    let of = |file: &HouseholdFile| file.get(slot).and_then(Value::as_quantity).map_or(0, |area| area.0);
    village.files.iter().map(of).sum()
}

fn cases(village: &Village) -> BTreeSet<String> {
    texts(village, "case", "remark").into_keys().collect()
}

/// Everybody there ever was, with how many files have her as a member.
fn people(village: &Village) -> BTreeMap<u32, usize> {
    let mut people: BTreeMap<u32, usize> = BTreeMap::new();
    for file in &village.files {
        for member in Household::of(file).everyone() {
            *people.entry(member.id.0).or_default() += usize::from(!member.has_left());
        }
    }
    people
}

fn number(file: &HouseholdFile) -> String {
    file.id.local_number()
}

/// The form of what happens; nothing where it needs somebody who is not there.
fn form(village: &Village, it: &Happens, date: &str) -> Option<Json> {
    let file = &village.files[0];
    let other = village.files.get(1 + it.other % (village.files.len() - 1))?;
    let household = Household::of(file);
    let members: Vec<Member<'_>> = household.members().collect();
    let gone: Vec<Member<'_>> = household.everyone().filter(|member| member.has_left()).collect();
    let one = |of: &[Member<'_>]| of.get(it.who % of.len().max(1)).map(|member| member.id.0);
    let relations = |of: &HouseholdFile, head: Option<u32>| -> Json {
        let all = Household::of(of).members().map(|member| member.id.0).filter(|id| Some(*id) != head);
        Json::Object(all.map(|id| (person(id), json!("之兄弟姐妹"))).collect())
    };
    let leaves = |event: &str, more: Json| {
        let who = one(&members)?;
        let head = members.iter().map(|member| member.id.0).find(|id| *id != who);
        let mut form = json!({"form": event, "date": date, "person": person(who), "relations": relations(file, None)});
        if let Some(head) = head {
            form["new_head"] = json!(person(head));
        }
        form.as_object_mut()?.extend(more.as_object()?.clone());
        Some(form)
    };
    let returns = |event: &str, more: Json| {
        let mut form = json!({"form": event, "date": date, "person": person(one(&gone)?)});
        form["relation"] = json!(if members.is_empty() { "户主" } else { "之子" });
        form.as_object_mut()?.extend(more.as_object()?.clone());
        Some(form)
    };
    match it.what {
        0 => Some(
            json!({"form": "birth", "date": date, "name": format!("新{}", village.next_person), "sex": "男", "relation": "之孙子"}),
        ),
        1 => leaves("death", json!({})),
        2 => leaves("leave", json!({"left_why": if it.carries & 1 == 0 { "户籍迁出" } else { "失联" }})),
        3 => leaves("enlist", json!({})),
        4 | 5 => leaves("move", json!({"to": number(other), "relation": "之兄弟姐妹"})),
        6 | 7 => {
            let new_head = one(members.get(1..)?)?;
            Some(
                json!({"form": "split", "date": date, "people": [person(new_head)], "new_head": person(new_head), "arable": (it.carries % 5).to_string()}),
            )
        }
        8 | 9 => {
            Some(json!({"form": "merge", "date": date, "from": number(other), "relations": relations(other, None)}))
        }
        10 => returns("come_back", if it.carries & 1 == 0 { json!({}) } else { json!({"to": number(other)}) }),
        11 => returns("discharge", json!({})),
        _ => Some(json!({"form": "close", "date": date, "closed_why": "整户迁出"})),
    }
}

/// Answers every question that the form is refused for; gives what was answered.
fn answered(village: &Village, it: &Happens, form: &mut Json) -> Vec<(String, u32, bool)> {
    let mut given = Vec::new();
    for _ in 0..24 {
        let Err(faults) = village.file_form(form) else { break };
        let Some(fault) = faults.iter().find(|fault| fault.field.starts_with("heirs.")) else { break };
        let section = fault.field.trim_start_matches("heirs.").to_owned();
        let row: u32 = fault.why.split('"').nth(1).unwrap().parse().unwrap();
        let carries = it.carries >> (given.len() % 8) & 1 == 1;
        form["heirs"][&section][row.to_string()] = json!(if carries { "carry" } else { "end" });
        given.push((section, row, carries));
    }
    given
}

fn held(files: &[HouseholdFile]) -> BTreeMap<u32, Vec<String>> {
    let of = |file: &HouseholdFile| {
        let rows = file.sections.iter().flat_map(|(name, section)| {
            let cells = section
                .rows
                .iter()
                .flat_map(|(row, cells)| cells.values().map(move |(field, value)| (row, field, value)));
            cells.map(move |(row, field, value)| format!("{name}.{row}.{field}={value:?}"))
        });
        (file.id.serial, rows.collect())
    };
    files.iter().map(of).collect()
}

const ONCE: [(&str, &str); 7] = [
    ("tasks", "what"),
    ("measures", "what"),
    ("documents", "what"),
    ("loans", "use"),
    ("jobs", "employer"),
    ("exemptions", "reason"),
    ("case", "remark"),
];

fn village() -> Village {
    let mut village = Village::of(HOMES[0]);
    for (serial, home) in (2..).zip(&HOMES[1..]) {
        let mut file = village.defs.file(home);
        file.id.serial = serial;
        village.files.push(file);
    }
    village
}

/// Lets things happen one after the other; which did.
fn live(all: &[Happens]) -> BTreeSet<String> {
    let mut village = village();
    let rows: Vec<_> = ONCE[..6].iter().map(|(section, field)| texts(&village, section, field)).collect();
    let (area, mut open_cases) = (arable(&village), cases(&village));
    let mut expected = people(&village);
    let mut happened = BTreeSet::new();
    for (at, it) in all.iter().enumerate() {
        let is_open = |file: &HouseholdFile| Household::of(file).closed_on().is_none() || matches!(it.what, 10 | 11);
        let homes: Vec<usize> = (0..village.files.len()).filter(|home| is_open(&village.files[*home])).collect();
        let Some(own) = homes.get(it.home % homes.len().max(1)) else { continue };
        village.files.swap(0, *own);
        let Some(mut form) = form(&village, it, &format!("2022-11-{:02}", 1 + at * 19 / all.len())) else { continue };
        let given = answered(&village, it, &mut form);
        if village.file_form(&form).is_err() {
            continue;
        }
        let replaced = given.iter().any(|(section, _, carries)| section == "case" && *carries);
        let stays = match form["form"].as_str().unwrap() {
            "merge" => Some(village.files[0].id.serial),
            "move" => HouseholdId::from_local_number(form["to"].as_str().unwrap()).map(|id| id.serial),
            _ => None,
        };
        if let Some(serial) = stays.filter(|_| replaced) {
            let file = village.files.iter().find(|file| file.id.serial == serial).unwrap();
            let remark = file.of_household(case::SECTION, Name::new("remark")).and_then(Value::as_text);
            remark.map(|remark| open_cases.remove(remark));
        }
        let before = held(&village.files);
        let files = village.files.clone();
        let act = village.record(form.clone());
        happened.insert(form["form"].as_str().unwrap().to_owned());
        village.next_household += 1;
        match form["form"].as_str().unwrap() {
            "birth" => {
                expected.insert(village.next_person, 1);
                village.next_person += 1;
            }
            "death" | "leave" | "enlist" => *expected.get_mut(&subject(&form)).unwrap() = 0,
            "come_back" | "discharge" => *expected.get_mut(&subject(&form)).unwrap() = 1,
            _ => {}
        }
        assert_eq!(people(&village), expected, "people after {form}");
        assert_eq!(arable(&village), area, "land after {form}");
        for ((section, field), before) in ONCE[..6].iter().zip(&rows) {
            assert_eq!(&texts(&village, section, field), before, "{section} after {form}");
        }
        assert!(open_cases.is_subset(&cases(&village)), "cases after {form}: {open_cases:?}");
        closed_files_keep_no_heirs(&village, &form);

        // And all of it can be taken back.
        let blank = Act::new(act.village, Name::new("undo"), "u", "李桂枝", act.role, act.entered_at);
        let mut back = undo::invert(&act, blank, &village.files).unwrap();
        back.number = 999;
        let mut undone = village.files.clone();
        undone
            .iter_mut()
            .filter(|file| back.households().contains(&file.id.serial))
            .for_each(|file| apply(file, &back));
        undone.retain(|file| files.iter().any(|known| known.id == file.id));
        assert_eq!(held(&undone), before, "{form} taken back");
    }
    happened
}

fn subject(form: &Json) -> u32 {
    form["person"].as_str().unwrap().rsplit('P').next().unwrap().parse().unwrap()
}

/// A household that joined another has nothing open of its own left, but for what a person let go and is told.
fn closed_files_keep_no_heirs(village: &Village, form: &Json) {
    for file in &village.files {
        let household = Household::of(file);
        let standing = crate::rules::standing::of(village.look(), file);
        if household.closed_on().is_none() || file.of_household(status::SECTION, status::MERGED_INTO).is_none() {
            continue;
        }
        assert!(standing.tasks.is_empty(), "{:?} after {form}", standing.tasks);
        let told = file.of_household(status::SECTION, status::LEFT_BEHIND).and_then(Value::as_text).unwrap_or_default();
        assert!(household.target().is_none() || told.contains("监测信息"), "{told} after {form}");
        assert!(file.rows(members::SECTION).all(|(_, row)| row.get(members::LEFT_WHY).is_some()), "{form}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_nothing_of_the_village_is_lost(all in proptest::collection::vec(happens(), 10..40)) {
        live(&all);
    }
}

#[test]
fn everything_that_is_tried_happens_somewhere() {
    let mut random = 7u64;
    let mut number = |below: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((random >> 33) % below) as usize
    };
    let mut some = || Happens {
        what: number(13),
        home: number(64),
        other: number(64),
        who: number(64),
        carries: number(256) as u8,
    };
    let happened: BTreeSet<String> = (0..12).flat_map(|_| live(&(0..30).map(|_| some()).collect::<Vec<_>>())).collect();
    let all = ["birth", "close", "come_back", "death", "discharge", "enlist", "leave", "merge", "move", "split"];
    assert!(all.iter().all(|kind| happened.contains(*kind)), "{happened:?}");
}
