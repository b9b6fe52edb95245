//! What the checks find in the household, where it is mended: marks beside sections, rows and fields, and the way from
//! one to the next.

use crate::domain::{Name, Slot};
use crate::rules::check::Finding;
use crate::tui::desk::Desk;
use crate::tui::reply::Reply;
use crate::tui::screens::findings::answer::Asked;

use super::content::SectionLine;
use super::{FileScreen, Level};

/// Marks of a section, the most pressing first.
const MARKS: [&str; 6] = ["禁", "错", "警", "提", "变", ""];

/// Puts into the mark of each section how bad the worst is that was found in it.
pub(super) fn mark(sections: &mut [SectionLine], findings: &[Finding]) {
    for line in sections {
        let worst =
            findings.iter().filter(|it| it.slot.is_some_and(|slot| slot.section == line.id)).map(|it| it.severity);
        let Some(worst) = worst.min() else { continue };
        let own = MARKS.iter().copied().find(|mark| line.mark.starts_with(mark)).unwrap_or_default();
        let more = line.mark.strip_prefix(own).unwrap_or_default();
        let rank = |mark: &str| MARKS.iter().position(|known| *known == mark);
        let pressing = if rank(worst.short()) < rank(own) { worst.short() } else { own };
        line.mark = format!("{pressing}{more}");
    }
}

impl FileScreen {
    /// The mark of a row of the selected section: how bad the worst is that was found in it.
    pub(super) fn mark_of_row(&self, section: Name, row: u32) -> &'static str {
        let here =
            self.found.iter().filter(|it| it.slot.is_some_and(|slot| slot.section == section && slot.row == row));
        here.map(|it| it.severity).min().map_or("", |worst| worst.short())
    }

    /// What was found at a field, the worst first.
    pub(super) fn found_at(&self, slot: Slot) -> impl Iterator<Item = &Finding> {
        self.found.iter().filter(move |it| it.slot == Some(slot))
    }

    /// What was found where the cursor is: at the field, else in the row or the section.
    pub(super) fn found_here(&self) -> Vec<&Finding> {
        let Some(section) = self.section_line().map(|line| line.id) else { return Vec::new() };
        let row = self.row();
        let field = self.field_line().map(|line| line.slot);
        let is_here = |slot: Slot| match self.level {
            Level::Sections => slot.section == section,
            Level::Rows => slot.section == section && slot.row == row,
            Level::Fields => Some(slot) == field,
        };
        self.found.iter().filter(|it| it.slot.is_some_and(is_here)).collect()
    }

    /// How much was found: `错1 警2`; blank where nothing was.
    pub(super) fn counts_of_found(&self) -> String {
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for finding in &self.found {
            let mark = finding.severity.short();
            match counts.iter_mut().find(|(known, _)| *known == mark) {
                Some((_, count)) => *count += 1,
                None => counts.push((mark, 1)),
            }
        }
        counts.iter().map(|(mark, count)| format!("{mark}{count}")).collect::<Vec<_>>().join(" ")
    }

    /// To the field of the next finding, and behind the last one to the first.
    pub(super) fn next_finding(&mut self, desk: &Desk) -> Reply<Desk> {
        let mut slots: Vec<Slot> = Vec::new();
        for slot in self.found.iter().filter_map(|it| it.slot) {
            if !slots.contains(&slot) {
                slots.push(slot);
            }
        }
        let here = self.field_line().map(|line| line.slot).filter(|_| self.level == Level::Fields);
        let at = slots.iter().position(|slot| Some(*slot) == here);
        match slots.get(at.map_or(0, |at| (at + 1) % slots.len())) {
            Some(slot) => {
                self.go_to(desk, *slot);
                Reply::done()
            }
            None => Reply::said("这一户没有查出要改的"),
        }
    }

    /// Asks for a reason for what was found at the cursor.
    pub(super) fn answer_finding(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let Some(asked) = self.found_here().first().map(|finding| Asked::new(self.id, finding)) else {
            return Reply::said("这里没有查出问题");
        };
        let reply = asked.ask(desk);
        self.asked = Some(asked);
        reply
    }
}
