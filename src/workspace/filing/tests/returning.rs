//! Who comes back is the same person, by the event that her leaving asks for; nobody is entered twice.

use super::*;
use crate::changes::version;

const GONE: &str = "members.1.name=张三 members.1.relation=户主 members.1.sex=男 members.1.id_number=419999196003150016 \
    members.2.name=李四 members.2.relation=配偶 members.2.left_on=2022-05-01 members.2.left_why=失联 \
    members.3.name=张小军 members.3.relation=之子 members.3.birth_date=1985-02-28 members.3.left_on=2022-03 members.3.left_why=户籍迁出 \
    members.4.name=张老 members.4.relation=之父 members.4.birth_date=1935-01-01 members.4.left_on=2021 members.4.left_why=死亡 \
    members.5.name=张强 members.5.relation=户主 members.5.left_on=2020-09 members.5.left_why=参军";

fn back(form: &str, who: u32, date: &str, more: Json) -> Json {
    let mut json = json!({"form": form, "date": date, "person": person(who)});
    json.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json
}

#[test]
fn who_comes_back_keeps_her_row_and_the_reason_says_by_which_event() {
    let mut village = Village::of(GONE).with_second("members.20.name=王五 members.20.relation=户主");
    let wife = json!({"relation": "配偶"});
    for (form, who, why) in [
        ("discharge", 3, "张小军2022-03户籍迁出，请用“回来”登记"),
        ("release", 2, "李四2022-05-01失联，请用“回来”登记"),
        ("come_back", 5, "张强2020-09参军，请用“退伍”登记"),
        ("release", 5, "张强2020-09参军，请用“退伍”登记"),
        ("come_back", 4, "张老2021死亡，不能再登记回来"),
        ("discharge", 4, "张老2021死亡，不能再登记回来"),
        ("come_back", 1, "此人在户，没有离开过"),
    ] {
        let more = if form == "come_back" { wife.clone() } else { json!({}) };
        assert_eq!(village.fault(back(form, who, "2022-11-01", more)), ("person".into(), why.into()), "{form} {who}");
    }
    assert_eq!(village.fault(back("come_back", 2, "2022-04-30", wife.clone())).0, "date");
    assert_eq!(village.fault(back("come_back", 2, "2022-11-01", json!({}))).0, "relation");
    let act = village.record(back("come_back", 2, "2022-11-01", wife));
    assert_eq!(village.family(0), ["张三 户主", "李四 配偶"]);
    assert_eq!((village.text(0, "members.2.joined_why"), version::needed(&act)), ("返回".into(), 2));

    let married = json!({"to": "419999101201V0002", "relation": "配偶"});
    village.record(back("come_back", 3, "2022-11-02", married));
    assert_eq!(village.family(1), ["张小军 配偶", "王五 户主"]);
    assert_eq!(village.text(0, "members.3.left_why"), "转入他户");
    assert_eq!(village.text(1, "members.3.birth_date"), "1985-02-28");
}

#[test]
fn nobody_comes_back_as_a_second_head() {
    let mut village = Village::of(GONE);
    assert_eq!(village.fault(back("discharge", 5, "2022-11-01", json!({}))).0, "relation");
    let act = village.record(back("discharge", 5, "2022-11-01", json!({"relation": "之子"})));
    assert_eq!(village.family(0), ["张三 户主", "张强 之子"]);
    assert_eq!(version::needed(&act), 2);
}

#[test]
fn who_comes_back_opens_a_closed_file_again() {
    let mut village = Village::of(
        "status.closed_on=2022-06-01 status.closed_why=最后一人离开 members.1.name=张三 members.1.relation=户主 \
         members.1.left_on=2022-06-01 members.1.left_why=户籍迁出",
    );
    village.record(back("come_back", 1, "2022-11-01", json!({"relation": "户主"})));
    assert_eq!(village.family(0), ["张三 户主"]);
    assert_eq!(
        (village.text(0, "status.closed_on"), village.text(0, "status.closed_why")),
        (String::new(), String::new())
    );
}

#[test]
fn who_is_on_file_is_not_entered_as_somebody_new() {
    let mut village = Village::of(GONE).with_second(
        "members.20.name=王五 members.20.relation=户主 members.21.name=王芳 members.21.birth_date=1990-07-08 \
         members.22.name=王兰 members.22.birth_date=1992-01-01 members.22.left_on=2020-01 members.22.left_why=婚出",
    );
    let join = |name: &str, more: Json| {
        let mut form = json!({"form": "join", "date": "2022-11-10", "name": name, "sex": "男", "relation": "之子", "joined_why": "户籍迁入"});
        form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        form
    };
    for (name, more, field, says) in [
        ("张小军", json!({"birth_date": "1985-02-28"}), "name", "本户已有此人：张小军2022-03户籍迁出，请用“回来”登记"),
        ("张小军", json!({}), "name", "请用“回来”登记"),
        ("张 小 军", json!({"birth_date": "1985"}), "name", "请用“回来”登记"),
        ("张大山", json!({"id_number": "419999196003150016"}), "id_number", "张三在户"),
        ("张三", json!({}), "name", "张三在户"),
        ("张老", json!({"birth_date": "1935-01-01"}), "name", "不能再登记回来"),
        (
            "王芳",
            json!({"birth_date": "1990-07-08"}),
            "name",
            "王五户（419999101201V0002）已有此人：王芳在那里，请到那一户用“转到另一户”",
        ),
        (
            "王兰",
            json!({"birth_date": "1992-01-01"}),
            "name",
            "王兰2020-01婚出，请到那一户办：请用“回来”登记，可以转入本户",
        ),
    ] {
        let (at, why) = village.fault(join(name, more));
        assert!(at == field && why.contains(says), "{name}: {at} {why}");
    }
    let marries = json!({"form": "marry_in", "date": "2022-11-10", "name": "王芳", "sex": "女", "relation": "之儿媳", "birth_date": "1990-07-08"});
    assert_eq!(village.fault(marries).0, "name");
    let birth = json!({"form": "birth", "date": "1985-02-28", "name": "张小军", "sex": "男", "relation": "之子"});
    assert_eq!(village.fault(birth).0, "name");
    // Somebody else of the name, and a name that another household has too, are no reason.
    for (name, more) in [
        ("张小军", json!({"birth_date": "1999-09-09"})),
        ("王芳", json!({})),
        ("王五", json!({"birth_date": "1990-07-08"})),
        ("张老", json!({"birth_date": "1999"})),
    ] {
        village.next_person += 1;
        village.record(join(name, more));
    }
}

#[test]
fn one_birth_is_one_child() {
    let mut village = Village::of(FAMILY);
    let birth = json!({"form": "birth", "date": "2022-11-15", "name": "张甲", "sex": "男", "relation": "之孙子"});
    village.record(birth.clone());
    village.next_person += 1;
    let (field, why) = village.fault(birth);
    assert_eq!(field, "name");
    assert!(why.starts_with("本户已有此人：张甲在户"), "{why}");
}
