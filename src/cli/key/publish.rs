//! `hudang key publish`: the public keys as a card for the other side.

use serde_json::json;

use crate::exchange::save::save;
use crate::workspace::{Workspace, WorkspaceError};

use super::super::Outcome;
use super::super::args::KeyPublishArgs;
use super::super::output::Output;

pub fn run(workspace: &Workspace, args: &KeyPublishArgs, out: &Output) -> Outcome {
    let card = workspace.key_card()?;
    save(&args.out, &card.to_bytes()).map_err(WorkspaceError::from)?;
    let fingerprint = card.keys.signing.fingerprint();
    out.print(
        || json!({"file": args.out, "side": card.side, "scope": card.scope, "fingerprint": fingerprint}),
        || {
            format!(
                "公钥卡已写到 {}\n签名公钥指纹 {fingerprint}，请当面或打电话告诉对方核对。卡里没有私钥，可以公开",
                args.out.display()
            )
        },
    );
    Ok(0)
}
