//! The screens over an invented village, driven through the real loop.

mod family;
mod life;
mod visit;
