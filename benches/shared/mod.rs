//! What the benches share: how long something takes, how much memory it took, and made-up villages to try it on.
#![allow(dead_code)] // each of them uses another part

pub mod face;
pub mod made;
pub mod measure;
#[path = "../../tests/village/mod.rs"]
mod village;

/// The sizes that were asked for behind `--`, or else these.
pub fn sizes(otherwise: &[usize]) -> Vec<usize> {
    let asked: Vec<usize> = std::env::args().filter_map(|word| word.replace('_', "").parse().ok()).collect();
    if asked.is_empty() { otherwise.to_vec() } else { asked }
}
