//! Which kind of roster a table is, and where its header stands: told by the names of columns, in one row or several.

use std::collections::{HashMap, HashSet};

use crate::catalogue::{Field, FieldKind, SectionKind};
use crate::domain::field::{address, members};
use crate::domain::text::fold;
use crate::domain::{Name, PartialDate};
use crate::exchange::table::columns::{Header, HeaderColumn, can_be_header};
use crate::exchange::table::header::{Spelling, Unit};
use crate::exchange::table::row::RawRow;

use super::kinds::{Kind, Kinds, Use, Words};
use super::table::{Column, Keys, Table, nameless};

/// How many rows at the top may stand above a header.
pub const ROWS_ABOVE: usize = 30;

/// In how many rows below each other a header may stand.
const DEEPEST: usize = 3;

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
///
/// Of all rows, and of rows that stand below each other, those are the header in which most columns are known: a list of
/// the county is no ledger because its 户编号 stands in the row above.
pub fn recognise(kinds: &Kinds, sheet: Option<&str>, sheet_index: usize, rows: &[RawRow]) -> Sight {
    let mut best: Option<Best> = None;
    let mut other = None;
    for at in 0..rows.len() {
        for depth in 1..=DEEPEST.min(rows.len() - at) {
            let header = &rows[at..at + depth];
            let together = header.windows(2).all(|pair| pair[1].number == pair[0].number + 1);
            if !together || !header.iter().all(can_be_header) {
                break;
            }
            let read = Read::new(kinds, Header::of(&header.iter().collect::<Vec<_>>()));
            if depth == 1 {
                other = other.or_else(|| read.other(&kinds.words));
            }
            let Some((kind, known)) = read.kind(kinds) else { continue };
            // Of those that say as much the one with fewest rows, and the first of them: what stands above is a title.
            let is_better = |best: &Best| known > best.known || known == best.known && depth < best.depth;
            if best.as_ref().is_none_or(is_better) {
                best = Some(Best { at, depth, kind, known, read });
            }
        }
    }
    match best {
        Some(Best { at, kind, read, .. }) => {
            let below = rows.iter().find(|row| row.number > read.header.row);
            let explained = below.filter(|row| kinds.words.names.is_explanation(row));
            let above = &rows[..at];
            let table = read.table(kinds, kind, above, explained);
            Sight::Table(Box::new(Table {
                sheet: sheet.map(str::to_owned),
                sheet_index,
                as_of: as_of(&kinds.words, above),
                ..table
            }))
        }
        None => other.map_or(Sight::Nothing, Sight::Other),
    }
}

/// What comes nearest to a header so far.
struct Best {
    at: usize,
    depth: usize,
    kind: usize,
    known: usize,
    read: Read,
}

/// A header and the ways in which its columns can be meant.
struct Read {
    header: Header,
    spellings: Vec<Vec<Spelling>>,
    all: HashSet<String>,
}

impl Read {
    fn new(kinds: &Kinds, header: Header) -> Self {
        let spellings: Vec<Vec<Spelling>> =
            header.columns.iter().map(|column| spellings(&kinds.words, column)).collect();
        let all = spellings.iter().flatten().map(|spelling| spelling.name.clone()).collect();
        Self { header, spellings, all }
    }

    fn has(&self, any_of: &[Box<str>]) -> bool {
        any_of.iter().any(|name| self.all.contains(&**name))
    }

    /// The kind that the header fits, and how many of its columns are known there.
    fn kind(&self, kinds: &Kinds) -> Option<(usize, usize)> {
        let fits = |kind: &Kind| {
            let rule = &kind.recognise;
            rule.all.iter().all(|names| self.has(names))
                && (rule.any.is_empty() || rule.any.iter().any(|names| self.has(names)))
                && !rule.none.iter().any(|names| self.has(names))
        };
        let at = kinds.kinds.iter().position(fits)?;
        let columns = &kinds.kinds[at].columns;
        let is_known = |ways: &&Vec<Spelling>| ways.iter().any(|way| columns.contains_key(&*way.name));
        Some((at, self.spellings.iter().filter(is_known).count()))
    }

    fn other(&self, words: &Words) -> Option<Box<str>> {
        let is =
            |(columns, _): &&(Vec<Box<str>>, Box<str>)| columns.iter().all(|name| self.has(std::slice::from_ref(name)));
        words.other.iter().find(is).map(|(_, is)| is.clone())
    }

    /// The columns of the table, by a kind; `explained` is a row beneath the header that explains its columns.
    fn table(&self, kinds: &Kinds, kind_at: usize, above: &[RawRow], explained: Option<&RawRow>) -> Table {
        let (kind, words) = (&kinds.kinds[kind_at], &kinds.words);
        let width = self.header.columns.last().map_or(0, |column| column.column + 1);
        let mut columns: Vec<Column> = (0..width).map(nameless).collect();
        let mut seen: HashMap<&str, u32> = HashMap::new();
        let mut times: HashMap<&str, u32> = HashMap::new();
        let general = above.iter().flat_map(RawRow::cells).filter_map(|cell| unit_in(words, cell.text)).next_back();
        // By the place of each name among the names of its field, so that the usual name wins over an old one.
        let mut wanted: Vec<(usize, u16, Use)> = Vec::new();
        for (column, ways) in self.header.columns.iter().zip(&self.spellings) {
            let at = column.column;
            let nth = times.entry(&column.shown).and_modify(|nth| *nth += 1).or_insert(1);
            let shown = if *nth > 1 { format!("{}#{nth}", column.shown) } else { column.shown.clone() };
            let named = &mut columns[usize::from(at)];
            (named.name, named.nameless) = (Name::new(&shown), false);
            let Some((way, name, used)) = known_use(kind, ways, &mut seen, &self.all) else { continue };
            // A heading over several columns is no part of the name, unless the name is known with it.
            if column.names.len() > 1 && fold(&column.own).contains(&*way.name) {
                named.name = Name::new(&column.own);
            }
            let beneath = || explained.and_then(|row| words.names.unit(&fold(row.get(at))));
            let unit = way.unit.clone().or_else(beneath);
            let field = field_of(kind, used);
            let unit =
                unit.or_else(|| general.clone().filter(|_| field.is_some_and(|field| field.kind == FieldKind::Money)));
            match unit.map_or(Ok(0), |unit| shift(words, field, &name, &unit)) {
                Ok(shift) => named.shift = shift,
                Err(unlike) => {
                    named.unlike = Some(unlike);
                    continue;
                }
            }
            wanted.push((rank_of_name(kind, used, &name), at, used));
        }
        wanted.sort_by_key(|(rank, at, _)| (*rank, *at));
        let mut says = vec![false; kind.slots.len()];
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
        let header_row = self.header.row;
        let first_row = header_row.saturating_add(1);
        Table {
            sheet: None,
            sheet_index: 0,
            kind: kind_at,
            header_row,
            first_row,
            from_1904: false,
            as_of: None,
            columns,
            says,
            keys,
        }
    }
}

/// The ways in which a column can be meant: all that stands in it together, then its own row alone.
fn spellings(words: &Words, column: &HeaderColumn) -> Vec<Spelling> {
    let names = &column.names;
    let mut ways = Vec::new();
    for from in 0..names.len().saturating_sub(1) {
        ways.extend(words.names.spellings(&names[from..].concat()));
    }
    let Some((own, above)) = names.split_last() else { return ways };
    // 姓名 beneath 监护人 is not the name of somebody listed.
    if !above.iter().any(|heading| words.names.is_other(heading)) {
        ways.extend(words.names.spellings(own));
    }
    ways
}

/// What a column is for, and by which of its spellings and under which name.
fn known_use<'a>(
    kind: &Kind,
    ways: &'a [Spelling],
    seen: &mut HashMap<&'a str, u32>,
    all: &HashSet<String>,
) -> Option<(&'a Spelling, String, Use)> {
    for way in ways {
        if let Some(used) = kind.columns.get(&*way.name) {
            let nth = seen.entry(&way.name).and_modify(|nth| *nth += 1).or_insert(1);
            if *nth == 1 {
                return Some((way, way.name.clone(), *used));
            }
            // The second of a name may mean something of its own.
            let numbered = format!("{}#{nth}", way.name);
            return Some(match kind.columns.get(&*numbered) {
                Some(used) => (way, numbered, *used),
                None => (way, way.name.clone(), *used),
            });
        }
    }
    // Some readers write the second of a name as `名0` or `名.1`.
    ways.iter().find_map(|way| {
        let first = way.name.strip_suffix(".1").or_else(|| way.name.strip_suffix('0'))?;
        let numbered = format!("{first}#2");
        let used = kind.columns.get(&*numbered).filter(|_| all.contains(first))?;
        Some((way, numbered, *used))
    })
}

fn field_of(kind: &Kind, used: Use) -> Option<&Field> {
    match used {
        Use::Field(slot) | Use::OfHead { head: slot, .. } => Some(&kind.slots[usize::from(slot)].field),
        _ => None,
    }
}

/// By how many places the point moves to come from a unit to a field's own, or the two units where it does not.
fn shift(words: &Words, field: Option<&Field>, name: &str, unit: &Unit) -> Result<i8, (Box<str>, Box<str>)> {
    let Some(field) = field else { return Ok(0) };
    let own = match field.kind {
        FieldKind::Money if name.contains('月') => ["元/月", "元"],
        FieldKind::Money => ["元", "元"],
        FieldKind::Quantity | FieldKind::Count => match &field.unit {
            Some(own) => [&**own, own],
            None => return Ok(0),
        },
        _ => return Ok(0),
    };
    let fits = |own: &str| words.names.unit(&fold(own)).is_some_and(|own| own.of == unit.of);
    unit.shift.filter(|_| own.iter().any(|own| fits(own))).ok_or_else(|| (unit.written.clone(), own[0].into()))
}

/// The unit of all amounts that a note above the header gives: 单位：万元.
fn unit_in(words: &Words, text: &str) -> Option<Unit> {
    let folded = fold(text);
    let (_, rest) = folded.split_once("单位")?;
    let rest = rest.trim_start_matches([':', '为', '是']);
    let rest = rest.split([')', ']', '】', ';', '。']).next().unwrap_or_default();
    rest.split([',', '、', '/']).find_map(|part| words.names.unit(part).filter(|unit| &*unit.of == "元"))
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

/// The name of a column that comes nearest to one that nobody knows, where any does.
pub fn nearest(kind: &Kind, words: &Words, column: Name) -> Option<Box<str>> {
    let ways = words.names.spellings(&fold(column.as_str()));
    let own: Vec<char> = ways.last()?.name.chars().take(MOST_LETTERS).collect();
    if own.len() < 2 {
        return None;
    }
    let near = kind.columns.keys().filter(|name| !name.contains('#')).filter_map(|name| {
        let other: Vec<char> = name.chars().collect();
        let (longer, apart) = (own.len().max(other.len()), own.len().abs_diff(other.len()));
        let is_near = other.len() > 1 && apart * 2 <= longer;
        let changed = is_near.then(|| distance(&own, &other)).filter(|changed| changed * 2 <= longer)?;
        Some((changed, apart, name))
    });
    near.min().map(|(_, _, name)| name.clone())
}

/// The longest name that is compared.
const MOST_LETTERS: usize = 40;

/// How many letters have to be put in, taken out or changed.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, a) in one.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (column, b) in other.iter().enumerate() {
            let change = diagonal + usize::from(a != b);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}
