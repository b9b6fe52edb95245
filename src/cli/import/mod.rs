//! `hudang import …`

pub mod exemptions;
pub mod roster;
