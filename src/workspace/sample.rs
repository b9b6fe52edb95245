//! The sample village: rosters taken in, and months of forms recorded, each on its day, into a throw-away home.
//!
//! `data/sample/` holds what happened; `tests/sample.rs` made it, and says how to make it anew.

use std::path::Path;

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::data::{self, BadData};
use crate::domain::clock::china;
use crate::domain::{Author, Clock};
use crate::progress::Progress;

use super::error::WorkspaceError;
use super::ids::Ids;
use super::import::RosterImport;
use super::open::{NewVillage, Options, Workspace};
use super::record::Recorded;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    village: Box<str>,
    name: String,
    policy: String,
    day: NaiveDate,
    people: Vec<Author>,
    steps: Vec<Step>,
}

/// One day of the sample's past.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    on: NaiveDate,
    by: String,
    #[serde(flatten)]
    what: What,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    /// Rosters, by the names of their files beside this one.
    Import(Vec<String>),
    /// Forms as `record` takes them.
    Record(Vec<Json>),
    /// A change set is handed over, into this folder of the home.
    HandOver(String),
}

/// The file that says what happened.
const SCRIPT: &str = "sample/sample.json";

impl Workspace {
    /// Makes the sample village in an empty home; its clock stands on the sample's own day.
    pub fn sample(home: &Path, progress: &mut dyn Progress) -> Result<Self, WorkspaceError> {
        let fault = |why: String| WorkspaceError::Data(BadData::new(SCRIPT, why));
        let script = data::embedded_file(SCRIPT).ok_or_else(|| fault("没有这个文件".to_owned()))?;
        let sample: Sample = serde_json::from_slice(script).map_err(|error| fault(error.to_string()))?;
        let author = |name: &str| sample.people.iter().find(|author| author.name == name).cloned();
        let options = Options {
            home: home.to_owned(),
            clock: Clock::on(sample.day),
            ids: Ids::Counted(0),
            author: sample.people.first().cloned(),
            village: None,
            overlay: None,
        };
        let new = NewVillage { scope: sample.village.clone(), name: sample.name, policy: Some(sample.policy) };
        let mut workspace = Self::create(options, &new)?;
        for (done, step) in sample.steps.iter().enumerate() {
            progress.step("准备示例村", done as u64, Some(sample.steps.len() as u64));
            workspace.author = author(&step.by);
            workspace.clock = Clock::stopped(at_nine(step.on));
            workspace.live(&step.what, home, progress)?;
        }
        workspace.author = sample.people.first().cloned();
        workspace.clock = Clock::on(sample.day);
        workspace.households.forget_standings();
        Ok(workspace)
    }

    fn live(&mut self, what: &What, home: &Path, progress: &mut dyn Progress) -> Result<(), WorkspaceError> {
        let fault = |why: String| WorkspaceError::Data(BadData::new(SCRIPT, why));
        match what {
            What::Import(names) => {
                let folder = home.join("sample");
                let mut files = Vec::new();
                for name in names {
                    let bytes = data::embedded_file(&format!("sample/{name}"));
                    let bytes = bytes.ok_or_else(|| fault(format!("没有 {name}")))?;
                    let path = folder.join(name);
                    crate::exchange::save::save(&path, bytes)?;
                    files.push(path);
                }
                self.import_rosters(&RosterImport { files, ..RosterImport::default() }, progress)?;
            }
            What::Record(forms) => {
                for form in forms {
                    if let Recorded::Refused(faults) = self.record(form)? {
                        let why = faults.iter().map(|fault| format!("{} {}", fault.field, fault.why));
                        return Err(fault(why.collect::<Vec<_>>().join("；")));
                    }
                }
            }
            What::HandOver(folder) => {
                self.export(&home.join(folder), None, false)?;
            }
        }
        Ok(())
    }
}

/// Nine in the morning of a day, China's time.
fn at_nine(day: NaiveDate) -> crate::domain::Moment {
    use chrono::TimeZone;
    let nine = day.and_hms_opt(9, 0, 0).unwrap_or_default();
    // China has had no other time since 1991, so a local time there is one moment.
    china().from_local_datetime(&nine).single().unwrap_or_else(|| china().from_utc_datetime(&nine))
}
