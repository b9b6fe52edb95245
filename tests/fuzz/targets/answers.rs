#![no_main]

#[path = "../harness.rs"]
#[allow(dead_code)]
mod harness;

use std::sync::Once;

static HOOK: Once = Once::new();

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    // A panic within a reader of somebody else's format is caught where it is called; any other one ends the run.
    HOOK.call_once(|| {
        let end = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !panic.location().is_some_and(|location| location.file().contains("/calamine-")) {
                end(panic);
            }
        }));
    });
    harness::answers(input);
});
