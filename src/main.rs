//! The program's entry: parses the command line, calls one of the two faces, prints an error, and sets the exit code.

use std::io::Write;
use std::process::ExitCode;

use clap::FromArgMatches;
use clap::error::ErrorKind;
use hudang::cli::args::{Cli, Command, command};
use hudang::cli::{self, usage};
use hudang::tui::start::{self, CannotStart};

fn main() -> ExitCode {
    leave_no_core();
    let cli = match command().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            // A reader that has closed the pipe wants no more.
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("{}", usage::explain(&error));
            return ExitCode::from(2);
        }
    };
    let outcome = match &cli.command {
        None => cli::options(&cli).and_then(|options| say(start::workstation(options, &mut cli::Steps::default()))),
        Some(Command::Demo) => {
            cli::options(&cli).and_then(|options| say(start::demo(&options, &mut cli::Steps::default())))
        }
        Some(Command::Keys) => cli::options(&cli).and_then(|options| say(start::key_table(&options.home, cli.json))),
        Some(command) => cli::run(&cli, command),
    };
    outcome.map_or_else(
        |fault| {
            eprintln!("{fault}");
            ExitCode::from(fault.code())
        },
        ExitCode::from,
    )
}

/// Sees to it that nothing of a file is left in a core file, should the program ever crash.
fn leave_no_core() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        // Where the system refuses this there is nothing that could be done.
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
}

fn say(outcome: Result<String, CannotStart>) -> cli::Outcome {
    match outcome {
        // A reader that has closed the pipe wants no more; nor does one that has closed the other.
        Ok(words) => _ = writeln!(std::io::stdout(), "{}", words.trim_end()),
        Err(CannotStart::Workspace(error)) => return Err(error.into()),
        Err(error) => {
            let _ = std::io::stderr().write_all(&error.bytes());
            return Ok(1);
        }
    }
    Ok(0)
}
