//! A clock in a sentence, and days left as one says them.

use chrono::NaiveDate;

use crate::catalogue::print::day_in_words;
use crate::domain::PartialDate;
use crate::policy::Clock;

use super::{ClockStanding, ClockState};

/// How long until a day, as one says it: `今天`, `明天`, `还有5天`, `过期3天`.
pub fn days_in_words(days_left: i64) -> String {
    match days_left {
        over @ ..=-1 => format!("过期{}天", -over),
        0 => "今天".to_owned(),
        1 => "明天".to_owned(),
        left => format!("还有{left}天"),
    }
}

pub(super) fn of(state: &ClockState, clock: &Clock, today: NaiveDate) -> String {
    let year = PartialDate::from(today).known_year();
    let told = |date: Option<PartialDate>| date.map_or_else(String::new, |date| day_in_words(date, year));
    let (started, ended) = (told(state.started), told(state.ended));
    let day = told(state.day.map(PartialDate::from));
    let (label, limit) = (&state.label, clock.limit.in_words());
    let since = if clock.limit.number == 0 { String::new() } else { format!("{started}起") };
    let until = days_in_words(state.days_left.unwrap_or_default());
    let reason = state.reason.as_ref().map_or_else(String::new, |why| format!("（已说明：{why}）"));
    match state.standing {
        ClockStanding::Running | ClockStanding::Near | ClockStanding::Past => {
            format!("{label}：{since}{limit}，{day}为止，{until}{reason}")
        }
        ClockStanding::Late => {
            let days = match (state.ended, state.day) {
                (Some(ended), Some(last)) => (ended.earliest() - last).num_days(),
                _ => 0,
            };
            format!("{label}：{since}{limit}，{ended}才办，超{days}天{reason}")
        }
        ClockStanding::Waiting => format!("{label}：{started}起{limit}，{day}起才可以"),
        ClockStanding::TooEarly => format!("{label}早了：{started}起{limit}，{day}起才可以，{ended}就办了"),
        ClockStanding::Unknown => format!("{label}：{limit}，从哪天算起没有填"),
        ClockStanding::Ahead => format!("{label}：从{started}算起，这一天还没有到，请核对这个日期和电脑的日期"),
    }
}
