//! Checking sets: each in itself, then all of them together. Everything found is told, not only the first.

use std::io::{Read, Seek};

use super::manifest::{Manifest, SetId, Tally};
use super::read::{BadSet, SetReader};
use super::receive::Gate;
use super::sign::{Signature, Signed};
use super::{ACTS, together};
use crate::changes::{Act, Hash, border, line};
use crate::domain::text::is_invisible;
use crate::domain::{Chain, Side, VillageCode, limits};
use crate::exchange::keys::Keys;

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
    /// An act of the other side.
    #[error("第{line}行是{}写的，不该在这个变更集里", whose(*.found))]
    OtherSide {
        /// The line, from 1.
        line: u64,
        /// The side of the act.
        found: Side,
    },
    /// An act that cannot be what it says.
    #[error("第{line}行：{why}")]
    Act {
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        why: border::Wrong,
    },
    /// Nobody signed it.
    #[error("没有签名，不能证明是谁交的")]
    Unsigned,
    /// The signature is not of this manifest.
    #[error("签名不对：清单被动过，或签名不是清单里那把钥匙签的")]
    WrongSignature,
    /// Two sets of one chain, signed by two keys.
    #[error("与 {other} 不是同一把钥匙签的（本集 {found}，那里 {known}）：换过钥匙须与对方当面核实指纹")]
    OtherSigner {
        /// The other file.
        other: String,
        /// The fingerprint of the key that signed this one.
        found: String,
        /// The fingerprint of the key that signed the other.
        known: String,
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
    /// Whether something was altered or lost, or a key or signature is wrong, rather than a set merely not handed in yet
    /// or not readable here.
    pub fn is_broken_hash(&self) -> bool {
        !matches!(
            self,
            Self::Unreadable(BadSet::NotASet | BadSet::Newer(_) | BadSet::OtherAlg(_) | BadSet::Io(_))
                | Self::NewerAct { .. }
                | Self::Gap { .. }
                | Self::Act { .. }
                | Self::OtherStore { .. }
        )
    }
}

fn whose(side: Side) -> &'static str {
    match side {
        Side::Village => "村里",
        Side::County => "县里",
    }
}

/// What was found.
#[derive(Debug, Default)]
pub struct Report {
    /// The files that are right in themselves, in the order given: which set, and who signed it.
    pub signers: Vec<(String, SetId, Signed)>,
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
    pub signed: Option<Signed>,
    /// SHA-256 of the plain set, where it was sealed.
    pub unsealed: Option<Hash>,
    /// The hash of each act, from the first on.
    pub hashes: Vec<Hash>,
    /// Whether no act was read.
    pub is_unread: bool,
}

/// Checks files, each with the name by which it is spoken of. They may come in any order, and twice; sealed ones are
/// opened with the keys at hand.
pub fn verify<R: Read + Seek>(
    files: impl IntoIterator<Item = (String, Result<R, std::io::Error>)>,
    own: Option<&Keys>,
) -> Report {
    let mut report = Report::default();
    let mut whole = Vec::new();
    for (file, reader) in files {
        let mut faults = Vec::new();
        let checked =
            reader.map_err(BadSet::from).and_then(|reader| check(&file, reader, own, None, &mut faults, |_, _, _| {}));
        match checked {
            // Of a set that is wrong in itself, nothing can be said about its place among others.
            Ok(checked) if faults.is_empty() => {
                let signed = checked.signed.clone();
                report.signers.extend(signed.map(|signed| (file.clone(), checked.manifest.set, signed)));
                whole.push(checked);
            }
            Ok(_) => {}
            Err(error) => faults.push(error.into()),
        }
        report.problems.extend(faults.into_iter().map(|fault| Problem { file: file.clone(), fault }));
    }
    report.problems.extend(together::check(whole));
    report
}

/// Checks one file, and gives each act that can be read, with its line and its hash. Where there is a gate no act is read
/// of what is not signed, or not let in.
pub(super) fn check<R: Read + Seek>(
    file: &str,
    reader: R,
    own: Option<&Keys>,
    gate: Option<Gate<'_>>,
    faults: &mut Vec<Fault>,
    mut each: impl FnMut(Act, Vec<u8>, Hash),
) -> Result<Checked, BadSet> {
    let mut set = SetReader::open(reader, own)?;
    faults.extend(set.strange().iter().cloned().map(Fault::Strange));
    let manifest = set.manifest().clone();
    let signed = match set.signature().clone() {
        Signature::By(signed) => Some(signed),
        Signature::None => {
            faults.push(Fault::Unsigned);
            None
        }
        Signature::Wrong => {
            faults.push(Fault::WrongSignature);
            None
        }
    };
    faults.extend(said_of_itself(&manifest));
    let is_let_in = |gate: Gate<'_>| signed.as_ref().is_some_and(|signed| gate(&manifest, signed));
    if gate.is_some_and(|gate| !is_let_in(gate)) {
        let (manifest_hash, unsealed, file) = (set.manifest_hash(), set.unsealed(), file.to_owned());
        return Ok(Checked { file, manifest_hash, manifest, signed, unsealed, hashes: Vec::new(), is_unread: true });
    }
    let mut walk = Walk::new(&manifest);
    for line in set.lines()? {
        let line = line?;
        if let Some(act) = walk.line(&line, faults) {
            each(act, line, walk.hash);
        }
        if faults.len() >= MOST_FAULTS {
            break;
        }
    }
    let hashes = walk.end(faults);
    let (manifest_hash, unsealed) = (set.manifest_hash(), set.unsealed());
    Ok(Checked { file: file.to_owned(), manifest_hash, manifest, signed, unsealed, hashes, is_unread: false })
}

/// What a manifest says of itself beyond its acts that is more than is let in, or cannot be.
fn said_of_itself(manifest: &Manifest) -> Option<Fault> {
    let names = [&manifest.village.name, &manifest.made.by];
    let is_long =
        names.iter().any(|name| name.len() > limits::NAME) || manifest.made.role.as_str().len() > limits::NAME;
    let is_unseen = names.iter().any(|name| name.chars().any(is_invisible));
    let much = manifest.to.saturating_sub(manifest.from);
    if is_long || is_unseen {
        return Some(Fault::Manifest("村名或交出人"));
    }
    (much >= limits::ACTS).then_some(Fault::Unreadable(BadSet::TooLarge("件数")))
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

    fn line(&mut self, text: &[u8], faults: &mut Vec<Fault>) -> Option<Act> {
        self.line += 1;
        self.bytes += text.len() as u64 + 1;
        sha2::Digest::update(&mut self.sha, text);
        sha2::Digest::update(&mut self.sha, b"\n");
        self.hash = self.hash.then(text);
        self.hashes.push(self.hash);
        match line::read(text) {
            Ok(act) => {
                self.act(&act, faults);
                let validated = border::validate(&act, text);
                faults.extend(validated.err().map(|why| Fault::Act { line: self.line, why }));
                return Some(act);
            }
            Err(line::BadLine::Newer(version)) => faults.push(Fault::NewerAct { line: self.line, version }),
            // The reader's own words would quote what stands there, and that may be somebody's number.
            Err(line::BadLine::Json(error)) => {
                faults.push(Fault::NotAnAct { line: self.line, column: error.column() });
            }
        }
        None
    }

    fn act(&mut self, act: &Act, faults: &mut Vec<Fault>) {
        let expected = self.manifest.from.saturating_add(self.line - 1);
        if act.number != expected {
            faults.push(Fault::Number { line: self.line, expected, found: act.number });
        }
        if act.village != self.manifest.village.code {
            faults.push(Fault::OtherVillage { line: self.line, found: act.village });
        }
        if act.side != self.manifest.side {
            faults.push(Fault::OtherSide { line: self.line, found: act.side });
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
        let chain = Chain { village: manifest.village.code, side: manifest.side };
        let id = match manifest.set.nil {
            Some(month) => SetId::nil_of(chain, manifest.to, month),
            None => SetId::of(chain, manifest.from, manifest.to),
        };
        let is_run = manifest.set.nil.is_some() != (manifest.from <= manifest.to);
        if manifest.set.to_string() != id.to_string() || manifest.from == 0 || !is_run {
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
