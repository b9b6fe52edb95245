//! Why an import came to nothing.

use crate::exchange::roster::RosterError;
use crate::store::StoreError;

/// Why an import came to nothing; the store is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be taken in.
    #[error(transparent)]
    File(#[from] RosterError),
    /// The store said no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Rows do not say of which village they are.
    #[error("名册没有写明是哪个村（户编号前12位），请用 --village 村代码 指明")]
    WhichVillage,
    /// No file was named.
    #[error("请指定要导入的文件")]
    NoFile,
    /// Somebody stopped it.
    #[error("已取消，没有导入任何内容")]
    Cancelled,
}
