//! The documents behind citations, as `data/sources.toml` lists them: whoever is shown a source is shown the document.

use serde::Deserialize;

use crate::data::{BadData, Data, DataFile};
use crate::domain::Name;

/// All documents, in the order in which they are listed.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    all: Vec<Document>,
}

/// One document, or a part of one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Its id.
    pub id: Name,
    /// How it is cited: before the colon where it has lines, else as it stands.
    pub cited: Box<str>,
    /// The first and the last of its lines that are cited.
    pub lines: Option<(u32, u32)>,
    /// Who issued it.
    #[serde(default)]
    pub issuer: Box<str>,
    /// Its title.
    pub title: Box<str>,
    /// Its number (文号).
    #[serde(default)]
    pub number: Box<str>,
    /// Its day or year, or that it has none.
    #[serde(default)]
    pub date: Box<str>,
    /// Whose it is.
    pub kind: DocumentKind,
    /// The beginnings of the division codes for which its rules hold; none is everywhere.
    #[serde(default)]
    pub places: Vec<Box<str>>,
}

/// Whose a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// The whole country's.
    National,
    /// A province's.
    Province,
    /// A county's.
    County,
    /// Nobody's: what the program brings along.
    Ours,
}

/// A citation as it is shown to people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cited {
    /// The documents, with issuer and number.
    pub title: String,
    /// Their days or years.
    pub date: String,
}

/// What is shown where no document says it.
const OURS: &str = "本程序默认";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    source: Vec<toml::Spanned<Document>>,
}

impl Document {
    /// The document in words: who issued it, its title, its number.
    pub fn in_words(&self) -> String {
        let number = if self.number.is_empty() || self.number == self.title {
            String::new()
        } else {
            format!("（{}）", self.number)
        };
        format!("{}{}{number}", self.issuer, self.title)
    }

    /// Whether its rules hold where layers of these places do.
    pub fn holds_in(&self, places: &[Box<str>]) -> bool {
        self.places.is_empty() || self.places.iter().any(|own| places.iter().any(|place| place.starts_with(&**own)))
    }
}

impl Sources {
    /// Loads the table, with what a county added to it.
    pub fn load(data: &Data) -> Result<Self, BadData> {
        let mut all: Vec<Document> = Vec::new();
        let first = data.file("sources.toml")?;
        for file in std::iter::once(first).chain(data.folder("sources")) {
            let shape: Shape = file.read()?;
            for spanned in shape.source {
                let at = spanned.span().start;
                let document = spanned.into_inner();
                if all.iter().any(|other| other.id == document.id) {
                    return Err(file.fault_at(at, format!("已有编号为 {} 的文件", document.id)));
                }
                let overlaps = |other: &Document| match (other.lines, document.lines) {
                    _ if other.cited != document.cited => false,
                    (Some(a), Some(b)) => a.0 <= b.1 && b.0 <= a.1,
                    _ => true,
                };
                if let Some(other) = all.iter().find(|other| overlaps(other)) {
                    return Err(file.fault_at(at, format!("{} 与 {} 的行重叠", document.id, other.id)));
                }
                all.push(document);
            }
        }
        Ok(Self { all })
    }

    /// Refuses data that cites what no document has: whatever stands behind `source =` in any file.
    pub fn check(&self, data: &Data) -> Result<(), BadData> {
        data.all().try_for_each(|file| self.check_file(&file))
    }

    fn check_file(&self, file: &DataFile) -> Result<(), BadData> {
        const KEY: &str = "source = \"";
        for (at, _) in file.text.match_indices(KEY) {
            let rest = &file.text[at + KEY.len()..];
            let citation = &rest[..rest.find('"').unwrap_or(rest.len())];
            if let Some(unknown) = self.unknown(citation) {
                let why = format!("出处“{unknown}”不在文件表里，请在 sources.toml 或 sources/ 里登记，或改正");
                return Err(file.fault_at(at, why));
            }
        }
        Ok(())
    }

    /// The first part of a citation that has lines which no document has.
    pub fn unknown<'c>(&self, citation: &'c str) -> Option<&'c str> {
        self.parts(citation).into_iter().find_map(|part| if let Part::Unknown(part) = part { Some(part) } else { None })
    }

    /// Whether all of a citation is of documents of the table; a county may also cite what stands in no table, in words.
    pub fn knows(&self, citation: &str) -> bool {
        self.parts(citation).iter().all(|part| matches!(part, Part::Document(_)))
    }

    /// The documents of a citation, as far as the table has them.
    pub fn of(&self, citation: &str) -> Vec<&Document> {
        let parts = self.parts(citation).into_iter();
        parts.filter_map(|part| if let Part::Document(document) = part { Some(document) } else { None }).collect()
    }

    /// A citation as it is shown where layers of these places hold: another place's documents are never shown there, and
    /// what no document of the place says is the program's own.
    pub fn told(&self, citation: &str, places: &[Box<str>]) -> Cited {
        let (mut titles, mut dates): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        let add = |all: &mut Vec<String>, words: String| {
            if !words.is_empty() && !all.contains(&words) {
                all.push(words);
            }
        };
        for part in self.parts(citation) {
            match part {
                Part::Document(document) if document.holds_in(places) => {
                    add(&mut titles, document.in_words());
                    add(&mut dates, document.date.to_string());
                }
                Part::Words(words) => add(&mut titles, words.to_owned()),
                Part::Document(_) | Part::Unknown(_) => {}
            }
        }
        if titles.is_empty() {
            titles.push(OURS.to_owned());
        }
        Cited { title: titles.join("；"), date: dates.join("；") }
    }

    /// Whether a rule holds where layers of these places do: one that only counties' documents lay down holds in those
    /// counties; a province's or the program's own is looked at everywhere, as far as its figures are stated there.
    pub fn binds(&self, citation: &str, places: &[Box<str>]) -> bool {
        let parts = self.parts(citation);
        let binds = |part: &Part<'_, '_>| match part {
            Part::Document(document) => document.kind != DocumentKind::County || document.holds_in(places),
            _ => true,
        };
        parts.is_empty() || parts.iter().any(binds)
    }

    /// What a citation names: `S0:36, 38-39`, `国网校验 S0:22 S0:99`, `国网校验 5_16_001`, `某县〔2022〕12号`.
    fn parts<'s, 'c>(&'s self, citation: &'c str) -> Vec<Part<'s, 'c>> {
        let mut found: Vec<Part<'s, 'c>> = Vec::new();
        // How the part before was cited, which bare lines go on with.
        let mut series = "";
        for piece in citation.split([',', '，', '；']).map(str::trim).filter(|piece| !piece.is_empty()) {
            let begun = found.len();
            for word in piece.split(' ').filter(|word| !word.is_empty() && !is_code(word)) {
                match lines_of(word, series) {
                    Some((cited, lines)) => {
                        series = cited;
                        match self.holding(cited, lines) {
                            Some(documents) => found.extend(documents.into_iter().map(Part::Document)),
                            None => found.push(Part::Unknown(word)),
                        }
                    }
                    None => match self.all.iter().find(|document| *document.cited == *word) {
                        Some(document) => found.push(Part::Document(document)),
                        None => {
                            found.truncate(begun);
                            found.push(Part::Words(piece));
                            break;
                        }
                    },
                }
            }
        }
        found
    }

    /// The documents that have lines of a series: one, or the two over which they go.
    fn holding(&self, cited: &str, lines: &str) -> Option<Vec<&Document>> {
        let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
        let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
        let of = |line: u32| {
            let holds = |document: &&Document| {
                *document.cited == *cited && document.lines.is_some_and(|(from, to)| (from..=to).contains(&line))
            };
            self.all.iter().find(holds)
        };
        let (from, to) = (of(first)?, of(last)?);
        match first <= last {
            true if from.id == to.id => Some(vec![from]),
            true => Some(vec![from, to]),
            false => None,
        }
    }
}

/// One thing that a citation names.
enum Part<'s, 'c> {
    /// A document of the table.
    Document(&'s Document),
    /// What stands in no table, in words.
    Words(&'c str),
    /// Lines that no document has.
    Unknown(&'c str),
}

/// A word that cites lines, by its series: `S0:36`, or `38-39` behind one.
fn lines_of<'c>(word: &'c str, series: &'c str) -> Option<(&'c str, &'c str)> {
    let are_lines = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || c == '-')
    };
    match word.split_once(':') {
        Some((cited, lines)) => {
            (cited.chars().all(|c| c.is_ascii_alphanumeric()) && are_lines(lines)).then_some((cited, lines))
        }
        None => (!series.is_empty() && are_lines(word)).then_some((series, word)),
    }
}

/// Whether a word is the code of a national check: `5_16_001`.
fn is_code(word: &str) -> bool {
    word.contains('_') && word.chars().all(|c| c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> Sources {
        Sources::load(&Data::embedded()).unwrap()
    }

    fn places(all: &[&str]) -> Vec<Box<str>> {
        all.iter().map(|place| (*place).into()).collect()
    }

    #[test]
    fn a_citation_is_shown_as_its_documents() {
        let sources = shipped();
        let xixia = places(&["411323", "41", ""]);
        let told = |citation: &str| sources.told(citation, &xixia).title;
        assert_eq!(told("S4:739"), "西峡县《西峡县村级协管员管理办法》");
        assert_eq!(told("国网校验 5_16_001"), "国网校验");
        assert_eq!(told("S0:103-104"), told("S0:97, 101"), "one document, once");
        let both = sources.told("S0:65, S4:244", &xixia);
        assert!(both.title.starts_with("河南省乡村振兴局《") && both.title.contains("；西峡县《"), "{both:?}");
        assert_eq!(both.date, "2022");
        assert_eq!(sources.told("S1:10", &xixia).date, "2019");
        assert!(sources.told("S1:10", &xixia).title.contains("豫民文〔2019〕155号"));
    }

    #[test]
    fn a_citation_outside_every_range_is_refused_with_its_line() {
        let sources = shipped();
        for (citation, unknown) in [
            ("S0:524", Some("S0:524")),
            ("S0:518, S0:524", Some("S0:524")),
            ("S0:36, 999", Some("999")),
            ("S0:40-30", Some("S0:40-30")),
            ("S9:1", Some("S9:1")),
            ("国网校验 S0:22 S0:99", None),
            ("S0:39-40", None),
            ("本程序默认", None),
            ("某县〔2022〕12号 第三条", None),
        ] {
            assert_eq!(sources.unknown(citation), unknown, "{citation}");
        }
        assert!(sources.knows("国网校验 S0:22 S0:99, 本程序默认") && !sources.knows("S0:22, 某县〔2022〕12号"));
        let data = Data::embedded().with_file("checks/zz.toml", "label = \"县\"\nsource = \"S4:9999\"\n");
        let fault = sources.check(&data).unwrap_err();
        assert_eq!((fault.file.as_str(), fault.line), ("checks/zz.toml", Some(2)), "{fault}");
    }

    #[test]
    fn another_places_document_is_never_shown() {
        let sources = shipped();
        let (jianan, hebei) = (places(&["411003", "41", ""]), places(&["13", ""]));
        assert!(!sources.told("S0:65, S4:244", &jianan).title.contains("西峡"));
        assert_eq!(sources.told("S0:65, S4:244", &hebei).title, "本程序默认");
        assert!(sources.told("S2:29, S3:16", &hebei).title.starts_with("中共河北省委"));
        assert!(!sources.binds("S4:17", &jianan) && !sources.binds("S2:24", &hebei));
        assert!(sources.binds("S0:97", &hebei) && sources.binds("", &hebei) && sources.binds("S2:24", &jianan));
    }

    #[test]
    fn a_county_adds_its_documents() {
        let text = "[[source]]\nid = \"x-1\"\ncited = \"X\"\nlines = [1, 9]\nissuer = \"某县\"\ntitle = \"《办法》\"\n\
                    kind = \"county\"\nplaces = [\"410101\"]\n";
        let data = Data::embedded().with_file("sources/own.toml", text);
        let sources = Sources::load(&data).unwrap();
        assert_eq!(sources.told("X:3", &places(&["410101"])).title, "某县《办法》");
        assert_eq!(
            sources.told("某县〔2022〕12号 第三条", &[]).title,
            "某县〔2022〕12号 第三条",
            "or cites it in words"
        );
        let twice = data.with_file("sources/two.toml", &text.replace("x-1", "x-2"));
        let fault = Sources::load(&twice).unwrap_err();
        assert!(fault.why.contains("重叠"), "{fault}");
    }
}
