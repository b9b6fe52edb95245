//! Text with numbers in it, ordered as people order it: 2组 before 10组, 三组 before 十一组.

/// A piece of a text: a number, written in digits or in Chinese numerals, or what stands between numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The number's digits, without leading zeros.
    Number(String),
    /// Anything else.
    Text(String),
}

/// The pieces of a text, in order; white space and full-width forms should be folded away before.
pub fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let kind = kind(first);
        let end = rest.find(|c| kind != self::kind(c)).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        parts.push(match kind {
            Kind::Digit => Part::Number(without_leading_zeros(piece)),
            Kind::Numeral => Part::Number(numeral(piece)),
            Kind::Other => Part::Text(piece.to_owned()),
        });
        rest = after;
    }
    parts
}

/// A key whose bytes order as the text does naturally; a number stands before any text, and a shorter number before a
/// longer one.
pub fn natural_key(text: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(text.len() + 2);
    for part in parts(text) {
        match part {
            Part::Number(digits) => {
                key.extend([NUMBER, digits.len().min(usize::from(u8::MAX)) as u8]);
                key.extend(digits.bytes());
            }
            Part::Text(text) => key.extend(text.bytes()),
        }
    }
    key
}

/// Marks a number in a key; below every printable character.
const NUMBER: u8 = 1;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Digit,
    Numeral,
    Other,
}

fn kind(c: char) -> Kind {
    match c {
        '0'..='9' => Kind::Digit,
        _ if unit(c).is_some() || figure(c).is_some() => Kind::Numeral,
        _ => Kind::Other,
    }
}

fn figure(c: char) -> Option<u8> {
    "〇一二三四五六七八九".chars().position(|figure| figure == c).or((c == '零').then_some(0)).map(|at| at as u8)
}

fn unit(c: char) -> Option<u64> {
    match c {
        '十' => Some(10),
        '百' => Some(100),
        _ => None,
    }
}

fn without_leading_zeros(digits: &str) -> String {
    let trimmed = digits.trim_start_matches('0');
    if trimmed.is_empty() { "0".to_owned() } else { trimmed.to_owned() }
}

/// `十二` is 12 and `一百零三` 103; without 十 or 百 the figures stand for themselves, as in `一〇三`.
fn numeral(text: &str) -> String {
    if !text.chars().any(|c| unit(c).is_some()) {
        let digits: String = text.chars().filter_map(figure).map(|figure| char::from(b'0' + figure)).collect();
        return without_leading_zeros(&digits);
    }
    let (mut total, mut pending) = (0_u64, None);
    for c in text.chars() {
        if let Some(unit) = unit(c) {
            total = total.saturating_add(pending.take().unwrap_or(1) * unit);
        } else {
            pending = figure(c).map(u64::from);
        }
    }
    total.saturating_add(pending.unwrap_or(0)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_numerals_are_numbers() {
        for (text, number) in [
            ("三", "3"),
            ("十", "10"),
            ("十二", "12"),
            ("二十", "20"),
            ("二十一", "21"),
            ("一百零三", "103"),
            ("一〇三", "103"),
            ("007", "7"),
            ("0", "0"),
            ("零", "0"),
        ] {
            assert_eq!(parts(text), [Part::Number(number.into())], "{text}");
        }
        let text = |text: &str| Part::Text(text.into());
        let number = |number: &str| Part::Number(number.into());
        assert_eq!(parts("第三村民小组"), [text("第"), number("3"), text("村民小组")]);
        assert_eq!(parts("3-12号"), [number("3"), text("-"), number("12"), text("号")]);
        assert_eq!(parts(""), []);
    }

    #[test]
    fn groups_stand_in_the_order_in_which_one_walks() {
        let mut groups = ["十一组", "10组", "东湾", "2组", "一组", "三组", "东湾2组", "", "东湾10组"];
        groups.sort_by_key(|group| natural_key(group));
        assert_eq!(groups, ["", "一组", "2组", "三组", "10组", "十一组", "东湾", "东湾2组", "东湾10组"]);
    }

    #[test]
    fn numbers_of_any_length_are_compared_as_numbers() {
        let (short, long) = ("9".repeat(40), "1".repeat(41));
        assert!(natural_key(&short) < natural_key(&long));
        assert_eq!(natural_key("0012"), natural_key("12"));
    }
}
