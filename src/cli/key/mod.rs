//! `hudang key …`.

pub mod accept;
pub mod forget;
pub mod publish;
pub mod show;
pub mod trust;
