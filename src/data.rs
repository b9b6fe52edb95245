//! The files of `data/`, embedded in the program, with a county's own laid over them.

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};
use serde::de::DeserializeOwned;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/data");

/// Why a definition cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}：{why}", line.map_or(String::new(), |line| format!(" 第{line}行")))]
pub struct BadData {
    /// The file, below `data/` or below the county's folder.
    pub file: String,
    /// The line, counted from 1, where there is one.
    pub line: Option<usize>,
    /// What is wrong, and what was expected.
    pub why: String,
}

impl BadData {
    /// A fault of a whole file.
    pub fn new(file: &str, why: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, why: why.into() }
    }
}

/// One file of definitions.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// Its path, such as `forms/visit.toml`.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl DataFile {
    /// Reads the file as TOML of a shape; unknown keys are faults.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, BadData> {
        toml::from_str(&self.text).map_err(|error| BadData {
            file: self.path.clone(),
            line: error.span().map(|span| self.text[..span.start.min(self.text.len())].matches('\n').count() + 1),
            why: format!("格式不对（{}）", error.message()),
        })
    }

    /// A fault at a place of the text, counted in bytes, with the line on which it lies.
    pub fn fault_at(&self, at: usize, why: String) -> BadData {
        let line = self.text[..at.min(self.text.len())].matches('\n').count() + 1;
        BadData { file: self.path.clone(), line: Some(line), why }
    }

    /// The line on which some text first stands, to point at a fault.
    pub fn line_of(&self, text: &str) -> Option<usize> {
        self.text.find(text).map(|at| self.text[..at].matches('\n').count() + 1)
    }
}

/// All files of definitions.
#[derive(Clone, Debug)]
pub struct Data {
    files: BTreeMap<String, String>,
}

impl Data {
    /// What the program brings along.
    pub fn embedded() -> Self {
        let mut files = BTreeMap::new();
        collect(&EMBEDDED, &mut files);
        Self { files }
    }

    /// The same with a folder laid over it: a file of the same path replaces, another one is added.
    pub fn with_overlay(mut self, folder: &Path) -> Result<Self, BadData> {
        let unreadable = |path: &Path, error: std::io::Error| {
            BadData::new(&path.display().to_string(), format!("读不了（{error}）"))
        };
        let Ok(groups) = std::fs::read_dir(folder) else { return Ok(self) };
        for group in groups.flatten().filter(|entry| entry.path().is_dir()) {
            let entries = std::fs::read_dir(group.path()).map_err(|e| unreadable(&group.path(), e))?;
            for path in entries.flatten().map(|entry| entry.path()) {
                if path.extension().is_some_and(|extension| extension == "toml") {
                    let text = std::fs::read_to_string(&path).map_err(|e| unreadable(&path, e))?;
                    let name = path.file_name().unwrap_or_default().to_string_lossy();
                    self.files.insert(format!("{}/{name}", group.file_name().to_string_lossy()), text);
                }
            }
        }
        Ok(self)
    }

    /// One file and nothing else.
    pub fn only(path: &str, text: &str) -> Self {
        Self { files: BTreeMap::from([(path.to_owned(), text.to_owned())]) }
    }

    /// The same with one file put in, for tests.
    pub fn with_file(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.to_owned(), text.to_owned());
        self
    }

    /// All files, by path.
    pub fn all(&self) -> impl Iterator<Item = DataFile> + '_ {
        self.files.iter().map(|(path, text)| DataFile { path: path.clone(), text: text.clone() })
    }

    /// The TOML files of one folder, by name.
    pub fn folder<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = DataFile> + 'a {
        self.files
            .iter()
            .filter(move |(path, _)| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
            .map(|(path, text)| DataFile { path: path.clone(), text: text.clone() })
    }

    /// One file.
    pub fn file(&self, path: &str) -> Result<DataFile, BadData> {
        let text = self.files.get(path).ok_or_else(|| BadData::new(path, "没有这个文件"))?;
        Ok(DataFile { path: path.to_owned(), text: text.clone() })
    }
}

fn collect(dir: &Dir<'_>, files: &mut BTreeMap<String, String>) {
    for entry in dir.files().filter(|file| file.path().extension().is_some_and(|e| e == "toml")) {
        if let Some(text) = entry.contents_utf8() {
            files.insert(entry.path().to_string_lossy().replace('\\', "/"), text.to_owned());
        }
    }
    for sub in dir.dirs() {
        collect(sub, files);
    }
}

/// A file that comes along with the program and is no definition, such as the sample's workbooks.
pub fn embedded_file(path: &str) -> Option<&'static [u8]> {
    EMBEDDED.get_file(path).map(include_dir::File::contents)
}

/// The files of an embedded folder that are no definitions.
pub fn embedded_folder(path: &str) -> impl Iterator<Item = (&'static str, &'static [u8])> {
    EMBEDDED
        .get_dir(path)
        .into_iter()
        .flat_map(|dir| dir.files())
        .filter_map(|file| Some((file.path().file_name()?.to_str()?, file.contents())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_name_file_and_line() {
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Shape {
            #[allow(dead_code)]
            a: u32,
        }
        let file = DataFile { path: "x/y.toml".into(), text: "a = 1\nb = 2\n".into() };
        let fault = file.read::<Shape>().unwrap_err();
        assert_eq!((fault.file.as_str(), fault.line), ("x/y.toml", Some(2)));
        assert!(fault.to_string().starts_with("x/y.toml 第2行："), "{fault}");
    }

    #[test]
    fn a_county_lays_its_own_over_ours() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("policy")).unwrap();
        std::fs::write(folder.path().join("policy/henan-2022.toml"), "x = 1").unwrap();
        let data = Data::embedded().with_overlay(folder.path()).unwrap();
        assert_eq!(data.file("policy/henan-2022.toml").unwrap().text, "x = 1");
        assert!(data.folder("forms").count() > 3);
    }
}
