//! Sealed sets: a plain one within a container that only those for whom it is sealed can open.

use std::io::{Cursor, Read, Seek, Write};

use age::DecryptError;
use serde::{Deserialize, Serialize};
use zip::{ZipArchive, ZipWriter};

use super::manifest::SetId;
use super::read::{BadSet, see_readme, whole};
use super::write::{CannotWrite, for_windows, options};
use super::{INSIDE, MOST_SEALED, README, SEALED};
use crate::exchange::keys::{Keys, SEAL, SealingPublic};

/// What `format` says.
const FORMAT: &str = "hudang-sealed";

/// The newest version of the shape.
const VERSION: u64 = 1;

/// Some hundred bytes, and as many again for each for whom it is sealed.
const MOST: u64 = 1 << 20;

/// What age adds: a header of some hundred bytes, and 16 bytes to each 64 KiB.
const MOST_INSIDE: u64 = MOST_SEALED + (MOST_SEALED >> 10);

/// `sealed.json`: what a sealed set says of itself, with its keys in the order in which they are written. It is a help
/// to whoever holds the file, and no proof; that is in what is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    format: Box<str>,
    version: u64,
    /// The set inside.
    pub set: SetId,
    alg: Alg,
    /// For whom it is sealed.
    #[serde(rename = "for")]
    pub recipients: Vec<SealingPublic>,
    /// The length of the plain set.
    pub bytes: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Alg {
    seal: Box<str>,
}

/// Seals a plain set for those who may open it; gives the bytes of the sealed one, which differ each time.
pub fn seal(set: SetId, village: &str, plain: &[u8], recipients: &[SealingPublic]) -> Result<Vec<u8>, CannotWrite> {
    if plain.len() as u64 > MOST_SEALED {
        return Err(CannotWrite::TooLarge);
    }
    let sealed = Sealed {
        format: FORMAT.into(),
        version: VERSION,
        set,
        alg: Alg { seal: SEAL.into() },
        recipients: recipients.to_vec(),
        bytes: plain.len() as u64,
    };
    let inside = sealed_for(plain, recipients)?;
    let mut zip = ZipWriter::new(Cursor::new(Vec::with_capacity(inside.len() + 4096)));
    let fingerprints: Vec<String> = recipients.iter().map(SealingPublic::fingerprint).collect();
    let readme = include_str!("../../../data/set/sealed.txt")
        .replace("{set}", &set.to_string())
        .replace("{village}", village)
        .replace("{code}", &set.village.to_string())
        .replace("{for}", &fingerprints.join("、"));
    // Plain types with text keys only, so this cannot fail.
    let mut text = serde_json::to_vec_pretty(&sealed).unwrap_or_default();
    text.push(b'\n');
    for (name, bytes) in [(README, for_windows(&readme)), (SEALED, text), (INSIDE, inside)] {
        zip.start_file(name, options())?;
        zip.write_all(&bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn sealed_for(plain: &[u8], recipients: &[SealingPublic]) -> Result<Vec<u8>, CannotWrite> {
    let other = || CannotWrite::Io(std::io::Error::other("加密没有成功"));
    let recipients: Vec<age::x25519::Recipient> = recipients.iter().filter_map(SealingPublic::recipient).collect();
    let each = recipients.iter().map(|recipient| recipient as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(each).map_err(|_| other())?;
    let mut writer = encryptor.wrap_output(Vec::with_capacity(plain.len() + 4096))?;
    writer.write_all(plain)?;
    Ok(writer.finish()?)
}

/// Whether a container says that it is a sealed set.
pub(super) fn is_sealed<R: Read + Seek>(archive: &ZipArchive<R>) -> bool {
    archive.file_names_raw().any(|name| name == SEALED.as_bytes())
}

/// Opens a sealed set: what it says of itself, and the plain set within.
pub(super) fn open<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    own: Option<&Keys>,
) -> Result<(Sealed, Vec<u8>), BadSet> {
    let damaged = |what: &str| BadSet::Damaged(what.to_owned());
    if let Some(name) =
        archive.file_names_raw().find(|name| ![README, SEALED, INSIDE].map(str::as_bytes).contains(name))
    {
        let name = String::from_utf8_lossy(name);
        return Err(BadSet::Damaged(format!("里面多出一个“{}”", name.escape_debug())));
    }
    let sealed = read_sealed(&whole(archive, SEALED, MOST)?)?;
    archive.validate_header_consistency().map_err(|error| BadSet::Damaged(error.to_string()))?;
    see_readme(archive)?;
    // Read to its end first, so that a file that was damaged on its way is not called sealed for somebody else.
    let inside = whole(archive, INSIDE, MOST_INSIDE)?;
    let fault = |error: DecryptError| match error {
        DecryptError::NoMatchingKeys => {
            BadSet::Sealed(sealed.recipients.iter().map(SealingPublic::fingerprint).collect::<Vec<_>>().join("、"))
        }
        DecryptError::UnknownFormat => BadSet::OtherAlg("age".to_owned()),
        _ => damaged("加密部分对不上"),
    };
    let decryptor = age::Decryptor::new_buffered(&inside[..]).map_err(fault)?;
    let opened = decryptor.decrypt(own.map(Keys::opens).into_iter()).map_err(fault)?;
    let mut plain = Vec::new();
    opened.take(MOST_SEALED + 1).read_to_end(&mut plain).map_err(|_| damaged("加密部分对不上"))?;
    match plain.len() as u64 {
        length if length > MOST_SEALED => Err(BadSet::TooLarge(INSIDE)),
        length if length != sealed.bytes => Err(damaged("sealed.json 与内容不符")),
        _ => Ok((sealed, plain)),
    }
}

/// Which set a container says that it seals.
pub(super) fn set_of<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<SetId, BadSet> {
    Ok(read_sealed(&whole(archive, SEALED, MOST)?)?.set)
}

fn read_sealed(text: &[u8]) -> Result<Sealed, BadSet> {
    #[derive(Deserialize)]
    struct Head {
        format: Box<str>,
        version: u64,
        alg: Alg,
    }
    let damaged = |_| BadSet::Damaged(format!("{SEALED} 读不懂"));
    let head: Head = serde_json::from_slice(text).map_err(damaged)?;
    if &*head.format != FORMAT {
        return Err(BadSet::NotASet);
    }
    if head.version > VERSION {
        return Err(BadSet::Newer(head.version));
    }
    if &*head.alg.seal != SEAL {
        return Err(BadSet::OtherAlg(head.alg.seal.escape_debug().to_string()));
    }
    serde_json::from_slice(text).map_err(damaged)
}
