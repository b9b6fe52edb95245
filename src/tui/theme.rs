//! Colours and weights. Colour is kept for the five grades, which always come with their character, and one accent.

use ratatui::style::{Color, Modifier, Style};

/// How things are made to stand out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    colours: Colours,
}

/// How many colours there are to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// None: bold, dim and reverse only.
    None,
    /// The sixteen of every terminal.
    Sixteen,
    /// Two hundred and fifty-six.
    Many,
}

impl Colours {
    /// What the environment says; `NO_COLOR` with any value means none.
    pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
        let terminal = variable("TERM").unwrap_or_default();
        if is_set("NO_COLOR") || terminal == "dumb" {
            Self::None
        } else if is_set("COLORTERM") || is_set("WT_SESSION") || terminal.contains("256color") {
            Self::Many
        } else {
            Self::Sixteen
        }
    }
}

impl Theme {
    /// The theme for so many colours.
    pub const fn new(colours: Colours) -> Self {
        Self { colours }
    }

    /// The style of a grade, by its character 红橙黄蓝绿; no style for anything else.
    pub fn grade(self, character: &str) -> Style {
        let (many, sixteen) = match character {
            "红" => (160, Color::Red),
            "橙" => (208, Color::LightRed),
            "黄" => (178, Color::Yellow),
            "蓝" => (33, Color::LightBlue),
            "绿" => (34, Color::Green),
            _ => return Style::new(),
        };
        match self.colours {
            Colours::None => Style::new(),
            Colours::Sixteen => Style::new().fg(sixteen),
            Colours::Many => Style::new().fg(Color::Indexed(many)),
        }
    }

    /// What leads the eye: keys in the hint line, the field one is in.
    pub fn accent(self) -> Style {
        match self.colours {
            Colours::None => self.bold(),
            _ => self.bold().fg(Color::Cyan),
        }
    }

    /// Titles, and what must not be overlooked.
    pub fn bold(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// What is there for whoever looks for it: rules, column heads, codes, last month's answers.
    pub fn dim(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// The row or the button that the next key is about.
    pub fn selected(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colour_there_is_none() {
        let theme = Theme::new(Colours::None);
        for style in ["红", "橙", "黄", "蓝", "绿"].map(|grade| theme.grade(grade)).into_iter().chain([theme.accent()])
        {
            assert_eq!((style.fg, style.bg), (None, None));
        }
        assert_ne!(theme.accent(), Style::new());
    }

    #[test]
    fn the_five_grades_are_told_apart() {
        for colours in [Colours::Sixteen, Colours::Many] {
            let styles = ["红", "橙", "黄", "蓝", "绿"].map(|grade| Theme::new(colours).grade(grade));
            for (at, style) in styles.iter().enumerate() {
                assert!(!styles[..at].contains(style), "{colours:?}");
            }
        }
    }

    #[test]
    fn the_environment_decides() {
        let with = |set: &'static [(&'static str, &'static str)]| {
            Colours::of_environment(move |name| {
                set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(with(&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")]), Colours::None);
        assert_eq!(with(&[("NO_COLOR", ""), ("TERM", "xterm-256color")]), Colours::Many);
        assert_eq!(with(&[("TERM", "linux")]), Colours::Sixteen);
        assert_eq!(with(&[("TERM", "dumb")]), Colours::None);
    }
}
