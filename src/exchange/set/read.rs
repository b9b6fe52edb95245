//! Reading a set that somebody handed in: nothing in it is trusted, nothing is unpacked to disk.

use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};

use zip::ZipArchive;
use zip::read::ZipFile;

use super::manifest::{Alg, FORMAT, Manifest, SetId, VERSION};
use super::seal::{self, Sealed};
use super::sign::{self, Signature};
use super::{ACTS, MANIFEST, MOST_BYTES, MOST_LINE, README, SIGNATURE};
use crate::changes::Hash;
use crate::domain::limits;
use crate::exchange::keys::Keys;

/// A manifest is some hundred bytes, and a village name is no novel; it may name some thousand acts as held.
pub(super) const MOST_MANIFEST: u64 = limits::MANIFEST;

/// A plain set has four entries, a sealed one three.
const MOST_ENTRIES: usize = 64;

/// Why a file cannot be read as a set.
#[derive(Debug, thiserror::Error)]
pub enum BadSet {
    /// Something else altogether.
    #[error("不是变更集文件（应为 hudang-….zip）")]
    NotASet,
    /// The beginning of a set without its end.
    #[error("文件不完整，像是没有拷完，请重新拷贝一份")]
    CutShort,
    /// The container contradicts itself.
    #[error("文件已损坏或被动过（{0}），请重新要一份")]
    Damaged(String),
    /// A part is not there.
    #[error("变更集里没有 {0}")]
    Missing(&'static str),
    /// More than a set can hold.
    #[error("{0} 太大，不像变更集，没有打开")]
    TooLarge(&'static str),
    /// Made by a newer program.
    #[error("由更新的版本写成（格式{0}，本程序只识{VERSION}），请先升级程序")]
    Newer(u64),
    /// Sealed for somebody.
    #[error("变更集是加密给别人的（公钥指纹 {0}），这里没有打得开它的钥匙")]
    Sealed(String),
    /// It uses a method that is not known here.
    #[error("用了本程序不认识的算法（{0}），由更新的版本写成，请先升级程序")]
    OtherAlg(String),
    /// The manifest has another shape.
    #[error("清单 manifest.json 第{line}行第{column}列读不懂（{why}）")]
    Manifest {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What the reader said.
        why: String,
    },
    /// The file cannot be read.
    #[error("读不了（{0}）")]
    Io(#[from] io::Error),
}

/// A set that is being read.
#[derive(Debug)]
pub struct SetReader<R> {
    archive: ZipArchive<Source<R>>,
    manifest: Manifest,
    manifest_hash: Hash,
    signature: Signature,
    sealed: Option<Sealed>,
    /// SHA-256 of the plain set that was sealed.
    unsealed: Option<Hash>,
    strange: Vec<String>,
}

/// Where a plain set is read from.
#[derive(Debug)]
enum Source<R> {
    /// The file.
    Plain(R),
    /// What was sealed in it.
    Opened(Cursor<Vec<u8>>),
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.read(buffer),
            Self::Opened(bytes) => bytes.read(buffer),
        }
    }
}

impl<R: Seek> Seek for Source<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Plain(file) => file.seek(to),
            Self::Opened(bytes) => bytes.seek(to),
        }
    }
}

/// Opens a container, whatever is in it.
fn container<R: Read + Seek>(mut reader: R) -> Result<ZipArchive<R>, BadSet> {
    let mut start = Vec::new();
    (&mut reader).take(4).read_to_end(&mut start)?;
    if start != b"PK\x03\x04" {
        return Err(BadSet::NotASet);
    }
    reader.seek(SeekFrom::Start(0))?;
    let archive = ZipArchive::new(reader).map_err(|error| match error {
        zip::result::ZipError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => BadSet::Io(error),
        _ => BadSet::CutShort,
    })?;
    if archive.len() > MOST_ENTRIES { Err(BadSet::NotASet) } else { Ok(archive) }
}

/// Which set a file says that it holds; a sealed one says so outside.
pub fn set_of<R: Read + Seek>(reader: R) -> Result<SetId, BadSet> {
    let mut archive = container(Source::Plain(reader))?;
    if seal::is_sealed(&archive) {
        return seal::set_of(&mut archive);
    }
    Ok(SetReader::plain(archive, None)?.manifest().set)
}

impl<R: Read + Seek> SetReader<R> {
    /// Opens a set, with the keys at hand where it is sealed, and reads its manifest.
    pub fn open(reader: R, own: Option<&Keys>) -> Result<Self, BadSet> {
        let mut archive = container(Source::Plain(reader))?;
        if !seal::is_sealed(&archive) {
            return Self::plain(archive, None);
        }
        let (sealed, plain) = seal::open(&mut archive, own)?;
        let (set, unsealed) = (sealed.set, Hash::of(&plain));
        let mut opened = Self::plain(container(Source::Opened(Cursor::new(plain)))?, Some(sealed))?;
        opened.unsealed = Some(unsealed);
        if opened.manifest.set == set {
            Ok(opened)
        } else {
            Err(BadSet::Damaged("sealed.json 与内容不符".to_owned()))
        }
    }

    fn plain(mut archive: ZipArchive<Source<R>>, sealed: Option<Sealed>) -> Result<Self, BadSet> {
        let strange = archive
            .file_names_raw()
            .map(String::from_utf8_lossy)
            .filter(|name| ![README, ACTS, MANIFEST, SIGNATURE].contains(&&**name))
            .map(|name| name.escape_debug().to_string())
            .collect();
        let bytes = whole(&mut archive, MANIFEST, MOST_MANIFEST).map_err(|error| match error {
            BadSet::Missing(_) => BadSet::NotASet,
            other => other,
        })?;
        let manifest = read_manifest(&bytes)?;
        // Only now, so that a workbook is called no set rather than a damaged one.
        archive.validate_header_consistency().map_err(|error| BadSet::Damaged(error.to_string()))?;
        see_readme(&mut archive)?;
        let signature = match whole(&mut archive, SIGNATURE, MOST_MANIFEST) {
            Err(BadSet::Missing(_)) => None,
            other => Some(other?),
        };
        let signature = sign::check(signature.as_deref(), &bytes, manifest.key.as_ref())?;
        Ok(Self { archive, manifest, manifest_hash: Hash::of(&bytes), signature, sealed, unsealed: None, strange })
    }

    /// What the set says of itself; [`verify`](super::verify()) tells whether it is so.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// SHA-256 of its manifest, by which the next set names it.
    pub fn manifest_hash(&self) -> Hash {
        self.manifest_hash
    }

    /// The signature that it bears, held against its manifest.
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    /// How it was sealed; none where it was not.
    pub fn sealed(&self) -> Option<&Sealed> {
        self.sealed.as_ref()
    }

    /// SHA-256 of the plain set that was sealed; none where none was.
    pub fn unsealed(&self) -> Option<Hash> {
        self.unsealed
    }

    /// Entries that a set does not have, by name. They are never looked at.
    pub fn strange(&self) -> &[String] {
        &self.strange
    }

    /// The lines of the acts, without their line breaks.
    pub fn lines(&mut self) -> Result<Lines<'_, R>, BadSet> {
        let entry = entry(&mut self.archive, ACTS)?;
        if entry.size() > MOST_BYTES {
            return Err(BadSet::TooLarge(ACTS));
        }
        // One byte more than allowed, so that a size that lies is noticed.
        Ok(Lines { from: BufReader::new(entry.take(MOST_BYTES + 1)), read: 0, ended: false })
    }
}

fn entry<'a, R: Read + Seek>(archive: &'a mut ZipArchive<R>, name: &'static str) -> Result<ZipFile<'a, R>, BadSet> {
    archive.by_name(name).map_err(|error| match error {
        zip::result::ZipError::FileNotFound => BadSet::Missing(name),
        zip::result::ZipError::Io(error) => unreadable(error),
        other => BadSet::Damaged(other.to_string()),
    })
}

pub(super) fn whole<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    name: &'static str,
    most: u64,
) -> Result<Vec<u8>, BadSet> {
    let mut bytes = Vec::new();
    entry(archive, name)?.take(most + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > most { Err(BadSet::TooLarge(name)) } else { Ok(bytes) }
}

/// Nobody signs what a person reads first, but damage to it is seen.
pub(super) fn see_readme<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<(), BadSet> {
    match whole(archive, README, MOST_MANIFEST) {
        Ok(_) | Err(BadSet::Missing(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Bytes that do not unpack are told apart from a disk that cannot be read.
fn unreadable(error: io::Error) -> BadSet {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {
            BadSet::Damaged(error.to_string())
        }
        _ => BadSet::Io(error),
    }
}

fn read_manifest(bytes: &[u8]) -> Result<Manifest, BadSet> {
    let fault = |error: serde_json::Error| BadSet::Manifest {
        line: error.line(),
        column: error.column(),
        why: error.to_string(),
    };
    #[derive(serde::Deserialize)]
    struct Head {
        format: String,
        version: u64,
        alg: Alg,
    }
    let head: Head = serde_json::from_slice(bytes).map_err(fault)?;
    if head.format != FORMAT {
        return Err(BadSet::NotASet);
    }
    if head.version > u64::from(VERSION) {
        return Err(BadSet::Newer(head.version));
    }
    if let Some(alg) = head.alg.strange() {
        return Err(BadSet::OtherAlg(alg.escape_debug().to_string()));
    }
    serde_json::from_slice(bytes).map_err(fault)
}

/// The lines of a set, read one by one.
pub struct Lines<'a, R: Read + Seek> {
    from: BufReader<io::Take<ZipFile<'a, Source<R>>>>,
    read: u64,
    ended: bool,
}

impl<R: Read + Seek> Lines<'_, R> {
    fn next_line(&mut self) -> Result<Option<Vec<u8>>, BadSet> {
        let mut line = Vec::new();
        let most = MOST_LINE as u64 + 2;
        self.read += (&mut self.from).take(most).read_until(b'\n', &mut line).map_err(unreadable)? as u64;
        if self.read > MOST_BYTES || line.len() as u64 == most {
            return Err(BadSet::TooLarge(ACTS));
        }
        match line.pop() {
            None => Ok(None),
            Some(b'\n') => Ok(Some(line)),
            Some(_) => Err(BadSet::Damaged(format!("{ACTS} 最后一行没有写完"))),
        }
    }
}

impl<R: Read + Seek> Iterator for Lines<'_, R> {
    type Item = Result<Vec<u8>, BadSet>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let line = self.next_line();
        self.ended = !matches!(line, Ok(Some(_)));
        line.transpose()
    }
}
