//! A state with a slot of every kind.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};
use std::num::{NonZero, Wrapping};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use shmstate::{SharedState, Timestamp};

#[derive(SharedState, Clone, Copy, Debug, PartialEq)]
pub enum Phase {
    Idle,
    Busy,
    Done,
}

#[derive(SharedState, Clone, Copy, Debug, PartialEq)]
#[repr(i16)]
pub enum Level {
    Low = -3,
    High = 500,
}

#[derive(SharedState, Clone, Debug, PartialEq)]
pub struct Limits {
    pub low: i64,
    pub high: Option<NonZero<u8>>,
    pub strict: bool,
}

/// In an image, text and lists lie within.
#[derive(SharedState, Clone, Debug, PartialEq)]
pub struct Person {
    #[shared(capacity = 9)]
    pub name: String,
    pub age: Option<u8>,
}

#[derive(SharedState, Clone, Debug, PartialEq)]
pub struct Window {
    pub low: u64,
    pub high: u64,
    pub open: bool,
    pub level: Level,
    #[shared(capacity = 16)]
    pub title: String,
    #[shared(capacity = 3)]
    pub marks: Vec<(u8, char)>,
    pub deadline: Option<Duration>,
    pub limits: [Limits; 2],
}

/// Locked as a whole wherever it is.
#[derive(SharedState, Clone, Debug, PartialEq)]
#[shared(lock)]
pub struct Account {
    pub cents: i128,
    #[shared(capacity = 8)]
    pub owner: String,
    #[shared(capacity = 4)]
    pub history: Vec<Option<i32>>,
}

/// An image of 1 KiB, which is copied otherwise than a small one.
#[derive(SharedState, Clone, Debug, PartialEq)]
#[shared(lock)]
pub struct Page {
    pub words: [u64; 127],
    pub phase: Phase,
}

#[derive(SharedState, Clone, Debug, PartialEq)]
pub struct Everything {
    pub flag: bool,
    pub letter: char,
    pub tiny: u8,
    pub count: u64,
    pub ratio: f64,
    pub phase: Phase,
    pub level: Level,
    pub last: Option<NonZero<i64>>,
    pub tries: NonZero<u16>,
    pub per_worker: [u32; 3],
    #[shared(cache_padded)]
    pub alone: u64,
    #[shared(watch)]
    pub generation: u32,
    #[shared(watch)]
    pub steps: [Phase; 2],
    #[shared(watch, cache_padded)]
    pub beats: u64,
    pub limits: Limits,
    pub rows: [Limits; 2],
    pub total: u128,
    pub maybe: Option<char>,
    pub pair: (bool, u32),
    pub pause: Duration,
    #[shared(lock)]
    pub locked_level: Level,
    #[shared(pod)]
    pub foreign: Wrapping<u32>,
    #[shared(capacity = 24)]
    pub label: String,
    #[shared(capacity = 7)]
    pub lines: [String; 2],
    #[shared(capacity = 5)]
    pub recent: Vec<u32>,
    #[shared(capacity = 40)]
    pub letters: Vec<char>,
    #[shared(capacity = 2)]
    pub people: Vec<Person>,
    #[shared(lock)]
    pub window: Window,
    pub account: Account,
    pub page: Page,
    pub since: SystemTime,
    pub host: Ipv4Addr,
    pub peer: SocketAddr,
    #[shared(watch)]
    pub beat: Timestamp,
    #[shared(capacity = [2, 6])]
    pub names: Vec<(String, u8)>,
    pub end: u64,
}

pub fn limits(low: i64) -> Limits {
    Limits {
        low,
        high: NonZero::new(7),
        strict: true,
    }
}

pub fn window(low: u64) -> Window {
    Window {
        low,
        high: low + 1,
        open: true,
        level: Level::High,
        title: "Fenster".to_owned(),
        marks: vec![(1, 'ä'), (2, 'z')],
        deadline: Some(Duration::new(3, 999_999_999)),
        limits: [limits(-1), limits(1)],
    }
}

pub fn account() -> Account {
    Account {
        cents: -5,
        owner: "Zoë".to_owned(),
        history: vec![None, Some(-1)],
    }
}

pub fn page(word: u64) -> Page {
    Page {
        words: [word; 127],
        phase: Phase::Busy,
    }
}

pub fn people() -> Vec<Person> {
    let ada = Person {
        name: "Ada".to_owned(),
        age: Some(36),
    };
    let nobody = Person {
        name: String::new(),
        age: None,
    };
    vec![ada, nobody]
}

pub fn example() -> Everything {
    Everything {
        flag: true,
        letter: 'ß',
        tiny: 200,
        count: 1 << 40,
        ratio: -0.5,
        phase: Phase::Busy,
        level: Level::Low,
        last: NonZero::new(-1),
        tries: NonZero::<u16>::MIN,
        per_worker: [1, 2, 3],
        alone: 9,
        generation: 4,
        steps: [Phase::Done, Phase::Idle],
        beats: u64::MAX,
        limits: limits(0),
        rows: [limits(2), limits(3)],
        total: u128::MAX - 1,
        maybe: Some('?'),
        pair: (true, 77),
        pause: Duration::from_millis(1500),
        locked_level: Level::High,
        foreign: Wrapping(u32::MAX),
        label: "a label".to_owned(),
        lines: ["one".to_owned(), "zwei ü".to_owned()],
        recent: vec![1, 2, 3],
        letters: "abcdefghi".chars().collect(),
        people: people(),
        window: window(10),
        account: account(),
        page: page(0x0123_4567_89ab_cdef),
        since: UNIX_EPOCH - Duration::new(1, 1),
        host: Ipv4Addr::new(10, 0, 0, 1),
        // Flow information and scope, too.
        peer: SocketAddrV6::new(Ipv6Addr::LOCALHOST, 443, 7, 3).into(),
        beat: Timestamp::from_nanos(12_000_000_034),
        names: vec![("Zoë".to_owned(), 1), (String::new(), 2)],
        end: u64::MAX,
    }
}

/// Fails unless the value is one that its type can have: what a compiler takes for granted is looked at
/// byte by byte, and lengths against capacities.
#[track_caller]
pub fn assert_sound(value: &Everything) {
    let texts = [
        (&value.label, 24),
        (&value.lines[0], 7),
        (&value.lines[1], 7),
        (&value.window.title, 16),
        (&value.account.owner, 8),
    ];
    let pairs = value.names.iter().map(|(name, _)| (name, 6));
    let names = value.people.iter().map(|person| (&person.name, 9));
    let names = names.chain(pairs);
    for (text, most) in texts.into_iter().chain(names) {
        assert_text(text, most);
    }
    assert!(value.recent.len() <= 5 && value.letters.len() <= 40 && value.people.len() <= 2);
    assert!(value.window.marks.len() <= 3 && value.account.history.len() <= 4);
    let marks = value.window.marks.iter().map(|(_, mark)| *mark);
    let letters = value.letters.iter().copied().chain(marks);
    for letter in letters.chain(value.maybe).chain([value.letter]) {
        assert_char(letter);
    }
    for flag in [
        value.flag,
        value.pair.0,
        value.window.open,
        value.limits.strict,
    ] {
        assert!(
            std::hint::black_box(u8::from(flag)) <= 1,
            "a bool of {}",
            u8::from(flag)
        );
    }
    for duration in value.window.deadline.into_iter().chain([value.pause]) {
        assert!(std::hint::black_box(duration.subsec_nanos()) < 1_000_000_000);
    }
    // The rest is walked through, and what is no value would be read as one.
    std::hint::black_box(format!("{value:?}"));
}

#[track_caller]
pub fn assert_text(text: &str, most: usize) {
    assert!(text.len() <= most, "{} bytes", text.len());
    let bytes = std::hint::black_box(text.as_bytes());
    assert!(str::from_utf8(bytes).is_ok(), "no UTF-8: {bytes:x?}");
}

#[track_caller]
fn assert_char(c: char) {
    let number = std::hint::black_box(u32::from(c));
    assert!(char::from_u32(number).is_some(), "a char of {number:#x}");
}
