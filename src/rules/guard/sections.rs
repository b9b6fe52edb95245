//! What a section lets in, and from whom, as its definition says.

use crate::catalogue::{Deed, Field, Section, Writes};
use crate::domain::Value;
use crate::forms::Forms;

use super::{Change, Made, Refusal};

pub(super) fn refusals(made: &Made<'_>) -> Vec<Refusal> {
    let catalogue = made.look.catalogue;
    let of = |change: &Change<'_>| {
        let section = catalogue.section(change.slot.section)?;
        let why = of_section(made, section).or_else(|| {
            let field = section.field(change.slot.field)?;
            let is_owned = field.limits.by_event || section.writes == Writes::Event;
            (is_owned && !made.is_event() && !is_earlier(change)).then(|| owned(made.look.forms, section, field))
        })?;
        Some(Refusal::slot(change, why))
    };
    made.changes.iter().filter_map(of).collect()
}

fn of_section(made: &Made<'_>, section: &Section) -> Option<String> {
    let label = &section.label;
    if section.of_village_alone && !made.side.is_village() {
        return Some(format!("“{label}”由村里登记，县里不更正"));
    }
    match section.writes {
        Writes::Program if made.deed != Deed::Answer => {
            Some(format!("“{label}”不能直接改：在核对里答复、豁免或撤回，或导入豁免清单"))
        }
        Writes::Case if made.side.is_village() && !made.is_event() => {
            let may = made.look.catalogue.rights().may(made.role, made.side, Deed::Case);
            may.err().map(|why| why.to_string())
        }
        _ => None,
    }
}

/// Whether a day that an event set is put right to an earlier one.
fn is_earlier(change: &Change<'_>) -> bool {
    let day = |value: Option<&Value>| value.and_then(Value::as_date);
    matches!((day(change.old), day(change.new)), (Some(old), Some(new)) if new.latest() < old.earliest())
}

/// That a field changes by an event, with the events that change it.
fn owned(forms: &Forms, section: &Section, field: &Field) -> String {
    let slot = (section.id, field.id);
    let events = forms.events();
    let by = events.iter().filter(|form| {
        form.sets.iter().any(|set| set.slot == slot) || form.fields.iter().any(|asked| asked.slot == Some(slot))
    });
    let labels: Vec<&str> = by.map(|form| &*form.label).collect();
    let which = if labels.is_empty() { String::new() } else { format!("（{}）", labels.join("、")) };
    format!("“{}”不能直接改：请登记家里事{which}", field.label)
}
