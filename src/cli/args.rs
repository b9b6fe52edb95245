//! The command line: what can be typed, with its help. The names are a contract that others script against.

mod keys;

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::domain::{Month, PartialDate, Role, VillageCode};

pub use keys::{KeyAcceptArgs, KeyCommand, KeyForgetArgs, KeyPublishArgs, KeyTrustArgs, TrustArgs};

/// 户档：村级农户档案工作台
#[derive(Debug, Parser)]
#[command(name = "hudang", version, disable_help_subcommand = true, help_template = HELP, subcommand_help_heading = "命令", next_help_heading = "选项")]
pub struct Cli {
    /// 存放数据的目录（缺省为本机的数据目录）
    #[arg(long, global = true, env = "HUDANG_HOME", hide_env = true, value_name = "目录")]
    pub home: Option<PathBuf>,
    /// 当作今天的日期，如 2022-11-20（缺省看时钟）
    #[arg(long, global = true, env = "HUDANG_TODAY", hide_env = true, value_name = "日期")]
    pub today: Option<NaiveDate>,
    /// 谁在录入
    #[arg(long = "as", global = true, value_name = "姓名")]
    pub author: Option<String>,
    /// 以什么身份
    #[arg(long, global = true, value_name = "身份", value_parser = parse_role)]
    pub role: Option<Role>,
    /// 哪个村（库里有多个村时）
    #[arg(long, global = true, value_name = "村代码")]
    pub village: Option<VillageCode>,
    /// 输出一份JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// 政策、表单、代码的补充目录（缺省为数据目录下的 data）
    #[arg(long, global = true, env = "HUDANG_DATA", hide_env = true, value_name = "目录")]
    pub data: Option<PathBuf>,
    /// 显示本帮助
    #[command(subcommand)]
    pub command: Option<Command>,
}

const HELP: &str = "{about}\n\n用法：{usage}\n\n{all-args}{after-help}\n";

/// What the program does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 打开示例村（临时副本，退出即弃）
    Demo,
    /// 新建一个库
    Init(InitArgs),
    /// 导入
    #[command(subcommand)]
    Import(ImportCommand),
    /// 列出农户
    List(ListArgs),
    /// 看一户的户档
    Show(ShowArgs),
    /// 录入填好的表（走访、筛查、排查、修改、家庭变化），一份或多份
    Record(RecordArgs),
    /// 看一张表的定义和样例
    Form(FormArgs),
    /// 核对：列出各户的问题
    Check(CheckArgs),
    /// 列出过期未核实、未入档、未交县的内容
    Stale,
    /// 列出到期的：全村的日子，各户的走访、待办、期限、贷款、变更
    Due(DueArgs),
    /// 列出本村按的各项政策数字和出处，没有载明的也列出
    Policy,
    /// 打印明白卡
    Card(CardArgs),
    /// 变更
    #[command(subcommand)]
    Changes(ChangesCommand),
    /// 审核：列出待第一书记审的户，通过或退回
    Review(ReviewArgs),
    /// 看设置，或改设置
    Settings(SettingsArgs),
    /// 钥匙：给变更集签名、加密用的
    #[command(subcommand)]
    Key(KeyCommand),
    /// 核对库里的全部内容
    Verify,
    /// 由日志重建索引；日志有损坏的，可从坏处之后接着记
    Rebuild(RebuildArgs),
    /// 备份到一个文件（钥匙也在里面），并读回核对
    Backup(BackupArgs),
    /// 从备份恢复到空目录
    Restore(RestoreArgs),
    /// 列出按键
    Keys,
    /// 输出命令补全脚本
    Completions(CompletionsArgs),
    /// 输出手册页
    Man,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct InitArgs {
    /// 村名
    #[arg(long, value_name = "村名")]
    pub name: String,
    /// 政策文件名（缺省按地区和日期选）
    #[arg(long, value_name = "政策")]
    pub policy: Option<String>,
    /// 装多个村的库：县代码（6位）或乡镇代码（9位），不写 --village
    #[arg(long, value_name = "县代码", conflicts_with = "village")]
    pub county: Option<String>,
}

/// What can be taken in.
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// 导入国网导出表或村级台账（xlsx、xls、ods、csv，按列名识别）
    Roster(RosterArgs),
    /// 导入豁免清单（每行：户编号、人员、规则编码、豁免原因、豁免至）
    Exemptions(RosterArgs),
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct RosterArgs {
    /// 文件，一个或多个
    #[arg(required = true, value_name = "文件")]
    pub files: Vec<PathBuf>,
    /// 只看会变什么，不动数据
    #[arg(long)]
    pub dry_run: bool,
    /// CSV的编码（缺省自动识别），如 utf-8、gb18030
    #[arg(long, value_name = "编码")]
    pub encoding: Option<String>,
    /// 只读工作簿中的这一张表（缺省为所有认识的表）
    #[arg(long, value_name = "表名")]
    pub sheet: Option<String>,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct ListArgs {
    /// 查找内容，与屏幕上的查找行相同，如：zs 脱贫户 未走访
    #[arg(value_name = "查找")]
    pub query: Vec<String>,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct ShowArgs {
    /// 户编号
    #[arg(value_name = "户编号")]
    pub household: String,
    /// 附上全部变更历史
    #[arg(long)]
    pub history: bool,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct RecordArgs {
    /// 表单文件（JSON，一份或一个列表）；- 为标准输入
    #[arg(value_name = "文件")]
    pub file: PathBuf,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct FormArgs {
    /// 表名：visit、screening、verification、edit，或家庭变化如 birth、death
    #[arg(value_name = "表名")]
    pub name: String,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct CheckArgs {
    /// 户编号，一个或多个（不写是全部）
    #[arg(value_name = "户编号")]
    pub households: Vec<String>,
    /// 另写一份工作簿（交乡镇）
    #[arg(long, value_name = "文件")]
    pub xlsx: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct DueArgs {
    /// 哪个月，如 2022-11（缺省为过期的和近期的）
    #[arg(long, value_name = "月份", value_parser = parse_month)]
    pub month: Option<Month>,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct CardArgs {
    /// 户编号，一个或多个
    #[arg(value_name = "户编号", required_unless_present = "all")]
    pub households: Vec<String>,
    /// 全部应有明白卡的户
    #[arg(long, conflicts_with = "households")]
    pub all: bool,
    /// 放到哪个目录
    #[arg(long, value_name = "目录")]
    pub out: PathBuf,
}

/// What can be done with changes.
#[derive(Debug, Subcommand)]
pub enum ChangesCommand {
    /// 列出变更，一行一个字段
    List(ChangesListArgs),
    /// 导出下一个变更集，或重出指定的一段
    Export(ExportArgs),
    /// 核对变更集文件
    Verify(VerifyArgs),
    /// 收下变更集（县里收各村的，次序不论，重复无妨；村里收回自己交过的）。头一次见的钥匙先存着，等人核对指纹
    Apply(SetFilesArgs),
    /// 答复村里交来的变更：不予录入的说明原因
    Answer(AnswerArgs),
    /// 出回执：把已作的答复连同县里的更正发回村里；没答复的留着，除非写明 --rest-taken
    Receipt(ReceiptArgs),
    /// 收下县里的回执（文件，或县里填好的工作簿）
    AcceptReceipt(SetFilesArgs),
    /// 列出两边都改了的（县里）
    Conflicts,
    /// 选定两边都改了的一处（县里）：用县里的，或用村里的
    Settle(SettleArgs),
    /// 把这里的抄本写给丢了户档库的一方找回（县里给村里，村里给县里）
    GiveBack(GiveBackArgs),
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct SettleArgs {
    /// 户编号
    #[arg(value_name = "户编号")]
    pub household: String,
    /// 哪个字段，如 address.group；有几行的写行号，如 jobs.2.place（见 changes conflicts）
    #[arg(value_name = "字段")]
    pub slot: String,
    /// 用谁的
    #[arg(long, value_name = "county|village")]
    pub keep: Kept,
}

/// Whose value is taken.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[allow(missing_docs)]
pub enum Kept {
    County,
    Village,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct SetFilesArgs {
    /// 文件，一个或多个
    #[arg(required = true, value_name = "文件")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub trust: TrustArgs,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct AnswerArgs {
    /// 哪些变更：件号，或件号.处号，如 12 或 12.3（见 changes list）
    #[arg(value_name = "变更", required_unless_present = "sheet")]
    pub changes: Vec<String>,
    /// 不予录入（不写就是收下）
    #[arg(long)]
    pub refuse: bool,
    /// 原因，见代码表 refusal_reason，如 no_evidence
    #[arg(long, value_name = "原因", requires = "refuse")]
    pub reason: Option<String>,
    /// 用文字说明
    #[arg(long, value_name = "说明", requires = "refuse")]
    pub words: Option<String>,
    /// 填好办理结果的工作簿
    #[arg(long, value_name = "文件", conflicts_with_all = ["changes", "refuse"])]
    pub sheet: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct ReceiptArgs {
    /// 回执文件；几个村一起出时是目录
    #[arg(long, value_name = "文件")]
    pub out: PathBuf,
    /// 没答复的都算已收
    #[arg(long, conflicts_with = "from")]
    pub rest_taken: bool,
    #[command(flatten)]
    pub run: RunArgs,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct ChangesListArgs {
    /// 只列还没交县的
    #[arg(long)]
    pub pending: bool,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct ExportArgs {
    /// 放到哪个目录
    #[arg(long, value_name = "目录")]
    pub out: PathBuf,
    /// 没有要交的，就出一份“本月无变更”
    #[arg(long, conflicts_with = "from")]
    pub nil: bool,
    #[command(flatten)]
    pub run: RunArgs,
}

/// Which run goes out, and whether in the open.
#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct RunArgs {
    /// 重出：从第几号
    #[arg(long, value_name = "号", requires = "to")]
    pub from: Option<u64>,
    /// 重出：到第几号
    #[arg(long, value_name = "号", requires = "from")]
    pub to: Option<u64>,
    /// 不加密（缺省：记有对方公钥的就加密）
    #[arg(long)]
    pub plain: bool,
}

impl RunArgs {
    /// The run that is to be made again, where one is named.
    pub fn named(&self) -> Option<(u64, u64)> {
        self.from.zip(self.to)
    }
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct VerifyArgs {
    /// 变更集文件，一个或多个
    #[arg(required = true, value_name = "文件")]
    pub files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct SettingsArgs {
    /// 交县前要不要第一书记审核
    #[arg(long, value_name = "on|off")]
    pub approval: Option<Switch>,
    /// 政策文件名；写 auto 为按地区和日期选
    #[arg(long, value_name = "政策")]
    pub policy: Option<String>,
    /// 村名（县级库里是县名）
    #[arg(long, value_name = "名称")]
    pub name: Option<String>,
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Switch {
    On,
    Off,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct ReviewArgs {
    /// 通过这些户（户编号）
    #[arg(long, value_name = "户编号", num_args = 1..)]
    pub approve: Vec<String>,
    /// 退回这些户（户编号）
    #[arg(long = "return", value_name = "户编号", num_args = 1.., requires = "remark")]
    pub give_back: Vec<String>,
    /// 退回时写明哪里要改
    #[arg(long, value_name = "哪里要改", requires = "give_back")]
    pub remark: Option<String>,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct RebuildArgs {
    /// 日志有损坏、又没有备份：越过坏处，从新的一代接着记，读不出的变更列出来补记（要 --as 姓名）
    #[arg(long)]
    pub go_on: bool,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct BackupArgs {
    /// 备份文件，要是还没有的
    #[arg(value_name = "文件")]
    pub file: PathBuf,
    /// 已有这个文件的，换成新的
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct RestoreArgs {
    /// 备份文件；找回时是县里给回的文件
    #[arg(value_name = "文件", required_unless_present = "nothing_since")]
    pub files: Vec<PathBuf>,
    /// 备份以后没有交过变更集（县里：没有出过回执），或都收回来了：可以记新的了
    #[arg(long)]
    pub nothing_since: bool,
    /// 没有备份：用县里给回的文件（县里 hudang changes give-back 写的）找回
    #[arg(long, conflicts_with = "nothing_since")]
    pub from_county: bool,
    /// 电话里与县里核对过的指纹
    #[arg(long, value_name = "指纹", requires = "from_county")]
    pub fingerprint: Option<String>,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct GiveBackArgs {
    /// 写到哪个文件夹
    #[arg(long, value_name = "文件夹")]
    pub out: PathBuf,
}

#[derive(Debug, Args)]
#[allow(missing_docs)]
pub struct CompletionsArgs {
    /// 哪种命令行
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// Shells that completions are made for.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[allow(missing_docs)]
pub enum Shell {
    Bash,
    Zsh,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
}

fn parse_month(text: &str) -> Result<Month, String> {
    let date: Option<PartialDate> = text.parse().ok().filter(|date: &PartialDate| date.as_day().is_none());
    date.and_then(PartialDate::as_month).ok_or_else(|| "应为月份，如 2022-11".to_owned())
}

fn parse_role(text: &str) -> Result<Role, String> {
    Role::named(text).ok_or_else(|| "应为 coordinator、secretary、surveyor 或 county".to_owned())
}

/// The command with the Chinese headings that clap has no setting for.
pub fn command() -> clap::Command {
    let mut command = chinese(Cli::command());
    // Only a built command knows how it is called from the top, which its usage line repeats.
    command.build();
    with_usage(command)
}

fn with_usage(command: clap::Command) -> clap::Command {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").replace("[OPTIONS]", "[选项]");
    let usage = usage.replace("[COMMAND]", "[命令]").replace("<COMMAND>", "<命令>");
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let command = command.override_usage(usage);
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, with_usage))
}

fn chinese(command: clap::Command) -> clap::Command {
    let command = command
        .help_template(HELP)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .subcommand_help_heading("命令")
        .mut_args(|arg| {
            let heading = if arg.is_positional() { "参数" } else { "选项" };
            arg.help_heading(heading)
        })
        .arg(clap::arg!(-h --help "显示帮助").action(clap::ArgAction::Help).help_heading("选项"));
    let command = if command.get_name() == "hudang" {
        command.arg(clap::arg!(-V --version "显示版本").action(clap::ArgAction::Version).help_heading("选项"))
    } else {
        command
    };
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, chinese))
}
