//! `hudang man`: the manual page.

use super::{Fault, Outcome, args};

pub fn run() -> Outcome {
    let page = clap_mangen::Man::new(args::command());
    page.render(&mut std::io::stdout().lock()).map_err(|error| Fault::new(format!("手册页写不出：{error}")))?;
    Ok(0)
}
