//! Where a key is pressed: the layers of the keymap, from the one screen to everywhere.

/// A layer of the keymap, and a place in which an action works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// Everywhere.
    Global,
    /// 今日
    Today,
    /// 今日, with the first secretary at the keyboard.
    Secretary,
    /// 农户
    Households,
    /// 户档
    File,
    /// 历史: what a file held before.
    Past,
    /// 走访
    Visit,
    /// 筛查
    Screening,
    /// 明白卡
    Card,
    /// 核对
    Findings,
    /// 更新
    Stale,
    /// 变更
    Changes,
    /// 审核
    Review,
    /// 各村: the villages of a county.
    County,
    /// 答复: the changes of a village that the county answers.
    Answers,
    /// 日历
    Calendar,
    /// 导入
    Import,
    /// 帮助
    Help,
    /// 命令
    Palette,
    /// Over rows.
    List,
    /// Over labelled fields.
    Form,
    /// Over one field of the file.
    Cell,
    /// While text is typed.
    Text,
    /// While one of a code list is chosen.
    Picker,
    /// Over a question.
    Dialog,
}

impl Context {
    /// All of them: everywhere, the screens, and the parts of screens.
    pub const ALL: [Self; 25] = [
        Self::Global,
        Self::Today,
        Self::Secretary,
        Self::Households,
        Self::File,
        Self::Past,
        Self::Visit,
        Self::Screening,
        Self::Card,
        Self::Findings,
        Self::Stale,
        Self::Changes,
        Self::Review,
        Self::County,
        Self::Answers,
        Self::Calendar,
        Self::Import,
        Self::Help,
        Self::Palette,
        Self::List,
        Self::Form,
        Self::Cell,
        Self::Text,
        Self::Picker,
        Self::Dialog,
    ];

    /// Its name in a keymap.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Today => "today",
            Self::Secretary => "secretary",
            Self::Households => "households",
            Self::File => "file",
            Self::Past => "history",
            Self::Visit => "visit",
            Self::Screening => "screening",
            Self::Card => "card",
            Self::Findings => "findings",
            Self::Stale => "stale",
            Self::Changes => "changes",
            Self::Review => "review",
            Self::County => "county",
            Self::Answers => "answers",
            Self::Calendar => "calendar",
            Self::Import => "import",
            Self::Help => "help",
            Self::Palette => "palette",
            Self::List => "list",
            Self::Form => "form",
            Self::Cell => "cell",
            Self::Text => "text",
            Self::Picker => "picker",
            Self::Dialog => "dialog",
        }
    }

    /// Its name on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Global => "到处",
            Self::Today => "今日",
            Self::Secretary => "第一书记",
            Self::Households => "农户",
            Self::File => "户档",
            Self::Past => "历史",
            Self::Visit => "走访",
            Self::Screening => "筛查",
            Self::Card => "明白卡",
            Self::Findings => "核对",
            Self::Stale => "更新",
            Self::Changes => "变更",
            Self::Review => "审核",
            Self::County => "各村",
            Self::Answers => "答复",
            Self::Calendar => "日历",
            Self::Import => "导入",
            Self::Help => "帮助",
            Self::Palette => "命令",
            Self::List => "列表",
            Self::Form => "表格",
            Self::Cell => "改一格",
            Self::Text => "打字时",
            Self::Picker => "选代码",
            Self::Dialog => "问话",
        }
    }

    /// The context with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|context| context.name() == name)
    }

    /// Whether plain characters are always typed here, so that none can be a key.
    pub const fn is_typing(self) -> bool {
        matches!(self, Self::Form | Self::Cell | Self::Text | Self::Picker | Self::Palette)
    }

    /// The layers that a key may go through from here down to everywhere, one row for each mode that a screen has.
    pub fn chains(self) -> Vec<Vec<Self>> {
        match self {
            Self::Global => vec![vec![Self::Global]],
            Self::Secretary => vec![vec![Self::Secretary, Self::Today, Self::List, Self::Global]],
            Self::List | Self::Help => vec![vec![self, Self::List, Self::Global]],
            Self::Form => vec![vec![Self::Form, Self::Text, Self::Global]],
            Self::Cell => vec![vec![Self::Cell, Self::Form, Self::Text, Self::Global]],
            Self::Text => vec![vec![Self::Text, Self::Global]],
            Self::Picker | Self::Palette => vec![vec![self, Self::List, Self::Text, Self::Global]],
            Self::Dialog => vec![vec![self, Self::Global]],
            _ => vec![
                vec![self, Self::List, Self::Global],
                vec![self, Self::List, Self::Text, Self::Global],
                vec![self, Self::Form, Self::Text, Self::Global],
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_context() {
        for context in Context::ALL {
            assert_eq!(Context::named(context.name()), Some(context));
        }
        assert_eq!(Context::named("nowhere"), None);
    }

    #[test]
    fn every_key_may_fall_through_to_everywhere() {
        for chain in Context::ALL.into_iter().flat_map(Context::chains) {
            assert_eq!(chain.last(), Some(&Context::Global), "{chain:?}");
        }
    }
}
