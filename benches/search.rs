//! A key typed into the search line over a county of 440,000 people, beside what a plain scan and the fuzzy matcher
//! take over the same names in the same run. Everybody in it is invented.

mod shared;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;
use hudang::data::Data;
use hudang::domain::income::Shown;
use hudang::domain::{Class, HouseholdId, Money, PersonSummary, RiskState, Summary, TargetClass, VillageCode};
use hudang::workspace::query::Facts;
use hudang::workspace::search::{Index, Seat, SortKey};
use hudang::workspace::words::Words;
use shared::measure::{ms, report, resident, timed};

const HOUSEHOLDS: u32 = 120_000;
const PEOPLE: u32 = 440_000;
const VILLAGES: u32 = 287;
const ROUNDS: usize = 5;

/// What is typed, key by key.
const TYPED: [&str; 30] = [
    "zhangsan",
    "zsf",
    "lxm",
    "wangxiaoming",
    "wxm",
    "yuchi",
    "oyxm",
    "lv",
    "an",
    "张三丰",
    "张s",
    "李xm",
    "王小",
    "欧阳",
    "上官t",
    "德福",
    "8766",
    "136x",
    "138",
    "13812344321",
    "419999198310187662",
    "4199991002010063",
    "三组",
    "17号",
    "dongwan",
    "zhang san",
    "zs 三组 未走访",
    "l 人均<6900",
    "王 138",
    "监测对象 w",
];

fn main() {
    let words = Arc::new(Words::load(&Data::embedded()).expect("the shipped words load"));
    let before = resident();
    let mut known = Vec::with_capacity(HOUSEHOLDS as usize);
    let mut index = None;
    let summaries = County::new().inspect(|summary| known.push(Known::of(summary)));
    let building = timed(|| index = Some(Index::build(words.clone(), summaries)));
    let Some(mut index) = index else { return };
    let resident = resident().saturating_sub(before);
    println!("{HOUSEHOLDS} households, {PEOPLE} people; index of {resident} MB");
    println!("built in {:.0} ms, making the county up included", ms(building));

    let facts = |seat: Seat| known.get(seat.index());
    let names: Vec<String> =
        County::new().flat_map(|summary| summary.everyone.into_iter().map(|person| person.name.into())).collect();
    let matcher = SkimMatcherV2::default();
    let (mut keys, mut scans, mut fuzzy) = (Vec::new(), Vec::new(), Vec::new());
    // In turn, so that whatever else the machine does falls on all of them.
    for round in 0..ROUNDS {
        for line in prefixes() {
            let key = || words.parse_unfinished(line).map(|query| index.search(&query, facts).len());
            keys.push((timed(key), line));
            scans.push((timed(|| names.iter().filter(|name| name.contains(line)).count()), line));
            if round == 0 {
                let matches = |name: &&String| matcher.fuzzy_match(name, line).is_some();
                fuzzy.push((timed(|| names.iter().filter(matches).count()), line));
            }
        }
    }
    let scan = report("String::contains over the names (no pinyin, no numbers, nothing ranked)", &mut scans);
    report("fuzzy-matcher over the names (the same)", &mut fuzzy);
    let key = report("a key", &mut keys);
    println!("a key takes {:.2} times a plain scan (medians)", key / scan);
    let mut best = at_best(&keys);
    report("a key at the best of its rounds", &mut best);
    for (time, line) in best.iter().rev().take(5) {
        println!("  slowest: {:.2} ms {line}", ms(*time));
    }

    let edited: Vec<Summary> = County::new().step_by(97).collect();
    let mut updates: Vec<_> = edited.iter().map(|summary| (timed(|| index.update(summary)), "")).collect();
    report("taking in an edited household", &mut updates);
    for key in SortKey::ALL {
        let mut hits = index.search(&words.parse("z").unwrap_or_default(), facts);
        let mut order = None;
        let sorting = timed(|| order = Some(index.sorted(key, false, facts)));
        let applying = timed(|| order.iter().for_each(|order| order.apply(&mut hits)));
        println!("order {key:?}: {:.1} ms once, {:.2} ms for {} hits", ms(sorting), ms(applying), hits.len());
    }
}

fn prefixes() -> impl Iterator<Item = &'static str> {
    TYPED.into_iter().flat_map(|line| line.char_indices().map(move |(at, letter)| &line[..at + letter.len_utf8()]))
}

fn at_best<'a>(times: &[(Duration, &'a str)]) -> Vec<(Duration, &'a str)> {
    let mut best: BTreeMap<&str, Duration> = BTreeMap::new();
    for (time, line) in times {
        best.entry(line).and_modify(|least| *least = (*least).min(*time)).or_insert(*time);
    }
    best.into_iter().map(|(line, time)| (time, line)).collect()
}

/// What a session keeps of each household for the filters.
struct Known {
    class: Option<Class>,
    target: Option<TargetClass>,
    people: u16,
    per_person: Option<Money>,
    visited: bool,
}

impl Known {
    fn of(summary: &Summary) -> Self {
        Self {
            class: summary.class,
            target: summary.target,
            people: summary.people,
            per_person: summary.per_person.map(|shown| shown.money),
            visited: summary.id.serial.is_multiple_of(3),
        }
    }
}

impl Facts for Known {
    fn class(&self) -> Option<Class> {
        self.class
    }
    fn target(&self) -> Option<TargetClass> {
        self.target
    }
    fn risk(&self) -> Option<RiskState> {
        self.target.map(|_| RiskState::Open)
    }
    fn closed(&self) -> bool {
        false
    }
    fn has_head(&self) -> bool {
        true
    }
    fn people(&self) -> u16 {
        self.people
    }
    fn per_person(&self) -> Option<Money> {
        self.per_person
    }
    fn visited(&self) -> Option<bool> {
        Some(self.visited)
    }
}

/// Makes households up, the same ones every time.
struct County {
    random: u64,
    next: u32,
    people: u32,
}

const SURNAMES: &str = "王王王王王王王李李李李李李李张张张张张张张刘刘刘刘刘陈陈陈陈杨杨杨赵赵赵黄黄周周吴吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文单仇解查区翟覃";
const COMPOUND: [&str; 4] = ["欧阳", "上官", "尉迟", "司马"];
const GIVEN: &str = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂云建国华玉文德福顺长春花梅红光荣三四五小大晓志新海永成林祥广义全胜利民生喜来保根柱栓锁石头爱莲菊香凤珍琴素月美淑慧婷欣怡雨涵子轩梓浩宇博思佳俊凯鑫鹏飞龙虎彪豪天翔宏伍丰年庆瑞雪冬秋夏安康乐善良忠孝仁信礼智才学武斌辉亮东西南北中方正清白水土金木火山河江湖田园青竹松柏";

impl County {
    fn new() -> Self {
        Self { random: 0x9e37_79b9_7f4a_7c15, next: 0, people: 0 }
    }

    fn below(&mut self, limit: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random % limit as u64) as usize
    }

    fn letter(&mut self, of: &str) -> char {
        let nth = self.below(of.chars().count());
        of.chars().nth(nth).unwrap_or('一')
    }

    /// A letter of a given name: mostly a common one, now and then any of thousands.
    fn given(&mut self) -> char {
        if self.below(12) > 0 {
            return self.letter(GIVEN);
        }
        char::from_u32(0x4e00 + 4 * self.below(5_000) as u32).unwrap_or('一')
    }

    fn name(&mut self, surname: &str) -> Box<str> {
        let mut name = surname.to_owned();
        name.push(self.given());
        if self.below(4) > 0 {
            name.push(self.given());
        }
        name.into()
    }

    fn surname(&mut self) -> String {
        if self.below(500) == 0 { COMPOUND[self.below(4)].to_owned() } else { self.letter(SURNAMES).to_string() }
    }

    fn phone(&mut self) -> Box<str> {
        let start =
            ["130", "131", "135", "137", "138", "139", "150", "158", "159", "177", "186", "189"][self.below(12)];
        format!("{start}{:08}", self.below(100_000_000)).into()
    }

    fn id_number(&mut self) -> Box<str> {
        let (year, month, day) = (1935 + self.below(87), 1 + self.below(12), 1 + self.below(28));
        let (order, check) = (self.below(1000), b"10X98765432"[self.below(11)] as char);
        format!("419999{year}{month:02}{day:02}{order:03}{check}").into()
    }
}

impl Iterator for County {
    type Item = Summary;

    fn next(&mut self) -> Option<Summary> {
        if self.next == HOUSEHOLDS {
            return None;
        }
        let number = self.next;
        self.next += 1;
        let village = VillageCode::from_number(419_999_100_200 + u64::from(number * VILLAGES / HOUSEHOLDS)).ok()?;
        // So many that the last household brings the county to its number of people.
        let count = ((u64::from(number) + 1) * u64::from(PEOPLE) / u64::from(HOUSEHOLDS)) as u32 - self.people;
        let listed = self.below(12) == 0;
        let surname = self.surname();
        let everyone: Vec<PersonSummary> = (0..count)
            .map(|nth| {
                let own = if nth == 1 { self.surname() } else { surname.clone() };
                PersonSummary {
                    id: self.people + nth + 1,
                    name: self.name(&own),
                    national_number: listed.then(|| format!("{village}{:06}", self.people + nth).into()),
                    id_number: Some(self.id_number()),
                    phone: (self.below(5) < 2).then(|| self.phone()),
                    left: self.below(40) == 0,
                }
            })
            .collect();
        self.people += count;
        let group = if number.is_multiple_of(20) {
            format!("东湾{}组", 1 + self.below(3))
        } else {
            format!("{}组", 1 + self.below(12))
        };
        Some(Summary {
            id: HouseholdId { village, serial: number % 420 + 1 },
            national_number: listed.then(|| format!("{village}{:04}", number % 420 + 1).into()),
            head: everyone.first().map(|head| head.name.clone()).unwrap_or_default(),
            has_head: true,
            group: Some(group.into()),
            house_number: (self.below(5) == 0).then(|| (1 + self.below(80)).to_string().into()),
            phone: Some(self.phone()),
            class: Some(if listed { Class::Relieved { policies: Some(true) } } else { Class::Ordinary }),
            target: (listed && self.below(4) == 0).then_some(TargetClass::Edge),
            risk: None,
            per_person: Some(Shown { money: Money::yuan(4000 + self.below(20_000) as i64), computed: false }),
            reckoned: None,
            people: count as u16,
            closed: false,
            taken_in: NaiveDate::MIN,
            everyone,
            rosters: Vec::new(),
        })
    }
}
