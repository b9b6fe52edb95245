//! `hudang restore`: a backup into an empty home.

use serde_json::json;

use crate::store::Store;
use crate::workspace::keys::keys_at;

use super::args::{Cli, RestoreArgs};
use super::output::Output;
use super::{Outcome, Steps};

pub fn run(cli: &Cli, args: &RestoreArgs, out: &Output) -> Outcome {
    let options = super::options(cli)?;
    let opened = Store::restore(&args.file, &options.home, &mut Steps::default())?;
    let verified = opened.store.verify(&mut Steps::default())?;
    let has_keys = keys_at(&options.home).is_ok_and(|keys| keys.is_some());
    let keys = match has_keys {
        true => "签名和解密的钥匙也已恢复",
        false => "备份里没有可用的钥匙；再交变更集时会用新钥匙签名，县里须先认可",
    };
    let notes: Vec<String> = opened.notes.iter().map(ToString::to_string).chain(verified.notes).collect();
    out.print(
        || json!({"ok": verified.ok, "entries": verified.entries, "problems": verified.problems, "notes": notes}),
        || format!("已恢复到 {}，共{}条。{keys}", options.home.display(), verified.entries),
    );
    Ok(if verified.ok { 0 } else { 3 })
}
