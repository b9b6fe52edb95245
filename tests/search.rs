//! Finding households, held against a plain matcher that tries everything, and as a coordinator types it.

use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use hudang::data::Data;
use hudang::domain::income::Shown;
use hudang::domain::{Class, HouseholdId, Money, PersonSummary, Summary};
use hudang::workspace::search::{Closeness, Hit, Index, Kind, Reason, SortKey};
use hudang::workspace::words::Words;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

static WORDS: LazyLock<Arc<Words>> = LazyLock::new(|| Arc::new(Words::load(&Data::embedded()).unwrap()));

fn person(id: u32, name: &str) -> PersonSummary {
    PersonSummary { id, name: name.into(), national_number: None, id_number: None, phone: None, left: false }
}

fn household(serial: u32, group: &str, names: &[&str]) -> Summary {
    let everyone: Vec<PersonSummary> = (1..).zip(names).map(|(id, name)| person(serial * 10 + id, name)).collect();
    Summary {
        id: HouseholdId { village: "419999101201".parse().unwrap(), serial },
        national_number: None,
        head: everyone.first().map(|head| head.name.clone()).unwrap_or_default(),
        has_head: !everyone.is_empty(),
        group: (!group.is_empty()).then(|| group.into()),
        house_number: None,
        phone: None,
        class: None,
        target: None,
        risk: None,
        per_person: None,
        reckoned: None,
        people: everyone.len() as u16,
        closed: false,
        taken_in: NaiveDate::from_ymd_opt(2022, 11, 1).unwrap(),
        everyone,
        rosters: Vec::new(),
    }
}

fn search(index: &Index, summaries: &[Summary], line: &str) -> Vec<Hit> {
    let query = WORDS.parse(line).unwrap();
    index.search(&query, |seat| summaries.iter().find(|summary| summary.id == index.id(seat)))
}

/// The serial numbers of what was found.
fn found(summaries: &[Summary], line: &str) -> Vec<u32> {
    let index = Index::build(WORDS.clone(), summaries);
    search(&index, summaries, line).into_iter().map(|hit| index.id(hit.seat).serial).collect()
}

fn village() -> Vec<Summary> {
    let mut village = vec![
        household(1, "10组", &["张三丰", "李素珍"]),
        household(2, "三组", &["张三", "王芳", "张雨"]),
        household(3, "第3组", &["赵山", "钱张三"]),
        household(4, "2组", &["单晓明", "尉迟红"]),
        household(5, "", &["吕布", "张雨"]),
        household(6, "东湾2组", &["王张顺"]),
    ];
    village[0].everyone[0].id_number = Some("41999919831018766X".into());
    village[0].phone = Some("0377-6912 3456".into());
    village[1].house_number = Some("17号".into());
    village[1].everyone[2].left = true;
    village[2].house_number = Some("3".into());
    village[3].national_number = Some("4199991012010088".into());
    village[3].everyone[1].phone = Some("13800001234".into());
    village[3].everyone[1].national_number = Some("41999910120100880002".into());
    village
}

#[test]
fn she_finds_households_by_what_she_types() {
    let village = village();
    for (line, serials) in [
        ("张三", vec![2, 1, 3]),
        ("zs", vec![3, 2, 1, 6]),
        ("ＺＨＡＮＧ ｓａｎ", vec![2, 1, 3]),
        ("zhangsf", vec![1]),
        ("张s", vec![2, 1, 6, 3]),
        ("shan", vec![4, 3]),
        ("yuchi", vec![4]),
        ("lvb", vec![5]),
        ("luobu", vec![]),
        ("766x", vec![1]),
        ("41999919831018766X", vec![1]),
        ("3456", vec![1]),
        ("0000", vec![4]),
        ("0088", vec![4]),
        ("0002", vec![4, 2]),
        ("0005", vec![5]),
        ("V5", vec![5]),
        ("419999101201v0005", vec![5]),
        ("P00042", vec![4]),
        ("三组", vec![3, 2]),
        ("3组", vec![3, 2]),
        ("3", vec![3, 2]),
        ("17", vec![2]),
        ("17号", vec![2]),
        ("dw", vec![6]),
        ("东湾", vec![6]),
        ("2组", vec![4, 6]),
        ("zs 三组", vec![3, 2]),
        ("zs 766x", vec![1]),
        ("zs 吕", vec![]),
        ("人数>=2 张", vec![2, 1, 5, 3]),
        ("组=3组", vec![3, 2]),
        ("组=3组 zhao", vec![3]),
    ] {
        assert_eq!(found(&village, line), serials, "{line}");
    }
}

#[test]
fn the_reason_names_the_person_and_what_matched() {
    let village = village();
    let index = Index::build(WORDS.clone(), &village);
    let reason = |line: &str| search(&index, &village, line)[0].reason().unwrap();
    let of = |line: &str| {
        let Reason { kind, closeness, person, head, left } = reason(line);
        (kind, closeness, person.map(|person| person.0), head, left)
    };
    assert_eq!(of("zhangyu"), (Kind::Name, Closeness::Whole, Some(52), false, false));
    assert_eq!(of("张雨 三组"), (Kind::Name, Closeness::Whole, Some(23), false, true));
    assert_eq!(of("766x"), (Kind::IdNumber, Closeness::Edge, Some(11), true, false));
    assert_eq!(of("6912"), (Kind::Phone, Closeness::Inside, None, false, false));
    assert_eq!(of("1234"), (Kind::Phone, Closeness::Edge, Some(42), false, false));
    assert_eq!(of("4199991012010088"), (Kind::HouseholdNumber, Closeness::Whole, None, false, false));
    assert_eq!(of("三组"), (Kind::Group, Closeness::Whole, None, false, false));
    assert_eq!(of("17号"), (Kind::HouseNumber, Closeness::Whole, None, false, false));
    assert_eq!(search(&index, &village, "人数>=2")[0].reason(), None);
}

#[test]
fn words_that_one_name_holds_stand_before_words_found_apart() {
    let village = [household(1, "1组", &["张伟", "李三"]), household(2, "9组", &["王五", "张三"])];
    assert_eq!(found(&village, "zhang san"), [2, 1]);
    assert_eq!(found(&village, "san zhang"), [1, 2]);
}

#[test]
fn closed_files_are_hidden_unless_asked_for() {
    let mut village = village();
    village[1].closed = true;
    assert_eq!(found(&village, "张三"), [1, 3]);
    assert_eq!(found(&village, "张三 销户"), [2]);
    assert_eq!(found(&village, "张三 !销户"), [1, 3]);
    assert_eq!(found(&village, "").len(), 5);
}

#[test]
fn a_condition_half_typed_hides_nobody() {
    let village = village();
    let index = Index::build(WORDS.clone(), &village);
    let typed = |line: &str| {
        let query = WORDS.parse_unfinished(line).unwrap();
        index.search(&query, |seat| village.iter().find(|summary| summary.id == index.id(seat))).len()
    };
    assert_eq!(["zs", "zs 人", "zs 人数", "zs 人数>", "zs 人数>1", "zs 人数>2"].map(typed), [4, 4, 4, 4, 3, 1]);
}

#[test]
fn nothing_typed_lists_all_in_the_order_in_which_one_walks() {
    assert_eq!(found(&village(), ""), [4, 3, 2, 1, 6, 5]);
    let mut village = [household(1, "1组", &[]), household(2, "1组", &[]), household(3, "1组", &[])];
    village[0].house_number = Some("10号".into());
    village[2].house_number = Some("9号".into());
    assert_eq!(found(&village, ""), [3, 1, 2]);
}

#[test]
fn lists_sort_with_the_unknown_last() {
    let mut village = village();
    village[0].per_person = Some(Shown { money: Money::yuan(9000), computed: false });
    village[3].per_person = Some(Shown { money: Money::yuan(6480), computed: true });
    village[4].class = Some(Class::Ordinary);
    village[5].class = Some(Class::Relieved { policies: None });
    let index = Index::build(WORDS.clone(), &village);
    let sorted = |key, downwards| {
        let facts = |seat| village.iter().find(|summary| summary.id == index.id(seat));
        let mut hits = index.search(&WORDS.parse("").unwrap(), facts);
        index.sorted(key, downwards, facts).apply(&mut hits);
        hits.into_iter().map(|hit| index.id(hit.seat).serial).collect::<Vec<_>>()
    };
    assert_eq!(sorted(SortKey::Natural, true), [5, 6, 1, 2, 3, 4]);
    assert_eq!(sorted(SortKey::Name, false), [5, 4, 6, 2, 1, 3]);
    assert_eq!(sorted(SortKey::PerPerson, false), [4, 1, 3, 2, 6, 5]);
    assert_eq!(sorted(SortKey::PerPerson, true), [1, 4, 3, 2, 6, 5]);
    assert_eq!(sorted(SortKey::People, true), [2, 4, 3, 1, 5, 6]);
    assert_eq!(sorted(SortKey::Class, false)[..2], [6, 5]);
    assert_eq!(sorted(SortKey::LastVisit, true), [4, 3, 2, 1, 6, 5]);
}

#[test]
fn many_edits_leave_the_index_as_if_built_anew() {
    let mut village = village();
    let mut index = Index::build(WORDS.clone(), &village);
    for round in 0..600 {
        let summary = &mut village[round % 6];
        summary.everyone[0].name = ["周一", "郑二", "吴三"][round % 3].into();
        summary.head = summary.everyone[0].name.clone();
        summary.group = Some(format!("{}组", round % 7).into());
        index.update(summary);
    }
    let fresh = Index::build(WORDS.clone(), &village);
    for line in ["", "z", "吴三", "3组", "张雨", "1234"] {
        assert_eq!(ids(&index, &village, line), ids(&fresh, &village, line), "{line}");
    }
}

fn ids(index: &Index, summaries: &[Summary], line: &str) -> Vec<(HouseholdId, Option<Reason>)> {
    search(index, summaries, line).into_iter().map(|hit| (index.id(hit.seat), hit.reason())).collect()
}

/// A plain reading of what `search` promises, by trying everything.
mod plain {
    use super::*;

    fn is_piece(piece: &str, reading: &str, last: bool) -> bool {
        piece == reading
            || piece.chars().count() == 1 && reading.starts_with(piece)
            || ["zh", "ch", "sh"].contains(&piece) && reading.starts_with(piece)
            || last && reading.starts_with(piece)
    }

    /// The numbers of letters of a name that a word can use up, from its first letter on.
    fn used(word: &str, name: &[char]) -> Vec<usize> {
        let Some((letter, rest)) = name.split_first() else { return Vec::new() };
        let mut used_up = Vec::new();
        for end in (1..=word.len()).filter(|end| word.is_char_boundary(*end)) {
            let (piece, behind) = word.split_at(end);
            let fits = piece.chars().eq([*letter])
                || WORDS.pinyin.readings(*letter).iter().any(|reading| is_piece(piece, reading, behind.is_empty()));
            if fits && behind.is_empty() {
                used_up.push(1);
            } else if fits {
                used_up.extend(used(behind, rest).into_iter().map(|more| more + 1));
            }
        }
        used_up
    }

    fn name(word: &str, name: &str) -> Option<Closeness> {
        let letters: Vec<char> = name.chars().collect();
        let from_first = used(word, &letters);
        if from_first.contains(&letters.len()) {
            Some(Closeness::Whole)
        } else if !from_first.is_empty() {
            Some(Closeness::Edge)
        } else {
            (1..letters.len()).any(|at| !used(word, &letters[at..]).is_empty()).then_some(Closeness::Inside)
        }
    }

    fn number(word: &str, number: &str, anywhere: bool) -> Option<Closeness> {
        let word = word.to_uppercase();
        if word.len() >= 3 && number == word {
            Some(Closeness::Whole)
        } else if word.len() >= 3 && number.ends_with(&word) {
            Some(Closeness::Edge)
        } else {
            let within = word.len() >= 10 && number.starts_with(&word) || anywhere && number.contains(&word);
            (word.len() >= 3 && within).then_some(Closeness::Inside)
        }
    }

    /// The best match of a word: whether the person left, how close, and whose it is.
    pub fn best(word: &str, summary: &Summary) -> Option<(bool, Closeness, u8)> {
        let digits = word.trim_end_matches('x');
        let is_number =
            !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) && word.len() - digits.len() < 2;
        let is_number = is_number && (digits.len() == word.len() || word.len() >= 3);
        let mut all: Vec<(bool, Closeness, u8)> = Vec::new();
        let head = summary.everyone.iter().find(|person| !person.left && person.name == summary.head);
        for person in &summary.everyone {
            let standing = u8::from(head.map(|head| head.id) != Some(person.id));
            let matches = if is_number {
                vec![
                    person.id_number.as_deref().and_then(|id| number(word, id, false)),
                    person.national_number.as_deref().and_then(|id| number(word, id, false)),
                    person.phone.as_deref().and_then(|phone| number(word, phone, true)),
                ]
            } else {
                vec![name(word, &person.name)]
            };
            all.extend(matches.into_iter().flatten().map(|close| (person.left, close, standing)));
        }
        let group = summary.group.as_deref().unwrap_or_default();
        let own = if is_number {
            let value = word.parse::<u32>().ok().filter(|_| !word.starts_with('0'));
            let places = [group.trim_end_matches('组'), summary.house_number.as_deref().unwrap_or_default()];
            let place = places.iter().any(|place| value.is_some() && place.parse() == Ok(value.unwrap_or_default()));
            vec![
                number(word, &summary.number(), false),
                summary.phone.as_deref().and_then(|phone| number(word, phone, true)),
                place.then_some(Closeness::Whole),
            ]
        } else {
            Vec::new()
        };
        all.extend(own.into_iter().flatten().map(|close| (false, close, 2)));
        all.into_iter().min()
    }
}

fn some_name() -> impl Strategy<Value = String> {
    vec(select(vec!["张", "章", "单", "仇", "三", "丰", "尉", "迟", "吕", "安", "阿", "西", "先", "长", "a"]), 1..4)
        .prop_map(|letters| letters.concat())
}

fn some_word() -> impl Strategy<Value = String> {
    let letters =
        vec!["z", "zh", "zhang", "a", "an", "s", "sh", "shan", "x", "xi", "xian", "f", "y", "u", "l", "v", "c", "ch"];
    let han = vec!["张", "三", "丰", "单", "安"];
    let text = vec(prop_oneof![3 => select(letters), 1 => select(han)], 1..4).prop_map(|pieces| pieces.concat());
    let digits = vec(select(vec!["1", "2", "3", "0", "12"]), 1..5).prop_map(|pieces| pieces.concat());
    let pasted = select(vec!["419999", "4199991012", "419999123", "4199991230", "4199991012010001", "12x", "2012x"])
        .prop_map(str::to_owned);
    prop_oneof![5 => text, 2 => digits, 1 => pasted]
}

fn some_person() -> impl Strategy<Value = PersonSummary> {
    let digits = |most| vec(select(vec!["1", "2", "3", "0"]), 3..most).prop_map(|digits| digits.concat());
    let id_number =
        (digits(7), prop::bool::ANY).prop_map(|(tail, x)| format!("419999{tail}{}", if x { "X" } else { "" }));
    (some_name(), option::of(id_number), option::of(digits(12)), option::of(digits(9)), prop::bool::weighted(0.2))
        .prop_map(|(name, id_number, phone, number, left)| PersonSummary {
            id: 0,
            name: name.into(),
            national_number: number.map(Into::into),
            id_number: id_number.map(Into::into),
            phone: phone.map(Into::into),
            left,
        })
}

fn some_household() -> impl Strategy<Value = Summary> {
    let number = |most: u32| option::of((1..most).prop_map(|number| number.to_string()));
    let national = option::of((0_u32..20).prop_map(|serial| format!("41999910120100{serial:02}")));
    (vec(some_person(), 0..4), number(4), number(40), national).prop_map(|(mut everyone, group, house, national)| {
        (1..).zip(&mut everyone).for_each(|(id, person)| person.id = id);
        let mut summary = household(1, "", &[]);
        summary.head = everyone.iter().find(|person| !person.left).map_or("".into(), |head| head.name.clone());
        summary.group = group.map(|group| format!("{group}组").into());
        summary.house_number = house.map(Into::into);
        summary.national_number = national.map(Into::into);
        summary.phone = everyone.last().and_then(|person| person.phone.clone());
        summary.everyone = everyone;
        summary
    })
}

fn some_village() -> impl Strategy<Value = Vec<Summary>> {
    vec(some_household(), 1..12).prop_map(|mut village| {
        (1..).zip(&mut village).for_each(|(serial, summary)| summary.id.serial = serial);
        village
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_word_finds_what_trying_everything_finds_and_best_first(village in some_village(), word in some_word()) {
        let index = Index::build(WORDS.clone(), &village);
        let hits = search(&index, &village, &word);
        let mut expected: Vec<u32> = Vec::new();
        for summary in &village {
            if plain::best(&word, summary).is_some() {
                expected.push(summary.id.serial);
            }
        }
        let mut serials: Vec<u32> = hits.iter().map(|hit| index.id(hit.seat).serial).collect();
        let mut ranks = Vec::new();
        for hit in &hits {
            let summary = &village[index.id(hit.seat).serial as usize - 1];
            let reason = hit.reason().unwrap();
            let standing = match reason.person { None => 2, Some(_) => u8::from(!reason.head) };
            prop_assert_eq!(Some((reason.left, reason.closeness, standing)), plain::best(&word, summary));
            ranks.push((reason.left, reason.closeness, standing));
        }
        prop_assert!(ranks.is_sorted(), "{ranks:?}");
        serials.sort_unstable();
        prop_assert_eq!(serials, expected);
    }

    #[test]
    fn several_words_find_what_each_of_them_finds(village in some_village(), words in vec(some_word(), 2..4)) {
        let index = Index::build(WORDS.clone(), &village);
        let mut serials: Vec<u32> =
            search(&index, &village, &words.join(" ")).iter().map(|hit| index.id(hit.seat).serial).collect();
        serials.sort_unstable();
        let all = |summary: &&Summary| words.iter().all(|word| plain::best(word, summary).is_some());
        let expected: Vec<u32> = village.iter().filter(all).map(|summary| summary.id.serial).collect();
        prop_assert_eq!(serials, expected);
    }

    #[test]
    fn an_edited_index_is_as_one_built_anew(
        before in some_village(), after in some_village(), gone in 0_usize..12, word in some_word(),
    ) {
        let mut index = Index::build(WORDS.clone(), &before);
        for summary in &after {
            index.update(summary);
        }
        for summary in before.iter().skip(after.len()).chain(after.get(gone)) {
            index.remove(summary.id);
            prop_assert_eq!(index.seat(summary.id), None);
        }
        let left: Vec<Summary> = (0..).zip(&after).filter(|(at, _)| *at != gone).map(|(_, s)| s.clone()).collect();
        let fresh = Index::build(WORDS.clone(), &left);
        prop_assert_eq!(index.len(), left.len());
        prop_assert_eq!(ids(&index, &left, ""), ids(&fresh, &left, ""));
        prop_assert_eq!(ids(&index, &left, &word), ids(&fresh, &left, &word));
    }
}
