//! `hudang completions`: a script for the shell.

use clap_complete::{Shell as For, generate};

use super::Outcome;
use super::args::{self, CompletionsArgs, Shell};

pub fn run(args: &CompletionsArgs) -> Outcome {
    let shell = match args.shell {
        Shell::Bash => For::Bash,
        Shell::Zsh => For::Zsh,
        Shell::Fish => For::Fish,
        Shell::PowerShell => For::PowerShell,
    };
    generate(shell, &mut args::command(), "hudang", &mut std::io::stdout().lock());
    Ok(0)
}
