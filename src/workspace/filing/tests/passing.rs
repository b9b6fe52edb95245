//! What becomes of what is a household's own when its people join another, split off, or move.

use super::*;
use crate::changes::version;
use crate::domain::{FormRef, OpenItem};

const OURS: &str = "class.class=脱贫户 members.1.name=张三 members.1.relation=户主 land.arable=3";
const TARGET: &str = "class.class=脱贫户 case.target=边缘易致贫户 case.eliminated=否 case.risk1=因病 \
    members.20.name=王五 members.20.relation=户主 members.20.person_number=419999101201000201 \
    members.21.name=王六 members.21.relation=之子 members.21.birth_date=1990-05-01 ";
const OWN: &str = "land.arable=5.5 land.forest=2 tasks.1.what=屋漏 tasks.1.due=2022-11-15 tasks.2.what=停水 \
    tasks.2.done_on=2022-10-01 measures.1.kind=产业帮扶 documents.1.what=承诺书 stages.1.stage=县级审批 \
    stages.1.on=2022-03-31 loans.1.person=20 loans.1.amount=50000 helper.name=赵干部 housing.grade=A级";

fn merge(more: Json) -> Json {
    let mut form = json!({"form": "merge", "date": "2022-11-12", "from": "419999101201V0002",
        "relations": {"419999101201000201": "之兄弟姐妹", person(21): "之侄儿"}});
    form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    form
}

fn undone(village: &mut Village, act: &Act) {
    let blank = Act::new(act.village, Name::new("undo"), "u", "李桂枝", act.role, act.entered_at);
    let mut back = undo::invert(act, blank, &village.files).unwrap();
    village.acts += 1;
    back.number = village.acts;
    let households = back.households();
    let files = village.files.iter_mut().filter(|file| households.contains(&file.id.serial));
    files.for_each(|file| apply(file, &back));
}

/// What a file holds, without the marks of when it was touched.
fn held(file: &HouseholdFile) -> Vec<String> {
    let rows = file.sections.iter().flat_map(|(name, section)| {
        let cells =
            section.rows.iter().flat_map(|(row, cells)| cells.values().map(move |(field, value)| (row, field, value)));
        cells.map(move |(row, field, value)| format!("{name}.{row}.{field}={value:?}"))
    });
    rows.chain(file.open_items.iter().map(|item| format!("{item:?}"))).collect()
}

#[test]
fn a_household_that_joins_brings_all_that_is_its_own() {
    let mut village = Village::of(OURS).with_second(&format!("{TARGET} {OWN}"));
    let before: Vec<_> = village.files.iter().map(held).collect();
    let act = village.record(merge(json!({})));
    assert_eq!(village.family(0), ["张三 户主", "王五 之兄弟姐妹", "王六 之侄儿"]);
    for (path, text) in [
        ("case.target", "边缘易致贫户"),
        ("case.risk1", "因病"),
        ("stages.1.stage", "县级审批"),
        ("land.arable", "8.5"),
        ("land.forest", "2"),
        ("tasks.1.what", "屋漏"),
        ("tasks.2.done_on", "2022-10-01"),
        ("measures.1.kind", "产业帮扶"),
        ("documents.1.what", "承诺书"),
        ("loans.1.amount", "50000"),
        ("helper.name", "赵干部"),
        ("housing.grade", ""),
    ] {
        assert_eq!(village.text(0, path), text, "{path}");
    }
    for path in ["case.target", "land.arable", "tasks.1.what", "measures.1.kind", "loans.1.amount"] {
        assert_eq!(village.text(1, path), "", "{path} is in one file only");
    }
    assert_eq!(village.text(1, "housing.grade"), "A级", "what the closed household was stays readable");
    assert_eq!(version::needed(&act), 1, "the first programs know all of it");
    undone(&mut village, &act);
    assert_eq!(village.files.iter().map(held).collect::<Vec<_>>(), before);
}

#[test]
fn what_both_hold_is_asked_about_and_what_ends_is_told() {
    let ours = format!(
        "{OURS} case.target=脱贫不稳定户 case.eliminated=是 stages.1.stage=发现风险 income.net=20000 income.per_person=20000"
    );
    let village =
        || Village::of(&ours).with_second(&format!("{TARGET} {OWN} income.net=6000 spending.spent_medical=900"));
    let (field, why) = village().fault(merge(json!({})));
    assert_eq!(field, "heirs.income");
    assert_eq!(why, "收入 家庭纯收入6000怎么办，要写：\"0\":\"carry\"（带过去）或 \"end\"（不带）");
    let missing = village().file_form(&merge(json!({"heirs": {"income": {"0": "end"}}}))).unwrap_err();
    assert_eq!(missing.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), ["heirs.case"]);

    let mut kept = village();
    let act = kept.record(merge(json!({"heirs": {"income": {"0": "end"}, "case": {"0": "end"}}})));
    assert_eq!(
        (kept.text(0, "case.target"), kept.text(1, "case.target")),
        ("脱贫不稳定户".into(), "边缘易致贫户".into())
    );
    assert_eq!((kept.text(0, "income.net"), kept.text(0, "spending.spent_medical")), ("20000".into(), String::new()));
    assert_eq!(kept.text(1, "stages.1.stage"), "县级审批", "the stages go with the case");
    assert_eq!(
        kept.text(1, "status.left_behind"),
        "收入 家庭纯收入6000；刚性支出 医疗自付支出900；帮扶责任人 赵干部；监测信息 边缘易致贫户 因病 风险是否已消除否"
    );
    assert_eq!(version::needed(&act), 2);

    let mut carried = village();
    carried.record(merge(json!({"heirs": {"income": {"0": "carry"}, "case": {"0": "carry"}}})));
    assert_eq!(carried.text(0, "case.target"), "边缘易致贫户");
    assert_eq!((carried.text(0, "income.net"), carried.text(0, "income.per_person")), ("26000".into(), String::new()));
    assert_eq!(carried.text(0, "income.people"), "3", "one of ours and two of theirs");
    assert_eq!(carried.text(0, "spending.spent_medical"), "900");
    assert_eq!(carried.text(0, "stages.2.stage"), "县级审批");
    assert_eq!(carried.text(1, "status.left_behind"), "");
}

#[test]
fn a_row_may_be_let_go_and_then_ends_on_the_day() {
    let village = || {
        Village::of(OURS).with_second(&format!(
            "{TARGET} {OWN} exemptions.1.check=C402 exemptions.2.check=C403 exemptions.2.person=21"
        ))
    };
    assert_eq!(village().fault(merge(json!({}))).0, "heirs.exemptions");
    let answers = |more: Json| {
        let mut heirs = json!({"exemptions": {"1": "end"}});
        heirs.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        merge(json!({ "heirs": heirs }))
    };
    let mut village_with = village();
    village_with.record(answers(json!({"tasks": {"1": "end"}})));
    let told = ["tasks.1.done_on", "tasks.1.result", "exemptions.1.until"].map(|path| village_with.text(1, path));
    assert_eq!(told, ["2022-11-12", "并户时不再办理", "2022-11-12"]);
    assert_eq!(village_with.text(1, "status.left_behind"), "待办问题 屋漏 办结期限2022-11-15；豁免 C402");
    assert_eq!(village_with.text(0, "exemptions.1.person"), "21", "what is a person's goes with her");
    for (more, field) in [
        (json!({"tasks": {"7": "end"}}), "heirs.tasks"),
        (json!({"exemptions": {"1": "end", "2": "end"}}), "heirs.exemptions"),
        (json!({"members": {"20": "end"}}), "heirs.members"),
        (json!({"status": {"0": "end"}}), "heirs.status"),
        (json!({"bees": {"0": "end"}}), "heirs.bees"),
        (json!({"tasks": {"1": "away"}}), "heirs"),
    ] {
        assert_eq!(village().fault(answers(more)).0, field);
    }
}

#[test]
fn what_a_visit_or_a_paper_began_goes_on_in_the_household_that_is_left() {
    let mut village = Village::of(OURS).with_second("members.20.name=王五 members.20.relation=户主");
    let open = |act, what: &str| OpenItem {
        act,
        item: Name::new("V01"),
        sections: vec![Name::new("members")],
        since: None,
        seen_on: "2022-11-06".parse().unwrap(),
        what: what.into(),
    };
    village.files[0].open_items.push(open(3, "添孙女"));
    village.files[1].open_items.push(open(4, "添儿媳"));
    let mut paper = FormRef::blank(Name::new("verification"), "2022-11-08".parse().unwrap());
    paper.opinion = Some(Name::new("propose"));
    village.files[1].forms.push(paper);
    village.acts = 4;
    let before: Vec<_> = village.files.iter().map(held).collect();
    let act = village.record(json!({"form": "merge", "date": "2022-11-12", "from": "419999101201V0002", "relations": {person(20): "之岳父"}}));
    let waiting: Vec<&str> = village.files[0].open_items.iter().map(|item| &*item.what).collect();
    assert_eq!(waiting, ["添孙女", "添儿媳"], "and what was open here is not answered by it");
    assert!(village.files[1].open_items.is_empty());
    let stage = ["stages.1.stage", "stages.1.on", "stages.1.document"].map(|path| village.text(0, path));
    assert_eq!(stage, ["入户核实(排查表)", "2022-11-08", "排查表（并入的户 419999101201V0002）"]);
    undone(&mut village, &act);
    assert_eq!(village.files.iter().map(held).collect::<Vec<_>>(), before);
}

#[test]
fn who_is_gone_leaves_a_debt_that_stays_due() {
    let gone =
        "members.19.name=王老 members.19.left_why=死亡 loans.2.person=19 loans.2.amount=30000 loans.2.to=2022-10-01";
    let mut village = Village::of(OURS).with_second(&format!("{TARGET} {OWN} {gone}"));
    village.record(merge(json!({})));
    assert_eq!((village.text(0, "loans.2.amount"), village.text(1, "loans.2.amount")), (String::new(), "30000".into()));
    let standing = crate::rules::standing::of(village.look(), &village.files[1]);
    assert_eq!(standing.clocks.len(), 1);
    assert!(
        !standing.due && standing.hits.iter().any(|hit| village.defs.checks.all[usize::from(hit.check)].id == "C605")
    );
}

#[test]
fn an_income_of_which_one_side_is_unknown_is_not_added_up() {
    let village = |theirs: &str| {
        Village::of(&format!("{OURS} income.net=20000")).with_second(&format!("members.20.name=王五 {theirs}"))
    };
    let form = |becomes: &str| {
        json!({"form": "merge", "date": "2022-11-01", "from": "419999101201V0002", "relations": {person(20): "其他"},
               "heirs": {"income": {"0": becomes}}})
    };
    let (field, why) = village("income.wages=9000").fault(form("carry"));
    assert_eq!(field, "heirs.income");
    assert!(why.contains("只知道一户的"), "{why}");
    let mut kept = village("income.wages=9000");
    kept.record(form("end"));
    assert_eq!((kept.text(0, "income.net"), kept.text(0, "income.wages")), ("20000".into(), String::new()));
    let mut added = village("income.net=5000");
    added.record(form("carry"));
    assert_eq!(added.text(0, "income.net"), "25000");
}

#[test]
fn nobody_becomes_a_second_head() {
    let other = "members.20.name=王五 members.20.relation=户主";
    let village = || Village::of(OURS).with_second(other);
    let to_other = json!({"form": "move", "date": "2022-11-01", "person": person(1), "to": "419999101201V0002", "relation": "户主"});
    let (field, why) = village().fault(to_other);
    assert_eq!(
        (field.as_str(), why.as_str()),
        ("relation", "419999101201V0002户的户主是王五，不能再有一个户主，请写与户主的关系")
    );
    let merge =
        json!({"form": "merge", "date": "2022-11-01", "from": "419999101201V0002", "relations": {person(20): "户主"}});
    assert_eq!(village().fault(merge).0, "relations");
    let join = json!({"form": "join", "date": "2022-11-10", "name": "张强", "sex": "男", "relation": "户主", "joined_why": "户籍迁入"});
    assert_eq!(village().fault(join).0, "relation");
}

fn split(more: Json) -> Json {
    let mut form = json!({"form": "split", "date": "2022-11-01", "people": [person(21)], "new_head": person(21)});
    form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    form
}

#[test]
fn who_leaves_a_target_stays_in_sight() {
    let about =
        "tasks.3.what=王六没有工作 exemptions.1.check=C402 exemptions.1.person=21 loans.2.person=21 loans.2.amount=7";
    let village = || Village::of(&format!("{TARGET} {OWN} {about}"));
    let missing = village().file_form(&split(json!({}))).unwrap_err();
    let missing: Vec<&str> = missing.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(missing, ["heirs.measures", "heirs.case", "heirs.tasks", "heirs.tasks"]);
    let heirs = |case: &str| json!({"heirs": {"case": {"0": case}, "measures": {"1": "end"}, "tasks": {"1": "end", "3": "carry"}}});
    let mut both = village();
    let before = held(&both.files[0]);
    let act = both.record(split(heirs("carry")));
    for at in [0, 1] {
        let of = ["case.target", "case.risk1", "stages.1.stage", "helper.name"].map(|path| both.text(at, path));
        assert_eq!(of, ["边缘易致贫户", "因病", "县级审批", "赵干部"]);
    }
    assert_eq!((both.text(0, "measures.1.kind"), both.text(1, "measures.1.kind")), ("产业帮扶".into(), String::new()));
    assert_eq!((both.text(0, "tasks.3.what"), both.text(1, "tasks.1.what")), (String::new(), "王六没有工作".into()));
    assert_eq!(both.text(0, "tasks.1.done_on"), "", "what stays goes on");
    assert_eq!((both.text(1, "exemptions.1.check"), both.text(1, "loans.1.amount")), ("C402".into(), "7".into()));
    undone(&mut both, &act);
    assert_eq!(held(&both.files[0]), before);

    let mut one = village();
    one.record(split(heirs("end")));
    assert_eq!((one.text(0, "case.target"), one.text(1, "case.target")), ("边缘易致贫户".into(), String::new()));
}

#[test]
fn a_split_makes_no_land_and_is_not_before_its_people() {
    let plain = "class.class=一般农户 land.arable=3 members.20.name=王五 members.20.relation=户主 \
        members.21.name=王六 members.21.relation=之子 members.21.birth_date=1990-05-01 members.21.joined_on=2015-03";
    let village = || Village::of(plain);
    let fault = |more: Json| village().fault(split(more));
    assert_eq!(fault(json!({"arable": "99"})), ("arable".into(), "本户耕地3亩，分不出99亩".into()));
    assert_eq!(fault(json!({"arable": "3.01"})).0, "arable");
    assert_eq!(
        fault(json!({"date": "1990-04-30"})),
        ("date".into(), "王六生于1990-05-01，早于这一天的事不可能".into())
    );
    assert_eq!(fault(json!({"date": "2015-02-28"})), ("date".into(), "王六2015-03才到本户，日期不能更早".into()));
    let carried = json!({"arable": "1", "heirs": {"land": {"0": "carry"}}});
    assert_eq!(
        fault(carried),
        ("heirs.land".into(), "土地产业是全户合计的数，分户不能照抄，分户以后到新户里填".into())
    );
    let paid = Village::of(&format!("{plain} income.net=60000 spending.own_spending=900"));
    for sum in ["income", "spending"] {
        let heirs = |becomes: &str| json!({"heirs": {(sum): {"0": becomes}}});
        assert_eq!(paid.fault(split(heirs("carry"))).0, format!("heirs.{sum}"));
        assert!(paid.file_form(&split(heirs("end"))).is_ok());
    }
    let mut whole = village();
    whole.record(split(json!({"arable": "3"})));
    assert_eq!((whole.text(0, "land.arable"), whole.text(1, "land.arable")), ("0".into(), "3".into()));
    // Nothing joins the new household before it began.
    whole.files[1].id.serial = 2;
    let early = json!({"form": "move", "date": "2022-10-31", "person": person(20), "to": "419999101201V0002", "relation": "之父"});
    assert_eq!(whole.fault(early).0, "date");
    let mut unknown = Village::of(&plain.replace("land.arable=3 ", ""));
    unknown.record(split(json!({"arable": "99"})));
    assert_eq!(unknown.text(1, "land.arable"), "99", "how much there was is not known");
}

#[test]
fn the_last_one_who_moves_takes_what_is_the_households() {
    let alone = "land.arable=2 tasks.1.what=屋漏 case.target=边缘易致贫户 case.eliminated=否 \
        members.1.name=张三 members.1.relation=户主";
    let mut village = Village::of(alone).with_second("members.20.name=王五 members.20.relation=户主 land.arable=1");
    village.record(json!({"form": "move", "date": "2022-11-01", "person": person(1), "to": "419999101201V0002", "relation": "配偶"}));
    let told = ["land.arable", "tasks.1.what", "case.target"].map(|path| village.text(1, path));
    assert_eq!(told, ["3", "屋漏", "边缘易致贫户"]);
    let closed = ["status.closed_why", "status.merged_into", "land.arable"].map(|path| village.text(0, path));
    assert_eq!(closed, ["最后一人离开", "419999101201V0002", ""]);
}

#[test]
fn who_moves_is_asked_only_about_what_names_her() {
    let mut village =
        Village::of(&format!("{FAMILY} tasks.1.what=屋漏 tasks.2.what=张小军欠薪 measures.1.kind=产业帮扶"))
            .with_second("members.20.name=王五 members.20.relation=户主");
    let moving = |heirs: Json| json!({"form": "move", "date": "2022-11-01", "person": person(3), "to": "419999101201V0002", "relation": "之女婿", "heirs": heirs});
    let (field, why) = village.fault(moving(Json::Null));
    assert_eq!(field, "heirs.tasks");
    assert!(why.contains("张小军欠薪") && village.file_form(&moving(Json::Null)).unwrap_err().len() == 1);
    village.record(moving(json!({"tasks": {"2": "carry"}})));
    assert_eq!(
        (village.text(0, "tasks.1.what"), village.text(1, "tasks.1.what")),
        ("屋漏".into(), "张小军欠薪".into())
    );
}

#[test]
fn a_household_with_people_is_closed_only_because_all_of_them_went() {
    let close = |why: &str| json!({"form": "close", "date": "2022-11-01", "closed_why": why});
    let mut village = Village::of(FAMILY);
    for why in ["最后一人离开", "其他", "并入他户"] {
        assert_eq!(village.fault(close(why)).0, "closed_why", "{why}");
    }
    village.record(close("整户迁出"));
    assert_eq!(village.text(0, "status.closed_on"), "2022-11-01");
}
