//! `hudang import …`

pub mod roster;
