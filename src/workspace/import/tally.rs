//! How many households and people an import finds new, changed, as they were, gone, or promoted.

use serde::Serialize;

use super::index::Index;

/// What has become of a household or a person in an import; what is further down outweighs what is above.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// No file of the import named it.
    #[default]
    Unnamed,
    /// Nothing moved.
    Unchanged,
    /// An earlier file of the same kind named it, and this one does not.
    Absent,
    /// Something moved.
    Changed,
    /// It was the ledger's, and is the county's now.
    Promoted,
    /// It was not on file.
    New,
}

/// Counts of one sort, all relative to the state before the import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Not on file before.
    pub new: u64,
    /// On file, and something moved.
    pub changed: u64,
    /// On file, and nothing moved.
    pub unchanged: u64,
    /// Named by an earlier file of the same kind, and not by these.
    pub absent: u64,
    /// Taken over from the ledger by the county's system.
    pub promoted: u64,
}

impl Mark {
    /// Raises the mark to another one, where that outweighs it.
    pub fn raise(&mut self, to: Self) {
        *self = (*self).max(to);
    }
}

impl Tally {
    fn of(marks: impl Iterator<Item = Mark>) -> Self {
        marks.fold(Self::default(), |mut tally, mark| {
            match mark {
                Mark::Unnamed => {}
                Mark::Absent => tally.absent += 1,
                Mark::Unchanged => tally.unchanged += 1,
                Mark::Changed => tally.changed += 1,
                Mark::Promoted => tally.promoted += 1,
                Mark::New => tally.new += 1,
            }
            tally
        })
    }

    /// The households and the people of an index.
    pub fn both(index: &Index) -> (Self, Self) {
        let households = index.households().iter().map(|household| household.mark);
        let people = index.people().iter().map(|person| person.mark);
        (Self::of(households), Self::of(people))
    }
}
