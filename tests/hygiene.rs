//! The derive in hostile surroundings. (`tests/renamed` is the part that needs a library: another name
//! for the dependency, and every lint denied.)

#![deny(warnings)]
#![allow(
    non_camel_case_types,
    unreachable_pub,
    reason = "the names shadow the language's"
)]

use shmstate::{Shared, SharedState};

/// No prelude, and every name that generated code could have meant is something else.
mod shadowed {
    #![no_implicit_prelude]
    #![expect(dead_code, reason = "the shadows are there to be in the way")]

    use ::shmstate::SharedState;

    pub struct Option;
    pub struct Result;
    pub struct Some;
    pub struct None;
    pub struct Ok;
    pub struct Err;
    pub struct Sized;
    pub struct Send;
    pub struct Debug;
    pub struct PhantomData;
    pub struct Field;
    pub struct Slot;
    pub struct Inline;
    pub struct Write;
    pub struct A;
    pub struct Corrupt;
    pub struct Plain;
    pub struct Locked;
    pub struct Watch;
    pub struct Watched;
    pub struct Scalar;
    pub struct Clone;
    pub struct Copy;
    pub struct StateImage;
    pub struct CapacityExceeded;
    pub mod bytemuck {}
    pub mod core {}
    pub mod std {}
    pub mod shmstate {}
    pub mod __private {}
    pub const __0: ::core::primitive::u32 = 0;
    pub struct u8;
    pub struct u64;

    pub trait Hijack {
        fn set(&self, _: ::core::primitive::u8) {
            ::std::panic!("hijacked");
        }
        fn put(self)
        where
            Self: ::core::marker::Sized,
        {
            ::std::panic!("hijacked");
        }
        fn snapshot(&self) {
            ::std::panic!("hijacked");
        }
        fn try_snapshot(&self) {
            ::std::panic!("hijacked");
        }
        fn into_bits(self)
        where
            Self: ::core::marker::Sized,
        {
            ::std::panic!("hijacked");
        }
        fn to_bits(&self) {
            ::std::panic!("hijacked");
        }
        fn encode(&self) {
            ::std::panic!("hijacked");
        }
        fn decode(&self) {
            ::std::panic!("hijacked");
        }
        fn fits(&self) {
            ::std::panic!("hijacked");
        }
    }
    impl<T: ?::core::marker::Sized> Hijack for T {}

    #[derive(SharedState, ::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
    pub struct State {
        pub flag: bool,
        pub numbers: [u32; 3],
        pub phase: Phase,
        pub level: Level,
        pub nested: Nested<i64>,
        #[shared(watch)]
        pub watched: [Phase; 2],
        #[shared(watch, cache_padded)]
        pub alone: ::core::primitive::u64,
    }

    #[derive(SharedState, ::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
    pub enum Phase {
        Idle,
        // Names that generated code matches on.
        Some,
        None,
    }

    #[derive(SharedState, ::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
    #[repr(u8)]
    pub enum Level {
        Low = 3,
        Ok = 1 + 8,
    }

    #[derive(SharedState, ::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
    pub struct Nested<T: SharedState>(pub T, pub [T; 2]);

    #[derive(SharedState)]
    pub struct Empty;

    #[derive(SharedState, ::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
    pub struct Texts {
        #[shared(capacity = [2, __0 as ::core::primitive::usize + 4])]
        pub texts: ::std::vec::Vec<(::std::string::String, ::core::primitive::u8)>,
    }

    /// The generated image takes another name, because a field has this one.
    #[derive(SharedState, ::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
    pub struct AccountImage {
        pub number: u32,
    }

    #[derive(SharedState, ::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
    #[shared(lock)]
    pub struct Account {
        pub image: AccountImage,
        #[shared(capacity = __0 as ::core::primitive::usize + 4)]
        pub text: ::std::string::String,
        pub phase: ::core::option::Option<Phase>,
    }

    #[derive(SharedState, ::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
    pub struct Bank {
        pub account: Account,
        #[shared(lock)]
        pub image: AccountImage,
        #[shared(capacity = 2)]
        pub list: ::std::vec::Vec<Level>,
        #[shared(pod)]
        pub pod: [[u32; 2]; 2],
    }
}

#[test]
fn a_derive_without_a_prelude_and_among_shadowed_names_works() {
    let value = shadowed::State {
        flag: true,
        numbers: [1, 2, 3],
        phase: shadowed::Phase::Some,
        level: shadowed::Level::Ok,
        nested: shadowed::Nested(-1, [5, 6]),
        watched: [shadowed::Phase::None, shadowed::Phase::Idle],
        alone: 7,
    };
    let state = Shared::new(value.clone()).unwrap();
    assert_eq!(state.snapshot(), value);
    let bank = shadowed::Bank {
        account: shadowed::Account {
            image: shadowed::AccountImage { number: 1 },
            text: "abcd".to_owned(),
            phase: Some(shadowed::Phase::None),
        },
        image: shadowed::AccountImage { number: 2 },
        list: vec![shadowed::Level::Ok],
        pod: [[3, 4], [5, 6]],
    };
    let state = Shared::new(bank.clone()).unwrap();
    assert_eq!(state.snapshot(), bank);
    state.account.modify(|account| account.image.number += 1);
    assert_eq!(state.account.get().image.number, 2);
    let texts = shadowed::Texts {
        texts: vec![("abcd".to_owned(), 1), (String::new(), 2)],
    };
    assert_eq!(Shared::new(texts.clone()).unwrap().snapshot(), texts);
    let _: shadowed::Empty = Shared::new(shadowed::Empty).unwrap().snapshot();
}

/// Types that have the names of others that are known to have no slot.
mod namesakes {
    use shmstate::SharedState;

    #[derive(SharedState, Clone, Copy, Debug, PartialEq)]
    pub struct Instant {
        pub ticks: u64,
    }

    #[derive(SharedState, Clone, Copy, Debug, PartialEq)]
    pub enum Cell {
        Empty,
        Full,
    }

    #[derive(SharedState, Clone, Copy, Debug, PartialEq)]
    pub struct Mutex<T: SharedState>(pub T);

    #[derive(SharedState, Clone, Copy, Debug, PartialEq)]
    pub struct Board {
        pub started: Instant,
        pub cells: [[Cell; 3]; 3],
        #[shared(cache_padded)]
        pub mutexes: [Mutex<u8>; 2],
    }
}

#[test]
fn a_type_of_the_users_own_may_have_the_name_of_one_without_a_slot() {
    use namesakes::{Board, Cell, Instant, Mutex};
    let mut cells = [[Cell::Empty; 3]; 3];
    cells[1][2] = Cell::Full;
    let value = Board {
        started: Instant { ticks: 7 },
        cells,
        mutexes: [Mutex(1), Mutex(2)],
    };
    let state = Shared::new(value).unwrap();
    assert_eq!(state.cells[1][2].get(), Cell::Full);
    assert_eq!(state.snapshot(), value);
}

#[test]
fn parameters_may_have_any_name() {
    #[derive(SharedState, Clone, Debug, PartialEq)]
    struct Named<A: SharedState, Access: SharedState, const SLOT: usize> {
        a: A,
        #[shared(watch)]
        b: [Access; SLOT],
    }

    let value = Named {
        a: 1_u8,
        b: [false, true],
    };
    assert_eq!(Shared::new(value.clone()).unwrap().snapshot(), value);
}

#[test]
fn a_type_named_as_the_access_parameter_stays_that_type() {
    #[derive(SharedState, Clone, Debug, PartialEq)]
    struct A(u8);
    #[derive(SharedState, Clone, Debug, PartialEq)]
    struct State {
        a: A,
    }

    let value = State { a: A(3) };
    assert_eq!(Shared::new(value.clone()).unwrap().snapshot(), value);
}

#[test]
fn a_type_may_have_the_name_of_something_generated() {
    #[derive(SharedState, Clone, Debug, PartialEq)]
    struct __Mode0(u8);
    #[derive(SharedState, Clone, Debug, PartialEq)]
    struct LENGTH0 {
        mode: __Mode0,
        table: [__Mode0; if true { 2 } else { 3 }],
    }

    let value = LENGTH0 {
        mode: __Mode0(1),
        table: [__Mode0(2), __Mode0(3)],
    };
    assert_eq!(Shared::new(value.clone()).unwrap().snapshot(), value);
}

#[test]
#[allow(
    clippy::match_bool,
    clippy::let_and_return,
    clippy::identity_op,
    reason = "expressions of many forms"
)]
fn an_array_length_may_be_any_expression() {
    const WIDE: bool = true;
    #[derive(SharedState, Clone, Debug, PartialEq)]
    struct Lengths {
        chosen: [u8; if WIDE { 3 } else { 1 }],
        matched: [u8; match WIDE {
            true => 1,
            false => 2,
        }],
        looked_up: [[u8; [2, 4][1]]; {
            let twice = 1 * 2;
            twice
        }],
        of_self: [u8; if Self::WIDE { 2 } else { 1 }],
        inner: Option<[u16; if WIDE { 2 } else { 1 }]>,
        #[shared(capacity = if WIDE { 4 } else { 2 })]
        text: String,
    }
    impl Lengths {
        const WIDE: bool = WIDE;
    }

    let value = Lengths {
        chosen: [1; 3],
        matched: [2],
        looked_up: [[3; 4]; 2],
        of_self: [4; 2],
        inner: Some([5; 2]),
        text: "four".to_owned(),
    };
    assert_eq!(Shared::new(value.clone()).unwrap().snapshot(), value);
}

#[test]
fn a_capacity_may_be_any_constant_expression() {
    const MOST: usize = 4;
    trait Limit<T> {
        const MOST: usize;
    }
    impl Limit<u16> for u8 {
        const MOST: usize = 3;
    }
    macro_rules! state {
        ($most:expr, [$($all:expr),*]) => {
            #[derive(SharedState, Clone, Debug, PartialEq)]
            struct Written {
                #[shared(capacity = $most)]
                text: String,
                #[shared(capacity = [$($all),*])]
                texts: Vec<String>,
            }
        };
    }
    #[derive(SharedState, Clone, Debug, PartialEq)]
    struct State<T: SharedState, const N: usize> {
        #[shared(capacity = [1 << 1, { MOST * 2 }], cache_padded)]
        shifted: Vec<String>,
        #[shared(capacity = [N, MOST])]
        parameter: Vec<(T, String)>,
        #[shared(capacity = [<u8 as Limit<u16>>::MOST, usize::pow(2, 2), MOST,])]
        called: [Vec<(Option<String>, String, Written)>; 1],
    }
    state!(MOST + 1, [MOST, 1 + 1]);

    let written = Written {
        text: "12345".to_owned(),
        texts: vec!["12".to_owned()],
    };
    let value = State::<u8, 2> {
        shifted: vec!["12345678".to_owned(); 2],
        parameter: vec![(1, "1234".to_owned())],
        called: [vec![(None, "1234".to_owned(), written)]],
    };
    assert_eq!(Shared::new(value.clone()).unwrap().snapshot(), value);
}

#[test]
fn raw_identifiers_work_and_lose_their_prefix_in_the_table() {
    #[derive(SharedState, Clone, Debug, PartialEq)]
    struct r#struct {
        r#type: u8,
        r#match: r#enum,
    }
    #[derive(SharedState, Clone, Debug, PartialEq)]
    enum r#enum {
        r#fn,
        r#mod,
    }

    let value = r#struct {
        r#type: 1,
        r#match: r#enum::r#mod,
    };
    let state = Shared::new(value.clone()).unwrap();
    assert_eq!(state.snapshot(), value);
    assert_eq!(state.r#type.get(), 1);
    assert_eq!(format!("{state:?}"), "struct { type: 1, match: mod }");
    let _ = r#enum::r#fn;
}

#[test]
fn a_macro_can_write_the_struct() {
    macro_rules! state {
        ($(#[$attr:meta])* $name:ident { $($field:ident: $ty:ty = $value:expr),* $(,)? }) => {
            #[derive(SharedState, Clone, Debug, PartialEq)]
            #[shared(crate = $crate::reexport::facade)]
            $(#[$attr])*
            struct $name {
                $($field: $ty,)*
                hidden: u8,
            }
            impl $name {
                fn new() -> Self {
                    $name { $($field: $value,)* hidden: 9 }
                }
                fn shared() -> Shared<Self> {
                    let state = Shared::new(Self::new()).unwrap();
                    assert_eq!(state.hidden.get(), 9);
                    state
                }
            }
        };
    }
    state!(
        #[shared(slots = Live)]
        Written {
            done: u64 = 4,
            phase: namesakes::Cell = namesakes::Cell::Full,
            all: [[i8; 2]; 2] = [[1, 2], [3, 4]],
        }
    );

    impl Live {
        fn finish(&self) {
            self.done.set(100);
        }
    }

    let state = Written::shared();
    assert_eq!(state.snapshot(), Written::new());
    state.finish();
    assert_eq!(state.done.get(), 100);
}

/// Where the macro above says that the facade is.
mod reexport {
    pub use shmstate as facade;
}

#[test]
fn the_facade_may_be_renamed_in_scope() {
    mod inner {
        extern crate shmstate as renamed;

        #[derive(renamed::SharedState)]
        #[shared(crate = renamed)]
        pub struct State {
            pub value: u8,
        }

        #[derive(renamed::SharedState)]
        #[shared(crate = self::renamed)]
        pub enum Phase {
            Idle,
        }
    }

    let state = Shared::new(inner::State { value: 5 }).unwrap();
    assert_eq!(state.value.get(), 5);
    Shared::new(inner::Phase::Idle).unwrap();
}

#[test]
fn the_word_self_in_a_field_means_the_state() {
    #[derive(SharedState, Clone, Debug, PartialEq)]
    struct Sized {
        of: std::marker::PhantomData<Self>,
        values: [u8; Self::LEN],
    }
    impl Sized {
        const LEN: usize = 3;
    }
    #[derive(SharedState, Clone, Debug, PartialEq)]
    struct Bounded<T: SharedState>
    where
        Self: Send,
    {
        value: T,
        of: std::marker::PhantomData<Self>,
    }

    let of = std::marker::PhantomData;
    let value = Sized { of, values: [1; 3] };
    assert_eq!(Shared::new(value.clone()).unwrap().snapshot(), value);
    let of = std::marker::PhantomData;
    let value = Bounded { value: 1_u8, of };
    assert_eq!(Shared::new(value.clone()).unwrap().snapshot(), value);
}

#[test]
fn lifetimes_inside_field_types_do_not_clash() {
    #[derive(SharedState)]
    struct State {
        plain: std::marker::PhantomData<for<'a> fn(&'a u8) -> &'a u8>,
        value: u8,
    }

    let state = Shared::<State>::zeroed().unwrap();
    assert_eq!(state.value.get(), 0);
    let _ = state.snapshot();
}

#[test]
fn fields_and_variants_that_are_configured_away_are_gone() {
    #[derive(SharedState, Clone, Debug, PartialEq)]
    struct State {
        #[cfg(not(test))]
        gone: String,
        #[cfg(test)]
        here: u8,
        #[cfg_attr(test, shared(cache_padded))]
        padded: Phase,
    }
    #[derive(SharedState, Clone, Debug, PartialEq)]
    enum Phase {
        #[cfg(not(test))]
        Gone(String),
        First,
        #[cfg(test)]
        Second,
    }
    #[derive(SharedState, Clone, Debug, PartialEq)]
    struct Tuple(#[cfg(not(test))] String, u8, #[cfg(test)] u16);

    let value = State {
        here: 1,
        padded: Phase::Second,
    };
    let state = Shared::new(value.clone()).unwrap();
    assert_eq!(state.snapshot(), value);
    let second = Shared::new(Phase::Second).unwrap();
    assert_eq!(second.raw().load(std::sync::atomic::Ordering::Relaxed), 1);
    let tuple = Shared::new(Tuple(1, 2)).unwrap();
    assert_eq!(tuple.snapshot(), Tuple(1, 2));
    let _ = Phase::First;
}
