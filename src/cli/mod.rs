//! The command line face: one file a subcommand, named as it is typed.

pub mod args;
mod backup;
mod card;
mod changes;
mod check;
mod completions;
mod due;
mod fault;
mod form;
mod import;
mod init;
mod key;
mod list;
mod man;
mod output;
mod policy;
mod rebuild;
mod record;
mod restore;
mod review;
mod settings;
mod show;
mod stale;
pub mod usage;
mod verify;

use crate::domain::{Author, Clock, Role};
use crate::progress::Progress;
use crate::store::Store;
use crate::workspace::ids::Ids;
use crate::workspace::{NewVillage, Options, Workspace};

use args::{ChangesCommand, Cli, Command, ImportCommand, KeyCommand};
pub use fault::Fault;
use output::Output;

/// What a command ends with: 0 done, 3 done with findings or refused rows, 5 a hash, signature or key is wrong.
pub type Outcome = Result<u8, Fault>;

/// Does what the command line says; the two faces' own commands are not among it.
pub fn run(cli: &Cli, command: &Command) -> Outcome {
    let out = Output { json: cli.json };
    match command {
        Command::Init(args) => init::run(cli, args, &out),
        Command::Show(args) => show::run(&open(cli)?, args, &out),
        Command::Record(args) => record::run(&mut open_to_write(cli)?, args, &out),
        Command::Form(args) => form::run(cli, args, &out),
        Command::Import(ImportCommand::Roster(args)) if args.dry_run => {
            import::roster::run(&mut open(cli)?, args, &out)
        }
        Command::Import(ImportCommand::Roster(args)) => import::roster::run(&mut open_to_carry_in(cli)?, args, &out),
        Command::Import(ImportCommand::Exemptions(args)) if args.dry_run => {
            import::exemptions::run(&mut open(cli)?, args, &out)
        }
        Command::Import(ImportCommand::Exemptions(args)) => {
            import::exemptions::run(&mut open_to_carry_in(cli)?, args, &out)
        }
        Command::List(args) => list::run(&open(cli)?, args, &out),
        Command::Policy => policy::run(&open(cli)?, &out),
        Command::Card(args) => card::run(&open(cli)?, args, &out),
        Command::Changes(ChangesCommand::Export(args)) => changes::export::run(&mut open(cli)?, args, &out),
        Command::Changes(ChangesCommand::Apply(args)) => match &mut open_to_take_in(cli, &args.files)? {
            Some(workspace) => changes::apply::run(workspace, args, &mut Steps::default(), &out),
            None => changes::apply::refuse(&args.files, &out),
        },
        Command::Changes(ChangesCommand::AcceptReceipt(args)) => {
            changes::accept_receipt::run(&mut open_to_write(cli)?, args, &mut Steps::default(), &out)
        }
        Command::Changes(ChangesCommand::Answer(args)) => changes::answer::run(&mut open_to_write(cli)?, args, &out),
        Command::Changes(ChangesCommand::Receipt(args)) => changes::receipt::run(&mut open_to_write(cli)?, args, &out),
        Command::Changes(ChangesCommand::GiveBack(args)) => changes::give_back::run(&open_to_write(cli)?, args, &out),
        Command::Changes(ChangesCommand::Verify(args)) => changes::verify::run(cli, args, &out),
        Command::Changes(ChangesCommand::Conflicts) => changes::conflicts::list(&open(cli)?, &out),
        Command::Changes(ChangesCommand::Settle(args)) => {
            changes::conflicts::settle(&mut open_to_write(cli)?, args, &out)
        }
        Command::Settings(args) if args.approval.is_none() && args.policy.is_none() && args.name.is_none() => {
            settings::show(&open(cli)?, &out)
        }
        Command::Settings(args) => settings::run(&mut open_to_write(cli)?, args, &out),
        Command::Key(KeyCommand::Show) => key::show::run(&open(cli)?, &out),
        Command::Key(KeyCommand::Publish(args)) => key::publish::run(&open(cli)?, args, &out),
        Command::Key(KeyCommand::Accept(args)) => key::accept::run(&mut open_to_write(cli)?, args, &out),
        Command::Key(KeyCommand::Trust(args)) => {
            key::trust::run(&mut open_to_write(cli)?, args, &mut Steps::default(), &out)
        }
        Command::Key(KeyCommand::Forget(args)) => {
            key::forget::run(&mut open_to_write(cli)?, args, &mut Steps::default(), &out)
        }
        Command::Check(args) => check::run(&open(cli)?, args, &out),
        Command::Stale => stale::run(&open(cli)?, &out),
        Command::Due(args) => due::run(&open(cli)?, args, &out),
        Command::Changes(ChangesCommand::List(args)) => changes::list::run(&open(cli)?, args, &out),
        Command::Review(args) if args.approve.is_empty() && args.give_back.is_empty() => {
            review::run(&mut open(cli)?, args, &out)
        }
        Command::Review(args) => review::run(&mut open_to_write(cli)?, args, &out),
        Command::Verify => verify::run(&open(cli)?, &out),
        Command::Rebuild(args) => rebuild::run(cli, args, &out),
        Command::Backup(args) => backup::run(&open(cli)?, args, &out),
        Command::Restore(args) => restore::run(cli, args, &out),
        Command::Completions(args) => completions::run(args),
        Command::Man => man::run(),
        _ => Err(Fault::new("这个命令不在命令行里")),
    }
}

/// How the command line says the store is to be opened.
pub fn options(cli: &Cli) -> Result<Options, Fault> {
    let home = match &cli.home {
        Some(home) => home.clone(),
        None => directories::ProjectDirs::from("", "", "hudang")
            .map(|dirs| dirs.data_dir().to_owned())
            .ok_or_else(|| Fault::new("不知道数据放在哪里，请用 --home 指明目录"))?,
    };
    // A name of nothing that anybody sees is none.
    let author = cli.author.as_ref().map(|name| Author::named(name, cli.role.unwrap_or(Role::Coordinator)));
    Ok(Options {
        home,
        clock: cli.today.map_or_else(Clock::system, Clock::on),
        ids: Ids::Random,
        author: author.filter(|author| !author.name.is_empty()),
        village: cli.village,
        overlay: cli.data.clone(),
    })
}

fn open(cli: &Cli) -> Result<Workspace, Fault> {
    let (workspace, notes) = Workspace::open(options(cli)?, &mut Steps::default())?;
    notes.iter().for_each(|note| eprintln!("{note}"));
    if let Some(doubt) = workspace.clock_doubt() {
        eprintln!("注意：{doubt}");
    }
    Ok(seated(cli, workspace))
}

/// Whoever does not say her role is the coordinator; where all files are copies of the villages', the county.
fn seated(cli: &Cli, mut workspace: Workspace) -> Workspace {
    if cli.role.is_none() && cli.author.is_some() && workspace.keeps_copies_only() {
        workspace.enter_as(Role::County);
    }
    workspace
}

/// Opens the store that takes sets in. Where there is none, one is made for the county of the first village that has a
/// set among the files, where it is the county that says so; none where no file is a village's set.
fn open_to_take_in(cli: &Cli, files: &[std::path::PathBuf]) -> Result<Option<Workspace>, Fault> {
    let options = options(cli)?;
    if Store::exists(&options.home) {
        return open(cli).map(Some);
    }
    let Some(county) = crate::workspace::arrival::county_of(files) else { return Ok(None) };
    if cli.role != Some(Role::County) {
        return Err(Fault::new(format!(
            "{} 里还没有户档库，没有收。县里第一次收变更集，写明 --as 姓名 --role county，就建 {county} 的县级库；村里要收回自己交过的，先恢复备份（hudang restore）或建村的户档（hudang init）；全丢了的，用 hudang restore --from-county 找回",
            options.home.display()
        )));
    }
    eprintln!("新建 {county} 的县级户档库：{}", options.home.display());
    let county = NewVillage { scope: county.into(), name: String::new(), policy: None };
    Ok(Some(Workspace::create(options, &county)?))
}

/// Opens a store for a command that enters something: by somebody, and on a day that can be.
fn open_to_write(cli: &Cli) -> Result<Workspace, Fault> {
    let workspace = open(cli)?;
    if workspace.author().is_none() {
        return Err(Fault::usage(crate::workspace::WorkspaceError::NoAuthor.to_string()));
    }
    match workspace.clock_doubt() {
        Some(doubt) => Err(crate::workspace::WorkspaceError::Clock(doubt).into()),
        None => Ok(workspace),
    }
}

/// The same for what is a village's, whatever store it is carried into.
fn open_to_carry_in(cli: &Cli) -> Result<Workspace, Fault> {
    let mut workspace = open_to_write(cli)?;
    if cli.role.is_none() && cli.author.is_some() {
        workspace.enter_as(Role::Coordinator);
    }
    Ok(workspace)
}

/// Progress as lines on standard error, at most a few a second, and only for work that takes a while.
pub struct Steps {
    begun: std::time::Instant,
    last: std::time::Instant,
}

impl Default for Steps {
    fn default() -> Self {
        let now = std::time::Instant::now();
        Self { begun: now, last: now }
    }
}

impl Progress for Steps {
    fn step(&mut self, what: &str, done: u64, of: Option<u64>) {
        const PATIENCE: std::time::Duration = std::time::Duration::from_secs(1);
        if self.begun.elapsed() < PATIENCE || self.last.elapsed() < PATIENCE {
            return;
        }
        self.last = std::time::Instant::now();
        match of {
            Some(of) => eprintln!("{what} {done}/{of}"),
            None => eprintln!("{what} {done}"),
        }
    }

    fn is_cancelled(&self) -> bool {
        false
    }
}
