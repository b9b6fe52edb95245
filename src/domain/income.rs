//! What a household earns, reckoned out of its file alone: no policy and no day, so that every face says the same.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::field::{address, income, members};
use super::file::{HouseholdFile, Row};
use super::household::Household;
use super::member::Member;
use super::money::Money;
use super::name::Name;
use super::value::Value;

/// The figures of a household's income that follow from one another; none is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Income {
    /// The parts together, where all of them are known.
    pub sum: Option<Money>,
    /// 家庭纯收入 as it was typed, else the sum.
    pub net: Option<Money>,
    /// How many people the year's figures were reckoned for.
    pub counted: Option<u32>,
    /// 人均纯收入 as it was typed, else the net income by the people counted.
    pub told: Option<Money>,
    /// The net income by the members of today.
    pub now: Option<Money>,
    /// How many members there are today.
    pub people: u32,
    /// 人均纯收入 as it was typed.
    pub typed: Option<Money>,
    /// By what the household counts: the lowest of the figures that nobody has settled.
    pub reckoned: Option<Money>,
}

/// A figure as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The amount.
    pub money: Money,
    /// Whether it is reckoned, rather than as somebody typed it.
    pub computed: bool,
}

impl Income {
    /// Reckons the income of a file.
    pub fn of(file: &HouseholdFile) -> Self {
        Self::with_people(file, Household::of(file).members().count())
    }

    /// Reckons the income of a file whose members of today have been counted.
    pub fn with_people(file: &HouseholdFile, people: usize) -> Self {
        let people = u32::try_from(people).unwrap_or(u32::MAX);
        let told = file.row(income::SECTION, 0).map(Told::of).unwrap_or_default();
        let sum = told.sum();
        let net = told.net.or(sum);
        let counted = told.people.or_else(|| counted_before(file));
        let share = |money: Option<Money>, people: Option<u32>| money?.per(people?.into());
        let now = share(net, Some(people));
        let figures = Self {
            sum,
            net,
            counted,
            told: told.per_person.or_else(|| share(net, counted)),
            now,
            people,
            typed: told.per_person,
            reckoned: None,
        };
        // Where the parts say otherwise than the typed total, what they come to counts as well.
        let by_sum = sum.filter(|sum| Some(*sum) != net);
        let all = [figures.told, now, share(by_sum, counted), share(by_sum, Some(people))];
        let lowest = all.into_iter().flatten().min();
        let shown = now.or(figures.told);
        let reckoned = if lowest == shown || stands(file) { shown } else { lowest };
        Self { reckoned, ..figures }
    }

    /// 家庭纯收入 as lists and papers show it; `typed` is what somebody typed.
    pub fn net_shown(self, typed: Option<Money>) -> Option<Shown> {
        self.net.map(|money| Shown { money, computed: typed != Some(money) })
    }

    /// 人均纯收入 as lists and papers show it.
    pub fn per_person(self) -> Option<Shown> {
        let money = self.now.or(self.told)?;
        Some(Shown { money, computed: self.typed != Some(money) })
    }

    /// What the net income comes to by the people counted.
    pub fn by_counted(self) -> Option<Money> {
        self.net?.per(self.counted?.into())
    }

    /// Whether people came or went since the figures were told, and only a person can reckon them again: how many were
    /// counted.
    pub fn is_of_others(self) -> Option<u32> {
        let counted = self.counted.filter(|counted| *counted != self.people && self.people > 0)?;
        (self.net.is_none() && self.told.is_some()).then_some(counted)
    }
}

/// The amount in yuan, marked where it is reckoned: `5326.67（算）`.
impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.money, if self.computed { "（算）" } else { "" })
    }
}

/// What was typed.
#[derive(Default)]
struct Told {
    /// Wages, business income, business cost, property, transfers.
    parts: [Option<Money>; 5],
    transfers_out: Option<Money>,
    net: Option<Money>,
    per_person: Option<Money>,
    people: Option<u32>,
}

impl Told {
    fn of(row: &Row) -> Self {
        const PARTS: [Name; 5] =
            [income::WAGES, income::BUSINESS_INCOME, income::BUSINESS_COST, income::PROPERTY, income::TRANSFERS];
        let mut told = Self::default();
        for (field, value) in row.values() {
            if let Some(at) = PARTS.iter().position(|part| *part == field) {
                told.parts[at] = value.as_money();
            } else if field == income::NET {
                told.net = value.as_money();
            } else if field == income::PER_PERSON {
                told.per_person = value.as_money();
            } else if field == income::PEOPLE {
                told.people = whole(value);
            } else if field == income::TRANSFERS_OUT {
                told.transfers_out = value.as_money();
            }
        }
        told
    }

    /// Transfers out are taken off where they are known; the other five must all be.
    fn sum(&self) -> Option<Money> {
        let [wages, business, cost, property, transfers] = self.parts;
        let off = Money(cost?.0.checked_add(self.transfers_out.unwrap_or_default().0)?.checked_neg()?);
        wages?.plus(business?)?.plus(property?)?.plus(transfers?)?.plus(off)
    }
}

fn whole(value: &Value) -> Option<u32> {
    value.as_quantity()?.as_whole()?.try_into().ok().filter(|count| *count > 0)
}

/// How many people were counted, in a file that does not say: 家庭人口, else the members of the day on which it was
/// taken in; none where that day leaves it open.
fn counted_before(file: &HouseholdFile) -> Option<u32> {
    let reported = file.of_household(address::SECTION, address::PEOPLE_REPORTED).and_then(whole);
    reported.or_else(|| {
        let mut counted = 0;
        for member in Household::of(file).everyone() {
            counted += u32::from(was_there(file, member)?);
        }
        (counted > 0).then_some(counted)
    })
}

/// Whether somebody was a member when the file was taken in; none where the dates do not tell.
fn was_there(file: &HouseholdFile, member: Member<'_>) -> Option<bool> {
    let day = file.taken_in;
    if file.rosters.iter().any(|roster| roster.people.binary_search(&member.id.0).is_ok()) {
        return Some(true);
    }
    let date = |field| member.own(field).and_then(Value::as_date);
    let (joined, left) = (date(members::JOINED_ON), date(members::LEFT_ON));
    // Whom no roster of the file ever listed came after it.
    if !file.rosters.is_empty() || joined.is_some_and(|joined| joined.earliest() > day) {
        return Some(false);
    }
    if joined.is_some_and(|joined| joined.latest() > day) || (member.has_left() && left.is_none()) {
        return None;
    }
    match left {
        Some(left) if left.latest() <= day => Some(false),
        Some(left) if left.earliest() <= day => None,
        _ => Some(true),
    }
}

/// Whether a person found the income true as it stands, for the people who are there: nobody is lifted over a line by a
/// death or a departure without being asked.
fn stands(file: &HouseholdFile) -> bool {
    file.income_found.is_some_and(|found| found == likeness(file))
}

/// A digest of the income as it stands and of who lives there; the same on every machine.
pub fn likeness(file: &HouseholdFile) -> u64 {
    let held = file.sections.get(&income::SECTION).map_or(0, |section| section.likeness());
    let people: Vec<u32> = Household::of(file).members().map(|member| member.id.0).collect();
    Digest::of_json(&(held, people))
}

#[cfg(test)]
mod tests {
    use super::super::file::{RosterSeen, Slot};
    use super::super::ids::HouseholdId;
    use super::super::money::Quantity;
    use super::*;

    fn file(people: u32, fields: &[(Name, i64)]) -> HouseholdFile {
        let id = HouseholdId { village: "419999101201".parse().unwrap(), serial: 1 };
        let mut file = HouseholdFile::open(id, "2022-09-01".parse().unwrap());
        for person in 1..=people {
            put(&mut file, members::SECTION, person, members::NAME, Value::text("甲"));
        }
        for (field, yuan) in fields {
            let count = Value::Quantity(Quantity::whole(*yuan));
            let value = if *field == income::PEOPLE { count } else { Value::Fen(Money::yuan(*yuan)) };
            put(&mut file, income::SECTION, 0, *field, Some(value));
        }
        file
    }

    fn put(file: &mut HouseholdFile, section: Name, row: u32, field: Name, value: Option<Value>) {
        file.change(Slot { section, row, field }, |cell| cell.set(value));
    }

    fn date(file: &mut HouseholdFile, person: u32, field: Name, day: &str) {
        put(file, members::SECTION, person, field, Some(Value::Date(day.parse().unwrap())));
    }

    const PARTS: [(Name, i64); 5] = [
        (income::WAGES, 20_000),
        (income::BUSINESS_INCOME, 8_000),
        (income::BUSINESS_COST, 3_000),
        (income::PROPERTY, 0),
        (income::TRANSFERS, 1_000),
    ];

    #[test]
    fn the_sum_wants_its_five_parts_and_takes_off_what_was_paid() {
        assert_eq!(Income::of(&file(2, &PARTS)).sum, Some(Money::yuan(26_000)));
        for missing in 0..5 {
            let mut parts = PARTS.to_vec();
            parts.remove(missing);
            assert_eq!(Income::of(&file(2, &parts)).sum, None);
        }
        let mut parts = PARTS.to_vec();
        parts.push((income::TRANSFERS_OUT, 500));
        let income = Income::of(&file(2, &parts));
        assert_eq!((income.sum, income.net), (Some(Money::yuan(25_500)), Some(Money::yuan(25_500))));
        parts.push((income::NET, 30_000));
        assert_eq!(Income::of(&file(2, &parts)).net, Some(Money::yuan(30_000)));
    }

    #[test]
    fn a_blank_share_is_reckoned_and_marked() {
        let income = Income::of(&file(3, &[(income::NET, 16_000)]));
        let third = Money(533_333);
        assert_eq!((income.told, income.now, income.reckoned), (Some(third), Some(third), Some(third)));
        assert_eq!(income.per_person(), Some(Shown { money: third, computed: true }));
        let typed = Income::of(&file(2, &[(income::NET, 16_000), (income::PER_PERSON, 8_000)]));
        assert_eq!(typed.per_person(), Some(Shown { money: Money::yuan(8_000), computed: false }));
        let alone = Income::of(&file(2, &[(income::PER_PERSON, 8_000)]));
        assert_eq!((alone.net, alone.now, alone.told), (None, None, Some(Money::yuan(8_000))));
        assert_eq!(Income::of(&file(0, &[(income::NET, 16_000)])).now, None, "nobody is there");
        let unknown = Income { people: 2, counted: Some(2), ..Income::default() };
        assert_eq!(Income::of(&file(2, &[(income::WAGES, 16_000)])), unknown);
    }

    #[test]
    fn a_birth_lowers_it_and_a_departure_lifts_nobody_who_was_not_asked() {
        let fields = [(income::NET, 15_980), (income::PER_PERSON, 7_990), (income::PEOPLE, 2)];
        let born = Income::of(&file(3, &fields));
        assert_eq!((born.now, born.reckoned), (Some(Money(532_667)), Some(Money(532_667))));
        let mut gone = file(2, &fields);
        date(&mut gone, 2, members::LEFT_ON, "2022-11-10");
        let income = Income::of(&gone);
        assert_eq!((income.now, income.reckoned), (Some(Money::yuan(15_980)), Some(Money::yuan(7_990))));
        assert_eq!((income.counted, income.by_counted()), (Some(2), Some(Money::yuan(7_990))));
        gone.income_found = Some(likeness(&gone));
        assert_eq!(Income::of(&gone).reckoned, Some(Money::yuan(15_980)));
        put(&mut gone, income::SECTION, 0, income::WAGES, Some(Value::Fen(Money::yuan(1))));
        assert_eq!(Income::of(&gone).reckoned, Some(Money::yuan(7_990)), "what was found is not what stands");
    }

    #[test]
    fn parts_that_say_less_than_the_total_count_until_it_is_found_true() {
        let mut fields = PARTS.to_vec();
        fields.extend([(income::NET, 30_000), (income::PER_PERSON, 15_000), (income::PEOPLE, 2)]);
        let mut file = file(2, &fields);
        let income = Income::of(&file);
        assert_eq!(income.per_person().unwrap().money, Money::yuan(15_000));
        assert_eq!(income.reckoned, Some(Money::yuan(13_000)));
        file.income_found = Some(likeness(&file));
        assert_eq!(Income::of(&file).reckoned, Some(Money::yuan(15_000)));
    }

    #[test]
    fn without_a_net_income_nothing_is_scaled() {
        let fields = [(income::PER_PERSON, 9_000), (income::PEOPLE, 4)];
        let income = Income::of(&file(5, &fields));
        assert_eq!((income.now, income.reckoned), (None, Some(Money::yuan(9_000))));
        assert_eq!(income.is_of_others(), Some(4));
        assert_eq!(Income::of(&file(4, &fields)).is_of_others(), None);
        let known = [(income::NET, 36_000), (income::PER_PERSON, 9_000), (income::PEOPLE, 4)];
        assert_eq!(Income::of(&file(5, &known)).is_of_others(), None);
    }

    #[test]
    fn older_files_count_whom_the_roster_reported_or_who_was_there() {
        let net = [(income::NET, 30_000)];
        let mut known = file(3, &net);
        date(&mut known, 3, members::JOINED_ON, "2022-11-15");
        assert_eq!(Income::of(&known).counted, Some(2));
        date(&mut known, 2, members::LEFT_ON, "2022-10-01");
        assert_eq!(Income::of(&known).counted, Some(2), "who left since was there");
        date(&mut known, 1, members::JOINED_ON, "2022-09");
        assert_eq!(Income::of(&known).counted, None, "the month leaves it open");
        let reported = Some(Value::Quantity(Quantity::whole(5)));
        put(&mut known, address::SECTION, 0, address::PEOPLE_REPORTED, reported);
        assert_eq!(Income::of(&known).counted, Some(5));
        let mut listed = file(3, &net);
        date(&mut listed, 2, members::LEFT_ON, "2022-08-20");
        date(&mut listed, 3, members::JOINED_ON, "2022-08-30");
        listed.rosters.push(RosterSeen { people: vec![1, 2], digest: 1, ..RosterSeen::new(Name::new("national")) });
        assert_eq!(Income::of(&listed).counted, Some(2), "the roster had the one and not the other, whenever it was");
    }
}
