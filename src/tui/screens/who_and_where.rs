//! What is asked once and can be changed later: who she is, which village, which policy.

use chrono::NaiveDate;

use crate::domain::{Author, Role, VillageCode};
use crate::policy::Layer;
use crate::tui::widgets::form::{Field, Form, Verdict};
use crate::tui::widgets::picker::Choice;

const NAME: &str = "name";
const ROLE: &str = "role";
/// The id of the village's code.
pub(super) const CODE: &str = "code";
/// The id of the village's name.
pub(super) const VILLAGE: &str = "village";
/// The id of the policy.
pub(super) const POLICY: &str = "policy";

/// The two fields that say who somebody is.
pub(super) fn who(author: Option<&Author>) -> [Field; 2] {
    let roles = Role::ALL.map(|role| Choice::new(role.identifier().as_str(), role.label())).to_vec();
    let role = author.map_or(Role::Coordinator, |author| author.role).identifier();
    [
        Field::text(NAME, "姓名")
            .required()
            .holding(author.map_or("", |author| &author.name))
            .hint("谁在录入：每一条变更都记这个名字"),
        Field::one(ROLE, "身份", roles).required().picking(&[role.as_str()]),
    ]
}

/// Who was filled in.
pub(super) fn author(form: &Form) -> Option<Author> {
    let role = form.field(ROLE)?.picked().first().and_then(|id| Role::named(id))?;
    Some(Author::named(&form.value(NAME), role))
}

/// Who was filled in, in the answer of a popup.
pub(super) fn author_of(answer: &crate::tui::reply::Answer) -> Option<Author> {
    let role = Role::ALL.into_iter().find(|role| role.label() == answer.value(ROLE))?;
    Some(Author::named(answer.value(NAME), role))
}

/// The village's code; it cannot be changed any more once files are kept under it.
pub(super) fn code(holding: &str) -> Field {
    let is_code = |text: &str| match text.parse::<VillageCode>() {
        Ok(_) => Verdict::Good,
        Err(why) => Verdict::Refused(format!("{why}（户编号的前12位）")),
    };
    Field::text(CODE, "村代码")
        .required()
        .holding(holding)
        .checked(is_code)
        .hint("统计用区划代码，12位，就是户编号的前12位；定了就不能再改")
}

/// The village's name.
pub(super) fn village(holding: &str) -> Field {
    Field::text(VILLAGE, "村名").required().holding(holding).hint("印在明白卡、走访单和变更集上")
}

/// The policy file by name; blank goes by place and day.
pub(super) fn policy(layers: &[Layer], named: Option<&str>) -> Field {
    let layers = layers.iter().filter(|layer| !layer.holds_everywhere());
    let choices = layers.map(|layer| Choice::new(layer.name.as_str(), &*layer.label)).collect();
    let picked: Vec<&str> = named.into_iter().collect();
    Field::one(POLICY, "政策文件", choices).picking(&picked).beside("不选就按村代码和日期定")
}

/// The policy that was chosen; none goes by place and day.
pub(super) fn chosen_policy(form: &Form) -> Option<String> {
    form.field(POLICY)?.picked().first().map(|name| (*name).to_owned())
}

/// A form over fields, on a day.
pub(super) fn form(fields: impl IntoIterator<Item = Field>, today: NaiveDate) -> Form {
    Form::new(fields.into_iter().collect(), today)
}
