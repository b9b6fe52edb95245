//! What relations become when another member becomes the head: a suggestion that a person confirms.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::data::{BadData, Data};
use crate::domain::{Code, Member, Name, Sex};

/// The table of `data/words/relations.toml`.
#[derive(Clone, Debug)]
pub struct Relations {
    heads: Vec<HeadShape>,
    children: Vec<ChildShape>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RelationsFile {
    head: Vec<HeadShape>,
    #[serde(default)]
    child: Vec<ChildShape>,
}

/// Whose children they are who are this to the head.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChildShape {
    is: Vec<Name>,
    of: Vec<Name>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadShape {
    was: Name,
    sex: Option<Name>,
    becomes: BTreeMap<Name, Becomes>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
enum Becomes {
    Always(Name),
    BySex { male: Name, female: Name },
}

impl Relations {
    /// Loads the table.
    pub fn load(data: &Data) -> Result<Self, BadData> {
        let file: RelationsFile = data.file("words/relations.toml")?.read()?;
        Ok(Self { heads: file.head, children: file.child })
    }

    /// What the parents of somebody are to the head; none where her relation does not tell.
    pub fn parents_of(&self, relation: Name) -> Option<&[Name]> {
        self.children.iter().find(|entry| entry.is.contains(&relation)).map(|entry| &*entry.of)
    }

    /// What a member becomes to a new head, where there is one answer.
    pub fn suggest(&self, member: Member<'_>, new_head: Member<'_>) -> Option<Code> {
        let (was, of_head) = (member.relation()?.id()?, new_head.relation()?.id()?);
        let sex = |person: Member<'_>| person.sex().or_else(|| person.id_number().map(|id| id.sex()));
        let sex_is = |wanted: Name| {
            matches!((sex(new_head), wanted.as_str()), (Some(Sex::Male), "male") | (Some(Sex::Female), "female"))
        };
        let entry = self
            .heads
            .iter()
            .filter(|entry| entry.was == of_head && entry.sex.is_none_or(sex_is))
            .find_map(|entry| entry.becomes.get(&was))?;
        let id = match (*entry, sex(member)) {
            (Becomes::Always(id), _) => id,
            (Becomes::BySex { male, .. }, Some(Sex::Male)) => male,
            (Becomes::BySex { female, .. }, Some(Sex::Female)) => female,
            (Becomes::BySex { .. }, None) => return None,
        };
        Some(Code::listed(id))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Defs;
    use super::*;
    use crate::domain::Household;
    use crate::domain::field::members;

    fn suggest(head: &str, member: &str) -> Option<String> {
        let defs = Defs::shipped();
        let file = defs.file(&format!(
            "members.1.relation={} members.1.sex={} members.2.relation={} members.2.sex={}",
            &head[..head.len() - 3],
            &head[head.len() - 3..],
            &member[..member.len() - 3],
            &member[member.len() - 3..]
        ));
        let relations = Relations::load(&Data::embedded()).unwrap();
        let mut people = Household::of(&file).everyone();
        let (head, member) = (people.next()?, people.next()?);
        let code = relations.suggest(member, head)?;
        Some(defs.catalogue.label(defs.catalogue.field(members::SECTION, members::RELATION)?, code).to_owned())
    }

    #[test]
    fn a_widow_keeps_her_children_and_her_husbands_mother_becomes_her_mother_in_law() {
        assert_eq!(suggest("配偶女", "之子男").as_deref(), Some("之子"));
        assert_eq!(suggest("配偶女", "之母女").as_deref(), Some("之婆婆"));
        assert_eq!(suggest("配偶男", "之母女").as_deref(), Some("之岳母"));
        assert_eq!(suggest("配偶女", "户主男").as_deref(), Some("配偶"));
    }

    #[test]
    fn a_son_calls_his_mother_mother_and_what_is_ambiguous_is_asked() {
        assert_eq!(suggest("之子男", "配偶女").as_deref(), Some("之母"));
        assert_eq!(suggest("之子男", "之女女").as_deref(), Some("之兄弟姐妹"));
        assert_eq!(suggest("之子男", "之儿媳女"), None);
        assert_eq!(suggest("之子男", "之孙子男"), None);
    }

    #[test]
    fn every_relation_named_is_in_the_code_list() {
        let defs = Defs::shipped();
        let list = defs.catalogue.list(Name::new("relation")).unwrap();
        let table = Relations::load(&Data::embedded()).unwrap();
        for name in table.children.iter().flat_map(|entry| entry.is.iter().chain(&entry.of)) {
            assert!(list.entry(*name).is_some(), "{name}");
        }
        for entry in table.heads {
            assert!(list.entry(entry.was).is_some());
            for (from, to) in entry.becomes {
                let to = match to {
                    Becomes::Always(id) => vec![id],
                    Becomes::BySex { male, female } => vec![male, female],
                };
                assert!(list.entry(from).is_some() && to.iter().all(|id| list.entry(*id).is_some()), "{from}");
            }
        }
    }
}
