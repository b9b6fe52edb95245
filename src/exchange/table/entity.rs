//! What `&…;` stands for in web pages, and in cells that came out of one.

use std::borrow::Cow;

/// The named entities that people's names, notes and amounts are met with.
const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("ensp", ' '),
    ("emsp", ' '),
    ("thinsp", ' '),
    ("Tab", ' '),
    ("NewLine", '\n'),
    ("shy", '\u{ad}'),
    ("zwnj", '\u{200c}'),
    ("zwj", '\u{200d}'),
    ("lrm", '\u{200e}'),
    ("rlm", '\u{200f}'),
    ("middot", '·'),
    ("centerdot", '·'),
    ("CenterDot", '·'),
    ("bull", '•'),
    ("bullet", '•'),
    ("sdot", '⋅'),
    ("period", '.'),
    ("comma", ','),
    ("colon", ':'),
    ("semi", ';'),
    ("excl", '!'),
    ("quest", '?'),
    ("num", '#'),
    ("dollar", '$'),
    ("percnt", '%'),
    ("lpar", '('),
    ("rpar", ')'),
    ("lsqb", '['),
    ("rsqb", ']'),
    ("ast", '*'),
    ("plus", '+'),
    ("equals", '='),
    ("sol", '/'),
    ("bsol", '\\'),
    ("lowbar", '_'),
    ("verbar", '|'),
    ("hellip", '…'),
    ("mdash", '—'),
    ("ndash", '–'),
    ("horbar", '―'),
    ("hyphen", '‐'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("lsaquo", '‹'),
    ("rsaquo", '›'),
    ("yen", '¥'),
    ("euro", '€'),
    ("pound", '£'),
    ("cent", '¢'),
    ("sect", '§'),
    ("para", '¶'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("deg", '°'),
    ("plusmn", '±'),
    ("times", '×'),
    ("divide", '÷'),
    ("minus", '−'),
    ("frac12", '½'),
    ("frac14", '¼'),
    ("frac34", '¾'),
    ("sup1", '¹'),
    ("sup2", '²'),
    ("sup3", '³'),
    ("ordm", 'º'),
    ("permil", '‰'),
    ("radic", '√'),
    ("check", '✓'),
    ("cross", '✗'),
    ("ne", '≠'),
    ("le", '≤'),
    ("ge", '≥'),
    ("larr", '←'),
    ("uarr", '↑'),
    ("rarr", '→'),
    ("darr", '↓'),
    ("star", '☆'),
    ("starf", '★'),
    ("agrave", 'à'),
    ("aacute", 'á'),
    ("egrave", 'è'),
    ("eacute", 'é'),
    ("ecirc", 'ê'),
    ("igrave", 'ì'),
    ("iacute", 'í'),
    ("ograve", 'ò'),
    ("oacute", 'ó'),
    ("ouml", 'ö'),
    ("ugrave", 'ù'),
    ("uacute", 'ú'),
    ("uuml", 'ü'),
];

/// The longest name between `&` and `;` that is looked at.
const LONGEST: usize = 10;

/// The text with the characters that its entities stand for; what is none stays.
pub fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let end = after.bytes().take(LONGEST + 1).position(|b| b == b';');
        match end.and_then(|end| Some((meant(&after[..end])?, &after[end + 1..]))) {
            Some((c, tail)) => {
                out.push(c);
                rest = tail;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character that a name or a number between `&` and `;` stands for.
pub fn meant(name: &str) -> Option<char> {
    match name.strip_prefix('#') {
        Some(digits) => {
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            // What a page of Windows means by a C1 control is its own code page's character.
            let windows = u8::try_from(code).ok().filter(|code| (0x80..0xa0).contains(code));
            match windows {
                Some(byte) => encoding_rs::WINDOWS_1252.decode(&[byte]).0.chars().next(),
                None => char::from_u32(code),
            }
        }
        None => {
            let known = NAMED.iter().find(|(known, _)| *known == name);
            known.or_else(|| NAMED.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))).map(|(_, c)| *c)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_decoded_and_the_rest_stays() {
        for (text, meant) in [
            ("阿卜杜拉&middot;买买提", "阿卜杜拉·买买提"),
            ("&#24352;&#x4E09; &AMP; &ldquo;b&rdquo;", "张三 & “b”"),
            ("A&B; R&D &unknown; &; &#xD800;", "A&B; R&D &unknown; &; &#xD800;"),
            ("&#149;", "•"),
            ("张三", "张三"),
        ] {
            assert_eq!(decode(text), meant);
        }
    }
}
