//! The sections and fields that rules reason about, by the ids that `data/file/` gives them.
//!
//! A test holds each of these against the definitions, so that a field renamed in `data/` is noticed here.

use super::name::Name;

macro_rules! section {
    ($(#[$doc:meta])* $module:ident { $($field:ident = $id:literal),* $(,)? }) => {
        $(#[$doc])*
        pub mod $module {
            use super::Name;
            /// The section's id.
            pub const SECTION: Name = Name::fixed(stringify!($module));
            $(#[doc = concat!("`", stringify!($module), ".", $id, "`")] pub const $field: Name = Name::fixed($id);)*
            pub(super) const ALL: &[Name] = &[$($field),*];
        }
    };
}

section!(/// Where the household is.
address { NATIONAL_NUMBER = "national_number", VILLAGE = "village", HAMLET = "hamlet", GROUP = "group", HOUSE_NUMBER = "house_number", PHONE = "phone", PEOPLE_REPORTED = "people_reported" });
section!(/// What the household is on file.
class { CLASS = "class", RELIEVED_YEAR = "relieved_year", LOW_INCOME = "low_income" });
section!(/// Who lives there.
members {
    PERSON_NUMBER = "person_number", NAME = "name", SEX = "sex", BIRTH_DATE = "birth_date", ID_KIND = "id_kind", ID_NUMBER = "id_number",
    DISABILITY_NUMBER = "disability_number", RELATION = "relation", EDUCATION = "education", HEALTH = "health", DISABILITY_KIND = "disability_kind",
    DISABILITY_GRADE = "disability_grade", LABOUR = "labour", PHONE = "phone", PRESENCE = "presence",
    JOINED_ON = "joined_on", JOINED_WHY = "joined_why", LEFT_ON = "left_on", LEFT_WHY = "left_why", CARE = "care",
});
section!(/// Income of the household, yuan a year.
income {
    WAGES = "wages", BUSINESS_INCOME = "business_income", BUSINESS_COST = "business_cost", PROPERTY = "property", TRANSFERS = "transfers",
    TRANSFERS_OUT = "transfers_out", NET = "net", PER_PERSON = "per_person", BEFORE_PER_PERSON = "before_per_person", PEOPLE = "people", EXPECTED_PER_PERSON = "expected_per_person",
});
section!(/// Rigid spending, yuan a year.
spending {
    OWN_SPENDING = "own_spending", SPENT_MEDICAL = "spent_medical", SPENT_SCHOOL = "spent_school", SPENT_HOUSING = "spent_housing",
    SPENT_DISASTER = "spent_disaster", SPENT_OTHER = "spent_other",
});
section!(/// What each person does for a living.
work { WORKING = "working", PLANNED = "planned", CHANNEL = "channel", PLACE = "place", POST = "post", POST_NUMBER = "post_number" });
section!(/// One row a job.
jobs { PERSON = "person", CHANNEL = "channel", PLACE = "place", COUNTY = "county", EMPLOYER = "employer", FROM = "from", TO = "to", MONTHS = "months", MONTHLY_WAGE = "monthly_wage", PLANNED = "planned" });
section!(/// Who goes to school.
schooling {
    STUDENT_STATE = "student_state", DROPOUT_REASON = "dropout_reason", NOT_IN_SCHOOL_REASON = "not_in_school_reason",
    LEAVE = "leave", LEAVE_UNTIL = "leave_until",
});
section!(/// Insurance of each member.
medical {
    RESIDENT_MEDICAL = "resident_medical", EMPLOYEE_MEDICAL = "employee_medical", RESIDENT_PENSION = "resident_pension",
    EMPLOYEE_PENSION = "employee_pension",
});
section!(/// Allowances of each member.
support {
    ALLOWANCE = "allowance", EXTREME_POVERTY = "extreme_poverty", CARE_SUBSIDY = "care_subsidy", LIVING_SUBSIDY = "living_subsidy",
    SINCE = "since", MONTHLY = "monthly", LOW_INCOME = "low_income",
});
section!(/// The house.
housing {
    DANGEROUS = "dangerous", GRADE = "grade", FLOOR_AREA = "floor_area", LIVED_IN = "lived_in", TEMPORARY = "temporary",
    TEMPORARY_SAFE = "temporary_safe",
});
section!(/// Drinking water.
water { SAFE = "safe", AMOUNT = "amount", QUALITY = "quality", CONVENIENCE = "convenience", RELIABILITY = "reliability" });
section!(/// Land in mu.
land { ARABLE = "arable" });
section!(/// One row a measure.
measures { KIND = "kind", WHAT = "what", RISK = "risk", AMOUNT = "amount", FROM = "from", TO = "to", PAID_ON = "paid_on" });
section!(/// Microloans.
loans { PERSON = "person", AMOUNT = "amount", SUBSIDISED = "subsidised", REPAID_ON = "repaid_on" });
section!(/// Papers held.
documents { WHAT = "what", SUPPORTS = "supports", MEASURE = "measure" });
section!(/// The assistance person.
helper { NAME = "name", UNIT = "unit", RANK = "rank", PHONE = "phone" });
section!(/// The monitoring case.
case {
    TARGET = "target", IDENTIFIED_ON = "identified_on", RISK1 = "risk1", RISK2 = "risk2", RISK3 = "risk3", RISK4 = "risk4", RISK5 = "risk5",
    ELIMINATED = "eliminated", ELIMINATED_HOW = "eliminated_how", ELIMINATED_ON = "eliminated_on",
});
section!(/// The stages of the monitoring case, a row a stage.
stages { STAGE = "stage", ON = "on", DOCUMENT = "document", WHY = "why" });
section!(/// The status card on the wall.
card { YEAR = "year", POSTED_ON = "posted_on" });
section!(/// Problems somebody must act on.
tasks { WHAT = "what", ITEM = "item", OWNER = "owner", FOUND_ON = "found_on", DUE = "due", DONE_ON = "done_on", RESULT = "result" });
section!(/// Reasons given for findings.
answers { CHECK = "check", OF = "of", FACTS = "facts", ABOUT = "about", REASON = "reason", BY = "by", ON = "on" });
section!(/// Checks that need not be met.
exemptions { CHECK = "check", PERSON = "person", KIND = "kind", REASON = "reason", UNTIL = "until", BY = "by", ON = "on" });
section!(/// Whether the file is open.
status { CLOSED_ON = "closed_on", CLOSED_WHY = "closed_why", SPLIT_FROM = "split_from", MERGED_INTO = "merged_into", LEFT_BEHIND = "left_behind" });
section!(/// Columns that no definition knows.
unlisted {});

/// Every section and field named here.
pub const ALL: &[(Name, &[Name])] = &[
    (address::SECTION, address::ALL),
    (class::SECTION, class::ALL),
    (members::SECTION, members::ALL),
    (income::SECTION, income::ALL),
    (spending::SECTION, spending::ALL),
    (work::SECTION, work::ALL),
    (jobs::SECTION, jobs::ALL),
    (schooling::SECTION, schooling::ALL),
    (medical::SECTION, medical::ALL),
    (support::SECTION, support::ALL),
    (housing::SECTION, housing::ALL),
    (water::SECTION, water::ALL),
    (land::SECTION, land::ALL),
    (measures::SECTION, measures::ALL),
    (loans::SECTION, loans::ALL),
    (documents::SECTION, documents::ALL),
    (helper::SECTION, helper::ALL),
    (case::SECTION, case::ALL),
    (stages::SECTION, stages::ALL),
    (card::SECTION, card::ALL),
    (tasks::SECTION, tasks::ALL),
    (answers::SECTION, answers::ALL),
    (exemptions::SECTION, exemptions::ALL),
    (status::SECTION, status::ALL),
    (unlisted::SECTION, unlisted::ALL),
];
