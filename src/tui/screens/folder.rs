//! A folder as a field of a form: typed or pasted, `~` for one's own.

use std::path::{Path, PathBuf};

use crate::tui::widgets::form::{Field, Verdict};

/// Whether a folder that is not there yet may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// Where the folder above it is there.
    Made,
    /// A stick that is not plugged in must not turn into a folder of the disk.
    Refused,
}

/// A field for a folder.
pub(super) fn field(id: &str, label: &str, holding: &Path, missing: Missing) -> Field {
    let holding = holding.display().to_string();
    Field::text(id, label).holding(&holding).checked(move |text| judge(&path(text), missing))
}

fn judge(folder: &Path, missing: Missing) -> Verdict {
    let above = folder.parent().is_some_and(Path::is_dir);
    match missing {
        _ if folder.is_dir() => Verdict::Good,
        _ if folder.is_relative() => Verdict::Refused("要写全：从 / 写起（自己的文件夹可写 ~）".to_owned()),
        _ if folder.exists() => Verdict::Refused("这是文件，不是文件夹".to_owned()),
        Missing::Made if above => Verdict::Doubtful("还没有这个文件夹，会新建".to_owned()),
        _ => Verdict::Refused("没有这个文件夹（U盘插上了吗？）".to_owned()),
    }
}

/// What was typed, as a path.
pub(super) fn path(text: &str) -> PathBuf {
    let own = || directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned());
    match text.trim().strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with('/')) {
        Some(rest) => own().map_or_else(|| text.into(), |own| own.join(rest.trim_start_matches('/'))),
        None => text.trim().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_not_there_is_made_only_where_that_cannot_be_a_mistake() {
        let there = tempfile::tempdir().unwrap();
        let file = there.path().join("名册.xlsx");
        std::fs::write(&file, "").unwrap();
        let refused = |missing, path: &Path| matches!(judge(path, missing), Verdict::Refused(_));
        for missing in [Missing::Made, Missing::Refused] {
            assert_eq!(judge(there.path(), missing), Verdict::Good);
            assert!(refused(missing, &file) && refused(missing, Path::new("名册")));
            assert!(refused(missing, &there.path().join("一/二")));
        }
        assert!(refused(Missing::Refused, &there.path().join("一")));
        assert!(matches!(judge(&there.path().join("一"), Missing::Made), Verdict::Doubtful(_)));
    }
}
