//! Every line of the table that has a condition, tried on a file that trips it, one that it spares, and one of which it
//! cannot know: `tests/checks/cases/`, a file a family. A line without a case fails here.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::{Sheet, of_sheet};
use crate::checks::How;
use crate::rules::testing::Defs;

/// Fields of a file as [`Defs::file`] takes them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// In front of each of the three.
    #[serde(default)]
    base: String,
    trips: String,
    spares: String,
    unknown: String,
    #[serde(default = "Case::day")]
    day: String,
    /// The division code of the village, where it matters whose rules hold.
    place: Option<String>,
}

impl Case {
    fn day() -> String {
        "2022-11-20".to_owned()
    }
}

/// The cases by the lines that they try.
fn cases() -> BTreeMap<String, Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checks/cases");
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let cases: BTreeMap<String, Case> = toml::from_str(&fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for (id, case) in cases {
            assert!(all.insert(id.clone(), case).is_none(), "two cases of {id}");
        }
    }
    all
}

/// Whether the check finds something in a file of these fields.
fn finds(defs: &Defs, check: usize, day: &str, fields: &str) -> bool {
    let file = defs.file(fields);
    let look = defs.on(day);
    let mut found = false;
    of_sheet(look, &Sheet::of(look, std::iter::once(&file)), |_, spot| found |= usize::from(spot.check) == check);
    found
}

#[test]
fn every_line_trips_spares_and_keeps_silent_where_it_cannot_know() {
    let mut defs = Defs::shipped();
    let mut cases = cases();
    let mut wrong = Vec::new();
    for (number, check) in defs.checks.all.clone().iter().enumerate() {
        let How::When(_) = check.how else { continue };
        let Some(case) = cases.remove(check.id.as_str()) else {
            wrong.push(format!("{}: no case", check.id));
            continue;
        };
        defs.settle_in(case.place.as_deref().unwrap_or("419999101201"), &case.day);
        for (name, fields, expected) in
            [("trips", &case.trips, true), ("spares", &case.spares, false), ("unknown", &case.unknown, false)]
        {
            if finds(&defs, number, &case.day, &format!("{} {fields}", case.base)) != expected {
                wrong.push(format!("{}: {name}", check.id));
            }
        }
    }
    wrong.extend(cases.keys().map(|id| format!("{id}: a case, and no line")));
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
