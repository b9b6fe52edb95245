//! All of `data/`, loaded once, with the county's own laid over it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::catalogue::Catalogue;
use crate::checks::Checks;
use crate::data::{BadData, Data};
use crate::exchange::findings::FindingsLayout;
use crate::exchange::roster::Kinds;
use crate::exchange::workbook;
use crate::forms::Forms;
use crate::policy::{Cited, FigureLabels, Layer, Policy, Sources};
use crate::rules::Look;
use crate::rules::card::CardLayout;
use crate::rules::relations::Relations;
use crate::rules::urgency::Weights;

use super::words::Words;

/// The definitions that everything works by.
#[derive(Clone, Debug)]
pub struct Definitions {
    /// The files as they were read.
    pub data: Data,
    /// Sections, fields and code lists.
    pub catalogue: Arc<Catalogue>,
    /// Forms.
    pub forms: Forms,
    /// Policy files, the oldest first.
    pub layers: Vec<Layer>,
    /// The documents behind citations.
    pub sources: Sources,
    /// The names of what policy files state.
    pub figures: FigureLabels,
    /// The figures by which the programs went that kept no note of them, by key.
    pub former: BTreeMap<String, String>,
    /// The table of checks.
    pub checks: Arc<Checks>,
    /// The kinds of roster that can be taken in.
    pub rosters: Kinds,
    /// The kind of table that lists exemptions.
    pub exemption_lists: Kinds,
    /// What is done first.
    pub urgency: Weights,
    /// What relations become under a new head.
    pub relations: Relations,
    /// The words of the search line.
    pub words: Arc<Words>,
    /// What stands on a status card.
    pub card: CardLayout,
    /// The columns of the township's findings.
    pub findings: FindingsLayout,
    /// The sheets of the clerk's workbook.
    pub workbook: workbook::Layout,
}

impl Definitions {
    /// Loads what the program brings along, with a folder laid over it where there is one.
    pub fn load(overlay: Option<&Path>) -> Result<Self, BadData> {
        let data = match overlay {
            Some(folder) => Data::embedded().with_overlay(folder)?,
            None => Data::embedded(),
        };
        let catalogue = Arc::new(Catalogue::load(&data)?);
        let forms = Forms::load(&data, &catalogue)?;
        let sources = Sources::load(&data)?;
        sources.check(&data)?;
        let figures = FigureLabels::load(&data)?;
        let former = data.file("former.toml")?.read()?;
        let layers = Layer::load_all(&data)?;
        let checks = Arc::new(Checks::load(&data, &catalogue, &layers)?);
        Layer::check_all(&layers, &data, &catalogue)?;
        let relations = Relations::load(&data)?;
        let urgency = Weights::load(&data)?;
        let rosters = Kinds::load(&data, &catalogue)?;
        let exemption_lists = Kinds::load_exemptions(&data, &catalogue)?;
        let words = Arc::new(Words::load(&data)?);
        let card = CardLayout::load(&data, &catalogue)?;
        let workbook = workbook::Layout::load(&data, &catalogue)?;
        let findings = FindingsLayout::load(&data)?;
        Ok(Self {
            data,
            catalogue,
            forms,
            layers,
            sources,
            figures,
            former,
            checks,
            rosters,
            exemption_lists,
            urgency,
            relations,
            words,
            card,
            findings,
            workbook,
        })
    }

    /// What holds for a village on a day: by its code, or by the policy file that is named.
    pub fn policy(&self, named: Option<&str>, division: &str, day: NaiveDate) -> Policy {
        let mut policy = Policy::of(&self.layers, named, division, day);
        policy.bind(self.checks.bound(&policy, &self.sources));
        policy
    }

    /// A citation as it is shown where a policy holds.
    pub fn cited(&self, citation: &str, policy: &Policy) -> Cited {
        self.sources.told(citation, &policy.places())
    }

    /// What rules look with.
    pub fn look<'a>(&'a self, policy: &'a Policy, day: NaiveDate) -> Look<'a> {
        Look { catalogue: &self.catalogue, forms: &self.forms, policy, checks: &self.checks, day }
    }
}
