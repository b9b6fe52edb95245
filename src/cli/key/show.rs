//! `hudang key show`: the fingerprints that two sides read to each other over the telephone.

use serde_json::json;

use crate::domain::{Chain, Side};
use crate::store::Accepted;
use crate::workspace::Workspace;
use crate::workspace::keys::Pinned;

use super::super::Outcome;
use super::super::output::{Output, table};

pub fn run(workspace: &Workspace, out: &Output) -> Outcome {
    let own = workspace.own_keys()?.public();
    let pins = workspace.pins();
    let village = workspace.village().filter(|_| !workspace.is_countys());
    let head = village.map(|village| workspace.countersigned(village)).transpose()?.flatten();
    out.print(
        || {
            json!({
                "own": {
                    "signing": own.signing, "sealing": own.sealing,
                    "fingerprint": own.signing.fingerprint(), "sealing_fingerprint": own.sealing.fingerprint(),
                },
                "known": pins.iter().map(as_json).collect::<Vec<_>>(),
                "countersigned": head.map(|(act, hash)| json!({"act": act, "hash": hash})),
            })
        },
        || {
            let mut text =
                format!("本库公钥指纹\n  签名 {}\n  加密 {}\n", own.signing.fingerprint(), own.sealing.fingerprint());
            match pins.is_empty() {
                true => text.push_str("还没有记下对方的公钥\n"),
                false => text.push_str(&table(&HEAD, &pins.iter().map(row).collect::<Vec<_>>())),
            }
            if let Some((act, hash)) = head {
                text.push_str(&format!("县里签认到第{act}件（校验 {hash:.16}）\n"));
            }
            text
        },
    );
    Ok(0)
}

const HEAD: [&str; 5] = ["对方", "签名指纹", "加密指纹", "记于", "凭什么"];

fn row(pinned: &Pinned) -> Vec<String> {
    vec![
        whose(pinned.chain),
        pinned.signing.fingerprint(),
        pinned.sealing.as_ref().map(|key| key.fingerprint()).unwrap_or_default(),
        pinned.on.to_string(),
        match pinned.accepted {
            Accepted::First => "头一次收到".to_owned(),
            Accepted::Person => format!("{}认可", pinned.by),
        },
    ]
}

fn as_json(pinned: &Pinned) -> serde_json::Value {
    json!({
        "chain": pinned.chain, "signing": pinned.signing, "sealing": pinned.sealing,
        "fingerprint": pinned.signing.fingerprint(),
        "sealing_fingerprint": pinned.sealing.as_ref().map(|key| key.fingerprint()),
        "on": pinned.on, "by": pinned.by, "accepted": pinned.accepted,
    })
}

/// Who writes a chain, for a person.
pub fn whose(chain: Chain) -> String {
    match chain.side {
        Side::Village => format!("村 {}", chain.village),
        Side::County => format!("县（对村 {}）", chain.village),
    }
}
