//! All integration tests in one binary.

mod acts;
mod answer_sheet;
mod answers;
mod architecture;
mod card;
mod change_sets;
mod checks;
mod commands;
mod corrections;
mod counts;
mod county;
mod home;
mod made;
mod month;
mod mounted;
mod mutations;
mod netted;
mod policies;
mod readme;
mod review;
mod rosters;
mod round_sheet;
mod sample;
mod schema;
mod sealed;
mod search;
mod store;
mod store_damage;
mod store_flips;
mod store_hurt;
mod store_kills;
mod store_limits;
mod store_model;
mod store_properties;
mod tui;
mod village;
mod workbook;
mod worklist;

#[test]
fn every_file_here_is_listed() {
    let listed = include_str!("main.rs");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        let Some(module) = name.strip_suffix(".rs").filter(|module| *module != "main") else { continue };
        assert!(listed.contains(&format!("\nmod {module};")), "tests/{name} is not listed in tests/main.rs");
    }
}
