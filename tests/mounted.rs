//! A small disk that can be filled and made read-only, where the machine allows a mount.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A small file system of its own, where the machine allows a mount; gone when this is dropped.
pub struct Mounted(tempfile::TempDir);

impl Mounted {
    pub fn new(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let options = format!("size={size},mode=700");
        if run("mount", &["-t", "tmpfs", "-o", &options, "tmpfs", folder.path().to_str().unwrap()]) {
            return Some(Self(folder));
        }
        println!("not tried: this machine allows no mount");
        None
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn remount(&self, options: &str) {
        let options = format!("remount,{options}");
        // A child that another test is starting may hold a file open for a moment, and then the disk is busy.
        let remounts = || run("mount", &["-o", &options, self.path().to_str().unwrap()]);
        assert!((0..50).any(|_| remounts() || {
            std::thread::sleep(std::time::Duration::from_millis(100));
            false
        }));
    }

    /// Fills what is left, but for so many bytes.
    pub fn fill(&self, but: usize) -> PathBuf {
        let ballast = self.path().join("ballast");
        let mut file = fs::File::create(&ballast).unwrap();
        while std::io::Write::write_all(&mut file, &[7; 4096]).is_ok() {}
        let length = file.metadata().unwrap().len();
        file.set_len(length - length.min(but as u64)).unwrap();
        ballast
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        run("umount", &["-l", self.0.path().to_str().unwrap()]);
    }
}

fn run(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
}
