//! What a run comes to, from the village to the county and back: nothing of what cancels, each change once, papers too.

use std::path::PathBuf;

use calamine::{Reader, Xlsx, open_workbook};
use hudang::domain::{Author, HouseholdId, Role};
use hudang::store::{HandedOver, Note, Store};
use hudang::workspace::export::Exported;
use hudang::workspace::states::State;
use hudang::workspace::verdicts::Because;
use hudang::workspace::{Recorded, Workspace};
use serde_json::{Value as Json, json};

use crate::county::in_process::County;
use crate::home::{Home, VILLAGE};

const FAMILIES: [&str; 2] = [
    "address.national_number=4199991012010001 address.phone=13900000000 class.class=脱贫户 members.1.name=张三 \
     members.1.relation=户主 income.wages=30000",
    "address.national_number=4199991012010002 class.class=一般农户 members.2.name=李四 members.2.relation=户主",
];

fn id(serial: u32) -> HouseholdId {
    HouseholdId { village: VILLAGE.parse().unwrap(), serial }
}

fn edit(workspace: &mut Workspace, serial: u32, change: Json, evidence: Option<&str>) -> u64 {
    let number = format!("419999101201000{serial}");
    let form = json!({"form": "edit", "household": number, "changes": [change], "evidence": evidence});
    match workspace.record(&form).unwrap() {
        Recorded::Accepted { number, .. } => number,
        Recorded::Refused(faults) => panic!("{faults:?}"),
    }
}

fn phone(new: &str) -> Json {
    json!({"section": "address", "field": "phone", "new": new})
}

fn export(workspace: &mut Workspace, home: &Home) -> Exported {
    workspace.export(&home.dir.path().join("out"), None, true).unwrap().unwrap()
}

/// The lines of the workbook: sheet, key, old and new where the sheet has them.
fn rows(exported: &Exported) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(&exported.workbook).unwrap();
    let mut rows = Vec::new();
    for (name, sheet) in book.worksheets().into_iter().filter(|(name, _)| name != "说明" && name != "选项") {
        let cells: Vec<Vec<String>> = sheet.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
        let at = |column: &str| cells[0].iter().position(|label| label == column);
        for row in &cells[1..] {
            let of = |column: &str| at(column).map_or_else(String::new, |at| row[at].clone());
            rows.push(vec![name.clone(), of("序号"), of("原值"), of("新值"), of("依据"), of("备注")]);
        }
    }
    rows
}

fn states(workspace: &Workspace, acts: &[u64]) -> Vec<State> {
    let states = workspace.states(id(1).village).unwrap();
    acts.iter().map(|act| states.of(*act, 1)).collect()
}

#[test]
fn what_cancels_is_in_no_count_and_in_no_row() {
    let home = Home::of("2022-10-10", &FAMILIES);
    let mut workspace = home.open("2022-11-20");
    edit(&mut workspace, 1, phone("13900000001"), None);
    workspace.undo().unwrap();
    edit(&mut workspace, 2, json!({"section": "tasks", "add": {"what": "漏雨", "owner": "村委会"}}), None);
    assert_eq!((workspace.month().unwrap().pending, workspace.pending().of(id(1))), (1, 0));
    workspace.undo().unwrap();
    assert_eq!(workspace.month().unwrap().pending, 0);
    assert!(workspace.outgoing(false).unwrap().households.is_empty());
    assert_eq!(states(&workspace, &[3, 4, 5, 6]), [State::Replaced; 4]);
    assert!(workspace.review_queue().unwrap().is_empty(), "there is nothing to judge");
    let exported = export(&mut workspace, &home);
    assert_eq!((exported.set.to, exported.changes), (6, 0), "the acts travel");
    assert_eq!(rows(&exported), Vec::<Vec<String>>::new());
    // Across runs an undo is a row.
    edit(&mut workspace, 1, phone("13900000001"), None);
    export(&mut workspace, &home);
    workspace.undo().unwrap();
    let exported = export(&mut workspace, &home);
    let row = ["户信息变更", "8件1项", "13900000001", "13900000000", "", "撤销第7号（早先交出的）"];
    assert_eq!(rows(&exported), [row.map(str::to_owned)]);
}

#[test]
fn nobody_has_to_approve_what_cancels() {
    let home = Home::of("2022-10-10", &FAMILIES);
    let mut workspace = home.open("2022-11-20");
    let mut settings = workspace.settings().clone();
    settings.needs_approval = true;
    workspace.change_settings(settings).unwrap();
    edit(&mut workspace, 1, phone("13900000001"), None);
    edit(&mut workspace, 1, phone("13900000000"), None);
    edit(&mut workspace, 2, phone("13900000005"), None);
    edit(&mut workspace, 2, phone("13900000006"), None);
    assert!(!workspace.waits_for_review(id(1)) && workspace.waits_for_review(id(2)));
    let queue = workspace.review_queue().unwrap();
    assert_eq!(queue.iter().map(|line| (line.id.serial, line.fields)).collect::<Vec<_>>(), [(2, 1)]);
    let judged = workspace.to_review(id(2), false).unwrap().changes;
    assert_eq!(judged.iter().map(|(_, change)| (change.act, &*change.old)).collect::<Vec<_>>(), [(6, "未填")]);
    let exported = export(&mut workspace, &home);
    assert_eq!((exported.held, exported.changes), (2, 0));
    workspace.sit_down(Author { name: "周明".into(), role: Role::Secretary }).unwrap();
    workspace.approve(&[id(2)]).unwrap();
    workspace.sit_down(Author { name: "李桂枝".into(), role: Role::Coordinator }).unwrap();
    let released = export(&mut workspace, &home);
    assert_eq!((released.released, released.changes), (2, 1));
    assert_eq!(rows(&released)[0][1..4], ["6件1项".to_owned(), String::new(), "13900000006".to_owned()]);
}

#[test]
fn lines_that_are_replaced_take_the_verdict_of_the_one_that_stands() {
    let home = Home::of("2022-10-10", &FAMILIES);
    let mut workspace = home.open("2022-11-20");
    for new in ["13900000001", "13900000002"] {
        edit(&mut workspace, 1, phone(new), None);
    }
    edit(&mut workspace, 2, phone("13900000003"), None);
    assert_eq!(states(&workspace, &[3, 4, 5]), [State::Replaced, State::Pending, State::Pending]);
    let mut county = County::on("2022-11-21");
    county.take(&mut workspace);
    assert_eq!(states(&workspace, &[3, 4, 5]), [State::Replaced, State::Exported, State::Exported]);
    let village = County::village();
    let to_answer = county.workspace.changes_to_answer(village, false).unwrap();
    assert_eq!(to_answer.iter().map(|it| (it.act, it.part)).collect::<Vec<_>>(), [(4, 1), (5, 1)]);
    county.refuse(4, 1, "空号");
    let file = county.post.join("r.zip");
    let receipt = county
        .workspace
        .receipt(village, &|_| file.clone(), None, (false, hudang::workspace::receipt::Rest::Taken))
        .unwrap()
        .unwrap();
    assert_eq!(receipt.changes, (1, 1));
    workspace
        .take_in_sets(&[file], &hudang::workspace::arrival::Trust::First, &mut hudang::progress::Unwatched)
        .map(drop)
        .unwrap();
    assert_eq!(states(&workspace, &[3, 4, 5]), [State::Refused, State::Refused, State::Taken]);
    assert_eq!(workspace.refused().len(), 1, "one change is refused");
    let answered = workspace.states(village).unwrap().of_run(1, 5).unwrap();
    assert_eq!((answered.refused, answered.open), (1, 0));
}

#[test]
fn a_paper_that_was_wanted_goes_as_a_change_of_its_own() {
    let home = Home::of("2022-10-10", &FAMILIES);
    let mut workspace = home.open("2022-11-20");
    let wages = || json!({"section": "income", "field": "wages", "new": 3_600_000});
    let first = edit(&mut workspace, 1, wages(), None);
    let mut county = County::on("2022-11-21");
    county.take(&mut workspace);
    let because = Because { words: Some("没有依据".into()), ..Because::default() };
    county.workspace.judge(County::village(), &[(first, Some(1))], Some(&because)).unwrap();
    let file = county.receipt("r.zip");
    workspace
        .take_in_sets(&[file], &hudang::workspace::arrival::Trust::First, &mut hudang::progress::Unwatched)
        .map(drop)
        .unwrap();
    assert_eq!(workspace.refused().len(), 1);
    assert_eq!(workspace.pending().of(id(1)), 0);
    // The same value without a paper is nothing; with one it is a change, and sees to the refusal, also after an opening.
    edit(&mut workspace, 1, wages(), None);
    assert_eq!((workspace.pending().of(id(1)), workspace.refused().len()), (0, 1));
    let paper = edit(&mut workspace, 1, wages(), Some("工资流水"));
    let act = workspace.store().act(id(1).village, paper).unwrap().unwrap().act;
    assert_eq!((act.v, act.changes.len(), act.changes[0].evidence_only), (2, 1, true));
    for _ in 0..2 {
        assert_eq!((workspace.pending().of(id(1)), workspace.refused().len()), (1, 0));
        drop(workspace);
        workspace = home.open("2022-11-22");
    }
    let exported = export(&mut workspace, &home);
    let row = ["收入支出变更", &format!("{paper}件1项"), "36000", "36000", "工资流水", "只补依据"];
    assert_eq!((exported.changes, rows(&exported)), (1, vec![row.map(str::to_owned).to_vec()]));
    county.take_file(&exported.file);
    let to_answer = county.workspace.changes_to_answer(County::village(), false).unwrap();
    assert_eq!(to_answer.iter().map(|it| &*it.new).collect::<Vec<_>>(), ["36000（只补依据：工资流水）"]);
    let wages = |workspace: &Workspace| crate::home::held(workspace, 1, "income.wages");
    assert_eq!((wages(&workspace), wages(&county.workspace)), ("36000".to_owned(), "36000".to_owned()));
}

#[test]
fn a_run_is_made_again_by_the_rules_of_its_hand_over() {
    let home = Home::of("2022-10-10", &FAMILIES);
    let mut workspace = home.open("2022-11-20");
    edit(&mut workspace, 1, phone("13900000001"), None);
    edit(&mut workspace, 1, phone("13900000002"), None);
    let exported = export(&mut workspace, &home);
    assert_eq!(rows(&exported).len(), 1);
    let again = |workspace: &mut Workspace| {
        workspace.export(&home.dir.path().join("again"), Some((1, 4)), true).unwrap().unwrap()
    };
    let bytes =
        |exported: &Exported| [&exported.file, &exported.workbook].map(|path: &PathBuf| std::fs::read(path).unwrap());
    let made = again(&mut workspace);
    assert_eq!(bytes(&made), bytes(&exported));
    let noted = workspace.hand_overs().next().unwrap().clone();
    assert_eq!(noted.format, 2);
    drop(workspace);

    // The same run as the first programs noted it: the set is the same to the byte, the workbook has a row a line.
    let home = Home::of("2022-10-10", &FAMILIES);
    let mut workspace = home.open("2022-11-20");
    edit(&mut workspace, 1, phone("13900000001"), None);
    edit(&mut workspace, 1, phone("13900000002"), None);
    drop(workspace);
    let mut store = Store::open(home.dir.path(), &mut hudang::progress::Unwatched).unwrap().store;
    store.note(&Note::HandedOver(HandedOver { format: 1, signed: None, ..noted })).unwrap();
    drop(store);
    let mut workspace = home.open("2022-11-21");
    let old = workspace.export(&home.dir.path().join("again"), Some((1, 4)), true).unwrap().unwrap();
    assert!(old.again);
    let keys: Vec<String> = rows(&old).into_iter().map(|row| row[1].clone()).collect();
    assert_eq!(keys, ["3件1项", "4件1项"]);
    assert_eq!(states(&workspace, &[3, 4]), [State::Exported, State::Exported], "each line went for itself");
}
