//! What a run of acts comes to: what was taken back or entered again cancels, and what is left stands once.
//!
//! A change is a slot whose value, or the paper behind it, is another one after the run than before it. A row that is new
//! or that ends is one change, whatever its fields; so is a file that is opened, with what it says of the household.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::act::{Act, FieldChange};
use crate::domain::field::{members, status};
use crate::domain::{Code, HouseholdFile, Name, Slot, Value};

/// A line of an act: its number, and the part of it from 1.
pub type Place = (u64, u32);

/// What there is to know of sections to tell rows apart.
pub trait Sections {
    /// Whether the rows of a section are people's.
    fn is_of_people(&self, section: Name) -> bool;
    /// The fields by which a row of a section says that it has ended.
    fn ends(&self, section: Name) -> &[Name];
}

/// The lines of a run, slot by slot.
#[derive(Clone, Debug, Default)]
pub struct Net {
    households: BTreeMap<u32, OfHousehold>,
}

#[derive(Clone, Debug, Default)]
struct OfHousehold {
    /// The act that opens the file, and the local day of its entry.
    opened: Option<(u64, NaiveDate)>,
    slots: BTreeMap<Slot, NetSlot>,
}

/// What a run does to one slot.
#[derive(Clone, Debug)]
pub struct NetSlot {
    /// What was there before the run, or what the county's own roster has put there since.
    was: Option<Value>,
    /// The paper behind that.
    was_evidence: Option<Box<str>>,
    lines: Vec<Line>,
    /// The first line that counts; the county's roster has spoken after those before it.
    from: usize,
}

/// One line on a slot.
#[derive(Clone, Debug)]
pub struct Line {
    /// Which one.
    pub place: Place,
    /// The change as it was entered.
    pub change: FieldChange,
    /// On which local day.
    pub entered_on: NaiveDate,
    /// The act that it takes back.
    undoes: Option<u64>,
}

/// What sort of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A file is opened.
    Opened,
    /// A row is new, or somebody is a member again.
    Added,
    /// A row ends, or is taken out again.
    Ended,
    /// A field has another value.
    Field,
    /// A field has the same value and another paper.
    Evidence,
}

/// One change that a run comes to.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// The household's serial.
    pub household: u32,
    /// What sort.
    pub what: What,
    /// The slots that differ, none where an opened file says nothing.
    pub slots: Vec<(Slot, &'a NetSlot)>,
    /// The line for which the change goes: the first of those that stand.
    pub lead: Place,
    /// The local day on which a file that says nothing of its household was opened.
    opened_on: Option<NaiveDate>,
}

/// Where a line of the run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stands {
    /// The line by whose answer it goes.
    pub lead: Place,
    /// The line that stands in its slot.
    pub last: Place,
    /// Whether later lines replace it, or nothing of its slot is left.
    pub is_replaced: bool,
}

impl Net {
    /// Takes in the next act of the run.
    pub fn add(&mut self, act: &Act) {
        if !act.is_news() {
            return self.rebase(act);
        }
        for opened in &act.opened {
            self.households.entry(opened.household).or_default().opened.get_or_insert((act.number, act.entered_on()));
        }
        for (part, change) in (1..).zip(act.field_changes()) {
            let line = Line { place: (act.number, part), entered_on: act.entered_on(), undoes: act.undoes, change };
            self.slot(&line.change).lines.push(line);
        }
    }

    /// Takes in an act that is kept from the run: that it touches a slot is known, and changes nothing.
    pub fn pass(&mut self, act: &Act) {
        act.field_changes().for_each(|change| _ = self.slot(&change));
    }

    fn slot(&mut self, change: &FieldChange) -> &mut NetSlot {
        let household = self.households.entry(change.household).or_default();
        household.slots.entry(change.slot).or_insert_with(|| NetSlot {
            was: change.old.clone(),
            was_evidence: None,
            lines: Vec::new(),
            from: 0,
        })
    }

    /// What the county says itself is no news to it, and what differs from it is.
    fn rebase(&mut self, act: &Act) {
        // An import has millions of fields, and few of them are of a household with news.
        let is_of = |serial: u32| self.households.contains_key(&serial);
        if self.households.is_empty() || !act.households().into_iter().any(is_of) {
            return;
        }
        for change in act.field_changes() {
            let slots = self.households.get_mut(&change.household).map(|household| &mut household.slots);
            if let Some(slot) = slots.and_then(|slots| slots.get_mut(&change.slot)) {
                (slot.was, slot.was_evidence, slot.from) = (change.new, None, slot.lines.len());
            }
        }
    }

    /// The serials of the households with lines, ascending.
    pub fn households(&self) -> impl Iterator<Item = u32> + '_ {
        self.households.keys().copied()
    }

    /// The slots of a household that are back at what they were and whose last word has a paper, each with its first act:
    /// whether that is another paper than the one before it is for the history to say.
    pub fn back_with_paper(&self, household: u32) -> Vec<(Slot, u64)> {
        let slots = self.households.get(&household).into_iter().flat_map(|of| &of.slots);
        let back = slots.filter(|(_, net)| net.is() == net.was() && net.word().is_some());
        back.filter_map(|(slot, net)| Some((*slot, net.counting().first()?.place.0))).collect()
    }

    /// Says what paper stood behind a slot before the run.
    pub fn had_evidence(&mut self, household: u32, slot: Slot, evidence: Option<Box<str>>) {
        if let Some(slot) = self.households.get_mut(&household).and_then(|of| of.slots.get_mut(&slot)) {
            slot.was_evidence = evidence;
        }
    }

    /// Whether some row's fate hangs on what else the file holds of it.
    pub fn asks_file(&self, household: u32) -> bool {
        let slots = self.households.get(&household).into_iter().flat_map(|of| &of.slots);
        slots.into_iter().any(|(slot, net)| slot.row > 0 && net.differs())
    }

    /// What the run comes to in one household, in the order of the lines; `file` is the file after the run.
    pub fn changes(&self, household: u32, file: Option<&HouseholdFile>, sections: &dyn Sections) -> Vec<Change<'_>> {
        let Some(of) = self.households.get(&household) else { return Vec::new() };
        let mut left: BTreeMap<Slot, &NetSlot> = of.slots.iter().filter(|(_, net)| net.differs()).map(own).collect();
        let mut changes: Vec<Change<'_>> = Vec::new();
        if let Some((opened, _)) = of.opened {
            // A file opened by mistake is closed again, and nobody outside has seen it.
            if left.keys().all(|slot| slot.section == status::SECTION) && left.keys().any(|slot| closes(*slot)) {
                return Vec::new();
            }
            let slots = take(&mut left, |slot| slot.row == 0);
            let part = slots.iter().filter_map(|(_, net)| net.last()).map(|line| line.place).min();
            let lead = part.filter(|(act, _)| *act == opened).unwrap_or((opened, 1));
            changes.push(Change { household, what: What::Opened, slots, lead, opened_on: of.opened.map(|(_, on)| on) });
        }
        let rows: BTreeSet<(Name, u32)> =
            left.keys().filter(|slot| slot.row > 0).map(|slot| row(*slot, sections)).collect();
        for (section, number) in rows {
            let row = |slot: &Slot| row(*slot, sections) == (section, number);
            let fate = self.fate(of, (section, number), file, sections);
            let ends = sections.ends(section);
            let is_end = |slot: &Slot| slot.section == section && ends.contains(&slot.field);
            let (what, slots) = match fate {
                Fate::Stays => continue,
                Fate::Comes => (What::Added, take(&mut left, row)),
                Fate::Goes => (What::Ended, take(&mut left, row)),
                Fate::Ends => (What::Ended, take(&mut left, |slot| row(slot) && is_end(slot))),
                Fate::Returns => {
                    let is_new: BTreeSet<Slot> =
                        left.iter().filter(|(_, net)| net.was().is_none()).map(|(slot, _)| *slot).collect();
                    (What::Added, take(&mut left, |slot| row(slot) && (is_end(slot) || is_new.contains(slot))))
                }
            };
            let of_slots = if fate == Fate::Goes { end(&slots) } else { lead(&slots) };
            changes.extend(of_slots.map(|lead| Change { household, what, slots, lead, opened_on: None }));
        }
        changes.extend(left.into_iter().filter_map(|(slot, net)| {
            let what = if net.is() == net.was() { What::Evidence } else { What::Field };
            let lead = net.last()?.place;
            Some(Change { household, what, lead, slots: vec![(slot, net)], opened_on: None })
        }));
        changes.sort_by_key(|change| change.lead);
        changes
    }

    /// Where each line of a household stands, given what the run comes to in it.
    pub fn stands<'a>(&'a self, household: u32, changes: &[Change<'a>]) -> BTreeMap<Place, Stands> {
        let mut all = BTreeMap::new();
        let slots = self.households.get(&household).into_iter().flat_map(|of| &of.slots);
        for (slot, net) in slots {
            let Some(last) = net.lines.last().map(|line| line.place) else { continue };
            let of = changes.iter().find(|change| change.slots.iter().any(|(known, _)| known == slot));
            let lead = of.map_or(last, |change| change.lead);
            for line in &net.lines {
                let is_replaced = of.is_none() || line.place != last;
                all.insert(line.place, Stands { lead, last, is_replaced });
            }
        }
        all
    }

    /// The acts of which nothing is left in a household, given what the run comes to in it.
    pub fn idle(&self, household: u32, changes: &[Change<'_>]) -> BTreeSet<u64> {
        let slots = || self.households.get(&household).into_iter().flat_map(|of| &of.slots);
        let is_left = |slot: &Slot| changes.iter().any(|change| change.slots.iter().any(|(known, _)| known == slot));
        let lines = |net: &NetSlot| net.lines.iter().map(|line| line.place.0).collect::<Vec<u64>>();
        let mut idle: BTreeSet<u64> = BTreeSet::new();
        slots().filter(|(slot, _)| !is_left(slot)).for_each(|(_, net)| idle.extend(lines(net)));
        if !idle.is_empty() {
            slots()
                .filter(|(slot, _)| is_left(slot))
                .for_each(|(_, net)| lines(net).iter().for_each(|act| _ = idle.remove(act)));
        }
        idle
    }

    fn fate(
        &self,
        of: &OfHousehold,
        (section, number): (Name, u32),
        file: Option<&HouseholdFile>,
        sections: &dyn Sections,
    ) -> Fate {
        let in_run = |field: Name| of.slots.get(&Slot { section, row: number, field });
        let on_file = || file.and_then(|file| file.row(section, number)).into_iter().flat_map(|row| row.values());
        let of_row = || of.slots.iter().filter(|(slot, _)| (slot.section, slot.row) == (section, number));
        let beside = || on_file().any(|(field, _)| in_run(field).is_none());
        let (was, is) = match in_run(members::NAME).filter(|_| section == members::SECTION) {
            // Whoever has a name is somebody.
            Some(name) => (name.was().is_some(), name.is().is_some()),
            None if section == members::SECTION => (true, true),
            None => (
                beside() || of_row().any(|(_, net)| net.was().is_some()),
                beside() || of_row().any(|(_, net)| net.is().is_some()),
            ),
        };
        let ends = sections.ends(section);
        let end = |of: fn(&NetSlot) -> Option<&Value>, other: fn(&NetSlot) -> Option<&Value>| {
            let mut ends = ends.iter().filter_map(|field| in_run(*field));
            ends.any(|net| of(net).is_none() && other(net).is_some())
        };
        match (was, is) {
            (false, true) => Fate::Comes,
            (true, false) => Fate::Goes,
            (false, false) => Fate::Stays,
            (true, true) if end(NetSlot::was, NetSlot::is) => Fate::Ends,
            // Only people come back; another row whose end is taken back is a field put right.
            (true, true) if section == members::SECTION && end(NetSlot::is, NetSlot::was) => Fate::Returns,
            (true, true) => Fate::Stays,
        }
    }
}

/// What becomes of a row over a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Stays,
    Comes,
    Goes,
    Ends,
    Returns,
}

impl NetSlot {
    /// What was there before the run.
    pub fn was(&self) -> Option<&Value> {
        self.was.as_ref()
    }

    /// What is there after it.
    pub fn is(&self) -> Option<&Value> {
        self.last().map_or(self.was(), |line| line.change.new.as_ref())
    }

    /// The line that stands.
    pub fn last(&self) -> Option<&Line> {
        self.counting().last()
    }

    /// The slot as one change: from what was before the run to what is after it.
    pub fn as_one(&self) -> Option<FieldChange> {
        let change = self.last()?.change.clone();
        let evidence = self.word().and_then(|line| line.change.evidence.clone());
        Some(FieldChange { old: self.was.clone(), evidence, evidence_only: self.is() == self.was(), ..change })
    }

    /// The lines whose value still stands, at least in part.
    pub fn standing(&self) -> impl Iterator<Item = &Line> {
        let last = self.last().map(|line| line.place);
        self.counting().iter().filter(move |line| Some(line.place) == last || self.stands_in_part(&line.change))
    }

    fn counting(&self) -> &[Line] {
        &self.lines[self.from..]
    }

    fn differs(&self) -> bool {
        let evidence = || {
            let word = self.word()?;
            Some(word.change.evidence != self.was_evidence)
        };
        self.is() != self.was() || evidence() == Some(true)
    }

    /// The line whose paper counts; none where it is what was before the run.
    fn word(&self) -> Option<&Line> {
        let lines = self.counting();
        let mut at = lines.len().checked_sub(1)?;
        // What takes a line back leaves what stood before that.
        while let Some(undone) = lines[at].undoes {
            match lines[..at].iter().position(|line| line.place.0 == undone) {
                Some(line) => at = line.checked_sub(1)?,
                None => break,
            }
        }
        // A value without a paper says nothing of the paper that was there.
        Some(&lines[at]).filter(|line| line.change.evidence.is_some() || line.change.evidence_only)
    }

    fn stands_in_part(&self, change: &FieldChange) -> bool {
        let (was, is) = (self.was(), self.is());
        match (change.new.as_ref(), is) {
            (new, is) if new == is => was != is,
            // What was known in part and is now known closer.
            (Some(Value::Date(told)), Some(Value::Date(now))) => {
                told.earliest() <= now.earliest() && now.latest() <= told.latest()
            }
            (new, is) if [new, is].into_iter().flatten().all(|value| matches!(value, Value::Codes(_))) => {
                let [old, new, was, is] = [change.old.as_ref(), new, was, is].map(codes);
                new.difference(&old).any(|code| is.contains(code) && !was.contains(code))
                    || old.difference(&new).any(|code| was.contains(code) && !is.contains(code))
            }
            _ => false,
        }
    }
}

impl Change<'_> {
    /// The section in which it is, or the first of them.
    pub fn section(&self) -> Name {
        let of_lead = || self.slots.iter().find(|(_, net)| net.last().is_some_and(|line| line.place == self.lead));
        of_lead().or(self.slots.first()).map_or(status::SECTION, |(slot, _)| slot.section)
    }

    /// The earliest of what `day` says of the lines that still stand in part.
    pub fn earliest(&self, day: impl Fn(&Line) -> NaiveDate) -> Option<NaiveDate> {
        self.slots.iter().flat_map(|(_, net)| net.standing()).map(day).min().or(self.opened_on)
    }

    /// The lines that stand, each with its slot as one change, in the order of the lines.
    pub fn lines(&self) -> Vec<(&Line, FieldChange)> {
        let lines = self.slots.iter().filter_map(|(_, net)| Some((net.last()?, net.as_one()?)));
        let mut lines: Vec<(&Line, FieldChange)> = lines.collect();
        lines.sort_by_key(|(line, _)| line.place);
        lines
    }
}

fn own<'a>((slot, net): (&Slot, &'a NetSlot)) -> (Slot, &'a NetSlot) {
    (*slot, net)
}

fn closes(slot: Slot) -> bool {
    (slot.section, slot.field) == (status::SECTION, status::CLOSED_ON)
}

/// The row that a slot belongs to; all that is told of a person belongs to her row among the members.
fn row(slot: Slot, sections: &dyn Sections) -> (Name, u32) {
    let section = if sections.is_of_people(slot.section) { members::SECTION } else { slot.section };
    (section, slot.row)
}

fn take<'a>(left: &mut BTreeMap<Slot, &'a NetSlot>, belongs: impl Fn(&Slot) -> bool) -> Vec<(Slot, &'a NetSlot)> {
    let taken: Vec<(Slot, &NetSlot)> =
        left.iter().filter(|(slot, _)| belongs(slot)).map(|(slot, net)| (*slot, *net)).collect();
    taken.iter().for_each(|(slot, _)| _ = left.remove(slot));
    taken
}

fn lead(slots: &[(Slot, &NetSlot)]) -> Option<Place> {
    slots.iter().filter_map(|(_, net)| net.last()).map(|line| line.place).min()
}

fn end(slots: &[(Slot, &NetSlot)]) -> Option<Place> {
    let last = slots.iter().filter_map(|(_, net)| net.last()).map(|line| line.place).max()?;
    // The first line of the last act, which takes the row out.
    slots.iter().filter_map(|(_, net)| net.last()).map(|line| line.place).filter(|place| place.0 == last.0).min()
}

fn codes(value: Option<&Value>) -> BTreeSet<Code> {
    match value {
        Some(Value::Codes(codes)) => codes.iter().copied().collect(),
        _ => BTreeSet::new(),
    }
}

#[cfg(test)]
mod tests;
