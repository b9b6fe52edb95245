//! The text of a condition, read into its parts; what the names mean is found afterwards.

/// A part of a condition.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    /// A name: a field, a fact, or the label of a code.
    Name(String),
    /// Words in quotes.
    Quoted(String),
    /// A number in ten-thousandths.
    Number(i64),
    /// A figure of the policy.
    Figure(String),
    Not(Box<Part>),
    And(Vec<Part>),
    Or(Vec<Part>),
    /// Left, operator, right.
    Compare(Box<Part>, &'static str, Box<Part>),
    /// One of several; the flag says whether it is one of none of them.
    In(Box<Part>, Vec<Part>, bool),
    Has(Box<Part>, Box<Part>),
    Contains(Box<Part>, Box<Part>),
    Empty(Box<Part>),
    /// `any`, `no`, `all` or `count`, the rows, the condition.
    Rows(String, String, Box<Part>),
    /// `+`, `-`, `*` or `??`.
    Sum(Box<Part>, &'static str, Box<Part>),
    Abs(Box<Part>),
    /// A number of days, months or years.
    Span(Box<Part>, String),
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Quoted(String),
    Number(i64),
    Figure(String),
    Sign(&'static str),
}

const SIGNS: [&str; 13] = ["<=", ">=", "!=", "??", "==", "<", ">", "=", "(", ")", ",", "+", "*"];
const SPANS: [&str; 3] = ["days", "months", "years"];

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let word_like = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let (token, length) = if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), sign.len())
        } else if first == '-' {
            (Token::Sign("-"), 1)
        } else if first == '"' || first == '\'' {
            let end = rest[1..].find(first).ok_or_else(|| format!("引号没有合上：{rest}"))?;
            (Token::Quoted(rest[1..=end].to_owned()), end + 2)
        } else if first.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            let number =
                rest[..end].parse::<crate::domain::Quantity>().map_err(|_| format!("不是数字：{}", &rest[..end]))?;
            (Token::Number(number.0), end)
        } else if first == '@' || word_like(first) {
            let from = usize::from(first == '@');
            let end = rest[from..].find(|c| !word_like(c)).map_or(rest.len(), |end| from + end);
            let word = rest[from..end].to_owned();
            (if from == 1 { Token::Figure(word) } else { Token::Word(word) }, end)
        } else {
            return Err(format!("看不懂“{first}”"));
        };
        found.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(found)
}

/// Reads a condition; what is wrong is said in words.
pub(super) fn parse(text: &str) -> Result<Part, String> {
    let tokens = tokens(text)?;
    let mut reader = Reader { tokens: &tokens, at: 0, depth: 0 };
    let part = reader.any_of()?;
    match reader.peek() {
        None => Ok(part),
        Some(token) => Err(format!("条件在此之后多了内容：{}", shown(token))),
    }
}

fn shown(token: &Token) -> String {
    match token {
        Token::Word(word) => word.clone(),
        Token::Quoted(word) => format!("\"{word}\""),
        Token::Number(number) => crate::domain::Quantity(*number).to_string(),
        Token::Figure(word) => format!("@{word}"),
        Token::Sign(sign) => (*sign).to_owned(),
    }
}

/// How deep brackets may stand in one another.
const DEEPEST: usize = 40;

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(next)) if next == word);
        self.at += usize::from(found);
        found
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(next)) if *next == sign);
        self.at += usize::from(found);
        found
    }

    fn want_sign(&mut self, sign: &str) -> Result<(), String> {
        if self.take_sign(sign) { Ok(()) } else { Err(format!("此处应为“{sign}”，{}", self.found())) }
    }

    fn found(&self) -> String {
        self.peek().map_or_else(|| "条件到此为止".to_owned(), |token| format!("现为“{}”", shown(token)))
    }

    fn any_of(&mut self) -> Result<Part, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("括号套得太深".to_owned());
        }
        let mut parts = vec![self.all_of()?];
        while self.take_word("or") {
            parts.push(self.all_of()?);
        }
        self.depth -= 1;
        Ok(one_or(parts, Part::Or))
    }

    fn all_of(&mut self) -> Result<Part, String> {
        let mut parts = vec![self.negated()?];
        while self.take_word("and") {
            parts.push(self.negated()?);
        }
        Ok(one_or(parts, Part::And))
    }

    fn negated(&mut self) -> Result<Part, String> {
        let mut nots = 0;
        while self.take_word("not") {
            nots += 1;
        }
        let part = self.compared()?;
        // Twice not is nothing said.
        Ok(if nots % 2 == 1 { Part::Not(Box::new(part)) } else { part })
    }

    fn compared(&mut self) -> Result<Part, String> {
        let left = self.sum()?;
        for sign in ["<=", ">=", "!=", "==", "<", ">", "="] {
            if self.take_sign(sign) {
                let sign = if sign == "==" { "=" } else { sign };
                return Ok(Part::Compare(Box::new(left), sign, Box::new(self.sum()?)));
            }
        }
        if self.take_word("empty") {
            return Ok(Part::Empty(Box::new(left)));
        }
        if self.take_word("filled") {
            return Ok(Part::Not(Box::new(Part::Empty(Box::new(left)))));
        }
        if self.take_word("has") {
            return Ok(Part::Has(Box::new(left), Box::new(self.primary()?)));
        }
        if self.take_word("contains") {
            return Ok(Part::Contains(Box::new(left), Box::new(self.primary()?)));
        }
        let before = self.at;
        let negated = self.take_word("not");
        if self.take_word("in") {
            self.want_sign("(")?;
            let mut parts = vec![self.primary()?];
            while self.take_sign(",") {
                parts.push(self.primary()?);
            }
            self.want_sign(")")?;
            return Ok(Part::In(Box::new(left), parts, negated));
        }
        self.at = before;
        Ok(left)
    }

    fn sum(&mut self) -> Result<Part, String> {
        let mut left = self.product()?;
        loop {
            let sign = match self.peek() {
                Some(Token::Sign(sign @ ("+" | "-" | "??"))) => *sign,
                _ => return Ok(left),
            };
            self.at += 1;
            let right = self.product()?;
            left = Part::Sum(Box::new(left), sign, Box::new(right));
        }
    }

    fn product(&mut self) -> Result<Part, String> {
        let mut left = self.spanned()?;
        while self.take_sign("*") {
            left = Part::Sum(Box::new(left), "*", Box::new(self.spanned()?));
        }
        Ok(left)
    }

    fn spanned(&mut self) -> Result<Part, String> {
        let part = self.primary()?;
        for span in SPANS {
            if self.take_word(span) || self.take_word(&span[..span.len() - 1]) {
                return Ok(Part::Span(Box::new(part), span.to_owned()));
            }
        }
        Ok(part)
    }

    fn primary(&mut self) -> Result<Part, String> {
        if self.take_sign("(") {
            let part = self.any_of()?;
            self.want_sign(")")?;
            return Ok(part);
        }
        let Some(token) = self.peek().cloned() else { return Err(format!("此处缺内容，{}", self.found())) };
        self.at += 1;
        match token {
            Token::Number(number) => Ok(Part::Number(number)),
            Token::Figure(figure) => Ok(Part::Figure(figure)),
            Token::Quoted(words) => Ok(Part::Quoted(words)),
            Token::Word(word) if word == "abs" => {
                self.want_sign("(")?;
                let part = self.any_of()?;
                self.want_sign(")")?;
                Ok(Part::Abs(Box::new(part)))
            }
            Token::Word(word) if ["any", "no", "all", "count"].contains(&word.as_str()) => {
                let Some(Token::Word(rows)) = self.peek().cloned() else {
                    return Err(format!("{word} 后面应写 person、job、measure、loan 或 document，{}", self.found()));
                };
                self.at += 1;
                self.want_sign("(")?;
                let part = self.any_of()?;
                self.want_sign(")")?;
                Ok(Part::Rows(word, rows, Box::new(part)))
            }
            Token::Word(word) => Ok(Part::Name(word)),
            Token::Sign(sign) => Err(format!("此处不应有“{sign}”")),
        }
    }
}

fn one_or(mut parts: Vec<Part>, several: impl FnOnce(Vec<Part>) -> Part) -> Part {
    if parts.len() == 1 { parts.remove(0) } else { several(parts) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn and_binds_more_than_or_and_not_most() {
        let name = |name: &str| Part::Name(name.into());
        let not_c = Part::Not(Box::new(name("c")));
        assert_eq!(parse("a or b and not c"), Ok(Part::Or(vec![name("a"), Part::And(vec![name("b"), not_c])])));
        assert_eq!(parse("(a or b) and c"), Ok(Part::And(vec![Part::Or(vec![name("a"), name("b")]), name("c")])));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, why) in [
            ("", "此处缺内容，条件到此为止"),
            ("a and", "此处缺内容，条件到此为止"),
            ("a b", "条件在此之后多了内容：b"),
            ("(a", "此处应为“)”，条件到此为止"),
            ("a in b", "此处应为“(”，现为“b”"),
            ("a = \"b", "引号没有合上：\"b"),
            ("a ; b", "看不懂“;”"),
            ("any (a)", "any 后面应写 person、job、measure、loan 或 document，现为“(”"),
        ] {
            assert_eq!(parse(text), Err(why.to_owned()), "{text}");
        }
        assert_eq!(parse(&"(".repeat(100_000)), Err("括号套得太深".to_owned()));
        assert_eq!(parse(&"not ".repeat(100_000)), Err("此处缺内容，条件到此为止".to_owned()));
    }
}
