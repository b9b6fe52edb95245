//! clap's faults in Chinese.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// What is wrong with the command line, and what to do.
pub fn explain(error: &clap::Error) -> String {
    let of = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let arg = of(ContextKind::InvalidArg);
    let value = of(ContextKind::InvalidValue);
    let why = match error.kind() {
        ErrorKind::UnknownArgument => format!("没有选项 {arg}"),
        ErrorKind::InvalidSubcommand => format!("没有命令 {}", of(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand => "缺子命令".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("缺少 {arg}"),
        ErrorKind::ArgumentConflict => format!("{arg} 不能与 {} 同用", of(ContextKind::PriorArg)),
        ErrorKind::InvalidValue if value.is_empty() => format!("{arg} 缺值"),
        ErrorKind::InvalidValue => match of(ContextKind::ValidValue) {
            valid if valid.is_empty() => format!("{arg} 不能是“{value}”"),
            valid => format!("{arg} 不能是“{value}”，可以是 {valid}"),
        },
        ErrorKind::ValueValidation => match std::error::Error::source(error) {
            Some(source) if !source.to_string().is_ascii() => format!("{arg} 不能是“{value}”：{source}"),
            _ => format!("{arg} 不能是“{value}”"),
        },
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{arg} 的个数不对")
        }
        ErrorKind::InvalidUtf8 => "参数不是 UTF-8 文字".to_owned(),
        _ => "命令行有误".to_owned(),
    };
    format!("{why}。用 hudang --help 看用法。")
}
