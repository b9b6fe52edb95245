//! An invented village: households whose people, incomes, jobs and cases hang together, and the files a county would
//! have of it. Nobody in it exists: division 419999 is not assigned. Shared by tests, benches and the sample.
#![allow(dead_code)] // each of them uses another part

pub mod random;
pub mod sheets;
pub mod write;

use std::collections::HashSet;

use chrono::{Datelike, Days, NaiveDate};

use hudang::domain::id_number::check_digit;
use random::Random;

/// A village on a day.
#[derive(Clone)]
pub struct Village {
    pub code: String,
    pub name: &'static str,
    pub as_of: NaiveDate,
    /// Those of the national system first, then those of the village's own ledger.
    pub households: Vec<Household>,
}

#[derive(Clone)]
pub struct Household {
    /// 户编号, where it is in the national system.
    pub number: Option<String>,
    pub group: i64,
    pub class: &'static str,
    pub case: Option<Case>,
    pub people: Vec<Person>,
    pub phone: String,
    pub card: String,
    pub business_income: i64,
    pub business_cost: i64,
    pub property: i64,
    pub transfers: i64,
    pub own_spending: i64,
    pub arable: i64,
    pub forest: i64,
    pub orchard: i64,
    pub floor_area: i64,
    pub road_tenths: i64,
    pub helper: i64,
}

#[derive(Clone)]
pub struct Case {
    pub class: &'static str,
    pub since: (i32, u32),
    pub risk: &'static str,
    pub measure: (&'static str, &'static str),
    pub eliminated: Option<(&'static str, (i32, u32))>,
}

#[derive(Clone)]
pub struct Person {
    /// 人编号, where the household is in the national system.
    pub number: Option<String>,
    pub name: String,
    pub male: bool,
    pub birth: NaiveDate,
    pub id_number: String,
    /// As the national system says it: 户主, 配偶, 之子, …
    pub relation: &'static str,
    pub education: &'static str,
    pub student: &'static str,
    pub health: &'static str,
    pub labour: &'static str,
    pub phone: Option<String>,
    pub job: Option<Job>,
}

#[derive(Clone)]
pub struct Job {
    pub channel: &'static str,
    pub place: &'static str,
    pub county: &'static str,
    pub from: (i32, u32),
    pub wage: i64,
    pub subsidy: i64,
}

const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "马", "朱", "胡", "郭", "何", "高", "林",
    "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾", "萧", "田", "董", "潘", "袁", "蔡",
    "蒋", "余", "于", "杜", "叶", "程", "苏", "魏", "吕", "丁", "任", "卢", "姚", "沈", "钟", "姜", "崔", "谭", "陆",
    "范", "汪", "廖", "石", "金", "单", "仇", "解", "查", "曲", "尉迟", "欧阳",
];
const GIVEN: &[&str] = &[
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀", "霞",
    "平", "刚", "桂", "英", "华", "玉", "兰", "红", "梅", "建", "国", "文", "斌", "峰", "辉", "玲", "素", "云", "莲",
    "福", "贵", "春", "生", "喜", "来", "全", "海", "山", "林", "松", "柏", "子", "涵", "梓", "萱", "宇", "轩", "诺",
    "一", "晨", "佑",
];
const VILLAGES: &[&str] = &["杏花村", "白杨村", "前湾村", "南坡村", "大槐树村", "上河村"];

impl Village {
    /// A village with so many households in the national system and so many in its own ledger.
    pub fn invent(seed: u64, code: &str, national: usize, ledger: usize) -> Self {
        let as_of = NaiveDate::from_ymd_opt(2022, 11, 18).unwrap();
        let mut maker =
            Maker { random: Random::new(seed), code, as_of, people: seed as usize % 211, id_numbers: HashSet::new() };
        let households = (0..national + ledger).map(|at| maker.household(at, at < national)).collect();
        Self { code: code.to_owned(), name: VILLAGES[seed as usize % VILLAGES.len()], as_of, households }
    }

    pub fn national(&self) -> impl Iterator<Item = &Household> {
        self.households.iter().filter(|household| household.number.is_some())
    }

    pub fn ledger(&self) -> impl Iterator<Item = &Household> {
        self.households.iter().filter(|household| household.number.is_none())
    }

    pub fn people(&self) -> usize {
        self.households.iter().map(|household| household.people.len()).sum()
    }

    pub fn jobs(&self) -> usize {
        self.national().flat_map(|household| &household.people).filter(|person| person.job.is_some()).count()
    }
}

impl Household {
    pub fn wages(&self) -> i64 {
        let year = |job: &Job| job.wage * 10;
        self.people.iter().filter_map(|person| person.job.as_ref()).map(year).sum()
    }

    pub fn net(&self) -> i64 {
        self.wages() + self.business_income - self.business_cost + self.property + self.transfers
    }

    /// Yuan with two decimals, as the national system prints it.
    pub fn per_person(&self) -> String {
        let fen = (self.net() * 200 / self.people.len().max(1) as i64 + 1) / 2;
        format!("{}.{:02}", fen / 100, fen % 100)
    }

    pub fn head(&self) -> &Person {
        &self.people[0]
    }
}

impl Person {
    pub fn age(&self, day: NaiveDate) -> i32 {
        day.year() - self.birth.year() - i32::from((day.month(), day.day()) < (self.birth.month(), self.birth.day()))
    }
}

/// An ID number of the unassigned division with the right check digit; `nth` tells people of one birthday apart.
pub fn id_number(birth: NaiveDate, male: bool, nth: usize) -> String {
    let order = 2 * (nth % 499) + if male { 1 } else { 2 };
    let first = format!("419999{}{order:03}", birth.format("%Y%m%d"));
    format!("{first}{}", check_digit(first.as_bytes()) as char)
}

struct Maker<'a> {
    random: Random,
    code: &'a str,
    as_of: NaiveDate,
    people: usize,
    id_numbers: HashSet<String>,
}

impl Maker<'_> {
    fn household(&mut self, at: usize, national: bool) -> Household {
        let number = national.then(|| format!("{}{:04}", self.code, at + 1));
        let surname = self.random.pick(SURNAMES);
        let mut people = self.family(surname);
        for (nth, person) in people.iter_mut().enumerate().filter(|_| national) {
            person.number = Some(format!("{}{:04}{:02}", self.code, at + 1, nth + 1));
        }
        let case = if national && self.random.percent(25) { Some(self.case(&mut people)) } else { None };
        let relieved = national && case.as_ref().is_none_or(|case| case.class == "脱贫不稳定户");
        let r = &mut self.random;
        Household {
            number,
            group: r.between(1, 7),
            class: if relieved { "脱贫户" } else { "一般农户" },
            case,
            people,
            phone: phone(r),
            card: format!("62{}{:05}", &self.code[4..], at + 1),
            business_income: 100 * r.between(10, 200),
            business_cost: 100 * r.between(0, 9),
            property: 100 * r.between(0, 12),
            transfers: 10 * r.between(10, 300) + 10_000,
            own_spending: if r.percent(20) { 100 * r.between(1, 60) } else { 0 },
            arable: r.between(1, 12),
            forest: r.between(0, 18),
            orchard: r.between(0, 6),
            floor_area: r.between(60, 190),
            road_tenths: r.between(1, 30),
            helper: r.between(0, 99),
        }
    }

    fn family(&mut self, surname: &str) -> Vec<Person> {
        loop {
            let people = self.relatives(surname);
            let namesakes = people.iter().enumerate().any(|(at, one)| people[..at].iter().any(|p| p.name == one.name));
            if !namesakes {
                return people;
            }
        }
    }

    fn relatives(&mut self, surname: &str) -> Vec<Person> {
        let kind = self.random.between(1, 10);
        let head_age = if kind <= 2 { self.random.between(61, 84) } else { self.random.between(29, 57) };
        let head_male = self.random.percent(80);
        let mut people = vec![self.person(surname, head_male, head_age, "户主")];
        if kind >= 2 {
            let age = head_age + self.random.between(-3, 3);
            let other = self.random.pick(SURNAMES);
            people.push(self.person(other, !head_male, age, "配偶"));
        }
        if kind >= 4 {
            for _ in 0..self.random.between(1, 3) {
                let male = self.random.percent(51);
                let age = (head_age - self.random.between(22, 30)).max(0);
                people.push(self.person(surname, male, age, if male { "之子" } else { "之女" }));
            }
        }
        if kind >= 9 {
            let age = head_age + self.random.between(21, 29);
            people.push(self.person(surname, false, age, "之母"));
        }
        people
    }

    fn person(&mut self, surname: &str, male: bool, age: i64, relation: &'static str) -> Person {
        let days = age * 365 + age / 4 + self.random.between(3, 360);
        let birth = self.as_of - Days::new(days as u64);
        let id_number = loop {
            self.people += 1;
            let id_number = id_number(birth, male, self.people);
            if self.id_numbers.insert(id_number.clone()) {
                break id_number;
            }
        };
        let r = &mut self.random;
        let mut name = surname.to_owned();
        for _ in 0..r.between(1, 2) {
            name.push_str(r.pick(GIVEN));
        }
        let full_years = self.as_of.year()
            - birth.year()
            - i32::from((self.as_of.month(), self.as_of.day()) < (birth.month(), birth.day()));
        let student = match full_years {
            0..=2 => "学龄前儿童",
            3..=5 => "学前教育",
            6..=11 => "小学",
            12 => "七年级",
            13 => "八年级",
            14 | 15 => "九年级",
            16 => "普通高中一年级",
            17 => "普通高中二年级",
            _ => "",
        };
        let education = match full_years {
            0..=17 => "",
            18..=39 => r.pick(&["初中", "高中", "大专"]),
            _ => r.pick(&["文盲或半文盲", "小学", "初中"]),
        };
        let health = if full_years > 50 { r.pick(&["健康", "健康", "长期慢性病"]) } else { "健康" };
        let labour = match full_years {
            0..=17 => "无劳动力",
            18..=64 => "普通劳动力",
            _ => "弱劳动力或半劳动力",
        };
        let works = labour == "普通劳动力" && r.percent(65);
        Person {
            number: None,
            name,
            male,
            birth,
            id_number,
            relation,
            education,
            student,
            health,
            labour,
            phone: (full_years >= 16 && r.percent(85)).then(|| phone(r)),
            job: works.then(|| job(r)),
        }
    }

    fn case(&mut self, people: &mut [Person]) -> Case {
        let r = &mut self.random;
        let class = r.pick(&["脱贫不稳定户", "边缘易致贫户", "突发严重困难户"]);
        let (risk, measure) = r.pick(&[
            ("因病", ("健康帮扶", "参加城乡居民基本医疗保险个人缴费补贴")),
            ("因务工就业不稳", ("就业帮扶", "技能培训")),
            ("缺劳动力", ("综合保障", "低保")),
        ]);
        if risk == "因病" {
            people[0].health = "患有大病";
        }
        let eliminated = r.percent(40).then(|| (r.pick(&["帮扶消除", "自然消除"]), (2022, r.between(6, 10) as u32)));
        Case { class, since: (2021, r.between(1, 12) as u32), risk, measure, eliminated }
    }
}

fn phone(r: &mut Random) -> String {
    format!("13{:09}", r.between(100_000_000, 999_999_999))
}

fn job(r: &mut Random) -> Job {
    let (channel, place, county) = r.pick(&[
        ("外出务工", "县外省内", "邻县"),
        ("外出务工", "省外", "外省某县"),
        ("灵活就业", "乡(镇)内", "示范县"),
        ("本地企业", "乡(镇)外县内", "示范县"),
    ]);
    let subsidy = if place == "省外" { 400 } else { 0 };
    Job { channel, place, county, from: (2022, r.between(1, 4) as u32), wage: 100 * r.between(20, 60), subsidy }
}
