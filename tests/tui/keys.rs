//! What the one action table and the keymaps promise.

use hudang::tui::actions::TABLE;
use hudang::tui::context::Context;
use hudang::tui::keymap::{Keymap, SHIPPED, chord};

fn shipped() -> impl Iterator<Item = (&'static str, Keymap)> {
    SHIPPED.into_iter().map(|(name, _)| (name, Keymap::shipped(name).unwrap()))
}

/// With an input method on, a letter goes to the input method: whatever a letter does, another key does too.
#[test]
fn every_action_on_a_letter_has_a_twin_that_is_none() {
    for (name, keymap) in shipped() {
        for chain in Context::ALL.into_iter().flat_map(Context::chains) {
            for row in TABLE {
                let keys = keymap.keys(row.action, &chain);
                let is_letter = |key: &chord::Chord| chord::typed(*key).is_some_and(char::is_alphabetic);
                assert!(
                    !keys.iter().any(is_letter) || !keys.iter().all(is_letter),
                    "{name}: {} in {chain:?} has only letters",
                    row.name
                );
            }
        }
    }
}

/// What works over a screen's rows works also while text is typed on it, where plain characters are no keys.
#[test]
fn nothing_needs_a_plain_character() {
    let keymap = Keymap::shipped("default").unwrap();
    for chain in Context::ALL.into_iter().flat_map(Context::chains) {
        for row in TABLE.iter().filter(|row| row.action.works_in(&chain)) {
            let is_plain = |key: &chord::Chord| chord::typed(*key).is_some_and(|letter| letter != ' ');
            let keys = keymap.keys(row.action, &chain);
            assert!(keys.is_empty() || !keys.iter().all(is_plain), "{} in {chain:?}", row.name);
        }
    }
}

#[test]
fn every_action_has_a_key_in_the_default_keymap_where_it_works() {
    let keymap = Keymap::shipped("default").unwrap();
    // Words and lines are moved over with the arrows; emacs binds these.
    let without = ["delete-word", "delete-rest"];
    // One key for the first secretary, or where it belongs; from elsewhere it is in the palette.
    let in_palette = |name: &str, context: &Context| {
        ["open-desk-signs", "open-review"].contains(&name) && *context == Context::Global
    };
    for row in TABLE.iter().filter(|row| !without.contains(&row.name)) {
        for context in row.contexts.iter().filter(|context| !in_palette(row.name, context)) {
            let reaches = context.chains().iter().any(|chain| !keymap.keys(row.action, chain).is_empty());
            assert!(reaches, "{} in {context:?}", row.name);
        }
    }
}
