//! What is read can be written, and is the same through the typed handle.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::{NonZero, Wrapping};
use std::time::{Duration, UNIX_EPOCH};

use shmstate::inspect::{Field, Inspector, Value};
use shmstate::{Shared, SharedState, Timestamp};

use super::kinds::{self, Everything, Level, Phase};
use super::support::{arguments, assert_success, name, spawn_self};
use super::walk::text_of;

type Nested = Option<(char, Option<u8>)>;

/// A slot of every kind, and all that the others lack.
#[derive(SharedState, Clone, Debug, PartialEq)]
struct All {
    kinds: Everything,
    #[shared(watch)]
    seen: i32,
    #[shared(watch)]
    phases: [Phase; 2],
    #[shared(watch)]
    wide: f64,
    single: f32,
    small: (i8, i16, u16),
    negative: i128,
    #[shared(capacity = 14)]
    note: Option<String>,
    #[shared(capacity = 3)]
    flags: Vec<bool>,
    nested: [[Nested; 2]; 2],
    unit: ((u8,), Option<()>),
    #[shared(pod)]
    point: [Wrapping<u64>; 2],
}

fn one() -> All {
    All {
        kinds: kinds::example(),
        seen: -7,
        phases: [Phase::Done, Phase::Busy],
        wide: 1e300,
        single: -0.25,
        small: (-1, i16::MIN, u16::MAX),
        negative: i128::MIN,
        note: Some("None \"of\" it\n\u{7f}".to_owned()),
        flags: vec![true, false, true],
        nested: [[None, Some(('\'', None))], [Some(('"', Some(9))), None]],
        unit: ((5,), None),
        point: [Wrapping(1), Wrapping(u64::MAX)],
    }
}

/// Differs from [`one`] in every field.
fn other() -> All {
    let limits = |low| kinds::Limits {
        low,
        high: None,
        strict: false,
    };
    All {
        kinds: Everything {
            flag: false,
            letter: 'x',
            tiny: 0,
            count: 3,
            ratio: f64::INFINITY,
            phase: Phase::Idle,
            level: Level::High,
            last: None,
            tries: NonZero::<u16>::MAX,
            per_worker: [9, 8, 7],
            alone: 0,
            limits: limits(100),
            rows: [limits(101), limits(102)],
            total: 0,
            maybe: None,
            pair: (false, 0),
            pause: Duration::MAX,
            locked_level: Level::Low,
            foreign: Wrapping(0),
            label: String::new(),
            lines: [String::new(), "2".to_owned()],
            recent: vec![],
            letters: vec!['z'],
            people: vec![],
            window: kinds::Window {
                low: 0,
                high: 0,
                open: false,
                level: Level::Low,
                title: String::new(),
                marks: vec![],
                deadline: None,
                limits: [limits(0), limits(0)],
            },
            account: kinds::Account {
                cents: 0,
                owner: String::new(),
                history: vec![Some(1), None, None],
            },
            page: kinds::Page {
                words: [0; 127],
                phase: Phase::Idle,
            },
            since: UNIX_EPOCH,
            host: Ipv4Addr::BROADCAST,
            peer: SocketAddr::from(([1, 2, 3, 4], 5)),
            beat: Timestamp::default(),
            names: vec![],
            end: 0,
            generation: 0,
            steps: [Phase::Idle, Phase::Busy],
            beats: 0,
        },
        seen: 0,
        phases: [Phase::Idle, Phase::Idle],
        wide: 0.0,
        single: 0.0,
        small: (0, 0, 0),
        negative: 0,
        note: None,
        flags: vec![],
        nested: [[Some(('a', None)), None], [None, Some(('b', None))]],
        unit: ((0,), Some(())),
        point: [Wrapping(0), Wrapping(0)],
    }
}

fn stage() -> (Shared<All>, Shared<All>) {
    let from = Shared::create(&name("from"), one()).expect("create");
    let to = Shared::create(&name("to"), other()).expect("create");
    (from, to)
}

// If wrong: the value that differs, and its path.
pub(crate) fn every_field_reads_as_the_typed_handle_shows_it() {
    let (from, _) = stage();
    let inspector = Inspector::from_token(&from.token()).expect("open");
    for (path, shown) in [
        ("kinds.flag", "true"),
        ("kinds.letter", "'ß'"),
        ("kinds.ratio", "-0.5"),
        ("kinds.phase", "Busy"),
        ("kinds.level", "Low"),
        ("kinds.last", "Some(-1)"),
        ("kinds.tries", "1"),
        ("kinds.per_worker", "[1, 2, 3]"),
        ("kinds.per_worker[2]", "3"),
        ("kinds.alone", "9"),
        ("kinds.rows[1].low", "3"),
        ("kinds.rows[1]", "{low: 3, high: Some(7), strict: true}"),
        ("kinds.total", "340282366920938463463374607431768211454"),
        ("kinds.pair", "(true, 77)"),
        ("kinds.pair.1", "77"),
        ("kinds.pause", "1.5s"),
        ("kinds.locked_level", "High"),
        ("kinds.foreign", "[255, 255, 255, 255]"),
        ("kinds.label", "\"a label\""),
        ("kinds.recent[1]", "2"),
        ("kinds.people[0].name", "\"Ada\""),
        ("kinds.people[0].age", "Some(36)"),
        ("kinds.people[1]", "{name: \"\", age: None}"),
        ("kinds.window.marks", "[(1, 'ä'), (2, 'z')]"),
        ("kinds.window.marks[1].1", "'z'"),
        ("kinds.window.deadline", "Some(3.999999999s)"),
        ("kinds.window.limits[1].low", "1"),
        ("kinds.account.cents", "-5"),
        ("kinds.account.history", "[None, Some(-1)]"),
        ("kinds.page.words[126]", "81985529216486895"),
        ("seen", "-7"),
        ("phases", "[Done, Busy]"),
        ("phases[0]", "Done"),
        ("wide", "1e300"),
        ("small", "(-1, -32768, 65535)"),
        ("negative", "-170141183460469231731687303715884105728"),
        ("nested[0][1].0", "'\\''"),
        ("nested[1][0]", "Some(('\"', Some(9)))"),
        ("unit", "((5,), None)"),
    ] {
        let field = inspector.field(path).expect(path);
        assert_eq!(field.path(), path);
        assert_eq!(field.get().expect(path).to_string(), shown, "{path}");
    }
    let schema = Shared::<All>::schema();
    assert_eq!(inspector.schema(), schema);
    assert_eq!(inspector.description().fingerprint, schema.fingerprint());
    assert_eq!(inspector.type_name(), "All");
    assert_eq!(inspector.id(), Shared::id(&from));
    for listed in schema.fields() {
        // Those in an array or list are listed once, for no element in particular.
        if !listed.path().contains("[]") {
            let field = inspector.field(listed.path()).expect("it is there");
            assert_eq!(field.ty(), listed.ty(), "{}", listed.path());
            assert_eq!(field.access(), listed.access(), "{}", listed.path());
            assert_eq!(field.size(), listed.size(), "{}", listed.path());
        }
    }
}

/// How a field is copied from one segment to another.
fn copy_one(way: &str, from: &Field<'_>, to: &Field<'_, shmstate::access::Write>) {
    let value = from.get().expect("a value");
    let set = match way {
        "value" => to.set(value),
        "text" => to.set_str(&text_of(&value)),
        _ => {
            let json = serde_json::to_string(&value).expect("serialised");
            // Text stands for itself, without quotes.
            let text: Result<String, _> = serde_json::from_str(&json);
            to.set_str(&text.unwrap_or(json))
        }
    };
    set.unwrap_or_else(|error| panic!("{}: {error}", from.path()));
}

/// In a process that knows nothing of the type: copies every field.
pub(crate) fn copy() {
    let [way, from, to] = &arguments()[..] else {
        panic!("three arguments");
    };
    let from = Inspector::open(from).expect("open");
    let to = Inspector::options().writable().open(to).expect("open");
    for field in from.root().leaves() {
        let target = to.field(field.path()).expect("the same fields");
        assert_ne!(field.get().ok(), target.get().ok(), "{}", field.path());
        copy_one(way, &field, &target);
        assert_eq!(field.get().ok(), target.get().ok(), "{}", field.path());
    }
}

fn check_copy(way: &str) {
    let (from, to) = stage();
    // Floats that are no numbers are none in JSON either.
    let mut child = spawn_self("copier", |command| {
        command.args([way, &name("from"), &name("to")]);
    });
    assert_success(child.wait().expect("it ends"));
    assert_eq!(to.snapshot(), one());
    assert_eq!(format!("{to:?}"), format!("{from:?}"));
    // The other way round, part by part where a slot has parts.
    to.restore(other()).expect("it fits");
    let inspector = Inspector::options()
        .writable()
        .open(&name("to"))
        .expect("open");
    let source = Inspector::open(&name("from")).expect("open");
    for field in source.root().leaves() {
        let target = inspector.field(field.path()).expect("the same fields");
        let parts: Vec<_> = field.clone().children().collect();
        let there = |part: &Field<'_>| {
            let target = inspector.field(part.path()).expect("the same parts");
            let both = [part.get(), target.get()];
            !both
                .map(|part| part.expect("a value"))
                .contains(&Value::Absent)
        };
        if parts.is_empty() || !parts.iter().all(there) || field.ty().starts_with("list") {
            copy_one(way, &field, &target);
        } else {
            for part in parts {
                copy_one(
                    way,
                    &part,
                    &inspector.field(part.path()).expect("the same parts"),
                );
            }
        }
    }
    assert_eq!(to.snapshot(), one());
}

// If wrong: the two states, or the field that could not be written.
pub(crate) fn every_field_copied_by_value_reads_back_through_the_typed_handle() {
    check_copy("value");
}

// If wrong: as above.
pub(crate) fn every_field_copied_as_text_reads_back_through_the_typed_handle() {
    check_copy("text");
}

// If wrong: as above.
pub(crate) fn every_field_copied_as_json_reads_back_through_the_typed_handle() {
    check_copy("json");
}

// If wrong: the two states.
pub(crate) fn whole_states_are_copied_at_once() {
    let (from, to) = stage();
    let source = Inspector::from_token(&from.token()).expect("open");
    let target = Inspector::options()
        .writable()
        .from_token(&to.token())
        .expect("open");
    target
        .root()
        .set(source.root().get().expect("values"))
        .expect("set");
    assert_eq!(to.snapshot(), one());
    to.restore(other()).expect("it fits");
    let shown = source.root().get().expect("values").to_string();
    target.root().set_str(&shown).expect("set");
    assert_eq!(to.snapshot(), one());
    let unit = target.field("unit").expect("it is there");
    unit.set_str("((1,), Some(()))").expect("set");
    assert_eq!(to.unit.get(), ((1,), Some(())));
    to.restore(other()).expect("it fits");
    let field = target.field("kinds.window").expect("it is there");
    field
        .set_str(&format!(
            "{:#}",
            source.field("kinds.window").unwrap().get().unwrap()
        ))
        .expect("set");
    assert_eq!(to.kinds.window.get(), one().kinds.window);
}

// If wrong: the bytes.
pub(crate) fn bytes_are_those_of_the_format() {
    let (from, _) = stage();
    let inspector = Inspector::from_token(&from.token()).expect("open");
    let bytes = |path: &str| inspector.field(path).expect(path).bytes().expect(path);
    assert_eq!(
        bytes("kinds.count"),
        Some((1_u64 << 40).to_le_bytes().to_vec())
    );
    assert_eq!(
        bytes("kinds.per_worker"),
        Some([1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0].to_vec())
    );
    assert_eq!(bytes("kinds.pair"), Some([1, 77, 0, 0, 0].to_vec()));
    assert_eq!(bytes("kinds.pair.1"), Some([77, 0, 0, 0].to_vec()));
    let label = bytes("kinds.label").expect("it is there");
    assert_eq!(label[..11], *b"\x07\0\0\0a label");
    assert_eq!(bytes("kinds.window.marks[2]"), None);
}
