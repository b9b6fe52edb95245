use super::super::act::{Opened, Origin, Rows};
use super::super::apply::apply;
use super::super::undo::invert;
use super::*;
use crate::domain::{HouseholdId, Money};

struct Defined;

impl Sections for Defined {
    fn is_of_people(&self, section: Name) -> bool {
        ["members", "medical"].contains(&section.as_str())
    }

    fn ends(&self, section: Name) -> &[Name] {
        const LEFT: &[Name] = &[Name::fixed("left_on"), Name::fixed("left_why")];
        const DONE: &[Name] = &[Name::fixed("done_on"), Name::fixed("result")];
        match section.as_str() {
            "members" => LEFT,
            "tasks" => DONE,
            _ => &[],
        }
    }
}

/// A household and a run of acts on it, each applied as it is made.
struct Run {
    file: HouseholdFile,
    acts: Vec<Act>,
    first: usize,
}

fn value(text: &str) -> Option<Value> {
    match text {
        "" => None,
        text if text.starts_with(|c: char| c.is_ascii_digit()) => Some(Value::Date(text.parse().unwrap())),
        text if text.contains('、') || text.starts_with('[') => {
            let codes = text.trim_matches(['[', ']']).split('、').filter(|code| !code.is_empty());
            Some(Value::Codes(codes.map(|code| Code::listed(Name::new(code))).collect()))
        }
        text => Value::text(text),
    }
}

impl Run {
    /// On a file that holds this, as `section.row.field=text`.
    fn on(fields: &str) -> Self {
        let id = HouseholdId { village: "419999101201".parse().unwrap(), serial: 1 };
        let file = HouseholdFile::open(id, "2022-09-01".parse().unwrap());
        let mut run = Self { file, acts: Vec::new(), first: 0 };
        run.act("2022-09-01", fields, "", |_| {});
        run.first = 1;
        run
    }

    fn act(&mut self, day: &str, fields: &str, evidence: &str, more: impl FnOnce(&mut Act)) -> u64 {
        let at = format!("{day}T09:00:00+08:00").parse().unwrap();
        let mut act = Act::new(self.file.id.village, Name::new("edit"), "", "李桂枝", Name::new("coordinator"), at);
        act.number = self.acts.len() as u64 + 1;
        for word in fields.split_whitespace() {
            let (path, text) = word.split_once('=').unwrap();
            let parts: Vec<&str> = path.split('.').collect();
            let slot =
                Slot { section: Name::new(parts[0]), row: parts[1].parse().unwrap(), field: Name::new(parts[2]) };
            let (old, new) = (self.file.get(slot).cloned(), value(text));
            act.changes.push(FieldChange {
                household: 1,
                slot,
                evidence_only: old == new,
                old,
                new,
                happened_on: None,
                seen_on: None,
                evidence: (!evidence.is_empty()).then(|| evidence.into()),
                item: None,
            });
        }
        more(&mut act);
        apply(&mut self.file, &act);
        self.acts.push(act);
        self.acts.len() as u64
    }

    fn edit(&mut self, day: &str, fields: &str) -> u64 {
        self.act(day, fields, "", |_| {})
    }

    fn undo(&mut self, day: &str, number: u64) {
        let undone = self.acts[number as usize - 1].clone();
        let at = format!("{day}T09:00:00+08:00").parse().unwrap();
        let mut blank = Act::new(self.file.id.village, Name::new("undo"), "", "李桂枝", Name::new("coordinator"), at);
        blank.number = self.acts.len() as u64 + 1;
        let act = invert(&undone, blank, std::slice::from_ref(&self.file)).unwrap();
        apply(&mut self.file, &act);
        self.acts.push(act);
    }

    fn net(&self) -> Net {
        let mut net = Net::default();
        self.acts[self.first..].iter().for_each(|act| net.add(act));
        net
    }

    /// What it comes to: what, the slots, the lead, since when.
    fn told(&self) -> Vec<String> {
        let net = self.net();
        let told = |change: &Change<'_>| {
            let slots: Vec<String> =
                change.slots.iter().map(|(slot, _)| format!("{}.{}.{}", slot.section, slot.row, slot.field)).collect();
            let since = change.earliest(|line| line.entered_on).unwrap();
            format!("{:?} {} {}.{} {since}", change.what, slots.join(","), change.lead.0, change.lead.1)
        };
        net.changes(1, Some(&self.file), &Defined).iter().map(told).collect()
    }

    fn replaced(&self) -> Vec<Place> {
        let net = self.net();
        let changes = net.changes(1, Some(&self.file), &Defined);
        let stands = net.stands(1, &changes).into_iter();
        stands.filter(|(_, stands)| stands.is_replaced).map(|(place, _)| place).collect()
    }
}

#[test]
fn a_change_and_its_undo_cancel_by_a_key_or_by_hand() {
    let mut run = Run::on("address.0.phone=甲 income.0.wages=一");
    let undone = run.edit("2022-10-05", "address.0.phone=乙 income.0.note=丙");
    run.undo("2022-10-06", undone);
    run.edit("2022-10-07", "income.0.wages=二");
    run.edit("2022-10-08", "income.0.wages=一");
    assert!(run.told().is_empty(), "{:?}", run.told());
    assert_eq!(run.replaced(), [(2, 1), (2, 2), (3, 1), (3, 2), (4, 1), (5, 1)]);
    assert_eq!(run.net().idle(1, &[]), [2, 3, 4, 5].into());
}

#[test]
fn a_correction_of_a_correction_is_one_change_since_the_day_of_what_stands() {
    let mut run = Run::on("address.0.phone=甲");
    run.edit("2022-10-05", "address.0.phone=乙");
    run.edit("2022-11-06", "address.0.phone=丙");
    assert_eq!(run.told(), ["Field address.0.phone 3.1 2022-11-06"]);
    assert_eq!(run.replaced(), [(2, 1)]);
    let net = run.net();
    let changes = net.changes(1, Some(&run.file), &Defined);
    let one = changes[0].lines()[0].1.clone();
    assert_eq!((one.old, one.new), (value("甲"), value("丙")));
    // Back to what it was on 5 October: it has been so since then.
    run.edit("2022-11-07", "address.0.phone=乙");
    assert_eq!(run.told(), ["Field address.0.phone 4.1 2022-10-05"]);
}

#[test]
fn what_still_stands_in_part_keeps_its_day() {
    let mut run = Run::on("members.2.health=[cold] members.2.name=张三");
    run.edit("2022-10-05", "members.2.health=cold、diabetes");
    run.edit("2022-11-06", "members.2.health=cold、diabetes、gout");
    assert_eq!(run.told(), ["Field members.2.health 3.1 2022-10-05"]);
    run.edit("2022-11-07", "members.2.health=cold、gout");
    assert_eq!(run.told(), ["Field members.2.health 4.1 2022-11-06"], "what October told is gone");
    let mut run = Run::on("case.0.found=2020");
    run.edit("2022-10-05", "case.0.found=2022-10");
    run.edit("2022-11-06", "case.0.found=2022-10-03");
    assert_eq!(run.told(), ["Field case.0.found 3.1 2022-10-05"], "known closer");
}

#[test]
fn a_row_that_is_new_is_one_change_and_so_is_one_that_ends() {
    let mut run = Run::on("members.1.name=张三 tasks.1.what=漏雨 loans.1.amount=一");
    let job = run.edit("2022-10-05", "jobs.1.person=甲 jobs.1.place=乙 jobs.1.wage=丙");
    run.edit("2022-10-06", "members.2.name=张雨 members.2.sex=女 medical.2.insured=是");
    run.edit("2022-10-07", "members.2.sex=男");
    run.edit("2022-10-08", "tasks.1.done_on=2022-10-08 tasks.1.result=补了 tasks.1.owner=村委会");
    run.edit("2022-10-09", "members.1.left_on=2022-10-09 members.1.left_why=去世");
    run.edit("2022-10-10", "loans.1.amount=");
    assert_eq!(
        run.told(),
        [
            "Added jobs.1.person,jobs.1.place,jobs.1.wage 2.1 2022-10-05",
            "Added medical.2.insured,members.2.name,members.2.sex 3.1 2022-10-06",
            "Ended tasks.1.done_on,tasks.1.result 5.1 2022-10-08",
            "Field tasks.1.owner 5.3 2022-10-08",
            "Ended members.1.left_on,members.1.left_why 6.1 2022-10-09",
            "Ended loans.1.amount 7.1 2022-10-10",
        ]
    );
    assert_eq!(run.replaced(), [(3, 2)]);
    run.undo("2022-10-11", job);
    assert!(!run.told().iter().any(|told| told.contains("jobs")), "{:?}", run.told());
    // A field more of a row that was there is a field.
    let mut run = Run::on("jobs.1.person=甲");
    run.edit("2022-10-05", "jobs.1.wage=丙");
    assert_eq!(run.told(), ["Field jobs.1.wage 2.1 2022-10-05"]);
}

#[test]
fn somebody_who_is_back_is_added() {
    let mut run = Run::on("members.1.name=张三 members.1.left_on=2022-08-01 members.1.left_why=失联");
    run.edit("2022-10-05", "members.1.left_on= members.1.left_why= members.1.phone=甲");
    assert_eq!(run.told(), ["Added members.1.left_on,members.1.left_why,members.1.phone 2.1 2022-10-05"]);
}

#[test]
fn an_opened_file_is_one_change_and_its_people_are_their_own() {
    let mut run = Run::on("");
    run.act("2022-10-05", "address.0.group=甲 class.0.class=乙 members.3.name=张三", "", |act| {
        act.opened.push(Opened { household: 1, on: "2022-10-05".parse().unwrap() });
    });
    let told = ["Opened address.0.group,class.0.class 2.1 2022-10-05", "Added members.3.name 2.3 2022-10-05"];
    assert_eq!(run.told(), told);
    run.undo("2022-10-06", 2);
    assert!(run.told().is_empty(), "opened by mistake, and closed: {:?}", run.told());
}

#[test]
fn a_paper_alone_is_a_change_until_it_is_taken_back() {
    let mut run = Run::on("income.0.wages=一");
    let paper = run.act("2022-10-05", "income.0.wages=一", "工资条", |_| {});
    assert_eq!(run.told(), ["Evidence income.0.wages 2.1 2022-10-05"]);
    let one = run.net().changes(1, None, &Defined)[0].lines()[0].1.clone();
    assert!(one.evidence_only && one.old == one.new && one.evidence.as_deref() == Some("工资条"));
    run.undo("2022-10-06", paper);
    assert!(run.told().is_empty(), "{:?}", run.told());
    // A value changed and put back on another paper leaves the paper.
    run.act("2022-10-07", "income.0.wages=二", "存折", |_| {});
    run.act("2022-10-08", "income.0.wages=一", "更正单", |_| {});
    assert_eq!(run.told(), ["Evidence income.0.wages 5.1 2022-10-08"]);
    let mut net = run.net();
    let slot = net.back_with_paper(1)[0].0;
    net.had_evidence(1, slot, Some("更正单".into()));
    assert!(net.changes(1, None, &Defined).is_empty(), "the same paper as before");
}

#[test]
fn a_paper_of_an_earlier_run_that_is_taken_back_is_a_change() {
    let mut run = Run::on("income.0.wages=一");
    let paper = run.act("2022-10-05", "income.0.wages=一", "工资条", |_| {});
    run.first = 2;
    run.undo("2022-10-06", paper);
    let mut net = run.net();
    assert_eq!(net.back_with_paper(1).len(), 1);
    let slot = net.back_with_paper(1)[0].0;
    net.had_evidence(1, slot, Some("工资条".into()));
    assert_eq!(net.changes(1, None, &Defined)[0].what, What::Evidence);
}

#[test]
fn across_runs_an_undo_is_a_change() {
    let mut run = Run::on("address.0.phone=甲");
    let sent = run.edit("2022-10-05", "address.0.phone=乙");
    run.first = 2;
    run.undo("2022-10-06", sent);
    assert_eq!(run.told(), ["Field address.0.phone 3.1 2022-10-06"]);
}

#[test]
fn what_the_county_s_roster_says_is_no_news_and_what_comes_after_is() {
    let county = |act: &mut Act| act.origin = Some(Origin { roster: Name::new("national"), from_county: true });
    let mut run = Run::on("address.0.phone=甲");
    run.edit("2022-10-05", "address.0.phone=乙");
    run.act("2022-10-06", "address.0.phone=丙 address.0.bank=丁", "", county);
    assert!(run.told().is_empty());
    run.edit("2022-10-07", "address.0.phone=戊 address.0.bank=己");
    let net = run.net();
    let changes = net.changes(1, Some(&run.file), &Defined);
    let old = |change: &Change<'_>| change.lines()[0].1.old.clone();
    assert_eq!(changes.iter().map(old).collect::<Vec<_>>(), [value("丙"), value("丁")]);
}

#[test]
fn rows_that_a_form_fills_at_once_count_like_fields_that_change() {
    let mut run = Run::on("members.1.name=张三");
    run.act("2022-10-05", "", "", |act| {
        let fields = vec![(Name::new("wages"), Some(Value::Fen(Money(100)))), (Name::new("net"), None)];
        act.taken.push(Rows { household: 1, section: Name::new("income"), row: 0, fields });
    });
    assert_eq!(run.told(), ["Field income.0.wages 2.1 2022-10-05"], "what is blank and was blank is no change");
}
