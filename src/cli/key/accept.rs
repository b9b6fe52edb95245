//! `hudang key accept`: the other side's public keys, as a person has looked at them.

use std::fs::File;
use std::io::Read;

use serde_json::json;

use crate::exchange::keys::{KeyCard, KeyStanding};
use crate::workspace::Workspace;

use super::super::args::KeyAcceptArgs;
use super::super::output::Output;
use super::super::{Fault, Outcome};
use super::show::whose;

/// More than any card.
const MOST: u64 = 1 << 20;

pub fn run(workspace: &mut Workspace, args: &KeyAcceptArgs, out: &Output) -> Outcome {
    let name = args.file.display();
    let mut bytes = Vec::new();
    let read = File::open(&args.file).and_then(|file| file.take(MOST).read_to_end(&mut bytes));
    read.map_err(|error| Fault::new(format!("{name}：读不了（{error}）")))?;
    let card = KeyCard::read(&bytes).map_err(|error| Fault::new(format!("{name}：{error}")))?;
    let (chain, standing) = workspace.accept_key(&card, args.yes_replace)?;
    let fingerprint = card.keys.signing.fingerprint();
    let what = match standing {
        KeyStanding::First => "已记下",
        KeyStanding::Same => "与记下的相同",
        KeyStanding::Other => "已换成新的",
    };
    out.print(
        || json!({"chain": chain, "name": card.name, "fingerprint": fingerprint, "replaced": standing == KeyStanding::Other}),
        || format!("{what}：{}{} 的公钥，指纹 {fingerprint}", card.name, whose(chain)),
    );
    Ok(0)
}
