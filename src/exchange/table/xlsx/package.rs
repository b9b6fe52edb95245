//! The parts of a zipped workbook, by their paths.

use std::collections::HashMap;

use zip::ZipArchive;
use zip::read::ZipFile;

use super::super::bounded::{Bounded, Way, Xml};
use super::super::fault::Fault;
use super::super::source::Opened;

/// A zip whose parts are found however their paths are spelled.
pub struct Package {
    archive: ZipArchive<Opened>,
    places: HashMap<String, usize>,
}

/// A part that is being read.
pub type Part<'a> = Bounded<ZipFile<'a, Opened>>;

impl Package {
    /// Notes where the parts are.
    pub fn new(archive: ZipArchive<Opened>) -> Result<Self, Fault> {
        let names = archive.file_names().enumerate();
        let places = names.filter_map(|(at, name)| Some((tidy(&name.ok()?), at))).collect();
        Ok(Self { archive, places })
    }

    /// Whether there is a part.
    pub fn has(&self, path: &str) -> bool {
        self.places.contains_key(&tidy(path))
    }

    /// A part; none where there is no such part.
    pub fn part(&mut self, path: &str, way: Way) -> Result<Option<Part<'_>>, Fault> {
        let Some(at) = self.places.get(&tidy(path)) else { return Ok(None) };
        let file = self.archive.by_index(*at).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(zip::result::ZipError::PASSWORD_REQUIRED) => Fault::Locked,
            _ => Fault::Damaged("里面有一部分解不开".to_owned()),
        })?;
        let most = way.most(file.compressed_size());
        Ok(Some(Bounded::new(file, most)))
    }

    /// The XML of a part.
    pub fn xml(&mut self, path: &str, way: Way) -> Result<Option<Xml<ZipFile<'_, Opened>>>, Fault> {
        Ok(self.part(path, way)?.map(Xml::new))
    }
}

fn tidy(path: &str) -> String {
    path.trim_start_matches(['/', '\\']).replace('\\', "/").to_ascii_lowercase()
}

/// The path that another one, written in a part of this folder, leads to.
pub fn resolve(folder: &str, target: &str) -> String {
    if target.starts_with(['/', '\\']) {
        return tidy(target);
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split(['/', '\\']) {
        match step {
            ".." => _ = steps.pop(),
            "." | "" => {}
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_from_where_they_are_written() {
        for (folder, target, path) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/xl/styles.xml", "xl/styles.xml"),
            ("xl/worksheets", "../sharedStrings.xml", "xl/sharedStrings.xml"),
            ("", "./xl/workbook.xml", "xl/workbook.xml"),
            ("xl", "worksheets\\Sheet1.xml", "xl/worksheets/Sheet1.xml"),
        ] {
            assert_eq!(resolve(folder, target), path);
        }
        assert_eq!(tidy("\\XL\\Workbook.xml"), "xl/workbook.xml");
    }
}
