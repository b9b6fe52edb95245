//! Plain types of the field, which import nothing of ours and do no input or output.

pub mod clock;
pub mod date;
pub mod digest;
pub mod fact;
pub mod field;
pub mod file;
pub mod filled;
pub mod form_field;
pub mod form_ref;
pub mod household;
pub mod id_number;
pub mod ids;
pub mod member;
pub mod money;
pub mod name;
pub mod natural;
pub mod person_name;
pub mod role;
pub mod summary;
pub mod text;
pub mod value;

pub use clock::{Clock, Moment, TimeOfDay};
pub use date::{Month, PartialDate, within_a_month};
pub use digest::{ByDigest, Digest};
pub use file::{Cell, Confirmation, HouseholdFile, OpenItem, RosterSeen, Row, Section, Slot};
pub use filled::{Answer, EditRow, FilledForm, Finding, GroupAnswer, ItemAnswer, RowRef};
pub use form_ref::{FormRef, Found, Span};
pub use household::{Class, Household, RiskState, TargetClass};
pub use id_number::{IdNumber, Sex};
pub use ids::{Chain, HouseholdId, PersonId, Side, VillageCode};
pub use member::Member;
pub use money::{Money, Quantity};
pub use name::Name;
pub use role::{Author, Role};
pub use summary::{PersonSummary, Summary};
pub use value::{Code, Value};
