//! The rows that a check looks at, and the facts that code works out of a file for the table to name.

use serde::Deserialize;

use crate::catalogue::{Section, SectionKind};
use crate::domain::Name;
use crate::domain::field::{documents, jobs, loans, measures};

/// What a check is asked of, one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rows {
    /// The household.
    Household,
    /// Each member of today.
    Person,
    /// Each job.
    Job,
    /// Each measure.
    Measure,
    /// Each loan.
    Loan,
    /// Each paper held.
    Document,
}

impl Rows {
    /// All kinds of rows.
    pub const ALL: [Self; 6] = [Self::Household, Self::Person, Self::Job, Self::Measure, Self::Loan, Self::Document];

    /// The rows of a section, where checks look at them.
    pub fn of(section: &Section) -> Option<Self> {
        match section.kind {
            SectionKind::Household => Some(Self::Household),
            SectionKind::Person => Some(Self::Person),
            SectionKind::Rows => Self::ALL.into_iter().find(|rows| rows.section() == Some(section.id)),
        }
    }

    /// The section whose counted rows these are.
    pub fn section(self) -> Option<Name> {
        match self {
            Self::Household | Self::Person => None,
            Self::Job => Some(jobs::SECTION),
            Self::Measure => Some(measures::SECTION),
            Self::Loan => Some(loans::SECTION),
            Self::Document => Some(documents::SECTION),
        }
    }

    /// Whether each of these rows is somebody's.
    pub fn of_person(self) -> bool {
        matches!(self, Self::Job | Self::Loan)
    }

    /// Whether a row of this kind has these others within it.
    pub fn holds(self, inner: Self) -> bool {
        match self {
            Self::Household => inner != Self::Household,
            Self::Person => inner.of_person(),
            _ => false,
        }
    }

    /// Whether a row of this kind belongs to one row of the other, or is one.
    pub fn reaches(self, other: Self) -> bool {
        self == other || other == Self::Household || (self.of_person() && other == Self::Person)
    }

    pub(super) fn word(word: &str) -> Option<Self> {
        Some(match word {
            "household" => Self::Household,
            "person" => Self::Person,
            "job" => Self::Job,
            "measure" => Self::Measure,
            "loan" => Self::Loan,
            "document" => Self::Document,
            _ => return None,
        })
    }
}

/// What a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactKind {
    /// Yes, no or unknown.
    Flag,
    /// A number.
    Number,
    /// Fen.
    Money,
    /// Several codes of the list of risks.
    Risks,
}

/// One fact of a row.
#[derive(Clone, Copy, Debug)]
pub struct Fact {
    /// Its name in the table.
    pub name: &'static str,
    /// What it is.
    pub kind: FactKind,
    /// The fields out of which it is worked out, as `section.field`: an answer to a finding holds as long as they do.
    pub reads: &'static [&'static str],
}

macro_rules! facts {
    ($(#[$doc:meta])* $group:ident { $($(#[$each:meta])* $variant:ident = $name:literal $kind:ident [$($reads:literal),*]),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $group { $($(#[$each])* $variant),* }
        impl $group {
            /// All of them, in the order of their columns.
            pub const ALL: &'static [Fact] =
                &[$(Fact { name: $name, kind: FactKind::$kind, reads: &[$($reads),*] }),*];
        }
    };
}

facts! {
    /// Facts of a household.
    HouseholdFact {
        /// 脱贫户
        Relieved = "R" Flag ["class.class"],
        /// 监测对象, also one whose risk is gone
        Target = "T" Flag ["case.target"],
        /// whose risk is open
        Open = "O" Flag ["case.target", "case.eliminated"],
        /// whose risk is gone
        Eliminated = "E" Flag ["case.target", "case.eliminated"],
        /// 脱贫户(享受政策)
        Policies = "P" Flag ["class.class"],
        /// 脱贫户 with policies, or of which nobody has said
        MayHavePolicies = "may_have_policies" Flag ["class.class"],
        /// neither relieved nor a target
        Ordinary = "N" Flag ["class.class", "case.target"],
        /// members of today
        People = "people" Number ["members.name"],
        /// the risks of the case
        Risks = "risks" Risks ["case.risk1", "case.risk2", "case.risk3", "case.risk4", "case.risk5"],
        /// somebody is able to work
        HasLabour = "has_labour" Flag ["members.labour"],
        /// rigid spending, as far as it is known
        OwnSpending = "own_spending" Money ["spending.own_spending", "spending.spent_medical", "spending.spent_school", "spending.spent_housing", "spending.spent_disaster", "spending.spent_other"],
        /// the net income less the family's own spending, by the members of today
        AfterSpending = "after_spending" Money ["income.net", "spending.own_spending"],
        /// the parts of the income together
        Sum = "sum" Money ["income.wages", "income.business_income", "income.business_cost", "income.property", "income.transfers", "income.transfers_out"],
        /// the net income as it was typed, else the sum
        Net = "net" Money ["income.net"],
        /// how many people the year's income was reckoned for
        Counted = "counted" Number ["income.people"],
        /// the share of a head as it was typed, else by the people counted
        TellsShare = "told" Money ["income.per_person"],
        /// the net income by the members of today
        Now = "now" Money ["income.net"],
        /// the net income by the people counted
        ByCounted = "by_counted" Money ["income.net", "address.people_reported"],
        /// by what the household counts against the lines
        Reckoned = "reckoned" Money ["income.per_person"],
        /// people came or went since the share was told, and no net income is known
        OfOthers = "of_others" Flag ["income.per_person", "income.people"],
        /// a dangerous house is lived in
        DangerousHouse = "dangerous_house" Flag ["housing.dangerous", "housing.grade", "housing.lived_in"],
        /// the year of which the insurance was told
        InsuranceYear = "insurance_year" Number ["medical.resident_medical", "medical.employee_medical"],
        /// the drinking water is not safe
        UnsafeWater = "unsafe_water" Flag ["water.safe", "water.amount", "water.quality", "water.convenience", "water.reliability"],
    }
}

facts! {
    /// Facts of a member.
    PersonFact {
        /// full years
        Age = "age" Number ["members.birth_date", "members.id_number"],
        /// 户主
        Head = "head" Flag ["members.relation"],
        /// the labour ability is one
        Works = "works" Flag ["members.labour"],
        /// grade 1 or 2
        Severe = "severe" Flag ["members.disability_grade", "members.disability_number"],
        /// 1 to 4
        Grade = "grade" Number ["members.disability_grade", "members.disability_number"],
        /// of the limbs, by the file or a certificate's number
        Limb = "limb" Flag ["members.disability_kind", "members.disability_number"],
        /// by health or certificate
        Disabled = "disabled" Flag ["members.health", "members.disability_grade", "members.disability_number"],
        /// a certificate's number, kind or grade is on file
        Certificate = "certificate" Flag ["members.disability_grade", "members.disability_kind", "members.disability_number", "members.id_kind"],
        /// in school, compulsory or beyond
        Student = "student" Flag ["schooling.student_state", "members.education"],
        /// in compulsory school
        Compulsory = "compulsory" Flag ["schooling.student_state", "members.education"],
        /// in school beyond the compulsory
        Beyond = "beyond" Flag ["schooling.student_state", "members.education"],
        /// 中职, 高职高专
        Vocational = "vocational" Flag ["schooling.student_state", "members.education"],
        /// of compulsory age, and in no school
        OutOfSchool = "out_of_school" Flag ["members.birth_date", "members.id_number", "schooling.leave", "schooling.leave_until", "schooling.student_state", "schooling.dropout_reason", "schooling.not_in_school_reason", "members.education"],
        /// in one of the two medical insurances
        Insured = "insured" Flag ["medical.resident_medical", "medical.employee_medical"],
        /// in one of the two pension insurances
        Pensioned = "pensioned" Flag ["medical.resident_pension", "medical.employee_pension"],
        /// 低保
        Allowance = "allowance" Flag ["support.allowance"],
        /// 特困
        ExtremelyPoor = "extremely_poor" Flag ["support.extreme_poverty"],
        /// has work
        Working = "working" Flag ["work.working", "jobs.from", "jobs.to"],
        /// means to take work
        PlansWork = "plans_work" Flag ["work.planned", "jobs.planned"],
        /// works out of the county
        WorksAway = "works_away" Flag ["work.place", "work.channel", "jobs.place", "jobs.to"],
        /// holds a public-welfare post
        HasPost = "has_post" Flag ["work.post", "work.channel", "jobs.channel", "jobs.to"],
        /// how many posts at once
        Posts = "posts" Number ["work.post", "jobs.channel", "jobs.to"],
        /// no ID number
        IdMissing = "id_missing" Flag ["members.id_number"],
        /// begins with 999999
        IdFake = "id_fake" Flag ["members.id_number"],
        /// a spreadsheet lost its digits
        IdLost = "id_lost" Flag ["members.id_number"],
        /// neither 18, 20 nor 22 characters
        IdLength = "id_length" Flag ["members.id_number"],
        /// date or check digit wrong
        IdCheck = "id_check" Flag ["members.id_number"],
        /// the number says another sex
        SexDiffers = "sex_differs" Flag ["members.id_number", "members.sex"],
        /// the number says another birth date
        BirthDiffers = "birth_differs" Flag ["members.id_number", "members.birth_date"],
        /// not 11 digits
        PhoneLength = "phone_length" Flag ["members.phone"],
        /// 11 digits and no mobile number
        PhoneOdd = "phone_odd" Flag ["members.phone"],
        /// the head's full years
        HeadAge = "head_age" Number ["members.relation", "members.birth_date"],
        /// of the head's sex
        SameSexAsHead = "same_sex_as_head" Flag ["members.relation", "members.sex"],
        /// 慢性病 or 大病
        Ill = "ill" Flag ["members.health"],
        /// 健康, and nothing else
        Healthy = "healthy" Flag ["members.health"],
    }
}

facts! {
    /// Facts of a job.
    JobFact {
        /// begun, not ended, not planned
        Running = "running" Flag ["jobs.from", "jobs.to", "jobs.planned"],
        /// the person's full years when it began
        AgeAtStart = "age_at_start" Number ["jobs.from", "members.birth_date"],
        /// it began before the person's last job had ended
        BeforeLastEnded = "before_last_ended" Flag ["jobs.person", "jobs.from", "jobs.to"],
    }
}

facts! {
    /// Facts of a measure.
    MeasureFact {
        /// it ended before the day
        Over = "over" Flag ["measures.to"],
    }
}

impl Rows {
    /// The facts of a row of this kind.
    pub fn facts(self) -> &'static [Fact] {
        match self {
            Self::Household => HouseholdFact::ALL,
            Self::Person => PersonFact::ALL,
            Self::Job => JobFact::ALL,
            Self::Measure => MeasureFact::ALL,
            Self::Loan | Self::Document => &[],
        }
    }
}
