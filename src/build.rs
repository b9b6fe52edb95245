//! Definitions and keymaps are embedded, so that a file added to them is a reason to build again.

fn main() {
    println!("cargo:rerun-if-changed=data");
    println!("cargo:rerun-if-changed=keymaps");
}
