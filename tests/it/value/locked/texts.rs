//! Text: what fits, what does not, and what every verb does.

use shmstate::{CapacityExceeded, Shared, SharedState, UpdateError};

use super::support::{arguments, assert_success, in_child, name, spawn_self};

#[derive(SharedState, Clone, Debug, PartialEq)]
pub(crate) struct Words {
    before: u64,
    #[shared(capacity = 8)]
    text: String,
    #[shared(capacity = 8)]
    next: String,
    after: u64,
    #[shared(capacity = 0)]
    none: String,
}

const BEFORE: u64 = 0x5555_5555_5555_5555;
const AFTER: u64 = !BEFORE;

fn words() -> Shared<Words> {
    let words = Words {
        before: BEFORE,
        text: "old".to_owned(),
        next: "neighbou".to_owned(),
        after: AFTER,
        none: String::new(),
    };
    Shared::new(words).expect("created")
}

/// Fails unless the text is this one, also for another process, and all around it as it was.
#[track_caller]
fn expect(state: &Shared<Words>, text: &str) {
    let look = || {
        let found = state.snapshot();
        assert_eq!(found.text, text);
        assert_eq!(found.next, "neighbou");
        assert_eq!((found.before, found.after), (BEFORE, AFTER));
        assert_eq!(found.none, "");
    };
    look();
    assert_success(in_child(look));
}

/// Has each verb that could write a text of `needed` bytes refuse it.
#[track_caller]
fn refuses(state: &Shared<Words>, old: &str, text: &str) {
    let too_long = |result: Result<(), CapacityExceeded>, needed: usize| {
        let exceeded = result.expect_err("it does not fit");
        assert_eq!((exceeded.capacity, exceeded.needed), (8, needed));
        assert_eq!(exceeded.field, "text");
        assert!(
            exceeded.to_string().contains("at most 8 bytes"),
            "{exceeded}"
        );
    };
    let version = state.text.version();
    too_long(state.text.set(text), text.len());
    too_long(state.text.replace(text).map(drop), text.len());
    too_long(state.text.push_str(text), old.len() + text.len());
    too_long(state.text.modify(|it| text.clone_into(it)), text.len());
    too_long(
        state.text.modify(|it| it.push_str(text)),
        old.len() + text.len(),
    );
    for result in [
        state.text.try_set(text),
        state.text.try_modify(|it| text.clone_into(it)),
        state
            .text
            .try_modify_for(std::time::Duration::MAX, |it| text.clone_into(it)),
    ] {
        let Err(UpdateError::CapacityExceeded(exceeded)) = result else {
            panic!("{result:?}");
        };
        too_long(Err(exceeded), text.len());
    }
    assert_eq!(state.text.version(), version, "nothing was committed");
    expect(state, old);
}

pub(crate) fn a_text_at_capacity_fits_and_one_byte_more_does_not() {
    let state = words();
    for text in ["a", "12345678", "1234567", "\u{1}234567\u{7f}"] {
        assert_success(in_child(|| state.text.set(text).expect("it fits")));
        expect(&state, text);
        refuses(&state, text, "123456789");
        refuses(&state, text, &"x".repeat(100_000));
    }
    state.text.set("1234567").expect("it fits");
    state.text.push('8').expect("it fits");
    assert!(state.text.push('9').is_err());
    assert!(state.text.push_str("9").is_err());
    state.text.push_str("").expect("nothing fits always");
    expect(&state, "12345678");
    assert!(state.none.set("x").is_err());
    assert!(state.none.push('x').is_err());
    state.none.set("").expect("nothing fits always");
    expect(&state, "12345678");
}

pub(crate) fn letters_of_several_bytes_count_as_such_and_are_never_cut() {
    let state = words();
    for text in ["ßßßß", "ab€äc", "😀😀", "a€€b"] {
        assert_eq!(text.len(), 8);
        assert_success(in_child(|| state.text.set(text).expect("it fits")));
        expect(&state, text);
    }
    for text in ["ßßßßa", "ßßßßß", "😀😀😀", "a😀😀", "ab€äcd", "€€€"] {
        refuses(&state, "a€€b", text);
    }
    for (start, letter) in [
        ("1234567", 'ß'),
        ("123456", '€'),
        ("12345", '😀'),
        ("1234567", '😀'),
    ] {
        state.text.set(start).expect("it fits");
        assert!(state.text.push(letter).is_err());
        expect(&state, start);
    }
    for (start, letter) in [("123456", 'ß'), ("12345", '€'), ("1234", '😀')] {
        state.text.set(start).expect("it fits");
        state.text.push(letter).expect("it fits");
        expect(&state, &format!("{start}{letter}"));
    }
}

pub(crate) fn nul_bytes_within_and_at_the_end_survive() {
    let state = words();
    for text in ["\0", "a\0b", "ab\0", "\0\0\0\0\0\0\0\0", "a\0\0", "\0a"] {
        assert_success(in_child(|| state.text.set(text).expect("it fits")));
        expect(&state, text);
        assert_eq!(state.text.len(), text.len());
    }
}

pub(crate) fn an_empty_text_is_a_text() {
    let state = words();
    assert_success(in_child(|| state.text.clear()));
    expect(&state, "");
    assert!(state.text.is_empty());
    state.text.push('x').expect("it fits");
    assert_success(in_child(|| state.text.set("").expect("it fits")));
    expect(&state, "");
    assert_eq!(state.text.len(), 0);
    assert_eq!(state.text.replace("new").expect("it fits"), "");
    expect(&state, "new");
}

pub(crate) fn each_verb_of_a_text_does_what_a_string_does() {
    let state = words();
    let text = &state.text;
    let version = text.version();
    assert_eq!(text.replace(String::from("one")).expect("it fits"), "old");
    assert_eq!(text.get(), "one");
    text.push_str("-2").expect("it fits");
    text.push('3').expect("it fits");
    assert_eq!(text.modify(|it| it.remove(0)).expect("it fits"), 'o');
    assert_eq!(text.try_get().expect("a text"), "ne-23");
    assert_eq!(text.try_modify(String::pop).expect("free"), Some('3'));
    let mut out = String::from("longer than the text");
    let room = out.capacity();
    text.read_into(&mut out);
    assert_eq!((out.as_str(), out.capacity()), ("ne-2", room));
    assert_eq!(text.snapshot(), "ne-2");
    assert_eq!(format!("{text:?}"), "\"ne-2\"");
    assert_eq!(text.version(), version + 5);
    assert_eq!(text.recoveries(), 0);
    // A panic in the closure changes nothing.
    let message = super::support::panic_of(|| {
        text.modify(|it| {
            it.clear();
            panic!("its own")
        })
    });
    assert_eq!(message, "its own");
    expect(&state, "ne-2");
    // And what waits sees the text.
    assert_eq!(text.wait_until(|it| it.ends_with('2')), "ne-2");
}

pub(crate) fn texts_go_both_ways_between_programs() {
    let name = name("words");
    let state = Shared::create(&name, words().snapshot()).expect("created");
    for token in [name.clone(), state.token()] {
        state.text.set("ping €").expect("it fits");
        let mut child = spawn_self("words", |command| {
            command.arg(&token);
        });
        let answer = state.text.wait_until(|text| text.starts_with("pong"));
        assert_eq!(answer, "pong 😀".replace(' ', ""));
        assert_success(child.wait().expect("waited for"));
        expect(&state, "pong😀");
    }
}

pub(crate) fn child() {
    let argument = arguments().remove(0);
    let state = Shared::<Words>::open(&argument).or_else(|_| Shared::from_token(&argument));
    let state = state.expect("opened");
    assert_eq!(state.text.get(), "ping €");
    state.text.set("pong😀").expect("it fits");
}

// If wrong: the panic about a change within a change, or with another holder a wait.
pub(crate) fn a_text_that_cannot_fit_is_refused_without_the_lock() {
    let state = words();
    let committed = state.text.modify(|_| {
        assert!(state.text.set("123456789").is_err());
        assert!(state.text.replace("123456789").is_err());
    });
    committed.expect("it fits");
    expect(&state, "old");
}
