//! Checking sets: each in itself, then all of them together. Everything found is told, not only the first.

use std::io::{Read, Seek};

use super::manifest::{Manifest, SetId, Tally};
use super::read::{BadSet, SetReader};
use super::{ACTS, together};
use crate::changes::{Act, Hash, line};
use crate::domain::VillageCode;

/// Faults of one file after which nobody reads on.
const MOST_FAULTS: usize = 100;

/// Something wrong with a file.
#[derive(Debug)]
pub struct Problem {
    /// The file, as it was named.
    pub file: String,
    /// What is wrong.
    pub fault: Fault,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}：{}", self.file, self.fault)
    }
}

/// What can be wrong with sets.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// It cannot be read.
    #[error("{0}")]
    Unreadable(#[from] BadSet),
    /// There is more in it than in a set.
    #[error("里面多出一个“{0}”，不是变更集的内容")]
    Strange(String),
    /// A line is no act.
    #[error("第{line}行不是变更记录（第{column}个字节处读不懂）")]
    NotAnAct {
        /// The line, from 1.
        line: u64,
        /// The place in the line, from 1.
        column: usize,
    },
    /// A line was written by a newer program.
    #[error("第{line}行由更新的版本写成（格式{version}），请先升级程序")]
    NewerAct {
        /// The line, from 1.
        line: u64,
        /// Its version.
        version: u8,
    },
    /// A number is missing, repeated, or in the wrong place.
    #[error("第{line}行应是第{expected}号，却是第{found}号：缺了、重了或换了顺序")]
    Number {
        /// The line, from 1.
        line: u64,
        /// The number that belongs there.
        expected: u64,
        /// The number that stands there.
        found: u64,
    },
    /// An act of another village.
    #[error("第{line}行是另一个村的（{found}）")]
    OtherVillage {
        /// The line, from 1.
        line: u64,
        /// The village of the act.
        found: VillageCode,
    },
    /// The run ends elsewhere than the manifest says.
    #[error("清单说到第{expected}号，实际到第{found}号")]
    Length {
        /// What the manifest says.
        expected: u64,
        /// What there is.
        found: u64,
    },
    /// The file of lines is not the one that was written.
    #[error("{ACTS} 与清单里的校验值不符，内容被动过")]
    Altered,
    /// The lines do not lead to the last hash.
    #[error("各行串起来与清单里的末号校验值不符：缺了、改了或换了顺序")]
    Chain,
    /// The first act of a village follows nothing.
    #[error("从第1号起，清单里的前一校验值却不是空")]
    Beginning,
    /// The manifest says something else than the acts.
    #[error("清单里的{0}与内容不符")]
    Manifest(&'static str),
    /// Sets between two others are not there.
    #[error("缺第{from}至第{to}号的变更集（在 {after} 之后）")]
    Gap {
        /// The file before the gap.
        after: String,
        /// The first number that is not there.
        from: u64,
        /// The last one.
        to: u64,
    },
    /// Two sets hold different acts under the same number.
    #[error("第{number}号与 {other} 里的不一样：两份之中有一份被动过，或号码用了两次")]
    Differs {
        /// The other file.
        other: String,
        /// The first such number.
        number: u64,
    },
    /// A set does not follow on the one before.
    #[error("接不上 {other}：前一校验值与那里第{number}号的不符，两份之中有一份被动过")]
    NotAfter {
        /// The other file.
        other: String,
        /// The number before the first act.
        number: u64,
    },
    /// The manifest names another set before than the one at hand.
    #[error("清单所记的前一个变更集 {set} 与 {other} 不是同一份")]
    OtherPrevious {
        /// Its id.
        set: SetId,
        /// The file with this id.
        other: String,
    },
    /// One village, two stores.
    #[error("与 {other} 出自两个不同的户档库，同一个村只能有一个")]
    OtherStore {
        /// The other file.
        other: String,
    },
}

impl Fault {
    /// Whether something was altered or lost, rather than merely not handed in yet or not readable here.
    pub fn is_broken_hash(&self) -> bool {
        !matches!(
            self,
            Self::Unreadable(BadSet::NotASet | BadSet::Newer(_) | BadSet::Sealed | BadSet::Io(_))
                | Self::NewerAct { .. }
                | Self::Gap { .. }
                | Self::OtherStore { .. }
        )
    }
}

/// What was found.
#[derive(Debug, Default)]
pub struct Report {
    /// All that is wrong, by file in the order given, then what is wrong among them.
    pub problems: Vec<Problem>,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_ok(&self) -> bool {
        self.problems.is_empty()
    }
}

/// A set that was read to its end.
#[derive(Debug)]
pub(super) struct Checked {
    pub file: String,
    pub manifest: Manifest,
    pub manifest_hash: Hash,
    /// The hash of each act, from the first on.
    pub hashes: Vec<Hash>,
}

/// Checks files, each with the name by which it is spoken of. They may come in any order, and twice.
pub fn verify<R: Read + Seek>(files: impl IntoIterator<Item = (String, Result<R, std::io::Error>)>) -> Report {
    let mut report = Report::default();
    let mut whole = Vec::new();
    for (file, reader) in files {
        let mut faults = Vec::new();
        let checked = reader.map_err(BadSet::from).and_then(|reader| check(&file, reader, &mut faults));
        match checked {
            // Of a set that is wrong in itself, nothing can be said about its place among others.
            Ok(checked) if faults.is_empty() => whole.push(checked),
            Ok(_) => {}
            Err(error) => faults.push(error.into()),
        }
        report.problems.extend(faults.into_iter().map(|fault| Problem { file: file.clone(), fault }));
    }
    report.problems.extend(together::check(whole));
    report
}

fn check<R: Read + Seek>(file: &str, reader: R, faults: &mut Vec<Fault>) -> Result<Checked, BadSet> {
    let mut set = SetReader::open(reader)?;
    faults.extend(set.strange().iter().cloned().map(Fault::Strange));
    let manifest = set.manifest().clone();
    let mut walk = Walk::new(&manifest);
    for line in set.lines()? {
        walk.line(&line?, faults);
        if faults.len() >= MOST_FAULTS {
            break;
        }
    }
    let hashes = walk.end(faults);
    Ok(Checked { file: file.to_owned(), manifest_hash: set.manifest_hash(), manifest, hashes })
}

/// The way along the lines of a set.
struct Walk<'a> {
    manifest: &'a Manifest,
    line: u64,
    bytes: u64,
    sha: sha2::Sha256,
    hash: Hash,
    hashes: Vec<Hash>,
    tally: Tally,
}

impl<'a> Walk<'a> {
    fn new(manifest: &'a Manifest) -> Self {
        Self {
            manifest,
            line: 0,
            bytes: 0,
            sha: sha2::Digest::new(),
            hash: manifest.hash_before,
            hashes: Vec::new(),
            tally: Tally::default(),
        }
    }

    fn line(&mut self, text: &[u8], faults: &mut Vec<Fault>) {
        self.line += 1;
        self.bytes += text.len() as u64 + 1;
        sha2::Digest::update(&mut self.sha, text);
        sha2::Digest::update(&mut self.sha, b"\n");
        self.hash = self.hash.then(text);
        self.hashes.push(self.hash);
        match line::read(text) {
            Ok(act) => self.act(&act, faults),
            Err(line::BadLine::Newer(version)) => faults.push(Fault::NewerAct { line: self.line, version }),
            // The reader's own words would quote what stands there, and that may be somebody's number.
            Err(line::BadLine::Json(error)) => {
                faults.push(Fault::NotAnAct { line: self.line, column: error.column() });
            }
        }
    }

    fn act(&mut self, act: &Act, faults: &mut Vec<Fault>) {
        let expected = self.manifest.from.saturating_add(self.line - 1);
        if act.number != expected {
            faults.push(Fault::Number { line: self.line, expected, found: act.number });
        }
        if act.village != self.manifest.village.code {
            faults.push(Fault::OtherVillage { line: self.line, found: act.village });
        }
        self.tally.add(act);
    }

    fn end(self, faults: &mut Vec<Fault>) -> Vec<Hash> {
        let manifest = self.manifest;
        let lines = &manifest.acts;
        if Hash(sha2::Digest::finalize(self.sha).into()) != lines.sha256 || self.bytes != lines.bytes {
            faults.push(Fault::Altered);
        }
        let last = manifest.from.saturating_add(self.line).saturating_sub(1);
        if last != manifest.to {
            faults.push(Fault::Length { expected: manifest.to, found: last });
        }
        if self.hash != manifest.hash_last {
            faults.push(Fault::Chain);
        }
        if manifest.from == 1 && manifest.hash_before != Hash::NONE {
            faults.push(Fault::Beginning);
        }
        let id = SetId { village: manifest.village.code, from: manifest.from, to: manifest.to };
        if manifest.set != id || manifest.from == 0 {
            faults.push(Fault::Manifest("编号"));
        }
        if manifest.counts != self.tally.counts {
            faults.push(Fault::Manifest("件数"));
        }
        if manifest.stores != self.tally.stores {
            faults.push(Fault::Manifest("户档库"));
        }
        if let Some(said) = &manifest.reviews {
            // Who approved what an earlier set held stands in that set; which acts they are is said here.
            let released: Vec<u64> = said.released.iter().map(|released| released.act).collect();
            let is_so = self.tally.reviewed(said.needed, said.released.clone()) == *said;
            if !is_so || self.tally.released() != released {
                faults.push(Fault::Manifest("审核情况"));
            }
        }
        self.hashes
    }
}
