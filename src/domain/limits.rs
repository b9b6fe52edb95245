//! How much is taken in from outside, in one table: whatever is above is refused before it is trusted, and said.

/// The longest text of a field, a cell, a reason or a remark, in bytes: more than a spreadsheet's cell can hold.
pub const TEXT: usize = 64 << 10;

/// The longest name of a person, a village or a store, and the longest id, in bytes.
pub const NAME: usize = 512;

/// The longest line of an act: an import of one household with all its columns is a hundredth of it.
pub const LINE: usize = 4 << 20;

/// The most acts of one set; ten years of a large village, and more.
pub const ACTS: u64 = 500_000;

/// The most pieces of one act: fields, rows, words on other acts.
pub const PIECES: usize = 200_000;

/// The most answers of one act of the county.
pub const WORDS: usize = 20_000;

/// The most bytes to which the lines of a set unpack.
pub const UNPACKED: u64 = 256 << 20;

/// The largest file of a set, sealed or not, with all that is around it.
pub const FILE: u64 = 72 << 20;

/// The largest manifest; it may name some thousand acts as held.
pub const MANIFEST: u64 = 1 << 20;

/// How many sets of one village may wait for those before them or for a key, and how many in all.
pub const WAITING: usize = 64;
/// See [`WAITING`].
pub const WAITING_IN_ALL: usize = 4_000;

/// The most bytes of sets that wait.
pub const WAITING_BYTES: u64 = 1 << 30;

/// The largest workbook that comes back.
pub const WORKBOOK: usize = 32 << 20;

/// The most bytes to which the parts of a workbook unpack.
pub const WORKBOOK_UNPACKED: u64 = 256 << 20;

/// The most cells over which a sheet reaches.
pub const CELLS: u64 = 2_000_000;

/// A limit as people read it: whole megabytes and kilobytes as such.
pub fn in_words(most: u64) -> String {
    const KILO: u64 = 1 << 10;
    const MEGA: u64 = 1 << 20;
    match most {
        most if most >= MEGA && most.is_multiple_of(MEGA) => format!("{} MB", most / MEGA),
        most if most >= KILO && most.is_multiple_of(KILO) => format!("{} KB", most / KILO),
        most => most.to_string(),
    }
}

/// The table as the README prints it: what is limited, and how much is let in.
pub const TABLE: &[(&str, u64)] = &[
    ("一处文字", TEXT as u64),
    ("姓名、编号", NAME as u64),
    ("一件变更", LINE as u64),
    ("一件变更里的项", PIECES as u64),
    ("一件答复里的项", WORDS as u64),
    ("一个变更集的件数", ACTS),
    ("变更集解开后", UNPACKED),
    ("变更集文件", FILE),
    ("变更集的清单", MANIFEST),
    ("一个村等候的变更集（份）", WAITING as u64),
    ("等候的变更集共（份）", WAITING_IN_ALL as u64),
    ("等候的变更集共", WAITING_BYTES),
    ("工作簿文件", WORKBOOK as u64),
    ("工作簿解开后", WORKBOOK_UNPACKED),
    ("一张表的格子", CELLS),
];
