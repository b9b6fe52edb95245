//! Why a file as a whole cannot be taken in.

use thiserror::Error;

/// A file that cannot be taken in, and why.
#[derive(Debug, Error)]
#[error("{file}：{fault}")]
pub struct RosterError {
    /// The file, as it was named.
    pub file: Box<str>,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a file.
#[derive(Debug, Error)]
pub enum Fault {
    /// There is none.
    #[error("没有这个文件，请检查文件名和所在文件夹")]
    Missing,
    /// It is a folder.
    #[error("这是文件夹，请指定其中的文件")]
    Folder,
    /// It cannot be read.
    #[error("读不了（{0}），请检查权限，或先在表格软件中关闭它")]
    Unreadable(std::io::Error),
    /// There is nothing in it.
    #[error("文件是空的，请重新导出")]
    Empty,
    /// It is something else than a table.
    #[error("不是表格文件（应为 xlsx、xls、ods 或 csv）")]
    NoTable,
    /// It is locked with a password.
    #[error("文件有密码，请在表格软件中取消密码后另存，再导入")]
    Locked,
    /// Its end is missing, or it is damaged.
    #[error("文件不完整或已损坏（{0}），请重新导出或重新拷贝")]
    Damaged(String),
    /// No row looks like a header.
    #[error(
        "找不到认识的表头{}：{wanted}",
        encoding.map_or(String::new(), |name| format!("（按{name}编码读取，如有乱码请另指编码，命令行用 --encoding）"))
    )]
    NoHeader {
        /// The encoding by which text was read, where it could be another.
        encoding: Option<&'static str>,
        /// Which columns there should have been.
        wanted: &'static str,
    },
    /// It is a table that is known, and no roster.
    #[error("这是{0}，这里不收")]
    Other(Box<str>),
    /// The encoding asked for is not known.
    #[error("不认识的编码“{0}”（可用 utf-8、gb18030、utf-16le 等）")]
    Encoding(Box<str>),
    /// Rows of one household stand apart in a long file, which has to be read again in another way.
    #[error("同一户的人散在各处")]
    Scattered,
}

impl Fault {
    /// The fault of this file.
    pub fn of(self, file: &str) -> RosterError {
        RosterError { file: file.into(), fault: self }
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::NotFound => Self::Missing,
            ErrorKind::UnexpectedEof | ErrorKind::InvalidData | ErrorKind::InvalidInput => {
                Self::Damaged(error.to_string())
            }
            _ => Self::Unreadable(error),
        }
    }
}
