//! `hudang key forget`: begins anew with the other side of a village, whose key was believed wrongly or whose home is gone.

use serde_json::json;

use crate::progress::Progress;
use crate::workspace::Workspace;

use super::super::Outcome;
use super::super::args::KeyForgetArgs;
use super::super::output::Output;
use super::show::whose;

pub fn run(workspace: &mut Workspace, args: &KeyForgetArgs, progress: &mut dyn Progress, out: &Output) -> Outcome {
    let chain = workspace.chain_of_other(args.of)?;
    let forgotten = workspace.forget(args.of, progress)?;
    let chains = forgotten.chains.iter().map(|(chain, last)| json!({"chain": chain, "last": last}));
    out.print(
        || json!({"forgotten": chains.collect::<Vec<_>>(), "aside": forgotten.aside}),
        || {
            let aside = match &forgotten.aside {
                None => "没有收过什么".to_owned(),
                Some(path) => format!("收过的另存在 {}，用 hudang --home 这个目录 还能看", path.display()),
            };
            format!(
                "已忘掉：{} 的公钥；{aside}。下一份变更集从第1号收起，钥匙要重新核对指纹。对方若也收过这边的，也要 key forget",
                whose(chain)
            )
        },
    );
    Ok(0)
}
