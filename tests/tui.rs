//! The terminal face, driven as a person drives it: keys in, a screen out.

mod glass;
#[cfg(unix)]
pub mod pty;
pub mod stage;
mod village;

#[cfg(unix)]
mod bytes;
mod form;
mod frame;
mod keys;
mod kills;
mod screens;
mod sparing;
#[cfg(unix)]
mod start;
#[cfg(unix)]
mod terminal;
