//! 三对照: what the county's roster says, what the village's file holds, and what was said at the door (S0:67, S0:97).

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::Datelike;

use crate::domain::field::{income, members};
use crate::domain::{Cell, FormRef, HouseholdFile, Money, Name, Slot, Value};
use crate::forms::{Form, FormKind};

use super::{Look, Looked};

/// One of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What the county's roster last said.
    County,
    /// What the village's file holds.
    Village,
    /// What was said at the door.
    Door,
}

/// How the sides stand to one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They do not agree; the one that stands alone, where one does.
    Differs(Option<Side>),
    /// They can be neither the same nor different for sure, such as a month and a day in it.
    NotComparable,
    /// They agree.
    Agree,
}

/// One field of which at least two sides are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sides<'a> {
    /// The field.
    pub slot: Slot,
    /// The county's roster, by its kind, and what it last said.
    pub county: Option<(Name, &'a Value)>,
    /// What the village's file holds; what is blank there, as it follows from the rest.
    pub village: Option<Cow<'a, Value>>,
    /// What was said at the door, and the form that holds it.
    pub door: Option<(Cow<'a, Value>, &'a FormRef)>,
    /// How they stand to one another.
    pub verdict: Verdict,
    /// The county's roster that no longer lists whose name this is.
    pub left_out_by: Option<Name>,
}

/// An amount of income that was told otherwise than it stands in the file (C308).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToldDiffers<'a> {
    /// The field.
    pub slot: Slot,
    /// What was told, yuan in fen.
    pub told: Money,
    /// What the file holds, yuan in fen.
    pub held: Money,
    /// The form that holds what was told.
    pub form: &'a FormRef,
}

/// The fields of which at least two sides are known: those that differ first, then by section, row and field.
///
/// `county` are the kinds of the county's rosters, the one that spoke last first. A side that left a field blank is
/// unknown, and nothing is concluded from it.
pub fn of<'a>(looked: Looked<'a>, county: &[Name]) -> Vec<Sides<'a>> {
    let file = looked.household.file;
    let door = Door::of(looked);
    let rosters: Vec<(Name, u8)> = county.iter().filter_map(|kind| Some((*kind, file.roster_index(*kind)?))).collect();
    let mut all: Vec<Sides<'_>> = slots(file, &door)
        .filter_map(|(slot, cell)| {
            let said = |(kind, at): &(Name, u8)| Some((*kind, cell?.said(*at)??));
            let county = rosters.iter().find_map(said);
            let village = held(looked, slot);
            let door = door.said(slot, village.as_ref());
            let said = door.as_ref().map(|(said, _)| &**said);
            // Who speaks of those who are there now contradicts nobody who speaks of those who were counted.
            let of_now = said.is_some_and(|said| is_of_now(looked, slot, said));
            let last_year = county.map(|(_, value)| value).or(village.as_deref());
            let said = if of_now { last_year } else { said };
            let verdict = verdict(looked.look, slot, [county.map(|(_, value)| value), village.as_deref(), said]);
            let left_out_by = rosters.iter().find(|(_, at)| is_left_out(looked, slot, *at)).map(|(kind, _)| *kind);
            match left_out_by {
                // Who is not listed has no name there, whatever was said before.
                Some(_) => {
                    let verdict = Verdict::Differs(Some(Side::County));
                    Some(Sides { slot, county: None, village, door, verdict, left_out_by })
                }
                None => Some(Sides { slot, county, village, door, verdict: verdict?, left_out_by }),
            }
        })
        .collect();
    all.sort_by_cached_key(|sides| (rank(sides.verdict), place(looked.look, sides.slot)));
    all
}

/// Whether a slot is the name of a member whom a roster no longer lists.
fn is_left_out(looked: Looked<'_>, slot: Slot, roster: u8) -> bool {
    let is_name = (slot.section, slot.field) == (members::SECTION, members::NAME);
    let gone = looked.household.file.rosters.get(usize::from(roster)).is_some_and(|it| it.gone.contains(&slot.row));
    is_name && gone && looked.household.members().any(|member| member.id.0 == slot.row)
}

/// What was told of the income on the newest form of this year, and differs from the file by more than the policy's
/// share (C308, S0:101). An amount that is not on both sides is not compared.
pub fn told_differs(looked: Looked<'_>) -> Vec<ToldDiffers<'_>> {
    let door = Door::of(looked);
    let told = door.amounts.iter().filter(|(slot, _)| slot.section == income::SECTION).filter_map(|(slot, amount)| {
        let held = held(looked, *slot)?;
        let (said, form) = door.said(*slot, Some(&held))?;
        let (told, held) = (said.as_money()?, held.as_money()?);
        // A visit after the form may have found the file true; then nothing was told otherwise since.
        let is_it = form.act == amount.1.act
            && looked.look.policy.income.agrees_within.is_some_and(|share| !within(held, told, share))
            && !is_of_now(looked, *slot, &said);
        is_it.then_some(ToldDiffers { slot: *slot, told, held, form })
    });
    told.collect()
}

/// What the village holds; of an income that is blank, what it is reckoned to be, for those who were counted that year.
fn held(looked: Looked<'_>, slot: Slot) -> Option<Cow<'_, Value>> {
    let file = looked.household.file;
    let reckoned = || {
        let reckons = slot.section == income::SECTION && [income::NET, income::PER_PERSON].contains(&slot.field);
        let income = reckons.then(|| looked.household.income())?;
        let money = if slot.field == income::NET { income.net } else { income.told };
        money.map(|money| Cow::Owned(Value::Fen(money)))
    };
    file.get(slot).map(Cow::Borrowed).or_else(reckoned)
}

/// Whether a share of a head that was told is the net income by the members of today.
fn is_of_now(looked: Looked<'_>, slot: Slot, said: &Value) -> bool {
    let is_share = slot.section == income::SECTION && slot.field == income::PER_PERSON;
    let now = is_share.then(|| looked.household.income().now).flatten();
    // Where no share is stated, only the same amount agrees.
    let agrees = |(now, said)| within(now, said, looked.look.policy.income.agrees_within.unwrap_or_default());
    now.zip(said.as_money()).is_some_and(agrees)
}

/// What was said at the door: amounts on forms, and sections that the family found as on file.
struct Door<'a> {
    amounts: BTreeMap<Slot, (Money, &'a FormRef)>,
    found: BTreeMap<Name, &'a FormRef>,
}

impl<'a> Door<'a> {
    fn of(looked: Looked<'a>) -> Self {
        let file = looked.household.file;
        let mut door = Self { amounts: BTreeMap::new(), found: BTreeMap::new() };
        for form in looked.look.forms.all() {
            match form.kind {
                FormKind::Screening | FormKind::Verification => door.hear(looked, form),
                FormKind::Visit => door.look_around(file, form),
                FormKind::Edit | FormKind::Event | FormKind::Withdraw => {}
            }
        }
        door
    }

    /// Takes the amounts of the newest such form. They speak of last year or of this one, so another year's form is
    /// about something else.
    fn hear(&mut self, looked: Looked<'a>, form: &Form) {
        let this_year = |filled: &&FormRef| filled.date.year() == looked.look.day.year();
        let filled = looked.household.file.forms_named(form.name).filter(this_year);
        let Some(newest) = filled.max_by_key(|filled| filled.age()) else { return };
        for field in &form.fields {
            let (Some((section, to)), Some(money)) = (field.from_file, newest.amount(field.id)) else { continue };
            let slot = Slot { section, row: 0, field: to };
            if self.amounts.get(&slot).is_none_or(|(_, other)| other.age() < newest.age()) {
                self.amounts.insert(slot, (money, newest));
            }
        }
    }

    /// Takes the sections that the newest visit to look at them found as on file, while the file still says the same
    /// and no later visit was told of a change that is not in it.
    fn look_around(&mut self, file: &'a HouseholdFile, form: &Form) {
        let mut newest: BTreeMap<Name, (&FormRef, u64)> = BTreeMap::new();
        for visit in file.forms_named(form.name) {
            for found in &visit.found {
                if newest.get(&found.section).is_none_or(|(other, _)| other.age() < visit.age()) {
                    newest.insert(found.section, (visit, found.likeness));
                }
            }
        }
        for (section, (visit, likeness)) in newest {
            let is_so = file.sections.get(&section).is_some_and(|held| held.likeness() == likeness);
            let told =
                file.open_items.iter().any(|item| item.sections.contains(&section) && item.seen_on >= visit.date);
            if is_so && !told {
                self.found.insert(section, visit);
            }
        }
    }

    /// What was said last of a field.
    fn said(&self, slot: Slot, village: Option<&Cow<'a, Value>>) -> Option<(Cow<'a, Value>, &'a FormRef)> {
        let found = self.found.get(&slot.section).and_then(|visit| Some((village?.clone(), *visit)));
        let amount = self.amounts.get(&slot).map(|(money, form)| (Cow::Owned(Value::Fen(*money)), *form));
        match (found, amount) {
            (Some(found), Some(amount)) if found.1.age() < amount.1.age() => Some(amount),
            (Some(found), _) => Some(found),
            (None, amount) => amount,
        }
    }
}

/// The later of two forms is the one of the later day; of one day, the one that was entered later.
fn slots<'a>(file: &'a HouseholdFile, door: &Door<'a>) -> impl Iterator<Item = (Slot, Option<&'a Cell>)> {
    let held = file.sections.iter().flat_map(|(section, held)| {
        let rows = held.rows.iter();
        rows.flat_map(|(row, cells)| {
            cells.cells().map(|(field, cell)| (Slot { section: *section, row: *row, field }, Some(cell)))
        })
    });
    let cell = |slot: &Slot| file.row(slot.section, slot.row).and_then(|row| row.cell(slot.field));
    let only_told: Vec<Slot> = door.amounts.keys().filter(|slot| cell(slot).is_none()).copied().collect();
    held.chain(only_told.into_iter().map(|slot| (slot, None)))
}

const fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Differs(_) => 0,
        Verdict::NotComparable => 1,
        Verdict::Agree => 2,
    }
}

/// Where a field stands among all, by the definitions; what they do not know comes last.
fn place(look: Look<'_>, slot: Slot) -> (usize, u32, usize) {
    let section = look.catalogue.sections().iter().position(|section| section.id == slot.section);
    let field = look.catalogue.section(slot.section).and_then(|s| s.fields.iter().position(|f| f.id == slot.field));
    (section.unwrap_or(usize::MAX), slot.row, field.unwrap_or(usize::MAX))
}

/// How county, village and door stand to one another; none where fewer than two are known.
fn verdict(look: Look<'_>, slot: Slot, sides: [Option<&Value>; 3]) -> Option<Verdict> {
    let [county, village, door] = sides;
    // The system's figure is what the others are held against, then the file's (S0:101).
    let pair = |base: Option<&Value>, other: Option<&Value>| Some(compare(look, slot, base?, other?));
    let pairs = [pair(county, village), pair(county, door), pair(village, door)];
    if pairs.iter().all(Option::is_none) {
        return None;
    }
    let differs = pairs.map(|pair| pair == Some(Likeness::Different));
    Some(if differs.contains(&true) {
        Verdict::Differs(odd(sides, differs))
    } else if pairs.contains(&Some(Likeness::Unclear)) {
        Verdict::NotComparable
    } else {
        Verdict::Agree
    })
}

/// The side that stands alone. Of two, it is the one that is held against the file.
fn odd(sides: [Option<&Value>; 3], differs: [bool; 3]) -> Option<Side> {
    match (sides.map(|side| side.is_some()), differs) {
        ([true, true, false], _) | ([true, true, true], [true, true, false]) => Some(Side::County),
        ([true, true, true], [true, false, true]) => Some(Side::Village),
        ([false, true, true], _) | ([true, true, true], [false, true, true]) => Some(Side::Door),
        _ => None,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Likeness {
    Same,
    Different,
    Unclear,
}

/// Whether two sides say the same: incomes within the policy's share of the first, all else to the letter.
fn compare(look: Look<'_>, slot: Slot, base: &Value, other: &Value) -> Likeness {
    let same = |is_same| if is_same { Likeness::Same } else { Likeness::Different };
    match (base, other) {
        (Value::Unusable(_), _) | (_, Value::Unusable(_)) => Likeness::Unclear,
        (Value::Fen(base), Value::Fen(other)) if slot.section == income::SECTION => {
            match look.policy.income.agrees_within {
                Some(share) => same(within(*base, *other, share)),
                None if base == other => Likeness::Same,
                None => Likeness::Unclear,
            }
        }
        (Value::Date(base), Value::Date(other)) if base != other => {
            let apart = base.latest() < other.earliest() || other.latest() < base.earliest();
            if apart { Likeness::Different } else { Likeness::Unclear }
        }
        _ if std::mem::discriminant(base) != std::mem::discriminant(other) => Likeness::Unclear,
        _ => same(base == other),
    }
}

/// Whether an amount is within so many percent of another, the bound included. Of nothing, only nothing is.
fn within(base: Money, other: Money, percent: i64) -> bool {
    let (base, other) = (i128::from(base.0), i128::from(other.0));
    (base - other).abs() * 100 <= base.abs() * i128::from(percent)
}

#[cfg(test)]
mod tests {
    use super::super::testing::Defs;
    use super::*;
    use crate::domain::{Found, OpenItem, RosterSeen};

    const NATIONAL: Name = Name::fixed("national");

    fn slot(path: &str) -> Slot {
        let (section, field) = path.split_once('.').unwrap();
        Slot { section: Name::new(section), row: 0, field: Name::new(field) }
    }

    /// A file with a county's roster that said something of one field.
    fn file(defs: &Defs, held: &str, county: &str) -> HouseholdFile {
        let mut file = defs.file(held);
        file.rosters.push(RosterSeen { digest: 1, ..RosterSeen::new(NATIONAL) });
        for word in county.split_whitespace() {
            let (path, text) = word.split_once('=').unwrap();
            let value = defs.catalogue.read(defs.catalogue.in_slot(slot(path)).unwrap(), text).unwrap().value;
            file.change(slot(path), |cell| cell.note(0, value));
        }
        file
    }

    fn told(file: &mut HouseholdFile, form: &str, date: &str, amounts: &[(&str, i64)]) {
        let act = file.forms.len() as u64 + 1;
        let amounts = amounts.iter().map(|(field, yuan)| (Name::new(field), Money::yuan(*yuan))).collect();
        file.forms.push(FormRef { act, amounts, ..FormRef::blank(Name::new(form), date.parse().unwrap()) });
    }

    /// A visit that found these sections as on file.
    fn found(file: &mut HouseholdFile, date: &str, sections: &[&str]) {
        let act = file.forms.len() as u64 + 1;
        let found = sections.iter().map(|section| {
            let section = Name::new(section);
            Found { section, likeness: file.sections[&section].likeness() }
        });
        let found = found.collect();
        file.forms.push(FormRef { act, found, ..FormRef::blank(Name::new("visit"), date.parse().unwrap()) });
    }

    fn verdict_of(defs: &Defs, file: &HouseholdFile, path: &str) -> Option<Verdict> {
        let all = of(defs.on("2022-11-20").at(file), &[NATIONAL]);
        all.iter().find(|sides| sides.slot == slot(path)).map(|sides| sides.verdict)
    }

    fn c308(defs: &Defs, file: &HouseholdFile) -> Vec<(String, String, String)> {
        let differs = told_differs(defs.on("2022-11-20").at(file));
        differs.iter().map(|d| (d.slot.field.to_string(), d.told.to_string(), d.held.to_string())).collect()
    }

    #[test]
    fn income_agrees_within_a_tenth_and_at_exactly_a_tenth() {
        let defs = Defs::shipped();
        for (yuan, agrees) in [(9000, true), (11_000, true), (8999, false), (11_001, false), (10_000, true)] {
            let mut file = defs.file("income.per_person=10000");
            told(&mut file, "verification", "2022-10-10", &[("per_person", yuan)]);
            let expected = if agrees { Verdict::Agree } else { Verdict::Differs(Some(Side::Door)) };
            assert_eq!(verdict_of(&defs, &file, "income.per_person"), Some(expected), "{yuan}");
            assert_eq!(c308(&defs, &file).is_empty(), agrees, "{yuan}");
        }
    }

    #[test]
    fn of_no_income_only_none_agrees() {
        let defs = Defs::shipped();
        for (yuan, differs) in [(0, false), (1, true)] {
            let mut file = defs.file("income.wages=0");
            told(&mut file, "verification", "2022-10-10", &[("wages", yuan)]);
            assert_eq!(c308(&defs, &file).len(), usize::from(differs));
        }
        assert!(within(Money(i64::MIN), Money(i64::MIN), 10) && !within(Money(i64::MAX), Money(i64::MIN), 10));
    }

    #[test]
    fn what_one_side_leaves_blank_is_unknown_and_not_compared() {
        let defs = Defs::shipped();
        let mut file = file(&defs, "housing.grade=B", "");
        file.change(slot("housing.grade"), |cell| cell.note(0, None));
        assert_eq!(verdict_of(&defs, &file, "housing.grade"), None);
        told(&mut file, "verification", "2022-10-10", &[("wages", 5000)]);
        assert_eq!(verdict_of(&defs, &file, "income.wages"), None, "only the door speaks of it");
        assert!(c308(&defs, &file).is_empty());
    }

    #[test]
    fn all_else_must_be_the_same_to_the_letter() {
        let defs = Defs::shipped();
        let one = file(&defs, "housing.grade=B address.group=一组", "housing.grade=C address.group=一组");
        assert_eq!(verdict_of(&defs, &one, "housing.grade"), Some(Verdict::Differs(Some(Side::County))));
        assert_eq!(verdict_of(&defs, &one, "address.group"), Some(Verdict::Agree));
        let first = of(defs.on("2022-11-20").at(&one), &[NATIONAL])[0].slot;
        assert_eq!(first, slot("housing.grade"), "what differs comes first");
        // A tenth is for incomes: spending is as it is.
        let mut spent = defs.file("spending.spent_medical=10000");
        told(&mut spent, "verification", "2022-10-10", &[("spent_medical", 9999)]);
        assert_eq!(verdict_of(&defs, &spent, "spending.spent_medical"), Some(Verdict::Differs(Some(Side::Door))));
        assert!(c308(&defs, &spent).is_empty());
        let month = file(&defs, "case.identified_on=2022-10", "case.identified_on=2022-10-08");
        assert_eq!(verdict_of(&defs, &month, "case.identified_on"), Some(Verdict::NotComparable));
        let other = file(&defs, "case.identified_on=2022-10", "case.identified_on=2022-11-08");
        assert_eq!(verdict_of(&defs, &other, "case.identified_on"), Some(Verdict::Differs(Some(Side::County))));
    }

    #[test]
    fn of_three_sides_the_one_that_stands_alone_is_named() {
        let defs = Defs::shipped();
        for (county, held, door, odd) in [
            (10_000, 20_000, 20_000, Some(Side::County)),
            (10_000, 20_000, 10_000, Some(Side::Village)),
            (10_000, 10_000, 20_000, Some(Side::Door)),
            (10_000, 20_000, 30_000, None),
            // Each is within a tenth of the file, but not of one another.
            (9100, 10_000, 10_900, None),
        ] {
            let held = format!("income.wages={held}");
            let mut file = file(&defs, &held, &format!("income.wages={county}"));
            told(&mut file, "verification", "2022-10-10", &[("wages", door)]);
            assert_eq!(verdict_of(&defs, &file, "income.wages"), Some(Verdict::Differs(odd)), "{county} {held} {door}");
        }
    }

    #[test]
    fn the_newest_form_of_this_year_that_still_stands_is_heard() {
        let defs = Defs::shipped();
        let mut file = defs.file("income.per_person=10000");
        told(&mut file, "verification", "2021-12-31", &[("per_person", 5000)]);
        assert!(c308(&defs, &file).is_empty(), "another year's form speaks of another year");
        told(&mut file, "verification", "2022-10-10", &[("per_person", 5000)]);
        assert_eq!(c308(&defs, &file), [("per_person".to_owned(), "5000".to_owned(), "10000".to_owned())]);
        told(&mut file, "screening", "2022-10-12", &[("income_last", 10_500)]);
        assert!(c308(&defs, &file).is_empty());
        file.forms[2].withdrawn = true;
        assert_eq!(c308(&defs, &file).len(), 1);
        found(&mut file, "2022-11-02", &["income"]);
        assert!(c308(&defs, &file).is_empty(), "a later visit found the file true");
    }

    #[test]
    fn as_on_file_is_said_at_the_door_until_the_file_says_something_else() {
        let defs = Defs::shipped();
        let mut file = file(&defs, "housing.grade=B", "housing.grade=C");
        let door = |file: &HouseholdFile| {
            of(defs.on("2022-11-20").at(file), &[NATIONAL])[0].door.as_ref().map(|(said, _)| said.clone().into_owned())
        };
        assert_eq!(door(&file), None);
        found(&mut file, "2022-11-02", &["housing"]);
        assert_eq!(door(&file), Some(Value::code(Name::new("b"))));
        assert_eq!(verdict_of(&defs, &file, "housing.grade"), Some(Verdict::Differs(Some(Side::County))));
        file.open_items.push(OpenItem {
            act: 9,
            item: Name::new("V07"),
            sections: vec![Name::new("housing")],
            since: None,
            seen_on: "2022-11-09".parse().unwrap(),
            what: "裂了".into(),
        });
        assert_eq!(door(&file), None, "a later visit was told of a change");
        file.open_items.clear();
        defs.put(&mut file, "housing.grade=D");
        assert_eq!(door(&file), None, "the file has changed since");
    }
}
