//! Who may enter what, and on which side, as `data/rights/` says.

use serde::Deserialize;

use crate::data::{BadData, Data};
use crate::domain::{Role, Side};

/// Something that a person enters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// A visit.
    Visit,
    /// A screening form.
    Screening,
    /// A verification form.
    Verification,
    /// A change of the file.
    Edit,
    /// Something that happened in the family.
    Event,
    /// A step of the monitoring case.
    Case,
    /// A form taken back later: one's own, unless the role takes back everybody's.
    Withdraw,
    /// A form of somebody else taken back.
    WithdrawOthers,
    /// The choice between two sides' values.
    Choice,
    /// A section found true.
    Confirm,
    /// A reason given for a finding.
    Answer,
    /// Files of the county or the village's own taken in.
    Roster,
    /// What comes from the other side taken in.
    Receive,
    /// The first secretary's word.
    Review,
    /// The county's word.
    Verdict,
    /// The county's correction of a village's file.
    Correction,
    /// The other side's key.
    Key,
    /// The settings.
    Settings,
}

/// The rights of all roles.
#[derive(Clone, Debug, Default)]
pub struct Rights {
    roles: Vec<RoleShape>,
    deeds: Vec<DeedShape>,
}

/// Why somebody may not enter something: what it is, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", in_words(deed, roles))]
pub struct NotYours {
    deed: Box<str>,
    roles: Vec<Role>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeedShape {
    id: Deed,
    label: Box<str>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleShape {
    id: Role,
    #[serde(default)]
    village: Vec<Deed>,
    #[serde(default)]
    county: Vec<Deed>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileShape {
    #[serde(default, rename = "deed")]
    deeds: Vec<DeedShape>,
    #[serde(default, rename = "role")]
    roles: Vec<RoleShape>,
}

impl RoleShape {
    fn has(&self, side: Side, deed: Deed) -> bool {
        let deeds = if side.is_village() { &self.village } else { &self.county };
        deeds.contains(&deed)
    }
}

impl Rights {
    pub(super) fn load(data: &Data) -> Result<Self, BadData> {
        let mut rights = Self::default();
        for file in data.folder("rights") {
            let shape: FileShape = file.read()?;
            rights.deeds.extend(shape.deeds);
            rights.roles.extend(shape.roles);
        }
        Ok(rights)
    }

    /// Whether a role may enter something on a side; refused with the roles that may.
    pub fn may(&self, role: Role, side: Side, deed: Deed) -> Result<(), NotYours> {
        let may = |shape: &&RoleShape| shape.has(side, deed);
        if self.roles.iter().filter(may).any(|shape| shape.id == role) {
            return Ok(());
        }
        let label = self.deeds.iter().find(|known| known.id == deed).map_or_else(Box::default, |it| it.label.clone());
        Err(NotYours { deed: label, roles: self.roles.iter().filter(may).map(|shape| shape.id).collect() })
    }
}

impl NotYours {
    /// Whether nobody on this side may, so that it is the other side's.
    pub fn is_of_the_other_side(&self) -> bool {
        self.roles.is_empty()
    }

    /// The same for whoever sits at a screen, where another sits down with one key.
    pub fn on_screen(&self) -> String {
        match self.roles.is_empty() {
            true => self.to_string(),
            false => {
                format!("{}是{}的事；请{}来，先按换人", self.deed, labels(&self.roles, "、"), labels(&self.roles, "或"))
            }
        }
    }
}

fn labels(roles: &[Role], between: &str) -> String {
    roles.iter().map(|role| role.label()).collect::<Vec<_>>().join(between)
}

fn in_words(deed: &str, roles: &[Role]) -> String {
    let Some(first) = roles.first() else { return format!("{deed}不在这一边做") };
    let role = first.identifier();
    format!("{deed}是{}的事：请{}来做，或用 --as 姓名 --role {role}", labels(roles, "、"), labels(roles, "或"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Deed; 18] = [
        Deed::Visit,
        Deed::Screening,
        Deed::Verification,
        Deed::Edit,
        Deed::Event,
        Deed::Case,
        Deed::Withdraw,
        Deed::WithdrawOthers,
        Deed::Choice,
        Deed::Confirm,
        Deed::Answer,
        Deed::Roster,
        Deed::Receive,
        Deed::Review,
        Deed::Verdict,
        Deed::Correction,
        Deed::Key,
        Deed::Settings,
    ];

    fn rights() -> Rights {
        Rights::load(&Data::embedded()).unwrap()
    }

    #[test]
    fn every_deed_has_a_label_and_somebody_who_may() {
        let rights = rights();
        for deed in ALL {
            assert!(rights.deeds.iter().any(|known| known.id == deed && !known.label.is_empty()), "{deed:?}");
            let somebody = [Side::Village, Side::County].map(|side| rights.roles.iter().any(|it| it.has(side, deed)));
            assert!(somebody.contains(&true), "{deed:?}");
        }
        assert!(Role::ALL.iter().all(|role| rights.roles.iter().any(|shape| shape.id == *role)));
    }

    #[test]
    fn each_role_may_what_is_hers_and_nothing_else() {
        let rights = rights();
        let may = |role, side| ALL.into_iter().filter(|deed| rights.may(role, side, *deed).is_ok()).count();
        let (village, county) = (Side::Village, Side::County);
        assert_eq!(may(Role::Surveyor, village), 4);
        assert_eq!(may(Role::Secretary, village), may(Role::Coordinator, village) + 2);
        assert!(rights.may(Role::Coordinator, village, Deed::Review).is_err());
        assert_eq!(may(Role::County, village), 0, "at a village's store the county reads");
        assert_eq!([Role::Coordinator, Role::Secretary, Role::Surveyor].map(|role| may(role, county)), [0, 0, 0]);
    }

    #[test]
    fn a_refusal_names_the_roles_that_may() {
        let why = rights().may(Role::Coordinator, Side::Village, Deed::Review).unwrap_err().to_string();
        assert_eq!(why, "通过和退回是第一书记的事：请第一书记来做，或用 --as 姓名 --role secretary");
        let why = rights().may(Role::Surveyor, Side::Village, Deed::Edit).unwrap_err().to_string();
        assert!(why.contains("协管员") && why.contains("第一书记") && why.contains("--role coordinator"), "{why}");
    }
}
