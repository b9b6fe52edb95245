//! Writing a set, act by act, so that a long history needs no memory.

use std::io::{self, Seek, Write};

use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::manifest::{Alg, FORMAT, Lines, Made, Manifest, Previous, Released, SetId, Tally, Village};
use super::read::MOST_MANIFEST;
use super::sign::{Sign, Signed};
use super::{ACTS, MANIFEST, MOST_BYTES, MOST_LINE, README, SIGNATURE};
use crate::changes::{Act, Hash};
use crate::domain::Side;

/// What a set says beyond its acts. The first hand-over decides it, and every later writing repeats it.
#[derive(Clone, Debug)]
pub struct About {
    /// Which run.
    pub set: SetId,
    /// The village's name.
    pub village: Box<str>,
    /// The hash of the act before the first one.
    pub hash_before: Hash,
    /// Who handed it over, and when.
    pub made: Made,
    /// The set handed over before it.
    pub previous: Option<Previous>,
    /// What the acts of the run alone do not say of approval; none writes a set as an older program did.
    pub review: Option<Review>,
}

/// What a set says of approval beyond its acts.
#[derive(Clone, Debug, Default)]
pub struct Review {
    /// Whether the village wants every change approved.
    pub needed: bool,
    /// The acts that were held in earlier sets and are released in this one.
    pub released: Vec<Released>,
}

/// Why a set cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum CannotWrite {
    /// The file cannot be written.
    #[error("变更集写不下去（{0}），请看磁盘是否已满")]
    Io(#[from] io::Error),
    /// The acts given are not the run that was announced.
    #[error("应是第{expected}号，得到的却是第{found}号，账本须先核对（hudang verify）")]
    OutOfOrder {
        /// The number that follows.
        expected: u64,
        /// The number that came.
        found: u64,
    },
    /// The run ended too early.
    #[error("只有到第{0}号，不到所要的止号")]
    Unfinished(u64),
    /// A line does not lead to its hash, or is another village's.
    #[error("第{0}号与它的校验值不符，账本须先核对（hudang verify）")]
    Broken(u64),
    /// More than a reader would take.
    #[error("变更太多，一个文件装不下，请分段导出（--from、--to）")]
    TooLarge,
}

impl From<zip::result::ZipError> for CannotWrite {
    fn from(error: zip::result::ZipError) -> Self {
        Self::Io(error.into())
    }
}

/// A set that was written.
#[derive(Debug)]
pub struct Written<W> {
    /// What it says of itself.
    pub manifest: Manifest,
    /// How the next set names it: SHA-256 of its manifest.
    pub manifest_hash: Hash,
    /// Who signed it, and the signature.
    pub signed: Signed,
    /// Where it was written to.
    pub out: W,
}

/// A set that is being written.
pub struct SetWriter<W: Write + Seek> {
    zip: ZipWriter<W>,
    about: About,
    lost: Option<(u64, u64)>,
    is_copy: bool,
    next: u64,
    hash: Hash,
    sha: Sha256,
    bytes: u64,
    tally: Tally,
}

impl<W: Write + Seek> SetWriter<W> {
    /// Begins a set.
    pub fn begin(out: W, about: About) -> Result<Self, CannotWrite> {
        let mut zip = ZipWriter::new(out);
        zip.start_file(README, options())?;
        zip.write_all(&readme(&about))?;
        zip.start_file(ACTS, options())?;
        let (next, hash) = (about.set.from, about.hash_before);
        Ok(Self {
            zip,
            about,
            lost: None,
            is_copy: false,
            next,
            hash,
            sha: Sha256::new(),
            bytes: 0,
            tally: Tally::default(),
        })
    }

    /// Says of a run of acts just before the set that it cannot be read any more, so that nobody waits for it.
    pub fn comes_after_lost(&mut self, lost: Option<(u64, u64)>) {
        self.lost = lost;
    }

    /// Says that it is written by the other side, out of its copy of the chain.
    pub fn comes_of_copy(&mut self, is_copy: bool) {
        self.is_copy = is_copy;
    }

    /// Adds the next act: as it reads, as its line stands in the journal, and the hash there.
    pub fn push(&mut self, act: &Act, line: &[u8], hash: Hash) -> Result<(), CannotWrite> {
        if act.number != self.next || act.number > self.about.set.to {
            return Err(CannotWrite::OutOfOrder { expected: self.next, found: act.number });
        }
        if self.hash.then(line) != hash || act.chain() != self.about.set.chain() {
            return Err(CannotWrite::Broken(act.number));
        }
        self.bytes += line.len() as u64 + 1;
        if line.len() > MOST_LINE || self.bytes > MOST_BYTES {
            return Err(CannotWrite::TooLarge);
        }
        for part in [line, b"\n"] {
            self.zip.write_all(part)?;
            self.sha.update(part);
        }
        self.hash = hash;
        self.next += 1;
        self.tally.add(act);
        Ok(())
    }

    /// Ends the set with its manifest and the signature.
    pub fn finish(mut self, sign: &Sign<'_>) -> Result<Written<W>, CannotWrite> {
        let set = self.about.set;
        if self.next != set.to + 1 {
            return Err(CannotWrite::Unfinished(self.next - 1));
        }
        let manifest = Manifest {
            format: FORMAT.into(),
            version: self.tally.version.max(1),
            set,
            village: Village { code: set.village, name: self.about.village },
            side: set.side,
            from: set.from,
            to: set.to,
            hash_before: self.about.hash_before,
            hash_last: self.hash,
            acts: Lines { file: ACTS.into(), bytes: self.bytes, sha256: Hash(self.sha.finalize().into()) },
            reviews: self.about.review.map(|review| self.tally.reviewed(review.needed, review.released)),
            stores: self.tally.stores,
            made: self.about.made,
            counts: self.tally.counts,
            previous: self.about.previous,
            lost: self.lost,
            copy: self.is_copy,
            alg: Alg::default(),
            key: Some(sign.keys()),
        };
        let bytes = manifest.to_bytes();
        if bytes.len() as u64 > MOST_MANIFEST {
            return Err(CannotWrite::TooLarge);
        }
        self.zip.start_file(MANIFEST, options())?;
        self.zip.write_all(&bytes)?;
        let signed = sign.sign(&bytes);
        self.zip.start_file(SIGNATURE, options())?;
        self.zip.write_all(&signed.to_bytes())?;
        Ok(Written { manifest, manifest_hash: Hash::of(&bytes), signed, out: self.zip.finish()? })
    }
}

/// Fixed times, level and rights: the same set is the same bytes.
pub(super) fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o600)
}

fn readme(about: &About) -> Vec<u8> {
    let set = about.set;
    let text = match set.side {
        Side::Village => include_str!("../../../data/set/readme.txt"),
        Side::County => include_str!("../../../data/set/answer.txt"),
    };
    let text = text
        .replace("{set}", &set.to_string())
        .replace("{code}", &set.village.to_string())
        .replace("{from}", &set.from.to_string())
        .replace("{to}", &set.to.to_string())
        .replace("{count}", &(set.to + 1 - set.from).to_string())
        .replace("{village}", &about.village);
    for_windows(&text)
}

/// With a byte order mark and the line breaks that an old Windows editor needs.
pub(super) fn for_windows(text: &str) -> Vec<u8> {
    format!("\u{feff}{}", text.replace('\n', "\r\n")).into_bytes()
}
