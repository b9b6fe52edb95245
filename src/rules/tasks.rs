//! Problems found at the door that nobody has settled.

use chrono::NaiveDate;

use crate::domain::field::tasks;
use crate::domain::{HouseholdFile, Name, PartialDate, Row, Value};

/// A problem without a day on which it was settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenTask {
    /// Its row in the section of tasks.
    pub row: u32,
    /// What it is.
    pub what: Box<str>,
    /// Who must act; empty where nobody was named.
    pub owner: Box<str>,
    /// When it was found.
    pub found_on: Option<PartialDate>,
    /// Until when.
    pub due: Option<PartialDate>,
}

impl OpenTask {
    /// Days since its last day, negative while there is time; none where no day was set.
    pub fn days_over(&self, day: NaiveDate) -> Option<i64> {
        Some((day - self.due?.latest()).num_days())
    }
}

/// The open tasks of a file, in the order in which they were found.
pub fn open_of(file: &HouseholdFile) -> Vec<OpenTask> {
    let open = file.rows(tasks::SECTION).filter(|(_, row)| row.get(tasks::DONE_ON).is_none());
    open.map(|(number, row)| OpenTask {
        row: number,
        what: text(row, tasks::WHAT),
        owner: text(row, tasks::OWNER),
        found_on: row.get(tasks::FOUND_ON).and_then(Value::as_date),
        due: row.get(tasks::DUE).and_then(Value::as_date),
    })
    .collect()
}

fn text(row: &Row, field: Name) -> Box<str> {
    row.get(field).and_then(Value::as_text).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::super::testing::Defs;
    use super::*;

    #[test]
    fn a_task_is_open_until_it_has_a_day_of_its_end() {
        let defs = Defs::shipped();
        let file = defs.file(
            "tasks.1.what=漏雨 tasks.1.owner=村委会 tasks.1.due=2022-11-15 tasks.2.what=停水 tasks.2.done_on=2022-11-02 \
             tasks.3.what=欠薪 tasks.3.due=2022-11",
        );
        let day = "2022-11-20".parse().unwrap();
        let open: Vec<_> = open_of(&file).iter().map(|t| (t.row, t.what.to_string(), t.days_over(day))).collect();
        assert_eq!(open, [(1, "漏雨".to_owned(), Some(5)), (3, "欠薪".to_owned(), Some(-10))]);
    }
}
