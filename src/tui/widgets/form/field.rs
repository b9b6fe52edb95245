//! One labelled field of a form: what it takes, what it holds, and what is wrong with that.

use chrono::NaiveDate;

use super::date;
use crate::tui::widgets::line::Line;
use crate::tui::widgets::picker::Choice;

/// What is to be said about what a field holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing.
    #[default]
    Good,
    /// It can be kept, and a person should look again.
    Doubtful(String),
    /// It cannot be.
    Refused(String),
}

type Check = Box<dyn Fn(&str) -> Verdict>;
type ReadAs = Box<dyn Fn(&str) -> String>;

/// A field of a form.
pub struct Field {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) unit: String,
    pub(super) beside: Option<String>,
    pub(super) hint: String,
    pub(super) kind: Kind,
    pub(super) line: Line,
    pub(super) picked: Vec<usize>,
    pub(super) verdict: Verdict,
    pub(super) is_required: bool,
    pub(super) is_hidden: bool,
    /// Whether what it holds was put there by a rule, and nobody has looked at it yet.
    pub(super) is_suggested: bool,
    /// Whether a person has typed or chosen in it, be it to empty it.
    pub(super) is_touched: bool,
    /// Whether its one choice is made on a screen of its own.
    pub(super) is_elsewhere: bool,
    is_private: bool,
    reading: Option<ReadAs>,
    check: Option<Check>,
    before: String,
}

/// What a field takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Typed text.
    Text,
    /// A date, as far as it is known or to the day.
    Date { to_the_day: bool },
    /// A day to come.
    Until,
    /// One of these.
    One(Vec<Choice>),
    /// Any of these.
    Several(Vec<Choice>),
}

/// What stands between the labels of several choices.
const BETWEEN: char = '、';

impl Field {
    fn new(id: &str, label: &str, kind: Kind) -> Self {
        Self {
            id: id.to_owned(),
            label: label.to_owned(),
            unit: String::new(),
            beside: None,
            hint: String::new(),
            kind,
            line: Line::default(),
            picked: Vec::new(),
            verdict: Verdict::Good,
            is_required: false,
            is_hidden: false,
            is_suggested: false,
            is_touched: false,
            is_elsewhere: false,
            is_private: false,
            reading: None,
            check: None,
            before: String::new(),
        }
    }

    /// A field for typed text.
    pub fn text(id: &str, label: &str) -> Self {
        Self::new(id, label, Kind::Text)
    }

    /// A field for a date as far as it is known.
    pub fn date(id: &str, label: &str) -> Self {
        Self::new(id, label, Kind::Date { to_the_day: false })
    }

    /// A field for a day.
    pub fn day(id: &str, label: &str) -> Self {
        Self::new(id, label, Kind::Date { to_the_day: true })
    }

    /// A field for a day to come.
    pub fn until(id: &str, label: &str) -> Self {
        Self::new(id, label, Kind::Until)
    }

    /// A field for 是 or 否, known as `yes` and `no`.
    pub fn yes_no(id: &str, label: &str) -> Self {
        Self::one(id, label, vec![Choice::new("yes", "是"), Choice::new("no", "否")])
    }

    /// A field for one of a list.
    pub fn one(id: &str, label: &str, choices: Vec<Choice>) -> Self {
        Self::new(id, label, Kind::One(choices))
    }

    /// A field for several of a list.
    pub fn several(id: &str, label: &str, choices: Vec<Choice>) -> Self {
        Self::new(id, label, Kind::Several(choices))
    }

    /// A field for one of too many to list: the screen is asked to find it, and gives it with [`super::Form::choose`].
    pub fn elsewhere(id: &str, label: &str) -> Self {
        Self { is_elsewhere: true, ..Self::one(id, label, Vec::new()) }
    }

    /// The same, which must not stay blank.
    pub fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    /// The same with a unit behind it.
    pub fn unit(mut self, unit: &str) -> Self {
        self.unit = unit.to_owned();
        self
    }

    /// The same with what was there last time beside it.
    pub fn last(self, last: impl std::fmt::Display) -> Self {
        self.beside(format!("上次 {last}"))
    }

    /// The same with a word beside it.
    pub fn beside(mut self, word: impl Into<String>) -> Self {
        self.beside = Some(word.into());
        self
    }

    /// The same with a word of help.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The same, starred out until it is edited.
    pub fn private(mut self) -> Self {
        self.is_private = true;
        self.line.set_masked(true);
        self
    }

    /// The same with what it holds to begin with: text, or the labels of choices.
    pub fn holding(mut self, text: &str) -> Self {
        self.fill(text);
        self.before = self.value();
        self
    }

    /// The same with choices made to begin with, by their ids.
    pub fn picking(mut self, ids: &[&str]) -> Self {
        self.picked = ids.iter().filter_map(|id| self.choices().iter().position(|choice| choice.id == *id)).collect();
        self.before = self.value();
        self
    }

    /// The same with a choice that was made on a screen of its own.
    pub fn choosing(mut self, choice: Choice) -> Self {
        self.choose(choice);
        self.before = self.value();
        self
    }

    /// The same with what a rule proposes, which counts once a person has gone over it.
    pub fn suggesting(mut self, text: &str) -> Self {
        self.fill(text);
        self.is_suggested = !text.is_empty();
        self
    }

    /// The same with a judge of what is typed; blank text is not asked about.
    pub fn checked(mut self, check: impl Fn(&str) -> Verdict + 'static) -> Self {
        self.check = Some(Box::new(check));
        self
    }

    /// The same, read back beside what is typed, as long as that is not starred out.
    pub fn read_back(mut self, reading: impl Fn(&str) -> String + 'static) -> Self {
        self.reading = Some(Box::new(reading));
        self
    }

    /// How what is typed is read, for who has it under the cursor.
    pub(super) fn reading(&self) -> Option<String> {
        let reading = self.reading.as_ref().filter(|_| !self.line.is_masked())?;
        Some(reading(&self.value())).filter(|read| !read.is_empty())
    }

    /// Notes that a person did something in it.
    pub(super) fn touch(&mut self) {
        self.is_touched = true;
        self.is_suggested = false;
    }

    /// What it holds, as text: the labels of choices joined by `、`.
    pub fn value(&self) -> String {
        match &self.kind {
            Kind::Text | Kind::Date { .. } | Kind::Until => self.line.value().trim().to_owned(),
            Kind::One(choices) | Kind::Several(choices) => {
                let labels = self.picked.iter().filter_map(|at| choices.get(*at)).map(|choice| choice.label.as_str());
                labels.collect::<Vec<_>>().join("、")
            }
        }
    }

    /// The ids of what is chosen.
    pub fn picked(&self) -> Vec<&str> {
        let ids = self.picked.iter().filter_map(|at| self.choices().get(*at)).map(|choice| choice.id.as_str());
        ids.collect()
    }

    /// Whether what it holds is still a proposal.
    pub fn is_suggested(&self) -> bool {
        self.is_suggested
    }

    /// What is to be said about what it holds.
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    pub(super) fn choices(&self) -> &[Choice] {
        match &self.kind {
            Kind::One(choices) | Kind::Several(choices) => choices,
            Kind::Text | Kind::Date { .. } | Kind::Until => &[],
        }
    }

    pub(super) fn takes_text(&self) -> bool {
        matches!(self.kind, Kind::Text | Kind::Date { .. } | Kind::Until)
    }

    /// Puts in what a draft or the file holds; a label that the list lacks stays as it stood.
    pub(super) fn fill(&mut self, text: &str) {
        let (Kind::One(choices) | Kind::Several(choices)) = &mut self.kind else {
            self.line.set(text);
            return self.line.set_masked(self.is_private);
        };
        self.picked.clear();
        for label in text.split(BETWEEN).filter(|label| !label.is_empty()) {
            let known = choices.iter().position(|choice| choice.label == label);
            self.picked.push(known.unwrap_or_else(|| {
                choices.push(Choice::new(label, label));
                choices.len() - 1
            }));
        }
    }

    pub(super) fn choose(&mut self, choice: Choice) {
        self.kind = Kind::One(vec![choice]);
        self.picked = vec![0];
    }

    /// Takes over what another field of the same id holds: what its own choices still have, and labels kept as they stood.
    pub(super) fn take_over(&mut self, other: Self) {
        // A proposal is made anew, and what a person emptied stays empty.
        if other.is_suggested || (other.value().is_empty() && !other.is_touched) {
            return;
        }
        let kept = other.picked.iter().filter_map(|at| other.choices().get(*at)).cloned();
        match &mut self.kind {
            Kind::Text | Kind::Date { .. } | Kind::Until => self.line = other.line,
            Kind::One(choices) | Kind::Several(choices) => {
                self.picked.clear();
                for choice in kept {
                    let known = choices.iter().position(|own| own.id == choice.id);
                    if known.is_none() && (self.is_elsewhere || choice.id == choice.label) {
                        choices.push(choice);
                        self.picked.push(choices.len() - 1);
                    }
                    self.picked.extend(known);
                }
            }
        }
        self.verdict = other.verdict;
        self.is_suggested = other.is_suggested;
        self.is_touched = other.is_touched;
        self.before = other.before;
    }

    pub(super) fn show_private(&mut self, shows: bool) {
        self.line.set_masked(self.is_private && !shows);
    }

    /// What it holds, as it is shown.
    pub(super) fn shown(&self) -> String {
        if self.takes_text() { self.line.shown() } else { self.value() }
    }

    /// Looks at what it holds; a blank one is looked at only when the form is saved.
    pub(super) fn judge(&mut self, today: NaiveDate) {
        let value = self.value();
        self.verdict = match (&self.kind, &self.check) {
            _ if value.is_empty() => Verdict::Good,
            (Kind::Until, _) => match date::read_ahead(&value, today) {
                Some(_) => Verdict::Good,
                None => Verdict::Refused("不是日期（如 12-1、月底、+10、2022-12-01）".to_owned()),
            },
            (Kind::Date { to_the_day }, check) => match (date::read(&value, today), check) {
                (None, _) => Verdict::Refused("不是日期（如 2022-10-08、2022-10、10-8、昨天、-3）".to_owned()),
                (Some(date), _) if *to_the_day && date.as_day().is_none() => {
                    Verdict::Refused("要写到哪一天（如 2022-10-08）".to_owned())
                }
                (Some(date), Some(check)) => check(&date.to_string()),
                (Some(_), None) => Verdict::Good,
            },
            (_, Some(check)) => check(&value),
            (_, None) => Verdict::Good,
        };
    }

    /// Brings what was said into the form in which it is kept, and tells whether it is another than when last asked.
    pub(super) fn settle(&mut self, today: NaiveDate) -> bool {
        let said = self.line.value();
        let meant = match self.kind {
            Kind::Date { .. } => date::read(said, today).map(|date| date.to_string()),
            Kind::Until => date::read_ahead(said, today).map(|day| day.to_string()),
            _ => None,
        };
        if let Some(meant) = meant {
            self.line.set(&meant);
        }
        self.judge(today);
        let now = self.value();
        std::mem::replace(&mut self.before, now) != self.before
    }

    pub(super) fn require(&mut self) {
        if self.is_required && self.value().is_empty() {
            self.verdict = Verdict::Refused(format!("“{}”要填", self.label));
        }
    }
}
