//! What can go wrong in a use case, in words that say what to do.

use chrono::NaiveDate;

use crate::catalogue::rights::NotYours;
use crate::changes::undo::CannotUndo;
use crate::data::BadData;
use crate::domain::VillageCode;
use crate::exchange::save::CannotSave;
use crate::exchange::set::CannotWrite;
use crate::exchange::workbook::CannotPrint;
use crate::store::StoreError;

use super::answer_sheets::SheetFault;
use super::import::ImportError;
use super::keys::KeyFault;

/// Why a use case could not be done.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// The store said no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A definition is wrong.
    #[error("定义文件有误：{0}")]
    Data(#[from] BadData),
    /// Somebody else holds the store.
    #[error("户档正被另一个窗口（或另一位用户）使用：{0}；请先关闭那一个")]
    HeldBy(String),
    /// The store came back from a backup, or lost its end, and nobody said what was handed over meanwhile.
    #[error(
        "户档库是从备份恢复的（或丢了末尾），还没有说清备份以后交过变更集（或回执）没有：交过的，先收回来（屏幕上 F7 按 t；命令行 hudang changes apply 文件）；没有交过，或都收回了，屏幕上重新打开时说明，命令行 hudang restore --nothing-since。在这之前不记新的，免得一个号用两次"
    )]
    AsksWhatWentOut,
    /// What is said to be given back cannot be taken in.
    #[error("没有找回：{0}")]
    NotGivenBack(String),
    /// Nothing is entered without an author.
    #[error("录入要有录入人：请用 --as 姓名 --role 身份")]
    NoAuthor,
    /// The store holds several villages, and none was named.
    #[error("库里有{0}个村，先选定一个；命令行用 --village 村代码 指明")]
    WhichVillage(usize),
    /// The store was set up for a whole county and holds no village yet.
    #[error("还不知道是哪个村，请用 --village 村代码 指明")]
    NoVillage,
    /// What is held of the village is a copy, and this is the village's to enter.
    #[error("这是村里的户档：走访、排查、家里事、核实、答复由村里登记，县里只更正字段")]
    OfTheVillage,
    /// The chain is written here, so that there is no copy to forget.
    #[error("{0} 的变更是本库自己记的，不是副本，没有要忘掉的钥匙")]
    OwnChain(VillageCode),
    /// The village is not one of this store's.
    #[error("本库管 {scope}，不管 {village}")]
    NotOurs {
        /// The village.
        village: VillageCode,
        /// The beginning of the codes that the store holds.
        scope: Box<str>,
    },
    /// No household has this number.
    #[error("没有户 {0}")]
    NoHousehold(String),
    /// The definitions lack a form.
    #[error("data/forms 里没有{0}表")]
    NoForm(&'static str),
    /// No policy has this name.
    #[error("没有政策文件 {name}；有：{known}")]
    NoPolicy {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// The machine's clock contradicts the entries.
    #[error("{0}；确认日期无误后请用 --today 写明今天")]
    Clock(ClockDoubt),
    /// An import came to nothing.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// There is nothing to take back.
    #[error("没有可以撤销的录入")]
    NothingToUndo,
    /// A run of acts that the village does not have.
    #[error("没有第{from}号到第{to}号这一段；现有第1号到第{last}号")]
    NoSuchRun {
        /// The number asked for first.
        from: u64,
        /// The number asked for last.
        to: u64,
        /// The last number there is.
        last: u64,
    },
    /// Something in a run has to be held or released, and what says so stands behind its end.
    #[error("第{from}号到第{to}号里有要暂缓或放行的，得一直交到最后一号：请不写起止号")]
    NotToTheEnd {
        /// The first number of the run.
        from: u64,
        /// Its last number.
        to: u64,
    },
    /// It is for somebody in another role to do.
    #[error(transparent)]
    NotYours(#[from] NotYours),
    /// A guard refused it, for these reasons.
    #[error("{0}")]
    NotLetIn(String),
    /// The household's file is closed.
    #[error("{0} 户档已销户：要再登记先记家里事里的“恢复户档”")]
    Closed(String),
    /// Nothing of a household waits to be handed over.
    #[error("{0} 没有待交的变更，不用审核")]
    NothingToReview(String),
    /// A household is returned with a remark.
    #[error("退回要写明哪里要改")]
    NoRemark,
    /// A workbook that came back cannot be taken in.
    #[error(transparent)]
    Sheet(#[from] SheetFault),
    /// A change that the village did not hand over.
    #[error("没有第{act}件{}；这个村现有第1件到第{last}件，编号见 hudang changes list", part.map_or_else(String::new, |part| format!("第{part}处")))]
    NoSuchChange {
        /// The act asked for.
        act: u64,
        /// The part of it.
        part: Option<u32>,
        /// The last number there is.
        last: u64,
    },
    /// A set could not be written.
    #[error(transparent)]
    CannotWrite(#[from] CannotWrite),
    /// A workbook could not be made.
    #[error(transparent)]
    CannotPrint(#[from] CannotPrint),
    /// The findings cannot be written as a workbook.
    #[error(transparent)]
    CannotPrintFindings(#[from] crate::exchange::findings::CannotPrint),
    /// A file could not be written.
    #[error(transparent)]
    CannotSave(#[from] CannotSave),
    /// A key cannot be used, or not taken in.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// The last act cannot be taken back.
    #[error(transparent)]
    CannotUndo(#[from] CannotUndo),
}

impl WorkspaceError {
    /// Whether there is no store yet where one was looked for.
    pub fn is_no_store(&self) -> bool {
        matches!(self, Self::Store(StoreError::Missing(_)))
    }
}

/// A clock that a person should look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockDoubt {
    /// It is before the last entry.
    #[error("电脑时钟是 {today}，早于最后一次录入的 {last}")]
    Behind {
        /// What the clock says.
        today: NaiveDate,
        /// The day of the last entry.
        last: NaiveDate,
    },
    /// It is years after the last entry.
    #[error("电脑时钟是 {today}，比最后一次录入的 {last} 晚了一年以上")]
    FarAhead {
        /// What the clock says.
        today: NaiveDate,
        /// The day of the last entry.
        last: NaiveDate,
    },
}

impl ClockDoubt {
    /// Whether a clock that nobody set contradicts the last entry. Order is by number, never by time, so this only asks.
    pub fn of(today: NaiveDate, last: Option<NaiveDate>) -> Option<Self> {
        let last = last?;
        if today < last {
            Some(Self::Behind { today, last })
        } else {
            ((today - last).num_days() > 366).then_some(Self::FarAhead { today, last })
        }
    }
}
