//! `hudang policy`: the village's policy figure by figure, each with the document that states it.

use serde_json::{Value as Json, json};

use crate::policy::{ShownFigure, Statement};
use crate::workspace::Workspace;

use super::Outcome;
use super::output::{Output, table};

pub fn run(workspace: &Workspace, out: &Output) -> Outcome {
    let figures = workspace.figures();
    let json = || -> Json { figures.iter().map(line).collect() };
    out.print(json, || text(workspace, &figures));
    Ok(0)
}

fn line(figure: &ShownFigure) -> Json {
    let others: Vec<Json> = figure.others.iter().map(stated).collect();
    let mut line = json!({
        "id": figure.key, "part": figure.part, "label": figure.label, "value": null, "layer": null,
        "source": null, "source_title": null, "source_date": null, "others": others,
    });
    if let (Some(holds), Some(line)) = (&figure.holds, line.as_object_mut())
        && let Json::Object(stated) = stated(holds)
    {
        line.extend(stated);
    }
    line
}

fn stated(statement: &Statement) -> Json {
    json!({
        "value": statement.value, "layer": statement.layer, "source": statement.source,
        "source_title": statement.title, "source_date": statement.date,
    })
}

fn text(workspace: &Workspace, figures: &[ShownFigure]) -> String {
    let row = |figure: &ShownFigure| {
        let (value, title) = match &figure.holds {
            Some(holds) => (holds.value.clone(), holds.title.clone()),
            None => ("未载明".to_owned(), String::new()),
        };
        vec![figure.part.to_string(), figure.label.to_string(), value, title]
    };
    let rows: Vec<Vec<String>> = figures.iter().map(row).collect();
    let missing = figures.iter().filter(|figure| figure.holds.is_none()).count();
    let policy = workspace.policy_in_words();
    format!("{}政策 {policy}，共{}项，未载明{missing}项\n", table(&["部分", "项", "数字", "出处"], &rows), rows.len())
}
