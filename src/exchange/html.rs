//! Pages for a browser's printer: A4, the system's Song type, black on white, and every word escaped.

use std::borrow::Cow;
use std::fmt::Write;

/// Words as they may stand in a page, also within quotes.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    Cow::Owned(escaped)
}

/// A whole page that loads nothing from anywhere. The footer stands on each sheet of paper.
pub fn page(title: &str, footer: &str, style: &str, body: &str) -> String {
    let mut page = String::new();
    // Within the quotes of a style nothing else can be escaped safely, and a footer needs no more.
    let footer: String = footer.chars().filter(|c| c.is_alphanumeric() || " -（），：".contains(*c)).collect();
    let paper = PAPER.replace("{footer}", &footer);
    // Writing to a string cannot fail.
    let _ = write!(
        page,
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{}</title>\n<style>\n{paper}{style}</style>\n</head>\n<body>\n{body}</body>\n</html>\n",
        escape(title)
    );
    page
}

/// The name of a household's page. Numbers come out of files, so only what can stand in any file name is kept.
pub fn file_name(kind: &str, number: &str) -> String {
    let number: String =
        number.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).take(64).collect();
    format!("{kind}-{number}.html")
}

const PAPER: &str = r#"@page { size: A4 portrait; margin: 12mm 13mm 14mm; font: 8.5pt SimSun, "Songti SC", "Noto Serif CJK SC", serif;
  @bottom-left { content: "{footer}"; } @bottom-right { content: "第" counter(page) "页"; } }
* { box-sizing: border-box; }
html { font: 10.5pt/1.4 SimSun, "宋体", "Songti SC", "Noto Serif CJK SC", "Source Han Serif SC", serif; color: #000; background: #fff; }
body { margin: 0; }
h1, h2, th, .label, .head, b { font-family: SimHei, "黑体", "Heiti SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif; font-weight: 500; }
table { border-collapse: collapse; width: 100%; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { border: 0.6pt solid #000; padding: 0.7mm 1.4mm; vertical-align: middle; text-align: left; overflow-wrap: anywhere; }
th { text-align: center; }
@media screen { html { background: #ddd; } body { width: 210mm; margin: 6mm auto; padding: 12mm 13mm; background: #fff; } }
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_words() {
        assert_eq!(escape("<b>张\"三\" & '李四'"), "&lt;b&gt;张&quot;三&quot; &amp; &#39;李四&#39;");
        assert!(matches!(escape("张三"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_footer_cannot_leave_its_quotes() {
        let page = page("x", "石桥村\"; } body { display: none", "", "");
        assert!(page.contains("content: \"石桥村  body  display none\";"), "{page}");
    }

    #[test]
    fn a_file_name_holds_nothing_that_climbs() {
        assert_eq!(file_name("card", "4199991012010001"), "card-4199991012010001.html");
        assert_eq!(file_name("card", "../etc/x\0"), "card-___etc_x_.html");
    }
}
