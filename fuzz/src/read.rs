//! Every verb that reads a slot. Those that may panic are called where `try_get` finds a value: nobody
//! else writes meanwhile.

use std::fmt::Debug;
use std::hint::black_box;

use shmstate::slot::{Atomic, Padded, Scalar};
use shmstate::{Access, List, Locked, Plain, Text, Watched};

pub(crate) trait Reads {
    fn read(&self);
}

fn shown(value: impl Debug) {
    black_box(format!("{value:?}"));
}

impl<T: Scalar + Debug, A: Access> Reads for Atomic<T, A> {
    fn read(&self) {
        match self.try_get() {
            Ok(value) => shown((value, self.get(), self.snapshot())),
            Err(corrupt) => shown(corrupt.to_string()),
        }
        shown(self);
    }
}

impl<T: Scalar + Debug, A: Access> Reads for Watched<T, A> {
    fn read(&self) {
        match self.try_get() {
            Ok(value) => shown((value, self.get(), self.snapshot())),
            Err(corrupt) => shown(corrupt.to_string()),
        }
        shown(self);
    }
}

impl<T: Plain<M> + Debug, A: Access, M: 'static> Reads for Locked<T, A, M> {
    fn read(&self) {
        match self.try_get() {
            Ok(mut value) => {
                self.read_into(&mut value);
                shown((value, self.get(), self.snapshot()));
            }
            Err(corrupt) => shown(corrupt.to_string()),
        }
        shown((self, self.version(), self.recoveries()));
    }
}

impl<const N: usize, A: Access> Reads for Text<N, A> {
    fn read(&self) {
        match self.try_get() {
            Ok(mut text) => {
                assert!(text.len() <= N && text.len() == self.len());
                assert_eq!(text.is_empty(), self.is_empty());
                self.read_into(&mut text);
                shown((text, self.get(), self.snapshot()));
            }
            Err(corrupt) => shown(corrupt.to_string()),
        }
        shown((self, self.version(), self.recoveries()));
    }
}

impl<T: Plain<M> + Debug, const N: usize, A: Access, M: 'static> Reads for List<T, N, A, M> {
    fn read(&self) {
        match self.try_get() {
            Ok(mut list) => {
                assert!(list.len() <= N && list.len() == self.len());
                assert_eq!(list.is_empty(), self.is_empty());
                for i in (0..=N).chain([usize::MAX]) {
                    assert_eq!(self.at(i).is_some(), i < list.len());
                }
                self.read_into(&mut list);
                shown((list, self.get(), self.snapshot()));
            }
            Err(corrupt) => shown(corrupt.to_string()),
        }
        shown((self, self.version(), self.recoveries()));
    }
}

impl<S: Reads, const N: usize> Reads for [S; N] {
    fn read(&self) {
        self.iter().for_each(Reads::read);
    }
}

impl<S: Reads> Reads for Padded<S> {
    fn read(&self) {
        (**self).read();
    }
}

/// The slots of a derived state: each field.
macro_rules! reads {
    ($slots:ident: $($field:ident),*) => {
        impl<A: shmstate::Access> $crate::read::Reads for $slots<A> {
            fn read(&self) {
                $($crate::read::Reads::read(&self.$field);)*
                let _ = format!("{self:?}");
                let _ = shmstate::Slot::try_snapshot(self);
            }
        }
    };
}
pub(crate) use reads;
