//! Forms: what is asked, of whom, and what an answer does, as `data/forms/` and `data/events/` define them.

pub mod check;
mod definition;
pub mod doubts;
pub mod reading;
pub mod sample;
pub mod schema;
mod suggest;
pub mod sums;
pub mod writing;

use std::collections::BTreeMap;

use crate::catalogue::Catalogue;
use crate::data::{BadData, Data};
use crate::domain::Name;

pub use schema::{
    Default as DefaultAnswer, Effect, Field, FieldKind, Form, FormKind, Group, Item, PersonRole, Set, SetTo, Suggest,
    SuggestFrom,
};

/// All forms by name.
#[derive(Clone, Debug)]
pub struct Forms {
    forms: BTreeMap<Name, Form>,
}

impl Forms {
    /// Loads the forms, and refuses one that names a field, a list or a section that is not there.
    pub fn load(data: &Data, catalogue: &Catalogue) -> Result<Self, BadData> {
        let mut forms = BTreeMap::new();
        for file in data.folder("forms").chain(data.folder("events")) {
            let form = definition::load(&file, catalogue)?;
            let name = form.name;
            if forms.insert(name, form).is_some() {
                return Err(BadData::new(&file.path, format!("表单 {name} 定义了两次")));
            }
        }
        Ok(Self { forms })
    }

    /// A form by name.
    pub fn get(&self, name: Name) -> Option<&Form> {
        self.forms.get(&name)
    }

    /// The form whose name is this text.
    pub fn named(&self, name: &str) -> Option<&Form> {
        self.forms.iter().find(|(known, _)| **known == name).map(|(_, form)| form)
    }

    /// All forms, by name.
    pub fn all(&self) -> impl Iterator<Item = &Form> {
        self.forms.values()
    }

    /// The life events, in the order in which they are offered.
    pub fn events(&self) -> Vec<&Form> {
        let mut events: Vec<&Form> = self.all().filter(|form| form.kind == FormKind::Event).collect();
        events.sort_by_key(|form| form.order);
        events
    }

    /// The monthly visit.
    pub fn visit(&self) -> Option<&Form> {
        self.all().find(|form| form.kind == FormKind::Visit)
    }

    /// The key groups that any form asks about, by code.
    pub fn group(&self, code: Name) -> Option<&Group> {
        self.all().flat_map(|form| &form.groups).find(|group| group.id == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::form_field;

    fn load(data: &Data) -> Result<Forms, BadData> {
        Forms::load(data, &Catalogue::load(data).unwrap())
    }

    #[test]
    fn the_shipped_forms_load() {
        let forms = load(&Data::embedded()).unwrap();
        assert_eq!(forms.visit().unwrap().items.len(), 15);
        assert_eq!(forms.named("screening").unwrap().groups.len(), 14);
        assert!(forms.events().len() > 15);
    }

    #[test]
    fn every_field_that_code_names_is_asked_somewhere() {
        let forms = load(&Data::embedded()).unwrap();
        for name in form_field::ALL {
            assert!(forms.all().any(|form| form.field(name.as_str()).is_some()), "{name}");
        }
    }

    #[test]
    fn a_new_question_in_the_visit_is_a_matter_of_data() {
        let text = Data::embedded().file("forms/visit.toml").unwrap().text;
        let more = format!(
            "{text}\n[[item]]\nid = \"V16\"\nlabel = \"取暖\"\nask = \"煤或电够用到开春\"\nasked_of = [\"all\"]\n"
        );
        let forms = load(&Data::embedded().with_file("forms/visit.toml", &more)).unwrap();
        assert_eq!(&*forms.visit().unwrap().items[15].label, "取暖");
    }

    #[test]
    fn a_form_with_an_unknown_field_is_refused_with_its_line() {
        let text = "name = \"x\"\nversion = 1\nlabel = \"x\"\nkind = \"event\"\n[[field]]\nid = \"a\"\nlabel = \"a\"\nfield = \"members.nothing\"\n";
        let fault = load(&Data::embedded().with_file("events/x.toml", text)).unwrap_err();
        assert_eq!(fault.to_string(), "events/x.toml 第8行：没有字段 members.nothing");
        let typo = load(&Data::embedded().with_file("events/x.toml", "name = \"x\"\nlable = \"x\"\n")).unwrap_err();
        assert_eq!(typo.line, Some(2));
    }
}
