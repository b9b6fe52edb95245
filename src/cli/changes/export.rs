//! `hudang changes export`: the next set, or a given run again.

use serde_json::json;

use crate::workspace::Workspace;

use super::super::Outcome;
use super::super::args::ExportArgs;
use super::super::output::Output;

pub fn run(workspace: &mut Workspace, args: &ExportArgs, out: &Output) -> Outcome {
    let run = args.run.named();
    let exported = match args.nil {
        true => Some(workspace.export_or_nil(&args.out, args.run.plain)?),
        false => workspace.export(&args.out, run, args.run.plain)?,
    };
    let json = || match &exported {
        Some(set) if set.set.nil.is_some() => json!({
            "set": set.set.to_string(), "from": null, "to": null, "file": set.file, "workbook": null,
            "sha256": set.sha256,
        }),
        Some(set) => json!({
            "set": set.set.to_string(), "from": set.set.from, "to": set.set.to, "file": set.file,
            "workbook": set.workbook, "sha256": set.sha256,
        }),
        None => json!({"set": null, "from": null, "to": null, "file": null, "workbook": null, "sha256": null}),
    };
    let text = || match &exported {
        Some(set) if set.set.nil.is_some() => format!("本月没有变更：{}\n{}", set.set, set.file.display()),
        Some(set) => {
            let what = match (set.again, set.handed_over) {
                (true, _) => "已重出",
                (false, true) => "已导出",
                (false, false) => "已另存（不接上次交出的一段，不算交县）",
            };
            let held =
                if set.held > 0 { format!("，暂缓{}件（不进录入表）", set.held) } else { String::new() };
            let released =
                if set.released > 0 { format!("，放行早先暂缓的{}件", set.released) } else { String::new() };
            let counts = format!("变更{}处{held}{released}", set.changes);
            let sealed = match set.sealed_for.is_empty() {
                true => "已签名，未加密".to_owned(),
                false => format!(
                    "已签名，已加密（打得开的公钥指纹 {}）；工作簿没有加密，请当面交",
                    set.sealed_for.join("、")
                ),
            };
            let (file, workbook) = (set.file.display(), set.workbook.display());
            format!("{what} {}，{counts}，{sealed}\n{file}\n{workbook}", set.set)
        }
        None => "没有要交的变更".to_owned(),
    };
    out.print(json, text);
    Ok(0)
}
