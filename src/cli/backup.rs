//! `hudang backup`: everything into one file, read back to prove it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::workspace::Workspace;

use super::args::BackupArgs;
use super::output::Output;
use super::{Fault, Outcome, Steps};

pub fn run(workspace: &Workspace, args: &BackupArgs, out: &Output) -> Outcome {
    let file = whole(&args.file);
    may_write(&args.file, &file, args.replace)?;
    workspace.store().backup(&file, &mut Steps::default())?;
    let verified = workspace.store().verify(&mut Steps::default())?;
    out.print(
        || {
            let (problems, notes) = (&verified.problems, &verified.notes);
            json!({"ok": true, "entries": verified.entries, "problems": problems, "notes": notes, "file": args.file})
        },
        || {
            let hurt = if verified.ok { "" } else { "。户档库本身有损坏，能读的都备份了（hudang verify 看是哪些）" };
            format!(
                "已备份到 {}，共{}条，读回核对无误{hurt}。签名和解密的钥匙也在里面：谁拿到备份，谁就能以本库的名义签名，请收好",
                file.display(),
                verified.entries
            )
        },
    );
    Ok(0)
}

/// The path from the root on, so that it is said where a bare name went.
fn whole(file: &Path) -> PathBuf {
    std::path::absolute(file).unwrap_or_else(|_| file.to_owned())
}

/// Refuses a file that is there, unless it is to be replaced, and a link to somewhere else in any case.
fn may_write(named: &Path, file: &Path, replace: bool) -> Result<(), Fault> {
    let Ok(there) = fs::symlink_metadata(file) else { return Ok(()) };
    let named = named.display();
    if there.is_symlink() {
        return Err(Fault::new(format!("{named} 是一个链接，不往别处写：请换一个文件名，或写明真正的文件")));
    }
    if there.is_dir() {
        return Err(Fault::new(format!("{named} 是文件夹，请写文件名，比如 {named}/户档备份.hudang")));
    }
    if !replace {
        return Err(Fault::new(format!("已有 {named}，没有动它：请换一个文件名；要换成新的，加 --replace")));
    }
    Ok(())
}
