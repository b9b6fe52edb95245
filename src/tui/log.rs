//! The log: what the program did, and where it broke; no names, no numbers of people.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;

use crate::domain::Clock;

/// A log this long makes way for a new one; the one before it is kept.
const LONGEST: u64 = 1 << 20;

/// Begins to log below a home; gives the file. Only the first one of a process counts.
pub(super) fn begin(home: &Path) -> io::Result<PathBuf> {
    let folder = home.join("log");
    make_private(&folder)?;
    let path = folder.join("hudang.log");
    if fs::metadata(&path).is_ok_and(|log| log.len() > LONGEST) {
        fs::rename(&path, folder.join("hudang.1.log"))?;
    }
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path)?;
    let log = tracing_subscriber::fmt().with_writer(Mutex::new(file)).with_timer(ChinasTime).with_ansi(false);
    // A second one in the same process, as in tests, leaves the first in place.
    let _ = log.try_init();
    Ok(path)
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// The machine's time in China, whatever day the program was told to live on.
struct ChinasTime;

impl FormatTime for ChinasTime {
    fn format_time(&self, writer: &mut Writer<'_>) -> std::fmt::Result {
        write!(writer, "{}", Clock::system().now().to_rfc3339())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_log_makes_way_and_the_one_before_is_kept() {
        let home = tempfile::tempdir().unwrap();
        let path = begin(home.path()).unwrap();
        assert_eq!(path, home.path().join("log/hudang.log"));
        fs::write(&path, vec![b'x'; LONGEST as usize + 1]).unwrap();
        begin(home.path()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().len(), 0);
        assert_eq!(fs::metadata(home.path().join("log/hudang.1.log")).unwrap().len(), LONGEST + 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&path), mode(&home.path().join("log"))), (0o600, 0o700));
        }
    }
}
