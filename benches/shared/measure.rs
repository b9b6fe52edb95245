//! Times with their percentiles, and memory as the system counts it.

use std::hint::black_box;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long some work takes.
pub fn timed<R>(work: impl FnOnce() -> R) -> Duration {
    let started = Instant::now();
    black_box(work());
    started.elapsed()
}

/// Milliseconds.
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The one in the middle.
pub fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Prints how long something took, and gives the median in milliseconds.
pub fn report<L: Ord>(what: &str, times: &mut [(Duration, L)]) -> f64 {
    times.sort_unstable();
    let Some(last) = times.len().checked_sub(1) else { return 0.0 };
    let at = |share: usize| ms(times[last * share / 1000].0);
    println!("{what}: p50 {:.2} ms, p99 {:.2} ms, max {:.2} ms of {}", at(500), at(990), at(1000), times.len());
    at(500)
}

/// Resident memory of this process now, in MB; 0 where the system does not tell.
pub fn resident() -> u64 {
    status("self", "VmRSS:").unwrap_or(0) / 1024
}

/// The most that this process ever had resident, in MB; 0 where the system does not tell.
pub fn peak() -> u64 {
    status("self", "VmHWM:").unwrap_or(0) / 1024
}

/// A line of what the system says of a process, in KB.
fn status(process: &str, line: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|text| text.strip_prefix(line))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// Runs a program to its end; gives how long it took, and the most that it was seen to have resident, in MB.
pub fn watched(command: &mut Command) -> (Duration, u64) {
    let started = Instant::now();
    let mut child = command.spawn().expect("the program starts");
    let process = child.id().to_string();
    let mut most = 0;
    let status = loop {
        if let Some(status) = child.try_wait().expect("the program can be waited for") {
            break status;
        }
        most = status_or(&process, most);
        sleep(Duration::from_millis(2));
    };
    // 3 is done, with findings.
    assert!(matches!(status.code(), Some(0 | 3)), "{command:?} ended with {status}");
    (started.elapsed(), most / 1024)
}

fn status_or(process: &str, most: u64) -> u64 {
    status(process, "VmHWM:").unwrap_or(0).max(most)
}
