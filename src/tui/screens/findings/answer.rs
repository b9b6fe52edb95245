//! A reason given for a finding, in a popup: an answer in one line, or an exemption with its kind and its end.

use chrono::NaiveDate;

use crate::catalogue::Deed;
use crate::domain::{HouseholdId, Name};
use crate::rules::check::{Finding, Settled};
use crate::tui::desk::Desk;
use crate::tui::reply::{Answer, Reply};
use crate::tui::screens::ask::Ask;
use crate::tui::screens::dialog::Dialog;
use crate::tui::screens::kept::Kept;
use crate::tui::text;
use crate::tui::widgets::form::{Field, Form};
use crate::tui::widgets::picker::Choice;
use crate::workspace::answers::Exemption;
use crate::workspace::typed::About;

/// The question under which an answer comes.
const ANSWER: &str = "findings.answer";
/// The question under which an exemption comes.
const EXEMPT: &str = "findings.exempt";
/// The question whether a reason is taken back.
const WITHDRAW: &str = "findings.withdraw";
/// Columns of a popup's title.
const TITLE: usize = 64;

/// The finding that a popup was opened for.
pub(in crate::tui::screens) struct Asked {
    id: HouseholdId,
    finding: Finding,
}

impl Asked {
    /// A finding of a household.
    pub fn new(id: HouseholdId, finding: &Finding) -> Self {
        Self { id, finding: finding.clone() }
    }

    /// Asks for a reason; or, where there is one, whether it is taken back.
    pub fn ask(&self, desk: &mut Desk) -> Reply<Desk> {
        if let Some(refused) = desk.refuses(self.id, Deed::Answer) {
            return refused;
        }
        if desk.workspace.author().is_none() {
            return desk.ask_who();
        }
        match (&self.finding.settled, &self.finding.reason) {
            (Settled::Open, _) | (_, None) => self.ask_for_reason(desk, ""),
            (_, Some(reason)) => {
                let says = format!("{}\n{}：{}", self.finding.message, reason.by, reason.why);
                Reply::push(Dialog::question(WITHDRAW, "收回这条说明", says, &["留着", "收回"]))
            }
        }
    }

    fn ask_for_reason(&self, desk: &Desk, held: &str) -> Reply<Desk> {
        let by = desk.workspace.author().map_or("", |author| &author.name);
        let hint = format!("记为：{by}，{}；有关的内容一变，又会提醒", desk.workspace.today());
        let field = Field::text("reason", "说明").required().holding(held).hint(hint);
        let ask = Ask::new(ANSWER, self.title("答复"), Form::new(vec![field], desk.workspace.today()));
        Reply::push(Kept::open(desk, self.about(false), ask))
    }

    /// Asks for what an exemption needs.
    pub fn ask_for_exemption(&self, desk: &mut Desk) -> Reply<Desk> {
        if let Some(refused) = desk.refuses(self.id, Deed::Answer) {
            return refused;
        }
        if desk.workspace.author().is_none() {
            return desk.ask_who();
        }
        if self.finding.settled != Settled::Open {
            return Reply::warned("这一条已有说明；先收回（答复键），再豁免");
        }
        let catalogue = &desk.workspace.definitions().catalogue;
        let kinds = catalogue.list(Name::fixed("exemption_kind")).map_or(&[][..], |list| &list.entries);
        let kinds = kinds.iter().map(|kind| Choice::new(kind.id.as_str(), &*kind.label)).collect();
        let fields = vec![
            Field::one("kind", "豁免类型", kinds).required(),
            Field::text("reason", "豁免原因").required(),
            Field::until("until", "豁免至").required().hint("到这一天为止不再提醒"),
            Field::text("by", "批准人").hint("不是自己批准的才写"),
        ];
        let ask = Ask::new(EXEMPT, self.title("豁免"), Form::new(fields, desk.workspace.today()));
        Reply::push(Kept::open(desk, self.about(true), ask))
    }

    /// What is typed about it, to be found again.
    fn about(&self, for_exemption: bool) -> About {
        let (check, of) = (self.finding.check.as_str().into(), (*self.finding.of).into());
        if for_exemption { About::Exemption(self.id, check, of) } else { About::Reason(self.id, check, of) }
    }

    fn title(&self, what: &str) -> String {
        text::cut(&format!("{what}：{} {}", self.finding.code, self.finding.message), TITLE).into_owned()
    }

    /// Takes what was answered; nothing where it was another question.
    pub fn take(&self, answer: &Answer, desk: &mut Desk) -> Option<Reply<Desk>> {
        let workspace = &mut desk.workspace;
        let (done, says) = match (answer.question, answer.choice) {
            (ANSWER, _) => {
                (workspace.answer(self.id, &self.finding, answer.value("reason")), "已记下说明，情况变了会再提醒")
            }
            (EXEMPT, _) => {
                let kind = self.kind(answer.value("kind"), workspace);
                let by = Some(answer.value("by").trim()).filter(|by| !by.is_empty()).map(str::to_owned);
                let until = answer.value("until").parse::<NaiveDate>().unwrap_or(NaiveDate::MIN);
                let exemption = Exemption { kind, reason: answer.value("reason").to_owned(), until, by };
                (workspace.exempt(self.id, &self.finding, &exemption), "已记下豁免")
            }
            (WITHDRAW, 1) => (workspace.withdraw_answer(self.id, &self.finding), "说明收回了"),
            (WITHDRAW, _) => return Some(Reply::done()),
            _ => return None,
        };
        Some(match done {
            Ok(Ok(act)) => Reply::said(format!("{says}（第{}号）", act.number)).refresh(),
            Ok(Err(why)) => Reply::warned(why.to_string()),
            Err(error) => Reply::warned(format!("没有记下：{error}")),
        })
    }

    /// The code of a kind, which the popup gives by its label.
    fn kind(&self, label: &str, workspace: &crate::workspace::Workspace) -> Name {
        let list = workspace.definitions().catalogue.list(Name::fixed("exemption_kind"));
        let entry = list.and_then(|list| list.entries.iter().find(|entry| &*entry.label == label));
        entry.map_or(Name::fixed("other"), |entry| entry.id)
    }
}
