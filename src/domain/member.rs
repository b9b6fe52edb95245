//! A member of a household, read as what the file says of her.

use chrono::NaiveDate;

use super::date::PartialDate;
use super::field::{members, schooling, support, work};
use super::file::{HouseholdFile, Row};
use super::id_number::{IdNumber, Sex};
use super::ids::PersonId;
use super::name::Name;
use super::value::{Code, Value};

/// The kinds of disability that the 19th digit of a certificate's number tells apart here: of the limbs, and several.
const LIMB: u8 = 4;
const SEVERAL: u8 = 7;

/// One person of a file.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// The person.
    pub id: PersonId,
    file: &'a HouseholdFile,
    row: &'a Row,
}

impl<'a> Member<'a> {
    /// The member with this row of the members' section.
    pub const fn of(file: &'a HouseholdFile, id: u32, row: &'a Row) -> Self {
        Self { id: PersonId(id), file, row }
    }

    fn code(self, field: Name) -> Option<Code> {
        self.row.get(field)?.as_code()
    }

    fn text(self, field: Name) -> Option<&'a str> {
        self.row.get(field)?.as_text()
    }

    /// A field of the members' section.
    pub fn own(self, field: Name) -> Option<&'a Value> {
        self.row.get(field)
    }

    /// A field of the person's row in another section.
    pub fn elsewhere(self, section: Name, field: Name) -> Option<&'a Value> {
        self.file.row(section, self.id.0)?.get(field)
    }

    /// The name; empty where the file has none.
    pub fn name(self) -> &'a str {
        self.text(members::NAME).unwrap_or_default()
    }

    /// 人编号, where the national system has given one.
    pub fn national_number(self) -> Option<&'a str> {
        self.text(members::PERSON_NUMBER)
    }

    /// The number by which the person is called outside: 人编号, else the village's own.
    pub fn number(self) -> String {
        self.national_number().map_or_else(|| self.id.local_number(self.file.id.village), str::to_owned)
    }

    /// The ID number as it stands, right or wrong; none where it is missing or unusable.
    pub fn id_number_text(self) -> Option<&'a str> {
        self.text(members::ID_NUMBER)
    }

    /// The ID number, where it is right.
    pub fn id_number(self) -> Option<IdNumber> {
        IdNumber::parse(self.id_number_text()?).ok()
    }

    /// The phone number.
    pub fn phone(self) -> Option<&'a str> {
        self.text(members::PHONE)
    }

    /// The sex on file.
    pub fn sex(self) -> Option<Sex> {
        match self.code(members::SEX)?.id()?.as_str() {
            "male" => Some(Sex::Male),
            "female" => Some(Sex::Female),
            _ => None,
        }
    }

    /// The birth date on file; where the file knows it only in part, the ID number's, if the two agree.
    pub fn birth(self) -> Option<PartialDate> {
        let on_file = self.row.get(members::BIRTH_DATE).and_then(Value::as_date);
        if on_file.is_some_and(|date| date.as_day().is_some()) {
            return on_file;
        }
        let in_number = self.id_number().map(|id| PartialDate::from(id.birth()));
        match (on_file, in_number) {
            (Some(file), Some(number)) if !file.agrees_with(number) => Some(file),
            (file, number) => number.or(file),
        }
    }

    /// Age in full years on a day; none where the birth date leaves two answers.
    pub fn age_on(self, day: NaiveDate) -> Option<i32> {
        self.ages_on(day).filter(|(least, most)| least == most).map(|(age, _)| age)
    }

    /// The least and the most that the age in full years can be on a day; none without a birth date.
    pub fn ages_on(self, day: NaiveDate) -> Option<(i32, i32)> {
        Some(self.birth()?.ages_on(day))
    }

    /// Whether an age on a day is of some kind, where every age that it can be is on one side.
    pub fn is_aged(self, day: NaiveDate, is_of_kind: impl Fn(i32) -> bool) -> Option<bool> {
        let (least, most) = self.ages_on(day)?;
        let first = is_of_kind(least);
        (least..=most).all(|age| is_of_kind(age) == first).then_some(first)
    }

    /// The relation to the head.
    pub fn relation(self) -> Option<Code> {
        self.code(members::RELATION)
    }

    /// Whether this is the head.
    pub fn is_head(self) -> bool {
        self.relation().is_some_and(|relation| relation.is(Name::fixed("head")))
    }

    /// Whether the person is no longer a member.
    pub fn has_left(self) -> bool {
        // Nothing stands between the two in the order of names, and everybody is asked some dozen times a look.
        self.row.has_any(members::LEFT_ON, members::LEFT_WHY)
    }

    /// Why the person left.
    pub fn left_why(self) -> Option<Code> {
        self.code(members::LEFT_WHY)
    }

    /// Whether the health on file includes this entry; none where it is unknown, or a label stands there that is on no list.
    pub fn health_has(self, id: Name) -> Option<bool> {
        let codes = self.row.get(members::HEALTH)?.as_codes();
        // A label that is on no list may mean anything.
        let is_told = codes.iter().all(|code| code.id().is_some());
        if codes.iter().any(|code| code.is(id)) { Some(true) } else { is_told.then_some(false) }
    }

    /// Whether a disability certificate is on file: its number, kind or grade.
    pub fn certificate(self) -> bool {
        self.text(members::DISABILITY_NUMBER).is_some()
            || self.code(members::DISABILITY_KIND).is_some()
            || self.code(members::DISABILITY_GRADE).is_some()
            || self.code(members::ID_KIND).is_some_and(|kind| kind.is(Name::fixed("disability")))
    }

    /// Whether the person is on file as disabled, by health or by a certificate.
    pub fn disabled(self) -> Option<bool> {
        if self.certificate() { Some(true) } else { self.health_has(Name::fixed("disabled")) }
    }

    /// The grade of disability, 1 (severest) to 4, from the file or from a certificate's number.
    pub fn disability_grade(self) -> Option<u8> {
        if let Some(id) = self.code(members::DISABILITY_GRADE).and_then(Code::id) {
            return id.as_str().strip_prefix("grade")?.parse().ok();
        }
        let number = self.text(members::DISABILITY_NUMBER).or_else(|| self.id_number_text())?;
        IdNumber::parse(number).ok()?.disability().map(|(_, grade)| grade)
    }

    /// Whether the disability is one of the limbs, from the file or from a certificate's number; where there are several
    /// nobody knows.
    pub fn limb_disability(self) -> Option<bool> {
        if let Some(kind) = self.code(members::DISABILITY_KIND).and_then(Code::id) {
            return (kind != "several").then(|| kind == "limb");
        }
        let number = self.text(members::DISABILITY_NUMBER).or_else(|| self.id_number_text())?;
        match IdNumber::parse(number).ok()?.disability()?.0 {
            LIMB => Some(true),
            SEVERAL => None,
            _ => Some(false),
        }
    }

    /// The education on file, of who has left school.
    pub fn education(self) -> Option<Code> {
        self.code(members::EDUCATION)
    }

    /// The labour ability on file.
    pub fn labour(self) -> Option<Code> {
        self.code(members::LABOUR)
    }

    /// Where the person is, as far as it is known.
    pub fn presence(self) -> Option<Code> {
        self.code(members::PRESENCE)
    }

    /// The student state, where the person is a student or below school age.
    pub fn student_state(self) -> Option<Code> {
        self.elsewhere(schooling::SECTION, schooling::STUDENT_STATE)?.as_code()
    }

    /// What the file says of the subsistence allowance.
    pub fn allowance(self) -> Option<Code> {
        self.elsewhere(support::SECTION, support::ALLOWANCE)?.as_code()
    }

    /// What the file says of extreme-poverty support.
    pub fn extreme_poverty(self) -> Option<Code> {
        self.elsewhere(support::SECTION, support::EXTREME_POVERTY)?.as_code()
    }

    /// Where the person works, by the household's export.
    pub fn work_place(self) -> Option<Code> {
        self.elsewhere(work::SECTION, work::PLACE)?.as_code()
    }
}

#[cfg(test)]
mod tests {
    use super::super::file::Slot;
    use super::super::ids::HouseholdId;
    use super::*;

    fn file_with(fields: &[(Name, Value)]) -> HouseholdFile {
        let id = HouseholdId { village: "419999101201".parse().unwrap(), serial: 1 };
        let mut file = HouseholdFile::open(id, NaiveDate::MIN);
        for (field, value) in fields {
            let slot = Slot { section: members::SECTION, row: 1, field: *field };
            file.change(slot, |cell| cell.set(Some(value.clone())));
        }
        file
    }

    fn age(file: &HouseholdFile, day: (i32, u32, u32)) -> Option<i32> {
        let member = Member::of(file, 1, file.row(members::SECTION, 1)?);
        member.age_on(NaiveDate::from_ymd_opt(day.0, day.1, day.2)?)
    }

    #[test]
    fn ages_are_full_years_and_never_guessed() {
        let born = |text: &str| (members::BIRTH_DATE, Value::Date(text.parse().unwrap()));
        let known = file_with(&[born("2008-11-20")]);
        assert_eq!(age(&known, (2022, 11, 19)), Some(13));
        assert_eq!(age(&known, (2022, 11, 20)), Some(14));
        let partial = file_with(&[born("2008-11")]);
        assert_eq!(age(&partial, (2022, 11, 20)), None);
        assert_eq!(age(&partial, (2022, 12, 1)), Some(14));
    }

    #[test]
    fn an_age_known_in_part_answers_where_every_possible_one_is_on_one_side() {
        let aged = |born: &str, is_of_kind: fn(i32) -> bool| {
            let file = file_with(&[(members::BIRTH_DATE, Value::Date(born.parse().unwrap()))]);
            let member = Member::of(&file, 1, file.row(members::SECTION, 1).unwrap());
            member.is_aged(NaiveDate::from_ymd_opt(2022, 11, 20).unwrap(), is_of_kind)
        };
        assert_eq!(aged("1940", |age| age >= 60), Some(true));
        assert_eq!(aged("1962", |age| age >= 60), None, "59 or 60");
        assert_eq!(aged("1962-12", |age| age >= 60), Some(false));
        assert_eq!(aged("2007", |age| (6..=15).contains(&age)), Some(true));
        assert_eq!(aged("2006", |age| (6..=15).contains(&age)), None, "15 or 16");
    }

    #[test]
    fn an_id_number_completes_a_birth_date_that_it_agrees_with() {
        let id = (members::ID_NUMBER, Value::text("41999919831018766X").unwrap());
        let born = |text: &str| (members::BIRTH_DATE, Value::Date(text.parse().unwrap()));
        assert_eq!(age(&file_with(&[id.clone(), born("1983")]), (2022, 10, 18)), Some(39));
        assert_eq!(age(&file_with(std::slice::from_ref(&id)), (2022, 10, 17)), Some(38));
        assert_eq!(age(&file_with(&[id, born("1984-03")]), (2022, 10, 18)), Some(38));
    }
}
