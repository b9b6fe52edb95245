//! What an act does to a household file. The same act on the same file gives the same file, at the village and the county.

use chrono::NaiveDate;

use crate::domain::field::{income, members};
use crate::domain::file::MOST_ROSTERS;
use crate::domain::income::likeness as income_likeness;
use crate::domain::{
    Cell, FilledForm, FormRef, Found, Household, HouseholdFile, Name, RosterSeen, Section, Slot, Value,
};

use super::act::{Act, Rows, Seen};
use super::correction::CORRECTION;

/// Applies what an act says of this file's household; the act has its number.
pub fn apply(file: &mut HouseholdFile, act: &Act) {
    let (serial, roster) = (file.id.serial, see(file, act));
    for rows in act.taken.iter().filter(|rows| rows.household == serial) {
        take(file, rows, rows.fields.iter().cloned(), roster);
    }
    apply_rest(file, act, roster);
}

/// The same, with the values that are taken moved out of the act: an import has millions of them.
pub fn apply_out_of(file: &mut HouseholdFile, act: &mut Act) {
    let (serial, roster) = (file.id.serial, see(file, act));
    for rows in act.taken.iter_mut().filter(|rows| rows.household == serial) {
        let fields = std::mem::take(&mut rows.fields);
        take(file, rows, fields.into_iter(), roster);
    }
    apply_rest(file, act, roster);
}

/// Notes whom the roster of an act held, and tells by which number the file knows that roster.
fn see(file: &mut HouseholdFile, act: &Act) -> Option<u8> {
    let (serial, kind) = (file.id.serial, act.origin.as_ref()?.roster);
    for seen in act.seen.iter().filter(|seen| seen.household == serial) {
        see_people(file, kind, seen);
    }
    file.roster_index(kind)
}

fn take(
    file: &mut HouseholdFile,
    rows: &Rows,
    fields: impl ExactSizeIterator<Item = (Name, Option<Value>)>,
    roster: Option<u8>,
) {
    file.change_row(rows.section, rows.row, fields, |cell, value| put(cell, value, roster));
}

fn apply_rest(file: &mut HouseholdFile, act: &Act, roster: Option<u8>) {
    let serial = file.id.serial;
    // A paper alone moves no value, and settles nothing that stands beside one.
    for change in act.changes.iter().filter(|change| change.household == serial && !change.evidence_only) {
        file.change(change.slot, |cell| put(cell, change.new.clone(), roster));
        settle(file, change.slot, false, act);
    }
    for told in act.told.iter().filter(|told| told.rows.household == serial) {
        for (slot, value) in slots(&told.rows) {
            if let Some(roster) = roster {
                file.change(slot, |cell| cell.note(roster, value.clone()));
            }
            settle(file, slot, told.beside, act);
        }
    }
    for slot in act.chosen.iter().filter(|slot| slot.household == serial) {
        file.beside.retain(|other| *other != slot.what);
    }
    if act.is_news() {
        mark_changed(file, act);
    }
    for answered in act.answered.iter().filter(|item| item.household == serial) {
        file.open_items.retain(|item| (item.act, item.item) != (answered.what.act, answered.what.item));
    }
    for left_open in act.left_open.iter().filter(|item| item.household == serial) {
        let mut item = left_open.what.clone();
        if item.act == 0 {
            item.act = act.number;
        }
        file.open_items.push(item);
    }
    for confirm in act.confirms.iter().filter(|confirm| confirm.household == serial) {
        file.section_mut(confirm.section).confirmed.clone_from(&confirm.now);
        drop_if_blank(file, confirm.section);
        if confirm.section == income::SECTION {
            find_income(file, act, confirm.now.as_ref().map(|found| found.on));
        }
    }
    for as_of in act.as_of.iter().filter(|as_of| as_of.household == serial) {
        for section in &as_of.sections {
            file.section_mut(*section).as_of = Some(as_of.on);
        }
    }
    for withdrawn in act.withdrawn.iter().filter(|form| form.household == serial) {
        file.forms.iter_mut().filter(|form| form.act == withdrawn.act).for_each(|form| form.withdrawn = true);
        file.open_items.retain(|item| item.act != withdrawn.act);
    }
    if let Some(form) = act.form.as_ref().filter(|form| form.household == serial) {
        let form = reference(file, form, act);
        file.forms.push(form);
    }
    file.acts.push(act.number);
}

/// Puts a slot among those where a person has to choose, or takes it out. A roster alone takes none out where the county
/// has corrected and that still stands beside: only a person, or the county itself, settles it.
fn settle(file: &mut HouseholdFile, slot: Slot, beside: bool, act: &Act) {
    let by_roster = act.origin.as_ref().is_some_and(|origin| origin.roster != CORRECTION);
    if !beside && by_roster && file.beside.contains(&slot) && has_correction_beside(file, slot) {
        return;
    }
    file.beside.retain(|other| *other != slot);
    if beside {
        file.beside.push(slot);
    }
}

fn has_correction_beside(file: &HouseholdFile, slot: Slot) -> bool {
    let cell = file.row(slot.section, slot.row).and_then(|row| row.cell(slot.field));
    let corrected = file.roster_index(CORRECTION);
    cell.zip(corrected).is_some_and(|(cell, index)| cell.other.iter().any(|(roster, _)| *roster == index))
}

fn slots(rows: &Rows) -> impl Iterator<Item = (Slot, &Option<Value>)> {
    rows.fields.iter().map(|(field, value)| (Slot { section: rows.section, row: rows.row, field: *field }, value))
}

fn put(cell: &mut Cell, value: Option<Value>, roster: Option<u8>) {
    cell.set(value);
    if let Some(roster) = roster {
        cell.agree(roster);
    }
}

fn see_people(file: &mut HouseholdFile, kind: Name, seen: &Seen) {
    let at = match file.rosters.iter().position(|known| known.kind == kind) {
        Some(at) => at,
        // Cells could not tell one more apart; what it says is taken, and not known to be its word.
        None if file.rosters.len() >= MOST_ROSTERS => return,
        None => {
            file.rosters.push(RosterSeen::new(kind));
            file.rosters.len() - 1
        }
    };
    let known = &mut file.rosters[at];
    known.digest = seen.digest;
    known.people.extend(&seen.people);
    known.people.sort_unstable();
    known.people.dedup();
    // A digest of 0 says that somebody was missing.
    let is_gone = |person: &&u32| seen.digest == 0 && !seen.people.contains(person);
    known.gone = known.people.iter().filter(is_gone).copied().collect();
}

fn mark_changed(file: &mut HouseholdFile, act: &Act) {
    let serial = file.id.serial;
    let changed = act.changes.iter().filter(|c| c.household == serial && !c.evidence_only).map(|c| c.slot.section);
    let taken = act.taken.iter().filter(|rows| rows.household == serial).map(|rows| rows.section);
    for section in changed.chain(taken) {
        file.section_mut(section).changed_on = Some(act.entered_on());
    }
}

/// Remembers what the income was like when it was found true, and for whom. What an act itself changed has not been
/// looked at since, and a confirmation that is taken back was none; nor has a look seen who came or went after it.
fn find_income(file: &mut HouseholdFile, act: &Act, found_on: Option<NaiveDate>) {
    let serial = file.id.serial;
    let changes = act.changes.iter().any(|it| it.household == serial && it.slot.section == income::SECTION);
    let counts = found_on.is_some_and(|on| !moved_after(file, on)) && !changes && act.undoes.is_none();
    file.income_found = counts.then(|| income_likeness(file));
}

/// Whether somebody surely came or went after a day.
fn moved_after(file: &HouseholdFile, day: NaiveDate) -> bool {
    Household::of(file).everyone().any(|member| {
        let dates = [members::JOINED_ON, members::LEFT_ON].into_iter().filter_map(|field| member.own(field)?.as_date());
        dates.into_iter().any(|date| date.earliest() > day)
    })
}

fn drop_if_blank(file: &mut HouseholdFile, section: Name) {
    if file.sections.get(&section) == Some(&Section::default()) {
        file.sections.remove(&section);
    }
}

/// What the file remembers of the form; it stands as the act has left it.
fn reference(file: &HouseholdFile, form: &FilledForm, act: &Act) -> FormRef {
    let confirmed = act.confirms.iter().filter(|confirm| confirm.household == file.id.serial && confirm.now.is_some());
    let found = confirmed.map(|confirm| Found {
        section: confirm.section,
        likeness: file.sections.get(&confirm.section).map_or_else(|| Section::default().likeness(), Section::likeness),
    });
    FormRef { act: act.number, found: found.collect(), ..FormRef::of(form, &act.by, act.entered_on()) }
}
