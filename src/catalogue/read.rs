//! From what stands in a cell or is typed to a value: what is impossible is refused, what is doubtful is marked.

use chrono::NaiveDate;

use crate::domain::date::NotADate;
use crate::domain::id_number::{self, BadIdNumber};
use crate::domain::limits;
use crate::domain::money::NotANumber;
use crate::domain::text::{clean, fold, folded, visible};
use crate::domain::{Code, Money, PartialDate, Quantity, Value};

use super::section::{Field, FieldKind};
use super::shapes::{self, OddName, Shape};
use super::{Catalogue, CodeList};

/// A value read, and what is doubtful about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The value; none for an empty text.
    pub value: Option<Value>,
    /// Why a person should look again.
    pub doubt: Option<Doubt>,
}

/// Why a value that can be kept should be looked at again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// An ID number that is wrong in itself.
    #[error("{0}")]
    IdNumber(BadIdNumber),
    /// A label that the code list does not have.
    #[error("“{0}”不在代码表中，照原样留着")]
    Unlisted(String),
    /// A phone number of another shape.
    #[error("不像电话号码（手机应为11位）")]
    Phone,
    /// A name that does not look like one.
    #[error("{0}")]
    Name(OddName),
}

/// Why a text cannot be a value of its field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No amount or quantity.
    #[error("{0}，应为数")]
    Number(#[from] NotANumber),
    /// More text than is let in.
    #[error("文字太长，最多{0}字节")]
    TooLong(usize),
    /// No date.
    #[error("{0}")]
    Date(#[from] NotADate),
    /// Neither yes nor no.
    #[error("应为“是”或“否”")]
    YesNo,
    /// Not a whole number.
    #[error("应为整数")]
    NotWhole,
    /// Less than nothing.
    #[error("不能小于0")]
    Negative,
    /// An ID number that cannot be one.
    #[error("{0}")]
    IdNumber(BadIdNumber),
    /// A number of another length, or none.
    #[error("应为{wanted}位数字，{}", if *found == usize::from(*wanted) { "里面有别的字符".to_owned() } else { format!("现为{found}位") })]
    Digits {
        /// How many digits it should have.
        wanted: u8,
        /// How many characters it has.
        found: usize,
    },
    /// A number in the place of a name.
    #[error("是号码，不是姓名")]
    NameIsNumber,
    /// A member that the household does not have.
    #[error("本户没有这个人")]
    Person,
    /// A day ahead where something has happened.
    #[error("{date} 还没到，今天是 {today}")]
    Ahead {
        /// The date.
        date: PartialDate,
        /// The local day.
        today: NaiveDate,
    },
    /// Words where a phone number should be.
    #[error("不是电话号码（手机11位；座机写区号）")]
    Phone,
    /// A label that the code list does not have.
    #[error("“{label}”不在代码表“{list}”中")]
    Unlisted {
        /// What was given.
        label: String,
        /// The list's own name.
        list: Box<str>,
    },
}

impl Catalogue {
    /// Reads what stands in a cell or was typed.
    ///
    /// ID numbers, phones and labels that are wrong are kept with a doubt: a roster is taken in as it is.
    pub fn read(&self, field: &Field, text: &str) -> Result<Reading, Refused> {
        let text = clean(text);
        if text.is_empty() {
            return Ok(Reading::default());
        }
        if text.len() > limits::TEXT {
            return Err(Refused::TooLong(limits::TEXT));
        }
        let sure = |value| Ok(Reading { value: Some(value), doubt: None });
        match field.kind {
            FieldKind::Text => match field.shape {
                Some(Shape::Digits(wanted)) => sure(Value::Text(shapes::digits(wanted, text)?.into())),
                Some(Shape::Name { doubted }) => shapes::name(&self.names, doubted, text),
                None => Ok(Reading { value: Value::text(&visible(text)), doubt: None }),
            },
            FieldKind::BankCard => sure(Value::Text(folded(text).into())),
            FieldKind::Phone => Ok(phone(text)),
            FieldKind::IdNumber => Ok(id_number(text)),
            FieldKind::YesNo => sure(Value::YesNo(yes_no(text).ok_or(Refused::YesNo)?)),
            FieldKind::Money => sure(Value::Fen(money(field, text.parse::<Money>()?)?)),
            FieldKind::Date => sure(Value::Date(text.parse::<PartialDate>()?)),
            FieldKind::Quantity | FieldKind::Count => sure(Value::Quantity(quantity(field, text)?)),
            FieldKind::Person => {
                let id = text.parse().map_err(|_| Refused::Person)?;
                sure(Value::Quantity(Quantity::whole(id)))
            }
            FieldKind::Code => {
                Ok(self.list_of(field).and_then(|list| list.read(text)).map_or_else(Reading::default, |code| Reading {
                    value: Some(Value::Code(code)),
                    doubt: unlisted([code]),
                }))
            }
            FieldKind::Codes => {
                let codes = self.list_of(field).map_or_else(Vec::new, |list: &CodeList| list.read_several(text));
                let doubt = unlisted(codes.iter().copied());
                Ok(Reading { value: (!codes.is_empty()).then_some(Value::Codes(codes)), doubt })
            }
        }
    }

    /// Reads what a person typed: as [`read`](Self::read), but what cannot be an ID number or a phone and what is on no
    /// list is refused.
    pub fn read_typed(&self, field: &Field, text: &str) -> Result<Reading, Refused> {
        let reading = self.read(field, text)?;
        match reading.doubt {
            Some(Doubt::IdNumber(fault)) if fault != BadIdNumber::CheckDigit => Err(Refused::IdNumber(fault)),
            Some(Doubt::Phone) if !may_be_dialled(text) => Err(Refused::Phone),
            Some(Doubt::Name(OddName::Digit)) if !text.contains(char::is_alphabetic) => Err(Refused::NameIsNumber),
            Some(Doubt::Unlisted(label)) => {
                let list = self.list_of(field).map_or_else(Box::default, |list| list.label.clone());
                Err(Refused::Unlisted { label, list })
            }
            _ => Ok(reading),
        }
    }

    /// What is doubtful about a value that is already on file.
    pub fn doubt(&self, field: &Field, value: &Value) -> Option<Doubt> {
        match (field.kind, value) {
            (FieldKind::Phone, Value::Text(text)) => phone(text).doubt,
            (FieldKind::IdNumber, Value::Text(text)) => id_number(text).doubt,
            (FieldKind::Text, Value::Text(text)) if field.shape == Some(Shape::Name { doubted: true }) => {
                self.names.odd(text).map(Doubt::Name)
            }
            (_, value) => unlisted(value.as_codes().iter().copied()),
        }
    }
}

/// 是 or 否, in the words and marks that people use.
pub fn yes_no(text: &str) -> Option<bool> {
    match fold(text).to_lowercase().as_str() {
        "是" | "有" | "已" | "√" | "✓" | "y" | "yes" | "1" | "true" => Some(true),
        "否" | "无" | "没有" | "未" | "×" | "n" | "no" | "0" | "false" => Some(false),
        _ => None,
    }
}

fn unlisted(codes: impl IntoIterator<Item = Code>) -> Option<Doubt> {
    codes.into_iter().find_map(|code| code.unlisted_label()).map(|label| Doubt::Unlisted(label.to_owned()))
}

fn phone(text: &str) -> Reading {
    let number = folded(text);
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let plausible = number.bytes().all(|b| b.is_ascii_digit() || b == b'-')
        && match digits {
            11 => number.starts_with('1') || number.starts_with('0'),
            10 | 12 => number.starts_with('0'),
            _ => false,
        };
    Reading { value: Value::text(&number), doubt: (!plausible).then_some(Doubt::Phone) }
}

/// Whether somebody could dial it: a number within the place, or two numbers in one cell, but no words.
fn may_be_dialled(text: &str) -> bool {
    const SHORTEST: usize = 7;
    let number = folded(text);
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    digits >= SHORTEST && !number.chars().any(char::is_alphabetic)
}

/// An amount as the field can hold it.
pub(super) fn money(field: &Field, amount: Money) -> Result<Money, Refused> {
    if amount.0 < 0 && !field.limits.may_be_negative { Err(Refused::Negative) } else { Ok(amount) }
}

fn id_number(text: &str) -> Reading {
    let number = id_number::tidy(text);
    let doubt = id_number::check(&number).err().map(Doubt::IdNumber);
    Reading { value: Value::text(&number), doubt }
}

fn quantity(field: &Field, text: &str) -> Result<Quantity, Refused> {
    let quantity: Quantity = text.parse()?;
    if quantity.0 < 0 && !field.limits.may_be_negative {
        return Err(Refused::Negative);
    }
    if field.kind == FieldKind::Count && quantity.as_whole().is_none() {
        return Err(Refused::NotWhole);
    }
    Ok(quantity)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;
    use crate::domain::Name;

    fn read(path: &str, text: &str) -> Result<Reading, Refused> {
        let catalogue = Catalogue::load(&Data::embedded()).unwrap();
        let (_, field) = catalogue.named(path).unwrap();
        catalogue.read_typed(field, text)
    }

    /// The same in a cell of a roster.
    fn read_cell(path: &str, text: &str) -> Reading {
        let catalogue = Catalogue::load(&Data::embedded()).unwrap();
        let (_, field) = catalogue.named(path).unwrap();
        catalogue.read(field, text).unwrap()
    }

    fn code(id: &str) -> Option<Value> {
        Some(Value::code(Name::new(id)))
    }

    #[test]
    fn labels_are_read_in_the_spellings_met() {
        for (path, text, id) in [
            ("members.relation", "子", "son"),
            ("members.relation", "之儿媳", "daughter_in_law"),
            ("members.relation", "02", "head"),
            ("members.relation", "2", "head"),
            ("members.relation", "002", "head"),
            ("members.sex", "1", "male"),
            ("members.nationality", "汉", "han"),
            ("members.education", "高中/中专", "senior"),
            ("class.class", "脱贫户（享受政策）", "relieved_with_policies"),
            ("support.allowance", "不享受", "none"),
            ("case.risk1", "务工就业不稳", "unstable_work"),
        ] {
            assert_eq!(read(path, text).unwrap(), Reading { value: code(id), doubt: None }, "{path} {text}");
        }
        assert_eq!(read("case.target", "无").unwrap(), Reading::default());
        let unknown = read_cell("members.education", "技师");
        assert_eq!(unknown.value, Some(Value::Code(Code::unlisted("技师"))));
        assert_eq!(unknown.doubt, Some(Doubt::Unlisted("技师".into())));
        let typed = read("members.education", "技师").unwrap_err();
        assert_eq!(typed.to_string(), "“技师”不在代码表“文化程度”中");
    }

    #[test]
    fn several_health_states_come_joined() {
        let listed = |ids: &[&str]| Some(Value::Codes(ids.iter().map(|id| Code::listed(Name::new(id))).collect()));
        assert_eq!(read("members.health", "长期慢性病、残疾").unwrap().value, listed(&["chronic", "disabled"]));
        assert_eq!(read("members.health", "大病残疾").unwrap().value, listed(&["serious", "disabled"]));
        assert!(read_cell("members.health", "健康,痛风").doubt.is_some());
    }

    #[test]
    fn impossible_values_are_refused_with_the_reason() {
        assert_eq!(read("work.months", "2.5").unwrap_err(), Refused::NotWhole);
        assert_eq!(read("land.arable", "-1亩").unwrap_err(), Refused::Negative);
        assert_eq!(read("income.wages", "很多").unwrap_err().to_string(), "不是数字，应为数");
        assert_eq!(read("housing.dangerous", "也许").unwrap_err(), Refused::YesNo);
        assert!(matches!(read("members.id_number", "4199991"), Err(Refused::IdNumber(BadIdNumber::Length(7)))));
        assert_eq!(read("income.wages", "-1000").unwrap_err(), Refused::Negative);
        assert!(read("income.net", "-1000").is_ok(), "who lost more than came in has less than nothing");
        assert!(read("land.arable", "5,5亩").is_err());
        for words in ["abc", "无", "138", "1390000000l", "问邻居"] {
            assert_eq!(read("address.phone", words).unwrap_err(), Refused::Phone, "{words}");
            assert_eq!(read_cell("members.phone", words).doubt, Some(Doubt::Phone), "a roster's is kept");
        }
        assert_eq!(read("members.name", "１２３").unwrap_err(), Refused::NameIsNumber);
        assert_eq!(read("members.name", "张三2").unwrap().doubt, Some(Doubt::Name(OddName::Digit)));
    }

    #[test]
    fn doubtful_values_are_kept_and_marked() {
        let wrong = read("members.id_number", "419999199308142740").unwrap();
        assert_eq!(wrong.value, Value::text("419999199308142740"));
        assert_eq!(wrong.doubt, Some(Doubt::IdNumber(BadIdNumber::CheckDigit)));
        for miscounted in ["1380000", "1390000000", "139000000012"] {
            assert_eq!(read("address.phone", miscounted).unwrap().doubt, Some(Doubt::Phone));
        }
        assert_eq!(read("address.phone", "0377-69662345").unwrap().doubt, None);
        for number in ["69662345", "13800001234/13800001235", "13800001234 13800001235", "4008001234", "+8613800001234"]
        {
            assert!(read("address.phone", number).is_ok(), "{number}");
        }
        assert_eq!(
            read("address.phone", "１３８００００１２３４").unwrap(),
            Reading { value: Value::text("13800001234"), doubt: None }
        );
    }
}
