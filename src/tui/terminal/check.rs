//! What must be right before the screen is taken: a terminal at both ends, and a locale that shows Chinese as UTF-8.

use std::io::{self, IsTerminal};

/// Why the workstation cannot be shown here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTerminal {
    /// Input or output is a file or a pipe.
    #[error("这里不是终端，打不开工作台。请直接在终端窗口里运行；要在脚本里用，看 hudang --help 里的子命令")]
    NotATerminal,
    /// The session's characters are not UTF-8.
    #[error("终端的字符集是 {0}，汉字会显示成乱码。请把终端设成 UTF-8，再运行：export LC_ALL=zh_CN.UTF-8")]
    OtherCharset(String),
}

impl NoTerminal {
    /// The message as this very terminal can show it.
    pub fn bytes(&self) -> Vec<u8> {
        let text = format!("{self}\n");
        match self {
            Self::OtherCharset(_) => encoding_rs::GB18030.encode(&text).0.into_owned(),
            Self::NotATerminal => text.into_bytes(),
        }
    }
}

/// Looks at the terminal and the locale.
pub fn check() -> Result<(), NoTerminal> {
    check_locale(|name| std::env::var(name).ok())?;
    if io::stdin().is_terminal() && io::stdout().is_terminal() { Ok(()) } else { Err(NoTerminal::NotATerminal) }
}

/// The first of these that is set decides, as for every program.
fn check_locale(variable: impl Fn(&str) -> Option<String>) -> Result<(), NoTerminal> {
    let mut set = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(variable).filter(|value| !value.is_empty());
    let Some(locale) = set.next() else { return Ok(()) };
    let charset = locale.split_once('.').map_or("", |(_, charset)| charset);
    let charset = charset.split('@').next().unwrap_or_default();
    let known = charset.to_ascii_uppercase().replace('-', "");
    match known.as_str() {
        "GBK" | "GB18030" | "GB2312" | "EUCCN" | "BIG5" => Err(NoTerminal::OtherCharset(charset.to_owned())),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(set: &'static [(&'static str, &'static str)]) -> Result<(), NoTerminal> {
        check_locale(|name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn a_chinese_locale_that_is_not_utf_8_is_refused_in_its_own_bytes() {
        for set in [
            &[("LANG", "zh_CN.GBK")][..],
            &[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "zh_CN.gb18030")],
            &[("LC_CTYPE", "zh_CN.GB2312")],
            &[("LANG", "zh_CN.eucCN@pinyin")],
        ] {
            let refused = with(set).unwrap_err();
            let bytes = refused.bytes();
            let (text, _, broken) = encoding_rs::GB18030.decode(&bytes);
            assert!(!broken && text.contains("export LC_ALL=zh_CN.UTF-8"), "{text}");
        }
    }

    #[test]
    fn everything_else_may_try() {
        for set in [
            &[][..],
            &[("LANG", "zh_CN.UTF-8")],
            &[("LANG", "C")],
            &[("LANG", "zh_CN.GBK"), ("LC_ALL", "C.UTF-8")],
            &[("LANG", "zh_CN.GBK"), ("LC_CTYPE", "zh_CN.utf8"), ("LC_ALL", "")],
        ] {
            assert_eq!(with(set), Ok(()), "{set:?}");
        }
    }
}
