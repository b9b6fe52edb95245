//! Households whose rows stand apart, in files short and long.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use hudang::catalogue::Catalogue;
use hudang::data::Data;
use hudang::domain::{Household, HouseholdFile, Value};
use hudang::exchange::roster::{Chunk, Fault, Kinds, RosterFile, RosterHousehold, Understanding};
use proptest::prelude::*;

use super::{CODE, Clerk, contents, places, village};
use crate::village::random::Random;
use crate::village::sheets::{Cell, Sheet};
use crate::village::write;
use crate::village::{Village, sheets};

struct Definitions {
    catalogue: Catalogue,
    kinds: Kinds,
}

fn definitions() -> &'static Definitions {
    static LOADED: OnceLock<Definitions> = OnceLock::new();
    LOADED.get_or_init(|| {
        let data = Data::embedded();
        let catalogue = Catalogue::load(&data).unwrap();
        let kinds = Kinds::load(&data, &catalogue).unwrap();
        Definitions { catalogue, kinds }
    })
}

/// The households of a file, and how many problems it has.
fn understood(text: &str, keep: bool) -> Result<(Vec<RosterHousehold>, usize), Fault> {
    let Definitions { catalogue, kinds } = definitions();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    std::fs::write(&path, text).unwrap();
    let mut file = RosterFile::open(&path, Default::default(), kinds).unwrap();
    let kind = file.kinds()[0];
    let tables = file.tables.clone();
    let mut understanding = Understanding::new(&file.name, &tables, kinds, kind, catalogue);
    let mut chunks: Vec<Chunk> = Vec::new();
    let mut take = |chunk| {
        chunks.push(chunk);
        std::ops::ControlFlow::Continue(())
    };
    file.read(kinds, kind, catalogue, keep, &mut take).map_err(|error| error.fault)?;
    let mut households = Vec::new();
    for chunk in &chunks {
        understanding.households(chunk, |_, household| households.push(household));
    }
    Ok((households, understanding.values.problems.refused.len()))
}

type Told = BTreeMap<(u64, u64), (Vec<(u64, u64, u64)>, u64, usize)>;

/// What does not depend on where a row stood: the people by their numbers, and the digest of it all.
fn told(households: Vec<RosterHousehold>) -> Told {
    let of = |household: &RosterHousehold| {
        let keys =
            |person: &hudang::exchange::roster::RosterPerson| (person.keys.number, person.keys.id, person.keys.name);
        let mut people: Vec<_> = household.people.iter().map(keys).collect();
        people.sort_unstable();
        (people, household.digest, household.said.len())
    };
    let first = |h: &RosterHousehold| h.people.iter().map(|p| (p.keys.number, p.keys.id)).min().unwrap();
    households.iter().map(|household| (first(household), of(household))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn rows_in_any_order_make_the_same_households(seed in 0u64..1000, order in 0u64..1_000_000) {
        let village = Village::invent(seed, CODE, 15, 0);
        let mut sheet = sheets::national(&village);
        let (plain, _) = understood(&write::csv_text(&sheet), false).unwrap();
        Random::new(order).shuffle(&mut sheet.rows);
        let text = write::csv_text(&sheet);
        for keep in [false, true] {
            let (shuffled, problems) = understood(&text, keep).unwrap();
            prop_assert_eq!(problems, 0);
            prop_assert_eq!(told(shuffled), told(plain.clone()));
        }
    }

    #[test]
    fn a_sorted_ledger_that_names_the_head_on_each_row_keeps_its_families(seed in 0u64..1000, order in 0u64..1_000_000) {
        let village = Village::invent(seed, CODE, 0, 15);
        let mut sheet = sheets::ledger(&village);
        name_heads_on_each_row(&mut sheet);
        let heads: Vec<(String, i64)> = village.ledger().map(|h| (h.head().name.clone(), h.group)).collect();
        let namesakes = heads.iter().enumerate().any(|(at, head)| heads[..at].contains(head));
        prop_assume!(!namesakes);
        let (plain, _) = understood(&write::csv_text(&sheet), false).unwrap();
        prop_assert_eq!(plain.len(), 15);
        Random::new(order).shuffle(&mut sheet.rows);
        let (shuffled, _) = understood(&write::csv_text(&sheet), false).unwrap();
        prop_assert_eq!(told(shuffled), told(plain));
    }
}

/// Says no more of what differs than the first.
fn same(one: &Told, other: &Told) {
    let differs = one.iter().find(|(key, household)| other.get(key) != Some(household));
    assert_eq!(differs, None, "{:?}", differs.map(|(key, _)| other.get(key)));
    assert_eq!(one.len(), other.len());
}

fn name_heads_on_each_row(sheet: &mut Sheet) {
    let column = sheet.column("户主");
    let mut head = Cell::Blank;
    for row in &mut sheet.rows {
        if row[column] != Cell::Blank {
            head = row[column].clone();
        }
        row[column] = head.clone();
    }
}

/// A long file of few columns.
fn long() -> Sheet {
    let mut sheet = sheets::national(&Village::invent(3, CODE, 2300, 0));
    for name in sheet.header.clone() {
        if !["户编号", "人编号", "姓名", "证件号码", "与户主关系", "住房面积"].contains(&name.as_str())
        {
            sheet.drop_column(&name);
        }
    }
    assert!(sheet.rows.len() > 7_000);
    sheet
}

#[test]
fn a_long_file_is_handed_on_as_it_goes_and_says_so_where_it_cannot() {
    let mut sheet = long();
    let (plain, _) = understood(&write::csv_text(&sheet), false).unwrap();
    assert_eq!(plain.len(), 2300);
    // The child of the first family, added at the foot.
    let child = (1..sheet.rows.len()).take_while(|row| sheet.rows[*row][0] == sheet.rows[0][0]).last().unwrap();
    let late = sheet.rows.remove(child);
    sheet.rows.push(late);
    let text = write::csv_text(&sheet);
    assert!(matches!(understood(&text, false), Err(Fault::Scattered)));
    let (kept, problems) = understood(&text, true).unwrap();
    assert_eq!(problems, 0);
    same(&told(kept), &told(plain.clone()));
    // Scattered from the beginning: nothing was handed on yet, so nothing has to be read again.
    sheet.rows.sort_by_key(|row| format!("{:?}", row[2]));
    let (sorted, problems) = understood(&write::csv_text(&sheet), false).unwrap();
    assert_eq!(problems, 0);
    same(&told(sorted), &told(plain));
}

#[test]
fn a_scattered_long_file_comes_in_once_and_whole() {
    let mut sheet = long();
    let people = sheet.rows.len() as u64;
    let late = sheet.rows.remove(1);
    sheet.rows.push(late);
    let clerk = Clerk::of(CODE);
    let (_, _, _, ledger) = village(0, 5);
    let files = [
        clerk.file("台账.csv", write::csv_text(&ledger).as_bytes()),
        clerk.file("国网.csv", write::csv_text(&sheet).as_bytes()),
    ];
    let report = clerk.import(&files);
    assert_eq!(places(&report.problems.refused), []);
    assert_eq!((report.households.new, report.people.new), (2305, people + ledger.rows.len() as u64));
    let workspace = clerk.open();
    assert_eq!(workspace.households().len(), 2305);
    assert_eq!(workspace.store().counters(CODE.parse::<hudang::domain::VillageCode>().unwrap()).last_act, 2305);
}

#[test]
fn households_whose_people_stand_apart_come_in_with_all_of_them() {
    let (village, mut sheet, ..) = village(12, 0);
    let plain = Clerk::of(CODE);
    plain.import(&[plain.workbook("a.xlsx", std::slice::from_ref(&sheet))]);
    sheet.rows.sort_by_key(|row| format!("{:?}", row[7]));
    let clerk = Clerk::of(CODE);
    let report = clerk.import(&[clerk.workbook("a.xlsx", &[sheet])]);
    assert_eq!((report.households.new, report.people.new), (12, village.people() as u64));
    assert_eq!(places(&report.problems.refused), []);
    // Whoever comes first has the lower number; apart from that nothing differs.
    let people = |file: &HouseholdFile| {
        let mut people: Vec<String> =
            Household::of(file).members().map(|member| format!("{} {:?}", member.name(), member.birth())).collect();
        people.sort();
        (
            people,
            file.rows(hudang::domain::Name::new("income"))
                .map(|(_, row)| row.values().map(|(n, v)| (n, v.clone())).collect::<Vec<(_, Value)>>())
                .collect::<Vec<_>>(),
        )
    };
    let (plain, sorted) = (plain.files(), clerk.files());
    for (number, file) in &plain {
        assert_eq!(people(&contents(file)), people(&contents(&sorted[number])), "{number}");
    }
}
