//! The one table of what a key can do: a row here and a handler in a screen make an action; keymaps bind keys to its name.

use super::context::Context;

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The action.
    pub action: Action,
    /// Its name in a keymap.
    pub name: &'static str,
    /// Its name where room is short: the hint line.
    pub label: &'static str,
    /// What it does, in a line.
    pub says: &'static str,
    /// Where it works.
    pub contexts: &'static [Context],
}

macro_rules! actions {
    ($($variant:ident $name:literal $label:literal $says:literal [$($context:ident)+];)+) => {
        /// Something that a key, a click or a choice from the palette asks for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $(#[doc = $says] $variant,)+ }

        /// The table, in the order in which help and hints show it.
        pub const TABLE: &[Row] = &[$(Row {
            action: Action::$variant,
            name: $name,
            label: $label,
            says: $says,
            contexts: &[$(Context::$context),+],
        },)+];
    };
}

actions! {
    // On one screen.
    AsOnFile       "as-on-file"      "与档一致"   "这一项与户档一致"                             [Visit];
    Changed        "changed"         "变"         "这一项变了：打开字段填写"                     [Visit];
    Problem        "problem"         "问题"       "这一项有问题：写下问题、谁办、何时办完"       [Visit];
    NotLooked      "not-looked"      "没看到"     "这一项没看到：写原因"                         [Visit];
    RestAsOnFile   "rest-as-on-file" "余下都一致" "没填的各项都与户档一致"                       [Visit];
    Agree          "agree"           "认可"       "这一项农户自己认不认可"                       [Visit];
    VisitHead      "visit-head"      "日期等"     "这次走访的日期、走访人、在哪里、谁在家、到户时间" [Visit];
    NextHousehold  "next-household"  "下一户"     "先放下这一户，到下一户；填了的留着"           [Visit];
    Finish         "finish"          "完成"       "这一户走完，到下一户"                         [Visit];
    PrintRound     "print-round"     "走访单"     "打印走访单：接下来各户和上次的情况"           [Today Visit];
    Verify         "verify"          "排查表"     "填排查表"                                     [Screening File];
    Visit          "visit"           "走访"       "走访选中的户"                                 [Households File Card Stale Findings];
    Screen         "screen"          "筛查"       "填选中户的筛查表"                             [Households File Screening];
    Card           "card"            "明白卡"     "看选中户的明白卡"                             [Households File Visit];
    Edit           "edit"            "修改"       "修改选中的字段或部分"                         [File];
    ConfirmSection "confirm-section" "核实无变"   "这一部分今天核实过，没有变"                   [File Stale];
    AddRow         "add-row"         "添一行"     "在这一部分添一行"                             [File];
    LifeEvent      "life-event"      "家里事"     "记家里的事：出生、去世、婚嫁、分户、迁移…"   [File Visit];
    RemoveRow      "remove-row"      "去掉这行"   "去掉选中的一行（历史里还在）"                 [File];
    History        "history"         "历史"       "看选中字段从前的值"                           [File];
    Withdraw       "withdraw"        "撤回"       "撤回选中的这一号：录错了户的走访、表、改动，写明原因" [Past];
    ThreeSides     "three-sides"     "三对照"     "县里名册、村里户档、入户问的三样对照"         [File];
    NextFinding    "next-finding"   "下一条问题" "到这一户的下一条问题"                        [File];
    AnswerFinding  "answer"         "答复"       "给这条问题写说明：留下姓名和日期，情况一变又会提醒" [Findings File];
    Exempt         "exempt"         "豁免"       "这条问题到某一天为止不再提醒：写类型、原因、期限" [Findings];
    ShowSettled    "show-settled"   "看已答复的" "已答复、豁免的也列出来，或收起来"             [Findings];
    Fold           "fold"           "收起"       "收起或展开这一组"                             [Findings];
    FoldAll        "fold-all"       "全收起"     "各组都收起或展开"                             [Findings];
    NextFile       "next-file"       "后一户"     "后一户的户档或明白卡"                         [File Card];
    PreviousFile   "previous-file"   "前一户"     "前一户的户档或明白卡"                         [File Card];
    Print          "print"           "打印"       "写成能打印的一页"                             [Card];
    Posted         "posted"          "今天贴了"   "这张卡今天贴上墙了，记入户档"                 [Card];
    OpenFile       "open-file"       "户档"       "看这一户的户档"                               [Card];
    Export         "export"          "交县"       "把没交的变更写成变更集"                       [Changes];
    Receive        "receive"         "收回执"     "收县里的回执、填好的录入表，或收回自己交过的变更集" [Changes];
    Approve        "approve"         "通过"       "选中的户（或这一户）变更没有问题，可以交给录入的人" [Review];
    GiveBack       "give-back"       "退回"       "退回协管员：写明哪里要改"                     [Review];
    TakeInSets     "take-in-sets"    "收变更集"   "收村里交来的变更集，和录好退回的工作簿"       [County];
    WriteReceipts  "write-receipts"  "出回执"     "给该答复的村写回执：只答复答复过的，其余的问一次"       [County Answers];
    TakeChange     "take-change"     "收下"       "选中的变更（或这一处）县里收下"               [Answers];
    RefuseChange   "refuse-change"   "不录"       "选中的变更（或这一处）县里不予录入：写明原因" [Answers];
    NextDay        "next-day"        "后一天"     "到后一天"                                     [Calendar];
    PreviousDay    "previous-day"    "前一天"     "到前一天"                                     [Calendar];
    NextMonth      "next-month"      "下月"       "翻到下一个月"                                 [Calendar];
    PreviousMonth  "previous-month"  "上月"       "翻到上一个月"                                 [Calendar];
    ThisDay        "this-day"        "回今天"     "回到今天"                                     [Calendar];
    TakeIn         "take-in"         "收下"       "照预览的样子收进来"                           [Import];
    Search         "search"          "找"         "按汉字、拼音、首字母、号码尾数、电话、组找人" [Households Findings];
    Filter         "filter"          "条件"       "按条件筛选"                                   [Households Screening Findings];
    Sort           "sort"            "排序"       "换一种排序"                                   [Households Findings];
    SaveFilter     "save-filter"     "另存条件"   "把现在的条件起名存下"                         [Households];
    Choose         "choose"          "展开"       "打开代码表挑选"                               [Form];
    Save           "save"            "保存"       "检查并保存这张表"                             [Form Cell];
    Discard        "discard"         "丢掉"       "丢掉没保存的，从头填"                         [Form Today];
    NoneApply      "none-apply"      "都不属于"   "筛查表：没答的各类都不属于；一类也没有的，意见记无风险" [Form];
    NextField      "next-field"      "下一格"     "到下一格"                                     [Form];
    PreviousField  "previous-field"  "上一格"     "到上一格"                                     [Form];
    // Over rows.
    Open           "open"            "打开"       "打开或选定这一行"                             [List Dialog Picker Palette];
    Mark           "mark"            "选中"       "选中或取消这一行，可多选"                     [List];
    Next           "next"            "下一块"     "到下一块"                                     [List Dialog];
    Previous       "previous"        "上一块"     "到上一块"                                     [List Dialog];
    Up             "up"              "上"         "上一行"                                       [List];
    Down           "down"            "下"         "下一行"                                       [List];
    PageUp         "page-up"         "上页"       "上一页"                                       [List];
    PageDown       "page-down"       "下页"       "下一页"                                       [List];
    First          "first"           "头"         "第一行"                                       [List];
    Last           "last"            "尾"         "最后一行"                                     [List];
    // While text is typed.
    Left           "left"            "左"         "光标向左，或前一个选项"                       [Text];
    Right          "right"           "右"         "光标向右，或后一个选项"                       [Text];
    WordLeft       "word-left"       "左一词"     "光标向左一个词"                               [Text];
    WordRight      "word-right"      "右一词"     "光标向右一个词"                               [Text];
    LineStart      "line-start"      "头"         "光标到头"                                     [Text];
    LineEnd        "line-end"        "尾"         "光标到尾"                                     [Text];
    DeleteBefore   "delete-before"   "退格"       "删光标前一个字"                               [Text];
    DeleteAfter    "delete-after"    "删"         "删光标后一个字"                               [Text];
    DeleteWord     "delete-word"     "删词"       "删光标前一个词"                               [Text];
    DeleteRest     "delete-rest"     "删到尾"     "删到末尾"                                     [Text];
    Clear          "clear"           "清空"       "清空这一格"                                   [Text];
    // Everywhere.
    OpenToday      "open-today"      "今日"       "本月进度、期限、先做这些"                     [Global];
    OpenHouseholds "open-households" "农户"       "全村名单，查找、筛选、排序"                   [Global];
    OpenVisit      "open-visit"      "接着走访"   "接着走本月没走的户"                           [Global];
    OpenScreening  "open-screening"  "筛查"       "这一轮的筛查表和排查表"                       [Global];
    OpenFindings   "open-findings"   "核对"       "全村查出来的问题，到那一格去改"               [Global];
    OpenStale      "open-stale"      "更新"       "过期没核实的、变了没入档的"                   [Global];
    OpenChanges    "open-changes"    "变更"       "上次交县以来变了什么，导出变更集"             [Global];
    OpenCalendar   "open-calendar"   "日历"       "每一天到期的：全村的日子、各户的期限"         [Global];
    OpenImport     "open-import"     "导入"       "收国家系统的工作簿、村里的台账"               [Global];
    OpenReview     "open-review"     "审核"       "第一书记审变更：通过，或写明哪里要改退回"     [Secretary Changes Global];
    OpenDeskSigns  "open-desk-signs" "填表迹象"   "筛查表、排查表里像是没到户就填的，问一问"     [Secretary Global];
    Undo           "undo"            "撤销"       "撤销上一个变更（记为一个新变更）"             [Global];
    Unmask         "unmask"          "看号码"     "显示或遮住身份证号、电话、银行卡号"           [Global];
    SwitchPerson   "switch-person"   "换人"       "换一个人录入"                                 [Global];
    ChooseVillage  "choose-village"  "换村"       "县里的库：换一个村，或回到全部村"             [Global];
    OpenSettings   "open-settings"  "设置"       "姓名身份、村名、政策文件、文件放到哪里"       [Global];
    OpenPolicy     "open-policy"    "政策数字"   "本村按的各项政策数字和出处，没有载明的也列出" [Global];
    Backup         "backup"          "备份"       "备份到选定的文件夹，并读回核对"               [Global];
    Redraw         "redraw"          "重画"       "屏幕花了，重画"                               [Global];
    Palette        "palette"         "命令"       "按汉字或拼音首字母找要做的事"                 [Global];
    Quit           "quit"            "离开"       "离开程序"                                     [Global];
    Back           "back"            "返回"       "退一步"                                       [Global];
    Help           "help"            "帮助"       "这一屏的帮助"                                 [Global];
}

impl Action {
    /// Its row.
    pub fn row(self) -> &'static Row {
        // The table and the variants come from the same lines, in the same order.
        &TABLE[self as usize]
    }

    /// The action with this name in a keymap.
    pub fn named(name: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.name == name).map(|row| row.action)
    }

    /// Whether it does something where these layers apply.
    pub fn works_in(self, contexts: &[Context]) -> bool {
        self.row().contexts.iter().any(|context| contexts.contains(context))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_action_finds_its_own_row() {
        for row in TABLE {
            assert_eq!(row.action.row().name, row.name);
            assert_eq!(Action::named(row.name), Some(row.action));
        }
    }

    #[test]
    fn names_are_told_apart() {
        let names: BTreeSet<_> = TABLE.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), TABLE.len());
    }
}
