//! The kinds of fields that have a text of their own: points in time, and addresses.

use std::fs::{self, OpenOptions};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::fs::FileExt;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use shmstate::{Atomic, Inspector, Locked, Shared, SharedState, Timestamp, Watched};

use super::support::{assert_success, in_child, is_deep, name, panic_of};

#[derive(SharedState, Clone, Debug, PartialEq)]
struct Kinds {
    time: SystemTime,
    ip: IpAddr,
    v4: Ipv4Addr,
    v6: Ipv6Addr,
    socket: SocketAddr,
    beat: Timestamp,
    #[shared(watch)]
    peer: Ipv4Addr,
    #[shared(watch, cache_padded)]
    seen: [Timestamp; 2],
    last: Option<SystemTime>,
    none: Option<Ipv4Addr>,
    hosts: [Ipv4Addr; 2],
    hops: [IpAddr; 2],
    pair: (SocketAddr, Timestamp),
    #[shared(capacity = 3)]
    listening: Vec<SocketAddr>,
    #[shared(lock)]
    locked: Timestamp,
    session: Session,
}

#[derive(SharedState, Clone, Debug, PartialEq)]
#[shared(lock)]
struct Session {
    from: SocketAddr,
    since: SystemTime,
    gateway: Ipv4Addr,
}

fn example() -> Kinds {
    let address = |text: &str| text.parse().expect("an address");
    let socket = |text: &str| text.parse().expect("an address");
    Kinds {
        time: UNIX_EPOCH - Duration::new(1, 1),
        ip: address("::1"),
        v4: Ipv4Addr::new(1, 2, 3, 4),
        v6: Ipv6Addr::LOCALHOST,
        socket: socket("[fe80::1%3]:80"),
        beat: Timestamp::from_nanos(12_000_000_034),
        peer: Ipv4Addr::BROADCAST,
        seen: [Timestamp::from_nanos(1), Timestamp::from_nanos(u64::MAX)],
        last: Some(UNIX_EPOCH + Duration::new(951_782_400, 500_000_000)),
        none: None,
        hosts: [Ipv4Addr::LOCALHOST, Ipv4Addr::UNSPECIFIED],
        hops: [address("10.0.0.1"), address("fe80::2")],
        pair: (socket("1.1.1.1:1"), Timestamp::from_nanos(5)),
        listening: vec![socket("[::1]:80"), socket("1.2.3.4:5")],
        locked: Timestamp::from_nanos(7),
        session: Session {
            from: socket("[2001:db8::1]:443"),
            since: UNIX_EPOCH,
            gateway: Ipv4Addr::new(192, 168, 0, 1),
        },
    }
}

pub(crate) fn every_kind_with_a_text_goes_round() {
    let segment = name("kinds");
    let state = Shared::create(&segment, example()).expect("create");
    assert_success(in_child(|| {
        let there = Shared::<Kinds>::open(&segment).expect("open");
        assert_eq!(there.snapshot(), example());
        there.peer.set(Ipv4Addr::new(9, 9, 9, 9));
        there
            .session
            .modify(|session| session.since += Duration::from_secs(1));
        there
            .listening
            .push("8.8.8.8:53".parse().expect("an address"))
            .expect("it fits");
    }));
    assert_eq!(
        state
            .peer
            .wait_until(|peer| *peer != Ipv4Addr::BROADCAST)
            .octets(),
        [9; 4]
    );
    assert_eq!(
        state.session.get().since,
        UNIX_EPOCH + Duration::from_secs(1)
    );
    assert_eq!(state.listening.len(), 3);
    let _: (&Atomic<Ipv4Addr>, &Watched<Ipv4Addr>, &Locked<Ipv6Addr>) =
        (&state.v4, &state.peer, &state.v6);
    // The bytes of docs/format.md.
    assert_eq!(
        state.v4.raw().load(Ordering::Relaxed).to_le_bytes(),
        [1, 2, 3, 4]
    );
    let inspector = Inspector::open(&segment).expect("open");
    let bytes = |field: &str| {
        inspector
            .field(field)
            .expect("there")
            .bytes()
            .expect("read")
            .expect("there")
    };
    let time = [&(-2_i64).to_le_bytes()[..], &999_999_999_u32.to_le_bytes()].concat();
    assert_eq!(bytes("time"), time);
    assert_eq!(bytes("hops[0]"), [&[0, 10, 0, 0, 1][..], &[0; 12]].concat());
    assert_eq!(
        bytes("ip"),
        [&[1][..], &Ipv6Addr::LOCALHOST.octets()].concat()
    );
    let port = 80_u16.to_le_bytes();
    let scope = 3_u32.to_le_bytes();
    let ip = "fe80::1".parse::<Ipv6Addr>().expect("an address").octets();
    assert_eq!(
        bytes("socket"),
        [&[1][..], &ip, &port, &[0; 4], &scope].concat()
    );
    assert_eq!(bytes("beat"), 12_000_000_034_u64.to_le_bytes());
}

pub(crate) fn what_tools_show_they_take_back() {
    let segment = name("shown");
    let state = Shared::create(&segment, example()).expect("create");
    let inspector = Inspector::options()
        .writable()
        .open(&segment)
        .expect("open");
    let field = |path: &str| inspector.field(path).expect("there");
    let show = |path: &str| field(path).get().expect("read").to_string();
    assert_eq!(show("time"), "1969-12-31T23:59:58.999999999Z");
    assert_eq!(show("last"), "Some(2000-02-29T00:00:00.5Z)");
    assert_eq!(show("socket"), "[fe80::1%3]:80");
    assert_eq!(show("beat"), "12.000000034");
    assert_eq!(show("listening"), "[[::1]:80, 1.2.3.4:5]");
    for field in inspector.fields() {
        let text = field.get().expect("read").to_string();
        field.set_str(&text).expect("its own text");
    }
    assert_eq!(state.snapshot(), example());
    field("peer").set_str("\"7.7.7.7\"").expect("JSON");
    field("pair").set_str("([::2]:9, 1.5)").expect("a tuple");
    assert_eq!(state.peer.get().octets(), [7; 4]);
    let pair = (
        "[::2]:9".parse().expect("an address"),
        Timestamp::from_nanos(1_500_000_000),
    );
    assert_eq!(state.pair.get(), pair);
    field("hosts")
        .set_str("[1.1.1.1,2.2.2.2]")
        .expect("an array");
    assert_eq!(state.hosts[1].get().octets(), [2; 4]);
    let refused = |path: &str, text: &str| field(path).set_str(text).unwrap_err().to_string();
    let told = refused("ip", "10.0.0");
    assert!(told.contains("`ip`") && told.contains("10.0.0.1"), "{told}");
    for text in [
        "2023-02-29T12:00:00Z",
        "2024-13-01T00:00:00Z",
        "2024-01-01T24:00:00Z",
        "now",
        "2024-01-01",
    ] {
        refused("time", text);
    }
    assert_eq!(state.time.get(), example().time);
    let shown = format!("{:?}", *state);
    assert!(
        shown.contains("none: None, hosts: [1.1.1.1, 2.2.2.2]"),
        "{shown}"
    );
}

pub(crate) fn zero_bytes_are_a_value() {
    #[derive(SharedState, Debug, PartialEq)]
    struct Zeros {
        time: SystemTime,
        ip: IpAddr,
        v4: Ipv4Addr,
        v6: Ipv6Addr,
        socket: SocketAddr,
        beat: Timestamp,
    }
    let zeros = Zeros {
        time: UNIX_EPOCH,
        ip: Ipv4Addr::UNSPECIFIED.into(),
        v4: Ipv4Addr::UNSPECIFIED,
        v6: Ipv6Addr::UNSPECIFIED,
        socket: SocketAddr::from(([0, 0, 0, 0], 0)),
        beat: Timestamp::default(),
    };
    assert_eq!(Shared::<Zeros>::zeroed().expect("create").snapshot(), zeros);
}

/// Writes over bytes wherever they are, as a program without the library might.
fn scribble(segment: &str, old: &[u8], new: &[u8]) {
    let path = format!("/dev/shm/{segment}");
    let bytes = fs::read(&path).expect("the file is there");
    let places = bytes.windows(old.len()).enumerate();
    let places = places.filter(|(_, found)| *found == old).map(|(at, _)| at);
    let file = OpenOptions::new().write(true).open(&path).expect("open");
    for at in places {
        file.write_all_at(new, at as u64).expect("write");
    }
}

/// If wrong: a value of some sort, or two byte strings that are the same value.
pub(crate) fn bytes_that_are_not_a_value_are_told() {
    let segment = name("corrupt");
    let state = Shared::create(&segment, example()).expect("create");
    let inspector = Inspector::open(&segment).expect("open");
    for (field, at, byte) in [("time", 11, 0xff), ("ip", 0, 0), ("socket", 0, 2)] {
        let field = inspector.field(field).expect("there");
        let old = field.bytes().expect("read").expect("there");
        let mut new = old.clone();
        new[at] = byte; // of an address of version 6, version 4 with bytes behind it
        scribble(&segment, &old, &new);
    }
    let told = state.time.try_get().unwrap_err().to_string();
    assert!(
        told.starts_with(&format!(
            "field `time` of segment `{segment}` is a time and holds the bytes fe ff"
        )),
        "{told}"
    );
    assert!(state.ip.try_get().is_err());
    let message = panic_of(|| state.socket.get());
    assert!(
        message.contains("is a socket address and holds the bytes 02"),
        "{message}"
    );
    for field in ["time", "ip", "socket"] {
        assert!(
            inspector.field(field).expect("there").get().is_err(),
            "{field}"
        );
    }
    state.restore(example()).expect("it fits");
    assert_eq!(state.snapshot(), example());
}

/// The days of some eight hundred years, those at the ends of a month if not all, and the edges of what the clock can
/// say.
pub(crate) fn a_date_is_that_of_the_calendar() {
    let state = Shared::create(&name("days"), UNIX_EPOCH).expect("create");
    let inspector = Inspector::options()
        .writable()
        .from_token(&state.token())
        .expect("open");
    let show = || inspector.root().get().expect("read").to_string();
    let (mut year, mut month, mut day) = (1600, 1, 1);
    let mut time = UNIX_EPOCH - Duration::from_secs(135_140 * 86_400);
    while year < 2410 {
        if is_deep() || day == 1 || day >= 28 {
            state.set(time);
            assert_eq!(show(), format!("{year:04}-{month:02}-{day:02}T00:00:00Z"));
            inspector.root().set_str(&show()).expect("its own text");
            assert_eq!(state.get(), time);
        }
        time += Duration::from_secs(86_400);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            2 => 28 + i32::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        day += 1;
        if day > last {
            (month, day) = (month + 1, 1);
        }
        if month > 12 {
            (year, month) = (year + 1, 1);
        }
    }
    let far = |seconds: i64| {
        let whole = Duration::from_secs(seconds.unsigned_abs());
        if seconds < 0 {
            UNIX_EPOCH.checked_sub(whole)
        } else {
            UNIX_EPOCH.checked_add(whole)
        }
    };
    for seconds in [
        i64::MIN,
        i64::MAX,
        -62_167_219_200,
        -62_167_219_201,
        253_402_300_800,
    ] {
        let time = far(seconds).expect("the clock has 64 bits");
        state.set(time);
        inspector.root().set_str(&show()).expect("its own text");
        assert_eq!(state.get(), time, "{}", show());
    }
}

/// If wrong: a beat that was made later is earlier.
pub(crate) fn a_timestamp_is_the_same_in_every_process() {
    let state = Shared::new([Timestamp::default(); 2]).expect("create");
    let before = Timestamp::now();
    assert_success(in_child(|| state[0].set(Timestamp::now())));
    let after = Timestamp::now();
    let beat = state[0].get();
    assert!(before < beat && beat < after, "{before} {beat} {after}");
    assert!(beat.elapsed() < Duration::from_mins(1));
    assert_eq!(beat.since(before) + after.since(beat), after.since(before));
    assert_eq!(before.since(after), Duration::ZERO);
    assert_eq!(Timestamp::from_nanos(u64::MAX).elapsed(), Duration::ZERO);
    assert_eq!(state[1].to_string(), "0.000000000");
    assert_eq!(format!("{:?}", state.snapshot()[1]), "0.000000000");
    assert_eq!("1.5".parse(), Ok(Timestamp::from_nanos(1_500_000_000)));
    for text in ["", ".", "1.", "-1", "1.0000000001", "18446744074.0"] {
        assert!(text.parse::<Timestamp>().is_err(), "{text}");
    }
}
