//! What a folder holds that can be taken in: its folders, and files that end as they should.

use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Local, NaiveDate};

/// A folder or a file of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub path: PathBuf,
    pub name: String,
    /// Its length, where it is a file.
    pub bytes: Option<u64>,
    /// When it was last written.
    pub changed: Option<NaiveDate>,
}

impl Entry {
    pub const fn is_folder(&self) -> bool {
        self.bytes.is_none()
    }

    fn of(path: PathBuf, about: &Metadata) -> Self {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let changed = about.modified().ok().map(|changed| DateTime::<Local>::from(changed).date_naive());
        Self { path, name, bytes: about.is_file().then_some(about.len()), changed }
    }
}

/// What a folder holds, folders first, the newest file before older ones; of files those with one of the endings. What is
/// hidden, and what a table program keeps beside an open file, is left out.
pub(super) fn entries(folder: &Path, endings: &[&str]) -> io::Result<Vec<Entry>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)?.flatten() {
        let path = entry.path();
        // What a link leads to counts; one that leads nowhere is left out.
        let Ok(about) = std::fs::metadata(&path) else { continue };
        let entry = Entry::of(path, &about);
        let is_hidden = entry.name.starts_with('.') || entry.name.starts_with("~$");
        if !is_hidden && (entry.is_folder() || ends_in(&entry.path, endings)) {
            found.push(entry);
        }
    }
    found.sort_by(|a, b| {
        let order =
            |entry: &Entry| (!entry.is_folder(), std::cmp::Reverse(entry.changed.filter(|_| !entry.is_folder())));
        order(a).cmp(&order(b)).then_with(|| a.name.cmp(&b.name))
    });
    Ok(found)
}

fn ends_in(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| endings.contains(&ending.as_str()))
}

/// Where to look first: where the last files came from, else where browsers put them.
pub(super) fn first_folder(last: Option<&Path>) -> PathBuf {
    let users = directories::UserDirs::new();
    let downloads = users.as_ref().and_then(|dirs| dirs.download_dir());
    let home = users.as_ref().map(|dirs| dirs.home_dir());
    let known = [last, downloads, home].into_iter().flatten().find(|folder| folder.is_dir());
    known.map_or_else(|| PathBuf::from("/"), Path::to_owned)
}

/// A length as a person reads it.
pub(super) fn length(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes}字节"),
        1_024..1_048_576 => format!("{}K", bytes / 1_024),
        _ => format!("{}.{}M", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_folders_and_tables_are_shown_folders_first() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["乙.XLSX", "甲.csv", "~$乙.xlsx", ".隐.csv", "说明.docx"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        std::fs::create_dir(folder.path().join("十月")).unwrap();
        let endings = ["xlsx", "csv"];
        let names: Vec<String> =
            entries(folder.path(), &endings).unwrap().into_iter().map(|entry| entry.name).collect();
        assert_eq!(names, ["十月", "乙.XLSX", "甲.csv"]);
        assert!(entries(&folder.path().join("没有"), &endings).is_err());
    }

    #[test]
    fn lengths() {
        for (bytes, shown) in [(0, "0字节"), (1_023, "1023字节"), (38_912, "38K"), (1_572_864, "1.5M")] {
            assert_eq!(length(bytes), shown);
        }
    }
}
