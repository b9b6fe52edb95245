//! The plain fields of forms that code reasons about, by the ids that `data/forms/` gives them.
//!
//! A test of `forms` holds each of these against the definitions, so that a field renamed in `data/` is noticed.

use super::name::Name;

/// The day of the visit or the paper.
pub const DATE: Name = Name::fixed("date");
/// The round it belongs to.
pub const ROUND: Name = Name::fixed("round");
/// Who filled a screening or verification form.
pub const SURVEYOR: Name = Name::fixed("surveyor");
/// Who came to visit.
pub const VISITORS: Name = Name::fixed("visitors");
/// Where the family was spoken to.
pub const PLACE: Name = Name::fixed("place");
/// When a visitor came.
pub const TIME: Name = Name::fixed("time");
/// Where the machine says the visitor was.
pub const COORDINATES: Name = Name::fixed("coordinates");
/// When a form was begun.
pub const BEGUN_AT: Name = Name::fixed("begun_at");
/// When it was ended.
pub const ENDED_AT: Name = Name::fixed("ended_at");
/// The opinion it ends with.
pub const OPINION: Name = Name::fixed("opinion");
/// Where a verification form comes from.
pub const CLUE: Name = Name::fixed("clue");
/// The paper behind what a form changes.
pub const EVIDENCE: Name = Name::fixed("evidence");
/// Last year's income a person, as a screening form has it.
pub const INCOME_LAST: Name = Name::fixed("income_last");
/// Income a person, as a verification form has it.
pub const PER_PERSON: Name = Name::fixed("per_person");
/// What a form finds of the compulsory schooling.
pub const EDUCATION: Name = Name::fixed("education");
/// What it finds of the medical insurance.
pub const MEDICAL: Name = Name::fixed("medical");
/// What it finds of the house.
pub const HOUSING: Name = Name::fixed("housing");
/// What it finds of the drinking water.
pub const WATER: Name = Name::fixed("water");

/// Whether the household signed it.
pub const SIGNED_BY_HOUSEHOLD: Name = Name::fixed("signed_by_household");

/// The fields that say how a guarantee stands.
pub const GUARANTEES: [Name; 4] = [EDUCATION, MEDICAL, HOUSING, WATER];

/// Every field named here.
pub const ALL: &[Name] = &[
    DATE,
    ROUND,
    SURVEYOR,
    VISITORS,
    PLACE,
    TIME,
    COORDINATES,
    BEGUN_AT,
    ENDED_AT,
    OPINION,
    CLUE,
    EVIDENCE,
    INCOME_LAST,
    PER_PERSON,
    EDUCATION,
    MEDICAL,
    HOUSING,
    WATER,
    SIGNED_BY_HOUSEHOLD,
];

/// The fields that say when and by whom a form was filled, and nothing of the family.
pub const OF_THE_FILLING: &[Name] = &[DATE, SURVEYOR, VISITORS, TIME, COORDINATES, BEGUN_AT, ENDED_AT];
