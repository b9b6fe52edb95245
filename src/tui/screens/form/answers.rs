//! What stands on the screen as the answers of a form. What is blank, refused or only proposed is no answer.

use std::collections::BTreeMap;

use crate::catalogue::Catalogue;
use crate::domain::{Answer, Code, FilledForm, GroupAnswer, Heirs, Name};
use crate::forms::{self, FieldKind};
use crate::tui::widgets::form::Form;

use super::questions::{BECOMES, FACT, HEIRS, RELATIONS, WHY_NOT};

/// The form as it is answered on the screen; what the screen does not ask stays unanswered.
pub(super) fn read(widget: &Form, form: &forms::Form, filled: &FilledForm, catalogue: &Catalogue) -> FilledForm {
    let mut answers = FilledForm { fields: BTreeMap::new(), groups: BTreeMap::new(), ..filled.clone() };
    for field in &form.fields {
        let id = field.id.as_str();
        let picked = || widget.field(id).map(|shown| shown.picked()).unwrap_or_default();
        let number = || picked().first().and_then(|id| id.parse().ok());
        let answer = match &field.kind {
            FieldKind::Groups => {
                answers.groups = groups(widget, id);
                None
            }
            FieldKind::Person => number().map(Answer::Person),
            FieldKind::Household => number().map(Answer::Household),
            FieldKind::People => {
                let people: Vec<u32> = picked().iter().filter_map(|id| id.parse().ok()).collect();
                (!people.is_empty()).then_some(Answer::People(people))
            }
            FieldKind::Round => picked().first().map(|round| Answer::Round(Name::new(round))),
            FieldKind::Relations => relations(widget),
            FieldKind::Heirs => heirs(widget),
            _ => widget.field(id).filter(|shown| !shown.is_suggested()).and_then(|_| widget.answer(field, catalogue)),
        };
        answers.fields.extend(answer.map(|answer| (field.id, answer)));
    }
    answers
}

fn relations(widget: &Form) -> Option<Answer> {
    let answered = widget.values().filter_map(|(id, label)| {
        let person: u32 = id.strip_prefix(RELATIONS)?.parse().ok()?;
        let field = widget.field(id).filter(|field| !field.is_suggested())?;
        let code = *field.picked().first()?;
        // A choice under its own label is one that the list does not have.
        Some((person, if code == label { Code::unlisted(&label) } else { Code::listed(Name::new(code)) }))
    });
    let relations: BTreeMap<u32, Code> = answered.collect();
    (!relations.is_empty()).then_some(Answer::Relations(relations))
}

fn heirs(widget: &Form) -> Option<Answer> {
    let mut heirs = Heirs::new();
    for (id, _) in widget.values() {
        let Some((section, row)) = id.strip_prefix(HEIRS).and_then(|id| id.rsplit_once('.')) else { continue };
        let field = widget.field(id).filter(|field| !field.is_suggested());
        let picked = field.and_then(|field| field.picked().first().copied());
        let becomes = BECOMES.iter().find(|(known, _)| picked == Some(*known));
        if let (Some((_, becomes)), Ok(row)) = (becomes, row.parse()) {
            heirs.entry(Name::new(section)).or_default().insert(row, *becomes);
        }
    }
    (!heirs.is_empty()).then_some(Answer::Heirs(heirs))
}

fn groups(widget: &Form, id: &str) -> BTreeMap<Name, GroupAnswer> {
    let answered = widget.values().filter_map(|(question, _)| {
        let code = question.strip_prefix(id)?.strip_prefix('.')?;
        let field = widget.field(question).filter(|field| !field.is_suggested())?;
        let yes = match *field.picked().first()? {
            "yes" => true,
            "no" => false,
            _ => return None,
        };
        let fact = widget.value(&format!("{question}{}", if yes { FACT } else { WHY_NOT }));
        Some((Name::new(code), GroupAnswer { yes, fact: fact.into() }))
    });
    answered.collect()
}
