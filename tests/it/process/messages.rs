//! Handles in messages (feature `serde`): serialised as their token, and opened where they arrive.
//! (`tests/conformance` sends them to other processes.)

use shared_testkit::{Test, tests};

use serde::de::value::{BorrowedStrDeserializer, Error, StrDeserializer, StringDeserializer};
use serde::{Deserialize, Serialize};
use shmstate::{OpenError, ReadOnly, Shared, SharedState};

pub(crate) const TESTS: &[Test] = tests![
    a_handle_in_a_message_arrives_as_the_same_instance,
    a_handle_is_a_string_in_every_format,
    several_handles_travel_in_one_message,
    a_read_only_handle_travels_too,
    a_token_that_cannot_be_opened_is_an_error_that_says_which,
    a_handle_of_another_state_is_an_error_that_names_the_field,
    a_handle_that_was_dropped_on_the_way_is_an_error_that_says_so,
    what_is_no_string_is_an_error_that_says_what_is_expected,
];

/// Knows nothing of serde.
#[derive(SharedState, Debug, Default, PartialEq)]
struct Progress {
    done: u64,
    #[shared(capacity = 16)]
    label: String,
}

#[derive(Serialize, Deserialize, Debug)]
struct Job {
    state: Shared<Progress>,
    n: u32,
}

fn name(suffix: &str) -> String {
    format!("shmstate-test-serde-{}-{suffix}", std::process::id())
}

/// A named and an anonymous one.
fn both(suffix: &str) -> [Shared<Progress>; 2] {
    let named = Shared::create(&name(suffix), Progress::default()).expect("create");
    [named, Shared::new(Progress::default()).expect("create")]
}

/// Through JSON, and through a binary format.
fn sent<T: Serialize, U: for<'de> Deserialize<'de>>(value: &T) -> [U; 2] {
    let json = serde_json::to_string(value).expect("serialised");
    let bytes = postcard::to_stdvec(value).expect("serialised");
    [
        serde_json::from_str(&json).expect("opened"),
        postcard::from_bytes(&bytes).expect("opened"),
    ]
}

/// What the deserialiser of a format that keeps errors makes of this text.
fn error_of<T: for<'de> Deserialize<'de>>(token: &str) -> String {
    let result = T::deserialize(StrDeserializer::<Error>::new(token));
    result.err().expect("it cannot be opened").to_string()
}

fn a_handle_in_a_message_arrives_as_the_same_instance() {
    for state in both("job") {
        let job = Job {
            state: state.clone(),
            n: 3,
        };
        for (times, arrived) in (1..).zip(sent::<_, Job>(&job)) {
            assert_eq!(Shared::id(&arrived.state), Shared::id(&state));
            assert_eq!(arrived.n, 3);
            arrived.state.done.fetch_add(arrived.n.into());
            assert_eq!(state.done.get(), 3 * times);
            state.label.set("changed").expect("it fits");
            assert_eq!(arrived.state.label.get(), "changed");
        }
    }
}

fn a_handle_is_a_string_in_every_format() {
    for state in both("text") {
        let token = state.token();
        let json = serde_json::to_value(&state).expect("serialised");
        assert_eq!(json, token.as_str());
        let bytes = postcard::to_stdvec(&state).expect("serialised");
        assert_eq!(bytes, postcard::to_stdvec(&token).expect("serialised"));
        // Borrowed from the message, owned, or passing by.
        let borrowed = Shared::deserialize(BorrowedStrDeserializer::<Error>::new(&token));
        let owned = Shared::deserialize(StringDeserializer::<Error>::new(token.clone()));
        let passing = Shared::deserialize(StrDeserializer::<Error>::new(&token));
        for arrived in [borrowed, owned, passing] {
            let arrived: Shared<Progress> = arrived.expect("opened");
            assert_eq!(Shared::id(&arrived), Shared::id(&state));
        }
    }
}

fn several_handles_travel_in_one_message() {
    #[derive(Serialize, Deserialize)]
    struct Both {
        progress: Shared<Progress>,
        counts: Option<Shared<[u64; 4]>>,
        more: Vec<Shared<u8>>,
    }
    let [named, _] = both("several");
    let counts = Shared::new([0; 4]).expect("create");
    let more = vec![Shared::new(1).expect("create"); 2];
    let message = Both {
        progress: named.clone(),
        counts: Some(counts.clone()),
        more,
    };
    for arrived in sent::<_, Both>(&message) {
        arrived.progress.done.fetch_add(1);
        arrived.counts.expect("it was sent")[3].fetch_add(1);
        arrived.more[0].fetch_add(1);
        assert_eq!(arrived.more[1].get(), message.more[0].get());
    }
    assert_eq!(named.done.get(), 2);
    assert_eq!(counts.snapshot(), [0, 0, 0, 2]);
    assert_eq!(message.more[1].get(), 3);
}

fn a_read_only_handle_travels_too() {
    for state in both("view") {
        let view = state.read_only();
        for arrived in sent::<_, ReadOnly<Progress>>(&view) {
            state.done.fetch_add(1);
            assert_eq!(arrived.done.get(), state.done.get());
            assert_eq!(Shared::id(&arrived), Shared::id(&state));
        }
        // Also from the message of one that writes.
        for arrived in sent::<_, ReadOnly<Progress>>(&state) {
            assert_eq!(arrived.snapshot(), state.snapshot());
        }
    }
}

fn a_token_that_cannot_be_opened_is_an_error_that_says_which() {
    let [named, anonymous] = both("errors");
    let (token, cut) = (named.token(), "shmstate:name:0123");
    let id = format!("{:032x}", Shared::id(&named));
    let other = format!("{:032x}", Shared::id(&named) ^ 1);
    let cases = [
        // Mistyped.
        (token.replace("shmstate", "shmstat"), "begins with"),
        (token.replace(&id, "zz"), "32 hexadecimal digits"),
        (String::new(), "begins with"),
        // Cut off.
        (cut.to_owned(), "cut off"),
        // Stale: the name means another instance by now.
        (token.replace(&id, &other), "the token is stale"),
        // Of what is gone.
        (token.replace("errors", "gone"), "no segment named"),
        (
            format!("shmstate:fd:{id}:4194305:3"),
            "process 4194305, which is gone",
        ),
    ];
    for (token, why) in cases {
        let expected = Shared::<Progress>::from_token(&token).expect_err("it cannot be opened");
        let found = error_of::<Shared<Progress>>(&token);
        assert_eq!(found, expected.to_string());
        assert!(found.contains(why), "{found}");
        assert_eq!(error_of::<ReadOnly<Progress>>(&token), found);

        // With the place in the message, where the format tells it.
        let json = serde_json::json!({ "state": token, "n": 1 }).to_string();
        let error = serde_json::from_str::<Job>(&json).expect_err("it cannot be opened");
        assert!(
            error.is_data() && error.to_string().starts_with(&found),
            "{error}"
        );

        // This one has no room for texts.
        let bytes = postcard::to_stdvec(&token).expect("serialised");
        let error = postcard::from_bytes::<Shared<Progress>>(&bytes).expect_err("as above");
        assert_eq!(error, postcard::Error::SerdeDeCustom);
    }
    drop(anonymous);
}

fn a_handle_of_another_state_is_an_error_that_names_the_field() {
    for state in both("foreign") {
        let json = serde_json::to_string(&state).expect("serialised");
        let error = serde_json::from_str::<Shared<[u64; 2]>>(&json).expect_err("another state");
        let expected = Shared::<[u64; 2]>::from_token(&state.token()).expect_err("as above");
        assert!(matches!(expected, OpenError::Mismatch { .. }));
        assert!(error.to_string().contains(&expected.to_string()), "{error}");
    }
}

fn a_handle_that_was_dropped_on_the_way_is_an_error_that_says_so() {
    for state in both("dropped") {
        let message = serde_json::to_string(&state).expect("serialised");
        drop(state);
        let error = serde_json::from_str::<Shared<Progress>>(&message).expect_err("it is gone");
        let text = error.to_string();
        let says = text.contains("no segment named") || text.contains("has closed it");
        assert!(says, "{text}");
    }
}

fn what_is_no_string_is_an_error_that_says_what_is_expected() {
    for json in ["7", "null", "[\"shmstate\"]", "{}"] {
        let error = serde_json::from_str::<Shared<Progress>>(json).expect_err("no string");
        assert!(
            error.to_string().contains("a token of a shared state"),
            "{error}"
        );
    }
}
