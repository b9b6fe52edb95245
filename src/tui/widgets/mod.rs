//! Parts that screens are made of.

pub mod bar;
pub mod form;
pub mod line;
pub mod list;
pub mod picker;
pub mod popup;
