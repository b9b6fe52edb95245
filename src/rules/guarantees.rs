//! Housing, water, schooling and medical insurance: one verdict each, for card, check, form and list alike. Where two
//! facts disagree the worse one counts; what nobody knows is neither assured nor a problem.

use crate::domain::field::{housing, medical, members, schooling, water};
use crate::domain::form_field::{EDUCATION, HOUSING, MEDICAL, WATER};
use crate::domain::{Household, Member, Name, Row, Value};

use super::{Look, Looked};

/// How a guarantee stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is there.
    Assured,
    /// It is not.
    Problem,
    /// Nobody knows.
    Unknown,
}

/// The house, by its mark and its grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum House {
    /// It is marked as none that is dangerous, or graded A or B.
    Safe,
    /// It is dangerous, and nobody lives in it (S0:354).
    Empty,
    /// It is dangerous, and lived in as far as one knows.
    Dangerous,
    /// The house in which the family waits for the repair is not safe (S0:357).
    Temporary,
    /// Nobody knows.
    Unknown,
}

/// Whether a member gets the compulsory schooling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schooling {
    /// The member is of another age.
    NotOfAge,
    /// In school, through with it, or with leave.
    Assured,
    /// Of age and not in school.
    Out,
    /// Nobody knows.
    Unknown,
}

impl House {
    /// The verdict on it.
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::Safe | Self::Empty => Verdict::Assured,
            Self::Dangerous | Self::Temporary => Verdict::Problem,
            Self::Unknown => Verdict::Unknown,
        }
    }
}

/// The house of a household.
pub fn house(household: Household<'_>) -> House {
    let Some(row) = household.file.row(housing::SECTION, 0) else { return House::Unknown };
    let said = |field| row.get(field).and_then(Value::as_yes_no);
    let grade = row.get(housing::GRADE).and_then(Value::as_code).and_then(|code| code.id()).map(Name::as_str);
    let is_dangerous = said(housing::DANGEROUS) == Some(true) || matches!(grade, Some("c" | "d"));
    let is_empty = said(housing::LIVED_IN) == Some(false);
    let waits_in_danger = said(housing::TEMPORARY) == Some(true) && said(housing::TEMPORARY_SAFE) == Some(false);
    match (said(housing::DANGEROUS), grade) {
        _ if is_dangerous && !is_empty => House::Dangerous,
        _ if waits_in_danger => House::Temporary,
        _ if is_dangerous => House::Empty,
        (Some(false), _) | (_, Some("a" | "b")) => House::Safe,
        _ => House::Unknown,
    }
}

/// The four indicators of water.
pub const OF_WATER: [Name; 4] = [water::AMOUNT, water::QUALITY, water::CONVENIENCE, water::RELIABILITY];

/// The drinking water: an indicator that fails speaks against it whatever the mark says.
pub fn water(household: Household<'_>) -> Verdict {
    let Some(row) = household.file.row(water::SECTION, 0) else { return Verdict::Unknown };
    let safe = row.get(water::SAFE).and_then(Value::as_yes_no);
    let indicator = |field| row.get(field).and_then(Value::as_code).and_then(|code| code.id());
    let known = OF_WATER.map(indicator);
    if safe == Some(false) || known.iter().flatten().any(|id| *id == "failed") {
        return Verdict::Problem;
    }
    // Without a mark all four have to be known.
    let all_reached = known.iter().all(|id| id.is_some());
    if safe == Some(true) || all_reached { Verdict::Assured } else { Verdict::Unknown }
}

/// The compulsory schooling of a member; `row` is hers in that section. A delay or a leave that was approved holds until
/// its day (S2:20).
pub fn schooling(look: Look<'_>, member: Member<'_>, row: Option<&Row>) -> Schooling {
    let ages = &look.policy.people;
    let of_age = member.is_aged(look.day, |age| (ages.compulsory_from..=ages.compulsory_to).contains(&age));
    if of_age == Some(false) {
        return Schooling::NotOfAge;
    }
    let get = |field| row.and_then(|row| row.get(field));
    if get(schooling::LEAVE).is_some() {
        match get(schooling::LEAVE_UNTIL).and_then(Value::as_date) {
            Some(until) if until.latest() < look.day => {}
            Some(until) if until.earliest() >= look.day => return Schooling::Assured,
            _ => return Schooling::Unknown,
        }
    }
    if get(schooling::NOT_IN_SCHOOL_REASON).or_else(|| get(schooling::DROPOUT_REASON)).is_some() {
        return Schooling::Out;
    }
    if get(schooling::STUDENT_STATE).is_some() {
        return Schooling::Assured;
    }
    let Some(education) = member.own(members::EDUCATION).and_then(Value::as_code).and_then(|code| code.id()) else {
        return Schooling::Unknown;
    };
    // Whoever has finished junior high in the last compulsory year is through.
    match member.is_aged(look.day, |age| age < ages.compulsory_to) {
        _ if education == "illiterate" || education == "primary" => Schooling::Out,
        Some(true) => Schooling::Out,
        Some(false) => Schooling::Assured,
        None => Schooling::Unknown,
    }
}

/// Whether a member has one of the two medical insurances; `row` is hers in that section.
pub fn insured(row: Option<&Row>) -> Option<bool> {
    let said = |field| row.and_then(|row| row.get(field)).and_then(Value::as_yes_no);
    match (said(medical::RESIDENT_MEDICAL), said(medical::EMPLOYEE_MEDICAL)) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// What the file says of the guarantee that a form asks about; none where the question is another.
pub fn asked(looked: Looked<'_>, question: Name) -> Option<Verdict> {
    let Looked { look, household } = looked;
    let row = |section, member: Member<'_>| household.file.row(section, member.id.0);
    if question == HOUSING {
        Some(house(household).verdict())
    } else if question == WATER {
        Some(water(household))
    } else if question == EDUCATION {
        Some(together(household.members().map(|member| {
            match schooling(look, member, row(schooling::SECTION, member)) {
                Schooling::NotOfAge | Schooling::Assured => Some(true),
                Schooling::Out => Some(false),
                Schooling::Unknown => None,
            }
        })))
    } else if question == MEDICAL {
        Some(together(household.members().map(|member| insured(row(medical::SECTION, member)))))
    } else {
        None
    }
}

/// All members together: one problem is one, and nobody unknown is nothing unknown.
fn together(members: impl Iterator<Item = Option<bool>>) -> Verdict {
    let mut all = Verdict::Unknown;
    let mut unknown = false;
    for member in members {
        match member {
            Some(false) => return Verdict::Problem,
            Some(true) => all = Verdict::Assured,
            None => unknown = true,
        }
    }
    if unknown { Verdict::Unknown } else { all }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Defs;
    use super::*;

    fn verdict(fields: &str, question: Name) -> Verdict {
        let defs = Defs::shipped();
        let file = defs.file(fields);
        asked(defs.on("2022-11-20").at(&file), question).unwrap()
    }

    #[test]
    fn of_two_facts_about_a_house_the_worse_counts() {
        for (fields, expected) in [
            ("housing.grade=D housing.dangerous=否", Verdict::Problem),
            ("housing.grade=A housing.dangerous=是", Verdict::Problem),
            ("housing.grade=C housing.lived_in=否", Verdict::Assured),
            ("housing.temporary=是 housing.temporary_safe=否 housing.dangerous=否", Verdict::Problem),
            ("housing.grade=B", Verdict::Assured),
            ("housing.grade=未鉴定 housing.dangerous=否", Verdict::Assured),
            ("housing.grade=未鉴定", Verdict::Unknown),
            ("housing.lived_in=否", Verdict::Unknown),
            ("", Verdict::Unknown),
        ] {
            assert_eq!(verdict(fields, HOUSING), expected, "{fields}");
        }
    }

    #[test]
    fn one_failing_indicator_makes_water_unsafe() {
        let all = "water.amount=达标 water.quality=基本达标 water.convenience=达标 water.reliability=达标";
        for (fields, expected) in [
            ("water.safe=是 water.quality=不达标".to_owned(), Verdict::Problem),
            (format!("{all} water.safe=否"), Verdict::Problem),
            (all.to_owned(), Verdict::Assured),
            ("water.safe=是".to_owned(), Verdict::Assured),
            ("water.amount=达标".to_owned(), Verdict::Unknown),
        ] {
            assert_eq!(verdict(&fields, WATER), expected, "{fields}");
        }
    }

    #[test]
    fn a_child_out_of_school_or_somebody_uninsured_speaks_for_the_household() {
        let child = "members.1.birth_date=2012-05-05 ";
        for (fields, expected) in [
            ("schooling.1.student_state=小学", Verdict::Assured),
            ("schooling.1.student_state=小学 schooling.1.not_in_school_reason=因病", Verdict::Problem),
            (
                "schooling.1.not_in_school_reason=因病 schooling.1.leave=休学 schooling.1.leave_until=2023-07",
                Verdict::Assured,
            ),
            (
                "schooling.1.not_in_school_reason=因病 schooling.1.leave=休学 schooling.1.leave_until=2022-07",
                Verdict::Problem,
            ),
            ("members.1.education=小学", Verdict::Problem),
            ("", Verdict::Unknown),
        ] {
            assert_eq!(verdict(&format!("{child}{fields}"), EDUCATION), expected, "{fields}");
        }
        let two = "members.1.name=甲 members.2.name=乙 medical.1.resident_medical=是 ";
        for (fields, expected) in [
            ("medical.2.resident_medical=否 medical.2.employee_medical=否", Verdict::Problem),
            ("medical.2.employee_medical=是", Verdict::Assured),
            ("medical.2.resident_medical=否", Verdict::Unknown),
        ] {
            assert_eq!(verdict(&format!("{two}{fields}"), MEDICAL), expected, "{fields}");
        }
    }
}
