//! From the parts of a condition to what is evaluated: names found, types compared.

use crate::catalogue::{Catalogue, Field, FieldKind};
use crate::domain::{Name, PartialDate};
use crate::policy::{Figure, Layer};

use super::columns::{Column, Columns};
use super::condition::{Condition, Number, Order, Source, Span, Unit};
use super::rows::{FactKind, Rows};
use super::syntax::Part;

/// What names are looked up in.
pub(super) struct Resolver<'a> {
    pub(super) catalogue: &'a Catalogue,
    /// They tell whether a figure is a number or a day.
    pub(super) layers: &'a [Layer],
    pub(super) columns: &'a mut Columns,
    /// The figures named so far, by their numbers.
    pub(super) figures: &'a mut Vec<Name>,
}

/// What a name or a sum is.
enum Typed {
    Flag(Source),
    YesNo(Source),
    Code(Source, Name),
    Codes(Source, Name),
    Text,
    Number(Number, Option<Unit>),
}

impl Resolver<'_> {
    /// The number of a figure of the policy, and the figure as the first layer has it that states it.
    pub(super) fn figure(&mut self, name: &str) -> Result<(usize, Figure), String> {
        let figure = Name::new(name);
        let known = self.layers.iter().find_map(|layer| super::stated(layer, figure));
        let known = known.ok_or_else(|| format!("没有哪个政策文件写了 {figure}，核对要用它"))?;
        let at = self.figures.iter().position(|known| *known == figure).unwrap_or_else(|| {
            self.figures.push(figure);
            self.figures.len() - 1
        });
        Ok((at, known))
    }

    /// The condition of a row of this kind.
    pub(super) fn condition(&mut self, part: &Part, rows: Rows) -> Result<Condition, String> {
        match part {
            Part::And(parts) => Ok(Condition::And(self.each(parts, rows)?)),
            Part::Or(parts) => Ok(Condition::Or(self.each(parts, rows)?)),
            Part::Not(inner) => Ok(Condition::Not(Box::new(self.condition(inner, rows)?))),
            Part::Empty(field) => Ok(Condition::Empty(self.source(field, rows)?)),
            Part::In(left, several, negated) => self.among(left, several, *negated, rows),
            Part::Has(left, code) => match self.typed(left, rows)? {
                Typed::Codes(source, list) => Ok(Condition::Has(source, self.place(list, word(code)?)? as u32)),
                _ => Err(format!("has 只用于多选字段，{} 不是", told(left))),
            },
            Part::Contains(left, words) => {
                let (_, section, field) = self.field(left, rows)?;
                let of = self.rows_of(section)?;
                let column = Column::Contains(section, field.id, word(words)?.into());
                Ok(Condition::Flag(self.columns.put(of, column)))
            }
            Part::Compare(left, sign, right) => self.compare(left, sign, right, rows),
            Part::Rows(how, inner, condition) => {
                let inner = self.inner(inner, rows)?;
                let condition = Box::new(self.condition(condition, inner)?);
                match how.as_str() {
                    "any" => Ok(Condition::Any(inner, condition)),
                    "no" => Ok(Condition::Not(Box::new(Condition::Any(inner, condition)))),
                    "all" => Ok(Condition::All(inner, condition)),
                    _ => Err("count 得出的是数目，要和数目比较".to_owned()),
                }
            }
            other => match self.typed(other, rows)? {
                Typed::Flag(source) => Ok(Condition::Flag(source)),
                Typed::YesNo(_) => Err(format!("{0} 要写明 {0} = 是 或 {0} = 否", told(other))),
                _ => Err(format!("{} 不是条件", told(other))),
            },
        }
    }

    fn each(&mut self, parts: &[Part], rows: Rows) -> Result<Vec<Condition>, String> {
        parts.iter().map(|part| self.condition(part, rows)).collect()
    }

    fn inner(&self, word: &str, rows: Rows) -> Result<Rows, String> {
        let inner = Rows::word(word).ok_or_else(|| format!("没有 {word} 这种行"))?;
        if rows.holds(inner) { Ok(inner) } else { Err(format!("这里没有 {word} 可看")) }
    }

    fn among(&mut self, left: &Part, several: &[Part], negated: bool, rows: Rows) -> Result<Condition, String> {
        let condition = match self.typed(left, rows)? {
            Typed::Code(source, list) => {
                let mut mask = 0u128;
                for part in several {
                    mask |= 1 << self.place(list, word(part)?)?;
                }
                Condition::In(source, mask)
            }
            Typed::Number(..) => {
                let equal = several.iter().map(|part| self.compare(left, "=", part, rows));
                Condition::Or(equal.collect::<Result<_, _>>()?)
            }
            _ => return Err(format!("in 只用于单选字段和数目，{} 不是", told(left))),
        };
        Ok(if negated { Condition::Not(Box::new(condition)) } else { condition })
    }

    fn compare(&mut self, left: &Part, sign: &str, right: &Part, rows: Rows) -> Result<Condition, String> {
        let only_equal = |condition: Condition| match sign {
            "=" => Ok(condition),
            "!=" => Ok(Condition::Not(Box::new(condition))),
            _ => Err(format!("{} 只能用 = 或 != 比较", told(left))),
        };
        match self.typed(left, rows)? {
            Typed::Flag(source) | Typed::YesNo(source) => {
                let flag = Condition::Flag(source);
                match word(right)? {
                    "是" => only_equal(flag),
                    "否" => only_equal(Condition::Not(Box::new(flag))),
                    other => Err(format!("{} 只能是 是 或 否，现为“{other}”", told(left))),
                }
            }
            Typed::Code(source, list) => {
                let mask = 1 << self.place(list, word(right)?)?;
                only_equal(Condition::In(source, mask))
            }
            Typed::Codes(..) => Err(format!("{} 是多选字段，用 has", told(left))),
            Typed::Text => Err(format!("{} 是文字，只能用 empty、filled、contains", told(left))),
            Typed::Number(a, unit_a) => {
                let (b, unit_b) = self.number(right, rows)?;
                let (a, b, _) = together(a, unit_a, b, unit_b)?;
                Ok(match sign {
                    "=" => Condition::Compare(a, Order::Equal, b),
                    "!=" => Condition::Not(Box::new(Condition::Compare(a, Order::Equal, b))),
                    "<" => Condition::Compare(a, Order::Less, b),
                    "<=" => Condition::Compare(a, Order::AtMost, b),
                    ">" => Condition::Compare(b, Order::Less, a),
                    _ => Condition::Compare(b, Order::AtMost, a),
                })
            }
        }
    }

    pub(super) fn number(&mut self, part: &Part, rows: Rows) -> Result<(Number, Option<Unit>), String> {
        match self.typed(part, rows)? {
            Typed::Number(number, unit) => Ok((number, unit)),
            _ => Err(format!("{} 不是数目、金额或日期", told(part))),
        }
    }

    fn typed(&mut self, part: &Part, rows: Rows) -> Result<Typed, String> {
        let plain = |number| Ok(Typed::Number(number, None));
        match part {
            Part::Number(number) => plain(Number::Fixed(*number)),
            Part::Figure(name) => {
                let (at, known) = self.figure(name)?;
                if known.is_day() {
                    return Ok(Typed::Number(Number::Figure(at, Unit::Date), Some(Unit::Date)));
                }
                plain(Number::Figure(at, Unit::Plain))
            }
            Part::Abs(inner) => {
                let (number, unit) = self.number(inner, rows)?;
                Ok(Typed::Number(Number::Abs(Box::new(number)), unit))
            }
            Part::Rows(how, inner, condition) if how == "count" => {
                let inner = self.inner(inner, rows)?;
                let condition = Box::new(self.condition(condition, inner)?);
                Ok(Typed::Number(Number::Count(inner, condition), Some(Unit::Plain)))
            }
            Part::Sum(left, sign, right) => self.sum(left, sign, right, rows),
            Part::Name(name) if name == "today" => Ok(Typed::Number(Number::Today, Some(Unit::Date))),
            Part::Name(name) if name == "month_start" => Ok(Typed::Number(Number::MonthStart, Some(Unit::Date))),
            Part::Name(name) if name.contains('.') => {
                let (source, _, field) = self.field(part, rows)?;
                let list = field.list;
                let column = |unit| Typed::Number(Number::Column(source, unit), Some(unit));
                Ok(match (field.kind, list) {
                    (FieldKind::Code, Some(list)) => Typed::Code(source, list),
                    (FieldKind::Codes, Some(list)) => Typed::Codes(source, list),
                    (FieldKind::YesNo, _) => Typed::YesNo(source),
                    (FieldKind::Money, _) => column(Unit::Money),
                    (FieldKind::Quantity | FieldKind::Count | FieldKind::Person, _) => column(Unit::Plain),
                    (FieldKind::Date, _) => column(Unit::Date),
                    _ => Typed::Text,
                })
            }
            Part::Name(name) => self.fact(name, rows),
            other => Err(format!("{} 不是字段、数目或日期", told(other))),
        }
    }

    fn sum(&mut self, left: &Part, sign: &str, right: &Part, rows: Rows) -> Result<Typed, String> {
        if let Part::Span(count, span) = right {
            let (date, unit) = self.number(left, rows)?;
            let (count, count_unit) = self.number(count, rows)?;
            if unit != Some(Unit::Date) || count_unit.is_some_and(|unit| unit != Unit::Plain) {
                return Err(format!("{} 不是日期，不能加减 {span}", told(left)));
            }
            let direction = if sign == "-" { -1 } else { 1 };
            let span = match span.as_str() {
                "days" => Span::Days(direction),
                "months" => Span::Months(direction),
                _ => Span::Months(12 * direction),
            };
            return Ok(Typed::Number(Number::Moved(Box::new(date), Box::new(count), span), Some(Unit::Date)));
        }
        let (a, unit_a) = self.number(left, rows)?;
        let (b, unit_b) = self.number(right, rows)?;
        if unit_a == Some(Unit::Date) || unit_b == Some(Unit::Date) {
            return Err("日期只能加减 days、months、years".to_owned());
        }
        if sign == "*" {
            // One side counts how often, so that only the other has a unit.
            let unit = match (unit_a, unit_b) {
                (Some(Unit::Money), Some(Unit::Money)) => return Err("金额不能乘金额".to_owned()),
                (Some(Unit::Money), _) | (_, Some(Unit::Money)) => Some(Unit::Money),
                (a, b) => a.or(b),
            };
            return Ok(Typed::Number(Number::Times(Box::new(a), Box::new(b)), unit));
        }
        let (a, b, unit) = together(a, unit_a, b, unit_b)?;
        let (a, b) = (Box::new(a), Box::new(b));
        let number = match sign {
            "+" => Number::Plus(a, b),
            "-" => Number::Minus(a, b),
            _ => Number::Else(a, b),
        };
        Ok(Typed::Number(number, unit))
    }

    fn fact(&mut self, name: &str, rows: Rows) -> Result<Typed, String> {
        let known = Rows::ALL.into_iter().filter(|other| rows.reaches(*other));
        // The row's own facts go before those of what it belongs to.
        let mut own_first: Vec<Rows> = known.collect();
        own_first.sort_by_key(|other| (*other != rows, *other == Rows::Household));
        for of in own_first {
            if let Some(at) = of.facts().iter().position(|fact| fact.name == name) {
                let source = self.columns.put(of, Column::Fact(of, at));
                let number = |unit| Typed::Number(Number::Column(source, unit), Some(unit));
                return Ok(match of.facts()[at].kind {
                    FactKind::Flag => Typed::Flag(source),
                    FactKind::Number => number(Unit::Plain),
                    FactKind::Money => number(Unit::Money),
                    FactKind::Risks => Typed::Codes(source, Name::fixed("risk")),
                });
            }
        }
        Err(format!("这里没有 {name} 这个事实"))
    }

    fn field(&mut self, part: &Part, rows: Rows) -> Result<(Source, Name, Field), String> {
        let Part::Name(path) = part else { return Err(format!("{} 不是字段", told(part))) };
        let found = self.catalogue.named(path).ok_or_else(|| format!("没有字段 {path}"))?;
        let (section, field) = (found.0.id, found.1.clone());
        let of = self.rows_of(section)?;
        if !rows.reaches(of) {
            return Err(format!("从这里看不到 {path}，要写在 any、no、all 或 count 里面"));
        }
        let source = self.columns.put(of, Column::Field(section, field.id, field.kind));
        Ok((source, section, field))
    }

    fn source(&mut self, part: &Part, rows: Rows) -> Result<Source, String> {
        match part {
            Part::Name(path) if path.contains('.') => Ok(self.field(part, rows)?.0),
            _ => Err(format!("empty、filled 前面应是字段，现为 {}", told(part))),
        }
    }

    fn rows_of(&self, section: Name) -> Result<Rows, String> {
        let known = self.catalogue.section(section).and_then(Rows::of);
        known.ok_or_else(|| format!("核对不看 {section} 这一部分"))
    }

    /// The place of a code in its list, by its label, another spelling or its id.
    fn place(&self, list: Name, label: &str) -> Result<usize, String> {
        let codes = self.catalogue.list(list).ok_or_else(|| format!("没有代码表 {list}"))?;
        let id =
            codes.read(label).and_then(|code| code.id()).or_else(|| codes.entry_named(label).map(|entry| entry.id));
        let place = id.and_then(|id| codes.entries.iter().position(|entry| entry.id == id));
        place.filter(|place| *place < 128).ok_or_else(|| format!("代码表“{}”里没有“{label}”", codes.label))
    }
}

/// Two numbers in one unit; a bare number or figure takes the other's.
fn together(
    a: Number,
    unit_a: Option<Unit>,
    b: Number,
    unit_b: Option<Unit>,
) -> Result<(Number, Number, Option<Unit>), String> {
    match (unit_a, unit_b) {
        (Some(x), Some(y)) if x != y => Err("两边一个是金额、数目，一个是另一种，不能比较或相加".to_owned()),
        (None, None) => Ok((a, b, None)),
        (Some(unit), None) => Ok((a, in_unit(b, unit)?, Some(unit))),
        (None, Some(unit)) => Ok((in_unit(a, unit)?, b, Some(unit))),
        (Some(unit), Some(_)) => Ok((a, b, Some(unit))),
    }
}

/// A bare number as it counts in a unit.
fn in_unit(number: Number, unit: Unit) -> Result<Number, String> {
    let inner = |number: Box<Number>| in_unit(*number, unit).map(Box::new);
    Ok(match number {
        Number::Fixed(fixed) => match unit {
            Unit::Plain => Number::Fixed(fixed),
            Unit::Money => Number::Fixed(fixed / 100),
            Unit::Date => Number::Fixed(year(fixed).ok_or("日期要写成 today、month_start 或字段加减天数")?),
        },
        Number::Figure(..) if unit == Unit::Date => return Err("@后面的是数目，不能和日期比较".to_owned()),
        Number::Figure(at, _) => Number::Figure(at, unit),
        Number::Plus(a, b) => Number::Plus(inner(a)?, inner(b)?),
        Number::Minus(a, b) => Number::Minus(inner(a)?, inner(b)?),
        Number::Times(a, b) => Number::Times(inner(a)?, b),
        Number::Abs(a) => Number::Abs(inner(a)?),
        Number::Else(a, b) => Number::Else(inner(a)?, inner(b)?),
        other => other,
    })
}

/// The first day of a year written as a number.
fn year(fixed: i64) -> Option<i64> {
    use chrono::Datelike;
    let year = PartialDate::year(i32::try_from(crate::domain::Quantity(fixed).as_whole()?).ok()?)?;
    Some(i64::from(year.earliest().num_days_from_ce()))
}

fn word(part: &Part) -> Result<&str, String> {
    match part {
        Part::Name(word) | Part::Quoted(word) => Ok(word),
        other => Err(format!("此处应为代码或文字，现为 {}", told(other))),
    }
}

fn told(part: &Part) -> String {
    match part {
        Part::Name(name) => name.clone(),
        Part::Quoted(words) => format!("\"{words}\""),
        Part::Number(number) => crate::domain::Quantity(*number).to_string(),
        Part::Figure(name) => format!("@{name}"),
        _ => "这一段".to_owned(),
    }
}
