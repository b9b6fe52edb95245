//! Why answers cannot be taken: the whole file, or one line of it.

use std::fmt;
use std::sync::Arc;

use crate::domain::VillageCode;
use crate::exchange::set::SetId;
use crate::exchange::table::Fault;

/// Why a file as a whole is not taken.
#[derive(Debug, thiserror::Error)]
pub enum BadSheet {
    /// It cannot be read as a table.
    #[error("{0}")]
    File(#[from] Fault),
    /// More than a clerk's workbook can hold.
    #[error("文件太大（{0}），不像录入表，没有打开")]
    TooLarge(&'static str),
    /// It has none of the columns and no set's number.
    #[error("不是户档录入表：没有“{key}”“{result}”两列，也没有变更集编号；请交回随变更集给县里的那个工作簿")]
    NotOurs {
        /// The column of keys.
        key: Box<str>,
        /// The column of results.
        result: Box<str>,
    },
    /// The columns are there, and nothing says of which set.
    #[error(
        "看不出答复的是哪个变更集：“说明”表里和“{column}”列里都没有编号（如 419999101201-000001-000012）；\
         请交回原来的工作簿，或把编号填在任意一格"
    )]
    NoSet {
        /// The column of the set's number.
        column: Box<str>,
    },
    /// Lines of several sets in one file.
    #[error("里面混着两个变更集（{first} 和 {second}），请分开交回")]
    TwoSets {
        /// One of them.
        first: SetId,
        /// The other.
        second: SetId,
    },
    /// The answers are another village's.
    #[error("答复的是 {found}，那是另一个村的（应为 {expected}），没有收")]
    OtherVillage {
        /// The village asked for.
        expected: VillageCode,
        /// The set that is answered.
        found: SetId,
    },
    /// It is a workbook of ours whose columns for answers are gone.
    #[error("{set} 的录入表里没有“{key}”和“{result}”两列，看不出答复；请把这两列放回去")]
    NoAnswers {
        /// The set.
        set: SetId,
        /// The column of keys.
        key: Box<str>,
        /// The column of results.
        result: Box<str>,
    },
    /// Lines that cannot be meant.
    #[error("有{}处对不上，整个文件没有收：{}", .0.len(), few(.0))]
    Lines(Vec<Problem>),
}

/// How many lines a sentence tells of.
const FEW: usize = 3;

fn few(problems: &[Problem]) -> String {
    let told: Vec<String> = problems.iter().take(FEW).map(Problem::to_string).collect();
    format!("{}{}", told.join("；"), if problems.len() > FEW { "；……" } else { "" })
}

/// A line that is not taken as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The sheet; none in a file without sheets.
    pub sheet: Option<Arc<str>>,
    /// The row, as a spreadsheet counts it.
    pub row: u32,
    /// The column's name.
    pub column: Box<str>,
    /// What stands there, with numbers that say who somebody is starred out.
    pub found: Box<str>,
    /// What is wrong, and what to do.
    pub why: Why,
}

/// What is wrong with a line, what belongs there, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// The set has no such change.
    #[error("变更集里没有这一项，序号被改过；请从原来的工作簿抄回序号")]
    NoSuchChange,
    /// A result stands beside no key.
    #[error("填了办理结果，却没有序号，不知道是哪一项；请从原来的工作簿抄回序号，或清空这一格")]
    NoKey,
    /// What stands in the place of the key is none.
    #[error("不是序号（应如 12件1项、12件1-4项）；请从原来的工作簿抄回")]
    BadKey,
    /// The sheet has results and no keys.
    #[error("这张表有办理结果，没有“{0}”列；请从原来的工作簿抄回这一列")]
    NoKeyColumn(Box<str>),
    /// The same change has another answer elsewhere.
    #[error("与{}第{row}行答得不一样；一项只能有一个结果，请改成一致", sheet_in_words(.sheet.as_deref()))]
    Contradicts {
        /// The sheet of the other answer.
        sheet: Option<Arc<str>>,
        /// Its row.
        row: u32,
    },
    /// The result is none that is known.
    #[error("看不懂，应为 {0}；请改后再交一次，这一行先不算")]
    UnknownResult(Box<str>),
    /// A refusal does not say why.
    #[error("不予录入要有原因：请选一个原因，或在办理说明里写明，再交一次，这一行先不算")]
    NoReason,
    /// What is in has a reason why it is not.
    #[error("既已录入，又写了不予录入的原因；请改掉其中一个，再交一次，这一行先不算")]
    TakenWithReason,
    /// A formula without a result or with an error, or signs that nobody can read.
    #[error("这一格是没有结果的公式，或读不出的字；请改成文字再交一次，这一行先不算")]
    NoText,
    /// The row is not the one that its key names.
    #[error("与序号对不上，原来是“{0}”：有一列单独排过序，或抄自别的表；请在原来的工作簿里重填，这一行先不算")]
    OtherRow(Box<str>),
    /// What was to be entered is not what stands there now.
    #[error("被改过，原来是“{0}”，不知道录的是哪一个；更正请在县里更正，这一行先不算")]
    Edited(Box<str>),
    /// A reason or a word without a result.
    #[error("写了这一格，没有填办理结果；请填上，再交一次，这一行先不算")]
    NoResult,
}

impl Why {
    /// Whether the whole file is refused, rather than the line left out.
    pub fn refuses_all(&self) -> bool {
        matches!(
            self,
            Self::NoSuchChange | Self::NoKey | Self::BadKey | Self::NoKeyColumn(_) | Self::Contradicts { .. }
        )
    }
}

fn sheet_in_words(sheet: Option<&str>) -> String {
    sheet.map_or_else(String::new, |sheet| format!("表“{sheet}”"))
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sheet = sheet_in_words(self.sheet.as_deref());
        let comma = if sheet.is_empty() { "" } else { "，" };
        write!(f, "{sheet}{comma}第{}行“{}”列", self.row, self.column)?;
        if !self.found.is_empty() {
            write!(f, "“{}”", self.found)?;
        }
        write!(f, "：{}", self.why)
    }
}
