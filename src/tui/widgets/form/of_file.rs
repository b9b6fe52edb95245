//! A field of the household file as a field of a form: its code list, its unit, and what the catalogue says of a value.

use std::sync::Arc;

use super::field::{Field, Verdict};
use crate::catalogue::{self, Catalogue, FieldKind};
use crate::domain::id_number;
use crate::tui::widgets::picker::Choice;

impl Field {
    /// A field for a value like this one. A member of the household is chosen with [`Field::one`] instead: only the
    /// screen knows who is in it.
    pub fn of_file(id: &str, field: &catalogue::Field, catalogue: &Arc<Catalogue>) -> Self {
        let choices = || -> Vec<Choice> {
            let entries = catalogue.list_of(field).map_or(&[][..], |list| &list.entries);
            entries.iter().map(|entry| Choice::new(entry.id.as_str(), &*entry.label)).collect()
        };
        let made = match field.kind {
            FieldKind::Code => return Self::one(id, &field.label, choices()),
            FieldKind::Codes => return Self::several(id, &field.label, choices()),
            FieldKind::YesNo => return Self::yes_no(id, &field.label),
            FieldKind::Date => return Self::date(id, &field.label),
            FieldKind::IdNumber => Self::text(id, &field.label).private().read_back(id_number::read_back),
            kind if kind.is_private() => Self::text(id, &field.label).private(),
            _ => Self::text(id, &field.label),
        };
        let unit = match (&field.unit, field.kind) {
            (Some(unit), _) => unit,
            (None, FieldKind::Money) => "元",
            (None, _) => "",
        };
        let (field, catalogue) = (field.clone(), Arc::clone(catalogue));
        made.unit(unit).checked(move |text| match catalogue.read_typed(&field, text) {
            Ok(reading) => reading.doubt.map_or(Verdict::Good, |doubt| Verdict::Doubtful(doubt.to_string())),
            Err(refused) => Verdict::Refused(refused.to_string()),
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::data::Data;

    #[test]
    fn every_field_of_the_file_can_be_asked_for() {
        let catalogue = Arc::new(Catalogue::load(&Data::embedded()).unwrap());
        for section in catalogue.sections() {
            for field in &section.fields {
                let made = Field::of_file(field.id.as_str(), field, &catalogue);
                let has_list = matches!(field.kind, FieldKind::Code | FieldKind::Codes | FieldKind::YesNo);
                assert_eq!(made.takes_text(), !has_list, "{}.{}", section.id, field.id);
                assert_eq!(made.choices().is_empty(), !has_list, "{}.{}", section.id, field.id);
            }
        }
    }

    #[test]
    fn the_catalogue_judges() {
        let catalogue = Arc::new(Catalogue::load(&Data::embedded()).unwrap());
        let today = NaiveDate::from_ymd_opt(2022, 11, 20).unwrap();
        let judged = |path: &str, text: &str| {
            let mut field = Field::of_file("x", catalogue.named(path).unwrap().1, &catalogue).holding(text);
            field.judge(today);
            field.verdict
        };
        assert_eq!(judged("members.phone", "13812344321"), Verdict::Good);
        assert!(matches!(judged("members.phone", "1381234"), Verdict::Doubtful(_)));
        assert!(matches!(judged("jobs.monthly_wage", "四千"), Verdict::Refused(_)));
        assert!(matches!(judged("members.birth_date", "2022-13"), Verdict::Refused(_)));
        assert_eq!(judged("members.birth_date", ""), Verdict::Good);
    }

    #[test]
    fn a_label_that_no_list_has_is_not_lost() {
        let catalogue = Arc::new(Catalogue::load(&Data::embedded()).unwrap());
        let field = Field::of_file("x", catalogue.named("members.relation").unwrap().1, &catalogue);
        assert_eq!(field.holding("表舅").value(), "表舅");
    }
}
