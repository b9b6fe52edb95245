//! What goes wrong with a store, and what is told of one that opened all the same; in Chinese, for a person.

use std::fmt;
use std::io;
use std::path::PathBuf;

use chrono::NaiveDate;

use crate::changes::line::BadLine;
use crate::domain::{Chain, HouseholdId, VillageCode};

/// Why something could not be done with a store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another copy of the program has it open.
    #[error("户档正被另一个窗口（或另一位用户）使用，请先关闭那一个")]
    InUse,
    /// Another program writes to it, though this one holds it.
    #[error(
        "户档正被另一个程序改动（lock 或日志已不是本程序打开时的样子）。为免互相覆盖，这一件没有存，先存的都在：请关闭本程序，确认只有一个程序开着，再打开补记"
    )]
    TakenOver,
    /// The journal is damaged, and nobody has said that it is to go on.
    #[error("日志有损坏，现在只能查看、导出、备份，不能修改。{WAY_OUT}")]
    Hurt,
    /// The journal is whole, so that there is nothing behind which to go on.
    #[error("日志完好，没有损坏要越过")]
    NotHurt,
    /// There is none in this home.
    #[error("{} 里还没有户档", .0.display())]
    Missing(PathBuf),
    /// There is one in this home already.
    #[error("{} 里已有户档，不能再建", .0.display())]
    Exists(PathBuf),
    /// A backup is only ever restored into an empty folder.
    #[error("{} 不是空文件夹（里面有“{}”），备份只能恢复到空文件夹", .home.display(), .holds)]
    NotEmpty {
        /// The folder.
        home: PathBuf,
        /// Something in it.
        holds: String,
    },
    /// The file is no backup of a store.
    #[error("{} 不是户档备份", .0.display())]
    NotABackup(PathBuf),
    /// A newer program wrote it.
    #[error("{what}由更新的版本写成（格式{version}，本程序只识{known}），请先升级程序")]
    Newer {
        /// What of the store.
        what: String,
        /// The format it has.
        version: u8,
        /// The newest format known here.
        known: u8,
    },
    /// The disk did not do it.
    #[error("{what}失败：{}", in_words(.cause))]
    Disk {
        /// What was being done.
        what: String,
        /// Why it failed.
        cause: io::Error,
    },
    /// The journal holds nothing by which to go.
    #[error("日志损坏，无法打开：{0}；请用备份恢复")]
    Damaged(String),
    /// The index failed at work; the journal is whole, and the next opening builds the index again.
    #[error("索引出错（{0}）；数据都在日志里，重新打开程序会自动重建索引")]
    Index(String),
    /// An act names a household that has no file.
    #[error("没有户 {}", .0.local_number())]
    NoHousehold(HouseholdId),
    /// An act opens a file that is there already.
    #[error("户 {} 已有户档", .0.local_number())]
    HouseholdExists(HouseholdId),
    /// An act for a chain that another store writes.
    #[error("{0} 的账本由别的户档库记，这里只是照抄的一份，不能接着记")]
    Copy(Chain),
    /// Acts that do not follow on the last one.
    #[error("{chain} 第{number}号接不上账本")]
    DoesNotFollow {
        /// The chain.
        chain: Chain,
        /// The first act that does not.
        number: u64,
    },
    /// An act of a village that this store does not keep.
    #[error("村 {village} 不属于本户档（{scope}）")]
    OtherVillage {
        /// The village.
        village: VillageCode,
        /// What the store keeps.
        scope: Box<str>,
    },
    /// The prefix of division codes is none.
    #[error("“{0}”不能作户档范围：应为村代码12位、乡镇9位或县6位数字")]
    BadScope(Box<str>),
    /// A line of the journal is no act.
    #[error("日志第{entry}条：{why}")]
    BadLine {
        /// The entry.
        entry: u64,
        /// Why.
        why: BadLine,
    },
    /// Somebody asked for it to stop.
    #[error("已取消")]
    Cancelled,
}

impl StoreError {
    /// A failure of the disk while something was done.
    pub(crate) fn disk(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |cause| Self::Disk { what, cause }
    }
}

/// What to do about a journal that is damaged.
const WAY_OUT: &str = "先 hudang backup 备份一份；有损坏以前的备份的，hudang --home 空目录 restore 备份文件，再收回备份以后交过的变更集，补记其余的；没有的，hudang rebuild --go-on --as 姓名：越过坏处，从新的一代接着记，读不出的变更会列出来，请补记";

/// What the system says, in words for a person where they are known.
pub(crate) fn in_words(cause: &io::Error) -> String {
    use io::ErrorKind as Kind;
    let words = match cause.kind() {
        Kind::StorageFull | Kind::QuotaExceeded => "磁盘已满，请腾出空间后再试；已存的不受影响",
        Kind::ReadOnlyFilesystem => "磁盘是只读的，现在只能查看",
        Kind::PermissionDenied => "没有写入权限，现在只能查看",
        Kind::FileTooLarge => "文件超过磁盘允许的大小",
        Kind::NotFound => "文件不见了",
        _ => return cause.to_string(),
    };
    words.to_owned()
}

/// What is told of a store that opened, for the status line and for `verify`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenNote {
    /// The last bytes of the journal were no whole entry, never acknowledged, and were cut off.
    TornTail {
        /// How many bytes.
        bytes: u64,
    },
    /// A group that never ended was taken out of the journal.
    UnfinishedGroup {
        /// How many entries of it there were.
        entries: u64,
    },
    /// Bytes within the journal that are no entry; what stands before and after is kept.
    Damaged {
        /// The last whole entry before them; 0 is none.
        after: u64,
        /// The first whole entry behind them.
        before: u64,
        /// How many bytes.
        bytes: u64,
        /// The file within the home.
        file: String,
    },
    /// Entries that had been acknowledged are gone from the journal.
    Lost {
        /// The first one.
        from: u64,
        /// The last one.
        to: u64,
        /// Where the unreadable bytes were put, if there were any.
        kept: Option<String>,
    },
    /// An act does not follow the one that stands before it.
    BrokenChain {
        /// The chain.
        chain: Chain,
        /// The act.
        act: u64,
    },
    /// A household's file had to be made of the acts that are left, since the one that opened it is damaged.
    Reopened(HouseholdId),
    /// The index was built again.
    Rebuilt {
        /// Why.
        why: String,
    },
    /// The old index was kept under this name.
    SetAside(String),
    /// A snapshot could not be used, and an older one or the whole journal was.
    BadSnapshot(String),
    /// There is no room or no right to keep an index on the disk; it is held in memory until there is.
    IndexInMemory {
        /// Why.
        why: String,
    },
    /// The store can only be read.
    ReadOnly {
        /// Why.
        why: String,
    },
    /// The store was copied or restored; its numbers go on under a new epoch.
    NewEpoch(u32),
    /// The next generation could not be started.
    NoGeneration {
        /// Why.
        why: String,
    },
    /// Drafts that could not be read were set aside.
    DraftsDamaged {
        /// How many bytes of them.
        bytes: u64,
    },
    /// The journal is damaged, so that nothing is written until a person says how to go on.
    Hurt,
    /// Somebody said earlier that the store is to go on behind damage.
    WentOn {
        /// The last whole entry before it, and the first one behind it.
        gap: (u64, u64),
        /// On which day.
        on: NaiveDate,
        /// Who.
        by: Box<str>,
    },
    /// Households of which acts cannot be read any more, so that somebody has to look at them.
    ToEnterAgain(Vec<HouseholdId>),
    /// The disk does not keep files from other users of the machine.
    NotPrivate,
    /// A part of the backup could not be read.
    BackupDamaged {
        /// How many bytes of it.
        bytes: u64,
        /// Of which files how much is missing.
        files: String,
    },
    /// A part of the backup could not be read, and stood in it once more.
    BackupMended {
        /// How many bytes of it.
        bytes: u64,
    },
    /// The backup has no end: it was cut short.
    BackupCut,
}

impl OpenNote {
    /// Whether it tells of damage to the journal.
    pub(crate) fn is_of_the_journal(&self) -> bool {
        matches!(self, Self::Damaged { .. } | Self::Lost { .. } | Self::BrokenChain { .. } | Self::Reopened(_))
    }

    /// Whether something that had been acknowledged may be missing.
    pub fn is_loss(&self) -> bool {
        matches!(
            self,
            Self::Damaged { .. }
                | Self::Lost { .. }
                | Self::BrokenChain { .. }
                | Self::Reopened(_)
                | Self::BackupDamaged { .. }
                | Self::BackupCut
        )
    }
}

impl fmt::Display for OpenNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TornTail { bytes } => write!(f, "日志末尾有{bytes}字节没有写完（未曾确认），已截去"),
            Self::UnfinishedGroup { entries } => write!(f, "上次导入没有做完（{entries}条），已整批撤去"),
            Self::Damaged { after, before, bytes, file } => {
                write!(f, "{file}：第{after}条之后、第{before}条之前有{bytes}字节损坏，前后的都保留")
            }
            Self::Lost { from, to, kept } => {
                write!(f, "日志第{from}至{to}条曾经确认，现已读不出")?;
                kept.as_ref().map_or(Ok(()), |kept| write!(f, "（残余存于 {kept}）"))
            }
            Self::BrokenChain { chain, act } => write!(f, "村 {chain} 第{act}号变更与前一号接不上"),
            Self::Reopened(id) => write!(f, "户 {} 的建档记录损坏，按其后的记录恢复", id.local_number()),
            Self::Rebuilt { why } => write!(f, "已按日志重建索引（{why}）"),
            Self::SetAside(name) => write!(f, "原索引保留为 {name}"),
            Self::BadSnapshot(name) => write!(f, "快照 {name} 不能用，改用更早的"),
            Self::IndexInMemory { why } => write!(f, "索引暂放在内存里（{why}），数据照常记入日志"),
            Self::ReadOnly { why } => write!(f, "户档只能查看，不能修改（{why}）"),
            Self::NewEpoch(epoch) => write!(f, "户档经过恢复、复制或有缺失，从此用第{epoch}代编号"),
            Self::NoGeneration { why } => write!(f, "未能写新快照（{why}），不影响使用"),
            Self::DraftsDamaged { bytes } => write!(f, "草稿有{bytes}字节读不出"),
            Self::Hurt => write!(f, "日志有损坏：能看、能导出（--from、--to 避开坏处）、能备份，不能修改。{WAY_OUT}"),
            Self::WentOn { gap: (after, before), on, by } => {
                write!(f, "日志第{after}条之后、第{before}条之前有过损坏，{on} {by} 决定越过，从新的一代接着记")
            }
            Self::ToEnterAgain(ids) => {
                const FEW: usize = 20;
                let named: Vec<String> = ids.iter().take(FEW).map(|id| id.local_number()).collect();
                let more = if ids.len() > FEW { format!(" 等{}户", ids.len()) } else { String::new() };
                write!(f, "这些户有读不出的变更，请对照原表核对补记：{}{more}", named.join("、"))
            }
            Self::NotPrivate => {
                f.write_str("这个磁盘不分用户（比如U盘）：能用这台电脑的人都能读户档，请换到本机硬盘，或收好")
            }
            Self::BackupDamaged { bytes, files } => {
                write!(f, "备份有{bytes}字节损坏")?;
                if files.is_empty() { Ok(()) } else { write!(f, "，没能恢复：{files}") }
            }
            Self::BackupMended { bytes } => write!(f, "备份有{bytes}字节损坏，里面另有一份，都恢复了；请另做一份备份"),
            Self::BackupCut => f.write_str("备份不完整，后面的部分没有了"),
        }
    }
}
