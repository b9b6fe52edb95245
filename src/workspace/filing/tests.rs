//! Forms as `record` takes them, filed and applied.

use serde_json::{Value as Json, json};

use super::*;
use crate::changes::apply::apply;
use crate::changes::undo;
use crate::domain::{Household, HouseholdId};
use crate::forms::{check, reading};
use crate::rules::facts;
use crate::rules::testing::Defs;

mod conserved;
mod passing;
mod returning;
mod totals;

struct Village {
    defs: Defs,
    files: Vec<HouseholdFile>,
    acts: u64,
    next_person: u32,
    next_household: u32,
}

impl Village {
    fn of(first: &str) -> Self {
        let defs = Defs::shipped();
        let mut file = defs.file(first);
        file.taken_in = "2022-11-01".parse().unwrap();
        Self { defs, files: vec![file], acts: 0, next_person: 90, next_household: 9 }
    }

    fn with_second(mut self, fields: &str) -> Self {
        let mut file = self.defs.file(fields);
        file.id.serial = 2;
        self.files.push(file);
        self
    }

    fn look(&self) -> Look<'_> {
        self.defs.on("2022-11-20")
    }

    fn file_form(&self, json: &Json) -> Result<Act, Vec<Fault>> {
        let form = self.defs.forms.named(json["form"].as_str().unwrap()).unwrap();
        let file = &self.files[0];
        let look = self.look();
        let facts = facts::of(look.at(file));
        let applies = |item: &crate::forms::Item| facts.any(&item.asked_of);
        let asked = reading::Asked {
            catalogue: look.catalogue,
            file,
            applies: &applies,
            household: &|number| HouseholdId::from_local_number(number).map(|id| id.serial),
            other: &|serial| self.files.iter().find(|file| file.id.serial == serial).cloned(),
            round: &|round| look.policy.rounds.iter().find(|r| r.id == round).map(|r| r.id),
        };
        let filled = reading::read(form, json.as_object().unwrap(), "f1", &asked)?;
        let faults =
            check::faults(form, &filled, &check::Expected { day: look.day, applies: &applies, asks: &[], proved: &[] });
        if !faults.is_empty() {
            return Err(faults);
        }
        let filing = Filing {
            look,
            by: "李桂枝",
            role: Name::new("coordinator"),
            now: "2022-11-20T09:00:00+08:00".parse().unwrap(),
            next_household: self.next_household,
            next_person: self.next_person,
            other: &|serial| self.files.iter().find(|file| file.id.serial == serial).cloned(),
            act: &|_| None,
            alike: &|_, _| self.files.clone(),
        };
        filing.file(form, filled, file)
    }

    /// Files a form and applies its act.
    fn record(&mut self, json: Json) -> Act {
        let mut act = self.file_form(&json).unwrap();
        self.acts += 1;
        act.number = self.acts;
        for opened in &act.opened {
            let id = HouseholdId { village: act.village, serial: opened.household };
            self.files.push(HouseholdFile::open(id, opened.on));
        }
        self.files
            .iter_mut()
            .filter(|file| act.households().contains(&file.id.serial))
            .for_each(|file| apply(file, &act));
        act
    }

    fn fault(&self, json: Json) -> (String, String) {
        let fault = self.file_form(&json).unwrap_err().remove(0);
        (fault.field, fault.why)
    }

    /// Members of today as `name relation`.
    fn family(&self, at: usize) -> Vec<String> {
        let field = self.defs.catalogue.named("members.relation").unwrap().1;
        let label = |code| self.defs.catalogue.label(field, code).to_owned();
        let household = Household::of(&self.files[at]);
        household.members().map(|m| format!("{} {}", m.name(), m.relation().map(label).unwrap_or_default())).collect()
    }

    fn text(&self, at: usize, path: &str) -> String {
        let parts: Vec<&str> = path.split('.').collect();
        let (section, row, field) = match parts[..] {
            [section, field] => (section, 0, field),
            [section, row, field] => (section, row.parse().unwrap(), field),
            _ => panic!("{path}"),
        };
        let slot = crate::domain::Slot { section: Name::new(section), row, field: Name::new(field) };
        let field = self.defs.catalogue.in_slot(slot).unwrap();
        self.files[at].get(slot).map(|value| self.defs.catalogue.show(field, value)).unwrap_or_default()
    }
}

const FAMILY: &str = "class.class=脱贫户 income.per_person=9000 \
    members.1.name=张三 members.1.relation=户主 members.1.sex=男 members.1.birth_date=1960-01-01 \
    members.2.name=李四 members.2.relation=配偶 members.2.sex=女 \
    members.3.name=张小军 members.3.relation=之子 members.3.sex=男 jobs.1.person=3 jobs.1.place=省外";

fn visit(items: &Json) -> Json {
    let mut all: serde_json::Map<String, Json> =
        (1..=15).map(|i| (format!("V{i:02}"), json!({"answer": "as_on_file"}))).collect();
    all.extend(items.as_object().unwrap().clone());
    json!({"form": "visit", "date": "2022-11-19", "visitors": ["李桂枝"], "items": all})
}

fn person(id: u32) -> String {
    format!("419999101201P{id:05}")
}

#[test]
fn an_unchanged_visit_confirms_what_it_asked_about() {
    let mut village = Village::of(FAMILY);
    let act = village.record(visit(&json!({})));
    assert!(act.changes.is_empty() && act.left_open.is_empty());
    let confirmed: Vec<&str> = act.confirms.iter().map(|confirm| confirm.section.as_str()).collect();
    assert!(confirmed.contains(&"members") && confirmed.contains(&"housing") && !confirmed.contains(&"schooling"));
    let section = &village.files[0].sections[&Name::new("housing")];
    assert_eq!(section.confirmed.as_ref().unwrap().on.to_string(), "2022-11-19");
    assert_eq!(village.files[0].forms.len(), 1);
}

#[test]
fn a_late_entry_of_an_earlier_visit_takes_no_later_confirmation_back() {
    let mut village = Village::of(FAMILY);
    village.record(visit(&json!({})));
    let mut earlier = visit(&json!({}));
    earlier["date"] = json!("2022-11-02");
    assert!(village.record(earlier).confirms.is_empty());
}

#[test]
fn what_changed_is_edited_with_the_visit_or_stays_open() {
    let mut village = Village::of(FAMILY);
    let act = village.record(visit(&json!({
        "V02": {"answer": "changed", "what": "涨工资", "since": "2022-10-21",
                "edits": [{"section": "income", "field": "wages", "new": 4_800_000}]},
        "V08": {"answer": "changed", "what": "换了水井"},
    })));
    assert_eq!(village.text(0, "income.wages"), "48000");
    let change = &act.changes[0];
    assert_eq!((change.item, change.seen_on.unwrap().to_string()), (Some(Name::new("V02")), "2022-11-19".to_owned()));
    assert_eq!(change.happened_on.unwrap().to_string(), "2022-10-21");
    assert_eq!(village.files[0].open_items.len(), 1);
    assert!(act.form.unwrap().items.values().all(|item| item.edits.is_empty()), "an edit stands once in the line");
    village.record(json!({"form": "edit", "changes": [{"section": "water", "field": "source", "new": "机井"}]}));
    assert!(village.files[0].open_items.is_empty());
}

#[test]
fn a_visit_remembers_what_the_file_held_when_the_family_found_it_true() {
    let mut village = Village::of(FAMILY);
    village.record(visit(&json!({"V08": {"answer": "not_looked", "why": "没进厨房"}})));
    let still_so = |village: &Village, section: &'static str| {
        let found = village.files[0].forms[0].found.iter().find(|found| found.section == section)?;
        let held = village.files[0].sections.get(&found.section);
        Some(
            held.map_or_else(|| crate::domain::Section::default().likeness(), |held| held.likeness()) == found.likeness,
        )
    };
    assert_eq!((still_so(&village, "income"), still_so(&village, "water")), (Some(true), None));
    let edit = |yuan: i64| json!({"form": "edit", "changes": [{"section": "income", "field": "wages", "new": yuan}]});
    village.record(edit(100));
    assert_eq!((still_so(&village, "income"), still_so(&village, "members")), (Some(false), Some(true)));
    let form = &village.files[0].forms[0];
    assert_eq!((&*form.by, form.act, form.amounts.len()), ("李桂枝", 1, 0));
}

#[test]
fn a_problem_opens_a_task() {
    let mut village = Village::of(FAMILY);
    village.record(visit(&json!({
        "V07": {"answer": "problem", "what": "屋顶漏雨", "who": "村建办", "due": "2022-12-01"},
        "V14": {"answer": "problem", "what": "电线老化", "who": "电工"},
    })));
    assert_eq!(village.text(0, "tasks.1.what"), "屋顶漏雨");
    assert_eq!(village.text(0, "tasks.1.due"), "2022-12-01");
    assert_eq!(village.text(0, "tasks.2.item"), "环境");
    assert!(village.files[0].sections[&Name::new("tasks")].confirmed.is_none());
    assert!(!village.files[0].sections.contains_key(&Name::new("housing")), "a problem confirms nothing");
}

#[test]
fn a_visit_that_leaves_something_out_says_what() {
    let village = Village::of(FAMILY);
    let missing = |item: Json| village.fault(visit(&item)).0;
    assert_eq!(missing(json!({"V05": null, "V07": null})), "items.V07", "nobody goes to school, so V05 is not asked");
    assert_eq!(missing(json!({"V07": {"answer": "changed"}})), "items.V07.what");
    assert_eq!(missing(json!({"V07": {"answer": "problem", "what": "漏"}})), "items.V07.who");
    assert_eq!(missing(json!({"V07": {"answer": "not_looked"}})), "items.V07.why");
    assert_eq!(missing(json!({"V07": {"answer": "fine"}})), "items.V07.answer");
    assert_eq!(missing(json!({"V99": {"answer": "as_on_file"}})), "items.V99");
    let mut tomorrow = visit(&json!({}));
    tomorrow["date"] = json!("2022-11-21");
    assert_eq!(village.fault(tomorrow).0, "date");
    let mut typo = visit(&json!({}));
    typo["vistors"] = json!([]);
    assert_eq!(village.fault(typo), ("vistors".to_owned(), "走访没有这个字段".to_owned()));
}

#[test]
fn rows_are_added_to_the_person_they_belong_to() {
    let mut village = Village::of(FAMILY);
    village.record(visit(&json!({
        "V04": {"answer": "changed", "since": "2022-11", "edits": [
            {"section": "jobs", "person": person(2), "add": {"place": "乡(镇)内", "monthly_wage": 240_000}}]},
    })));
    assert_eq!(village.text(0, "jobs.2.place"), "乡(镇)内");
    assert_eq!(village.text(0, "jobs.2.person"), "2");
    let nobody = json!({"form": "edit", "changes": [{"section": "jobs", "add": {"place": "省外"}}]});
    assert_eq!(village.fault(nobody).0, "changes.0.person");
    let no_row = json!({"form": "edit", "changes": [{"section": "jobs", "row": 7, "field": "place", "new": "省外"}]});
    assert_eq!(village.fault(no_row).0, "changes.0.row");
}

#[test]
fn a_birth_adds_a_person_without_a_number() {
    let mut village = Village::of(FAMILY);
    let act = village.record(json!({
        "form": "birth", "date": "2022-10-30", "name": "张雨", "sex": "女", "relation": "之孙女", "evidence": "出生证",
    }));
    assert_eq!(village.family(0)[3], "张雨 之孙女");
    assert_eq!(village.text(0, "members.90.birth_date"), "2022-10-30");
    assert_eq!(village.text(0, "members.90.joined_why"), "出生");
    assert_eq!(village.text(0, "members.90.id_number"), "");
    assert!(act.changes.iter().all(|change| change.happened_on.unwrap().to_string() == "2022-10-30"));
    assert!(act.changes.iter().all(|change| change.evidence.as_deref() == Some("出生证")));
}

#[test]
fn somebody_who_marries_in_is_completed_from_her_id_number() {
    let mut village = Village::of(FAMILY);
    village.record(json!({
        "form": "marry_in", "date": "2022-11-01", "name": "康桂燕", "sex": "女", "relation": "之儿媳",
        "id_number": "41999919831018766X",
    }));
    assert_eq!(village.text(0, "members.90.birth_date"), "1983-10-18");
}

#[test]
fn the_heads_death_wants_a_new_head_and_everybodys_relation_to_him() {
    let mut village = Village::of(FAMILY);
    let death = |more: Json| {
        let mut form = json!({"form": "death", "date": "2022-11-05", "person": person(1)});
        form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        form
    };
    assert_eq!(village.fault(death(json!({}))).0, "new_head");
    assert_eq!(village.fault(death(json!({"new_head": person(1)}))).0, "new_head");
    let (field, why) = village.fault(death(json!({"new_head": person(2)})));
    assert_eq!((field.as_str(), why.as_str()), ("relations", "张小军与新户主是什么关系，要写"));
    village.record(death(json!({"new_head": person(2), "relations": {person(3): "之子"}})));
    assert_eq!(village.family(0), ["李四 户主", "张小军 之子"]);
    assert_eq!(village.text(0, "members.1.left_why"), "死亡");
}

#[test]
fn an_ordinary_death_asks_for_no_head_and_ends_the_job() {
    let mut village = Village::of(FAMILY);
    village.record(json!({"form": "death", "date": "2022-11-05", "person": person(3)}));
    assert_eq!(village.family(0), ["张三 户主", "李四 配偶"]);
    assert_eq!(village.text(0, "jobs.1.to"), "2022-11-05");
    let again = json!({"form": "death", "date": "2022-11-06", "person": person(3)});
    assert_eq!(village.fault(again).1, "此人已不在户");
}

#[test]
fn nothing_happens_to_anybody_before_birth_or_in_the_future() {
    let village = Village::of(FAMILY);
    let death = |date: &str| json!({"form": "death", "date": date, "person": person(1)});
    assert_eq!(village.fault(death("1959-12-31")).0, "date");
    assert_eq!(village.fault(death("2022-12")).0, "date");
}

#[test]
fn the_last_member_gone_closes_the_file() {
    let mut village = Village::of("members.1.name=张三 members.1.relation=户主");
    village.record(json!({"form": "death", "date": "2022-11-05", "person": person(1)}));
    assert_eq!(village.text(0, "status.closed_why"), "最后一人离开");
    assert_eq!(village.text(0, "status.closed_on"), "2022-11-05");
}

#[test]
fn who_comes_back_is_a_member_again() {
    let mut village = Village::of(FAMILY);
    village.record(json!({"form": "enlist", "date": "2022-03", "person": person(3)}));
    assert_eq!(village.family(0).len(), 2);
    village.record(json!({"form": "discharge", "date": "2022-11", "person": person(3)}));
    assert_eq!(village.family(0)[2], "张小军 之子");
    let never_left = json!({"form": "release", "date": "2022-11", "person": person(2)});
    assert_eq!(village.fault(never_left).0, "person");
}

#[test]
fn a_person_moves_with_all_that_is_hers() {
    let mut village = Village::of(FAMILY).with_second("members.20.name=王五 members.20.relation=户主 jobs.1.person=20");
    let act = village.record(json!({
        "form": "move", "date": "2022-11-01", "person": person(3), "to": "419999101201V0002", "relation": "之女婿",
    }));
    assert_eq!(act.households(), [1, 2]);
    assert_eq!(village.family(0), ["张三 户主", "李四 配偶"]);
    assert_eq!(village.family(1), ["张小军 之女婿", "王五 户主"]);
    assert_eq!((village.text(1, "jobs.2.place"), village.text(1, "jobs.2.person")), ("省外".into(), "3".into()));
    assert_eq!(village.text(0, "jobs.1.place"), "");
    assert_eq!(village.text(0, "members.3.left_why"), "转入他户");
}

#[test]
fn a_household_splits_and_says_what_goes_along() {
    let mut village = Village::of(&format!("{FAMILY} address.group=3组 land.arable=8"));
    let split = json!({
        "form": "split", "date": "2022-11-01", "people": [person(3)], "new_head": person(3), "arable": 3, "house_number": "18",
    });
    village.record(split);
    assert_eq!(village.files[1].id.serial, 9);
    assert_eq!(village.family(1), ["张小军 户主"]);
    assert_eq!((village.text(0, "land.arable"), village.text(1, "land.arable")), ("5".into(), "3".into()));
    assert_eq!(
        (village.text(1, "address.group"), village.text(1, "address.house_number")),
        ("3组".into(), "18".into())
    );
    assert_eq!(village.text(1, "class.class"), "脱贫户");
    assert_eq!(village.text(1, "jobs.1.place"), "省外");
    let with_head = json!({"form": "split", "date": "2022-11-01", "people": [person(1)], "new_head": person(1)});
    assert_eq!(village.fault(with_head).0, "people");
}

#[test]
fn two_households_become_one_and_the_other_is_closed() {
    let mut village = Village::of(FAMILY).with_second("members.20.name=王五 members.20.relation=户主");
    let merge = |relations: Json| json!({"form": "merge", "date": "2022-11-01", "from": "419999101201V0002", "relations": relations});
    assert_eq!(village.fault(merge(json!({}))).1, "王五：与本户户主的关系要写");
    village.record(merge(json!({person(20): "之岳父"})));
    assert_eq!(village.family(0)[3], "王五 之岳父");
    assert_eq!(village.family(1), Vec::<String>::new());
    assert_eq!(village.text(1, "status.merged_into"), "419999101201V0001");
}

#[test]
fn a_household_of_the_ledger_gets_its_national_number() {
    let mut village = Village::of("class.class=一般农户");
    village.record(json!({
        "form": "take_in", "date": "2022-11", "national_number": "4199991012010313", "target": "突发严重困难户",
    }));
    assert_eq!(Household::of(&village.files[0]).number(), "4199991012010313");
}

#[test]
fn an_act_taken_back_leaves_the_file_as_it_was() {
    for form in [
        visit(
            &json!({"V02": {"answer": "changed", "what": "x", "edits": [{"section": "income", "field": "wages", "new": 1}]},
                      "V08": {"answer": "changed", "what": "换井"}}),
        ),
        json!({"form": "birth", "date": "2022-10-30", "name": "张雨", "sex": "女", "relation": "之孙女"}),
        json!({"form": "death", "date": "2022-11-05", "person": person(3)}),
    ] {
        let mut village = Village::of(FAMILY);
        village.record(visit(&json!({"V07": {"answer": "changed", "what": "修房"}})));
        let before = village.files[0].clone();
        let act = village.record(form);
        let blank = Act::new(act.village, Name::new("undo"), "u", "李桂枝", act.role, act.entered_at);
        let mut back = undo::invert(&act, blank, &village.files).unwrap();
        back.number = 9;
        apply(&mut village.files[0], &back);
        let mut after = village.files[0].clone();
        after.acts.clone_from(&before.acts);
        after.forms.retain(|form| !form.withdrawn);
        for (name, section) in &before.sections {
            let now = &after.sections[name];
            assert_eq!((&now.rows, &now.confirmed), (&section.rows, &section.confirmed), "{name}");
        }
        assert_eq!((&after.forms, &after.open_items), (&before.forms, &before.open_items));
        let empty = |section: &crate::domain::Section| section.rows.is_empty() && section.confirmed.is_none();
        assert!(after.sections.iter().all(|(name, section)| before.sections.contains_key(name) || empty(section)));
    }
}

#[test]
fn an_act_is_not_taken_back_over_a_later_change() {
    let mut village = Village::of(FAMILY);
    let edit = |wages: i64| json!({"form": "edit", "changes": [{"section": "income", "field": "wages", "new": wages}]});
    let first = village.record(edit(100));
    village.record(edit(200));
    let blank = Act::new(first.village, Name::new("undo"), "u", "李桂枝", first.role, first.entered_at);
    assert!(matches!(
        undo::invert(&first, blank, &village.files),
        Err(undo::CannotUndo::ChangedSince { household: 1, .. })
    ));
}
