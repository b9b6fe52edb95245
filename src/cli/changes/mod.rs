//! `hudang changes …`

pub mod list;
