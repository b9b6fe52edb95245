//! Plays the journal into an index, as a stream, from where the index stands to the journal's end.

use std::collections::BTreeMap;

use crate::changes::{Act, Hash};
use crate::domain::Chain;
use crate::progress::Progress;

use super::error::{OpenNote, StoreError};
use super::index::pairs::Pairs;
use super::index::{Fit, Index};
use super::journal::entry::{self, Block, Epoch, Identity, Note, kind};
use super::journal::frame::{Magic, VERSION};
use super::journal::scan::{Found, Item, Scanner};
use super::journal::{End, Place, read_entry};
use super::layout::{Home, name_of};

/// What playing the journal came to.
#[derive(Debug)]
pub(crate) struct Played {
    /// The last entry that counts, and where the next one goes.
    pub(crate) end: End,
    /// How many bytes stand behind it that count for nothing.
    pub(crate) behind: u64,
    /// What is to be told.
    pub(crate) notes: Vec<OpenNote>,
    /// Acts that are not there though later ones are: of which chain, the first and the last.
    pub(crate) lost: Vec<(Chain, u64, u64)>,
}

/// Plays everything that the index does not hold yet.
pub(crate) fn play<P: Pairs>(
    home: &Home,
    index: &mut Index<P>,
    progress: &mut dyn Progress,
) -> Result<Played, StoreError> {
    let disk = || StoreError::disk("读日志");
    let state = index.state();
    let stands = (state.number > 0).then_some(state.place);
    let end = End { place: state.place, number: state.number, digest: state.digest };
    let segments = home.segments().map_err(disk())?;
    let first = stands.map_or(0, |place| place.segment);
    let segments: Vec<u32> = segments.into_iter().filter(|segment| *segment >= first).collect();
    let mut player = Player {
        home,
        index,
        played: Played { end, behind: 0, notes: Vec::new(), lost: Vec::new() },
        in_group: false,
        gap: None,
        total: segments.iter().filter_map(|n| Some(home.segment(*n).metadata().ok()?.len())).sum(),
        done: 0,
        told: 0,
    };
    for (i, segment) in segments.iter().enumerate() {
        let from = match stands.filter(|place| place.segment == *segment) {
            None => 0,
            Some(place) => match read_entry(home, place)? {
                Some(found) => found.end(),
                // Damaged since, but what it said is in the snapshot that the index was made of, as its last.
                None => continue,
            },
        };
        player.segment(*segment, from, i + 1 == segments.len(), progress)?;
    }
    Ok(player.played)
}

/// Whether a group of which an entry stands at this place has ended.
pub(crate) fn group_ended(home: &Home, place: Place) -> Result<bool, StoreError> {
    Ok(rest_of_group(home, place)?.is_none())
}

/// How many entries of a group stand from this place on, if it never ended.
///
/// An unfinished group is always taken out of the journal before anything else is written, so whatever follows it proves
/// that it ended, also where its last entry is damaged.
fn rest_of_group(home: &Home, place: Place) -> Result<Option<u64>, StoreError> {
    let disk = || StoreError::disk("读日志");
    if home.segments().map_err(disk())?.last().is_some_and(|last| *last > place.segment) {
        return Ok(None);
    }
    let mut scanner = Scanner::open(&home.segment(place.segment), Magic::JOURNAL, place.at).map_err(disk())?;
    let mut entries = 0;
    while let Some(item) = scanner.next().map_err(disk())? {
        let Item::Frame(found) = item else { continue };
        let begins = found.header.kind == kind::BEGIN && entries > 0;
        if found.header.kind == kind::COMMIT || !found.header.grouped || begins {
            return Ok(None);
        }
        entries += 1;
    }
    Ok(Some(entries))
}

struct Player<'a, P> {
    home: &'a Home,
    index: &'a mut Index<P>,
    played: Played,
    /// Whether the entries that come belong to a group, which is known to have ended.
    in_group: bool,
    /// Damaged bytes since the last entry, and the segment in which they begin.
    gap: Option<(u64, u32)>,
    /// Bytes to be read, read in earlier segments, and read when progress was last told.
    total: u64,
    done: u64,
    told: u64,
}

impl<P: Pairs> Player<'_, P> {
    fn segment(
        &mut self,
        segment: u32,
        from: u64,
        is_last: bool,
        progress: &mut dyn Progress,
    ) -> Result<(), StoreError> {
        let disk = || StoreError::disk("读日志");
        let path = self.home.segment(segment);
        let mut scanner = Scanner::open(&path, Magic::JOURNAL, from).map_err(disk())?;
        self.played.end.place = Place { segment, at: from };
        while let Some(item) = scanner.next().map_err(disk())? {
            let found = match item {
                Item::Frame(found) => found,
                Item::Damage { at, bytes } if is_last && at + bytes == scanner.length() => {
                    self.played.behind = bytes;
                    self.played.notes.push(OpenNote::TornTail { bytes });
                    break;
                }
                Item::Damage { bytes, .. } => {
                    self.gap = Some((bytes + self.gap.map_or(0, |(before, _)| before), segment));
                    continue;
                }
            };
            found.header.check_version()?;
            if !self.counts(&found, segment)? {
                self.played.behind = scanner.length() - found.at;
                break;
            }
            let end = found.end();
            self.entry(found, segment)?;
            self.played.end.place.at = end;
            self.tell(end, progress)?;
        }
        self.done += scanner.length();
        Ok(())
    }

    fn tell(&mut self, at: u64, progress: &mut dyn Progress) -> Result<(), StoreError> {
        const OFTEN: u64 = 1 << 20;
        if self.done + at >= self.told + OFTEN {
            self.told = self.done + at;
            progress.step("读日志", self.told, Some(self.total));
        }
        if progress.is_cancelled() { Err(StoreError::Cancelled) } else { Ok(()) }
    }

    /// Whether an entry counts: one of a group only does once the group has ended.
    fn counts(&mut self, found: &Found, segment: u32) -> Result<bool, StoreError> {
        let header = &found.header;
        if !header.grouped || header.kind == kind::COMMIT {
            self.in_group = false;
        } else if !self.in_group || header.kind == kind::BEGIN {
            if let Some(entries) = rest_of_group(self.home, Place { segment, at: found.at })? {
                self.played.notes.push(OpenNote::UnfinishedGroup { entries });
                return Ok(false);
            }
            self.in_group = true;
        }
        Ok(true)
    }

    fn entry(&mut self, found: Found, segment: u32) -> Result<(), StoreError> {
        let header = found.header;
        let place = Place { segment, at: found.at };
        let last = self.played.end;
        if header.number != last.number + 1 || header.before != last.digest || self.gap.is_some() {
            self.tell_gap(header.number, segment);
        }
        let taken = found.content().map(|content| self.take(header.kind, header.number, &content, place)).transpose();
        match taken {
            Ok(Some(())) => {}
            // Its checksum fits and it makes no sense: as good as damaged.
            Ok(None) | Err(StoreError::BadLine { .. }) => self.tell_gap(header.number, segment),
            Err(error) => return Err(error),
        }
        self.index.stand_at(&header, place, None)?;
        self.index.apply();
        (self.played.end.number, self.played.end.digest) = (header.number, header.after());
        Ok(())
    }

    fn take(&mut self, kind: u8, number: u64, content: &[u8], place: Place) -> Result<(), StoreError> {
        match kind {
            kind::HEAD | kind::EPOCH => {
                let epoch: Epoch = entry::read(number, content)?;
                self.index.take_identity(epoch.identity);
                if let Some(went_on) = epoch.went_on {
                    self.index.take_note(&Note::WentOn(went_on), number)?;
                }
            }
            kind::ACTS => self.take_acts(&Block::read(number, content)?, number, place)?,
            kind::NOTE => self.index.take_note(&entry::read(number, content)?, number)?,
            kind::ANEW => self.index.begin_anew(&entry::read(number, content)?, number)?,
            kind::BEGIN | kind::COMMIT => {}
            _ => return Err(StoreError::Newer { what: "日志".to_owned(), version: VERSION + 1, known: VERSION }),
        }
        Ok(())
    }

    fn take_acts(&mut self, block: &Block, number: u64, place: Place) -> Result<(), StoreError> {
        let mut chains: BTreeMap<Chain, Hash> = BTreeMap::new();
        let mut hashed = Vec::new();
        for read in block.acts(number) {
            let (act, bytes) = read?;
            let after = chains.get(&act.chain()).copied().unwrap_or_else(|| {
                let known = self.index.counters(act.chain());
                let after = block.after.get(&act.chain()).copied().unwrap_or(known.last_hash);
                if after != known.last_hash || act.number != known.last_act + 1 {
                    let lost = (act.chain(), known.last_act + 1, act.number.saturating_sub(1));
                    self.played.lost.extend((lost.1 <= lost.2).then_some(lost));
                    self.played.notes.push(OpenNote::BrokenChain { chain: act.chain(), act: act.number });
                }
                after
            });
            self.take_epoch(&act);
            let hash = after.then(bytes);
            chains.insert(act.chain(), hash);
            hashed.push((act, hash));
        }
        let notes = self.index.take_acts(hashed, number, place, Fit::Make)?;
        self.played.notes.extend(notes);
        Ok(())
    }

    /// The entry that began an epoch may be damaged; the acts that were entered in it still say so.
    fn take_epoch(&mut self, act: &Act) {
        let identity = &self.index.state().identity;
        if act.store == identity.store && act.epoch > identity.epoch {
            self.index.take_identity(Identity { epoch: act.epoch, ..identity.clone() });
        }
    }

    fn tell_gap(&mut self, before: u64, segment: u32) {
        let (bytes, segment) = self.gap.take().unwrap_or((0, segment));
        let file = name_of(&self.home.segment(segment));
        self.played.notes.push(OpenNote::Damaged { after: self.played.end.number, before, bytes, file });
    }
}
