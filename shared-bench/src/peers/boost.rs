//! Boost.Interprocess, from C++: its mutex, its managed segments, and the objects that are found in them by name.
//!
//! The mutex is lost when its holder dies. A name is looked up in an index under a lock, each time here: a program
//! that keeps the pointer has a plain number afterwards, which is the first row of the table again.

#![allow(unsafe_code)]

use crate::harness::job::Entry;
use crate::work::peer::Peer;
use crate::work::recovery;

const MUTEX: &str = "Boost `interprocess_mutex`";
const FIND: &str = "Boost `find<T>(name)`";
const MANAGED: &str = "Boost `managed_shared_memory`";

pub(super) struct Boost;

#[cfg(boost)]
pub(crate) use there::version;

#[cfg(not(boost))]
pub(crate) fn version() -> Option<String> {
    None
}

#[cfg(not(boost))]
impl Peer for Boost {
    fn counters(&self) -> Vec<Entry> {
        vec![absent(MUTEX)]
    }

    fn records<const N: usize>(&self) -> Vec<Entry> {
        vec![absent(MUTEX)]
    }

    fn fields(&self, _count: usize) -> Vec<Entry> {
        vec![absent(FIND)]
    }

    fn segments(&self) -> Vec<Entry> {
        vec![absent(MANAGED)]
    }

    fn holders(&self) -> Vec<recovery::Entry> {
        vec![(MUTEX, Err(WHY.to_owned()))]
    }
}

#[cfg(not(boost))]
const WHY: &str = "its headers were not there when this program was built (Debian: `libboost-dev`)";

#[cfg(not(boost))]
fn absent(name: &'static str) -> Entry {
    Entry::absent(name, WHY)
}

#[cfg(boost)]
mod there {
    use std::cell::UnsafeCell;
    use std::ffi::{CStr, CString, c_char, c_int, c_void};
    use std::sync::atomic::{AtomicU64, Ordering::AcqRel, Ordering::Acquire};

    use super::super::lock::{Guarded, Lock, OneWord};
    use super::super::run;
    use super::{Boost, Entry, FIND, MANAGED, MUTEX, Peer, recovery};
    use crate::harness::job::Op;
    use crate::harness::processes;
    use crate::work::counter::CounterJob;
    use crate::work::fields::{Fields, FieldsJob};
    use crate::work::record::{RecordJob, SMALL};
    use crate::work::segment::{Segment, SegmentJob};

    const NAMES_ONLY: &str = "it has names only";

    unsafe extern "C" {
        safe fn boost_version() -> *const c_char;
        safe fn boost_mutex_size() -> usize;
        fn boost_mutex_init(place: *mut c_void);
        fn boost_mutex_lock(mutex: *mut c_void);
        fn boost_mutex_unlock(mutex: *mut c_void);
        fn boost_segment(name: *const c_char, length: usize, how: c_int) -> *mut c_void;
        fn boost_segment_close(segment: *mut c_void);
        fn boost_segment_remove(name: *const c_char) -> bool;
        fn boost_fields(segment: *mut c_void, count: usize) -> bool;
        fn boost_find(segment: *mut c_void, name: *const c_char) -> *mut u64;
    }

    #[allow(clippy::unnecessary_wraps)] // there is none without Boost
    pub(crate) fn version() -> Option<String> {
        // SAFETY: it is a constant.
        let version = unsafe { CStr::from_ptr(boost_version()) };
        Some(version.to_string_lossy().replace('_', "."))
    }

    /// Room for an `interprocess_mutex`.
    #[repr(C, align(16))]
    struct Mutex(UnsafeCell<[u8; 128]>);

    impl Lock for Mutex {
        fn init(&self) {
            assert!(boost_mutex_size() <= size_of::<Self>(), "too little room");
            // SAFETY: there is room, aligned for anything.
            unsafe { boost_mutex_init(self.0.get().cast()) };
        }

        #[inline]
        fn with<R>(&self, f: impl FnOnce() -> R) -> R {
            // SAFETY: it has been initialised, and is never destroyed.
            unsafe { boost_mutex_lock(self.0.get().cast()) };
            let result = f();
            // SAFETY: this thread holds it.
            unsafe { boost_mutex_unlock(self.0.get().cast()) };
            result
        }
    }

    fn guarded<const N: usize>() -> Guarded<Mutex, N> {
        // SAFETY: plain bytes, and then a mutex that is made for several processes.
        unsafe { Guarded::new() }
    }

    impl Peer for Boost {
        fn counters(&self) -> Vec<Entry> {
            let value = guarded::<1>();
            let join = move |_| CounterJob(OneWord(value.clone()));
            vec![Entry::new(MUTEX, processes(join))]
        }

        fn records<const N: usize>(&self) -> Vec<Entry> {
            let value = guarded::<N>();
            let join = move |_| RecordJob::new(value.clone());
            vec![Entry::new(MUTEX, processes(join))]
        }

        fn fields(&self, count: usize) -> Vec<Entry> {
            let join = move |_| FieldsJob::new(Named::new(count), count);
            vec![Entry::new(FIND, processes(join))]
        }

        fn segments(&self) -> Vec<Entry> {
            let contender = processes(|_| SegmentJob(Segments::new()))
                .without(Op::CreateUnnamed, NAMES_ONLY)
                .without(Op::Inherit, NAMES_ONLY);
            vec![Entry::new(MANAGED, contender)]
        }

        fn holders(&self) -> Vec<recovery::Entry> {
            vec![recovery::entry(MUTEX, guarded::<SMALL>)]
        }
    }

    /// A segment, which is closed, and removed if it was created here.
    struct Managed {
        segment: *mut c_void,
        remove: Option<CString>,
    }

    #[derive(Clone, Copy, PartialEq)]
    enum How {
        Create = 0,
        Open = 1,
        OpenOrCreate = 2,
    }

    impl Managed {
        fn new(name: &CStr, length: usize, how: How) -> Self {
            // SAFETY: `name` is a C string.
            let segment = unsafe { boost_segment(name.as_ptr(), length, how as c_int) };
            assert!(!segment.is_null(), "Boost could not make {name:?}");
            let remove = (how == How::Create).then(|| name.to_owned());
            Managed { segment, remove }
        }
    }

    impl Drop for Managed {
        fn drop(&mut self) {
            // SAFETY: it is open, and not used any more.
            unsafe { boost_segment_close(self.segment) };
            if let Some(name) = &self.remove {
                // SAFETY: it is a C string.
                unsafe { boost_segment_remove(name.as_ptr()) };
            }
        }
    }

    fn unique(what: &str) -> CString {
        CString::new(run::unique(what)).expect("no NUL")
    }

    /// Numbers by name. Their names are made beforehand.
    struct Named {
        managed: Managed,
        names: Vec<CString>,
    }

    impl Named {
        fn new(count: usize) -> Self {
            let name = |index| CString::new(format!("field{index}")).expect("no NUL");
            let length = (1 << 20) + count * 128;
            let managed = Managed::new(&unique("boost-fields"), length, How::Create);
            // SAFETY: it is open.
            let made = unsafe { boost_fields(managed.segment, count) };
            assert!(made, "too little room for {count} fields");
            Named {
                managed,
                names: (0..count).map(name).collect(),
            }
        }

        fn find(&self, index: usize) -> &AtomicU64 {
            let name = self.names[index].as_ptr();
            // SAFETY: the segment is open, the name a C string.
            let number = unsafe { boost_find(self.managed.segment, name) };
            // SAFETY: it has been made, is aligned, and is used through atomics.
            unsafe { AtomicU64::from_ptr(number) }
        }
    }

    impl Fields for Named {
        fn get(&mut self, index: usize) -> u64 {
            self.find(index).load(Acquire)
        }

        fn add(&mut self, index: usize) {
            self.find(index).fetch_add(1, AcqRel);
        }
    }

    struct Segments {
        _existing: Managed,
        name: CString,
        fresh: CString,
    }

    const LEN: usize = 4096;

    impl Segments {
        fn new() -> Self {
            let name = unique("boost");
            Segments {
                _existing: Managed::new(&name, LEN, How::Create),
                name,
                fresh: unique("boost-fresh"),
            }
        }
    }

    impl Segment for Segments {
        type Made = Managed;

        fn create(&mut self) -> Managed {
            Managed::new(&self.fresh, LEN, How::Create)
        }

        fn create_unnamed(&mut self) -> Managed {
            unreachable!("it lacks that")
        }

        fn open(&mut self) -> Managed {
            Managed::new(&self.name, LEN, How::Open)
        }

        fn open_or_create(&mut self) -> Managed {
            Managed::new(&self.name, LEN, How::OpenOrCreate)
        }

        fn inherit(&mut self) -> Managed {
            unreachable!("it lacks that")
        }
    }
}
