//! `hudang form`: a form's definition, and a sample for `record`.

use serde_json::json;

use crate::forms::FormKind;
use crate::forms::sample::{self, SampleFor};
use crate::policy::Policy;
use crate::store::Store;
use crate::workspace::{Definitions, Workspace};

use super::args::{Cli, FormArgs};
use super::output::Output;
use super::{Fault, Outcome};

pub fn run(cli: &Cli, args: &FormArgs, out: &Output) -> Outcome {
    let options = super::options(cli)?;
    // A form can be looked at before there is a store; where there is one, its policy's round is the sample's.
    if Store::exists(&options.home) {
        let workspace = super::open(cli)?;
        let me = workspace.author().map_or(SOMEBODY, |author| &author.name).to_owned();
        return print(workspace.definitions(), Workspace::policy(&workspace), workspace.today(), &me, args, out);
    }
    let definitions = Definitions::load(Some(&options.overlay())).map_err(|error| Fault::new(error.to_string()))?;
    let today = options.clock.today();
    let division = cli.village.map_or_else(String::new, |village| village.to_string());
    let policy = definitions.policy(None, &division, today);
    let me = options.author.map_or_else(|| SOMEBODY.to_owned(), |author| author.name);
    print(&definitions, &policy, today, &me, args, out)
}

/// Who fills a sample where nobody is known.
const SOMEBODY: &str = "示例";

fn print(
    definitions: &Definitions,
    policy: &Policy,
    day: chrono::NaiveDate,
    me: &str,
    args: &FormArgs,
    out: &Output,
) -> Outcome {
    let Some(form) = definitions.forms.named(&args.name) else {
        let known: Vec<&str> = definitions.forms.all().map(|form| form.name.as_str()).collect();
        return Err(Fault::usage(format!("没有表 {}；有：{}", args.name, known.join("、"))));
    };
    let round = policy.round_on(day);
    let sample_for = SampleFor {
        catalogue: &definitions.catalogue,
        // The form of a round is of a day of the round.
        day: match round.filter(|_| form.kind == FormKind::Screening) {
            Some(round) => day.min(round.days.1),
            None => day,
        },
        me,
        round: round.map(|round| round.id),
        asks: round.map_or(&[], |round| &round.asks),
    };
    let mut fields = sample::fields(form, &sample_for);
    for field in fields.as_array_mut().into_iter().flatten() {
        let cited = field["source"].as_str().map(|source| definitions.cited(source, policy));
        if let (Some(cited), Some(field)) = (cited, field.as_object_mut()) {
            field.insert("source_title".into(), json!(cited.title));
            field.insert("source_date".into(), json!(cited.date));
        }
    }
    let json = json!({
        "name": form.name, "version": form.version, "label": form.label,
        "fields": fields, "sample": sample::sample(form, &sample_for),
    });
    let pretty = || serde_json::to_string_pretty(&json["sample"]).unwrap_or_default();
    let text = || {
        let fields = form.fields.iter().map(|field| format!("  {} {}\n", field.id, field.label));
        let items = form.items.iter().map(|item| format!("  items.{} {}：{}\n", item.id, item.label, item.ask));
        format!("{}（{}）\n{}\n样例：\n{}\n", form.label, form.name, fields.chain(items).collect::<String>(), pretty())
    };
    out.print(|| json.clone(), text);
    Ok(0)
}
