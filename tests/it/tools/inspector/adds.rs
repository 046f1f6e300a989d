//! Adding to numbers.

use shmstate::Shared;
use shmstate::SharedState;
use shmstate::inspect::{Inspector, Value};

use super::support::{amount, assert_success, name, start};

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
struct Numbers {
    a: u8,
    b: u16,
    c: u32,
    d: u64,
    e: i8,
    f: i16,
    g: i32,
    h: i64,
    i: f32,
    j: f64,
    k: u128,
    l: i128,
    #[shared(lock)]
    m: u16,
    #[shared(watch)]
    n: i16,
    rows: [u8; 2],
    pair: (u8, f64),
}

// If wrong: the sum, and the field.
pub(crate) fn numbers_of_every_width_are_added_to_and_wrap_around() {
    let numbers = Shared::new(Numbers::default()).expect("create");
    let inspector = Inspector::options()
        .writable()
        .from_token(&numbers.token())
        .expect("open");
    for (path, amount, sum) in [
        ("a", Value::from(255_u8), "255"),
        ("a", 2_u8.into(), "1"),
        ("a", (-3).into(), "254"),
        ("b", (-1).into(), "65535"),
        ("c", (-1).into(), "4294967295"),
        ("d", (-1).into(), "18446744073709551615"),
        ("d", 3.into(), "2"),
        ("e", 127.into(), "127"),
        ("e", 1.into(), "-128"),
        ("f", (-5).into(), "-5"),
        ("g", (-5).into(), "-5"),
        ("h", i64::MIN.into(), "-9223372036854775808"),
        ("h", (-1).into(), "9223372036854775807"),
        ("i", 0.5_f32.into(), "0.5"),
        ("i", 2.into(), "2.5"),
        ("j", (-0.25).into(), "-0.25"),
        ("k", (-1).into(), "340282366920938463463374607431768211455"),
        (
            "k",
            u128::MAX.into(),
            "340282366920938463463374607431768211454",
        ),
        ("l", (-1).into(), "-1"),
        ("m", (-1).into(), "65535"),
        ("m", 2.into(), "1"),
        ("n", (-2).into(), "-2"),
        ("rows[1]", 7.into(), "7"),
        ("pair.0", (-1).into(), "255"),
        ("pair.1", 1.5.into(), "1.5"),
    ] {
        let field = inspector.field(path).expect(path);
        let before = field.get().expect(path);
        assert_eq!(field.add(amount).expect(path), before, "{path}");
        assert_eq!(field.get().expect(path).to_string(), sum, "{path}");
    }
    assert_eq!(numbers.rows[0].get(), 0);
    assert_eq!(numbers.pair.get(), (255, 1.5));
    assert_eq!(
        numbers.m.version(),
        3,
        "one commit each, and the one that it began with"
    );
    let error = inspector.field("a").unwrap().add(256).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`a`: expected u8 (0 to 255), found `256`"
    );
    assert!(inspector.field("a").unwrap().add(0.5).is_err());
    let error = inspector.root().add(1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the state is struct, and only numbers can be added to"
    );
}

const PROCESSES: u64 = 4;
fn turns_of_each() -> u64 {
    amount(1_000, 5_000)
}

fn add_in_processes(
    turns: u64,
    paths: &[&str],
    typed: impl Fn(&Shared<Numbers>),
) -> Shared<Numbers> {
    let numbers = Shared::create(&name("numbers"), Numbers::default()).expect("create");
    let adders = (0..PROCESSES).map(|_| {
        start(|| {
            let inspector = Inspector::options()
                .writable()
                .open(&name("numbers"))
                .expect("open");
            let fields: Vec<_> = paths
                .iter()
                .map(|path| inspector.field(path).expect(path))
                .collect();
            for _ in 0..turns {
                for field in &fields {
                    field.add(1).expect("added");
                }
            }
        })
    });
    let adders: Vec<_> = adders.collect();
    for _ in 0..turns {
        typed(&numbers);
    }
    for adder in adders {
        assert_success(adder.wait());
    }
    numbers
}

// If wrong: a sum that is too small.
pub(crate) fn additions_of_many_processes_lose_nothing() {
    // Lock-free ones by themselves: who waits for a lock in between is hardly ever in the way of another.
    let turns = 40 * turns_of_each();
    let numbers = add_in_processes(turns, &["d", "n"], |numbers| {
        numbers.d.fetch_add(1);
        numbers.n.fetch_add(1);
    });
    let sum = (PROCESSES + 1) * turns;
    assert_eq!(numbers.d.get(), sum);
    assert_eq!(u64::from(numbers.n.get().cast_unsigned()), sum % (1 << 16));
    drop(numbers);

    let numbers = add_in_processes(turns_of_each(), &["j", "k"], |numbers| {
        numbers.j.fetch_add(1.0);
        numbers.k.modify(|k| *k += 1);
    });
    let sum = (PROCESSES + 1) * turns_of_each();
    assert_eq!(numbers.j.get().to_string(), sum.to_string());
    assert_eq!(numbers.k.get(), u128::from(sum));
    assert_eq!((numbers.k.version(), numbers.k.recoveries()), (sum + 1, 0));
}

// If wrong: a sum that is too small: one part's change has undone the other's.
pub(crate) fn parts_of_one_slot_changed_by_many_processes_lose_nothing() {
    let numbers = add_in_processes(turns_of_each(), &["pair.1", "pair.0"], |numbers| {
        numbers.pair.modify(|pair| pair.1 += 1.0);
    });
    let sum = (PROCESSES + 1) * turns_of_each();
    let (low, high) = numbers.pair.get();
    assert_eq!(u64::from(low), PROCESSES * turns_of_each() % 256);
    assert_eq!(high.to_string(), sum.to_string());
}
