//! What households of a village have in common that only one of them may have, kept up to date household by household.

use std::collections::HashMap;
use std::hash::Hasher;

use chrono::Datelike;

use crate::domain::field::{helper, work};
use crate::domain::{
    ByDigest, Digest, HouseholdFile, HouseholdId, Member, RiskState, Value, id_number, person_name, text,
};

use super::super::Looked;
use super::super::desk::{self, FormOfDay};
use super::written::phones;

/// What two households should not share, or not too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shared {
    /// An ID number.
    IdNumber,
    /// A name and a birth date.
    NameAndBirth,
    /// The same of somebody without a right ID number.
    NameAndBirthAlone,
    /// The assistance person of a household whose risk is open.
    Helper,
    /// The assistance person of a relieved household, or of one whose risk is open.
    Paired,
    /// A public-welfare post by its number.
    Post,
    /// The phone of somebody who has work.
    Phone,
    /// The same in the county where the work is.
    PhoneInCounty,
    /// Screening and verification forms of one surveyor on one day.
    FormsOfDay,
}

/// One thing that a household has, by its digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    shared: Shared,
    digest: u64,
}

impl Key {
    /// The key of a text.
    pub fn of(shared: Shared, text: &str) -> Self {
        Self { shared, digest: Digest::of(text) }
    }

    /// The key of the same text as another kind of thing.
    pub fn shared_as(self, shared: Shared) -> Self {
        Self { shared, ..self }
    }
}

/// Who has what.
#[derive(Clone, Debug, Default)]
pub struct Village {
    holders: HashMap<Key, Vec<(HouseholdId, u32)>, ByDigest>,
    keys: HashMap<HouseholdId, Vec<(Key, u32)>>,
}

impl Village {
    /// Takes in a file in place of what it held before; the households that share something with it, before or now.
    pub fn put(&mut self, looked: Looked<'_>) -> Vec<HouseholdId> {
        self.put_keys(looked.household.file.id, keys(looked))
    }

    /// The same, with what the household has worked out before.
    pub fn put_keys(&mut self, id: HouseholdId, keys: Vec<(Key, u32)>) -> Vec<HouseholdId> {
        let mut touched = self.forget(id);
        for (key, person) in &keys {
            let holders = self.holders.entry(*key).or_default();
            touched.extend(holders.iter().map(|(other, _)| *other));
            holders.push((id, *person));
        }
        self.keys.insert(id, keys);
        touched.sort_unstable();
        touched.dedup();
        touched.retain(|other| *other != id);
        touched
    }

    fn forget(&mut self, id: HouseholdId) -> Vec<HouseholdId> {
        let mut touched = Vec::new();
        for (key, _) in self.keys.remove(&id).unwrap_or_default() {
            if let Some(holders) = self.holders.get_mut(&key) {
                holders.retain(|(holder, _)| *holder != id);
                touched.extend(holders.iter().map(|(other, _)| *other));
                if holders.is_empty() {
                    self.holders.remove(&key);
                }
            }
        }
        touched
    }

    /// Who else has this: household and person, or 0 where it is the household's.
    pub fn holders(&self, key: Key) -> &[(HouseholdId, u32)] {
        self.holders.get(&key).map_or(&[], Vec::as_slice)
    }

    /// Whether a household may share something of a kind with another, or hold it twice: what only one has need not be
    /// looked at by each check again. Of a closed household nothing is kept, and so it may.
    pub fn may_share(&self, id: HouseholdId, shared: Shared) -> bool {
        let own = self.keys.get(&id).map_or(&[][..], Vec::as_slice);
        own.is_empty() || own.iter().any(|(key, _)| key.shared == shared && self.holders(*key).len() > 1)
    }

    /// Whether a household was taken in.
    pub fn knows(&self, id: HouseholdId) -> bool {
        self.keys.contains_key(&id)
    }
}

/// The name, unit and phone by which an assistance person is the same in two files.
pub fn helper_key(file: &HouseholdFile, shared: Shared) -> Option<Key> {
    let text = |field| file.of_household(helper::SECTION, field).and_then(Value::as_text);
    let name = person_name::key(text(helper::NAME)?);
    Some(Key::of(shared, &format!("{name} {} {}", text(helper::UNIT).unwrap_or(""), text(helper::PHONE).unwrap_or(""))))
}

/// The number by which a public-welfare post is the same in two files.
pub fn post_key(member: Member<'_>) -> Option<Key> {
    let number = member.elsewhere(work::SECTION, work::POST_NUMBER)?.as_text()?;
    Some(Key::of(Shared::Post, &text::fold(number)))
}

/// The forms of one surveyor on one day; none where the form names nobody.
pub fn forms_of_day(form: &FormOfDay) -> Option<Key> {
    let (by, day) = form.key();
    let by = person_name::key(by);
    (!by.is_empty()).then(|| Key::of(Shared::FormsOfDay, &format!("{by} {day}")))
}

/// The name and birth date by which one person may stand in two files, or twice in one; none where either is not known.
pub fn person_key(member: Member<'_>, shared: Shared) -> Option<Key> {
    let (day, name) = (member.birth()?.as_day()?, person_name::key(member.name()));
    let mut digest = Digest::default();
    digest.add(name.as_bytes());
    digest.write_u32(day.num_days_from_ce().unsigned_abs());
    (!name.is_empty()).then(|| Key { shared, digest: digest.finish() })
}

/// What a household has that others should not share: each with the person, or 0 where it is the household's.
pub fn keys(looked: Looked<'_>) -> Vec<(Key, u32)> {
    let household = looked.household;
    if household.closed_on().is_some() {
        return Vec::new();
    }
    let mut keys = Vec::new();
    for member in household.members() {
        if let Some(number) = member.id_number_text() {
            let tidy = id_number::tidy(number);
            keys.push((Key::of(Shared::IdNumber, id_number::stem(&tidy)), member.id.0));
        }
        if let Some(key) = person_key(member, Shared::NameAndBirth) {
            keys.push((key, member.id.0));
            if member.id_number().is_none() {
                keys.push((key.shared_as(Shared::NameAndBirthAlone), member.id.0));
            }
        }
    }
    for member in household.members() {
        keys.extend(post_key(member).map(|key| (key, member.id.0)));
        let Some(phone) = member.phone() else { continue };
        let counties = phones::counties(looked, member);
        keys.extend((!counties.is_empty()).then(|| (Key::of(Shared::Phone, phone), member.id.0)));
        keys.extend(counties.iter().map(|county| (phones::in_county(phone, county), member.id.0)));
    }
    keys.extend(desk::of_household(looked).iter().filter_map(|form| Some((forms_of_day(form)?, 0))));
    let is_open = household.risk_state() == Some(RiskState::Open);
    let is_paired = is_open || household.relieved() == Some(true);
    if let Some(paired) = helper_key(household.file, Shared::Paired).filter(|_| is_paired) {
        keys.extend(is_open.then_some((paired.shared_as(Shared::Helper), 0)));
        keys.push((paired, 0));
    }
    keys
}
