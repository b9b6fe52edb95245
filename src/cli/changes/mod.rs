//! `hudang changes …`

pub mod export;
pub mod list;
pub mod verify;
