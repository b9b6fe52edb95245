//! One line of the table, as it is written and as it is held.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use crate::catalogue::Catalogue;
use crate::data::{BadData, DataFile};
use crate::domain::{Name, Value};
use crate::policy::Layer;

use super::columns::Column;
use super::condition::{Condition, Reads, Source};
use super::resolve::Resolver;
use super::rows::{HouseholdFact, Rows};
use super::says::Says;
use super::{Checks, Family, syntax};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It cannot be true: nobody can enter it.
    Block,
    /// An evaluator would count it.
    Error,
    /// Probably wrong, or due soon.
    Warn,
    /// Worth a thought.
    Hint,
}

impl Severity {
    /// All of them, the worst first.
    pub const ALL: [Self; 4] = [Self::Block, Self::Error, Self::Warn, Self::Hint];

    /// Its identifier.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Hint => "hint",
        }
    }

    /// Its name on the screen, in one character.
    pub const fn short(self) -> &'static str {
        match self {
            Self::Block => "禁",
            Self::Error => "错",
            Self::Warn => "警",
            Self::Hint => "提",
        }
    }

    /// Its name on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Block => "不可能",
            Self::Error => "错误",
            Self::Warn => "警告",
            Self::Hint => "提示",
        }
    }
}

/// A kind of household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Whom {
    /// Relieved.
    R,
    /// A target, also one whose risk is gone.
    T,
    /// A target whose risk is open.
    O,
    /// A target whose risk is gone.
    E,
    /// Relieved, with policies or of which nobody has said.
    P,
    /// Neither relieved nor a target.
    N,
}

impl Whom {
    /// The fact that tells it; facts are the first columns, in their order.
    pub const fn fact(self) -> HouseholdFact {
        match self {
            Self::R => HouseholdFact::Relieved,
            Self::T => HouseholdFact::Target,
            Self::O => HouseholdFact::Open,
            Self::E => HouseholdFact::Eliminated,
            Self::P => HouseholdFact::MayHavePolicies,
            Self::N => HouseholdFact::Ordinary,
        }
    }
}

/// How a check is decided.
#[derive(Clone, Debug)]
pub enum How {
    /// By a condition.
    When(Condition),
    /// By code, under this name.
    Rule(Name),
}

/// One check.
#[derive(Clone, Debug)]
pub struct Check {
    /// What it is called in tests, answers and exemptions.
    pub id: Name,
    /// Our code, where the line is an instance of one.
    pub code: Option<Name>,
    /// The codes under which provinces send it back, by the kind of household.
    pub national: Vec<(Whom, Vec<Name>)>,
    /// The kinds of household that it is about; empty is every one.
    pub whom: Vec<Whom>,
    /// Whether it is about closed files too: what was due when a file was closed stays due.
    pub closed: bool,
    /// The place of its family.
    pub family: usize,
    /// Which rows are looked at.
    pub each: Rows,
    /// How bad it is.
    pub severity: Severity,
    /// How it is decided.
    pub how: How,
    /// What is said.
    pub says: Says,
    /// The field at which it is mended.
    pub at: Option<(Name, Name)>,
    /// The fields that it reads.
    pub reads: Reads,
    /// The facts of the household that it reads, by their places.
    pub reckons: Vec<usize>,
    /// Where the rule comes from.
    pub source: Box<str>,
    /// What is to be done.
    pub remedy: Box<str>,
    /// The answers of which one may hold for every household of which it finds the same; none where each is asked alone.
    pub answers: Vec<Value>,
}

impl Check {
    /// The national codes for one kind of household.
    pub fn codes_of(&self, whom: Whom) -> &[Name] {
        self.national.iter().find(|(kind, _)| *kind == whom).map_or(&[], |(_, codes)| codes)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileShape {
    label: Box<str>,
    /// Where the family stands among the others: a county's own stands in between if it does not say.
    #[serde(default = "FileShape::in_between")]
    pub(super) order: u32,
    each: Option<Rows>,
    severity: Option<Severity>,
    source: Option<Box<str>>,
    remedy: Option<Box<str>>,
    #[serde(default)]
    check: Vec<Spanned<LineShape>>,
}

impl FileShape {
    const fn in_between() -> u32 {
        50
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineShape {
    id: Option<Name>,
    code: Option<Name>,
    #[serde(rename = "R")]
    r: Option<Codes>,
    #[serde(rename = "T")]
    t: Option<Codes>,
    #[serde(rename = "O")]
    o: Option<Codes>,
    #[serde(rename = "E")]
    e: Option<Codes>,
    #[serde(default)]
    whom: Vec<Whom>,
    #[serde(default)]
    closed: bool,
    each: Option<Rows>,
    severity: Option<Severity>,
    when: Option<Spanned<String>>,
    rule: Option<Name>,
    says: Spanned<String>,
    at: Option<Spanned<String>>,
    source: Option<Box<str>>,
    remedy: Option<Box<str>>,
    #[serde(default)]
    answers: Vec<Box<str>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Codes {
    One(Name),
    Several(Vec<Name>),
}

impl Codes {
    fn all(self) -> Vec<Name> {
        match self {
            Self::One(code) => vec![code],
            Self::Several(codes) => codes,
        }
    }
}

/// Takes one file into the table.
pub(super) fn load(
    (file, shape): (&DataFile, FileShape),
    catalogue: &Catalogue,
    layers: &[Layer],
    checks: &mut Checks,
) -> Result<(), BadData> {
    let id = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".toml");
    let family = checks.families.len();
    checks.families.push(Family { id: Name::new(id), label: shape.label });
    let place = |span: Range<usize>, why: String| BadData {
        file: file.path.clone(),
        line: Some(file.text[..span.start.min(file.text.len())].matches('\n').count() + 1),
        why,
    };
    for spanned in shape.check {
        let span = spanned.span();
        let line = spanned.into_inner();
        let fault = |why: &str| place(span.clone(), why.to_owned());
        let each = line.each.or(shape.each).ok_or_else(|| fault("缺 each（看谁：household、person、job…）"))?;
        let severity =
            line.severity.or(shape.severity).ok_or_else(|| fault("缺 severity（block、error、warn、hint）"))?;
        let named = [(Whom::R, line.r), (Whom::T, line.t), (Whom::O, line.o), (Whom::E, line.e)];
        let national: Vec<(Whom, Vec<Name>)> =
            named.into_iter().filter_map(|(whom, codes)| Some((whom, codes?.all()))).collect();
        let mut whom = line.whom;
        for (kind, _) in national
            .iter()
            .filter(|(kind, codes)| !codes.is_empty() && !whom.contains(kind))
            .cloned()
            .collect::<Vec<_>>()
        {
            whom.push(kind);
        }
        let first = national.iter().flat_map(|(_, codes)| codes).next().copied();
        let id =
            line.id.or(first).or(line.code).ok_or_else(|| fault("缺 code（本表代码）或 R、T、O、E（国网代码）"))?;
        if let Some(other) = checks.all.iter().find(|other| other.id == id) {
            let elsewhere = checks.families.get(other.family).filter(|_| other.family != family);
            let elsewhere =
                elsewhere.map_or_else(String::new, |other| format!("（另一处在 checks/{}.toml）", other.id));
            return Err(fault(&format!("{id} 出现两次{elsewhere}，请写明不同的 id")));
        }
        let mut resolver = Resolver { catalogue, layers, columns: &mut checks.columns, figures: &mut checks.figures };
        let how = match (&line.when, line.rule) {
            (Some(when), None) => {
                let condition = syntax::parse(when.get_ref()).and_then(|part| resolver.condition(&part, each));
                How::When(condition.map_err(|why| place(when.span(), why))?)
            }
            (None, Some(rule)) => How::Rule(rule),
            _ => return Err(fault("when 和 rule 应写一个，且只写一个")),
        };
        if line.closed && matches!(how, How::When(_)) {
            return Err(fault("closed 只能写在 rule 的一行"));
        }
        let says = Says::read(line.says.get_ref(), each, matches!(how, How::Rule(_)), &mut resolver);
        let says = says.map_err(|why| place(line.says.span(), why))?;
        let at = match &line.at {
            Some(at) => Some(section_and_field(catalogue, at.get_ref()).map_err(|why| place(at.span(), why))?),
            None => None,
        };
        let sources = if let How::When(condition) = &how { condition.sources() } else { Vec::new() };
        let how = match how {
            How::When(condition) => How::When(limited(&whom, condition)),
            rule @ How::Rule(_) => rule,
        };
        let reads = Reads::of(sources.iter().filter_map(|source| checks.columns.at(*source)));
        let at = at.or_else(|| reads.fields.first().copied());
        let facts = sources.iter().filter_map(|source| checks.columns.at(*source));
        let reckons = facts.filter_map(Column::household_fact).collect();
        checks.all.push(Check {
            id,
            code: line.code,
            national,
            whom,
            closed: line.closed,
            family,
            each,
            severity,
            how,
            says,
            at,
            reads,
            reckons,
            source: line.source.or_else(|| shape.source.clone()).unwrap_or_default(),
            remedy: line.remedy.or_else(|| shape.remedy.clone()).unwrap_or_default(),
            answers: answers(catalogue, at, &line.answers).map_err(|why: String| fault(&why))?,
        });
    }
    Ok(())
}

/// The answers as values of the field at which the check is mended.
fn answers(catalogue: &Catalogue, at: Option<(Name, Name)>, labels: &[Box<str>]) -> Result<Vec<Value>, String> {
    let read = |label: &str| {
        let (section, field) = at.ok_or_else(|| "answers 要和 at 一起写".to_owned())?;
        let value = catalogue.field(section, field).and_then(|field| catalogue.read_typed(field, label).ok()?.value);
        value.ok_or_else(|| format!("{section}.{field} 不能是“{label}”"))
    };
    labels.iter().map(|label| read(label)).collect()
}

/// The condition, of these kinds of household only.
fn limited(whom: &[Whom], condition: Condition) -> Condition {
    if whom.is_empty() {
        return condition;
    }
    let flag = |whom: &Whom| Condition::Flag(Source { rows: Rows::Household, column: whom.fact() as usize });
    let mut kinds: Vec<Condition> = whom.iter().map(flag).collect();
    let kind = if kinds.len() == 1 { kinds.remove(0) } else { Condition::Or(kinds) };
    Condition::And(vec![kind, condition])
}

fn section_and_field(catalogue: &Catalogue, path: &str) -> Result<(Name, Name), String> {
    let found = catalogue.named(path).ok_or_else(|| format!("没有字段 {path}"))?;
    Ok((found.0.id, found.1.id))
}
