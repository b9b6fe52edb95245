//! Tables read out of files, in whatever format: rows of text as a clerk sees them, whatever they speak of.
//!
//! [`book::Book`] opens a file by what is in it and gives the rows of its sheets one after the other; what is merged
//! stands in each row over which it stretches ([`spans`]), and what nobody sees is gone ([`cell`]). Rosters, exemptions
//! and the county's answers are read through it. Nothing here knows what a column means.

pub mod book;
mod bounded;
pub mod cell;
pub mod columns;
pub mod compound;
mod delimited;
mod encoding;
mod entity;
mod fault;
mod grids;
pub mod header;
mod markup;
mod number_format;
mod open_document;
mod quotes;
pub mod row;
pub mod serial;
pub mod source;
mod spans;
mod tags;
pub mod xlsx;

pub use fault::{Fault, FileError};
