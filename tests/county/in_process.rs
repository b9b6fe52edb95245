//! A county in the same process, so that a village's screens can be tried on what comes back from it.

use std::path::{Path, PathBuf};

use hudang::changes::Act;
use hudang::domain::{Author, Clock, Name, Role, VillageCode};
use hudang::progress::Unwatched;
use hudang::workspace::ids::Ids;
use hudang::workspace::verdicts::Because;
use hudang::workspace::{NewVillage, Options, Recorded, Workspace};
use serde_json::{Value as Json, json};

use crate::home::VILLAGE;

/// The county's home, and the folder in which files lie that go to and fro.
pub struct County {
    pub workspace: Workspace,
    pub post: PathBuf,
    folder: tempfile::TempDir,
    sent: u32,
}

impl County {
    /// A county that knows nothing yet, on a day.
    pub fn on(day: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = Options {
            home: folder.path().join("home"),
            clock: Clock::stopped(format!("{day}T15:00:00+08:00").parse().unwrap()),
            ids: Ids::Counted(1 << 32),
            author: Some(Author { name: "周敏".into(), role: Role::County }),
            village: None,
            overlay: None,
        };
        let new = NewVillage { scope: VILLAGE[..6].into(), name: String::new(), policy: None };
        let workspace = Workspace::create(options, &new).unwrap();
        let post = folder.path().join("县里来的");
        std::fs::create_dir(&post).unwrap();
        Self { workspace, post, folder, sent: 0 }
    }

    pub fn village() -> VillageCode {
        VILLAGE.parse().unwrap()
    }

    /// Has the village hand over what it has, and takes it in; gives the set.
    pub fn take(&mut self, village: &mut Workspace) -> PathBuf {
        self.sent += 1;
        let out = self.folder.path().join(format!("out-{}", self.sent));
        std::fs::create_dir(&out).unwrap();
        let set = village.export(&out, None, false).unwrap().unwrap().file;
        self.take_file(&set);
        set
    }

    pub fn take_file(&mut self, set: &Path) {
        let arrival = self
            .workspace
            .take_in_sets(&[set.to_owned()], &hudang::workspace::arrival::Trust::First, &mut Unwatched)
            .unwrap();
        assert!(arrival.refused.is_empty() && arrival.applied.len() == 1, "{arrival:?}");
    }

    /// Corrects a field.
    pub fn correct(&mut self, household: &str, section: &str, field: &str, new: impl Into<Json>) {
        edit(&mut self.workspace, household, section, field, new);
    }

    /// Refuses one change of an act.
    pub fn refuse(&mut self, act: u64, part: u32, words: &str) -> Act {
        let because = Because { reason: Some(Name::new("no_evidence")), words: Some(words.to_owned()) };
        self.workspace.judge(Self::village(), &[(act, Some(part))], Some(&because)).unwrap()
    }

    /// The next receipt, which takes what was not refused.
    pub fn receipt(&mut self, name: &str) -> PathBuf {
        let file = self.post.join(name);
        let written = self
            .workspace
            .receipt(Self::village(), &|_| file.clone(), None, (false, hudang::workspace::receipt::Rest::Taken))
            .unwrap();
        written.expect("nothing to say").file
    }
}

/// An edit of one field; gives the number of its act.
pub fn edit(workspace: &mut Workspace, household: &str, section: &str, field: &str, new: impl Into<Json>) -> u64 {
    let new: Json = new.into();
    // Counted ids begin anew each time that a home is opened.
    let id = format!("{household}-{field}-{new}");
    let form = json!({"form": "edit", "id": id, "household": household, "happened_on": "2022-11-15", "seen_on": "2022-11-18",
        "evidence": "本人说", "changes": [{"section": section, "field": field, "new": new}]});
    match workspace.record(&form).unwrap() {
        Recorded::Accepted { number, .. } => number,
        Recorded::Refused(faults) => panic!("{faults:?}"),
    }
}
