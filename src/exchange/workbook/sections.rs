//! What tells the rows of sections apart when a run is reckoned up, out of the catalogue.

use crate::catalogue::{Catalogue, SectionKind};
use crate::changes::net::Sections;
use crate::domain::Name;

impl Sections for Catalogue {
    fn is_of_people(&self, section: Name) -> bool {
        self.section(section).is_some_and(|section| section.kind == SectionKind::Person)
    }

    fn ends(&self, section: Name) -> &[Name] {
        self.section(section).map_or(&[], |section| &section.heirs.end_fields)
    }
}
