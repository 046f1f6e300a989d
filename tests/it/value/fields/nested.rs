//! Texts and lists within lists, options and tuples.

use shmstate::{Inspector, List, Shared, SharedState, Slot};

use super::support::name;

type Pair = (String, u8);

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
struct Nested {
    #[shared(capacity = [3, 8])]
    names: Vec<String>,
    #[shared(capacity = 5)]
    maybe: Option<(String, u32)>,
    #[shared(capacity = [2, 4])]
    pairs: Vec<(String, u8)>,
    #[shared(capacity = [2, 3])]
    lists: [Vec<String>; 2],
    #[shared(capacity = [2, 2, 2])]
    deep: Vec<Vec<Option<String>>>,
    #[shared(capacity = [2, 3])]
    both: (String, Vec<u16>),
    #[shared(capacity = 3, cache_padded)]
    apart: (u8, String),
}

fn example() -> Nested {
    let texts = |texts: &[&str]| {
        texts
            .iter()
            .map(|text| (*text).to_owned())
            .collect::<Vec<_>>()
    };
    Nested {
        names: texts(&["", "eight be", "ü"]),
        maybe: Some(("five!".to_owned(), 7)),
        pairs: vec![("four".to_owned(), 1), (String::new(), 2)],
        lists: [texts(&["abc"]), vec![]],
        deep: vec![vec![Some("ab".to_owned()), None], vec![]],
        both: ("hi".to_owned(), vec![1, 2, 3]),
        apart: (9, "end".to_owned()),
    }
}

pub(crate) fn capacities_within_capacities_go_round() {
    let segment = name("nested");
    let state = Shared::create(&segment, Nested::default()).expect("create");
    assert_eq!(state.snapshot(), Nested::default());
    state.restore(example()).expect("it fits");
    let there = Shared::<Nested>::open(&segment).expect("open");
    assert_eq!(there.snapshot(), example());
    assert_eq!(there.names.at(1).as_deref(), Some("eight be"));
    there.names.modify(|names| names.sort()).expect("it fits");
    assert_eq!(state.names.pop().as_deref(), Some("ü"));
    there.lists[1].push("z".to_owned()).expect("it fits");
    assert_eq!(state.lists[1].get(), ["z"]);
    assert_eq!((state.names.capacity(), state.lists[0].capacity()), (3, 2));
    let _: &List<Pair, 2, shmstate::access::Write, _> = &state.pairs;

    // Tools see the same, and take back what they show.
    state.restore(example()).expect("it fits");
    let inspector = Inspector::options()
        .writable()
        .open(&segment)
        .expect("open");
    assert_eq!(
        inspector
            .field("names[1]")
            .expect("there")
            .get()
            .expect("read")
            .to_string(),
        "\"eight be\""
    );
    assert_eq!(
        inspector
            .field("deep[0][0]")
            .expect("there")
            .get()
            .expect("read")
            .to_string(),
        "Some(\"ab\")"
    );
    for field in inspector.fields() {
        let text = field.get().expect("read").to_string();
        field.set_str(&text).expect("its own text");
    }
    assert_eq!(state.snapshot(), example());
    let shown = format!("{:?}", *state);
    assert!(
        shown.contains(r#"pairs: [("four", 1), ("", 2)], lists: [["abc"], []]"#),
        "{shown}"
    );
    assert!(
        Shared::<Nested>::schema()
            .to_string()
            .contains("list of at most 3 text of at most 8 bytes")
    );
}

/// If wrong: another path, or a value that was written in part.
pub(crate) fn what_does_not_fit_is_told_with_its_path() {
    let state = Shared::create(&name("full"), example()).expect("create");
    let long = || "x".repeat(20);
    let field = |result: Result<(), shmstate::CapacityExceeded>| {
        let error = result.unwrap_err();
        (error.field, error.capacity, error.needed)
    };
    let told = |path: &str, capacity, needed| (path.to_owned(), capacity, needed);
    assert_eq!(field(state.names.set([long()])), told("names[0]", 8, 20));
    assert_eq!(field(state.names.push(long())), told("names", 3, 4));
    assert_eq!(
        field(state.maybe.restore(Some((long(), 1)))),
        told("maybe.0", 5, 20)
    );
    assert_eq!(
        field(state.pairs.restore(vec![(String::new(), 1), (long(), 1)])),
        told("pairs[1].0", 4, 20)
    );
    assert_eq!(
        field(state.lists.restore([vec![], vec![long()]])),
        told("lists[1][0]", 3, 20)
    );
    let deep = vec![vec![], vec![None, Some(long())]];
    assert_eq!(field(state.deep.restore(deep)), told("deep[1][1]", 2, 20));
    assert_eq!(
        field(state.both.restore((String::new(), vec![0; 4]))),
        told("both.1", 3, 4)
    );
    assert_eq!(
        field(state.apart.restore((0, long()))),
        told("apart.1", 3, 20)
    );
    assert_eq!(state.snapshot(), example());
}
