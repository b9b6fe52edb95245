//! What files are chosen for, and what differs by it.

use std::path::PathBuf;

use crate::tui::desk::Desk;

/// What the chosen files are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Tables that may change the files, looked at first.
    Rosters,
    /// What the county sent back, or what was sent to it.
    Receipts,
    /// What villages sent to the county, and workbooks that its clerks filled in.
    Sets,
}

impl Purpose {
    /// The name of the screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rosters => "import",
            Self::Receipts => "receive",
            Self::Sets => "take-in-sets",
        }
    }

    /// What it is called.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Rosters => "导入",
            Self::Receipts => "收回执",
            Self::Sets => "收变更集",
        }
    }

    /// What is done with the selected file, and with the marked ones.
    pub const fn verbs(self) -> (&'static str, &'static str) {
        match self {
            Self::Rosters => ("看会变什么", "看选中的"),
            Self::Receipts | Self::Sets => ("收下", "收选中的"),
        }
    }

    /// Endings of files that may be meant.
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Rosters => &["xlsx", "xls", "ods", "csv", "xlsm"],
            Self::Receipts | Self::Sets => &["zip", "xlsx", "xls", "ods", "csv", "et"],
        }
    }

    /// What is said of a folder that holds none.
    pub const fn none(self) -> &'static str {
        match self {
            Self::Rosters => "这个文件夹里没有文件夹，也没有 xlsx、xls、ods、csv 文件。",
            Self::Receipts => "这个文件夹里没有文件夹，也没有 zip（回执、变更集）和 xlsx（县里填好的录入表）。",
            Self::Sets => "这个文件夹里没有文件夹，也没有 zip（变更集）和工作簿。",
        }
    }

    /// Where files of this kind came from the last time.
    pub fn last_folder(self, desk: &Desk) -> Option<PathBuf> {
        let settings = desk.workspace.settings();
        match self {
            Self::Rosters => settings.rosters.clone(),
            Self::Receipts | Self::Sets => settings.receipts.clone().or_else(|| settings.rosters.clone()),
        }
    }
}
