//! `hudang restore`: a backup, or what the county gives back, into an empty home; and the word that all else is back.

use serde_json::json;

use crate::store::{Opened, Store};
use crate::workspace::keys::keys_at;
use crate::workspace::{Workspace, WorkspaceError, held};

use super::args::{Cli, RestoreArgs};
use super::output::Output;
use super::{Fault, Outcome, Steps};

pub fn run(cli: &Cli, args: &RestoreArgs, out: &Output) -> Outcome {
    if args.from_county {
        return from_county(cli, args, out);
    }
    let options = super::options(cli)?;
    let home = &options.home;
    let mut opened = match &args.files[..] {
        [] => Store::open(home, &mut Steps::default()),
        [file] => Store::restore(file, home, &mut Steps::default()),
        _ => return Err(Fault::usage("一次恢复一个备份文件")),
    }
    .map_err(|error| held(error, home))?;
    if args.nothing_since {
        opened.store.knows_what_went_out()?;
    }
    say(&opened, args, &format!("已恢复到 {}", home.display()), out)
}

fn say(opened: &Opened, args: &RestoreArgs, what: &str, out: &Output) -> Outcome {
    let verified = opened.store.verify(&mut Steps::default())?;
    let has_keys = keys_at(opened.store.home()).is_ok_and(|keys| keys.is_some());
    let keys = match has_keys {
        true => "签名和解密的钥匙也已恢复",
        false => "备份里没有可用的钥匙；再交变更集时会用新钥匙签名，县里须先认可",
    };
    let asks = opened.store.asks_what_went_out();
    let mut notes: Vec<String> = opened.notes.iter().map(ToString::to_string).collect();
    if asks {
        notes.push(WorkspaceError::AsksWhatWentOut.to_string());
    }
    notes.extend(
        verified.notes.iter().filter(|note| !opened.notes.iter().any(|told| told.to_string() == **note)).cloned(),
    );
    out.print(
        || json!({"ok": verified.ok, "entries": verified.entries, "problems": verified.problems, "notes": notes, "asks": asks}),
        || {
            if args.files.is_empty() {
                return "记下了：备份以后没有交过，或都收回了。可以接着记了".to_owned();
            }
            let problems = verified.problems.iter().chain(&notes).map(|line| format!("\n{line}")).collect::<String>();
            format!("{what}，共{}条。{keys}{problems}", verified.entries)
        },
    );
    Ok(if verified.ok { 0 } else { 3 })
}

/// Makes the village's store again of what the county gives back; whoever sits here has compared the fingerprint.
fn from_county(cli: &Cli, args: &RestoreArgs, out: &Output) -> Outcome {
    let options = super::options(cli)?;
    if options.author.is_none() {
        return Err(Fault::usage(WorkspaceError::NoAuthor.to_string()));
    }
    let home = options.home.clone();
    let (workspace, arrival) =
        Workspace::come_back(options, &args.files, args.fingerprint.as_deref(), &mut Steps::default())?;
    let verified = workspace.store().verify(&mut Steps::default())?;
    let notes = arrival.in_words(Some(&workspace));
    let sets: Vec<String> = arrival.applied.iter().map(ToString::to_string).collect();
    out.print(
        || {
            json!({"ok": verified.ok, "entries": verified.entries, "problems": verified.problems,
                "notes": notes.lines().collect::<Vec<_>>(), "applied": sets, "epoch": workspace.store().epoch()})
        },
        || {
            format!(
                "{notes}\n已在 {} 找回，从第{}代接着记。县里还没有收到的变更不在里面，请补记。新钥匙要县里认可：hudang key publish --out 公钥卡.json，交给县里 hudang key accept 公钥卡.json --yes-replace",
                home.display(),
                workspace.store().epoch()
            )
        },
    );
    Ok(if verified.ok && arrival.refused.is_empty() { 0 } else { 3 })
}
