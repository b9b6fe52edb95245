//! From a value to what is shown, written on paper, or printed as JSON.

use serde_json::{Value as Json, json};

use crate::domain::text::mask;
use crate::domain::{Code, Money, Name, PartialDate, Quantity, Value};

use super::Catalogue;
use super::section::{Field, FieldKind};

impl Catalogue {
    /// The value as it is shown, with labels for codes and yuan for money, unmasked.
    pub fn show(&self, field: &Field, value: &Value) -> String {
        match value {
            Value::Text(text) | Value::Unusable(text) => text.to_string(),
            Value::YesNo(yes) => if *yes { "是" } else { "否" }.to_owned(),
            Value::Fen(money) => money.to_string(),
            Value::Quantity(quantity) => quantity.to_string(),
            Value::Date(date) => date.to_string(),
            Value::Code(code) => self.label(field, *code).to_owned(),
            Value::Codes(codes) => {
                let labels: Vec<&str> = codes.iter().map(|code| self.label(field, *code)).collect();
                labels.join("、")
            }
        }
    }

    /// The value as it is shown where others may look on: numbers that say who somebody is are starred out.
    pub fn show_masked(&self, field: &Field, value: &Value) -> String {
        let text = self.show(field, value);
        if field.kind.is_private() { mask(&text) } else { text }
    }

    /// What is shown for a code of the field's list.
    pub fn label<'a>(&'a self, field: &Field, code: Code) -> &'a str {
        match self.list_of(field) {
            Some(list) => list.label(code),
            None => code.unlisted_label().or_else(|| code.id().map(Name::as_str)).unwrap_or_default(),
        }
    }

    /// The value for a machine: whole fen, labels, ISO dates; an unusable value is null.
    pub fn to_json(&self, field: &Field, value: Option<&Value>) -> Json {
        let Some(value) = value else { return Json::Null };
        match value {
            Value::Text(text) => json!(text),
            Value::YesNo(yes) => json!(yes),
            Value::Fen(money) => json!(money.0),
            Value::Quantity(quantity) => quantity_to_json(*quantity),
            Value::Date(date) => json!(date.to_string()),
            Value::Code(code) => json!(self.label(field, *code)),
            Value::Codes(codes) => codes.iter().map(|code| json!(self.label(field, *code))).collect(),
            Value::Unusable(_) => Json::Null,
        }
    }

    /// A value as a form or script gives it: fen as an integer, labels or ids for codes, anything else as it would be typed.
    pub fn from_json(&self, field: &Field, json: &Json) -> Result<Option<Value>, String> {
        let typed = |text: &str| {
            self.read_typed(field, text).map(|reading| reading.value).map_err(|refused| refused.to_string())
        };
        match (field.kind, json) {
            (_, Json::Null) => Ok(None),
            (FieldKind::Money, Json::Number(fen)) => {
                let fen = fen.as_i64().ok_or_else(|| "金额应为整数（分）".to_owned())?;
                let amount = super::read::money(field, Money(fen)).map_err(|refused| refused.to_string())?;
                Ok(Some(Value::Fen(amount)))
            }
            (FieldKind::Money, _) => Err("金额应为整数（分）".to_owned()),
            (FieldKind::YesNo, Json::Bool(yes)) => Ok(Some(Value::YesNo(*yes))),
            (FieldKind::Code, Json::String(text)) => {
                match self.list_of(field).and_then(|list| list.entry_named(text)) {
                    Some(entry) => Ok(Some(Value::code(entry.id))),
                    None => typed(text),
                }
            }
            (FieldKind::Codes, Json::Array(items)) => {
                let list = self.list_of(field);
                let mut codes = Vec::new();
                for item in items {
                    let text = item.as_str().ok_or_else(|| "应为文字".to_owned())?;
                    match list.and_then(|list| list.entry_named(text)) {
                        Some(entry) => codes.push(Code::listed(entry.id)),
                        None => codes.extend(typed(text)?.iter().flat_map(Value::as_codes).copied()),
                    }
                }
                Ok((!codes.is_empty()).then_some(Value::Codes(codes)))
            }
            (_, Json::String(text)) => typed(text),
            (_, Json::Number(number)) => typed(&number.to_string()),
            _ => Err("值的类型不对".to_owned()),
        }
    }
}

fn quantity_to_json(quantity: Quantity) -> Json {
    match quantity.as_whole() {
        Some(whole) => json!(whole),
        // At most four decimals, so the text is the number that a reader gets.
        None => quantity.to_string().parse::<f64>().map_or(Json::Null, |number| json!(number)),
    }
}

/// A date in the words of the screen: `10月8日`, with the year where it is another one.
pub fn day_in_words(date: PartialDate, this_year: i32) -> String {
    use chrono::Datelike;
    let year = if date.known_year() == this_year { String::new() } else { format!("{}年", date.known_year()) };
    match (date.as_day(), date.as_month()) {
        (Some(day), _) => format!("{year}{}月{}日", day.month(), day.day()),
        (None, Some(month)) => format!("{year}{}月", month.month),
        (None, None) => format!("{}年", date.known_year()),
    }
}

/// An age in full years; both where a birth date known in part leaves two. None for who is not born yet.
pub fn age_in_words((least, most): (i32, i32)) -> Option<String> {
    match (least, most) {
        (..0, _) => None,
        _ if least == most => Some(format!("{least}岁")),
        _ => Some(format!("{least}至{most}岁")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;

    #[test]
    fn json_goes_out_and_comes_back() {
        let catalogue = Catalogue::load(&Data::embedded()).unwrap();
        for (path, value, json) in [
            ("income.wages", Value::Fen(Money(938_050)), json!(938_050)),
            ("members.health", Value::Codes(vec![Code::listed(Name::new("chronic"))]), json!(["长期慢性病"])),
            ("members.relation", Value::code(Name::new("son")), json!("之子")),
            ("living.road_distance", Value::Quantity("1.6".parse().unwrap()), json!(1.6)),
            ("work.months", Value::Quantity(Quantity::whole(10)), json!(10)),
            ("case.identified_on", Value::Date("2022-10".parse().unwrap()), json!("2022-10")),
            ("water.safe", Value::YesNo(false), json!(false)),
        ] {
            let (_, field) = catalogue.named(path).unwrap();
            assert_eq!(catalogue.to_json(field, Some(&value)), json, "{path}");
            assert_eq!(catalogue.from_json(field, &json), Ok(Some(value)), "{path}");
        }
        let (_, wages) = catalogue.named("income.wages").unwrap();
        assert!(catalogue.from_json(wages, &json!("12000元")).is_err());
        for (path, json) in [("members.education", json!("技师")), ("members.health", json!(["长期慢性病", "技师"]))]
        {
            let (_, field) = catalogue.named(path).unwrap();
            assert!(
                catalogue.from_json(field, &json).unwrap_err().contains("技师"),
                "nobody may add to a list that way"
            );
        }
        let (_, relation) = catalogue.named("members.relation").unwrap();
        assert_eq!(catalogue.from_json(relation, &json!("son")), Ok(Some(Value::code(Name::new("son")))));
    }
}
