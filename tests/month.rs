//! A month at work through the use cases: visits, what is left, what is stale, undo, and the hand-over.

use serde_json::{Map, Value as Json, json};

use hudang::store::Store;
use hudang::workspace::{Recorded, Workspace};

use crate::home::{Home, file};

const FAMILIES: [&str; 3] = [
    "address.national_number=4199991012010001 address.group=1组 class.class=脱贫户 members.1.name=张三 \
     members.1.relation=户主 members.1.labour=普通劳动力 income.per_person=9000",
    "address.national_number=4199991012010002 address.group=2组 class.class=一般农户 case.target=边缘易致贫户 \
     case.eliminated=否 members.2.name=李四 members.2.relation=户主",
    "address.group=10组 class.class=一般农户 members.3.name=王五 members.3.relation=户主 members.3.labour=无劳动力",
];

fn visit(household: &str, changed: Option<(&str, Json)>) -> Json {
    let mut items: Map<String, Json> =
        (1..=15).map(|i| (format!("V{i:02}"), json!({"answer": "as_on_file"}))).collect();
    if let Some((item, answer)) = changed {
        items.insert(item.into(), answer);
    }
    json!({"form": "visit", "household": household, "date": "2022-11-20", "visitors": ["李桂枝"], "items": items})
}

fn accept(workspace: &mut Workspace, form: &Json) -> u64 {
    match workspace.record(form).unwrap() {
        Recorded::Accepted { number, .. } => number,
        Recorded::Refused(faults) => panic!("{faults:?}"),
    }
}

#[test]
fn a_month_goes_from_visits_to_a_change_set() {
    let home = Home::of("2022-10-10", &FAMILIES);
    let mut workspace = home.open("2022-11-20");
    let month = workspace.month().unwrap();
    assert_eq!((month.visits.done, month.visits.of, month.other_visits.of), (0, 2, 1));
    assert!(month.stale_errors > 0);
    assert_eq!(workspace.left_to_visit().unwrap().len(), 2);

    accept(&mut workspace, &visit("4199991012010001", None));
    let wages = json!({"answer": "changed", "what": "涨了", "since": "2022-10-05",
        "edits": [{"section": "income", "field": "wages", "new": 5_000_000}]});
    accept(&mut workspace, &visit("4199991012010002", Some(("V02", wages))));
    let month = workspace.month().unwrap();
    assert_eq!((month.visits.done, month.pending, month.pending_late), (2, 1, 1));
    let late: Vec<_> = workspace.stale().unwrap().into_iter().filter(|(_, stale)| stale.code == "C503").collect();
    assert_eq!(late.len(), 1);
    assert!(late[0].1.is_error && late[0].1.why.contains("未交县"), "{}", late[0].1.why);

    let out = home.dir.path().join("out");
    let first = workspace.export(&out, None, false).unwrap().unwrap();
    assert_eq!((first.set.from, first.set.to, first.news), (1, 5, 2));
    let bytes = (std::fs::read(&first.file).unwrap(), std::fs::read(&first.workbook).unwrap());
    assert_eq!(workspace.month().unwrap().pending, 0);
    assert!(workspace.export(&out, None, false).unwrap().is_none(), "nothing is left to hand over");

    // Made again, also after more has happened and on another day, it is the same bytes.
    accept(
        &mut workspace,
        &json!({"form": "edit", "household": "4199991012010002",
        "changes": [{"section": "members", "person": "419999101201P00002", "field": "name", "new": "李四光"}]}),
    );
    drop(workspace);
    let mut workspace = home.open("2022-12-01");
    let again = workspace.export(&out, Some((1, 5)), false).unwrap().unwrap();
    assert!(again.again);
    assert_eq!((std::fs::read(&again.file).unwrap(), std::fs::read(&again.workbook).unwrap()), bytes);
    let next = workspace.export(&out, None, false).unwrap().unwrap();
    assert_eq!((next.set.from, next.set.to), (6, 6));
    let sets = [&first.file, &next.file].map(|path| (path.display().to_string(), std::fs::File::open(path)));
    assert!(hudang::exchange::set::verify(sets, None).is_ok());
}

#[test]
fn a_form_is_taken_once() {
    let home = Home::of("2022-11-10", &FAMILIES);
    let mut workspace = home.open("2022-11-20");
    let mut form = visit("4199991012010001", None);
    form["id"] = json!("paper-7");
    let first = accept(&mut workspace, &form);
    assert_eq!(accept(&mut workspace, &form), first);
    drop(workspace);
    let mut workspace = home.open("2022-11-20");
    assert_eq!(accept(&mut workspace, &form), first);
    assert_eq!(workspace.store().counters("419999101201".parse::<hudang::domain::VillageCode>().unwrap()).last_act, 4);
}

#[test]
fn the_last_entry_is_taken_back_and_only_entries_of_people() {
    let home = Home::of("2022-11-10", &FAMILIES);
    let mut workspace = home.open("2022-11-20");
    assert!(workspace.undo().is_err(), "an import is not undone");
    accept(&mut workspace, &visit("4199991012010001", None));
    assert_eq!(workspace.left_to_visit().unwrap().len(), 1);
    workspace.undo().unwrap();
    assert_eq!(workspace.left_to_visit().unwrap().len(), 2);
    assert!(file(&workspace, 1).forms[0].withdrawn);
    assert!(workspace.undo().is_err());
}

#[test]
fn every_sample_form_is_accepted_once_its_household_is_set() {
    use hudang::forms::sample::{SampleFor, sample};
    let home = Home::of("2022-11-10", &FAMILIES);
    let mut workspace = home.open("2022-11-20");
    for number in ["4199991012010001", "4199991012010002", "419999101201V0003"] {
        for name in ["visit", "screening", "verification", "edit"] {
            let definitions = workspace.definitions();
            let round = workspace.policy().round_on(workspace.today()).unwrap();
            let made_for = SampleFor {
                catalogue: &definitions.catalogue,
                day: workspace.today(),
                me: "李桂枝",
                round: Some(round.id),
                asks: &round.asks,
            };
            let mut form = sample(definitions.forms.named(name).unwrap(), &made_for);
            form["household"] = json!(number);
            let recorded = workspace.record(&form).unwrap();
            assert!(matches!(recorded, Recorded::Accepted { .. }), "{name} {number}: {recorded:?}");
        }
    }
}

#[test]
fn a_second_copy_of_the_program_is_told_so() {
    let home = Home::of("2022-11-10", &FAMILIES[..1]);
    let _first = home.open("2022-11-20");
    let second = Store::open(home.dir.path(), &mut hudang::progress::Unwatched);
    assert!(matches!(second.err(), Some(hudang::store::StoreError::InUse)));
}
