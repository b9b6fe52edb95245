//! The first secretary's word and what it holds back: approved, returned, held, released, and made again to the same bytes.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;

use calamine::{Reader, Xlsx, open_workbook};
use hudang::changes::{HeldFor, Review};
use hudang::domain::{Author, HouseholdId, Role};
use hudang::exchange::set::{Manifest, SetReader, verify};
use hudang::exchange::workbook::Key;
use hudang::workspace::export::Exported;
use hudang::workspace::keys::keys_at;
use hudang::workspace::{Recorded, Workspace, WorkspaceError};
use serde_json::json;

use crate::home::{Home, VILLAGE};

const FAMILIES: [&str; 3] = [
    "address.national_number=4199991012010001 class.class=脱贫户 members.1.name=张三 members.1.relation=户主",
    "address.national_number=4199991012010002 class.class=一般农户 members.2.name=李四 members.2.relation=户主",
    "address.national_number=4199991012010003 class.class=一般农户 members.3.name=王五 members.3.relation=户主",
];

fn id(serial: u32) -> HouseholdId {
    HouseholdId { village: VILLAGE.parse().unwrap(), serial }
}

fn sit(workspace: &mut Workspace, name: &str, role: Role) {
    workspace.sit_down(Author { name: name.into(), role }).unwrap();
}

fn coordinator(workspace: &mut Workspace) {
    sit(workspace, "李桂枝", Role::Coordinator);
}

fn secretary(workspace: &mut Workspace) {
    sit(workspace, "周明", Role::Secretary);
}

fn edit(workspace: &mut Workspace, serial: u32, wages: i64) -> u64 {
    let form = json!({"form": "edit", "household": format!("419999101201000{serial}"), "changes": [
        {"section": "income", "field": "wages", "new": wages * 100}]});
    match workspace.record(&form).unwrap() {
        Recorded::Accepted { number, .. } => number,
        Recorded::Refused(faults) => panic!("{faults:?}"),
    }
}

fn need_approval(workspace: &mut Workspace, needed: bool) {
    let mut settings = workspace.settings().clone();
    settings.needs_approval = needed;
    workspace.change_settings(settings).unwrap();
}

fn export(workspace: &mut Workspace, home: &Home) -> Option<Exported> {
    workspace.export(&home.dir.path().join("out"), None, false).unwrap()
}

/// The first column of every sheet: which act, and which of its changes.
fn in_workbook(exported: &Exported) -> BTreeSet<u64> {
    let mut book: Xlsx<_> = open_workbook(&exported.workbook).unwrap();
    let mut acts = BTreeSet::new();
    for (_, sheet) in book.worksheets().into_iter().filter(|(name, _)| name != "说明") {
        let cells = sheet.rows().filter_map(|row| row.first()).map(ToString::to_string);
        acts.extend(cells.filter_map(|cell| cell.parse::<Key>().ok()).map(|key| key.act));
    }
    acts
}

fn manifest(exported: &Exported) -> Manifest {
    let set = SetReader::open(File::open(&exported.file).unwrap(), None).unwrap();
    set.manifest().clone()
}

fn reviews(exported: &Exported) -> serde_json::Value {
    serde_json::to_value(manifest(exported).reviews).unwrap()
}

fn bytes(exported: &Exported) -> [Vec<u8>; 2] {
    [&exported.file, &exported.workbook].map(|path| fs::read(path).unwrap())
}

fn verified<'a>(files: impl IntoIterator<Item = &'a Path>) -> Vec<String> {
    let files = files.into_iter().map(|path| (path.display().to_string(), File::open(path)));
    verify(files, None).problems.iter().map(ToString::to_string).collect()
}

/// Three changed households: the first approved, the second returned, of the third nobody has said anything.
fn a_month(needed: bool) -> (Home, Workspace) {
    let home = Home::of("2022-11-01", &FAMILIES);
    let mut workspace = home.open("2022-11-20");
    need_approval(&mut workspace, needed);
    coordinator(&mut workspace);
    for serial in 1..=3 {
        edit(&mut workspace, serial, 26_000);
    }
    secretary(&mut workspace);
    assert_eq!(workspace.approve(&[id(1)]).unwrap().act, Some(7));
    assert_eq!(workspace.give_back(id(2), " 工资条呢 ").unwrap(), 8);
    coordinator(&mut workspace);
    (home, workspace)
}

#[test]
fn what_is_held_travels_and_its_release_is_a_later_act() {
    let (home, mut workspace) = a_month(true);
    let first = export(&mut workspace, &home).unwrap();
    // 4 to 6 are the edits, 7 and 8 the words, 9 says what is held.
    assert_eq!((first.set.from, first.set.to, first.news, first.held), (1, 9, 1, 2));
    assert_eq!(in_workbook(&first), [4].into());
    let said = json!({
        "needed": true, "approved": [{"by": "周明", "on": "2022-11-20", "acts": 1}], "without": 0,
        "held": [{"act": 5, "why": "returned"}, {"act": 6, "why": "unapproved"}], "released": [],
    });
    assert_eq!(reviews(&first), said);
    let hold = workspace.store().act(id(1).village, 9).unwrap().unwrap().act;
    assert_eq!((hold.kind.as_str(), &*hold.by, hold.held.len()), ("hold", "李桂枝", 2));
    assert!(workspace.households().len() == 3 && hold.households().is_empty());
    assert_eq!(workspace.pending().of(id(2)), 0, "it is handed over, and so not late");
    assert!(export(&mut workspace, &home).is_none(), "nothing is left, and nothing is said a second time");
    assert_eq!(workspace.store().counters(id(1).village).last_act, 9);
    let sent = bytes(&first);

    // The coordinator mends the second, the secretary approves both.
    edit(&mut workspace, 2, 25_000);
    secretary(&mut workspace);
    workspace.approve(&[id(2), id(3)]).unwrap();
    coordinator(&mut workspace);
    let second = export(&mut workspace, &home).unwrap();
    assert_eq!((second.set.from, second.set.to), (10, 12));
    assert_eq!((second.news, second.held, second.released), (3, 0, 2));
    // What was held and what mends it are one row.
    assert_eq!(in_workbook(&second), [6, 10].into());
    assert_eq!(
        [&first, &second].map(|sent| workspace.acts_for_clerk(sent.set).unwrap()),
        [[4].into(), [5, 6, 10].into()]
    );
    let by = json!({"by": "周明", "on": "2022-11-20"});
    assert_eq!(
        reviews(&second)["released"],
        json!([
        {"act": 5, "by": by["by"], "on": by["on"]}, {"act": 6, "by": by["by"], "on": by["on"]}])
    );
    assert_eq!(verified([&*first.file, &*second.file]), Vec::<String>::new());
    let sent_too = bytes(&second);

    // Made again, by another process on another day and with the setting changed, both are the same bytes.
    drop(workspace);
    let mut workspace = home.open("2023-01-05");
    need_approval(&mut workspace, false);
    let again = |workspace: &mut Workspace, run| {
        bytes(&workspace.export(&home.dir.path().join("b"), Some(run), false).unwrap().unwrap())
    };
    assert_eq!(again(&mut workspace, (1, 9)), sent);
    assert_eq!(again(&mut workspace, (10, 12)), sent_too);
}

#[test]
fn where_no_approval_is_needed_only_what_was_returned_is_held() {
    let (home, mut workspace) = a_month(false);
    let first = export(&mut workspace, &home).unwrap();
    assert_eq!(in_workbook(&first), [4, 6].into());
    assert_eq!((reviews(&first)["without"].clone(), reviews(&first)["needed"].clone()), (json!(1), json!(false)));
    // Its later edit builds on what the clerk does not have.
    let later = edit(&mut workspace, 2, 25_000);
    drop(workspace);
    let mut workspace = home.open("2022-12-20");
    assert_eq!(workspace.review_of(5).unwrap().held, Some(HeldFor::Returned));
    assert_eq!(workspace.review_of(later).unwrap().word, None, "it waits again");
    assert_eq!(workspace.review_of(6), None, "it has gone");
    let second = export(&mut workspace, &home).unwrap();
    assert_eq!((second.held, second.released, second.news), (1, 0, 0));
    assert_eq!(in_workbook(&second), BTreeSet::new());
    // Approved at last, with nothing else to hand over, it goes.
    secretary(&mut workspace);
    workspace.approve(&[id(2)]).unwrap();
    let third = export(&mut workspace, &home).unwrap();
    assert_eq!(
        (in_workbook(&third), third.released),
        ([later].into(), 2),
        "one row for what was held and its correction"
    );
    assert_eq!(verified([&*first.file, &*second.file, &*third.file]), Vec::<String>::new());
    assert!(export(&mut workspace, &home).is_none());
}

#[test]
fn a_setting_that_is_dropped_releases_what_it_held() {
    let home = Home::of("2022-11-01", &FAMILIES);
    let mut workspace = home.open("2022-11-20");
    need_approval(&mut workspace, true);
    edit(&mut workspace, 1, 26_000);
    let first = export(&mut workspace, &home).unwrap();
    assert_eq!((first.held, in_workbook(&first)), (1, BTreeSet::new()));
    assert!(export(&mut workspace, &home).is_none());
    need_approval(&mut workspace, false);
    let second = export(&mut workspace, &home).unwrap();
    assert_eq!((second.set.from, second.set.to, second.released), (6, 6, 1));
    assert_eq!(in_workbook(&second), [4].into());
    assert_eq!(reviews(&second)["released"], json!([{"act": 4, "by": null, "on": null}]));
    assert!(export(&mut workspace, &home).is_none());
}

#[test]
fn what_cannot_be_true_is_held_until_it_is_mended() {
    let table = "label = \"测试\"\nseverity = \"error\"\ncheck = [\n  { id = \"years\", each = \"person\", when = \"age > 120\", \
         says = \"{age}岁\", severity = \"block\", remedy = \"改出生日期\" },\n]\n";
    let [first, rest @ ..] = FAMILIES;
    let old = format!("{first} members.1.birth_date=1880-01-02");
    let home = Home::of("2022-11-01", &[&old, rest[0], rest[1]]);
    home.lay_checks(table);
    let mut workspace = home.open("2022-11-20");
    edit(&mut workspace, 1, 26_000);
    edit(&mut workspace, 2, 26_000);
    let sent = export(&mut workspace, &home).unwrap();
    assert_eq!((in_workbook(&sent), sent.held), ([5].into(), 1));
    assert_eq!(workspace.review_of(4).unwrap().held, Some(HeldFor::Blocked));
    let mend = json!({"form": "edit", "household": "4199991012010001", "changes": [
        {"section": "members", "person": "419999101201P00001", "field": "birth_date", "new": "1980-01-02"}]});
    assert!(matches!(workspace.record(&mend).unwrap(), Recorded::Accepted { .. }));
    let next = export(&mut workspace, &home).unwrap();
    assert_eq!((in_workbook(&next), next.released), ([4, 7].into(), 1));
}

#[test]
fn nobody_approves_her_own_and_only_the_secretary_approves() {
    let home = Home::of("2022-11-01", &FAMILIES);
    let mut workspace = home.open("2022-11-20");
    need_approval(&mut workspace, true);
    secretary(&mut workspace);
    let own = edit(&mut workspace, 1, 26_000);
    coordinator(&mut workspace);
    edit(&mut workspace, 2, 26_000);
    assert!(matches!(workspace.approve(&[id(1)]), Err(WorkspaceError::NotYours(_))));
    assert!(matches!(workspace.give_back(id(1), "改"), Err(WorkspaceError::NotYours(_))));
    secretary(&mut workspace);
    assert!(matches!(workspace.give_back(id(1), "  "), Err(WorkspaceError::NoRemark)));
    assert!(matches!(workspace.approve(&[id(3)]), Err(WorkspaceError::NothingToReview(_))));
    let approved = workspace.approve(&[id(1), id(2), id(2)]).unwrap();
    assert_eq!((approved.households, approved.own), (vec![id(2)], vec![id(1)]));
    let sent = export(&mut workspace, &home).unwrap();
    assert_eq!(sent.held, 1);
    sit(&mut workspace, "吴敏", Role::Secretary);
    let review = workspace.approve(&[id(1)]).unwrap();
    assert_eq!(review.own, []);
    assert_eq!(in_workbook(&export(&mut workspace, &home).unwrap()), [own].into());
}

#[test]
fn a_review_is_not_taken_back_and_a_hold_is_passed_over() {
    let (home, mut workspace) = a_month(true);
    let error = workspace.undo().unwrap_err().to_string();
    assert!(error.contains("再审一次"), "{error}");
    export(&mut workspace, &home).unwrap();
    edit(&mut workspace, 3, 20_000);
    export(&mut workspace, &home).unwrap();
    // The last entry was held; it is taken back all the same, and both wait together.
    let (undone, undo) = workspace.undo().unwrap();
    assert_eq!((undone.number, undo.number), (10, 12));
    let sent = export(&mut workspace, &home).unwrap();
    assert_eq!((sent.held, in_workbook(&sent)), (1, BTreeSet::new()));
}

#[test]
fn a_run_that_ends_early_cannot_hold_and_says_so() {
    let (home, mut workspace) = a_month(true);
    let out = home.dir.path().join("out");
    let error = workspace.export(&out, Some((1, 6)), false).unwrap_err().to_string();
    assert_eq!(error, "第1号到第6号里有要暂缓或放行的，得一直交到最后一号：请不写起止号");
    assert_eq!(workspace.store().counters(id(1).village).last_act, 8);
    // Where there is nothing to hold, it may.
    assert_eq!(workspace.export(&out, Some((1, 3)), false).unwrap().unwrap().held, 0);
    // A copy of a stretch keeps out what was held when it was first written.
    let whole = export(&mut workspace, &home).unwrap();
    assert_eq!((whole.set.from, whole.set.to), (4, 9));
    let copy = workspace.export(&out, Some((5, 6)), false).unwrap().unwrap();
    assert!(!copy.handed_over);
    assert_eq!(in_workbook(&copy), BTreeSet::new());
    let first = bytes(&copy);
    secretary(&mut workspace);
    workspace.approve(&[id(2), id(3)]).unwrap();
    export(&mut workspace, &home).unwrap();
    assert_eq!(bytes(&workspace.export(&out, Some((5, 6)), false).unwrap().unwrap()), first);
}

#[test]
fn a_manifest_that_says_something_else_of_approval_is_found() {
    let (home, mut workspace) = a_month(true);
    let sent = export(&mut workspace, &home).unwrap();
    let spoil = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut parts = crate::change_sets::Parts::of(&fs::read(&sent.file).unwrap());
        parts.manifest(|manifest| change(&mut manifest["reviews"]));
        parts.sign(&keys_at(home.dir.path()).unwrap().unwrap());
        let path = home.dir.path().join("spoilt.zip");
        fs::write(&path, parts.zip()).unwrap();
        verified([&*path]).join("；")
    };
    for change in [
        (&|said: &mut serde_json::Value| said["held"] = json!([])) as &dyn Fn(&mut serde_json::Value),
        &|said| said["approved"][0]["by"] = json!("吴敏"),
        &|said| said["without"] = json!(2),
        &|said| said["released"] = json!([{"act": 2, "by": null, "on": null}]),
    ] {
        let told = spoil(change);
        assert!(told.contains("清单里的审核情况与内容不符"), "{told}");
    }
    assert_eq!(spoil(&|_| ()), "");
}

#[test]
fn a_word_is_read_in_the_history_of_the_file() {
    let (_home, workspace) = a_month(true);
    let file = workspace.file(id(2)).unwrap();
    let past = workspace.past_of(&file, false).unwrap();
    assert_eq!((past[0].kind.as_str(), past[0].what.as_str(), past[0].by.as_str()), ("审核", "退回：工资条呢", "周明"));
    assert_eq!(workspace.returned(id(2)).and_then(|word| word.remark.as_deref()), Some("工资条呢"));
    assert_eq!(workspace.returned(id(1)), None);
    let said = Review { to: 7, approved: false, remark: Some("工资条呢".into()) };
    assert_eq!(workspace.store().act(id(2).village, 8).unwrap().unwrap().act.reviews[0].what, said);
}
