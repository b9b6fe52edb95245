//! What a form over the items is for, and how a draft remembers it, so that a visit is taken up again at the field.

use std::fmt;

use crate::domain::{Name, RowRef};

/// What a form over the items is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The visit as a whole: the day, the visitors, who was at home.
    Head,
    /// A row of a section that an item found changed, and which of the changes of that row, from 0: each has its own day
    /// and its own paper.
    Row(Name, Name, RowRef, usize),
    /// A change that is only told.
    Said(Name),
    /// A problem.
    Problem(Name),
    /// Why nobody looked.
    NotLooked(Name),
}

impl Purpose {
    /// The item that it answers.
    pub fn item(&self) -> Option<Name> {
        match self {
            Self::Head => None,
            Self::Row(item, ..) | Self::Said(item) | Self::Problem(item) | Self::NotLooked(item) => Some(*item),
        }
    }

    /// The purpose and the field that a draft remembers; none where it remembers an item alone.
    pub fn read(at: &str) -> Option<(Self, &str)> {
        let (purpose, field) = at.rsplit_once('/')?;
        let parts: Vec<&str> = purpose.split('/').collect();
        let purpose = match parts[..] {
            ["head"] => Self::Head,
            [item, "said"] => Self::Said(Name::new(item)),
            [item, "problem"] => Self::Problem(Name::new(item)),
            [item, "not-looked"] => Self::NotLooked(Name::new(item)),
            [item, section, row] => {
                let (row, nth) = match row.split_once('@') {
                    Some((row, nth)) => (row, nth.parse().ok()?),
                    None => (row, 0),
                };
                let row = match row.strip_prefix('+') {
                    Some(number) => RowRef::New(number.parse().ok()?),
                    None => RowRef::At(row.parse().ok()?),
                };
                Self::Row(Name::new(item), Name::new(section), row, nth)
            }
            _ => return None,
        };
        Some((purpose, field))
    }
}

/// As a draft remembers it.
impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Head => f.write_str("head"),
            Self::Row(item, section, row, nth) => {
                match row {
                    RowRef::At(row) => write!(f, "{item}/{section}/{row}")?,
                    RowRef::New(number) => write!(f, "{item}/{section}/+{number}")?,
                }
                if *nth == 0 { Ok(()) } else { write!(f, "@{nth}") }
            }
            Self::Said(item) => write!(f, "{item}/said"),
            Self::Problem(item) => write!(f, "{item}/problem"),
            Self::NotLooked(item) => write!(f, "{item}/not-looked"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_leads_back_to_the_field() {
        let (item, jobs) = (Name::new("V04"), Name::new("jobs"));
        for purpose in [
            Purpose::Head,
            Purpose::Row(item, jobs, RowRef::At(3), 0),
            Purpose::Row(item, jobs, RowRef::At(3), 2),
            Purpose::Row(item, jobs, RowRef::New(0), 0),
            Purpose::Said(item),
            Purpose::Problem(item),
            Purpose::NotLooked(item),
        ] {
            let at = format!("{purpose}/place");
            assert_eq!(Purpose::read(&at), Some((purpose, "place")), "{at}");
        }
        assert_eq!(Purpose::read("V04"), None);
        assert_eq!(Purpose::read("V04/jobs/x/place"), None);
    }
}
