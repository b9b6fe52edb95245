//! Rows brought together to households, also where a household's rows are scattered over the file.
//!
//! A long file whose households stand together passes through; what has gone by is not kept. A short file, and a long
//! one that turned out to be scattered, is kept packed until its end.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use crate::catalogue::{Catalogue, Shape};
use crate::domain::text::fold;
use crate::domain::{ByDigest, Digest, person_name};

use super::chunk::{Chunk, Packer};
use super::kinds::Kind;
use super::number::household_number;
use super::said;
use super::table::Table;
use super::values;
use crate::exchange::table::Fault;
use crate::exchange::table::row::RawRow;

/// Up to how many rows a file is kept before anything is handed on: as many people as a large village has.
const KEPT: usize = 6_000;

/// In how many parts a long scattered file is kept.
const PARTS: u64 = 64;

/// Takes chunks, and says whether it wants more.
pub type Send<'a> = &'a mut dyn FnMut(Chunk) -> ControlFlow<()>;

/// Brings the rows of one file together.
pub struct Grouping<'a> {
    kind: &'a Kind,
    tables: &'a [Table],
    catalogue: &'a Catalogue,
    shape: Option<Shape>,
    send: Send<'a>,
    packer: Packer,
    state: State,
    /// The households that have gone by.
    seen: HashSet<u64, ByDigest>,
    current: Option<u64>,
    /// The text by which the current household was told, to save the work for its other rows.
    current_text: String,
    family: Family,
}

enum State {
    /// The first rows, kept in one part; and whether any household stands apart in them.
    Beginning { part: Part, rows: usize, scattered: bool },
    /// Each household is handed on when the next one begins.
    Passing,
    /// All rows are kept to the end.
    Keeping(Vec<Part>),
}

/// Where a ledger stands: it tells families by their heads.
#[derive(Default)]
struct Family {
    head: String,
    group: String,
    /// The head of the family, once its row was seen.
    head_row: Option<said::Keys>,
    /// The digest of the group and the head's name, and which of their families this is.
    place: (u64, usize),
    /// For each head's name in its group the families, each with its head's row, where that was seen.
    named_so: HashMap<u64, Vec<Option<said::Keys>>, ByDigest>,
}

/// What a ledger's row says of whose family it is.
struct LedgerRow {
    is_head: bool,
    named_head: String,
    group: String,
    name: String,
    keys: said::Keys,
}

/// Rows kept packed, each behind its household's key and its table.
#[derive(Default)]
struct Part {
    closed: Vec<Vec<u8>>,
    open: Vec<u8>,
}

impl<'a> Grouping<'a> {
    /// Begins with a file; `keep` keeps all of it to its end, however long it is.
    pub fn new(kind: &'a Kind, tables: &'a [Table], catalogue: &'a Catalogue, keep: bool, send: Send<'a>) -> Self {
        let state = if keep {
            State::Keeping((0..PARTS).map(|_| Part::default()).collect())
        } else {
            State::Beginning { part: Part::default(), rows: 0, scattered: false }
        };
        Self {
            kind,
            tables,
            catalogue,
            shape: kind.household_shape(),
            send,
            packer: Packer::default(),
            state,
            seen: HashSet::default(),
            current: None,
            current_text: String::new(),
            family: Family::default(),
        }
    }

    /// Takes the next row of a table's body.
    pub fn row(&mut self, row: &RawRow, table: usize) -> Result<ControlFlow<()>, Fault> {
        let key = if self.kind.numbered { self.numbered_key(row, table) } else { self.family_key(row, table) };
        // A row that belongs nowhere stands for itself, so that what is wrong with it is told.
        let next = key.is_none() || key != self.current;
        let stands_apart = next && key.is_some_and(|key| !self.seen.insert(key));
        self.current = key;
        match &mut self.state {
            State::Passing if stands_apart => return Err(Fault::Scattered),
            State::Passing => {
                if next && self.begin().is_break() {
                    return Ok(ControlFlow::Break(()));
                }
                self.packer.add(row, &self.tables[table], table);
            }
            State::Keeping(parts) => {
                let key = key.unwrap_or_default();
                parts[(key % PARTS) as usize].push(key, table, row);
            }
            State::Beginning { part, rows, scattered } => {
                part.push(key.unwrap_or_default(), table, row);
                *rows += 1;
                *scattered |= stands_apart;
                if *rows >= KEPT {
                    return Ok(self.end_beginning());
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Hands on what is left.
    pub fn finish(mut self) {
        let parts = match std::mem::replace(&mut self.state, State::Passing) {
            State::Beginning { part, .. } => vec![part],
            State::Keeping(parts) => parts,
            State::Passing => Vec::new(),
        };
        for part in parts {
            if self.hand_on(part).is_break() {
                return;
            }
        }
        let _ = (self.send)(self.packer.take());
    }

    fn end_beginning(&mut self) -> ControlFlow<()> {
        let State::Beginning { part, scattered, .. } = std::mem::replace(&mut self.state, State::Passing) else {
            return ControlFlow::Continue(());
        };
        if !scattered {
            return self.hand_on(part);
        }
        let mut parts: Vec<Part> = (0..PARTS).map(|_| Part::default()).collect();
        let mut row = RawRow::default();
        let bytes = part.bytes();
        let mut rest = bytes.as_slice();
        while let Some((key, table, tail)) = next_packed(rest, &mut row) {
            parts[(key % PARTS) as usize].push(key, table, &row);
            rest = tail;
        }
        self.state = State::Keeping(parts);
        ControlFlow::Continue(())
    }

    /// Hands on the households of a part, in the order of their first rows.
    fn hand_on(&mut self, part: Part) -> ControlFlow<()> {
        let bytes = part.bytes();
        let mut row = RawRow::default();
        let mut households: Vec<Vec<usize>> = Vec::new();
        let mut by_key: HashMap<u64, usize, ByDigest> = HashMap::default();
        let mut rest = bytes.as_slice();
        while let Some((key, _, tail)) = next_packed(rest, &mut row) {
            let at = bytes.len() - rest.len();
            let household = if key == 0 { households.len() } else { *by_key.entry(key).or_insert(households.len()) };
            match households.get_mut(household) {
                Some(rows) => rows.push(at),
                None => households.push(vec![at]),
            }
            rest = tail;
        }
        for rows in households {
            self.begin()?;
            for at in rows {
                if let Some((_, table, _)) = next_packed(&bytes[at..], &mut row) {
                    self.packer.add(&row, &self.tables[table], table);
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn begin(&mut self) -> ControlFlow<()> {
        if let Some(chunk) = self.packer.take_if_full() {
            (self.send)(chunk)?;
        }
        self.packer.begin();
        ControlFlow::Continue(())
    }

    fn numbered_key(&mut self, row: &RawRow, table: usize) -> Option<u64> {
        let cell = row.cell(self.tables[table].keys.household?).filter(|cell| cell.kind.is_legible())?;
        if self.current.is_some() && self.current_text == cell.text {
            return self.current;
        }
        let number = household_number(cell, self.shape).ok()?;
        cell.text.clone_into(&mut self.current_text);
        Some(Digest::of(&number))
    }

    /// The family of a ledger's row: a head's row begins one, and so does another head's name. No name is nobody's name.
    fn family_key(&mut self, row: &RawRow, table: usize) -> Option<u64> {
        let row = self.ledger_row(row, table);
        let family = &mut self.family;
        if self.current.is_some() && !family.ends_before(&row) {
            if row.is_head && family.head_row.is_none() {
                family.head_row = Some(row.keys);
                let (base, nth) = family.place;
                if let Some(head) = family.named_so.get_mut(&base).and_then(|families| families.get_mut(nth)) {
                    *head = Some(row.keys);
                }
            }
            return self.current;
        }
        family.head = if row.named_head.is_empty() { row.name } else { row.named_head };
        family.group = row.group;
        let base = Digest::of(&format!("{}\n{}", family.group, family.head));
        let families = family.named_so.entry(base).or_default();
        let nth = match (family.head.is_empty(), row.is_head) {
            (true, _) => None,
            // A head's row that stands again leads back to its family, and to one that its members began.
            (false, true) => {
                let known =
                    families.iter().rposition(|head| head.is_some_and(|head| head.valid && head.id == row.keys.id));
                known.or_else(|| families.last().is_some_and(Option::is_none).then(|| families.len() - 1))
            }
            // A member's row that stands apart leads back to the last family of this name.
            (false, false) => families.len().checked_sub(1),
        };
        let nth = nth.unwrap_or_else(|| {
            families.push(None);
            families.len() - 1
        });
        if row.is_head && families[nth].is_none() {
            families[nth] = Some(row.keys);
        }
        family.head_row = families[nth];
        family.place = (base, nth);
        Some(base.wrapping_add(nth as u64).max(1))
    }

    fn ledger_row(&self, row: &RawRow, table: usize) -> LedgerRow {
        let keys = &self.tables[table].keys;
        let get = |column: Option<u16>| {
            let text = column.map_or("", |column| row.get(column));
            if self.catalogue.blanks().is_sign(text) { "" } else { text }
        };
        let name = |column| person_name::key(get(column)).into_owned();
        let group = fold(get(keys.group));
        LedgerRow {
            is_head: keys.relation.is_some_and(|column| values::is_head(self.catalogue, row.get(column))),
            named_head: name(keys.head),
            group: if group.is_empty() { self.family.group.clone() } else { group },
            name: name(keys.name),
            keys: said::Keys::default().with_id(get(keys.id_number)),
        }
    }
}

impl Family {
    /// Whether a row is another family's.
    fn ends_before(&self, row: &LedgerRow) -> bool {
        let names_ours = !row.named_head.is_empty() && row.named_head == self.head && row.group == self.group;
        if !row.named_head.is_empty() && !names_ours {
            return true;
        }
        if !row.is_head {
            return false;
        }
        let is_named_so = !row.name.is_empty() && row.name == self.head;
        match self.head_row {
            // Said twice, the head is one; without a right ID number a second head is another family's.
            Some(head) if is_named_so => !(head.valid && head.id == row.keys.id),
            Some(_) => !names_ours,
            None => !is_named_so && !names_ours,
        }
    }
}

impl Part {
    /// A piece that is closed, and packed tighter, at this length.
    const PIECE: usize = 1 << 20;

    fn push(&mut self, key: u64, table: usize, row: &RawRow) {
        self.open.extend(key.to_le_bytes());
        self.open.extend((table as u16).to_le_bytes());
        row.pack(&mut self.open);
        if self.open.len() >= Self::PIECE {
            self.closed.push(lz4_flex::compress_prepend_size(&self.open));
            self.open.clear();
        }
    }

    fn bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.closed.len() * Self::PIECE + self.open.len());
        for piece in self.closed {
            // Nothing but `push` made the piece, so it unpacks.
            bytes.extend(lz4_flex::decompress_size_prepended(&piece).unwrap_or_default());
        }
        bytes.extend(self.open);
        bytes
    }
}

fn next_packed<'a>(from: &'a [u8], row: &mut RawRow) -> Option<(u64, usize, &'a [u8])> {
    let (key, rest) = from.split_first_chunk::<8>()?;
    let (table, rest) = rest.split_first_chunk::<2>()?;
    let rest = row.unpack(rest)?;
    Some((u64::from_le_bytes(*key), u16::from_le_bytes(*table).into(), rest))
}
