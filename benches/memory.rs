//! The most memory that a process ever has resident: `hudang import roster`, and a session that imports the same file and
//! then works with it. Villages of 300 and 1,500 households unless other numbers are asked for; a county's 440,000
//! people are `cargo bench --bench memory -- 126000`.

mod shared;

use std::path::Path;
use std::process::{Command, Stdio};

use shared::face::Face;
use shared::measure::{peak, resident, watched};
use shared::{made, sizes};

/// The argument by which this program becomes the session that is measured.
const SESSION: &str = "session";

/// What the session does once it has imported.
const KEYS: &str = "F3 / z s ctrl-delete w x m ctrl-delete 1 3 9 esc pagedown end home F6 end F4 esc F12";

fn main() {
    let words: Vec<String> = std::env::args().collect();
    if let Some(at) = words.iter().position(|word| word == SESSION) {
        return session(Path::new(&words[at + 1]), Path::new(&words[at + 2]));
    }
    for households in sizes(&[300, 1_500]) {
        let file = made::export(households);
        let home = made::home();
        made::create(home.path(), households);
        let mut import = Command::new(env!("CARGO_BIN_EXE_hudang"));
        import.arg("--home").arg(home.path()).args(["--today", made::DAY, "--as", "李桂枝", "import", "roster"]);
        import.arg(&file).stdout(Stdio::null()).stderr(Stdio::null());
        let (_, most) = watched(&mut import);
        println!("{households} households: `hudang import roster` had at most {most} MB resident");
        let home = made::home();
        made::create(home.path(), households);
        let mut session = Command::new(std::env::current_exe().expect("this program"));
        watched(session.arg(SESSION).arg(home.path()).arg(&file));
    }
}

fn session(home: &Path, file: &Path) {
    let mut workspace = made::open(home);
    let (households, people) = made::import(&mut workspace, file, false);
    println!("a session of {households} households and {people} people:");
    println!("  {} MB resident after the import, at most {} MB up to then", resident(), peak());
    let mut face = Face::over(workspace, (120, 40));
    println!("  {} MB resident with the first frame, at most {} MB up to then", resident(), peak());
    KEYS.split(' ').for_each(|key| _ = face.press(key));
    println!("  {} MB resident after a search and a look around, at most {} MB", resident(), peak());
}
