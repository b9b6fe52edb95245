//! `hudang check`: findings of all households, or of some.

use serde_json::{Value as Json, json};

use crate::domain::HouseholdId;
use crate::rules::check::{Finding, Settled};
use crate::workspace::Workspace;

use super::Outcome;
use super::args::CheckArgs;
use super::output::{Output, table};

pub fn run(workspace: &Workspace, args: &CheckArgs, out: &Output) -> Outcome {
    let ids: Vec<HouseholdId> = if args.households.is_empty() {
        workspace.households().iter().filter(|summary| workspace.is_at_work(summary.id)).map(|it| it.id).collect()
    } else {
        args.households.iter().map(|number| workspace.household(number)).collect::<Result<_, _>>()?
    };
    let mut all: Vec<(HouseholdId, Finding)> = Vec::new();
    for id in ids {
        all.extend(workspace.findings(id)?.into_iter().map(|finding| (id, finding)));
    }
    out.print(|| all.iter().map(|(id, finding)| line(workspace, *id, finding)).collect(), || text(workspace, &all));
    let open = all.iter().any(|(_, finding)| finding.settled == Settled::Open);
    Ok(if open { 3 } else { 0 })
}

fn line(workspace: &Workspace, id: HouseholdId, finding: &Finding) -> Json {
    json!({
        "code": finding.code,
        "national": finding.national,
        "severity": finding.severity.id(),
        "household": workspace.number_of(id),
        "person": finding.person.map(|person| workspace.person_number(id, person)),
        "field": finding.slot.map(|slot| if slot.field == "" { slot.section.to_string() } else { format!("{}.{}", slot.section, slot.field) }),
        "message": finding.message,
        "source": finding.source,
        "remedy": finding.remedy,
        "answered": finding.reason.as_ref().map(|reason| json!({"reason": reason.why, "by": reason.by, "on": reason.on, "until": reason.until})),
    })
}

fn text(workspace: &Workspace, all: &[(HouseholdId, Finding)]) -> String {
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|(id, finding)| {
            let head = workspace.households().get(*id).map_or("", |summary| &summary.head).to_owned();
            let state = match finding.settled {
                Settled::Open => finding.severity.label(),
                Settled::Answered => "已答复",
                Settled::Exempt => "豁免",
            };
            vec![workspace.number_of(*id), head, finding.code.to_string(), state.to_owned(), finding.message.clone()]
        })
        .collect();
    let open = all.iter().filter(|(_, finding)| finding.settled == Settled::Open).count();
    format!("{}共{}条，未答复{open}条\n", table(&["户编号", "户主", "核对", "程度", "问题"], &rows), all.len())
}
