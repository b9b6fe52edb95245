//! The round sheet (走访单): for whoever visits on foot, the next households with what the file says, what was answered
//! last time, and room to write. Filled by hand, entered in the evening.

mod page;

use chrono::NaiveDate;

use crate::catalogue::Catalogue;
use crate::domain::Name;
use crate::rules::stop::Stop;

pub use page::round_sheet_page;

/// A round sheet.
#[derive(Clone, Debug)]
pub struct RoundSheet<'a> {
    /// The village's name.
    pub village: &'a str,
    /// The day for which it is printed.
    pub day: NaiveDate,
    /// Who will visit.
    pub by: &'a str,
    /// The households in the order of the way.
    pub stops: &'a [Stop],
    /// The policy by which it was made.
    pub policy: &'a str,
    /// Where a visit can be, to tick.
    pub places: Vec<&'a str>,
}

impl<'a> RoundSheet<'a> {
    /// A sheet with the places of the code list that the visit's form uses.
    pub fn new(
        village: &'a str,
        day: NaiveDate,
        by: &'a str,
        policy: &'a str,
        stops: &'a [Stop],
        catalogue: &'a Catalogue,
    ) -> Self {
        let list = catalogue.list(Name::fixed("visit_place"));
        let places = list.map_or_else(Vec::new, |list| list.entries.iter().map(|entry| &*entry.label).collect());
        Self { village, day, by, stops, policy, places }
    }
}
