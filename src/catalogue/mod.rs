//! What a household file can hold: sections, fields and code lists, as `data/file/` and `data/codes/` define them.

mod cells;
pub mod codes;
pub mod heir;
pub mod print;
pub mod read;
pub mod rights;
pub mod section;
pub mod shapes;

use std::collections::{BTreeMap, HashMap};

use crate::data::{BadData, Data};
use crate::domain::{Name, Slot};

pub use cells::Blanks;
pub use codes::CodeList;
pub use heir::{Heir, Heirs, Joins};
pub use read::{Doubt, Reading, Refused};
pub use rights::{Deed, Rights};
pub use section::{Field, FieldKind, Section, SectionKind, Writes};
pub use shapes::{NameWords, OddName, Shape};

/// All definitions of the household file.
#[derive(Clone, Debug)]
pub struct Catalogue {
    sections: Vec<Section>,
    by_id: HashMap<Name, usize>,
    lists: BTreeMap<Name, CodeList>,
    rights: Rights,
    blanks: Blanks,
    names: NameWords,
}

impl Catalogue {
    /// Loads the definitions, and refuses what contradicts itself.
    pub fn load(data: &Data) -> Result<Self, BadData> {
        let mut lists = BTreeMap::new();
        for file in data.folder("codes") {
            for list in codes::load(&file)? {
                let id = list.id;
                if lists.insert(id, list).is_some() {
                    return Err(BadData::new(&file.path, format!("代码表 {id} 定义了两次")));
                }
            }
        }
        let mut sections = Vec::new();
        for file in data.folder("file") {
            sections.push(section::load(&file, &lists)?);
        }
        sections.sort_by_key(|section| section.order);
        let by_id: HashMap<_, _> = sections.iter().enumerate().map(|(at, section)| (section.id, at)).collect();
        if by_id.len() != sections.len() {
            return Err(BadData::new("file", "两个文件定义了同一个部分"));
        }
        for section in &sections {
            if let Some(with) = section.heirs.with.filter(|with| !by_id.contains_key(with)) {
                let path = format!("file/{}.toml", section.id);
                let line = data.file(&path).ok().and_then(|file| file.line_of(&format!("\"{with}\"")));
                return Err(BadData { file: path, line, why: format!("没有部分 {with}") });
            }
        }
        let blanks = Blanks::load(&data.file("words/cells.toml")?)?;
        let names = NameWords::load(&data.file("words/names.toml")?)?;
        Ok(Self { sections, by_id, lists, rights: Rights::load(data)?, blanks, names })
    }

    /// By what names are told from what strays into their column.
    pub fn names(&self) -> &NameWords {
        &self.names
    }

    /// The sections, in the order in which they are shown.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// A section by id; a file may hold one that a newer or a county's definition knows.
    pub fn section(&self, id: Name) -> Option<&Section> {
        self.by_id.get(&id).map(|at| &self.sections[*at])
    }

    /// A field by its section and id.
    pub fn field(&self, section: Name, field: Name) -> Option<&Field> {
        self.section(section)?.field(field)
    }

    /// The field in a slot.
    pub fn in_slot(&self, slot: Slot) -> Option<&Field> {
        self.field(slot.section, slot.field)
    }

    /// A field named `section.field`, as definitions refer to it.
    pub fn named(&self, path: &str) -> Option<(&Section, &Field)> {
        let (section, field) = path.split_once('.')?;
        let section = self.section(Name::new(section))?;
        Some((section, section.field(Name::new(field))?))
    }

    /// A code list by id.
    pub fn list(&self, id: Name) -> Option<&CodeList> {
        self.lists.get(&id)
    }

    /// Who may enter what.
    pub fn rights(&self) -> &Rights {
        &self.rights
    }

    /// The code list of a field.
    pub fn list_of(&self, field: &Field) -> Option<&CodeList> {
        self.list(field.list?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::field;

    #[test]
    fn every_field_that_rules_name_is_defined() {
        let catalogue = Catalogue::load(&Data::embedded()).unwrap();
        for (section, fields) in field::ALL {
            let defined = catalogue.section(*section).unwrap_or_else(|| panic!("section {section}"));
            for name in *fields {
                assert!(defined.field(*name).is_some(), "{section}.{name}");
            }
        }
    }

    #[test]
    fn every_date_says_whether_it_may_lie_ahead() {
        let catalogue = Catalogue::load(&Data::embedded()).unwrap();
        let mut dates = 0;
        for (section, field) in
            catalogue.sections().iter().flat_map(|it| it.fields.iter().map(move |field| (it, field)))
        {
            let limits = &field.limits;
            if field.kind == FieldKind::Date {
                dates += 1;
                let reason = limits.ahead.as_ref().is_some_and(|why| !why.is_empty());
                assert!(limits.happened != reason, "{}.{}: happened, or ahead with a reason", section.id, field.id);
            } else {
                assert!(
                    !limits.happened && limits.ahead.is_none() && limits.after.is_empty(),
                    "{}.{}",
                    section.id,
                    field.id
                );
            }
            for earlier in &limits.after {
                let in_section = earlier.of_person.unwrap_or(section.id);
                let other = catalogue
                    .field(in_section, earlier.field)
                    .unwrap_or_else(|| panic!("{in_section}.{}", earlier.field));
                assert_eq!(other.kind, FieldKind::Date);
            }
        }
        assert!(dates >= 40);
    }

    #[test]
    fn a_county_adds_a_code_by_data_alone() {
        let codes = Data::embedded().file("codes/forms.toml").unwrap().text;
        let more = codes.replace("{ id = \"phone\"", "{ id = \"meeting\", label = \"村民会\" },\n  { id = \"phone\"");
        let catalogue = Catalogue::load(&Data::embedded().with_file("codes/forms.toml", &more)).unwrap();
        let list = catalogue.list(Name::new("visit_place")).unwrap();
        assert_eq!(list.read("村民会").and_then(|code| code.id()), Some(Name::new("meeting")));
    }

    #[test]
    fn a_field_with_an_unknown_list_is_refused_with_its_line() {
        let text = "id = \"x\"\nlabel = \"x\"\nkind = \"household\"\norder = 1\n[[field]]\nid = \"a\"\nlabel = \"a\"\ntype = \"code\"\nlist = \"nowhere\"\n";
        let fault = Catalogue::load(&Data::embedded().with_file("file/x.toml", text)).unwrap_err();
        assert_eq!(fault.to_string(), "file/x.toml 第9行：没有代码表 nowhere");
    }
}
