//! Where things lie in a home, and who may read them. No name here tells of a person.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::error::StoreError;

/// The folder of a store.
#[derive(Clone, Debug)]
pub(crate) struct Home(PathBuf);

/// What an unfinished file ends with until it is whole and renamed.
pub(crate) const UNFINISHED: &str = "tmp";

/// The name of the mark that a restore leaves.
pub(crate) const RESTORED: &str = "restored";

/// What is known to be damaged, so that it stays known.
const DAMAGE: &str = "damage";

const SEGMENT: &str = "hdj";
const SNAPSHOT: &str = "hds";
/// The name of the file that says who the store is.
pub(crate) const IDENTITY: &str = "identity";
const DRAFTS: &str = "drafts";
const KEYS: &str = "keys";
const WAITING: &str = "waiting";

/// Whether a name is one of a file that belongs to a store's journal.
pub(crate) fn is_in_journal(name: &str) -> bool {
    let numbered = name.rsplit_once('.').is_some_and(|(stem, extension)| {
        [SEGMENT, SNAPSHOT].contains(&extension) && stem.len() >= 6 && stem.bytes().all(|byte| byte.is_ascii_digit())
    });
    numbered || [IDENTITY, DRAFTS, DAMAGE].contains(&name)
}

/// Whether what is left of such a file is read, where a part of it is missing.
pub(crate) fn is_read_in_part(name: &str) -> bool {
    name.ends_with(&format!(".{SEGMENT}")) || name == DRAFTS
}

/// The folders beside the journal that a backup holds too.
pub(crate) const BESIDE: [&str; 2] = [KEYS, WAITING];

/// The folder beside the journal and the name in it that a name in a backup stands for.
pub(crate) fn beside(name: &str) -> Option<(&'static str, &str)> {
    let (folder, name) = name.split_once('/')?;
    let is_plain = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', ':', '\0']);
    let is_whole = !name.ends_with(UNFINISHED);
    let folder = BESIDE.into_iter().find(|known| *known == folder);
    folder.filter(|_| is_plain && is_whole).map(|folder| (folder, name))
}

impl Home {
    pub(crate) fn at(dir: &Path) -> Self {
        Self(dir.to_owned())
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.0
    }

    /// Lets nobody else in, where the folder holds nothing else and the disk knows users.
    pub(crate) fn keep_private(&self) {
        // Where it does not, that is told at every opening.
        let _ = set_private(&self.0, true);
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.0.join("lock")
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.0.join("journal")
    }

    /// Who the store is, beside what the segments say of it.
    pub(crate) fn identity(&self) -> PathBuf {
        self.journal().join(IDENTITY)
    }

    pub(crate) fn segment(&self, number: u32) -> PathBuf {
        self.journal().join(format!("{number:06}.{SEGMENT}"))
    }

    /// The state as it was before the segment of this number.
    pub(crate) fn snapshot(&self, number: u32) -> PathBuf {
        self.journal().join(format!("{number:06}.{SNAPSHOT}"))
    }

    /// There when the journal came out of a backup and nobody has said yet what was handed over since; empty until it was
    /// opened, and began an epoch.
    pub(crate) fn restored(&self) -> PathBuf {
        self.journal().join(RESTORED)
    }

    /// There while the journal is known to be damaged.
    pub(crate) fn damage(&self) -> PathBuf {
        self.journal().join(DAMAGE)
    }

    /// The folder of secret keys.
    pub(crate) fn keys(&self) -> PathBuf {
        self.0.join(KEYS)
    }

    /// A file by its name in a backup.
    pub(crate) fn by_name(&self, name: &str) -> PathBuf {
        if beside(name).is_some() { self.0.join(name) } else { self.journal().join(name) }
    }

    /// The files in the folders beside the journal, by their names in a backup.
    pub(crate) fn all_beside(&self) -> io::Result<Vec<String>> {
        let mut all = Vec::new();
        for folder in BESIDE {
            let entries = match fs::read_dir(self.0.join(folder)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                entries => entries?,
            };
            for entry in entries {
                let entry = entry?;
                let name = format!("{folder}/{}", name_of(&entry.path()));
                if entry.file_type()?.is_file() && beside(&name).is_some() && self.0.join(&name).exists() {
                    all.push(name);
                }
            }
        }
        all.sort_unstable();
        Ok(all)
    }

    /// Where a restore builds the journal until it is whole.
    pub(crate) fn restoring(&self) -> PathBuf {
        self.0.join("restoring")
    }

    /// What stands in the way of a restore: anything but a lock, a log, and what an earlier restore left.
    pub(crate) fn holds(&self) -> Option<String> {
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten();
        let names = entries.map(|entry| name_of(&entry.path()));
        names.filter(|name| !["lock", "restoring"].contains(&name.as_str()) && !name.ends_with(".log")).min()
    }

    /// Where bytes cut off behind an entry are kept, when they were something once.
    pub(crate) fn cut_off(&self, after: u64) -> PathBuf {
        self.journal().join(format!("cut-after-{after}.bin"))
    }

    /// Sets that came before the ones they follow.
    pub(crate) fn waiting(&self) -> PathBuf {
        self.0.join("waiting")
    }

    pub(crate) fn index(&self) -> PathBuf {
        self.0.join("index")
    }

    /// How the index was left.
    pub(crate) fn index_mark(&self) -> PathBuf {
        self.0.join("index.mark")
    }

    pub(crate) fn index_aside(&self, number: u32) -> PathBuf {
        self.0.join(format!("index.aside-{number}"))
    }

    pub(crate) fn drafts(&self) -> PathBuf {
        self.journal().join(DRAFTS)
    }

    pub(crate) fn holds_a_store(&self) -> bool {
        self.segments().is_ok_and(|segments| !segments.is_empty())
    }

    /// The segments there are, ascending.
    pub(crate) fn segments(&self) -> io::Result<Vec<u32>> {
        segments_in(&self.journal())
    }

    /// The snapshots there are, ascending.
    pub(crate) fn snapshots(&self) -> io::Result<Vec<u32>> {
        numbered(&self.journal(), SNAPSHOT)
    }

    /// The folders of indexes set aside, oldest first.
    pub(crate) fn asides(&self) -> Vec<u32> {
        let number = |entry: fs::DirEntry| entry.file_name().to_str()?.strip_prefix("index.aside-")?.parse().ok();
        let mut all: Vec<u32> = fs::read_dir(&self.0).into_iter().flatten().flatten().filter_map(number).collect();
        all.sort_unstable();
        all
    }
}

/// The segments in a folder, ascending.
pub(crate) fn segments_in(folder: &Path) -> io::Result<Vec<u32>> {
    numbered(folder, SEGMENT)
}

fn numbered(folder: &Path, extension: &str) -> io::Result<Vec<u32>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == extension) {
            all.extend(path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse::<u32>().ok()));
        }
    }
    all.sort_unstable();
    Ok(all)
}

/// The name of a file as a person may be told it.
pub(crate) fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The path under which a file is written until it is whole.
pub(crate) fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(UNFINISHED);
    name.into()
}

/// Makes a folder that only its owner may enter, with those above it.
pub(crate) fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// How files of a store are opened to be written: made where they are not, for their owner alone.
pub(crate) fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes what a file holds durable.
pub(crate) fn sync_file(path: &Path) -> io::Result<()> {
    // Windows wants the right to write for this.
    File::options().write(true).open(path)?.sync_all()
}

/// Makes the names in a folder durable, where the system can.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    // A bare name stands in the folder where the program was started.
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}

/// Opens a new file for its owner alone, in place of one that a kill left there; never one that somebody put there as a
/// link to another.
fn new_file(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    private_file().create_new(true).open(path)
}

/// Lets nobody but the owner read what lies in a folder, with the folder itself.
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    set_private(folder, true)?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { make_private(&path)? } else { set_private(&path, false)? }
    }
    Ok(())
}

/// Whether the disk keeps a file from others, after it was asked to; where there are no modes it is the system's matter.
pub(crate) fn is_private(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let is_open = || fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0);
        // A disk that refuses shows it in what it says afterwards.
        !is_open() || (set_private(path, path.is_dir()).is_ok() && !is_open())
    }
    #[cfg(not(unix))]
    path.exists()
}

fn set_private(path: &Path, is_folder: bool) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = if is_folder { 0o700 } else { 0o600 };
        let known = fs::metadata(path)?.permissions();
        if known.mode() & 0o777 != mode {
            fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
        }
    }
    let _ = (path, is_folder);
    Ok(())
}

/// Puts a file in place as a whole: written aside, made durable, renamed, the name made durable.
pub(crate) fn write_whole<T>(
    path: &Path,
    what: &str,
    write: impl FnOnce(&mut File) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let disk = || StoreError::disk(what);
    let aside = unfinished(path);
    let mut file = new_file(&aside).map_err(disk())?;
    let written = write(&mut file).and_then(|done| {
        file.sync_all().and_then(|()| fs::rename(&aside, path)).map_err(disk())?;
        Ok(done)
    });
    let done = written.inspect_err(|_| {
        // What is left of it is of no use, and may be what fills the disk.
        let _ = fs::remove_file(&aside);
    })?;
    path.parent().map_or(Ok(()), sync_folder).map_err(disk())?;
    Ok(done)
}
