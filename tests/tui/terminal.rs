//! The face in a real pseudo-terminal: taken over, given back whatever happens.

use std::process::Command;

use hudang::tui::app::Settings;
use hudang::tui::keymap::Keymap;
use hudang::tui::run::run;
use hudang::tui::theme::{Colours, Theme};

use super::pty::{Answers, Pty};
use super::village::{Households, Village};

/// Not a test: the program that the tests below start in their terminals.
#[test]
#[ignore = "started by the other tests of this file, in a terminal of its own"]
fn program() {
    let village = Village::of(50);
    let home = Box::new(Households::new(&village));
    let settings = Settings {
        keymap: Keymap::shipped("default").unwrap(),
        theme: Theme::new(Colours::of_environment(|name| std::env::var(name).ok())),
        log: Some("日志/今天.log".into()),
    };
    match run(village, home, settings) {
        Ok(village) => println!("\r\nleft, with the workspace: {}\r", village.is_some()),
        Err(hudang::tui::run::Broken::NoTerminal(none)) => {
            use std::io::Write;
            std::io::stdout().write_all(&none.bytes()).unwrap();
        }
        Err(broken) => println!("\r\nbroke: {broken}\r"),
    }
}

const PROGRAM: [&str; 4] = ["tui::terminal::program", "--exact", "--ignored", "--nocapture"];

fn command() -> impl Iterator<Item = String> {
    let own = std::env::current_exe().unwrap().into_os_string().into_string().unwrap();
    std::iter::once(own).chain(PROGRAM.map(str::to_owned))
}

fn start(environment: &[(&str, &str)], answers: Answers) -> Pty {
    let mut pty = Pty::start(command(), environment, (80, 24), answers);
    pty.wait_for("孙三14").wait_for("F1 帮助");
    pty
}

#[test]
fn it_takes_the_terminal_and_gives_it_back() {
    let mut pty = start(&[], Answers::Rightly);
    assert!(pty.contents().contains("────────"));
    pty.wait_for_cursor(None);
    pty.send("\r张三").wait_for("说明  张三").wait_for_cursor(Some((11, 3)));
    pty.resize(100, 30).send("顺").wait_for("说明  张三顺");
    pty.resize(40, 10).wait_for("窗口太小").resize(80, 24).wait_for("说明  张三顺");
    pty.send("\x11").wait_for("没保存的就没有了：张三0的说明").send("\x1b[C\r");
    assert_eq!(pty.wait_for_give_back().wait_for_end(), 0);
    assert!(pty.contents().contains("left, with the workspace: true"), "{}", pty.contents());
}

#[test]
fn a_panic_gives_the_terminal_back_and_names_the_log_and_nobody() {
    let mut pty = start(&[], Answers::Rightly);
    pty.send("\x1a"); // 撤销 in this village
    pty.wait_for("已撤销").send("!").wait_for("这里不用 ! 键");
    pty.send("\x15"); // 看号码: the village breaks
    pty.wait_for_give_back().wait_for_end();
    let contents = pty.contents();
    assert!(contents.contains("broke: 程序出错，停下了。已经记下的都还在。日志：日志/今天.log"), "{contents}");
    let sent = String::from_utf8_lossy(&pty.sent()).into_owned();
    assert!(!sent.contains("411111"), "{sent}");
}

#[test]
fn a_signal_to_end_gives_the_terminal_back() {
    for signal in ["TERM", "HUP", "INT"] {
        let mut pty = start(&[], Answers::Rightly);
        pty.send("\r在外打工").wait_for("在外打工").signal(signal);
        assert_eq!(pty.wait_for_give_back().wait_for_end(), 0, "{signal}");
        assert!(pty.contents().contains("left, with the workspace: true"), "{}", pty.contents());
    }
}

#[test]
fn a_signal_to_step_aside_gives_the_terminal_back_until_it_goes_on() {
    let mut pty = start(&[], Answers::Rightly);
    pty.send("\r在外打工").wait_for("在外打工");
    pty.signal("TSTP").wait_for_give_back();
    pty.wake("在外打工").send("的").wait_for("在外打工的");
}

#[test]
fn a_terminal_of_wide_signs_gets_plain_ones() {
    for (environment, answers) in [(&[][..], Answers::AsIfWide), (&[("TERM", "dumb")], Answers::Rightly)] {
        let pty = start(environment, answers);
        let contents = pty.contents();
        assert!(contents.contains("--------") && contents.contains("> 张三0"), "{contents}");
        assert!(!contents.contains('─'));
    }
}

#[test]
fn without_colour_the_selected_row_still_stands_out() {
    let pty = start(&[("NO_COLOR", "1")], Answers::Rightly);
    let sent = String::from_utf8(pty.sent()).unwrap();
    assert!(sent.contains("\x1b[0;7m▸ 张三0"), "{sent:?}");
    assert!(!sent.contains(";36m") && !sent.contains("38;5"));
}

#[test]
fn keys_as_terminals_send_them() {
    let mut pty = start(&[], Answers::Rightly);
    pty.send("\r").wait_for("说明").send("\x1bv").wait_for("\n 走访");
    pty.send("\x1bOP").wait_for("按条件筛选").send("\x1b[11~").wait_for("F1 帮助");
    pty.send("\x1b[B\x1b[B\x1b[6~").wait_for("▸ 孙三19");
    pty.send("\x1b[<0;4;5M\x1b[<0;4;5m").wait_for("▸ 赵三3").send("\x1b[<0;4;5M").wait_for("户档 ·");
    pty.send("\x1b[200~在外\r打工\n\x1b[201~").wait_for("说明  在外 打工");
}

#[test]
fn without_a_terminal_it_says_so() {
    let output = Command::new(std::env::current_exe().unwrap()).args(PROGRAM).output().unwrap();
    let says = String::from_utf8(output.stdout).unwrap();
    assert!(says.contains("这里不是终端"), "{says}");
    let mut pty = Pty::start(command(), &[("LC_ALL", "zh_CN.GBK")], (80, 24), Answers::Rightly);
    pty.wait_for_end();
    assert!(encoding_rs::GB18030.decode(&pty.sent()).0.contains("汉字会显示成乱码"));
    assert!(!pty.sent().windows(8).any(|sent| sent == b"\x1b[?1049h"), "the screen was not taken");
}
