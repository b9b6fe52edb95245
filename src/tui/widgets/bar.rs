//! How much of something is done, as a bar with its figures: `██████░░░░ 198/312`.

/// A bar of so many columns; it is full only when everything is done, and empty only when nothing is.
pub fn bar(done: u64, of: u64, columns: usize) -> String {
    let full = match (done, of) {
        (_, 0) => columns,
        (0, _) => 0,
        (done, of) if done >= of => columns,
        (done, of) => {
            let share = u128::from(done) * columns as u128 / u128::from(of);
            (share as usize).clamp(1.min(columns), columns.saturating_sub(1).max(1))
        }
    };
    format!("{}{}", "█".repeat(full), "░".repeat(columns - full))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_means_done_and_empty_means_nothing_done() {
        for (done, of, shown) in [
            (0, 312, "░░░░░░░░"),
            (1, 312, "█░░░░░░░"),
            (156, 312, "████░░░░"),
            (311, 312, "███████░"),
            (312, 312, "████████"),
            (0, 0, "████████"),
            (9, 3, "████████"),
        ] {
            assert_eq!(bar(done, of, 8), shown, "{done}/{of}");
        }
        assert_eq!(bar(1, 2, 0), "");
        assert_eq!(bar(u64::MAX - 1, u64::MAX, 2), "█░");
    }
}
