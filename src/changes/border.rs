//! What an act that came from outside may be: held against its own chain and side before anything of it has an effect.
//!
//! A set, a receipt or a backup may be signed well and hold anything all the same. Asked here is what is wrong with an act
//! by itself: kinds of the other side, numbers of acts that cannot be meant, days that no calendar has, more than is let
//! in. Whether what it speaks of is what is held, is asked where both are at hand ([`Known`]).

use chrono::{Datelike, NaiveDate};

use crate::domain::{Answer, FilledForm, Finding, Name, Side, Value, limits};

use super::act::{Act, Verdict};
use super::correction::CORRECTION;
use super::line::Hash;
use super::review::{HOLD, REVIEW};

/// The kind of an act that answers.
pub const VERDICT: Name = Name::fixed("verdict");

/// The kind of an act that takes another back.
pub const UNDO: Name = Name::fixed("undo");

/// The highest serial of a household, row of a section and number of a person: above it there would be no next one.
const MOST_ROW: u32 = 100_000_000;

/// The largest sum and quantity, as they are kept: ten thousand times a county's.
const MOST_AMOUNT: i64 = 1_000_000_000_000_000;

/// How often a store was restored.
const MOST_EPOCH: u32 = 1_000_000;

/// How many days ahead of the day at hand an entry may be: clocks of old laptops.
const MOST_AHEAD: i64 = 31;

/// What is wrong with an act that came from outside.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// Something longer or more than is let in.
    #[error("{0}超过限额（最多{1}），没有收")]
    TooMuch(&'static str, u64),
    /// A number beyond all that can be counted on from.
    #[error("{0}（{1}）不可能有")]
    Number(&'static str, i128),
    /// A day that no calendar of ours has.
    #[error("{0}（{1}）不是能有的日期")]
    Day(&'static str, NaiveDate),
    /// Names with marks that nobody sees, or without any letter.
    #[error("{0}里有看不见的字符，或是空的")]
    Unseen(&'static str),
    /// A kind that this side does not write.
    #[error("{}不写“{kind}”这一类", whose(*.side))]
    Kind {
        /// The side.
        side: Side,
        /// The kind.
        kind: Name,
    },
    /// Content that an act of this side and kind does not have.
    #[error("“{kind}”里不该有{what}")]
    Content {
        /// The kind.
        kind: Name,
        /// What stands in it.
        what: &'static str,
    },
    /// An act that is spoken of and cannot be.
    #[error("{what}说的是第{act}件，能说的只到第{last}件")]
    Beyond {
        /// What speaks.
        what: &'static str,
        /// The act.
        act: u64,
        /// The last that can be meant.
        last: u64,
    },
    /// A run that ends before it begins, or one part of several acts.
    #[error("答复的范围（第{from}至第{to}件）不成立")]
    Run {
        /// From.
        from: u64,
        /// To.
        to: u64,
    },
    /// A part that the act does not have.
    #[error("答复的是第{act}件第{part}处，这一件只有{parts}处")]
    Part {
        /// The act.
        act: u64,
        /// The part.
        part: u32,
        /// How many it has.
        parts: u32,
    },
    /// An id that is kept for acts of another kind.
    #[error("编号“{0}”是程序自己用的")]
    Reserved(Box<str>),
    /// It says that it was entered in the store that takes it in.
    #[error("说是在本库（{0}）里记的，而本库没有记过")]
    OwnStore(Box<str>),
    /// It was entered after today.
    #[error("录入时间 {entered} 在今天（{today}）之后：那边的电脑时钟不对；核实后可用 --today 再收")]
    Ahead {
        /// The day of its entry.
        entered: NaiveDate,
        /// The day at hand.
        today: NaiveDate,
    },
    /// What it speaks of is something else here.
    #[error(
        "{what}说的第{act}件（校验 {said:.8}）与这里的第{act}件（校验 {held:.8}）不是同一件：一边从备份恢复过，或号码用了两次"
    )]
    Other {
        /// What speaks.
        what: &'static str,
        /// The act.
        act: u64,
        /// The hash of what it means.
        said: Hash,
        /// The hash of what is held.
        held: Hash,
    },
    /// A household that is not there.
    #[error("说的第{0}户这里没有")]
    NoHousehold(u32),
}

fn whose(side: Side) -> &'static str {
    match side {
        Side::Village => "村里",
        Side::County => "县里",
    }
}

/// Whether an act can be what it says, by itself and its place in its chain alone.
pub fn validate(act: &Act, line: &[u8]) -> Result<(), Wrong> {
    sizes(act, line)?;
    numbers(act)?;
    days(act)?;
    ids(act)?;
    match act.side {
        Side::Village => of_village(act),
        Side::County => of_county(act),
    }
}

/// Whether an act that is made here is no more than another side lets in.
pub fn sizes(act: &Act, line: &[u8]) -> Result<(), Wrong> {
    let within = |what, much: usize, most: usize| {
        if much <= most { Ok(()) } else { Err(Wrong::TooMuch(what, most as u64)) }
    };
    within("一件变更", line.len(), limits::LINE)?;
    within("一处文字", longest_text(line), limits::TEXT)?;
    let names: [&str; 5] = [&act.store, &act.id, &act.by, act.kind.as_str(), act.role.as_str()];
    names.into_iter().try_for_each(|name| within("姓名、编号", name.len(), limits::NAME))?;
    let rows = act.taken.iter().chain(act.told.iter().map(|told| &told.rows));
    let fields: usize = rows.map(|rows| rows.fields.len()).sum();
    let of_others = act.verdicts.len() + act.reviews.len() + act.held.len() + act.released.len();
    within("答复", act.verdicts.len(), limits::WORDS)?;
    let people: usize = act.seen.iter().map(|seen| seen.people.len()).sum();
    within("一件变更里的项", fields + act.changes.len() + of_others + people, limits::PIECES)
}

/// The longest string of a line of JSON, as it stands there.
fn longest_text(line: &[u8]) -> usize {
    let (mut longest, mut begun, mut escaped) = (0, None, false);
    for (at, byte) in line.iter().enumerate() {
        match (begun, byte) {
            (None, b'"') => begun = Some(at + 1),
            (None, _) => {}
            (Some(_), _) if escaped => escaped = false,
            (Some(_), b'\\') => escaped = true,
            (Some(start), b'"') => {
                longest = longest.max(at - start);
                begun = None;
            }
            (Some(_), _) => {}
        }
    }
    longest
}

fn numbers(act: &Act) -> Result<(), Wrong> {
    let row = |what, number: u32, least: u32| {
        if (least..=MOST_ROW).contains(&number) { Ok(()) } else { Err(Wrong::Number(what, number.into())) }
    };
    if act.v == 0 {
        return Err(Wrong::Number("格式", 0));
    }
    if act.epoch > MOST_EPOCH {
        return Err(Wrong::Number("期数", act.epoch.into()));
    }
    act.households().into_iter().try_for_each(|serial| row("户序号", serial, 1))?;
    let rows = act.taken.iter().chain(act.told.iter().map(|told| &told.rows));
    for rows in rows {
        row("行号", rows.row, 0)?;
        rows.fields.iter().filter_map(|(_, value)| value.as_ref()).try_for_each(amount)?;
    }
    for change in &act.changes {
        row("行号", change.slot.row, 0)?;
        [&change.old, &change.new].into_iter().flatten().try_for_each(amount)?;
    }
    act.chosen.iter().try_for_each(|chosen| row("行号", chosen.what.row, 0))?;
    act.seen.iter().flat_map(|seen| &seen.people).try_for_each(|person| row("人员序号", *person, 0))?;
    act.form.as_ref().map_or(Ok(()), |form| edits(form).flat_map(|(_, value)| value).try_for_each(amount))
}

fn amount(value: &Value) -> Result<(), Wrong> {
    let number = match value {
        Value::Fen(money) => money.0,
        Value::Quantity(quantity) => quantity.0,
        _ => return Ok(()),
    };
    if number.unsigned_abs() <= MOST_AMOUNT.unsigned_abs() {
        Ok(())
    } else {
        Err(Wrong::Number("数额", number.into()))
    }
}

/// The values that the edits of a form set, with their fields.
fn edits(form: &FilledForm) -> impl Iterator<Item = (Name, Option<&Value>)> {
    let of_items = form.items.values().flat_map(|item| &item.edits);
    let edits = form.edits.iter().chain(of_items).flat_map(|edit| &edit.fields);
    let values = edits.map(|(field, value)| (*field, value.as_ref()));
    values.chain(form.fields.iter().map(|(field, answer)| match answer {
        Answer::Value(value) => (*field, Some(value)),
        _ => (*field, None),
    }))
}

fn days(act: &Act) -> Result<(), Wrong> {
    let day =
        |what, day: NaiveDate| if (1800..=9999).contains(&day.year()) { Ok(()) } else { Err(Wrong::Day(what, day)) };
    if !(1970..=2200).contains(&act.entered_at.year()) {
        return Err(Wrong::Day("录入时间", act.entered_on()));
    }
    act.opened.iter().try_for_each(|opened| day("建档日期", opened.on))?;
    act.changes.iter().filter_map(|change| change.seen_on).try_for_each(|on| day("发现日期", on))?;
    let confirmed = act.confirms.iter().flat_map(|confirm| [&confirm.now, &confirm.was]).flatten();
    confirmed.into_iter().try_for_each(|found| day("核实日期", found.on))?;
    let items = act.left_open.iter().chain(&act.answered);
    items.into_iter().try_for_each(|item| day("发现日期", item.what.seen_on))?;
    let Some(form) = &act.form else { return Ok(()) };
    for answer in form.fields.values() {
        if let Answer::Day(on) = answer {
            day("表中日期", *on)?;
        }
    }
    form.items.values().try_for_each(|item| match item.finding {
        Finding::Problem { due: Some(due), .. } => day("办理期限", due),
        _ => Ok(()),
    })
}

/// How the ids of our own acts begin that are found by them, and the kind of act that may be called so.
pub const RESERVED: [(&str, Name); 3] = [("correction-", CORRECTION), ("sheet-", VERDICT), ("hold-", HOLD)];

fn ids(act: &Act) -> Result<(), Wrong> {
    let of_form = act.form.as_ref().map(|form| &*form.id);
    for id in [Some(&*act.id), of_form].into_iter().flatten() {
        let reserved = RESERVED.iter().find(|(prefix, _)| id.trim_start().starts_with(prefix));
        let is_of_it = |kind: Name| act.side.is_village() && act.kind == kind && of_form.is_none();
        if reserved.is_some_and(|(_, kind)| !is_of_it(*kind)) {
            return Err(Wrong::Reserved(id.into()));
        }
    }
    let is_store = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_store(&act.store) { Ok(()) } else { Err(Wrong::Unseen("户档库编号")) }
}

/// Whether acts of the own chain that are spoken of stand before the one that speaks.
fn before(act: &Act, what: &'static str, spoken: u64) -> Result<(), Wrong> {
    let last = act.number.saturating_sub(1);
    if (1..=last).contains(&spoken) { Ok(()) } else { Err(Wrong::Beyond { what, act: spoken, last }) }
}

fn runs(verdicts: &[Verdict]) -> Result<(), Wrong> {
    let stands = |verdict: &&Verdict| {
        let is_one = verdict.from == verdict.to;
        verdict.from > 0 && verdict.from <= verdict.to && verdict.part.is_none_or(|part| part > 0 && is_one)
    };
    let wrong = verdicts.iter().find(|verdict| !stands(verdict));
    wrong.map_or(Ok(()), |verdict| Err(Wrong::Run { from: verdict.from, to: verdict.to }))
}

/// Refuses what an act of its kind does not have.
fn only(kind: Name, has: &[(bool, &'static str)]) -> Result<(), Wrong> {
    has.iter().find(|(has, _)| *has).map_or(Ok(()), |(_, what)| Err(Wrong::Content { kind, what }))
}

fn of_village(act: &Act) -> Result<(), Wrong> {
    let kind = act.kind;
    only(
        kind,
        &[
            (kind != VERDICT && !act.verdicts.is_empty(), "县里的答复"),
            (kind != REVIEW && kind != UNDO && !act.reviews.is_empty(), "审核"),
            (kind != HOLD && !(act.held.is_empty() && act.released.is_empty()), "暂缓"),
            (kind != CORRECTION && act.follows.is_some(), "跟随更正"),
            (kind == CORRECTION && act.follows.is_none(), "村里自己的更正"),
        ],
    )?;
    runs(&act.verdicts)?;
    act.verdicts.iter().try_for_each(|verdict| before(act, "工作簿的答复", verdict.to))?;
    act.undoes.into_iter().try_for_each(|undone| before(act, "撤销", undone))?;
    act.withdrawn.iter().try_for_each(|form| before(act, "撤回", form.act))?;
    // A review of what a village entered before anything else covers nothing.
    act.reviews.iter().filter(|review| review.what.to > 0).try_for_each(|it| before(act, "审核", it.what.to))?;
    act.held.iter().try_for_each(|held| before(act, "暂缓", held.act))?;
    act.released.iter().try_for_each(|released| before(act, "放行", *released))
}

fn of_county(act: &Act) -> Result<(), Wrong> {
    let kind = act.kind;
    if ![VERDICT, CORRECTION, UNDO].contains(&kind) {
        return Err(Wrong::Kind { side: Side::County, kind });
    }
    only(
        kind,
        &[
            (!act.opened.is_empty(), "新开户档"),
            (act.form.is_some() || !act.withdrawn.is_empty(), "表单"),
            (!act.taken.is_empty() || !act.told.is_empty() || !act.seen.is_empty(), "名册的内容"),
            (act.origin.is_some() || act.follows.is_some(), "村里的来源"),
            (!act.chosen.is_empty() || !act.confirms.is_empty() || !act.as_of.is_empty(), "村里的核实"),
            (!act.left_open.is_empty() || !act.answered.is_empty(), "走访的内容"),
            (!act.reviews.is_empty() || !act.held.is_empty() || !act.released.is_empty(), "村里的审核"),
            (kind != VERDICT && !act.verdicts.is_empty(), "答复"),
            (kind == VERDICT && act.verdicts.is_empty(), "空的答复"),
            (kind != CORRECTION && !act.changes.is_empty(), "字段"),
            (act.changes.iter().any(|change| change.evidence_only), "依据"),
            (kind != UNDO && act.undoes.is_some(), "撤销"),
            (kind == UNDO && act.undoes.is_none(), "没有对象的撤销"),
        ],
    )?;
    runs(&act.verdicts)?;
    act.undoes.into_iter().try_for_each(|undone| before(act, "撤销", undone))
}

/// What the store that takes an act in holds of what the act speaks of.
pub struct Known<'a> {
    /// The store's own id.
    pub store: &'a str,
    /// Whether the chain is written here, so that its acts come back.
    pub is_own: bool,
    /// The day at hand.
    pub today: NaiveDate,
    /// The last act of the other side's chain that can be spoken of: that is held, or was handed over.
    pub last: u64,
    /// The hash of an act of the other side's chain.
    pub hash: &'a dyn Fn(u64) -> Option<Hash>,
    /// How many changes an act of the other side's chain has.
    pub parts: &'a dyn Fn(u64) -> Option<u32>,
    /// Whether a household has a file here.
    pub has: &'a dyn Fn(u32) -> bool,
}

impl Known<'_> {
    /// Whether what an act speaks of is what is held here.
    pub fn check(&self, act: &Act) -> Result<(), Wrong> {
        if self.is_own {
            return Ok(());
        }
        if *act.store == *self.store {
            return Err(Wrong::OwnStore(self.store.into()));
        }
        let entered = act.entered_on();
        if (entered - self.today).num_days() > MOST_AHEAD {
            return Err(Wrong::Ahead { entered, today: self.today });
        }
        // What a village did about a correction is its own affair, and done: it may have believed another county before,
        // or this one was restored. Which correction it followed is asked where that counts.
        if act.side.is_village() {
            return Ok(());
        }
        self.other("知道", act.knew, act.knew_hash)?;
        for verdict in &act.verdicts {
            self.reach("答复", verdict.to)?;
            if let Some(part) = verdict.part {
                let parts = (self.parts)(verdict.to).unwrap_or(0);
                if part > parts {
                    return Err(Wrong::Part { act: verdict.to, part, parts });
                }
            }
        }
        let missing = act.changes.iter().map(|change| change.household).find(|serial| !(self.has)(*serial));
        missing.map_or(Ok(()), |serial| Err(Wrong::NoHousehold(serial)))
    }

    /// Whether an act follows something else than what is held here under that number.
    pub fn follows_another(&self, act: &Act) -> bool {
        act.side.is_village() && self.other("跟随更正", act.follows, act.follows_hash).is_err()
    }

    fn reach(&self, what: &'static str, act: u64) -> Result<(), Wrong> {
        if act <= self.last { Ok(()) } else { Err(Wrong::Beyond { what, act, last: self.last }) }
    }

    fn other(&self, what: &'static str, spoken: Option<u64>, said: Option<Hash>) -> Result<(), Wrong> {
        let Some(act) = spoken else { return Ok(()) };
        self.reach(what, act)?;
        let held = if act == 0 { Some(Hash::NONE) } else { (self.hash)(act) };
        match (said, held) {
            (Some(said), Some(held)) if said != held => Err(Wrong::Other { what, act, said, held }),
            _ => Ok(()),
        }
    }
}
