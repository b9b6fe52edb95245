//! The files of secret keys: text that the store keeps, for its owner alone, and does not read.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use super::error::StoreError;
use super::layout::{self, Home};

/// More than any key.
const MOST: u64 = 64 << 10;

/// What the file of a key holds, in a home that may be open elsewhere.
pub fn key_text(home: &Path, name: &str) -> Result<Option<String>, StoreError> {
    read(&Home::at(home), name)
}

pub(super) fn read(home: &Home, name: &str) -> Result<Option<String>, StoreError> {
    let path = home.keys().join(name);
    let mut text = String::new();
    let file = match File::open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file.map_err(StoreError::disk(format!("读 {}", path.display())))?,
    };
    match file.take(MOST).read_to_string(&mut text) {
        // Whatever it is, it is no text, and its owner has to say so.
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(Some(String::new())),
        read => read.map(|_| Some(text)).map_err(StoreError::disk(format!("读 {}", path.display()))),
    }
}

pub(super) fn write(home: &Home, name: &str, text: &str) -> Result<(), StoreError> {
    const WHAT: &str = "存钥匙";
    let path = home.keys().join(name);
    if path.exists() {
        return Ok(());
    }
    layout::make_folder(&home.keys()).map_err(StoreError::disk(WHAT))?;
    layout::write_whole(&path, WHAT, |file| file.write_all(text.as_bytes()).map_err(StoreError::disk(WHAT)))?;
    layout::sync_folder(home.dir()).map_err(StoreError::disk(WHAT))
}
