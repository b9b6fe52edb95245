//! Policy in layers: what a village's place and the day decide, figure by figure, each with the document that states it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{Months, NaiveDate};

use hudang::data::Data;
use hudang::domain::Month;
use hudang::policy::{Policy, ShownFigure, Sources};
use hudang::progress::Unwatched;
use hudang::rules::{Look, due, groups, standing};
use hudang::workspace::Workspace;

use crate::home::{Home, file};

/// The four villages: of Xixia, of Jian'an, of another county of Henan, of Hebei.
const XIXIA: &str = "411323001001";
const JIANAN: &str = "411003001001";
const HENAN: &str = "410101001001";
const HEBEI: &str = "130101001001";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The lines of all files below a folder of the repository, each with its file.
fn lines_below(folder: &str, ends: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, ends: &str, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()) {
            if entry.is_dir() {
                walk(&entry, ends, found);
            } else if entry.extension().is_some_and(|extension| extension == ends) {
                found.push(entry);
            }
        }
    }
    let mut paths = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), ends, &mut paths);
    let lines = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        text.lines().map(|line| (path.display().to_string(), line.to_owned())).collect::<Vec<_>>()
    };
    paths.into_iter().flat_map(lines).collect()
}

/// What is cited in a line, comments included: `S0:48`, with what bare lines follow it.
fn cited(line: &str) -> Vec<String> {
    let is_lines = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || c == '-')
    };
    let mut found = Vec::new();
    for (at, _) in line.match_indices(':') {
        let series: String = line[..at].chars().rev().take_while(char::is_ascii_alphanumeric).collect();
        let series: String = series.chars().rev().collect();
        let is_series = series.len() == 2 && series.starts_with('S') && series.ends_with(|c: char| c.is_ascii_digit());
        let mut parts = line[at + 1..]
            .split(", ")
            .map(|part| part.chars().take_while(|c| c.is_ascii_digit() || *c == '-').collect::<String>());
        let first = parts.next().unwrap_or_default();
        if is_series && is_lines(first.trim_end_matches('-')) {
            found.push(format!("{series}:{}", first.trim_end_matches('-')));
            found.extend(
                parts.take_while(|part| is_lines(part.trim_end_matches('-'))).map(|part| format!("{series}:{part}")),
            );
        }
    }
    found
}

#[test]
fn every_citation_resolves_through_the_table_of_sources() {
    let sources = Sources::load(&Data::embedded()).unwrap();
    assert_eq!(cited("# S0:65, 98-102 and S4:17."), ["S0:65", "S0:98-102", "S4:17"]);
    let mut count = 0;
    for folder in [("data", "toml"), ("src", "rs")] {
        let lines =
            lines_below(folder.0, folder.1).into_iter().filter(|(file, _)| !file.ends_with("policy/sources.rs"));
        for (file, line) in lines {
            for citation in cited(&line) {
                count += 1;
                assert!(sources.knows(&citation), "{file}: {citation} in {line}");
            }
            let source = line.split_once("source = \"").filter(|_| folder.0 == "data");
            if let Some(citation) = source.and_then(|(_, rest)| rest.split('"').next()) {
                assert!(sources.knows(citation), "{file}: {citation}");
            }
        }
    }
    assert!(count > 300, "{count}");
}

#[test]
fn a_shipped_figure_has_a_document_a_name_and_a_rule_that_reads_it() {
    let home = Home::of("2022-11-10", &[]);
    let workspace = home.open("2022-11-10");
    let definitions = workspace.definitions();
    let code: String = lines_below("src", "rs")
        .into_iter()
        .filter(|(file, line)| !file.contains("src/policy/") && !line.trim_start().starts_with("//"))
        .map(|(_, line)| line + "\n")
        .collect();
    let named: BTreeSet<&str> = definitions.checks.figures.iter().map(|name| name.as_str()).collect();
    // The caps by rank are named by the rank.
    let rank = definitions.catalogue.named("helper.rank").unwrap().1;
    let ranks = &definitions.catalogue.list_of(rank).unwrap().entries;
    let by_rank = |key: &str| {
        key.strip_prefix("helper_most_").is_some_and(|rank| ranks.iter().any(|entry| entry.id.as_str() == rank))
    };
    for layer in &definitions.layers {
        for key in layer.keys() {
            let plain = key.as_str().split('.').next_back().unwrap();
            let read = code.contains(&format!(".{plain}")) && key.as_str().contains('.')
                || code.contains(&format!("\"{plain}\""))
                || named.contains(plain)
                || by_rank(plain);
            assert!(read, "{}: no rule reads {key}", layer.name);
            assert!(definitions.figures.has(key), "{}: {key} has no name in figures.toml", layer.name);
            let source = &layer.stated(key).unwrap().source;
            assert!(definitions.sources.knows(source) && !source.is_empty(), "{}: {key} names no document", layer.name);
        }
    }
}

/// The figures of a village as its settings screen shows them.
fn figures(code: &str, on: &str) -> Vec<ShownFigure> {
    let home = Home::of_village((code, "石桥村"), on, &[]);
    home.open(on).figures()
}

#[test]
fn each_village_sees_its_policy_figure_by_figure_with_its_document() {
    let told = |all: &[ShownFigure], key: &str| {
        let figure = all.iter().find(|figure| &*figure.key == key).unwrap_or_else(|| panic!("{key}"));
        figure.holds.as_ref().map_or_else(|| "未载明".to_owned(), |holds| format!("{} {}", holds.value, holds.title))
    };
    let all = [XIXIA, JIANAN, HENAN, HEBEI].map(|code| figures(code, "2022-11-20"));
    let each = |key: &str| [&all[0], &all[1], &all[2], &all[3]].map(|figures| told(figures, key));
    let interpretation = "河南省乡村振兴局《关于巩固脱贫成果行业政策的解读（二）》监测帮扶、成效、账实相符";
    let line = format!("6900元 {interpretation}");
    assert_eq!(each("income.line"), [line.as_str(), &line, &line, "未载明"]);
    let coordinators = "10日 西峡县《西峡县村级协管员管理办法》";
    assert_eq!(each("visit.by_day"), [coordinators, "未载明", "未载明", "未载明"]);
    let helpers = "4户 西峡县《关于进一步调整优化驻村帮扶工作的指导意见》";
    assert_eq!(each("helper_most_section"), [helpers, "未载明", "未载明", "未载明"]);
    let [xixia, jianan, henan, hebei] = each("house_floor_2");
    assert!(xixia.starts_with("40平方米 西峡县《西峡县2022年农村危房改造工作实施方案》"), "{xixia}");
    assert!(jianan.starts_with("30平方米 河南省住房和城乡建设厅") && jianan == henan && hebei == "未载明");
    assert!(told(&all[1], "rehabilitation_to").contains("建安巩固脱贫组〔2022〕2号"));
    assert_eq!(each("adult"), ["18周岁 国网校验"; 4]);
    assert_eq!(each("groups.fell_by"), ["20% 本程序默认"; 4]);
    // A differing figure of another layer stands beside it.
    let floor = all[0].iter().find(|figure| &*figure.key == "house_floor_2").unwrap();
    assert_eq!(floor.others.iter().map(|other| other.value.as_str()).collect::<Vec<_>>(), ["30平方米"]);
    // What is not stated entry by entry is said too; and nobody is shown another place's document.
    let missing = |all: &[ShownFigure], part: &str| all.iter().any(|it| &*it.part == part && it.holds.is_none());
    assert!(missing(&all[3], "集中排查") && missing(&all[3], "期限") && missing(&all[2], "每月的日子"));
    let titles = |all: &[ShownFigure]| -> String {
        all.iter().filter_map(|it| Some(it.holds.as_ref()?.title.clone())).collect()
    };
    assert!(!titles(&all[1]).contains("西峡") && !titles(&all[2]).contains("西峡"));
    assert!(!titles(&all[3]).contains("河南") && !titles(&all[3]).contains("西峡"));
    assert!(all[0].len() > 130, "{}", all[0].len());
}

const FAMILIES: [&str; 3] = [
    "class.class=脱贫户(享受政策) members.1.name=张三 members.1.relation=户主 income.per_person=6500 income.people=1",
    "class.class=一般农户 members.2.name=李四 members.2.relation=户主 case.target=边缘易致贫户 case.eliminated=否 \
     case.identified_on=2022-05-10",
    "class.class=一般农户 members.3.name=王五 members.3.relation=户主 income.per_person=7500 income.people=1",
];

/// How a village of a place stands on a day, in a few words.
fn stands(workspace: &Workspace, code: &str, on: NaiveDate) -> String {
    let definitions = workspace.definitions();
    let policy = definitions.policy(None, code, on);
    let look: Look<'_> = definitions.look(&policy, on);
    let mut words = Vec::new();
    for serial in 1..=3 {
        let file = file(workspace, serial);
        let standing = standing::of(look, &file);
        let clocks: Vec<&str> = standing.clocks.iter().map(|clock| clock.clock.as_str()).collect();
        let colour = hudang::rules::colour::of(look.at(&file), &standing, &[]).unwrap();
        let grouped = groups::belongs(look.at(&file));
        words.push(format!("{}{}{}[{}]", colour.label, u8::from(standing.due), u8::from(grouped), clocks.join(" ")));
    }
    words.join(" ")
}

#[test]
fn the_twelve_months_around_a_years_end_are_right_with_each() {
    let home = Home::of("2022-05-11", &FAMILIES);
    let workspace = home.open("2022-11-20");
    let months: Vec<NaiveDate> =
        (0..12).filter_map(|count| day("2022-07-25").checked_add_months(Months::new(count))).collect();
    for on in months {
        let of = |code: &str| workspace.definitions().policy(None, code, on);
        let days = |policy: &Policy| {
            let month = Month::of(on);
            let all = due::deadlines_between(policy, month.first_day(), month.last_day(), on);
            all.into_iter().map(|deadline| (deadline.date, deadline.what.to_string())).collect::<Vec<_>>()
        };
        // Xixia: five days every month, the county's own, whatever the year; the province's days are of their year.
        let single = match (Month::of(on).year, Month::of(on).month) {
            (2022, 11 | 12) => 1,
            _ => 0,
        };
        assert_eq!(days(&of(XIXIA)).len(), 5 + single, "{on}");
        assert_eq!(days(&of(JIANAN)).len(), 4 + single, "{on}");
        assert!(days(&of(JIANAN)).iter().filter(|(date, _)| *date == Month::of(on).last_day()).count() >= 4, "{on}");
        assert_eq!(days(&of(HENAN)).len(), single, "{on}");
        assert_eq!(days(&of(HEBEI)).len(), 0, "{on}");
        // Nobody identified on 10 May may be proposed for elimination before 11 September in Xixia; elsewhere nothing is said.
        let waits = if on < day("2022-09-11") { "help_begins may_eliminate measures" } else { "help_begins measures" };
        let groups_of = |first: bool| if first { "1" } else { "0" };
        let is_first = on < day("2022-09-25");
        let expected = |due: u8, clocks: &str| {
            let grouped = groups_of(is_first);
            format!("黄{due}{grouped}[] 橙{due}0[{clocks}] 黄0{grouped}[]")
        };
        assert_eq!(stands(&workspace, XIXIA, on), expected(1, waits), "{on}");
        for code in [JIANAN, HENAN] {
            assert_eq!(stands(&workspace, code, on), expected(0, "measures"), "{on}");
        }
        // Hebei has no line, no round and no clock; a target and a relieved household it has like everybody.
        assert_eq!(stands(&workspace, HEBEI, on), "蓝00[] 橙00[] 绿00[]", "{on}");
        let label = |code: &str| of(code).label_for(code, on);
        let goes_on = if on < day("2023-01-01") { "" } else { "(沿用2022年)" };
        assert_eq!([XIXIA, JIANAN, HENAN].map(label), ["西峡", "建安", "河南"].map(|it| format!("{it}2022{goes_on}")));
        assert_eq!(label(HEBEI), "河北", "its document has no year");
    }
}

#[test]
fn a_county_finds_only_what_its_own_documents_lay_down() {
    let helped = "class.class=脱贫户(享受政策) members.1.name=张三 members.1.relation=户主 helper.name=王干部 \
                  helper.phone=13900000000 helper.rank=科级 helper.last_came=2022-08-01 income.per_person=6500 income.people=1";
    let of = |code: &str| {
        let home = Home::of_village((code, "石桥村"), "2022-11-10", &[helped; 5]);
        let workspace = home.open("2022-11-20");
        let id = workspace.in_walking_order()[0];
        let codes = workspace.findings(id).unwrap().into_iter().map(|finding| finding.code.to_string());
        let codes: BTreeSet<String> = codes.collect();
        ["C202", "C207", "C309", "C504", "C505", "C507"].map(|code| codes.contains(code))
    };
    assert_eq!(of(XIXIA), [true; 6]);
    assert_eq!(
        of(JIANAN),
        [false, false, true, false, true, true],
        "the cap, the helper's visits and the 10th are Xixia's"
    );
    assert_eq!(of(HENAN), of(JIANAN));
    assert_eq!(of(HEBEI), [false; 6], "nothing of Henan's is asked of it");
}

#[test]
fn a_store_opens_that_names_a_file_which_is_no_more() {
    let home = Home::of("2022-11-10", &[]);
    let mut workspace = home.open("2022-11-20");
    workspace.remember(|settings| settings.policy = Some("henan-2022".to_owned()));
    assert_eq!(workspace.settings().policy.as_deref(), Some("henan-2022"), "it keeps that name");
    assert_eq!(workspace.policy().name.as_str(), "xixia-2022");
    workspace.remember(|settings| settings.policy = Some("guizhou-2023".to_owned()));
    assert_eq!(workspace.settings().policy.as_deref(), Some("henan-2022"), "a file that is not there is refused");
}

#[test]
fn the_sample_village_under_its_own_policy_and_another() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = Workspace::sample(dir.path(), &mut Unwatched).unwrap();
    let definitions = workspace.definitions();
    let count = |code: &str| {
        let policy = definitions.policy(None, code, workspace.today());
        let look: Look<'_> = definitions.look(&policy, workspace.today());
        let mut counts = (0, 0);
        for id in workspace.in_walking_order() {
            let standing = standing::of(look, &workspace.file(id).unwrap());
            counts.0 += usize::from(standing.due);
            counts.1 += usize::from(standing.screening.counts());
        }
        counts
    };
    let (xixia, hebei) = (count(XIXIA), count(HEBEI));
    assert!(xixia.0 > 0 && xixia.1 > 0 && hebei == (0, 0), "{xixia:?} {hebei:?}");
}

#[test]
fn a_store_of_the_first_programs_is_told_once_which_figures_changed() {
    let told = |code: &str| {
        let home = Home::of_village((code, "石桥村"), "2022-11-10", &[]);
        let mut workspace = home.open("2022-11-20");
        assert!(workspace.figures_changed().is_empty(), "a store made by this program knows them");
        // As a store of an older program, which kept no note of them.
        workspace.remember(|settings| {
            settings.figures_told = None;
            settings.policy = Some("henan-2022".to_owned());
        });
        let changed: Vec<String> = workspace.figures_changed().iter().map(|change| change.in_words()).collect();
        workspace.tell_figures();
        assert!(workspace.figures_changed().is_empty(), "told once");
        drop(workspace);
        assert!(home.open("2022-11-21").figures_changed().is_empty(), "and kept in mind");
        changed
    };
    let xixia = told(XIXIA);
    assert_eq!(
        xixia,
        ["危房改造面积下限 2人户：以前30平方米，现在40平方米", "残疾儿童康复救助：以前6周岁止，现在未载明"],
        "{xixia:#?}"
    );
    let jianan = told(JIANAN);
    assert!(jianan.contains(&"每月几日前走访到户：以前10日，现在未载明".to_owned()), "{jianan:#?}");
    assert!(jianan.contains(&"科级最多帮扶：以前4户，现在未载明".to_owned()), "{jianan:#?}");
    assert!(!jianan.iter().any(|change| change.contains("监测范围")), "{jianan:#?}");
}

#[test]
fn a_figure_that_a_county_lays_down_anew_is_told_too() {
    let home = Home::of_village((XIXIA, "石桥村"), "2022-11-10", &[]);
    let folder = home.dir.path().join("data/policy");
    fs::create_dir_all(&folder).unwrap();
    let newer = "name = \"xixia-2023\"\nlabel = \"西峡2023\"\nplaces = [\"411323\", \"419999\"]\nfrom = 2023-01-01\n\
                 over = \"xixia-2022\"\n[visit]\nby_day = { is = 12, source = \"西峡县〔2023〕1号\" }\n";
    fs::write(folder.join("xixia-2023.toml"), newer).unwrap();
    let before = home.open("2022-12-31");
    assert!(before.figures_changed().is_empty() && before.policy().visit.by_day == Some(10));
    drop(before);
    let after = home.open("2023-01-01");
    let changed: Vec<String> = after.figures_changed().iter().map(|change| change.in_words()).collect();
    assert_eq!(changed, ["每月几日前走访到户：以前10日，现在12日"]);
    assert_eq!(after.policy_in_words(), "西峡2023");
    let by_day = after.figures().into_iter().find(|figure| &*figure.key == "visit.by_day").unwrap();
    assert_eq!(by_day.holds.unwrap().title, "西峡县〔2023〕1号");
}
