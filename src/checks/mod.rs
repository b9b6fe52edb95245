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

use crate::catalogue::Catalogue;
use crate::data::{BadData, Data};
use crate::domain::Name;
use crate::policy::{Bound, Figure, Layer, Policy, Sources, figure_key};

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
    written: Vec<u16>,
}

impl Checks {
    /// Loads the table; a line that names a field, a code, a fact or a figure that is not there is refused with its place.
    pub fn load(data: &Data, catalogue: &Catalogue, layers: &[Layer]) -> Result<Self, BadData> {
        let mut checks = Self::default();
        let mut files = Vec::new();
        for file in data.folder("checks") {
            let shape: FileShape = file.read()?;
            files.push((file, shape));
        }
        files.sort_by_key(|(_, shape)| shape.order);
        for (file, shape) in files {
            line::load((&file, shape), catalogue, layers, &mut checks)?;
        }
        // Conditions are typed once for all layers.
        for figure in &checks.figures {
            let stated = layers.iter().filter_map(|layer| Some((layer, stated(layer, *figure)?.is_day())));
            let (days, numbers): (Vec<_>, Vec<_>) = stated.partition(|(_, is_day)| *is_day);
            if let (Some(_), Some((layer, _))) = (days.first(), numbers.first()) {
                let why = format!("{figure} 在各政策文件里有的是数字，有的是日期");
                return Err(BadData::new(&layer.file, why));
            }
        }
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

    /// What a policy comes to for the table: its figures as they are reckoned with, and the checks that do not hold under it.
    pub fn bound(&self, policy: &Policy, sources: &Sources) -> Bound {
        let places = policy.places();
        let figures = self.figures.iter().map(|figure| policy.figure(*figure).map(Figure::reckoned)).collect();
        let silent = self.all.iter().map(|check| !sources.binds(&check.source, &places)).collect();
        Bound { figures, silent }
    }
}

/// A figure as a layer states it.
fn stated(layer: &Layer, figure: Name) -> Option<Figure> {
    layer.stated(figure_key(figure))?.held.as_figure()
}
