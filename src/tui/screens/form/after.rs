//! What a form would do if it were saved now, or what it still lacks: told while it is filled, not afterwards.

use crate::domain::{FilledForm, HouseholdFile, HouseholdId, Name};
use crate::forms::reading::Fault;
use crate::forms::{FieldKind, Form};
use crate::tui::desk::Desk;
use crate::workspace::in_words::InWords;

/// The outlook of a form that is being filled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct After {
    /// Before the lines: `之后` or `还要`.
    pub head: &'static str,
    /// What follows, or what is missing.
    pub lines: Vec<String>,
}

impl After {
    pub fn of(desk: &Desk, form: &Form, filled: &FilledForm, file: &HouseholdFile) -> Self {
        let workspace = &desk.workspace;
        let act = match workspace.act_of(file.id.village, filled.clone()) {
            Ok(Ok(act)) => act,
            Ok(Err(faults)) => {
                let lines = faults.into_iter().map(|fault| lacking(desk, form, filled, fault)).collect();
                return Self { head: "还要", lines };
            }
            Err(error) => return Self { head: "还要", lines: vec![error.to_string()] },
        };
        let in_words = InWords {
            catalogue: &workspace.definitions().catalogue,
            file,
            act: &act,
            household: &|serial| workspace.household_in_words(HouseholdId { serial, ..file.id }),
            shows_private: desk.shows_private,
        };
        let mut lines = in_words.consequences();
        // What is odd in itself stands at its field; what others have only the village can tell.
        let elsewhere = workspace.numbers_of_others(form, filled, file);
        lines.extend(elsewhere.into_iter().map(|doubt| doubt.why));
        Self { head: "之后", lines }
    }

    /// All of it as one text, to be wrapped where room is short.
    pub fn joined(&self) -> String {
        if self.lines.is_empty() { String::new() } else { format!("{}  {}", self.head, self.lines.join("；")) }
    }
}

/// What is to be done about a fault; what is merely blank is to be filled.
fn lacking(desk: &Desk, form: &Form, filled: &FilledForm, fault: Fault) -> String {
    let (field, part) = fault.field.split_once('.').unwrap_or((&fault.field, ""));
    let Some(field) = form.field(field) else { return fault.why };
    if matches!(field.kind, FieldKind::Groups) {
        let code = Name::new(part);
        let short = desk.workspace.definitions().forms.group(code).map_or(part, |group| &group.short);
        return match filled.groups.contains_key(&code) {
            true => format!("“{short}”{}", fault.why),
            false => format!("答“{short}”"),
        };
    }
    if matches!(field.kind, FieldKind::Heirs) {
        return format!("答“{}”", fault.why.split("怎么办").next().unwrap_or(&fault.why));
    }
    if filled.fields.contains_key(&field.id) { fault.why } else { format!("填“{}”", field.label) }
}
