//! Conditions evaluated over files, in three values.

use super::*;
use crate::catalogue::Catalogue;
use crate::data::{BadData, Data};
use crate::policy::Layer;
use crate::rules::testing::Defs;

fn table(lines: &str) -> Result<Checks, BadData> {
    let text = format!("label = \"x\"\nseverity = \"error\"\ncheck = [\n{lines}\n]\n");
    let data = Data::embedded().with_file("checks/test.toml", &text);
    let catalogue = Catalogue::load(&data)?;
    Checks::load(&data, &catalogue, &Layer::load_all(&data)?)
}

/// Whether the condition holds of the file, for a row of this kind: the rows for which it does.
fn rows(each: &str, when: &str, fields: &str) -> Vec<u32> {
    let mut defs = Defs::shipped();
    let when = when.replace('"', "'");
    defs.take_checks(table(&format!("{{ id = \"x\", each = \"{each}\", when = \"{when}\", says = \"x\" }},")).unwrap());
    let file = defs.file(fields);
    let look = defs.on("2022-11-20");
    let (number, _) = look.checks.named(crate::domain::Name::new("x")).unwrap();
    let sheet = Sheet::of(look, [&file].into_iter());
    let mut rows = Vec::new();
    of_sheet(look, &sheet, |_, spot| {
        if usize::from(spot.check) == number {
            rows.push(spot.row);
        }
    });
    rows
}

fn holds(when: &str, fields: &str) -> bool {
    // A condition and its opposite cannot both hold; where neither does, it is unknown.
    let (yes, no) = (rows("household", when, fields), rows("household", &format!("not ({when})"), fields));
    assert!(yes.is_empty() || no.is_empty(), "{when}");
    !yes.is_empty()
}

fn unknown(when: &str, fields: &str) -> bool {
    rows("household", when, fields).is_empty() && rows("household", &format!("not ({when})"), fields).is_empty()
}

#[test]
fn money_quantities_and_figures_are_compared_in_their_units() {
    assert!(holds("income.per_person < @line", "income.per_person=6899.99"));
    assert!(!holds("income.per_person < @line", "income.per_person=6900"));
    assert!(unknown("income.per_person < @line", "income.wages=1"));
    assert!(holds("land.arable > 100", "land.arable=100.5"));
    assert!(!holds("land.arable > 100", "land.arable=100"));
    assert!(holds("income.net - income.wages = 0.5", "income.net=10.5 income.wages=10"));
    assert!(holds("income.wages * 2 > income.net", "income.net=10 income.wages=5.01"));
    assert!(holds("abs(income.net - income.wages) >= 1", "income.net=9 income.wages=10"));
    assert!(unknown("income.wages + income.property < 5", "income.wages=1"));
    assert!(holds("income.wages + (income.property ?? 0) < 5", "income.wages=1"));
}

#[test]
fn a_figure_may_be_a_day() {
    assert!(holds("case.identified_on <= @premium_owed_by", "case.identified_on=202203"));
    assert!(!holds("case.identified_on <= @premium_owed_by", "case.identified_on=2022-04-01"));
    assert!(unknown("case.identified_on <= @premium_owed_by", "case.identified_on=2022"));
    assert!(holds("@premium_owed_by + 1 day > case.identified_on", "case.identified_on=2022-03-31"));
}

#[test]
fn unknown_is_neither_yes_nor_no_and_empty_is_always_known() {
    assert!(holds("housing.grade empty", "housing.dangerous=是"));
    assert!(!holds("housing.grade empty", "housing.grade=奇怪的等级"));
    assert!(unknown("housing.grade = C级", "housing.grade=奇怪的等级"));
    assert!(unknown("housing.dangerous = 是", "income.net=1"));
    assert!(unknown("housing.dangerous = 是 and water.safe = 否", "housing.dangerous=是"));
    assert!(!unknown("housing.dangerous = 是 and water.safe = 否", "housing.dangerous=否"));
    assert!(holds("housing.dangerous = 是 or water.safe = 否", "housing.dangerous=是"));
    assert!(unknown("housing.dangerous = 是 or water.safe = 否", "housing.dangerous=否"));
}

#[test]
fn codes_are_written_by_their_labels() {
    assert!(holds("housing.grade in (C级, D级)", "housing.grade=D"));
    assert!(holds("housing.grade not in (C级, D级)", "housing.grade=A"));
    assert!(holds("class.class != 一般农户", "class.class=脱贫户"));
    assert!(holds("class.class = \"脱贫户(享受政策)\"", "class.class=脱贫户(享受政策)"));
    assert_eq!(rows("person", "members.health has 残疾", "members.1.health=大病残疾 members.2.health=健康"), [1]);
    assert_eq!(rows("person", "members.health has 残疾", "members.1.health=残疾、怪病 members.2.health=怪病"), [1]);
    assert!(rows("person", "not (members.health has 残疾)", "members.2.health=怪病").is_empty(), "whatever it may be");
    assert!(holds("risks has 因病", "case.target=边缘易致贫户 class.class=一般农户 case.risk2=因病"));
    assert!(holds("any measure (measures.what contains 雨露)", "measures.1.what=雨露计划"));
}

#[test]
fn dates_known_in_part_are_ranges() {
    let built = |on: &str, when: &str| {
        (holds(when, &format!("housing.graded_on={on}")), unknown(when, &format!("housing.graded_on={on}")))
    };
    assert_eq!(built("2022-05-19", "housing.graded_on + 6 months < today"), (true, false));
    assert_eq!(built("2022-05-20", "housing.graded_on + 6 months < today"), (false, false));
    assert_eq!(built("2022-05", "housing.graded_on + 6 months < today"), (false, true));
    assert_eq!(built("2022-04", "housing.graded_on + 6 months < today"), (true, false));
    assert_eq!(built("2022-11-01", "housing.graded_on >= month_start"), (true, false));
    assert_eq!(built("2022-10-31", "housing.graded_on >= month_start"), (false, false));
    // A month moved from the 31st ends with the shorter month.
    assert_eq!(built("2022-08-31", "housing.graded_on + 3 months > today + 9 days"), (true, false));
    assert_eq!(built("2022-08-31", "housing.graded_on + 3 months > today + 10 days"), (false, false));
}

#[test]
fn rows_within_are_counted_as_far_as_they_are_known() {
    let three = "members.1.labour=普通劳动力 members.2.labour=无劳动力 members.3.name=丙";
    assert!(holds("any person (works)", three));
    assert!(holds("count person (works) >= 1", three));
    assert!(!holds("count person (works) >= 3", three));
    assert!(unknown("count person (works) >= 2", three));
    assert!(unknown("all person (works)", "members.1.labour=普通劳动力 members.2.name=乙"));
    assert!(!unknown("all person (works)", three));
    assert!(holds("no person (works)", "members.1.labour=无劳动力"));
    assert!(!holds("all person (works)", "income.net=1"), "nobody is not everybody");
    assert!(holds("people = 0", "income.net=1"));
    assert!(holds("no person (works)", "members.1.labour=普通劳动力 members.1.left_why=死亡"));
}

#[test]
fn an_age_known_in_part_answers_where_every_possible_one_is_on_one_side() {
    let born = |date: &str| format!("members.1.birth_date={date} jobs.1.person=1 jobs.1.from=2022-03");
    assert!(holds("any person (age >= 60)", &born("1940")));
    assert!(!unknown("any person (age >= 60)", &born("1970-12")));
    assert!(unknown("any person (age >= 60)", &born("1962")), "59 or 60 on 2022-11-20");
    assert!(unknown("any person (age = 60)", &born("1962")));
    assert!(!holds("any person (age = 61)", &born("1962")) && !unknown("any person (age = 61)", &born("1962")));
    assert!(holds("any person (age + 1 >= 60)", &born("1962")));
    assert_eq!(rows("job", "age_at_start < 16", &born("2007")), [1], "14 or 15 when it began");
    assert!(rows("job", "age_at_start < 16", &born("2006")).is_empty(), "15 or 16");
}

#[test]
fn a_row_sees_what_it_belongs_to() {
    let fields = "members.1.birth_date=2008-01-01 members.2.birth_date=1980-01-01 jobs.1.person=1 jobs.1.from=2022-01 \
                  jobs.2.person=2 jobs.2.from=2022-01 class.class=脱贫户";
    assert_eq!(rows("job", "age < 16 and R", fields), [1]);
    assert_eq!(rows("person", "any job (jobs.from filled) and age < 16", fields), [1]);
    assert_eq!(rows("job", "age_at_start < 16", fields), [1]);
    assert!(rows("job", "age < 16", "jobs.1.from=2022-01 members.1.birth_date=2010-01-01").is_empty());
    // Whose job it is counts, also when the jobs stand in another order than the people.
    let crossed = "members.1.name=甲 members.2.name=乙 jobs.1.person=2 jobs.2.person=1 jobs.3.person=2 jobs.1.to=2021 jobs.3.to=2021";
    assert_eq!(rows("person", "count job (jobs.to filled) = 2", crossed), [2]);
}

#[test]
fn a_household_of_thirty_and_one_of_nobody_are_checked_like_others() {
    let mut fields: String = (1..=70).map(|id| format!("members.{id}.labour=普通劳动力 ")).collect();
    fields.push_str("members.70.sex=男");
    assert_eq!(rows("person", "members.sex = 男", &fields), [70]);
    assert!(holds("count person (works) = 70", &fields));
    assert!(holds("no person (head)", "income.net=1"));
}

#[test]
fn ages_from_an_unusable_id_number_are_unknown() {
    assert!(rows("person", "age < 16", "members.1.name=甲 members.1.id_number=419999200801010000").is_empty());
    assert!(rows("person", "age >= 16", "members.1.name=甲 members.1.id_number=419999200801010000").is_empty());
    assert_eq!(rows("person", "id_check", "members.1.name=甲 members.1.id_number=419999200801010000"), [1]);
}

#[test]
fn a_wrong_line_is_refused_with_its_place_and_what_is_wrong() {
    let told = |line: &str| table(line).unwrap_err().to_string();
    let when = |when: &str| told(&format!("{{ id = \"x\", each = \"household\", when = \"{when}\", says = \"x\" }},"));
    assert_eq!(when("income.nothing < 5"), "checks/test.toml 第4行：没有字段 income.nothing");
    assert_eq!(
        when("members.sex = 男"),
        "checks/test.toml 第4行：从这里看不到 members.sex，要写在 any、no、all 或 count 里面"
    );
    assert_eq!(when("housing.grade = Z级"), "checks/test.toml 第4行：代码表“危房等级”里没有“Z级”");
    assert_eq!(
        when("income.net < housing.floor_area"),
        "checks/test.toml 第4行：两边一个是金额、数目，一个是另一种，不能比较或相加"
    );
    assert_eq!(
        when("housing.dangerous"),
        "checks/test.toml 第4行：housing.dangerous 要写明 housing.dangerous = 是 或 housing.dangerous = 否"
    );
    assert_eq!(when("case.identified_on < @working_from"), "checks/test.toml 第4行：@后面的是数目，不能和日期比较");
    assert_eq!(when("jolly"), "checks/test.toml 第4行：这里没有 jolly 这个事实");
    assert_eq!(when("any car (people = 1)"), "checks/test.toml 第4行：没有 car 这种行");
    assert_eq!(when("tasks.what empty"), "checks/test.toml 第4行：核对不看 tasks 这一部分");
    assert_eq!(
        told("{ id = \"x\", each = \"person\", says = \"x\" },"),
        "checks/test.toml 第4行：when 和 rule 应写一个，且只写一个"
    );
    assert_eq!(
        told("{ each = \"person\", when = \"head\", says = \"x\" },"),
        "checks/test.toml 第4行：缺 code（本表代码）或 R、T、O、E（国网代码）"
    );
    let twice = "{ id = \"x\", each = \"person\", when = \"head\", says = \"x\" },";
    assert_eq!(told(&format!("{twice}\n{twice}")), "checks/test.toml 第5行：x 出现两次，请写明不同的 id");
}

#[test]
fn families_stand_in_their_order_and_a_countys_own_between_what_contradicts_itself_and_what_is_only_blank() {
    let checks = table("{ id = \"x\", each = \"person\", when = \"head\", says = \"x\" },").unwrap();
    let place = |family: &str| checks.families.iter().position(|it| it.id == family).unwrap();
    assert!(place("national-identity") < place("test") && place("test") < place("national-empty"));
    assert_eq!(place("national-empty"), checks.families.len() - 1);
    let fault = table("{ id = \"C504\", each = \"person\", when = \"head\", says = \"x\" },").unwrap_err();
    assert!(fault.why.starts_with("C504 出现两次（另一处在 checks/test.toml）"), "{fault}");
}

#[test]
fn a_figure_that_no_policy_states_is_named() {
    let fault = table("{ id = \"x\", each = \"household\", when = \"income.net < @no_such_figure\", says = \"x\" },")
        .unwrap_err();
    assert!(fault.to_string().ends_with("没有哪个政策文件写了 no_such_figure，核对要用它"), "{fault}");
}

#[test]
fn a_message_names_the_person_and_the_figures() {
    let mut defs = Defs::shipped();
    let checks = table(
        "{ id = \"x\", T = \"5_13_003\", R = \"4_02_001\", code = \"C999\", each = \"person\", when = \"age < 16\", \
         says = \"{age}岁，不到{@working_from}岁，电话{members.phone}，人均{income.per_person}元\", at = \"members.labour\" },",
    )
    .unwrap();
    defs.take_checks(checks);
    let file = defs.file(
        "class.class=脱贫户 members.3.name=张三 members.3.birth_date=2010-01-01 members.3.phone=13712345678 income.per_person=5000",
    );
    let look = defs.on("2022-11-20");
    let standing = standing::of(look, &file);
    let case = Case { looked: look.at(&file), standing: &standing, unsent: &[], village: None };
    let found = findings(case).into_iter().find(|finding| finding.check == "x").unwrap();
    assert_eq!(found.message, "张三：12岁，不到16岁，电话137****5678，人均5000元");
    assert_eq!((found.code.as_str(), found.national[0].as_str()), ("C999", "4_02_001"));
    assert_eq!(
        found.slot.map(|slot| (slot.section.as_str(), slot.row, slot.field.as_str())),
        Some(("members", 3, "labour"))
    );
    assert_eq!(found.person, Some(3));
}
