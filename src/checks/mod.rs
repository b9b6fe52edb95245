//! The table of checks: which facts of a file contradict one another, what is said then, and what is to be done.
//!
//! `data/checks/` has a file a family, and a county lays its own beside them. A line is a condition over a file, read
//! and typed when the program starts; [`crate::rules::check`] evaluates it.

mod columns;
mod condition;
mod layout;
mod line;
mod resolve;
mod rows;
mod says;
mod syntax;

use std::collections::BTreeMap;

use crate::catalogue::Catalogue;
use crate::data::{BadData, Data};
use crate::domain::Name;
use crate::policy::{Figure, Policy};

pub use columns::{Column, Columns};
pub use condition::{Condition, Number, Order, Reads, Source, Span, Unit};
pub use layout::{Encoding, Layout, SectionLayout};
use line::FileShape;
pub use line::{Check, How, Severity, Whom};
pub use rows::{Fact, FactKind, HouseholdFact, JobFact, MeasureFact, PersonFact, Rows};
pub use says::{Piece, Says};

/// One family of checks: a file of the table.
#[derive(Clone, Debug)]
pub struct Family {
    /// Its id: the name of its file.
    pub id: Name,
    /// Its name on the screen.
    pub label: Box<str>,
}

/// All checks, and the columns that their conditions look at.
#[derive(Clone, Debug, Default)]
pub struct Checks {
    /// The families in their order; of one place by the names of their files.
    pub families: Vec<Family>,
    /// The checks, family by family.
    pub all: Vec<Check>,
    /// What their conditions look at.
    pub columns: Columns,
    /// Where the fields of a file go among the columns.
    pub layout: Layout,
    /// The figures that they name, by the numbers under which conditions know them.
    pub figures: Vec<Name>,
    /// The same figures as each policy gives them, as they are reckoned with.
    of_policy: BTreeMap<Name, Vec<i64>>,
    written: Vec<u16>,
}

impl Checks {
    /// Loads the table; a line that names a field, a code, a figure or a fact that is not there is refused with its place.
    pub fn load(data: &Data, catalogue: &Catalogue, policies: &[Policy]) -> Result<Self, BadData> {
        let mut checks = Self::default();
        let mut files = Vec::new();
        for file in data.folder("checks") {
            let shape: FileShape = file.read()?;
            files.push((file, shape));
        }
        files.sort_by_key(|(_, shape)| shape.order);
        for (file, shape) in files {
            line::load((&file, shape), catalogue, policies, &mut checks)?;
        }
        for figure in &checks.figures {
            let first = policies.first().and_then(|policy| policy.figure(*figure));
            for policy in policies {
                let why = match policy.figure(*figure) {
                    None => format!("[figures] 里缺 {figure}，核对要用它"),
                    // Conditions are typed once for all policies.
                    Some(other) if first.is_some_and(|first| first.is_day() != other.is_day()) => {
                        format!("{figure} 在各政策文件里有的是数字，有的是日期")
                    }
                    Some(_) => continue,
                };
                return Err(BadData::new(&format!("policy/{}.toml", policy.name), why));
            }
        }
        let values = |policy: &Policy| {
            checks.figures.iter().map(|figure| policy.figure(*figure).map_or(0, Figure::reckoned)).collect()
        };
        checks.of_policy = policies.iter().map(|policy| (policy.name, values(policy))).collect();
        let is_written = |check: &Check| matches!(check.how, How::Rule(_));
        checks.written = (0u16..).zip(&checks.all).filter(|(_, check)| is_written(check)).map(|(at, _)| at).collect();
        checks.layout = Layout::new(catalogue, &checks.columns);
        Ok(checks)
    }

    /// The check with this id.
    pub fn named(&self, id: Name) -> Option<(usize, &Check)> {
        self.all.iter().enumerate().find(|(_, check)| check.id == id)
    }

    /// The checks that code decides, with their places.
    pub fn written(&self) -> impl Iterator<Item = (u16, &Check)> {
        self.written.iter().map(|at| (*at, &self.all[usize::from(*at)]))
    }

    /// The figures as a policy gives them, as they are reckoned with, by their numbers.
    pub fn figures_of(&self, policy: &Policy) -> &[i64] {
        self.of_policy.get(&policy.name).map_or(&[], Vec::as_slice)
    }
}
