//! The tags of web pages and of XML that nobody promises to be well formed.

/// A tag and where it stands.
pub struct Tag<'a> {
    name: &'a str,
    attributes: &'a str,
    /// Whether it ends what another began.
    pub closes: bool,
    /// Whether it ends at once.
    pub alone: bool,
    /// Where it begins.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
}

impl Tag<'_> {
    /// The name without its namespace, in small letters.
    pub fn short(&self) -> String {
        self.name.rsplit(':').next().unwrap_or_default().to_ascii_lowercase()
    }

    /// Whether it begins something of this name.
    pub fn begins(&self, name: &str) -> bool {
        !self.closes && self.short() == name
    }

    /// An attribute, by its name without a namespace.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let mut rest = self.attributes;
        while let Some((before, after)) = rest.split_once('=') {
            let key = before.trim().rsplit([' ', ':', '\n', '\t']).next().unwrap_or_default();
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (value, tail) = match quote {
                Some(quote) => after[1..].split_once(quote)?,
                None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
            };
            if key.eq_ignore_ascii_case(name) {
                return Some(value);
            }
            rest = tail;
        }
        None
    }

    /// An attribute that is a number.
    pub fn number(&self, name: &str) -> Option<u32> {
        self.attribute(name)?.trim().parse().ok()
    }
}

/// The tags of a text, in their order; what stands in scripts and styles is none.
pub fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let from = at + text[at..].find('<')?;
            if let Some(comment) = text[from..].strip_prefix("<!--") {
                at = from + 4 + comment.find("-->")? + 3;
                continue;
            }
            if let Some(data) = text[from..].strip_prefix("<![CDATA[") {
                at = from + 9 + data.find("]]>")? + 3;
                continue;
            }
            let first = text[from + 1..].trim_start_matches('/').chars().next();
            if !first.is_some_and(|c| c.is_ascii_alphabetic()) {
                at = from + 1;
                continue;
            }
            let to = from + end(&text[from..])?;
            at = to;
            let inside = text[from + 1..to - 1].trim();
            let (inside, closes) = inside.strip_prefix('/').map_or((inside, false), |inside| (inside, true));
            let (inside, alone) = inside.strip_suffix('/').map_or((inside, false), |inside| (inside, true));
            let (name, attributes) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
            let passed = ["script", "style"].into_iter().find(|passed| name.eq_ignore_ascii_case(passed));
            if let Some(passed) = passed.filter(|_| !closes && !alone) {
                at = to + closing(&text[to..], passed)?;
                continue;
            }
            return Some(Tag { name, attributes, closes, alone, from, to });
        }
    })
}

/// Where a tag ends: quoted signs within it are none.
fn end(tag: &str) -> Option<usize> {
    let plain = tag.find('>')? + 1;
    let mut quote = None;
    for (at, b) in tag.bytes().enumerate() {
        match (quote, b) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(b),
            // A quotation mark that nothing ends is none.
            (Some(_), b'<') => return Some(plain),
            (Some(open), b) if open == b => quote = None,
            _ => {}
        }
    }
    Some(plain)
}

fn closing(text: &str, name: &str) -> Option<usize> {
    let found = text.match_indices("</").find(|(at, _)| {
        let rest = text.as_bytes().get(at + 2..at + 2 + name.len());
        rest.is_some_and(|rest| rest.eq_ignore_ascii_case(name.as_bytes()))
    });
    found.map(|(at, _)| at)
}

/// The text within tags, entities decoded; a break and a new paragraph are line breaks.
pub fn plain(inside: &str) -> String {
    let mut text = String::with_capacity(inside.len());
    let mut at = 0;
    for tag in tags(inside) {
        push(&mut text, &inside[at..tag.from]);
        if tag.begins("br") || (tag.begins("p") && !text.trim().is_empty()) {
            text.push('\n');
        }
        at = tag.to;
    }
    push(&mut text, &inside[at..]);
    super::entity::decode(&text).into_owned()
}

/// Adds text without comments, and with what stands in a section of plain characters.
fn push(text: &mut String, mut piece: &str) {
    while let Some(at) = piece.find("<!") {
        text.push_str(&piece[..at]);
        let rest = &piece[at..];
        let (begins, ends) = if rest.starts_with("<![CDATA[") { ("<![CDATA[", "]]>") } else { ("<!--", "-->") };
        let Some((inside, tail)) = rest.strip_prefix(begins).and_then(|rest| rest.split_once(ends)) else {
            text.push_str(rest);
            return;
        };
        if begins.len() == 9 {
            text.push_str(inside);
        }
        piece = tail;
    }
    text.push_str(piece);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_told_from_text() {
        let names = |text| tags(text).map(|tag| tag.short()).collect::<Vec<_>>();
        assert_eq!(
            names("<td a='1>2'>x</td><!-- <b> --><script>if (a<b) </script><ss:Cell/>"),
            ["td", "td", "script", "cell"]
        );
        assert_eq!(names("<td a=\"broken>x<td>"), ["td", "td"]);
        assert_eq!(plain("张<b>三</b><br/>a&lt;b<!-- 注 --><![CDATA[c<d]]>"), "张三\na<bc<d");
    }
}
