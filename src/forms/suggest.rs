//! What a form's definition says of likely answers, and of when a question is asked at all.

use serde::Deserialize;

use crate::catalogue::{Catalogue, Field as Plain};
use crate::domain::{Name, Value};

use super::schema::{Suggest, SuggestFrom};

/// A likely answer as `data/` writes it: one of `value`, `of` or `answer`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SuggestShape {
    value: Option<String>,
    of: Option<Of>,
    answer: Option<Name>,
    /// The field of whoever `of` names; that of the answer where none is named.
    field: Option<Box<str>>,
    is: Option<String>,
    under: Option<Name>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Of {
    Parents,
    Household,
    NewHead,
}

/// The answer with which alone a question is asked, as `data/` writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OnlyShape {
    pub(super) answer: Name,
    pub(super) is: String,
}

/// Reads a likely answer of a field of a form, which goes to `slot` of the file.
pub(super) fn read(
    shape: &SuggestShape,
    catalogue: &Catalogue,
    plain: &Plain,
    slot: Option<(Name, Name)>,
) -> Result<Suggest, String> {
    let place = || match &shape.field {
        Some(path) => match catalogue.named(path) {
            Some((section, field)) => Ok((section.id, field.id)),
            None => Err(format!("没有字段 {path}")),
        },
        None => slot.ok_or_else(|| "suggest 缺 field".to_owned()),
    };
    let from = match (&shape.value, shape.of, shape.answer) {
        (Some(text), None, None) => SuggestFrom::Value(value(catalogue, plain, text)?),
        (None, Some(of), None) => {
            let (section, field) = place()?;
            match of {
                Of::Parents => SuggestFrom::Parents(section, field),
                Of::Household => SuggestFrom::Household(section, field),
                Of::NewHead => SuggestFrom::NewHead(section, field),
            }
        }
        (None, None, Some(answer)) => SuggestFrom::Answer(answer),
        _ => return Err("suggest 应写 value、of、answer 之一".to_owned()),
    };
    let is = shape.is.as_deref().map(|text| value(catalogue, plain, text)).transpose()?;
    Ok(Suggest { from, is, under: shape.under })
}

/// What a text is as a value of a field.
pub(super) fn value(catalogue: &Catalogue, plain: &Plain, text: &str) -> Result<Value, String> {
    let read = catalogue.read_typed(plain, text).ok().and_then(|reading| reading.value);
    read.ok_or_else(|| format!("{}不能是“{text}”", plain.label))
}
