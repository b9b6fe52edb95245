//! What a typed line finds among findings: by the check's words and codes, or by the household as the list finds it.

use std::collections::{BTreeSet, HashSet};

use crate::checks::Check;
use crate::domain::HouseholdId;
use crate::tui::desk::Desk;

use super::lines::Line;

/// A typed line, understood: every word of it has to fit.
#[derive(Default)]
pub(super) struct Wanted {
    words: Vec<Word>,
}

struct Word {
    checks: HashSet<u16>,
    households: BTreeSet<HouseholdId>,
}

impl Wanted {
    /// Reads a line; a word that names a household or is a condition on households counts as that too.
    pub fn of(desk: &Desk, line: &str) -> Self {
        let words = line.split_whitespace().map(|word| Word::of(desk, word));
        Self { words: words.collect() }
    }

    /// Whether a finding is wanted.
    pub fn takes(&self, line: &Line) -> bool {
        self.words.iter().all(|word| word.checks.contains(&line.hit.check) || word.households.contains(&line.id))
    }
}

impl Word {
    fn of(desk: &Desk, word: &str) -> Self {
        let workspace = &desk.workspace;
        let definitions = workspace.definitions();
        let families = &definitions.checks.families;
        let typed = word.to_lowercase();
        let of_check = |(_, check): &(u16, &Check)| {
            let family = families.get(check.family).map_or("", |family| &family.label);
            let codes =
                check.national.iter().flat_map(|(_, codes)| codes).chain(check.code.as_ref()).chain([&check.id]);
            let says = check.says.in_general();
            let texts = [says.as_str(), family, &check.source, &check.remedy];
            texts.iter().any(|text| text.to_lowercase().contains(&typed))
                || codes.into_iter().any(|code| code.as_str().to_lowercase().contains(&typed))
        };
        let checks = (0..).zip(&definitions.checks.all).filter(of_check).map(|(number, _)| number).collect();
        // A word that is half a condition yet names no household.
        let query = definitions.words.parse(word).ok();
        let found = query.map(|query| workspace.find(&query, None)).unwrap_or_default();
        Self { checks, households: found.into_iter().map(|found| found.id).collect() }
    }
}
