//! Why a file as a whole cannot be taken in.

use thiserror::Error;

use super::quotes::OpenQuote;

/// A file that cannot be taken in, and why.
#[derive(Debug, Error)]
#[error("{file}：{fault}")]
pub struct FileError {
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
    /// It is a web page with its pictures, packed into one file.
    #[error("这是网页存档（mht），不是表格，请在表格软件或浏览器中打开，另存为 xlsx 或 csv 再导入")]
    WebArchive,
    /// It is locked: with a password, or to keep somebody from changing it.
    #[error("文件有密码，或工作簿有保护，请在表格软件中打开，取消密码和保护后另存，再导入")]
    Locked,
    /// What is in it is more than a table of people can be.
    #[error("文件解开后太大，不像名册，没有打开；请另存为新的 xlsx 或 csv 再导入")]
    TooLarge,
    /// A quotation mark begins a cell that nothing ends.
    #[error("第{line}行有一个引号没有收住，后面的行都并进了这一格；请用文本编辑器去掉这个引号，或重新导出")]
    OpenQuote {
        /// The line with the mark.
        line: u64,
    },
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
    /// The header stands there, and nothing below it.
    #[error("认出了表头（第{header_row}行），下面一行有用的也没有，什么都没有收；请检查是不是只导出了表头")]
    NoRows {
        /// The row of the header.
        header_row: u32,
    },
    /// A sheet was asked for that it does not have.
    #[error("没有名叫“{0}”的表，或那张表里没有认识的表头")]
    NoSheet(Box<str>),
    /// Another header stands further down, and the file has to be looked through before it is read again.
    #[error("下面还有一个表头")]
    MoreTables,
    /// Rows of one household stand apart in a long file, which has to be read again in another way.
    #[error("同一户的人散在各处")]
    Scattered,
}

impl Fault {
    /// The fault of this file.
    pub fn of(self, file: &str) -> FileError {
        FileError { file: file.into(), fault: self }
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        if let Some(open) = error.get_ref().and_then(|inner| inner.downcast_ref::<OpenQuote>()) {
            return Self::OpenQuote { line: open.line };
        }
        match error.kind() {
            ErrorKind::NotFound => Self::Missing,
            ErrorKind::FileTooLarge => Self::TooLarge,
            ErrorKind::UnexpectedEof | ErrorKind::InvalidData | ErrorKind::InvalidInput => {
                Self::Damaged(error.to_string())
            }
            _ => Self::Unreadable(error),
        }
    }
}
