//! Where the fields of a file go among the columns; made once, when the table is loaded.

use crate::catalogue::{Catalogue, FieldKind};
use crate::domain::Name;

use super::columns::{Column, Columns};
use super::rows::Rows;

/// Where the fields of every section go.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// The sections that conditions read, by id.
    sections: Vec<SectionLayout>,
    /// How many columns each kind of row has.
    pub widths: [usize; Rows::ALL.len()],
}

/// Where the fields of one section go.
#[derive(Clone, Debug)]
pub struct SectionLayout {
    /// The section.
    pub id: Name,
    /// The rows that it makes.
    pub rows: Rows,
    /// Field, column and encoding, in the order in which rows keep their fields.
    pub fields: Vec<(Name, usize, Encoding)>,
}

/// How a value becomes a number.
#[derive(Clone, Debug)]
pub enum Encoding {
    /// As it is.
    Plain,
    /// By its place in the list.
    Code(Vec<Name>),
    /// Whether the words contain these.
    Contains(Box<str>),
}

impl Layout {
    /// The layout of these columns.
    pub(super) fn new(catalogue: &Catalogue, columns: &Columns) -> Self {
        let mut sections: Vec<SectionLayout> = Vec::new();
        for rows in Rows::ALL {
            for (at, column) in columns.of(rows).iter().enumerate() {
                let (section, field, encoding) = match column {
                    Column::Fact(..) => continue,
                    Column::Contains(section, field, words) => (*section, *field, Encoding::Contains(words.clone())),
                    Column::Field(section, field, kind) => {
                        (*section, *field, encoding(catalogue, *section, *field, *kind))
                    }
                };
                let place = sections.iter().position(|known| known.id == section).unwrap_or_else(|| {
                    sections.push(SectionLayout { id: section, rows, fields: Vec::new() });
                    sections.len() - 1
                });
                sections[place].fields.push((field, at, encoding));
            }
        }
        sections.iter_mut().for_each(|section| section.fields.sort_by_key(|(field, ..)| *field));
        sections.sort_by_key(|section| section.id);
        Self { sections, widths: Rows::ALL.map(|rows| columns.of(rows).len()) }
    }

    /// Where the fields of a section go, if any condition reads it.
    pub fn section(&self, id: Name) -> Option<&SectionLayout> {
        self.sections.binary_search_by(|known| known.id.cmp(&id)).ok().map(|at| &self.sections[at])
    }
}

fn encoding(catalogue: &Catalogue, section: Name, field: Name, kind: FieldKind) -> Encoding {
    let list = catalogue.field(section, field).and_then(|field| catalogue.list_of(field));
    match list {
        Some(list) if matches!(kind, FieldKind::Code | FieldKind::Codes) => {
            Encoding::Code(list.entries.iter().map(|entry| entry.id).collect())
        }
        _ => Encoding::Plain,
    }
}
