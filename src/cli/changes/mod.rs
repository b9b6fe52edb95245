//! `hudang changes …`

pub mod accept_receipt;
pub mod answer;
pub mod apply;
pub mod conflicts;
pub mod export;
pub mod give_back;
pub mod list;
pub mod receipt;
pub mod verify;
