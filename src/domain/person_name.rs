//! People's names as they are written: kept clean, and the same through the variants that people and machines write.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::text::{clean, is_invisible};

/// The dot between the parts of a name, as GB 18030 and the household register have it.
const DOT: char = '·';

/// Radicals that compatibility forms leave alone, and the characters that are meant (Unicode's EquivalentUnifiedIdeograph).
const RADICALS: &str = "\
    ⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲\
    ⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢\
    ⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲";
const MEANT: &str = "\
    厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒\
    㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马\
    骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀";

/// A name as it is kept: without what nobody sees, in unified characters, with one kind of dot between its parts, and
/// without the spaces that only pad it.
pub fn kept(text: &str) -> Cow<'_, str> {
    let text = clean(text);
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let unified: String = text.nfkc().map(unify).filter(|c| !is_invisible(*c) || c.is_whitespace()).collect();
    let latin_beside = |at: usize, length: usize| {
        let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        ends(unified[..at].chars().next_back()) || ends(unified[at + length..].chars().next())
    };
    let mut dotted = String::with_capacity(unified.len());
    for (at, c) in unified.char_indices() {
        // A full stop within Latin letters abbreviates.
        let is_stop = c == '.' && latin_beside(at, 1);
        dotted.push(if is_dot(c) && !is_stop { DOT } else { c });
    }
    let parts: Vec<&str> = dotted.split_whitespace().collect();
    // 张　三 is padded to the width of three characters; between longer parts the space may stand for a dot.
    let padded = parts.iter().any(|part| part.chars().count() < 2 || part.starts_with(DOT) || part.ends_with(DOT));
    parts.join(if padded { "" } else { " " }).trim_matches(DOT).to_owned().into()
}

/// What two ways to write one name have in common: the name without dots and spaces.
pub fn key(text: &str) -> Cow<'_, str> {
    match kept(text) {
        Cow::Borrowed(text) if !text.contains(is_joint) => Cow::Borrowed(text),
        text => text.chars().filter(|c| !is_joint(*c)).flat_map(char::to_lowercase).collect(),
    }
}

/// Whether two texts write the same name; without a name there is none to be the same.
pub fn is_same(one: &str, other: &str) -> bool {
    let key_of_one = key(one);
    !key_of_one.is_empty() && key_of_one == key(other)
}

/// Whether a character stands between the parts of a name.
pub fn is_joint(c: char) -> bool {
    c == DOT || c == ' '
}

/// Whether there are only common Chinese characters and dots, which are kept as they are.
fn is_plain(text: &str) -> bool {
    text.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c) || c == DOT)
        && !text.starts_with(DOT)
        && !text.ends_with(DOT)
}

fn unify(c: char) -> char {
    if !('\u{2e80}'..='\u{2ef3}').contains(&c) {
        return c;
    }
    RADICALS.chars().zip(MEANT.chars()).find(|(radical, _)| *radical == c).map_or(c, |(_, meant)| meant)
}

/// Whether a character is one of the dots that people write between the parts of a name.
pub fn is_dot(c: char) -> bool {
    matches!(
        c,
        '.' | '·'
            | '\u{16eb}'
            | '\u{2022}'
            | '\u{2027}'
            | '\u{2218}'
            | '\u{2219}'
            | '\u{22c5}'
            | '\u{25cf}'
            | '\u{25e6}'
            | '\u{2981}'
            | '\u{2e30}'
            | '\u{2e31}'
            | '\u{2e33}'
            | '\u{30fb}'
            | '\u{a78f}'
            | '\u{318d}'
            | '\u{119e}'
            | '\u{387}'
            | '\u{10101}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_however_its_dot_is_written() {
        for dot in ["·", "•", "・", "．", "‧", "∙", "⋅", "･", "․", ".", " · ", "\u{3000}", " ", "\n", "\u{200b}·"]
        {
            let written = format!("阿卜杜拉{dot}买买提");
            assert!(is_same(&written, "阿卜杜拉·买买提"), "{dot:?}");
            if !dot.chars().all(char::is_whitespace) {
                assert_eq!(kept(&written), "阿卜杜拉·买买提", "{dot:?}");
            }
        }
        assert_eq!(kept("阿卜杜拉\n买买提"), "阿卜杜拉 买买提");
        assert!(!is_same("阿卜杜拉·买买提", "阿卜杜拉·买买"));
        assert!(!is_same("", " "), "no name is not the same as no name");
    }

    #[test]
    fn what_pads_a_name_or_hides_in_it_falls_away() {
        for written in [
            "张\u{3000}三",
            " 张 三 ",
            "张\n三",
            "张\u{200b}三",
            "\u{202d}张三\u{202c}",
            "张\u{fe00}三",
            "张\u{a0}三",
            "'张三",
        ] {
            assert_eq!(kept(written), "张三", "{written:?}");
        }
        assert!(matches!(kept("欧阳娜娜"), Cow::Borrowed(_)));
        assert_eq!(kept("Maria  Lopez Jr."), "Maria Lopez Jr.");
    }

    #[test]
    fn compatibility_forms_and_radicals_are_the_characters_that_are_meant() {
        for (written, meant) in
            [("爱⺠", "爱民"), ("⽅正", "方正"), ("李\u{f9d1}", "李六"), ("⻢⻰", "马龙"), ("ＬＩ", "LI")]
        {
            assert_eq!(kept(written), meant);
        }
        assert_eq!(RADICALS.chars().count(), MEANT.chars().count());
        assert_eq!(kept("㛃\u{e82c}𠅤"), "㛃\u{e82c}𠅤", "rare and private characters stay");
    }
}
