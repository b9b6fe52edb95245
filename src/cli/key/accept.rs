//! `hudang key accept`: the other side's public keys, as a person has looked at them.

use std::fs::File;
use std::io::Read;

use serde_json::json;

use crate::exchange::keys::{KeyCard, KeyStanding};
use crate::progress::Unwatched;
use crate::workspace::Workspace;

use super::super::args::KeyAcceptArgs;
use super::super::changes::apply;
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
    let waited = workspace.take_in_what_waited(&mut Unwatched)?;
    out.print(
        || {
            let mut json = apply::as_json(Some(workspace), &waited);
            json["chain"] = json!(chain);
            json["name"] = json!(card.name);
            json["fingerprint"] = json!(fingerprint);
            json["replaced"] = json!(standing == KeyStanding::Other);
            json
        },
        || {
            let said = format!("{what}：{}{} 的公钥，指纹 {fingerprint}", card.name, whose(chain));
            if waited.says_nothing() { said } else { format!("{said}\n{}", waited.in_words(Some(workspace))) }
        },
    );
    Ok(apply::exit_code(&waited))
}
