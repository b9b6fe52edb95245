//! What a row below a header is: somebody, another header, or a note, a sum, a heading, a count of the columns.

use std::collections::HashMap;

use crate::domain::text::fold;
use crate::exchange::table::columns::{can_be_header, has_number};
use crate::exchange::table::row::RawRow;

use super::kinds::{Kind, Kinds, RowKind, Use, Words};
use super::recognise::{Sight, recognise};
use super::table::Table;

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowIs {
    /// A member, a job or an exemption.
    Body,
    /// The header of another table.
    Header,
    /// Nothing that is taken in.
    Aside,
}

/// Tells the rows of a table apart.
pub struct Body<'a> {
    table: &'a Table,
    kind: &'a Kind,
    kinds: &'a Kinds,
    is_relation: &'a dyn Fn(&str) -> bool,
}

impl<'a> Body<'a> {
    /// Looks at the rows of a table; `is_relation` tells the words for what somebody is to the head.
    pub fn new(table: &'a Table, kinds: &'a Kinds, is_relation: &'a dyn Fn(&str) -> bool) -> Self {
        Self { table, kind: &kinds.kinds[table.kind], kinds, is_relation }
    }

    /// What a row is.
    pub fn look(&self, row: &RawRow) -> RowIs {
        if row.own() == 0 || row.number < self.table.first_row {
            return RowIs::Aside;
        }
        let keys = &self.table.keys;
        let own = |key: Option<u16>| key.and_then(|column| row.cell(column)).filter(|cell| !cell.spanned);
        let get = |key: Option<u16>| own(key).map_or("", |cell| cell.text);
        if has_number(get(keys.id_number)) {
            return RowIs::Body;
        }
        if self.is_header(row) {
            return if self.is_same_header(row) { RowIs::Aside } else { RowIs::Header };
        }
        let is_count_or_unit = self.kinds.words.names.is_explanation(row) || self.kinds.words.names.is_count(row);
        // A list of people that has nothing but 无 or 文本 in a row is met more rarely than such a row.
        if is_count_or_unit {
            return RowIs::Aside;
        }
        if has_number(get(keys.household)) && self.kind.row == RowKind::Exemption {
            return RowIs::Body;
        }
        let words = &self.kinds.words;
        let name = fold(get(keys.name));
        let is_total = |text: &str| words.totals.iter().any(|word| text.contains(&**word));
        let own_cells = row.cells().filter(|cell| !cell.spanned);
        let first: Vec<String> = own_cells.take(3).map(|cell| fold(cell.text)).collect();
        if is_total(&name) || first.iter().any(|text| is_total(text)) {
            return RowIs::Aside;
        }
        if (self.is_relation)(get(keys.relation)) && !name.is_empty() && !is_note(words, &name) {
            return RowIs::Body;
        }
        let has_key = own(keys.person).is_some() || own(keys.household).is_some_and(|cell| has_number(cell.text));
        if name.is_empty() {
            let is_blank = row.own() <= 2 || first.iter().any(|text| is_note(words, text));
            return if is_blank && !has_key { RowIs::Aside } else { RowIs::Body };
        }
        let is_alone = !has_key && own(keys.relation).is_none();
        if !has_key && is_note(words, &name) || is_alone && is_heading(words, &name, row.own()) {
            return RowIs::Aside;
        }
        RowIs::Body
    }

    /// Whether a row has the names of columns in it, where somebody's cells would be.
    fn is_header(&self, row: &RawRow) -> bool {
        let is_known = |text: &str| {
            let ways = self.kinds.words.names.spellings(&fold(text));
            ways.iter().any(|way| self.kinds.kinds.iter().any(|kind| kind.columns.contains_key(&*way.name)))
        };
        let keys = &self.table.keys;
        // Most rows show by a few cells that they are none.
        let firsts = [keys.name, keys.relation, keys.id_number, keys.household].into_iter().flatten();
        let shows = firsts.filter_map(|key| row.cell(key)).any(|cell| !cell.spanned && is_known(cell.text));
        if !shows || !can_be_header(row) {
            return false;
        }
        let own = || row.cells().filter(|cell| !cell.spanned);
        let known = own().filter(|cell| is_known(cell.text)).count();
        known >= 2 && known * 2 >= own().count()
    }

    /// Whether each name stands where the table's header has it, as on the next page of what was printed.
    fn is_same_header(&self, row: &RawRow) -> bool {
        let words = &self.kinds.words.names;
        let meant: HashMap<u16, Use> = row
            .cells()
            .filter_map(|cell| {
                let ways = words.spellings(&fold(cell.text));
                let used = ways.iter().find_map(|way| self.kind.columns.get(&*way.name))?;
                Some((cell.column, *used))
            })
            .collect();
        let is_same = |(column, used): (&u16, &Use)| {
            let here = self.table.used(*column);
            // The second of a name means something else, or nothing.
            let is_second = || meant.iter().any(|(at, other)| other == used && self.table.used(*at) == Some(*used));
            here == Some(*used) || *used == Use::Ignore || self.table.is_unlike(*column) || is_second()
        };
        meant.iter().all(is_same)
            || !matches!(recognise(self.kinds, None, 0, std::slice::from_ref(row)), Sight::Table(_))
    }
}

/// Whether a text is a remark, a signature or a page's number rather than a name.
fn is_note(words: &Words, folded: &str) -> bool {
    let bare = folded.trim_start_matches(['(', '*', '※', '【', '[', '-', '—', '.']);
    let is_page = |text: &str| {
        text.strip_prefix(['第', '共']).is_some_and(|rest| {
            let after = rest.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
            after.len() < rest.len() && after.starts_with('页')
        })
    };
    folded.contains(':')
        || words
            .notes
            .iter()
            .any(|note| bare.starts_with(&**note) || bare.trim_end_matches([')', '】', ']']).ends_with(&**note))
        || is_page(bare)
}

/// Whether a text that stands beside hardly anything is the heading of a group rather than a name.
fn is_heading(words: &Words, folded: &str, own: usize) -> bool {
    const LONGEST_NAME: usize = 20;
    let bare = folded.trim_end_matches([')', ']', '】']);
    let is_numbered = || {
        let rest = folded.trim_start_matches(['(', '第']);
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
        after.len() < rest.len() && after.starts_with(['、', '.', ')', ','])
    };
    let ends = words.headings.iter().any(|end| bare.ends_with(&**end));
    // Digits are in no name; what else is wrong with a name in a row of other cells is told.
    ends && own <= 3
        || is_numbered()
        || own == 1 && (bare.chars().count() > LONGEST_NAME || bare.bytes().any(|b| b.is_ascii_digit()))
}
