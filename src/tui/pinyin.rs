//! Finding one of a few words by how it is written or spoken: 在校 by `在`, `zx`, `zaix`.

use pinyin::ToPinyinMulti;

use crate::domain::text::fold;

/// Whether a query is in the text as it stands, or spells consecutive characters by pinyin or initials.
pub fn is_found(query: &str, text: &str) -> bool {
    let query = fold(query).to_lowercase();
    let text = fold(text).to_lowercase();
    if query.is_empty() || text.contains(&query) {
        return true;
    }
    let letters: Vec<char> = text.chars().collect();
    query.is_ascii() && (0..letters.len()).any(|start| spells(&query, &letters[start..]))
}

fn spells(query: &str, letters: &[char]) -> bool {
    if query.is_empty() {
        return true;
    }
    let Some((letter, others)) = letters.split_first() else { return false };
    readings(*letter).iter().any(|reading| {
        // A whole syllable, its initial, or as much of the last one as was typed.
        let part = reading.get(..1).unwrap_or_default();
        // A letter that is its own reading is tried once, or a long number would be tried in all its halves.
        let tries = if reading.len() > 1 { &[reading.as_str(), part][..] } else { &[reading.as_str()][..] };
        tries.iter().any(|part| query.strip_prefix(part).is_some_and(|rest| spells(rest, others)))
            || reading.starts_with(query)
    })
}

fn readings(letter: char) -> Vec<String> {
    match letter.to_pinyin_multi() {
        Some(multi) => multi.into_iter().map(|reading| reading.plain().replace('ü', "v")).collect(),
        None => vec![letter.to_string()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_character_initials_and_syllables() {
        for (query, text) in [
            ("在校", "在校"),
            ("zx", "在校"),
            ("zaix", "在校"),
            ("zaixiao", "在校"),
            ("x", "在校"),
            ("ｚｘ", "在校"),
            ("mbk", "看明白卡"),
            ("bj", "B级"),
            ("B", "B级"),
            ("cq", "重庆"),
            ("nv", "女"),
            ("", "随便"),
        ] {
            assert!(is_found(query, text), "{query} in {text}");
        }
        // What is nearly a long number is not tried in all its halves.
        assert!(!is_found("hudang-419999101201-000001-000007.zip", "hudang-419999101201-000001-000007.xlsx"));
        for (query, text) in [("xz", "在校"), ("zz", "在校"), ("张", "在校"), ("zxx", "在校")] {
            assert!(!is_found(query, text), "{query} in {text}");
        }
    }
}
