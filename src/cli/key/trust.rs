//! `hudang key trust`: a person's yes to a key, whose fingerprint she has compared with its owner.

use serde_json::json;

use crate::progress::Progress;
use crate::workspace::Workspace;
use crate::workspace::arrival::{Fingerprint, NotAFingerprint};

use super::super::args::KeyTrustArgs;
use super::super::changes::apply;
use super::super::output::Output;
use super::super::{Fault, Outcome};
use super::show::whose;

pub fn run(workspace: &mut Workspace, args: &KeyTrustArgs, progress: &mut dyn Progress, out: &Output) -> Outcome {
    let fingerprint: Fingerprint =
        args.fingerprint.concat().parse().map_err(|error: NotAFingerprint| Fault::usage(error.to_string()))?;
    let chain = workspace.chain_of_other(args.of)?;
    let (arrival, is_known) = workspace.trust(args.of, &fingerprint, progress)?;
    let said = workspace.pinned(chain).map_or_else(|| fingerprint.to_string(), |known| known.signing.fingerprint());
    out.print(
        || {
            let mut json = apply::as_json(Some(workspace), &arrival);
            json["chain"] = json!(chain);
            json["fingerprint"] = json!(said);
            json["accepted"] = json!(is_known);
            json
        },
        || match is_known {
            true => format!("已认可：{} 的公钥，指纹 {said}\n{}", whose(chain), arrival.in_words(Some(workspace))),
            false => format!("已记下：{} 的公钥指纹 {said}；还没有收到它签的，收到时自会认得", whose(chain)),
        },
    );
    Ok(apply::exit_code(&arrival))
}
