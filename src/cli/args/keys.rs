//! What can be typed about keys, and which are believed.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::domain::VillageCode;

/// Which keys are believed that are not known yet.
#[derive(Debug, Default, Args)]
#[allow(missing_docs)]
pub struct TrustArgs {
    /// 头一次见的钥匙见了就认（指纹已另行核对过的脚本用）
    #[arg(long, conflicts_with = "trust")]
    pub trust_new: bool,
    /// 核对过的指纹清单，每行：村代码 指纹
    #[arg(long, value_name = "文件")]
    pub trust: Option<PathBuf>,
}

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// 看本库公钥和已记下的对方公钥的指纹
    Show,
    /// 写出本库的公钥卡，交给对方
    Publish(KeyPublishArgs),
    /// 接收对方的公钥卡，并收下因此等着的变更集
    Accept(KeyAcceptArgs),
    /// 认可核对过指纹的钥匙，并收下因此等着的变更集
    Trust(KeyTrustArgs),
    /// 忘掉一个村的钥匙从头来；收过的副本另存在数据目录下，还能看
    Forget(KeyForgetArgs),
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct KeyPublishArgs {
    /// 写到哪个文件
    #[arg(long, value_name = "文件")]
    pub out: PathBuf,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct KeyAcceptArgs {
    /// 公钥卡文件
    #[arg(value_name = "文件")]
    pub file: PathBuf,
    /// 已向对方核实换了钥匙，用新的代替记下的
    #[arg(long)]
    pub yes_replace: bool,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct KeyTrustArgs {
    /// 哪个村（村里写本村，认可的是县里的钥匙）
    #[arg(value_name = "村代码")]
    pub of: VillageCode,
    /// 当面或打电话核对过的指纹
    #[arg(value_name = "指纹", num_args = 1..=4, required = true)]
    pub fingerprint: Vec<String>,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct KeyForgetArgs {
    /// 哪个村（村里写本村，忘掉的是县里的钥匙）
    #[arg(value_name = "村代码")]
    pub of: VillageCode,
}
