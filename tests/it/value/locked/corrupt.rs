//! Bytes that are no value, put where each kind of value lies by a program that knows only the format.

use std::num::NonZero;
use std::time::Duration;

use shmstate::{Corrupt, Shared, SharedState, UpdateError};

use super::bytes::{poke, poke_behind};
use super::support::{assert_success, in_child, name, panic_of};

#[derive(SharedState, Clone, Debug, PartialEq)]
enum Phase {
    Idle,
    Busy,
}

#[derive(SharedState, Clone, Debug, PartialEq)]
#[repr(i16)]
enum Level {
    Low = -3,
    High = 500,
}

#[derive(SharedState, Clone, Debug, PartialEq)]
struct Inner {
    flag: bool,
    letter: char,
    phase: Phase,
    level: Level,
    tries: NonZero<u32>,
    #[shared(capacity = 6)]
    text: String,
    #[shared(capacity = 3)]
    list: Vec<bool>,
    pause: Duration,
    maybe: Option<char>,
}

fn inner() -> Inner {
    Inner {
        flag: true,
        letter: 'ß',
        phase: Phase::Busy,
        level: Level::High,
        tries: NonZero::<u32>::MAX,
        text: "aß€".to_owned(),
        list: vec![true, false],
        pause: Duration::from_millis(1),
        maybe: Some('x'),
    }
}

#[derive(SharedState, Clone, Debug, PartialEq)]
struct State {
    maybe_flag: Option<bool>,
    pair: (char, Level),
    pause: Duration,
    #[shared(lock)]
    flag: bool,
    #[shared(capacity = 9)]
    text: String,
    #[shared(capacity = 3)]
    list: Vec<char>,
    #[shared(capacity = 2)]
    inners: Vec<Inner>,
    #[shared(lock)]
    inner: Inner,
    #[shared(capacity = 3)]
    texts: [String; 2],
    option: Option<Inner>,
}

fn state() -> State {
    State {
        maybe_flag: Some(true),
        pair: ('a', Level::Low),
        pause: Duration::from_secs(1),
        flag: true,
        text: "Grüße".to_owned(),
        list: vec!['x', 'ß'],
        inners: vec![inner(), inner()],
        inner: inner(),
        texts: ["ab".to_owned(), "c".to_owned()],
        option: Some(inner()),
    }
}

/// Each kind of value within `prefix`, with the patterns that are none, and the path that is told.
fn patterns_of_inner(prefix: &str) -> Vec<(String, Vec<u64>, String)> {
    let chars = vec![0xd800, 0xdfff, 0x11_0000, 0xffff_ffff];
    [
        ("flag", (2..=255).collect(), "flag"),
        ("letter", chars.clone(), "letter"),
        ("phase", (2..=255).collect(), "phase"),
        ("level", vec![0, 1, 499, 0x7fff, 0x8000, 0xffff], "level"),
        ("tries", vec![0], "tries"),
        (
            "text.len",
            vec![7, 64, 0x7fff_ffff, 0xffff_fffc, 0xffff_ffff],
            "text",
        ),
        ("text.0", vec![0x80, 0xc0, 0xff, 0xf8], "text[0]"),
        // Half a letter, and one that is too long for what follows.
        ("text.2", vec![0x20], "text[1]"),
        ("text.3", vec![0xff, 0xe0, 0xf0], "text[3]"),
        ("list.len", vec![4, 0x8000_0000, 0xffff_ffff], "list"),
        ("list.0", vec![2, 255], "list[0]"),
        ("list.1", vec![2, 255], "list[1]"),
        ("maybe.tag", (2..=255).collect(), "maybe"),
        ("maybe", chars, "maybe"),
    ]
    .into_iter()
    .map(|(place, bad, told)| (format!("{prefix}.{place}"), bad, told.to_owned()))
    .collect()
}

/// Where to write, what, and the path that is told.
fn patterns() -> Vec<(String, Vec<u64>, String)> {
    let mut all: Vec<(String, Vec<u64>, String)> = Vec::new();
    for (prefix, told) in [
        ("inner", "inner"),
        ("inners.0", "inners[0]"),
        ("inners.1", "inners[1]"),
        ("option", "option"),
    ] {
        for (place, bad, inside) in patterns_of_inner(prefix) {
            all.push((place, bad, format!("{told}.{inside}")));
        }
    }
    let chars = vec![0xd800, 0xdbff, 0x11_0000, 0x8000_0061];
    for (place, bad, told) in [
        ("maybe_flag.tag", (2..=255).collect(), "maybe_flag"),
        ("maybe_flag", vec![2, 0x80, 255], "maybe_flag"),
        ("pair.0", chars.clone(), "pair.0"),
        ("pair.1", vec![0, 3, 0xfffe], "pair.1"),
        ("flag", (2..=255).collect(), "flag"),
        ("text.len", vec![10, 0xffff_ffff, 1 << 31], "text"),
        ("text.0", vec![0x80, 0xff], "text[0]"),
        ("text.2", vec![0xa0, 0xff], "text[2]"),
        ("list.len", vec![4, 0xffff_ffff, 1 << 31], "list"),
        ("list.1", chars, "list[1]"),
        ("texts.1.len", vec![4, 0xffff_ffff], "texts[1]"),
        ("texts.0.1", vec![0xff], "texts[0][1]"),
        ("inners.len", vec![3, 0x8000_0000, 0xffff_ffff], "inners"),
        ("option.tag", vec![2, 3, 255], "option"),
    ] {
        all.push((place.to_owned(), bad, told.to_owned()));
    }
    all
}

// If wrong: the name of the pattern that was taken for a value, or a signal.
pub(crate) fn every_invalid_pattern_is_an_error_with_its_path_and_heals() {
    let name = name("corrupt");
    let shared = Shared::create(&name, state()).expect("created");
    let view = shared.read_only();
    for (place, bad, told) in patterns() {
        for (i, bits) in bad.into_iter().enumerate() {
            poke(&name, &place, bits);
            let what = || format!("{place} with {bits:#x}");
            for result in [shared.try_snapshot(), view.try_snapshot()] {
                let corrupt = result.expect_err(&what());
                assert_eq!(corrupt.field(), told, "{}", what());
                assert!(corrupt.to_string().contains("heals it"), "{corrupt}");
                let is_length = matches!(place.rsplit('.').next(), Some("len" | "tag"));
                assert!(!is_length || corrupt.found() == bits, "{corrupt}");
            }
            assert!(format!("{shared:?}").contains("corrupt"), "{shared:?}");
            if i == 0 {
                assert_success(in_child(|| panics(&shared, &told)));
            }
            heal(&shared, &place);
            assert_eq!(
                shared.try_snapshot().expect("healed"),
                state(),
                "{}",
                what()
            );
            assert_eq!(view.try_snapshot().expect("healed"), state(), "{}", what());
        }
    }
    // A duration's nanoseconds are its second part, of which the table says nothing more.
    for bits in [1_000_000_000, u32::MAX] {
        let slot = &shared.pause;
        poke_duration(&name, bits);
        let corrupt = slot.try_get().expect_err("no duration");
        assert_eq!(corrupt.found(), u64::from(bits));
        assert_eq!(
            view.try_snapshot().expect_err("no duration").field(),
            "pause"
        );
        slot.set(state().pause);
        assert_eq!(shared.snapshot(), state());
    }
}

/// Fails unless the plain verbs panic and name the field.
fn panics(shared: &Shared<State>, told: &str) {
    for message in [
        panic_of(|| shared.snapshot()),
        panic_of(|| shared.read_only().snapshot()),
        panic_of(|| shared.snapshot_into(&mut state())),
    ] {
        assert!(
            message.starts_with(&format!("field `{told}` ")),
            "{message}"
        );
    }
}

fn poke_duration(name: &str, nanoseconds: u32) {
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&nanoseconds.to_le_bytes());
    for (i, byte) in bytes.into_iter().enumerate() {
        super::bytes::poke_byte(name, "pause", 8 + i as u64, byte);
    }
}

/// Sets the slot that `place` lies in.
fn heal(shared: &Shared<State>, place: &str) {
    match place.split('.').next().expect("a field") {
        "maybe_flag" => shared.maybe_flag.set(state().maybe_flag),
        "pair" => shared.pair.set(state().pair),
        "flag" => shared.flag.set(true),
        "text" => shared.text.set(state().text).expect("it fits"),
        "list" => shared.list.set(state().list).expect("it fits"),
        "texts" => {
            for (slot, text) in shared.texts.iter().zip(state().texts) {
                slot.set(text).expect("it fits");
            }
        }
        "inners" => shared.inners.set(state().inners).expect("it fits"),
        "inner" => shared.inner.set(inner()),
        "option" => shared.option.set(state().option),
        other => panic!("{other}"),
    }
}

type Verb<'a> = &'a dyn Fn();

#[allow(clippy::too_many_lines)] // a table
pub(crate) fn plain_verbs_panic_and_say_why() {
    let name = name("panics");
    let shared = Shared::create(&name, state()).expect("created");
    let view = shared.read_only();
    let is_corrupt = |result: Result<(), UpdateError>| match result {
        Err(UpdateError::Corrupt(corrupt)) => corrupt,
        other => panic!("{other:?}"),
    };
    let spoil = || {
        poke(&name, "inner.flag", 7);
        poke(&name, "text.len", 10);
        poke(&name, "list.len", 0xffff_ffff);
    };
    let (text, list) = (
        " has the length 10; expected at most 9",
        " has the length 4294967295; expected at most 3",
    );
    let flag = &format!("field `inner.flag` of segment `{name}` is a bool and holds 7");
    let verbs: [(Verb<'_>, &str); 20] = [
        (&|| drop(shared.inner.get()), flag),
        (&|| drop(view.inner.get()), flag),
        (
            &|| shared.inner.modify(|_| panic!("called with no value")),
            flag,
        ),
        (
            &|| drop(shared.inner.wait_until(|_| panic!("called with no value"))),
            flag,
        ),
        (&|| drop(shared.inner.snapshot()), flag),
        (&|| drop(shared.text.get()), text),
        (
            &|| {
                let _ = view.text.len();
            },
            text,
        ),
        (&|| drop(shared.text.push('x')), text),
        (&|| drop(shared.text.push_str("")), text),
        (
            &|| drop(shared.text.modify(|_| panic!("called with no value"))),
            text,
        ),
        (&|| drop(shared.text.wait_until(|_| true)), text),
        (&|| drop(shared.list.get()), list),
        (
            &|| {
                let _ = view.list.at(0);
            },
            list,
        ),
        (
            &|| {
                let _ = view.list.at(usize::MAX);
            },
            list,
        ),
        (
            &|| {
                let _ = view.list.is_empty();
            },
            list,
        ),
        (&|| drop(shared.list.push('x')), list),
        (
            &|| {
                let _ = shared.list.pop();
            },
            list,
        ),
        (&|| drop(shared.list.extend([])), list),
        (
            &|| drop(shared.list.modify(|_| panic!("called with no value"))),
            list,
        ),
        (&|| shared.list.read_into(&mut vec!['y'; 9]), list),
    ];
    spoil();
    for (i, (verb, text)) in verbs.into_iter().enumerate() {
        let message = panic_of(verb);
        assert!(message.contains(text), "verb {i}: {message}");
    }
    is_corrupt(shared.inner.try_modify(|_| panic!("called with no value")));
    let corrupt: Corrupt = is_corrupt(shared.text.try_modify(drop_text));
    assert_eq!(corrupt.found(), 10);
    is_corrupt(shared.list.try_modify(|_| panic!("called with no value")));

    // To replace writes all the same, and then says that there was nothing.
    assert!(panic_of(|| shared.inner.replace(inner())).contains(flag));
    assert!(panic_of(|| shared.text.replace(state().text)).contains(text));
    assert!(panic_of(|| shared.list.replace(state().list)).contains(list));
    assert_eq!(shared.snapshot(), state());

    // What does not look at the old value heals.
    spoil();
    shared.inner.try_set(inner()).expect("free");
    shared.text.clear();
    shared.list.clear();
    assert_eq!(
        (shared.text.get(), shared.list.get()),
        (String::new(), vec![])
    );
    shared.restore(state()).expect("it fits");
    assert_eq!(shared.snapshot(), state());
    assert_eq!(shared.inner.recoveries(), 0);
}

fn drop_text(_: &mut String) {
    panic!("called with no value");
}

pub(crate) fn bytes_behind_the_end_mean_nothing() {
    let name = name("behind");
    let shared = Shared::create(&name, state()).expect("created");
    for byte in [0xff, 0x80, 1] {
        poke_behind(&name, "text", 4 + 7, byte);
        poke_behind(&name, "list", 4 + 2 * 4, byte);
        assert_eq!(shared.snapshot(), state());
        shared.maybe_flag.set(None);
        poke(&name, "maybe_flag", u64::from(byte));
        assert_eq!(shared.maybe_flag.get(), None);
        shared.list.push('y').expect("it fits");
        shared.text.push('!').expect("it fits");
        assert_eq!(shared.list.get(), ['x', 'ß', 'y']);
        assert_eq!(shared.text.get(), "Grüße!");
        shared.restore(state()).expect("it fits");
    }
}
