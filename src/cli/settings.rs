//! `hudang settings`: the store's settings, as the screen shows and changes them.

use serde_json::json;

use crate::workspace::Workspace;

use super::Outcome;
use super::args::{SettingsArgs, Switch};
use super::output::Output;

/// Shows them.
pub fn show(workspace: &Workspace, out: &Output) -> Outcome {
    let settings = workspace.settings();
    let village = workspace.village().and_then(|code| settings.names.get(&code));
    let name = village.cloned().unwrap_or_else(|| settings.county.clone());
    out.print(
        || {
            json!({
                "name": name, "policy": settings.policy, "policy_in_force": workspace.policy().name,
                "approval": settings.needs_approval, "trusted": settings.trusted,
            })
        },
        || {
            let approval = if settings.needs_approval { "要第一书记审核" } else { "不用审核" };
            format!("名称 {name}\n政策 {}\n交县前 {approval}", workspace.policy_in_words())
        },
    );
    Ok(0)
}

/// Changes them as the command line says, and shows them.
pub fn run(workspace: &mut Workspace, args: &SettingsArgs, out: &Output) -> Outcome {
    let mut settings = workspace.settings().clone();
    if let Some(approval) = args.approval {
        settings.needs_approval = approval == Switch::On;
    }
    if let Some(policy) = &args.policy {
        settings.policy = (policy != "auto").then(|| policy.clone());
    }
    if let Some(name) = &args.name {
        let name = crate::domain::text::visible(name.trim()).into_owned();
        match workspace.village().filter(|_| !workspace.is_countys()) {
            Some(code) => _ = settings.names.insert(code, name),
            None => settings.county = name,
        }
    }
    workspace.settle_settings(settings)?;
    show(workspace, out)
}
