//! Work on many things on all cores, of which what comes is taken in their order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use crate::progress::Progress;

/// Works on each item, a few ahead of the one whose turn it is. `told` is how much one of them counts in the progress.
/// False where it was cancelled.
pub(super) fn in_order<I: Sync, T: Send, E>(
    items: &[I],
    (what, told, of): (&str, usize, usize),
    progress: &mut dyn Progress,
    work: &(impl Fn(&I) -> T + Sync),
    mut take: impl FnMut(&I, T) -> Result<(), E>,
) -> Result<bool, E> {
    let workers = thread::available_parallelism().map_or(1, usize::from).min(items.len().max(1));
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (send, receive) = mpsc::sync_channel::<(usize, T)>(2 * workers);
    thread::scope(|scope| {
        for _ in 0..workers {
            let (send, next, stop) = (send.clone(), &next, &stop);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(at) else { break };
                    // Nobody listens any more once it was cancelled.
                    if send.send((at, work(item))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        // Dropped on every way out, so that no worker waits to be heard.
        let receive = receive;
        let mut early: BTreeMap<usize, T> = BTreeMap::new();
        let mut wanted = 0;
        while let Ok((at, done)) = receive.recv() {
            early.insert(at, done);
            while let Some(done) = early.remove(&wanted) {
                take(&items[wanted], done).inspect_err(|_| stop.store(true, Ordering::Relaxed))?;
                wanted += 1;
            }
            progress.step(what, (wanted * told).min(of) as u64, Some(of as u64));
            if progress.is_cancelled() {
                stop.store(true, Ordering::Relaxed);
                return Ok(false);
            }
        }
        Ok(true)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Unwatched;

    #[test]
    fn what_comes_is_taken_in_order_and_the_first_that_fails_ends_it() {
        let items: Vec<usize> = (0..100).collect();
        let slowly = |item: &usize| {
            thread::sleep(std::time::Duration::from_micros((100 - item) as u64 % 7 * 50));
            *item
        };
        let mut taken = Vec::new();
        let whole = in_order(&items, ("", 1, 100), &mut Unwatched, &slowly, |_, item| {
            taken.push(item);
            Ok::<_, ()>(())
        });
        assert_eq!((whole, &taken), (Ok(true), &items));
        let failed = in_order(
            &items,
            ("", 1, 100),
            &mut Unwatched,
            &slowly,
            |_, item| if item < 9 { Ok(()) } else { Err(item) },
        );
        assert_eq!(failed, Err(9));
    }
}
