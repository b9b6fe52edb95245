//! What in a roster was not taken as it stands, or is kept with a doubt: file, sheet, row, column, and why.

use std::sync::Arc;

use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::catalogue::{Doubt, Refused};
use crate::domain::{Name, VillageCode};

use super::table::Table;

/// One cell or row to look at again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    /// The file, as it was named.
    #[serde(serialize_with = "in_words")]
    pub file: Arc<str>,
    /// The sheet; none in a file without sheets.
    #[serde(serialize_with = "if_any")]
    pub sheet: Option<Arc<str>>,
    /// The row, as a spreadsheet counts it.
    pub row: u32,
    /// The column's name.
    pub column: Name,
    /// What stood there; numbers that say who somebody is are starred out.
    pub value: Box<str>,
    /// What is wrong.
    #[serde(serialize_with = "in_words")]
    pub why: Why,
}

fn in_words<S: Serializer, T: std::fmt::Display + ?Sized>(what: &T, s: S) -> Result<S::Ok, S::Error> {
    s.collect_str(what)
}

fn if_any<S: Serializer>(text: &Option<Arc<str>>, s: S) -> Result<S::Ok, S::Error> {
    text.as_deref().serialize(s)
}

/// What is wrong with a cell or a row.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Why {
    /// The value is impossible in its field.
    #[error("{0}，这一格未收")]
    Refused(#[from] Refused),
    /// The value is kept, but somebody should look.
    #[error("{0}")]
    Doubtful(#[from] Doubt),
    /// An ID number in a cell for numbers.
    #[error("证件号码存成了数字，末几位已不可靠，请按原件重录")]
    IdAsNumber,
    /// A number that has lost its last digits.
    #[error("号码末几位已丢失（表格软件按数字存过），请把该列设为文本后重新导出")]
    LostDigits,
    /// A formula that gives an error.
    #[error("公式出错，这一格未收")]
    Formula,
    /// A formula whose result nobody worked out.
    #[error("公式没有算出的结果，这一格未收；请在表格软件中打开，保存一次，再导入")]
    Unsolved,
    /// More text than is let in.
    #[error("文字太长（最多{0}字节），这一格未收；请写短，或另附材料")]
    TooLong(usize),
    /// A month that a spreadsheet took for a number.
    #[error("存成了数字，分不清是1月还是10月，这一格未收；请把该列设为文本，写成 2022-01 或 2022-10")]
    MonthAsNumber,
    /// A column whose unit is not the field's.
    #[error("单位“{found}”不是“{wanted}”，没有换算，这一列照原样留着；请换成{wanted}再导入")]
    Unit {
        /// The unit that is written.
        found: Box<str>,
        /// The unit that it should have.
        wanted: Box<str>,
    },
    /// Bytes that are no text in the encoding.
    #[error("有读不出的字，这一格未收")]
    Unreadable,
    /// The person stands in the file already.
    #[error("与{}第{row}行是同一个人，只收一次", of_sheet(.sheet))]
    PersonTwice {
        /// The sheet of the first row, where it is another one.
        sheet: Option<Arc<str>>,
        /// The first row.
        row: u32,
    },
    /// The job stands in the file already.
    #[error("与第{row}行是同一份务工，只收一次")]
    JobTwice {
        /// The first row.
        row: u32,
    },
    /// The household's rows do not agree.
    #[error("同一户{0}第{row}行写的不同，按{0}第{row}行收", of_sheet(.sheet))]
    Disagrees {
        /// The sheet of the row that counts, where it is another one.
        sheet: Option<Arc<str>>,
        /// The row that counts.
        row: u32,
    },
    /// There is no 户编号, so nobody knows whose row it is.
    #[error("没有户编号，这一行未收")]
    NoNumber,
    /// What stands there is no 户编号.
    #[error("不是户编号：{0}，这一行未收")]
    NotANumber(Refused),
    /// Another person of the household has the 人编号 already, with another ID number.
    #[error("人编号与第{row}行相同而证件号码不同，是两个人，人编号未收")]
    NumberTwice {
        /// The first row.
        row: u32,
    },
    /// The household's people are on file under another number.
    #[error("这户的人已在户 {number} 名下，户编号不同，整户未收（若确已换号，请先把那一户的户编号改过来再导入）")]
    OtherNumber {
        /// The number on file.
        number: Box<str>,
    },
    /// Several households on file may be meant.
    #[error("本组有几户的户主同名，分不清是哪一户，整户未收（请补证件号码）")]
    SameHeads,
    /// No household has this number of the village's own.
    #[error("本库没有这个户号，整户未收")]
    NoSuchHousehold,
    /// Somebody's right ID number is another right one than on file.
    #[error("证件号码与户档上的不同（两个都有效），按同一个人收下，请核对是不是同名的另一个人")]
    OtherId,
    /// A person who is new here is on file elsewhere.
    #[error("证件号码与户 {number} 的人相同，已按本户的人收下，请核对是否同一个人")]
    Elsewhere {
        /// The number of that household.
        number: Box<str>,
    },
    /// Nothing says who this is.
    #[error("没有姓名、人编号和证件号码，这一行未收")]
    Nobody,
    /// The household belongs to another village.
    #[error("是{village}的户，不属本库，整户未收")]
    OtherVillage {
        /// That village.
        village: VillageCode,
    },
    /// The household's file is a copy of its village's.
    #[error("由村里的库记，这里只有抄本，整户未收")]
    OfTheVillage,
    /// A job of a household that is not on file.
    #[error("本库没有这一户，务工未收（请先导入人户信息）")]
    NoHousehold,
    /// A job of somebody whom the household does not have.
    #[error("这一户没有这个人，务工未收")]
    NoPerson,
    /// A job of one of several people of a name.
    #[error("这一户有几个人叫这个名字，务工未收（请写人编号或证件号码）")]
    Namesakes,
    /// An exemption that cannot be granted.
    #[error("{0}，这一行未收")]
    NotExempt(#[from] NotExempt),
}

fn of_sheet(sheet: &Option<Arc<str>>) -> String {
    sheet.as_ref().map_or_else(String::new, |sheet| format!("“{sheet}”表"))
}

/// Why an exemption that a row asks for cannot be granted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotExempt {
    /// The household is not on file.
    #[error("本库没有这一户")]
    NoHousehold,
    /// The household does not have the person.
    #[error("这一户没有这个人")]
    NoPerson,
    /// Several people of the household have the name, and nothing else tells them apart.
    #[error("这一户有几个人叫这个名字，请写人编号或证件号码")]
    Namesakes,
    /// The row does not say from which check.
    #[error("没有写是哪条规则")]
    NoCheck,
    /// No check has the code.
    #[error("没有这个编码的规则（应为本程序或国网的规则编码，如 C402）")]
    UnknownCheck,
    /// What cannot be true has no exemption.
    #[error("这条规则查的是不可能属实的内容，只能改正，不能豁免")]
    Impossible,
    /// There is no reason.
    #[error("没有写豁免原因")]
    NoReason,
    /// There is no end.
    #[error("没有写豁免到哪一天为止，豁免必须有期限")]
    NoEnd,
    /// The end lies behind.
    #[error("豁免在导入之前已经到期")]
    Ended,
    /// The kind is on no list.
    #[error("不是豁免类型，应为{known}")]
    UnknownKind {
        /// The kinds there are.
        known: Box<str>,
    },
}

/// The problems and doubts of an import.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    /// What was not taken as it stands.
    pub refused: Vec<Problem>,
    /// What was taken and should be looked at.
    pub doubtful: Vec<Problem>,
    /// How many more of either there were than are listed.
    pub unlisted: u64,
}

impl Problems {
    /// The most that are listed of either, so that a spoiled column of a county's file does not fill the memory.
    pub const MOST: usize = 100_000;

    /// Notes one.
    pub fn note(&mut self, problem: Problem) {
        let doubtful = matches!(problem.why, Why::Doubtful(_) | Why::Elsewhere { .. } | Why::OtherId);
        let list = if doubtful { &mut self.doubtful } else { &mut self.refused };
        if list.len() < Self::MOST { list.push(problem) } else { self.unlisted += 1 }
    }

    /// Puts them in the order of the sheets and rows of one file.
    pub fn sort(&mut self, sheets: &[Table]) {
        let place = |problem: &Problem| {
            let sheet = sheets.iter().position(|table| table.sheet.as_deref() == problem.sheet.as_deref());
            (sheet, problem.row)
        };
        self.refused.sort_by_key(place);
        self.doubtful.sort_by_key(place);
    }

    /// Adds those of another part.
    pub fn extend(&mut self, other: Self) {
        other.refused.into_iter().chain(other.doubtful).for_each(|problem| self.note(problem));
        self.unlisted += other.unlisted;
    }
}
