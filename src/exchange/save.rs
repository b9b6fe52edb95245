//! A file appears whole under its name, or not at all: temporary name, sync, rename. Only its owner may read it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::changes::Hash;

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
#[error("写不了 {}（{cause}），请看文件夹是否存在、能否写入、磁盘是否已满", path.display())]
pub struct CannotSave {
    /// Which file.
    pub path: PathBuf,
    /// What the system said.
    pub cause: io::Error,
}

/// A file that is being written. Dropped without [`commit`](Self::commit), it leaves nothing behind.
#[derive(Debug)]
pub struct NewFile {
    file: File,
    path: PathBuf,
    temporary: PathBuf,
    committed: bool,
}

impl NewFile {
    /// Begins a file; a folder that is not there is made.
    pub fn begin(path: &Path) -> Result<Self, CannotSave> {
        let fault = |cause| CannotSave { path: path.to_owned(), cause };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            make_folder(folder).map_err(fault)?;
        }
        let name = path.file_name().ok_or_else(|| fault(io::ErrorKind::InvalidFilename.into()))?;
        let temporary = path.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()));
        // What an earlier run of the same number left behind when it was killed.
        let _ = std::fs::remove_file(&temporary);
        let file = create(&temporary).map_err(fault)?;
        Ok(Self { file, path: path.to_owned(), temporary, committed: false })
    }

    /// Makes the file durable and gives it its name, in place of what stood there.
    pub fn commit(mut self) -> Result<(), CannotSave> {
        let result = self.file.sync_all().and_then(|()| std::fs::rename(&self.temporary, &self.path));
        result.map_err(|cause| CannotSave { path: self.path.clone(), cause })?;
        self.committed = true;
        sync_folder(&self.path);
        Ok(())
    }

    /// SHA-256 of all that was written.
    pub fn hash(&mut self) -> io::Result<Hash> {
        self.file.seek(SeekFrom::Start(0))?;
        let mut sha = Sha256::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match self.file.read(&mut buffer)? {
                0 => return Ok(Hash(sha.finalize().into())),
                n => sha.update(&buffer[..n]),
            }
        }
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.committed {
            let _ = std::fs::remove_file(&self.temporary);
        }
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Read for NewFile {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.file.read(bytes)
    }
}

impl Seek for NewFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// Writes a whole file.
pub fn save(path: &Path, bytes: &[u8]) -> Result<(), CannotSave> {
    let mut file = NewFile::begin(path)?;
    file.write_all(bytes).map_err(|cause| CannotSave { path: path.to_owned(), cause })?;
    file.commit()
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// The name is in the folder, so the folder is synced too where the system can do that.
fn sync_folder(path: &Path) {
    if let Some(folder) = path.parent().and_then(|folder| File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_file_appears_whole_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out/a.txt");
        save(&path, b"first").unwrap();
        save(&path, b"second").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"second");
        assert_eq!(names(path.parent().unwrap()), ["a.txt"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
            assert_eq!(path.parent().unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o700);
        }
    }

    #[test]
    fn what_is_given_up_leaves_the_old_file_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        save(&path, b"old").unwrap();
        let mut draft = NewFile::begin(&path).unwrap();
        draft.write_all(b"half").unwrap();
        assert_eq!(draft.hash().unwrap(), Hash::of(b"half"));
        drop(draft);
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["a.txt"]);
    }

    #[test]
    fn a_file_where_a_folder_should_be_is_told_with_its_name() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), b"").unwrap();
        let fault = save(&folder.path().join("file/a.txt"), b"").unwrap_err().to_string();
        assert!(fault.contains("a.txt"), "{fault}");
    }
}
