//! `hudang backup`: everything into one file, read back to prove it.

use serde_json::json;

use crate::workspace::Workspace;

use super::args::BackupArgs;
use super::output::Output;
use super::{Outcome, Steps};

pub fn run(workspace: &Workspace, args: &BackupArgs, out: &Output) -> Outcome {
    workspace.store().backup(&args.file, &mut Steps::default())?;
    let entries = workspace.store().verify(&mut Steps::default())?;
    out.print(
        || json!({"ok": true, "entries": entries.entries, "problems": [], "notes": [], "file": args.file}),
        || {
            format!(
                "已备份到 {}，读回核对无误。签名和解密的钥匙也在里面：谁拿到备份，谁就能以本库的名义签名，请收好",
                args.file.display()
            )
        },
    );
    Ok(0)
}
