//! One table of a file: where its header is, which kind of roster it is, and what each of its columns is for.

use std::collections::HashSet;

use crate::catalogue::{FieldKind, SectionKind};
use crate::domain::field::{address, members};
use crate::domain::text::fold;
use crate::domain::{Name, PartialDate};

use super::kinds::{Kind, Kinds, RowKind, SlotIx, Use, Words};
use super::row::RawRow;

/// How many rows at the top may stand above a header.
pub const ROWS_ABOVE: usize = 30;

/// A table that was recognised.
#[derive(Clone, Debug)]
pub struct Table {
    /// The sheet's name; none in a file without sheets.
    pub sheet: Option<String>,
    /// The sheet's place in its file.
    pub sheet_index: usize,
    /// The kind of roster, by its place in [`Kinds::kinds`].
    pub kind: usize,
    /// The row of the header, as a spreadsheet counts it.
    pub header_row: u32,
    /// The day of which the table speaks, where a note above the header says it.
    pub as_of: Option<PartialDate>,
    /// What each column is for.
    pub columns: Vec<Column>,
    /// Whether the table has a column for a slot.
    pub says: Vec<bool>,
    /// The columns by which rows are told apart.
    pub keys: Keys,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name as it stands, without white space; a column without one is named by its letters.
    pub name: Name,
    /// Whether it has no name, and was given one.
    pub nameless: bool,
    /// What it is for; none where nobody knows it, and it is kept as it stands.
    pub used: Option<Use>,
    /// Whether it speaks of the household, so that its cells repeat on each row.
    pub of_household: bool,
}

/// The columns by which rows are told apart, where the table has them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keys {
    /// 户编号
    pub household: Option<u16>,
    /// 人编号
    pub person: Option<u16>,
    /// 姓名
    pub name: Option<u16>,
    /// 证件号码
    pub id_number: Option<u16>,
    /// 与户主关系
    pub relation: Option<u16>,
    /// 村民小组 or 自然村
    pub group: Option<u16>,
    /// 户主
    pub head: Option<u16>,
}

/// What the first rows of a sheet show.
#[derive(Debug)]
pub enum Sight {
    /// A roster.
    Table(Box<Table>),
    /// Another table that is known, by what it is.
    Other(Box<str>),
    /// Nothing that is known.
    Nothing,
}

/// Looks for a header in the first rows of a sheet.
pub fn recognise(kinds: &Kinds, sheet: Option<&str>, sheet_index: usize, first_rows: &[RawRow]) -> Sight {
    let mut other = None;
    for (at, row) in first_rows.iter().enumerate() {
        let names = header_names(row);
        let has =
            |any_of: &[Box<str>]| any_of.iter().any(|name| names.iter().any(|(_, n)| is_named(n, name, &kinds.words)));
        let fits = |kind: &Kind| {
            let rule = &kind.recognise;
            rule.all.iter().all(|names| has(names))
                && (rule.any.is_empty() || rule.any.iter().any(|names| has(names)))
                && !rule.none.iter().any(|names| has(names))
        };
        if let Some(kind) = kinds.kinds.iter().position(fits) {
            let as_of = as_of(&kinds.words, &first_rows[..at]);
            return Sight::Table(Box::new(table(kinds, kind, sheet, sheet_index, row, as_of)));
        }
        let is = |(columns, _): &&(Vec<Box<str>>, Box<str>)| columns.iter().all(|name| has(std::slice::from_ref(name)));
        other = other.or_else(|| kinds.words.other.iter().find(is).map(|(_, is)| is.clone()));
    }
    other.map_or(Sight::Nothing, Sight::Other)
}

/// The names of a header row, folded, with a number behind a name that stands there again.
fn header_names(row: &RawRow) -> Vec<(u16, String)> {
    let mut names: Vec<(u16, String)> = Vec::with_capacity(row.len());
    let mut seen = HashSet::new();
    for cell in row.cells() {
        let name = fold(cell.text);
        let mut unique = name.clone();
        let mut nth = 1;
        while !seen.insert(unique.clone()) {
            nth += 1;
            unique = format!("{name}#{nth}");
        }
        names.push((cell.column, unique));
    }
    names
}

fn is_named(header: &str, name: &str, words: &Words) -> bool {
    header == name || without_unit(header, words) == Some(name)
}

/// The name without a unit in brackets behind it.
fn without_unit<'a>(header: &'a str, words: &Words) -> Option<&'a str> {
    let (name, unit) = header.strip_suffix(')')?.rsplit_once('(')?;
    words.units.iter().any(|known| **known == *unit).then_some(name)
}

fn table(
    kinds: &Kinds,
    kind_at: usize,
    sheet: Option<&str>,
    sheet_index: usize,
    header: &RawRow,
    as_of: Option<PartialDate>,
) -> Table {
    let kind = &kinds.kinds[kind_at];
    let names = header_names(header);
    let width = names.last().map_or(0, |(column, _)| column + 1);
    let mut columns: Vec<Column> = (0..width).map(nameless).collect();
    for (at, name) in &names {
        let shown: String = header.get(*at).chars().filter(|c| !c.is_whitespace()).collect();
        let nth = name.strip_prefix(&fold(&shown)).unwrap_or_default();
        columns[usize::from(*at)] =
            Column { name: Name::new(&format!("{shown}{nth}")), nameless: false, ..nameless(*at) };
    }
    let mut says = vec![false; kind.slots.len()];
    // By the place of each name among the names of its field, so that the usual name wins over an old one.
    let mut wanted: Vec<(usize, u16, Use)> = names
        .iter()
        .filter_map(|(at, name)| {
            let used = known_use(kind, name, &kinds.words, &names)?;
            Some((rank_of_name(kind, used, name), *at, used))
        })
        .collect();
    wanted.sort_by_key(|(rank, at, _)| (*rank, *at));
    let mut keys = Keys::default();
    for (_, at, used) in wanted {
        let speaks_of = match used {
            Use::Field(slot) => vec![slot],
            Use::OfHead { head, other } => std::iter::once(head).chain(other).collect(),
            _ => Vec::new(),
        };
        if speaks_of.iter().any(|slot| says[usize::from(*slot)]) {
            continue; // a second name of the same field: kept as it stands
        }
        speaks_of.iter().for_each(|slot| says[usize::from(*slot)] = true);
        let column = &mut columns[usize::from(at)];
        column.used = Some(used);
        column.of_household = match used {
            Use::Field(slot) => kind.slots[usize::from(slot)].of == SectionKind::Household,
            Use::List(_) => true,
            _ => false,
        };
        note_key(&mut keys, kind, used, at);
    }
    Table {
        sheet: sheet.map(str::to_owned),
        sheet_index,
        kind: kind_at,
        header_row: header.number,
        as_of,
        columns,
        says,
        keys,
    }
}

/// What a column of this name is for, with the ways in which names vary.
fn known_use(kind: &Kind, name: &str, words: &Words, all: &[(u16, String)]) -> Option<Use> {
    let exact = |name: &str| kind.columns.get(name).copied();
    exact(name).or_else(|| exact(without_unit(name, words)?)).or_else(|| {
        // Some readers write the second of a name as `名0` or `名.1`.
        let first = name.strip_suffix(".1").or_else(|| name.strip_suffix('0'))?;
        all.iter().find(|(_, other)| other == first).and_then(|_| exact(&format!("{first}#2")))
    })
}

fn rank_of_name(kind: &Kind, used: Use, name: &str) -> usize {
    let Use::Field(slot) = used else { return 0 };
    let names = &kind.slots[usize::from(slot)].field.columns;
    names.iter().position(|known| **known == *name).unwrap_or(names.len())
}

fn note_key(keys: &mut Keys, kind: &Kind, used: Use, at: u16) {
    if used == Use::Head {
        keys.head = keys.head.or(Some(at));
        return;
    }
    let Use::Field(slot) = used else { return };
    let slot = &kind.slots[usize::from(slot)];
    let is = |section: Name, field: Name| (slot.section, slot.field.id) == (section, field);
    let key = if is(address::SECTION, address::NATIONAL_NUMBER) {
        &mut keys.household
    } else if is(members::SECTION, members::PERSON_NUMBER) {
        &mut keys.person
    } else if is(members::SECTION, members::NAME) {
        &mut keys.name
    } else if is(members::SECTION, members::ID_NUMBER) {
        &mut keys.id_number
    } else if is(members::SECTION, members::RELATION) {
        &mut keys.relation
    } else if is(address::SECTION, address::GROUP) || (is(address::SECTION, address::HAMLET) && keys.group.is_none()) {
        &mut keys.group
    } else {
        return;
    };
    *key = Some(at);
}

fn nameless(at: u16) -> Column {
    let name = Name::new(&format!("{}列(无列名)", letters(at)));
    Column { name, nameless: true, used: None, of_household: false }
}

/// A column as a spreadsheet calls it: A, B, …, Z, AA, ….
pub fn letters(column: u16) -> String {
    let mut letters = Vec::new();
    let mut rest = u32::from(column) + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// The day that a note above the header gives.
fn as_of(words: &Words, above: &[RawRow]) -> Option<PartialDate> {
    above.iter().flat_map(RawRow::cells).find_map(|cell| {
        let text = fold(cell.text);
        let (_, rest) = words.as_of.iter().find_map(|word| text.split_once(&**word))?;
        let rest = rest.trim_start_matches([':', '至', '为', '是']);
        // A time of day runs into the day where the space between them was folded away.
        let end = rest.find(|c: char| !(c.is_ascii_digit() || "-/.年月日".contains(c))).unwrap_or(rest.len());
        let end = rest[..end].find('日').map_or(end, |day| day + '日'.len_utf8());
        let day = &rest[..end];
        day.parse().ok().or_else(|| day.get(..10)?.parse().ok())
    })
}

impl Table {
    /// What a column is for; none where nobody knows it.
    pub fn used(&self, column: u16) -> Option<Use> {
        self.columns.get(usize::from(column)).and_then(|column| column.used)
    }

    /// The name of a column.
    pub fn column_name(&self, column: u16) -> Name {
        self.columns.get(usize::from(column)).map_or_else(|| nameless(column).name, |column| column.name)
    }

    /// The column of a slot, where the table has one.
    pub fn column_of(&self, slot: SlotIx) -> Option<u16> {
        let at = self.columns.iter().position(|column| match column.used {
            Some(Use::Field(used)) => used == slot,
            Some(Use::OfHead { head, other }) => head == slot || other == Some(slot),
            _ => false,
        })?;
        Some(at as u16)
    }

    /// The names of the columns that nobody knows.
    pub fn unknown_columns(&self) -> impl Iterator<Item = Name> + '_ {
        self.columns.iter().filter(|column| column.used.is_none() && !column.nameless).map(|column| column.name)
    }

    /// Whether a row of the table's body is a member, a job or an exemption, rather than blank, a sum, a note or the header again.
    pub fn is_body(&self, kind: &Kind, words: &Words, row: &RawRow) -> bool {
        if row.is_empty() || row.number <= self.header_row {
            return false;
        }
        let keys = &self.keys;
        let has = |key: Option<u16>| key.is_some_and(|column| row.cell(column).is_some());
        let named = keys.name.map_or("", |column| row.get(column));
        if has(keys.id_number) && !self.repeats_header(kind, row) {
            return true;
        }
        let is_total = row.cells().take(3).any(|cell| {
            let text = fold(cell.text);
            words.totals.iter().any(|word| text.starts_with(&**word))
        });
        // An exemption of a whole household that lacks everything but its check is still to be told of.
        let is_exemption = kind.row == RowKind::Exemption && row.len() == 2 && has(keys.household);
        let is_note = row.len() <= 2 && named.is_empty() && !has(keys.person) && !is_exemption;
        !is_total && !is_note && !self.repeats_header(kind, row)
    }

    fn repeats_header(&self, kind: &Kind, row: &RawRow) -> bool {
        let Some(cell) = self.keys.name.and_then(|column| row.cell(column)) else { return false };
        matches!(kind.columns.get(&*fold(cell.text)), Some(Use::Field(slot))
            if kind.slots[usize::from(*slot)].field.kind == FieldKind::Text
                && kind.slots[usize::from(*slot)].field.id == members::NAME)
    }
}
