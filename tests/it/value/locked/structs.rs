//! Locked structs: transactions, and text and lists within.

use std::time::Duration;

use shmstate::{Shared, SharedState, UpdateError};

use super::support::{assert_success, in_child, panic_of, start};

#[derive(SharedState, Clone, Debug, PartialEq)]
#[shared(lock)]
struct Account {
    cents: i128,
    #[shared(capacity = 6)]
    owner: String,
    #[shared(capacity = 3)]
    history: Vec<i64>,
    #[shared(capacity = 2)]
    people: Vec<Person>,
}

#[derive(SharedState, Clone, Debug, PartialEq)]
struct Person {
    #[shared(capacity = 4)]
    name: String,
    #[shared(capacity = 2)]
    tags: Vec<Option<bool>>,
}

impl Account {
    /// An ordinary method, of a value that is not shared.
    fn withdraw(&mut self, cents: i128) -> Result<i128, &'static str> {
        self.cents -= cents;
        if self.history.len() == 3 {
            self.history.remove(0);
        }
        self.history
            .push(i64::try_from(-cents).expect("a small sum"));
        if self.cents < 0 {
            Err("not enough")
        } else {
            Ok(self.cents)
        }
    }
}

#[derive(SharedState, Clone, Debug, PartialEq)]
struct Bank {
    before: u64,
    account: Account,
    accounts: [Account; 2],
    after: u64,
}

fn account(cents: i128) -> Account {
    Account {
        cents,
        owner: "Ada".to_owned(),
        history: vec![1, 2],
        people: vec![person()],
    }
}

fn person() -> Person {
    Person {
        name: "Zoë".to_owned(),
        tags: vec![None, Some(true)],
    }
}

fn bank() -> Bank {
    Bank {
        before: u64::MAX,
        account: account(1000),
        accounts: [account(1), account(2)],
        after: u64::MAX,
    }
}

// If wrong: a sum that is not exact, or a history that does not belong to it.
pub(crate) fn methods_of_a_locked_struct_run_as_one_transaction() {
    let state = Shared::new(bank()).expect("created");
    state.account.modify(|account| account.cents = 3000);
    let processes = [(); 3].map(|()| {
        start(|| {
            for i in 0..100 {
                let left = state.account.modify(|account| account.withdraw(1 + i % 2));
                assert!(left.expect("enough") >= 0);
            }
        })
    });
    for process in processes {
        assert_success(process.wait());
    }
    let found = state.account.get();
    assert_eq!(found.cents, 3000 - 450);
    assert_eq!(found.history.len(), 3);
    assert_eq!(state.account.version(), 1 + 1 + 300);
    // The others are as they were.
    assert_eq!(
        state.snapshot(),
        Bank {
            account: found,
            ..bank()
        }
    );
    assert_success(in_child(|| {
        let left = state.accounts[1].modify(|account| account.withdraw(2));
        assert_eq!(left, Ok(0));
    }));
    assert_eq!(state.accounts[1].get().history, [1, 2, -2]);
    assert_eq!(state.accounts[0].get(), account(1));
}

pub(crate) fn a_method_that_fails_its_own_check_changes_nothing() {
    let state = Shared::new(bank()).expect("created");
    let withdraw = |cents| {
        // The caller decides what counts: a panic commits nothing.
        panic_of(|| {
            state
                .account
                .modify(|account| account.withdraw(cents).expect("checked"))
        })
    };
    assert!(withdraw(1001).contains("not enough"));
    assert_eq!(state.snapshot(), bank());
    assert_eq!(
        state.account.modify(|account| account.withdraw(1000)),
        Ok(0)
    );
}

type Change<T> = fn(&mut T);

pub(crate) fn text_and_lists_within_a_locked_struct_keep_their_capacities() {
    let state = Shared::new(bank()).expect("created");
    let too_much: [(Change<Account>, &str, usize, usize); 6] = [
        (|account| account.owner = "x".repeat(7), "owner", 6, 7),
        (|account| account.owner.push_str("ßß"), "owner", 6, 7),
        (|account| account.history = vec![0; 4], "history", 3, 4),
        (|account| account.people = vec![person(); 3], "people", 2, 3),
        (
            |account| account.people[0].name.push('!'),
            "people[0].name",
            4,
            5,
        ),
        (
            |account| {
                account.people.push(person());
                account.people[1].tags.push(None);
            },
            "people[1].tags",
            2,
            3,
        ),
    ];
    for (change, field, capacity, needed) in too_much {
        let change = |account: &mut Account| {
            account.cents = 0;
            change(account);
        };
        for result in [
            state.account.try_modify(change),
            state.account.try_modify_for(Duration::from_mins(1), change),
            state.account.try_set({
                let mut account = account(5);
                change(&mut account);
                account
            }),
        ] {
            let Err(UpdateError::CapacityExceeded(exceeded)) = result else {
                panic!("{field}: {result:?}");
            };
            assert_eq!(exceeded.field, format!("account.{field}"));
            assert_eq!((exceeded.capacity, exceeded.needed), (capacity, needed));
        }
        let message = panic_of(|| state.account.modify(change));
        assert!(
            message.starts_with(&format!("field `account.{field}` of "))
                && message.contains(&format!(" holds at most {capacity}")),
            "{message}"
        );
        assert_success(in_child(|| assert_eq!(state.snapshot(), bank())));
    }
    let full = Account {
        cents: i128::MIN,
        owner: "1234ß".to_owned(),
        history: vec![i64::MIN, 0, i64::MAX],
        people: vec![
            Person {
                name: "😀".to_owned(),
                tags: vec![Some(false), None],
            },
            Person {
                name: String::new(),
                tags: vec![],
            },
        ],
    };
    assert_success(in_child(|| state.account.set(full.clone())));
    assert_eq!(state.account.replace(account(1000)), full);
    assert_eq!(state.snapshot(), bank());
}

pub(crate) fn read_into_reuses_what_is_there() {
    let state = Shared::new(bank()).expect("created");
    let mut out = account(0);
    out.owner.reserve(500);
    out.history.reserve(500);
    let places = (
        out.owner.as_ptr(),
        out.history.as_ptr(),
        out.people[0].name.as_ptr(),
    );
    for i in 0..10 {
        assert_success(in_child(|| {
            state.account.modify(|account| {
                account.cents += 1;
                account.owner = format!("A{i}");
            });
        }));
        state.account.read_into(&mut out);
        assert_eq!(out.cents, 1001 + i);
        assert_eq!(out.owner, format!("A{i}"));
        assert_eq!(out.people, [person()]);
    }
    let now = (
        out.owner.as_ptr(),
        out.history.as_ptr(),
        out.people[0].name.as_ptr(),
    );
    assert_eq!(places, now, "allocated anew");
}

#[derive(SharedState, Clone, Debug, PartialEq)]
struct Record {
    first: u64,
    #[shared(capacity = 3)]
    text: String,
    #[shared(capacity = 2)]
    texts: [String; 2],
    #[shared(capacity = 2)]
    list: Vec<Person>,
    nested: Bank,
    maybe: Option<Account>,
    last: u64,
}

pub(crate) fn restore_checks_every_capacity_before_the_first_store() {
    let record = || Record {
        first: 1,
        text: "abc".to_owned(),
        texts: ["a".to_owned(), "bc".to_owned()],
        list: vec![person()],
        nested: bank(),
        maybe: Some(account(3)),
        last: 1,
    };
    let state = Shared::new(record()).expect("created");
    let too_much: [(Change<Record>, &str); 7] = [
        (|it| it.text.push('d'), "text"),
        (|it| it.texts[1].push('d'), "texts[1]"),
        (|it| it.list.extend([person(), person()]), "list"),
        (|it| it.list[0].tags.push(None), "list[0].tags"),
        (
            |it| it.nested.account.owner.push_str("long"),
            "nested.account.owner",
        ),
        (
            |it| it.nested.accounts[1].people[0].name.push_str("??"),
            "nested.accounts[1].people[0].name",
        ),
        (
            |it| it.maybe.as_mut().expect("one").history = vec![0; 9],
            "maybe.history",
        ),
    ];
    for (change, field) in too_much {
        let mut changed = record();
        (changed.first, changed.last) = (2, 2);
        change(&mut changed);
        let exceeded = state.restore(changed.clone()).expect_err(field);
        assert_eq!(exceeded.field, field);
        assert_eq!(
            state.snapshot(),
            record(),
            "stored before the check of {field}"
        );
        assert_eq!(
            state.text.version(),
            1,
            "committed before the check of {field}"
        );
        // Nor is a segment made of it.
        let error = Shared::new(changed).expect_err(field).to_string();
        assert!(error.contains(&format!("`{field}`")), "{error}");
    }
    let other = Record {
        first: 2,
        text: String::new(),
        list: vec![],
        maybe: None,
        ..record()
    };
    assert_success(in_child(|| state.restore(other.clone()).expect("it fits")));
    assert_eq!(state.snapshot(), other);
}

pub(crate) fn a_read_only_handle_reads_every_kind() {
    let state = Shared::new(bank()).expect("created");
    let view = state.read_only();
    for turn in 0..3 {
        assert_success(in_child(|| {
            state.account.modify(|account| account.cents += 1);
        }));
        let expected = state.snapshot();
        assert_eq!(view.snapshot(), expected);
        assert_eq!(view.account.get(), expected.account);
        assert_eq!(view.account.try_get().expect("a value"), expected.account);
        let mut out = account(0);
        view.account.read_into(&mut out);
        assert_eq!(out, expected.account);
        assert_eq!(view.account.version(), 2 + turn);
        assert_eq!(view.accounts[1].recoveries(), 0);
        assert_eq!(format!("{view:?}"), format!("{state:?}"));
    }
}

pub(crate) fn a_snapshot_is_independent_of_the_live_state() {
    let state = Shared::new(bank()).expect("created");
    let mut copy = state.snapshot();
    assert_success(in_child(|| {
        state.account.modify(|account| account.owner.clear());
    }));
    assert_eq!(copy, bank(), "the copy followed the state");
    copy.account.history.clear();
    assert_eq!(
        state.account.get().history,
        [1, 2],
        "the state followed the copy"
    );
}
