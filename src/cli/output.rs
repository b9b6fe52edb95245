//! What a command prints: one JSON document, or text in columns.

use std::io::Write;

use serde_json::Value as Json;
use unicode_width::UnicodeWidthStr;

/// Where output goes, and in which form.
pub struct Output {
    /// Whether one JSON document is wanted.
    pub json: bool,
}

impl Output {
    /// Prints the JSON document, or else the text.
    pub fn print(&self, json: impl FnOnce() -> Json, text: impl FnOnce() -> String) {
        let mut line = if self.json { json().to_string() } else { text() };
        if !line.is_empty() && !line.ends_with('\n') {
            line.push('\n');
        }
        // A reader that has closed the pipe wants no more; there is nobody to tell.
        let _ = std::io::stdout().lock().write_all(line.as_bytes());
    }
}

/// Rows in columns, aligned by display width.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = head.iter().map(|text| text.width()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let padded: Vec<String> =
            cells.zip(&widths).map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.width()))).collect();
        format!("{}\n", padded.join("  ").trim_end())
    };
    let mut text = line(&mut head.iter().copied());
    for row in rows {
        text.push_str(&line(&mut row.iter().map(String::as_str)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_by_display_width() {
        let text = table(&["户主", "人"], &[vec!["张三".into(), "4".into()], vec!["欧阳修远".into(), "12".into()]]);
        assert_eq!(text, "户主      人\n张三      4\n欧阳修远  12\n");
    }
}
