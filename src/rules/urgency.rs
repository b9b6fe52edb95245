//! What is more urgent than what: by what it is and by its day together, as `data/words/urgency.toml` weighs it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::data::{BadData, Data};

/// What sort of thing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// A change that is past its month, or a clock past its last day without a reason.
    Late,
    /// What the first secretary returned.
    Returned,
    /// What the county refused.
    Refused,
    /// A target that was not visited this month.
    Target,
    /// What a check finds and an evaluator would count.
    Finding,
    /// Something that counts as stale, or a visit that is past its day.
    Stale,
    /// A problem whose last day is over or today.
    Task,
    /// A change whose month is nearly over, or a clock near its last day.
    Near,
    /// What a check finds probably wrong of a target.
    Doubt,
    /// A visit for which there is still time.
    Visit,
    /// A status card that is missing near its day.
    Card,
    /// A form of the round that is missing near its end.
    Round,
    /// A field where a person has to choose.
    Conflict,
}

const ALL: [Urgency; 13] = [
    Urgency::Late,
    Urgency::Returned,
    Urgency::Refused,
    Urgency::Target,
    Urgency::Finding,
    Urgency::Stale,
    Urgency::Task,
    Urgency::Near,
    Urgency::Doubt,
    Urgency::Visit,
    Urgency::Card,
    Urgency::Round,
    Urgency::Conflict,
];

const FILE: &str = "words/urgency.toml";

/// How much each sort of thing weighs, and what its day does to that.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    half_ahead: u32,
    twice_late: u32,
    weight: BTreeMap<Urgency, u32>,
}

impl Weights {
    /// Loads the weights, and refuses a table that leaves a sort out.
    pub fn load(data: &Data) -> Result<Self, BadData> {
        let file = data.file(FILE)?;
        let weights: Self = file.read()?;
        let fault = |at: &str, why: String| BadData { file: FILE.to_owned(), line: file.line_of(at), why };
        if weights.half_ahead == 0 || weights.twice_late == 0 {
            return Err(fault("half_ahead", "half_ahead、twice_late 应大于0".to_owned()));
        }
        match ALL.iter().find(|urgency| !weights.weight.contains_key(urgency)) {
            Some(urgency) => Err(fault("[weight]", format!("[weight] 缺 {}", format!("{urgency:?}").to_lowercase()))),
            None => Ok(weights),
        }
    }

    /// How urgent a thing is with so many days left, negative where its day has passed; none where it has no day. More is
    /// more urgent.
    pub fn of(&self, urgency: Urgency, left: Option<i64>) -> u64 {
        let weight = u64::from(self.weight.get(&urgency).copied().unwrap_or_default());
        let (half, twice) = (u64::from(self.half_ahead), u64::from(self.twice_late));
        let on_the_day = weight * half * twice;
        match left {
            Some(left @ 1..) => on_the_day * half / (half + left.unsigned_abs()),
            Some(over) => on_the_day * (twice + over.unsigned_abs().min(twice)) / twice,
            None => on_the_day,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights() -> Weights {
        Weights::load(&Data::embedded()).unwrap()
    }

    #[test]
    fn day_and_weight_count_together() {
        let weights = weights();
        let of = |urgency, left| weights.of(urgency, Some(left));
        assert!(of(Urgency::Near, 2) > of(Urgency::Target, 7), "an approval in two days before visits in seven");
        assert!(of(Urgency::Near, 2) > of(Urgency::Visit, 7));
        assert!(of(Urgency::Target, 0) > of(Urgency::Near, 5), "a visit that is due today before a clock in five days");
        assert!(of(Urgency::Late, -1) > of(Urgency::Target, -10), "late things by weight");
        assert!(of(Urgency::Target, -20) > of(Urgency::Late, -1), "and by how late");
        assert!(of(Urgency::Card, -400) < of(Urgency::Late, -1), "what is small stays small");
        assert_eq!(weights.of(Urgency::Finding, None), of(Urgency::Finding, 0));
    }

    #[test]
    fn urgency_only_grows_as_days_go_by() {
        let weights = weights();
        for urgency in ALL {
            let days: Vec<u64> = (-60..=60).rev().map(|left| weights.of(urgency, Some(left))).collect();
            assert!(days.is_sorted(), "{urgency:?}: {days:?}");
        }
    }

    #[test]
    fn a_table_that_leaves_a_sort_out_is_refused() {
        let text = Data::embedded().file(FILE).unwrap().text;
        for (old, new, why) in [("round = ", "rounds = ", "格式不对"), ("half_ahead = 10", "half_ahead = 0", "应大于0")]
        {
            let fault = Weights::load(&Data::embedded().with_file(FILE, &text.replacen(old, new, 1))).unwrap_err();
            assert!(fault.to_string().contains(why), "{fault}");
        }
        let line = text.lines().find(|line| line.starts_with("card = ")).unwrap();
        let fault = Weights::load(&Data::embedded().with_file(FILE, &text.replace(line, ""))).unwrap_err();
        assert!(fault.to_string().contains("缺 card"), "{fault}");
    }
}
