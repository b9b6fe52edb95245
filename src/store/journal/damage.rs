//! Damage to the journal: looked for when a store is opened, and known from then on.

use std::fs;
use std::io::{self, ErrorKind, Write};

use serde::{Deserialize, Serialize};

use crate::domain::HouseholdId;
use crate::store::error::{OpenNote, StoreError};
use crate::store::layout::{self, Home, name_of, write_whole};

use super::Place;
use super::entry::{Note, WentOn};
use super::frame::Magic;
use super::scan::{Item, Scanner};

/// So much of the newest segments is looked at before a store is open: 24 MB take 40 ms at most.
pub(crate) const NEWEST: u64 = 24 << 20;

/// What is known to be damaged, as it is kept beside the journal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Known {
    gaps: Vec<Gap>,
    /// Entries that were gone from the end: the first, the last, and where what is left of them was put.
    ends: Vec<(u64, u64, Option<String>)>,
    /// Households of which acts are among what is gone, as far as an older index told.
    #[serde(default)]
    households: Vec<HouseholdId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Gap {
    after: u64,
    before: u64,
    bytes: u64,
    file: String,
}

impl Known {
    /// What was kept of damage before; none where there is none.
    pub(crate) fn read(home: &Home) -> Option<Self> {
        match fs::read(home.damage()) {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            // That it is there is what matters; what is not read of it is found again.
            read => Some(read.ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()),
        }
    }

    /// What is told, as far as it is damage.
    pub(crate) fn of(notes: &[OpenNote]) -> Self {
        let mut known = Self::default();
        for note in notes {
            match note {
                OpenNote::Damaged { after, before, bytes, file } => {
                    known.gaps.push(Gap { after: *after, before: *before, bytes: *bytes, file: file.clone() });
                }
                OpenNote::ToEnterAgain(ids) => known.households.clone_from(ids),
                OpenNote::Lost { from, to, kept } => known.ends.push((*from, *to, kept.clone())),
                _ => {}
            }
        }
        known
    }

    /// The households of which acts are gone, by what was known before.
    pub(crate) fn households(&self) -> &[HouseholdId] {
        &self.households
    }

    /// Keeps it, durably.
    pub(crate) fn write(&self, home: &Home) -> Result<(), StoreError> {
        const WHAT: &str = "记下损坏";
        let text = serde_json::to_vec(self).unwrap_or_default();
        write_whole(&home.damage(), WHAT, |file| file.write_all(&text).map_err(StoreError::disk(WHAT)))
    }

    /// The ends that were lost and that the journal has not got back: it ends at this entry.
    pub(crate) fn lost_ends(&self, end: u64) -> impl Iterator<Item = OpenNote> {
        let lost = self.ends.iter().filter(move |(_, to, _)| *to > end);
        lost.map(|(from, to, kept)| OpenNote::Lost { from: *from, to: *to, kept: kept.clone() })
    }
}

/// Forgets the damage that was kept.
pub(crate) fn forget(home: &Home) -> io::Result<()> {
    match fs::remove_file(home.damage()) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => layout::sync_folder(&home.journal()),
    }
}

/// What people said is to be left behind, among all that is noted.
pub(crate) fn went_on(notes: &[Note]) -> impl Iterator<Item = &WentOn> {
    notes.iter().filter_map(|note| match note {
        Note::WentOn(went_on) => Some(went_on),
        _ => None,
    })
}

/// The oldest segment that is among the newest: those that come to so many bytes, one at least.
pub(crate) fn newest(home: &Home) -> Result<u32, StoreError> {
    let segments = home.segments().map_err(StoreError::disk("读日志"))?;
    let (mut first, mut bytes) = (segments.last().copied().unwrap_or(1), 0);
    for segment in segments.into_iter().rev() {
        bytes += fs::metadata(home.segment(segment)).map_or(0, |meta| meta.len());
        if bytes > NEWEST {
            break;
        }
        first = segment;
    }
    Ok(first)
}

/// Looks at the checksums of all entries from one segment up to another, and tells of damage that has something behind
/// it; where it begins in the first of these segments, all of them are looked at.
pub(crate) fn look(home: &Home, first: u32, last: u32) -> Result<Vec<OpenNote>, StoreError> {
    let disk = || StoreError::disk("核对日志");
    let segments = home.segments().map_err(disk())?;
    let is_all = segments.first().is_none_or(|oldest| first <= *oldest);
    let mut notes = Vec::new();
    let (mut number, mut gap): (Option<u64>, Option<(u64, u32)>) = (is_all.then_some(0), None);
    for segment in segments.into_iter().filter(|segment| (first..=last).contains(segment)) {
        let mut scanner = Scanner::open(&home.segment(segment), Magic::JOURNAL, 0).map_err(disk())?;
        while let Some(item) = scanner.next().map_err(disk())? {
            let found = match item {
                Item::Damage { bytes, .. } => {
                    gap = Some((bytes + gap.map_or(0, |(before, _)| before), gap.map_or(segment, |(_, in_it)| in_it)));
                    continue;
                }
                Item::Frame(found) => found.header.number,
            };
            let whole = number.is_none_or(|number| number + 1 == found) && gap.is_none();
            match number {
                _ if whole => {}
                None => return look(home, 0, last),
                Some(after) => {
                    let (bytes, segment) = gap.take().unwrap_or((0, segment));
                    let file = name_of(&home.segment(segment));
                    notes.push(OpenNote::Damaged { after, before: found, bytes, file });
                }
            }
            number = Some(found);
        }
    }
    Ok(notes)
}

/// Whether what stands behind the journal's end was cut short, as by a kill, rather than damaged where it stood.
pub(crate) fn is_cut_short(home: &Home, end: Place) -> Result<bool, StoreError> {
    let disk = || StoreError::disk("读日志");
    let mut scanner = Scanner::open(&home.segment(end.segment), Magic::JOURNAL, end.at).map_err(disk())?;
    while let Some(item) = scanner.next().map_err(disk())? {
        let Item::Damage { at, bytes } = item else { continue };
        if at + bytes < scanner.length() || !scanner.is_torn_from(at).map_err(disk())? {
            return Ok(false);
        }
    }
    Ok(true)
}
