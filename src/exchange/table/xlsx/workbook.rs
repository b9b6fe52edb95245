//! Which sheets a workbook has, and where its parts are.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::super::bounded::{Way, attribute};
use super::super::fault::Fault;
use super::package::{Package, resolve};

/// A sheet that holds cells.
#[derive(Clone, Debug)]
pub struct SheetPart {
    /// Its name.
    pub name: String,
    /// Whether it is seen.
    pub is_visible: bool,
    /// Where it is.
    pub path: String,
}

/// The parts of a workbook.
pub(super) struct Parts {
    pub sheets: Vec<SheetPart>,
    pub from_1904: bool,
    pub strings: Option<String>,
    pub styles: Option<String>,
}

/// A part that another one leads to: what it is, and where.
struct Relation {
    kind: String,
    path: String,
}

/// Finds the sheets; macro sheets, charts and what is missing are passed over.
pub(super) fn read(package: &mut Package) -> Result<Parts, Fault> {
    let top = relations(package, "_rels/.rels", "")?;
    let named = top.into_values().find(|relation| relation.kind == "officeDocument").map(|relation| relation.path);
    // Some writers lead astray; nearly all keep it here.
    let path = named.filter(|path| package.has(path)).unwrap_or_else(|| "xl/workbook.xml".to_owned());
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
    let relations = relations(package, &format!("{folder}/_rels/{file}.rels"), folder)?;
    let find =
        |kind: &str| relations.values().find(|relation| relation.kind == kind).map(|relation| relation.path.clone());
    let or_here = |found: Option<String>, name: &str| found.unwrap_or_else(|| resolve(folder, name));
    let (strings, styles) =
        (or_here(find("sharedStrings"), "sharedStrings.xml"), or_here(find("styles"), "styles.xml"));
    let Some(mut xml) = package.xml(&path, Way::Kept)? else { return Err(Fault::NoTable) };
    let mut buffer = Vec::new();
    let (mut sheets, mut from_1904) = (Vec::new(), false);
    loop {
        match xml.next(&mut buffer)? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "sheet" => {
                    let relation = attribute(&tag, "id").and_then(|id| relations.get(&id));
                    if let Some(relation) = relation.filter(|relation| relation.kind == "worksheet") {
                        let state = attribute(&tag, "state");
                        sheets.push(SheetPart {
                            name: attribute(&tag, "name").unwrap_or_default(),
                            is_visible: state.is_none_or(|state| state == "visible"),
                            path: relation.path.clone(),
                        });
                    }
                }
                "workbookPr" => {
                    let says = attribute(&tag, "date1904");
                    from_1904 |= says.is_some_and(|says| matches!(says.as_str(), "1" | "true" | "on"));
                }
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "sheets" => {}
            Event::Eof => break,
            _ => {}
        }
    }
    drop(xml);
    let there = |path: String| package.has(&path).then_some(path);
    Ok(Parts { sheets, from_1904, strings: there(strings), styles: there(styles) })
}

/// Where a part leads to, by the ids that it uses.
fn relations(package: &mut Package, path: &str, folder: &str) -> Result<HashMap<String, Relation>, Fault> {
    let mut found = HashMap::new();
    let Some(mut xml) = package.xml(path, Way::Kept)? else { return Ok(found) };
    let mut buffer = Vec::new();
    loop {
        match xml.next(&mut buffer)? {
            Event::Start(tag) if tag.local_name().as_ref() == "Relationship" => {
                let (id, kind, target) = (attribute(&tag, "Id"), attribute(&tag, "Type"), attribute(&tag, "Target"));
                if let (Some(id), Some(kind), Some(target)) = (id, kind, target) {
                    let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                    found.insert(id, Relation { kind, path: resolve(folder, &target) });
                }
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}
