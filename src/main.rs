//! The program's entry: parses the command line, calls one of the two faces, prints an error, and sets the exit code.

use std::process::ExitCode;

use clap::FromArgMatches;
use clap::error::ErrorKind;
use hudang::cli::args::{Cli, command};
use hudang::cli::{self, usage};

fn main() -> ExitCode {
    let matches = match command().try_get_matches() {
        Ok(matches) => matches,
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
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => {
            eprintln!("{}", usage::explain(&error));
            return ExitCode::from(2);
        }
    };
    let outcome = match &cli.command {
        Some(command) => cli::run(&cli, command),
        None => Err(cli::Fault::usage("缺命令")),
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::from(fault.code())
        }
    }
}
