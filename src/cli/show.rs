//! `hudang show`: one file, whole.

use serde_json::{Value as Json, json};

use crate::domain::HouseholdId;
use crate::workspace::{Workspace, show};

use super::Outcome;
use super::args::ShowArgs;
use super::output::Output;

pub fn run(workspace: &Workspace, args: &ShowArgs, out: &Output) -> Outcome {
    let id = workspace.household(&args.household)?;
    let file = workspace.file(id)?;
    let acts = if args.history { workspace.acts_of(&file)? } else { workspace.form_acts_of(&file)? };
    let household = |serial| workspace.number_of(HouseholdId { serial, ..id });
    let papers = show::Papers { acts: &acts, household: &household };
    let mut json = show::file(workspace.definitions(), &file, &papers);
    if args.history
        && let Some(json) = json.as_object_mut()
    {
        json.insert("history".into(), show::history(workspace.definitions(), &file, &acts));
    }
    out.print(|| json.clone(), || text(workspace, &json));
    Ok(0)
}

/// The same for people: sections with labels, and only what is known.
fn text(workspace: &Workspace, json: &Json) -> String {
    let mut text = format!("户档 {}\n", json["household"].as_str().unwrap_or_default());
    let masked = |section: &crate::catalogue::Section, name: &str, value: &Json| -> Option<String> {
        let field = section.fields.iter().find(|field| field.id == name);
        let label = field.map_or(name, |field| &field.label);
        let shown = match value {
            Json::Null => return None,
            Json::String(shown) if field.is_some_and(|field| field.kind.is_private()) => {
                crate::domain::text::mask(shown)
            }
            Json::String(shown) => shown.clone(),
            Json::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
            Json::Number(fen) if field.is_some_and(|field| field.kind == crate::catalogue::FieldKind::Money) => {
                crate::domain::Money(fen.as_i64()?).to_string()
            }
            Json::Array(parts) => parts.iter().filter_map(Json::as_str).collect::<Vec<_>>().join("、"),
            other => other.to_string(),
        };
        Some(format!("{label} {shown}"))
    };
    for section in workspace.definitions().catalogue.sections() {
        let part = &json["sections"][section.id.as_str()];
        let mut lines: Vec<String> = Vec::new();
        let of = |fields: &Json| -> Vec<String> {
            let fields = fields.as_object().into_iter().flatten();
            fields.filter_map(|(name, value)| masked(section, name, value)).collect()
        };
        let own = of(&part["fields"]);
        if !own.is_empty() {
            lines.push(own.join("  "));
        }
        for row in part["rows"].as_array().into_iter().flatten() {
            lines.push(of(&row["fields"]).join("  "));
        }
        lines.retain(|line| !line.is_empty());
        if !lines.is_empty() {
            let confirmed = part["confirmed_on"].as_str().map_or_else(String::new, |on| format!("（{on} 核实）"));
            text.push_str(&format!("\n{}{confirmed}\n  {}\n", section.label, lines.join("\n  ")));
        }
    }
    let forms = json["forms"].as_array().map_or(0, Vec::len);
    let beside = json["beside"].as_array().map_or(0, Vec::len);
    text.push_str(&format!("\n表单 {forms} 份，待选 {beside} 处\n"));
    if let Some(history) = json.get("history").and_then(Json::as_array) {
        text.push_str(&format!("变更 {} 处\n", json!(history.len())));
    }
    text
}
