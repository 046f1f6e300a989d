//! The verbs of texts and lists.

use std::fmt::Debug;

use shmstate::access::{Read, Write};
use shmstate::{List, Plain, Text};

use super::kinds::assert_text;
use super::verbs::{LIMIT, Outcome, fitting, seen, seen_or, waited, written};

pub(crate) fn text<const N: usize>(
    slot: &Text<N, Write>,
    view: &Text<N, Read>,
    value: &String,
    turn: usize,
    waits: bool,
) -> Outcome {
    let look = |text: String| {
        assert_text(&text, N);
        seen(text)
    };
    match turn % 26 {
        0 => slot.try_get().map_or_else(|e| seen_or::<()>(Err(e)), look),
        1 => view.try_get().map_or_else(|e| seen_or::<()>(Err(e)), look),
        2 => look(slot.get()),
        3 => look(view.get()),
        4 => {
            let mut out = "x".repeat(N * 2);
            view.read_into(&mut out);
            look(out)
        }
        5 => {
            let (len, is_empty) = (slot.len(), view.is_empty());
            assert!(len <= N);
            seen(is_empty)
        }
        6 => seen((slot.version(), view.recoveries())),
        7 => seen((slot, view)),
        8 => waited(slot.wait_until_for(LIMIT, |text| {
            assert_text(text, N);
            false
        })),
        9 => waited(slot.wait_until_for(LIMIT, |_| true)),
        10 => written(slot.try_modify(|text| text.push('ä'))),
        11 => written(slot.try_modify_for(LIMIT, |text| {
            assert_text(text, N);
            text.clear();
        })),
        12 if waits => fitting(slot.set(value)),
        13 if waits => slot
            .replace(value)
            .map_or_else(|e| fitting::<()>(Err(e)), look),
        14 if waits => fitting(slot.push('ß')),
        15 if waits => fitting(slot.push_str("ab")),
        16 if waits => fitting(slot.modify(String::pop)),
        17 if waits => {
            slot.clear();
            Outcome::Written
        }
        18 if waits => look(slot.wait_until(|_| true)),
        _ => written(slot.try_set(value)),
    }
}

pub(crate) fn list<T: Plain<M> + Clone + Debug, const N: usize, M: 'static>(
    slot: &List<T, N, Write, M>,
    view: &List<T, N, Read, M>,
    value: &Vec<T>,
    turn: usize,
    waits: bool,
) -> Outcome {
    let look = |list: Vec<T>| {
        assert!(list.len() <= N);
        seen(list)
    };
    match turn % 30 {
        0 => slot.try_get().map_or_else(|e| seen_or::<()>(Err(e)), look),
        1 => view.try_get().map_or_else(|e| seen_or::<()>(Err(e)), look),
        2 => look(slot.get()),
        3 => look(view.get()),
        4 => {
            let mut out = value.clone();
            view.read_into(&mut out);
            look(out)
        }
        5 => {
            let (len, is_empty) = (slot.len(), view.is_empty());
            assert!(len <= N);
            seen(is_empty)
        }
        6 => seen((slot.version(), view.recoveries())),
        7 => seen((slot, view)),
        8 => seen((slot.at(0), view.at(N - 1), slot.at(N), slot.at(usize::MAX))),
        9 => waited(slot.wait_until_for(LIMIT, |list| {
            assert!(list.len() <= N);
            false
        })),
        10 => waited(slot.wait_until_for(LIMIT, |_| true)),
        11 => written(slot.try_modify(Vec::pop)),
        12 => written(slot.try_modify_for(LIMIT, |list| {
            assert!(list.len() <= N);
            list.extend(value.first().cloned());
        })),
        13 if waits => fitting(slot.set(value)),
        14 if waits => slot
            .replace(value)
            .map_or_else(|e| fitting::<()>(Err(e)), look),
        15 if waits => fitting(slot.push(value[0].clone())),
        16 if waits => seen(slot.pop()),
        17 if waits => fitting(slot.extend(value.iter().cloned())),
        18 if waits => fitting(slot.modify(|list| list.truncate(1))),
        19 if waits => {
            slot.clear();
            Outcome::Written
        }
        20 if waits => look(slot.wait_until(|_| true)),
        _ => written(slot.try_set(value)),
    }
}
