//! Whatever both sides do, and however the files between them are lost, late, twice or out of order: in the end both hold
//! the same, and nothing that anybody entered is gone.

use std::path::{Path, PathBuf};

use hudang::domain::{Author, Chain, Clock, HouseholdId, Role, VillageCode};
use hudang::progress::Unwatched;
use hudang::workspace::ids::Ids;
use hudang::workspace::{NewVillage, Options, Recorded, Workspace};
use proptest::prelude::*;
use serde_json::json;

use crate::home::{Home, VILLAGE};

const HOUSEHOLDS: [&str; 2] = ["4199991012010001", "4199991012010002"];
const FIELDS: [(&str, &str); 3] = [("address", "group"), ("address", "house_number"), ("address", "hamlet")];

#[derive(Clone, Debug)]
enum Step {
    /// Somebody edits a field: at the county or at the village, of this household, this field.
    Edit { at_county: bool, household: usize, field: usize },
    /// A side writes what the other has not been sent.
    Send { from_county: bool },
    /// A file that was written once, whichever, arrives.
    Arrive(prop::sample::Index),
    /// The village chooses where two values stand beside each other: the county's, its own, or a third.
    Choose(u8),
    /// The county refuses or takes something.
    Judge { act: prop::sample::Index, refuse: bool },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => (any::<bool>(), 0..HOUSEHOLDS.len(), 0..FIELDS.len())
            .prop_map(|(at_county, household, field)| Step::Edit { at_county, household, field }),
        3 => any::<bool>().prop_map(|from_county| Step::Send { from_county }),
        4 => any::<prop::sample::Index>().prop_map(Step::Arrive),
        1 => any::<u8>().prop_map(Step::Choose),
        1 => (any::<prop::sample::Index>(), any::<bool>()).prop_map(|(act, refuse)| Step::Judge { act, refuse }),
    ];
    prop::collection::vec(step, 5..40)
}

struct Both {
    village: Workspace,
    county: Workspace,
    post: tempfile::TempDir,
    /// Files in the order in which they were written.
    sent: Vec<(bool, PathBuf)>,
    /// Every text that somebody entered.
    entered: Vec<String>,
    _homes: (Home, tempfile::TempDir),
}

fn options(home: &Path, name: &str, role: Role) -> Options {
    Options {
        home: home.to_owned(),
        clock: Clock::stopped("2022-11-20T09:30:00+08:00".parse().unwrap()),
        ids: Ids::Counted(if role == Role::County { 1 << 32 } else { 1000 }),
        author: Some(Author { name: name.into(), role }),
        village: None,
        overlay: None,
    }
}

impl Both {
    fn new() -> Self {
        let home = crate::commands::village();
        let village = Workspace::open(options(home.dir.path(), "李桂枝", Role::Coordinator), &mut Unwatched).unwrap().0;
        let folder = tempfile::tempdir().unwrap();
        let new = NewVillage { scope: "419999".into(), name: String::new(), policy: None };
        let county = Workspace::create(options(&folder.path().join("home"), "周敏", Role::County), &new).unwrap();
        let post = tempfile::tempdir().unwrap();
        Self { village, county, post, sent: Vec::new(), entered: Vec::new(), _homes: (home, folder) }
    }

    fn code() -> VillageCode {
        VILLAGE.parse().unwrap()
    }

    fn edit(&mut self, at_county: bool, household: usize, field: usize) {
        let text = format!("值{}", self.entered.len());
        let (section, field) = FIELDS[field];
        let form = json!({"form": "edit", "household": HOUSEHOLDS[household], "happened_on": "2022-11-15",
            "seen_on": "2022-11-20", "evidence": "本人说",
            "changes": [{"section": section, "field": field, "new": text}]});
        let side = if at_county { &mut self.county } else { &mut self.village };
        match side.record(&form).unwrap() {
            Recorded::Accepted { .. } => self.entered.push(text),
            // The county knows nothing yet.
            Recorded::Refused(faults) => assert!(at_county, "{faults:?}"),
        }
    }

    fn send(&mut self, from_county: bool) -> bool {
        let nth = self.sent.len();
        let file = if from_county {
            let path = self.post.path().join(format!("{nth}.zip"));
            if self.county.store().villages().is_empty() {
                return false;
            }
            self.county
                .receipt(Self::code(), &|_| path.clone(), None, (false, hudang::workspace::receipt::Rest::Taken))
                .unwrap()
                .map(|receipt| receipt.file)
        } else {
            let folder = self.post.path().join(nth.to_string());
            std::fs::create_dir_all(&folder).unwrap();
            self.village.export(&folder, None, false).unwrap().map(|exported| exported.file)
        };
        self.sent.extend(file.iter().map(|file| (from_county, file.clone())));
        file.is_some()
    }

    /// Whether anything came of it.
    fn arrive(&mut self, nth: usize) -> bool {
        let (from_county, file) = self.sent[nth].clone();
        let side = if from_county { &mut self.village } else { &mut self.county };
        let arrival = side.take_in_sets(&[file], &hudang::workspace::arrival::Trust::First, &mut Unwatched).unwrap();
        assert!(arrival.refused.is_empty(), "{:?}", arrival.refused);
        !arrival.applied.is_empty()
    }

    fn judge(&mut self, act: prop::sample::Index, refuse: bool) {
        let last = self.county.store().counters(Self::code()).last_act;
        if last == 0 {
            return;
        }
        let act = act.index(last as usize) as u64 + 1;
        let because = hudang::workspace::verdicts::Because { reason: None, words: Some("再核".to_owned()) };
        self.county.judge(Self::code(), &[(act, None)], refuse.then_some(&because)).unwrap();
    }

    /// Chooses once, where there is anything to choose.
    fn choose(&mut self, how: u8) -> bool {
        let ids: Vec<HouseholdId> = self.village.households().iter().map(|household| household.id).collect();
        for id in ids {
            let file = self.village.file(id).unwrap();
            let Some(slot) = file.beside.first().copied() else { continue };
            let cell =
                file.row(slot.section, slot.row).and_then(|row| row.cell(slot.field)).cloned().unwrap_or_default();
            let value = match how % 3 {
                0 => cell.value.clone(),
                1 => cell.other.last().and_then(|(_, said)| said.clone()),
                _ => {
                    let text = format!("选{}", self.entered.len());
                    self.entered.push(text.clone());
                    hudang::domain::Value::text(&text)
                }
            };
            self.village.choose(id, slot, value).unwrap();
            return true;
        }
        false
    }

    fn settle(&mut self) {
        for round in 0..20 {
            while self.choose(round) {}
            let is_sent = self.send(false) | self.send(true);
            let came = (0..self.sent.len()).filter(|nth| self.arrive(*nth)).count();
            if !is_sent && came == 0 {
                return;
            }
        }
        panic!("it never ends");
    }

    fn lines(workspace: &Workspace, chain: Chain) -> Vec<String> {
        let acts = workspace.store().acts(chain, 1..=u64::MAX);
        acts.map(|stored| String::from_utf8(stored.unwrap().line).unwrap()).collect()
    }
}

/// A few, or as many as are asked for: `PROPTEST_CASES=500 cargo test --release`.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 100, ..ProptestConfig::default() })]
    #[test]
    fn both_sides_end_equal_and_nothing_that_was_entered_is_gone(steps in steps()) {
        let mut both = Both::new();
        for step in steps {
            match step {
                Step::Edit { at_county, household, field } => both.edit(at_county, household, field),
                Step::Send { from_county } => _ = both.send(from_county),
                Step::Arrive(_) if both.sent.is_empty() => {}
                Step::Arrive(nth) => _ = both.arrive(nth.index(both.sent.len())),
                Step::Choose(how) => _ = both.choose(how),
                Step::Judge { act, refuse } => both.judge(act, refuse),
            }
        }
        both.settle();
        let village = Both::code();
        for chain in [village.into(), Chain::of_county(village)] {
            prop_assert_eq!(Both::lines(&both.village, chain), Both::lines(&both.county, chain));
        }
        let ids: Vec<HouseholdId> = both.village.households().iter().map(|household| household.id).collect();
        for id in ids {
            let (here, there) = (both.village.file(id).unwrap(), both.county.file(id).unwrap());
            prop_assert!(here.beside.is_empty());
            prop_assert_eq!(here, there);
        }
        let mut histories = Both::lines(&both.county, village.into());
        histories.extend(Both::lines(&both.county, Chain::of_county(village)));
        let histories = histories.join("\n");
        for text in &both.entered {
            prop_assert!(histories.contains(&format!("\"{text}\"")), "{} is gone", text);
        }
        prop_assert!(both.county.open_corrections(village).unwrap().is_empty());
        let states = both.village.states(village).unwrap();
        let last = both.village.store().counters(village).last_act;
        let answered = (1..=last).all(|act| ["taken", "refused"].contains(&states.of(act, 1).identifier()));
        prop_assert!(answered, "the county has answered everything");
    }
}
