//! What is odd about the answers of a form that is taken in all the same.

use crate::catalogue::Catalogue;
use crate::domain::{Answer, EditRow, FilledForm, RowRef};

use super::reading::Fault;
use super::schema::{FieldKind, Form};

/// The doubts about what a form tells, each at its place.
pub fn of(form: &Form, filled: &FilledForm, catalogue: &Catalogue) -> Vec<Fault> {
    let answered = form.fields.iter().filter_map(|field| match (&field.kind, filled.fields.get(&field.id)?) {
        (FieldKind::Value(plain), Answer::Value(value)) => {
            let doubt = catalogue.doubt(plain, value)?;
            Some(Fault::at(field.id.as_str(), doubt.to_string()))
        }
        _ => None,
    });
    let mut doubts: Vec<Fault> = answered.collect();
    doubts.extend(of_edits("changes", &filled.edits, catalogue));
    for (item, answer) in &filled.items {
        doubts.extend(of_edits(&format!("items.{item}.edits"), &answer.edits, catalogue));
    }
    doubts
}

fn of_edits<'a>(at: &'a str, edits: &'a [EditRow], catalogue: &'a Catalogue) -> impl Iterator<Item = Fault> + 'a {
    edits.iter().enumerate().flat_map(move |(number, edit)| {
        edit.fields.iter().filter_map(move |(field, value)| {
            let doubt = catalogue.doubt(catalogue.field(edit.section, *field)?, value.as_ref()?)?;
            Some(Fault::at(path(at, number, edit, field.as_str()), doubt.to_string()))
        })
    })
}

/// Where in the input of `record` an edit says a field.
pub fn path(at: &str, number: usize, edit: &EditRow, field: &str) -> String {
    match edit.row {
        RowRef::At(_) => format!("{at}.{number}.new"),
        RowRef::New(_) => format!("{at}.{number}.add.{field}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;
    use crate::domain::{Name, Value};
    use crate::forms::Forms;

    #[test]
    fn what_is_odd_is_told_where_it_stands() {
        let catalogue = Catalogue::load(&Data::embedded()).unwrap();
        let forms = Forms::load(&Data::embedded(), &catalogue).unwrap();
        let birth = forms.named("birth").unwrap();
        let mut filled = FilledForm::blank(birth.name, 1, "f1", 1);
        let told = |id: &str, text: &str| (Name::new(id), Answer::Value(Value::text(text).unwrap()));
        filled.fields.extend([told("name", "王?"), told("id_number", "419999202211100019")]);
        let doubts = of(birth, &filled, &catalogue);
        let at: Vec<&str> = doubts.iter().map(|doubt| doubt.field.as_str()).collect();
        assert_eq!(at, ["name", "id_number"]);
        assert!(doubts[0].why.contains("“?”"), "{doubts:?}");
        let phone = (Name::new("phone"), Value::text("1390000000"));
        let row = |row| EditRow::of(Name::new("members"), row, vec![phone.clone()]);
        filled.fields.clear();
        filled.edits = vec![row(RowRef::At(1)), row(RowRef::New(1))];
        let at: Vec<String> = of(birth, &filled, &catalogue).into_iter().map(|doubt| doubt.field).collect();
        assert_eq!(at, ["changes.0.new", "changes.1.add.phone"]);
    }
}
