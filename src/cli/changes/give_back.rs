//! `hudang changes give-back`: what this side holds of both chains, for the other side, which has lost its store.

use serde_json::json;

use crate::workspace::Workspace;

use super::super::Outcome;
use super::super::args::GiveBackArgs;
use super::super::output::Output;

pub fn run(workspace: &Workspace, args: &GiveBackArgs, out: &Output) -> Outcome {
    let village = workspace.the_village()?;
    let files = workspace.write_back(village, &args.out)?;
    let fingerprint = workspace.own_keys()?.public().signing.fingerprint();
    let paths = || files.iter().map(|file| format!("{}\n", file.display())).collect::<String>();
    out.print(
        || json!({"village": village.to_string(), "files": files, "fingerprint": fingerprint}),
        || match files.is_empty() {
            true => "这里没有这个村的变更，没有可给回的".to_owned(),
            false => {
                format!("{}都没有加密，请当面交给本人。签名的钥匙指纹 {fingerprint}，请在电话里念给对方核对", paths())
            }
        },
    );
    Ok(0)
}
