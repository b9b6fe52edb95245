//! Dates of one row stand in their order, and a stage of a case does not precede the one that it follows.

use crate::catalogue::section::Earlier;
use crate::domain::field::stages;
use crate::domain::{HouseholdFile, PartialDate, Slot, Value};
use crate::rules::clocks::order;

use super::{At, Change, Made, Refusal, Touched, days};

pub(super) fn refusals(made: &Made<'_>) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for file in made.files {
        in_rows(made, file, &mut refusals);
        in_cases(made, file, &mut refusals);
    }
    refusals
}

/// Each pair of dates of which the act changes one.
fn in_rows(made: &Made<'_>, file: &Touched, refusals: &mut Vec<Refusal>) {
    let catalogue = made.look.catalogue;
    let of_file = made.changes.iter().filter(|change| change.household == file.after.id.serial);
    let dated = of_file.filter(|change| change.new.is_some_and(|value| value.as_date().is_some()));
    for slot in dated.map(|change| &change.slot) {
        let Some(section) = catalogue.section(slot.section) else { continue };
        for later in &section.fields {
            for earlier in &later.limits.after {
                let pair = Pair { made, earlier, later: Slot { field: later.id, ..*slot } };
                let Some(first) = pair.slot_of_earlier(&file.after) else { continue };
                // Of two dates that the act sets, the one that should be the later is told of.
                let is_blamed = pair.later == *slot || (first == *slot && !is_set(made, file, pair.later));
                if !is_blamed || pair.is_wrong(&file.before) {
                    continue;
                }
                if let Some((before, after)) = pair.wrong(&file.after) {
                    let label = |slot| catalogue.in_slot(slot).map_or("", |field| &*field.label);
                    let (sooner, later) = (label(first), label(pair.later));
                    let why = format!("“{later}”{after} 早于“{sooner}”{before}；请核对这两个日期，旧的一次先清空");
                    let is_it = |change: &&Change<'_>| (change.household, change.slot) == (file.after.id.serial, *slot);
                    refusals.extend(made.changes.iter().find(is_it).map(|change| Refusal::slot(change, why)));
                }
            }
        }
    }
}

/// Whether the act sets a slot of a file.
fn is_set(made: &Made<'_>, file: &Touched, slot: Slot) -> bool {
    made.changes.iter().any(|change| (change.household, change.slot) == (file.after.id.serial, slot))
}

struct Pair<'a> {
    made: &'a Made<'a>,
    earlier: &'a Earlier,
    later: Slot,
}

impl Pair<'_> {
    fn slot_of_earlier(&self, file: &HouseholdFile) -> Option<Slot> {
        let field = self.earlier.field;
        let Some(of_person) = self.earlier.of_person else { return Some(Slot { field, ..self.later }) };
        let section = self.made.look.catalogue.section(self.later.section)?;
        let row = days::person_of(section, file, self.later)?;
        Some(Slot { section: of_person, row, field })
    }

    /// Both dates, where the later one is certainly the earlier.
    fn wrong(&self, file: &HouseholdFile) -> Option<(PartialDate, PartialDate)> {
        let date = |slot| file.get(slot).and_then(Value::as_date);
        let (first, then) = (date(self.slot_of_earlier(file)?)?, date(self.later)?);
        (then.latest() < first.earliest()).then_some((first, then))
    }

    fn is_wrong(&self, file: &HouseholdFile) -> bool {
        self.wrong(file).is_some()
    }
}

/// A stage that the act dates before its turn.
fn in_cases(made: &Made<'_>, file: &Touched, refusals: &mut Vec<Refusal>) {
    let serial = file.after.id.serial;
    let is_stage = |change: &&Change<'_>| {
        change.household == serial && change.slot.section == stages::SECTION && change.new.is_some()
    };
    if !made.changes.iter().any(|change| is_stage(&change)) {
        return;
    }
    let disorders = |file: &HouseholdFile| order::before_their_turn(made.look.at(file));
    let known = disorders(&file.before);
    // What a paper really says goes in with the reason, and stays a finding.
    let has_reason = |row: Option<u32>| {
        let slot = |row| Slot { section: stages::SECTION, row, field: stages::WHY };
        row.is_some_and(|row| file.after.get(slot(row)).is_some())
    };
    for disorder in disorders(&file.after) {
        if has_reason(disorder.row) || known.iter().any(|old| old.stage == disorder.stage && old.row == disorder.row) {
            continue;
        }
        let why = format!("{}；请核对日期，确是如此就在“跳过或超期的原因”里写明", disorder.why);
        let of_row = made
            .changes
            .iter()
            .filter(is_stage)
            .find(|it| Some(it.slot.row) == disorder.row && it.slot.field == stages::ON);
        let any = || made.changes.iter().filter(is_stage).find(|it| it.slot.field == stages::ON);
        refusals.push(match of_row.or_else(any) {
            Some(change) => Refusal::slot(change, why),
            None => Refusal { at: At::Whole, why },
        });
    }
}
