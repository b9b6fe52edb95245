//! In which encoding a text file was saved, where nothing in it says so.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

use super::fault::Fault;

/// How many bytes of a file are looked at.
pub const SAMPLE: usize = 64 * 1024;

/// The encoding that somebody names.
pub fn named(label: &str) -> Result<&'static Encoding, Fault> {
    let encoding = Encoding::for_label(label.trim().as_bytes()).ok_or_else(|| Fault::Encoding(label.into()))?;
    Ok(if encoding == GBK { GB18030 } else { encoding })
}

/// The encoding of a file that begins so, and whether there is no doubt.
pub fn guess(beginning: &[u8]) -> (&'static Encoding, bool) {
    if let Some((encoding, _)) = Encoding::for_bom(beginning) {
        return (encoding, true);
    }
    if let Some(encoding) = utf16(beginning) {
        return (encoding, true);
    }
    let cut_short = |error: std::str::Utf8Error| error.error_len().is_none() && beginning.len() >= SAMPLE;
    if std::str::from_utf8(beginning).map_or_else(cut_short, |_| true) {
        return (UTF_8, true);
    }
    // What a mainland machine saves without a mark is GB18030 or one of its subsets.
    let (_, broken) = GB18030.decode_without_bom_handling(&beginning[..beginning.len().min(SAMPLE - 4)]);
    if !broken {
        return (GB18030, false);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(beginning, beginning.len() < SAMPLE);
    let guess = detector.guess(Some(b"cn"), Utf8Detection::Allow);
    (if guess == GBK { GB18030 } else { guess }, false)
}

/// UTF-16 without a mark shows by the zero half of every digit and comma.
fn utf16(beginning: &[u8]) -> Option<&'static Encoding> {
    let zeros = |odd: usize| beginning.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let many = beginning.len() / 20;
    match (even > many, odd > many) {
        (false, true) if even == 0 => Some(UTF_16LE),
        (true, false) if odd == 0 => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether this is text rather than the bytes of a picture or a program.
pub fn is_text(text: &str) -> bool {
    let strange = |c: &char| *c == '\0' || (c.is_control() && !matches!(c, '\t' | '\r' | '\n' | '\u{c}' | '\u{feff}'));
    let (all, odd) = text.chars().fold((0, 0), |(all, odd), c| (all + 1, odd + usize::from(strange(&c))));
    !text.starts_with("%PDF") && !text.starts_with("{\\rtf") && odd * 200 <= all && !text.contains('\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clerks_encodings_are_told_apart() {
        let text = "户编号,姓名,证件号码\r\n4199991012010001,张三,41999919831018766X\r\n";
        assert_eq!(guess(text.as_bytes()), (UTF_8, true));
        assert_eq!(guess(format!("\u{feff}{text}").as_bytes()), (UTF_8, true));
        assert_eq!(guess(&GB18030.encode(text).0).0, GB18030);
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(guess(&utf16), (UTF_16LE, true));
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(guess(&utf16), (UTF_16BE, true));
        assert_eq!(named("GBK").unwrap(), GB18030);
        assert!(matches!(named("火星文"), Err(Fault::Encoding(_))));
    }

    #[test]
    fn utf8_cut_within_a_character_is_still_utf8() {
        let text = "县".repeat(SAMPLE / 3 + 10);
        assert_eq!(guess(&text.as_bytes()[..SAMPLE]), (UTF_8, true));
    }

    #[test]
    fn pictures_are_no_text() {
        assert!(is_text("姓名,电话\r\n张三,138\t\r\n"));
        assert!(!is_text("\u{89}PNG\r\n\u{1a}\n\0\0\0"));
        assert!(!is_text("%PDF-1.7 plain enough"));
    }
}
