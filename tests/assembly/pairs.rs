//! Pairs of functions, compiled to assembly by `tests/assembly.rs`: `ours_x` works on fields through a
//! handle, `raw_x` does the same on `std` atomics through a pointer kept in a struct.
//!
//! Each function loops, so that what a handle costs outside the loop does not hide what it costs inside.

use std::hint::black_box;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, fence};

use shmstate::{ReadOnly, Shared, SharedState};

#[derive(SharedState)]
pub struct State {
    pub count: u64,
    pub small: u32,
    pub ratio: f64,
    pub flag: bool,
    pub light: Light,
    pub switch: Switch,
    pub array: [u64; 16],
    #[shared(cache_padded)]
    pub padded: [u32; 4],
    pub nested: Nested,
    #[shared(watch)]
    pub watched: u64,
    #[shared(watch)]
    pub watched_small: u32,
    #[shared(watch)]
    pub watched_flag: bool,
    #[shared(watch)]
    pub watched_array: [u32; 8],
}

#[derive(SharedState)]
pub struct Nested {
    pub before: u32,
    pub inner: Inner,
}

#[derive(SharedState)]
pub struct Inner {
    pub before: u64,
    pub value: u64,
}

#[derive(SharedState, Clone, Copy)]
pub enum Light {
    Red,
    Amber,
    Green,
}

#[derive(SharedState, Clone, Copy)]
pub enum Switch {
    Off,
    On,
}

/// The same fields by hand.
#[repr(C)]
pub struct RawState {
    count: AtomicU64,
    small: AtomicU32,
    ratio: AtomicU64,
    flag: AtomicU8,
    light: AtomicU8,
    switch: AtomicU8,
    array: [AtomicU64; 16],
    padded: [Padded; 4],
    nested: RawNested,
    watched: RawWatched<AtomicU64>,
    watched_small: RawWatched<AtomicU32>,
    watched_flag: RawWatched<AtomicU8>,
    watched_array: [RawWatched<AtomicU32>; 8],
}

/// An atomic that can be waited for.
#[repr(C)]
struct RawWatched<T> {
    value: T,
    event: AtomicU32,
}

impl<T> RawWatched<T> {
    /// Changes the value, and looks whether anybody waits.
    #[inline]
    fn change<R>(&self, change: impl FnOnce(&T) -> R) -> R {
        let found = change(&self.value);
        let event = self.event.load(SeqCst);
        if event & 1 != 0 {
            wake(&self.event, event);
        }
        found
    }
}

/// Never called while nobody waits.
#[cold]
#[inline(never)]
fn wake(event: &AtomicU32, word: u32) {
    black_box((event, word));
}

#[repr(C, align(64))]
struct Padded(AtomicU32);

#[repr(C)]
struct RawNested {
    before: AtomicU32,
    inner: RawInner,
}

#[repr(C)]
struct RawInner {
    before: AtomicU64,
    value: AtomicU64,
}

/// A handle by hand: where the fields lie, and what keeps them there.
pub struct Raw {
    fields: NonNull<RawState>,
    _segment: Arc<()>,
}

impl std::ops::Deref for Raw {
    type Target = RawState;

    #[inline]
    fn deref(&self) -> &RawState {
        // SAFETY: never run.
        unsafe { self.fields.as_ref() }
    }
}

/// What code that does not trust the bytes does by hand. Where they are not a value, it says which slot it was, and from
/// where it was called.
#[inline]
fn to_bool(slot: &AtomicU8, byte: u8) -> bool {
    match byte {
        0 => false,
        1 => true,
        _ => invalid(slot, byte, &Caller(17)),
    }
}

#[inline]
fn to_switch(slot: &AtomicU8, byte: u8) -> Switch {
    match byte {
        0 => Switch::Off,
        1 => Switch::On,
        _ => invalid(slot, byte, &Caller(18)),
    }
}

#[inline]
fn light(byte: u8) -> Option<Light> {
    match byte {
        0 => Some(Light::Red),
        1 => Some(Light::Amber),
        2 => Some(Light::Green),
        _ => None,
    }
}

#[inline]
fn to_light(slot: &AtomicU8, byte: u8) -> Light {
    match light(byte) {
        Some(light) => light,
        None => invalid(slot, byte, &Caller(17)),
    }
}

fn next(light: Light) -> Light {
    match light {
        Light::Red => Light::Amber,
        Light::Amber => Light::Green,
        Light::Green => Light::Red,
    }
}

/// Where a verb was called: what `#[track_caller]` passes beside the arguments.
struct Caller(u64);

#[cold]
#[inline(never)]
fn invalid(slot: &AtomicU8, bits: u8, caller: &'static Caller) -> ! {
    panic!("{slot:p}: no value: {bits}, for line {}", caller.0)
}

/// As `to_light`; what is said of a byte that is not a value is handed back.
#[inline]
fn checked_light(slot: &AtomicU8, byte: u8) -> Option<Light> {
    light(byte).or_else(|| told(slot, byte))
}

#[cold]
#[inline(never)]
fn told(slot: &AtomicU8, byte: u8) -> Option<Light> {
    drop(black_box(format!("{slot:p}: no value: {byte}")));
    None
}

/// For each line two functions, `ours_…` and `raw_…`, of a handle and a number, made of its expressions.
macro_rules! pairs {
    ($($ours:ident $raw:ident |$h:ident, $v:ident| $ours_does:expr, $raw_does:expr;)*) => {$(
        #[unsafe(no_mangle)]
        pub extern "C" fn $ours($h: &Shared<State>, $v: u64) {
            $ours_does
        }
        #[unsafe(no_mangle)]
        pub extern "C" fn $raw($h: &Raw, $v: u64) {
            $raw_does
        }
    )*};
}

/// The same, with the expressions in a hot loop.
macro_rules! hot_pairs {
    ($($ours:ident $raw:ident |$h:ident, $v:ident| $ours_does:expr, $raw_does:expr;)*) => {$(
        #[unsafe(no_mangle)]
        pub extern "C" fn $ours($h: &Shared<State>, $v: u64, n: u64) {
            for _ in 0..n {
                $ours_does
            }
        }
        #[unsafe(no_mangle)]
        pub extern "C" fn $raw($h: &Raw, $v: u64, n: u64) {
            for _ in 0..n {
                $raw_does
            }
        }
    )*};
}

/// The usual loop.
macro_rules! update {
    ($atomic:expr, |$old:ident| $new:expr) => {{
        let mut $old = $atomic.load(Acquire);
        loop {
            match $atomic.compare_exchange_weak($old, $new, AcqRel, Acquire) {
                Ok(previous) => break previous,
                Err(now) => $old = now,
            }
        }
    }};
}

/// Uses a value, so that reading it is not left out.
#[inline(always)]
fn see<T>(value: T) {
    black_box(value);
}

hot_pairs! {
    ours_get_u64 raw_get_u64 |h, _v| see(h.count.get()), see(h.count.load(Acquire));
    ours_set_u64 raw_set_u64 |h, v| h.count.set(v), h.count.store(v, Release);
    ours_replace_u64 raw_replace_u64 |h, v| see(h.count.replace(v)), see(h.count.swap(v, AcqRel));
    ours_add_u64 raw_add_u64 |h, v| see(h.count.fetch_add(v)), see(h.count.fetch_add(v, AcqRel));
    ours_or_u64 raw_or_u64 |h, v| _ = h.count.fetch_or(v), _ = h.count.fetch_or(v, AcqRel);
    ours_exchange_u64 raw_exchange_u64 |h, v| see(h.count.compare_exchange(v, 7)),
        see(h.count.compare_exchange(v, 7, AcqRel, Acquire));
    ours_update_u64 raw_update_u64 |h, v| see(h.count.update(|old| old.rotate_left(3) ^ v)),
        see(update!(h.count, |old| old.rotate_left(3) ^ v));

    ours_get_u32 raw_get_u32 |h, _v| see(h.small.get()), see(h.small.load(Acquire));
    ours_set_u32 raw_set_u32 |h, v| h.small.set(v as u32), h.small.store(v as u32, Release);
    ours_add_u32 raw_add_u32 |h, _v| see(h.small.fetch_add(3)), see(h.small.fetch_add(3, AcqRel));
    ours_exchange_u32 raw_exchange_u32 |h, v| see(h.small.compare_exchange(v as u32, 7)),
        see(h.small.compare_exchange(v as u32, 7, AcqRel, Acquire));

    ours_get_f64 raw_get_f64 |h, _v| see(h.ratio.get()), see(f64::from_bits(h.ratio.load(Acquire)));
    ours_set_f64 raw_set_f64 |h, v| h.ratio.set(v as f64), h.ratio.store((v as f64).to_bits(), Release);
    ours_add_f64 raw_add_f64 |h, _v| see(h.ratio.fetch_add(0.5)),
        see(f64::from_bits(update!(h.ratio, |bits| (f64::from_bits(bits) + 0.5).to_bits())));
    ours_update_f64 raw_update_f64 |h, _v| see(h.ratio.update(|x| x * 1.5)),
        see(f64::from_bits(update!(h.ratio, |bits| (f64::from_bits(bits) * 1.5).to_bits())));

    ours_get_bool raw_get_bool |h, _v| see(h.flag.get()), see(to_bool(&h.flag, h.flag.load(Acquire)));
    ours_set_bool raw_set_bool |h, v| h.flag.set(v > 9), h.flag.store(u8::from(v > 9), Release);
    ours_replace_bool raw_replace_bool |h, _v| see(h.flag.replace(true)), see(to_bool(&h.flag, h.flag.swap(1, AcqRel)));
    ours_or_bool raw_or_bool |h, v| see(h.flag.fetch_or(v > 9)),
        see(to_bool(&h.flag, h.flag.fetch_or(u8::from(v > 9), AcqRel)));

    ours_get_enum raw_get_enum |h, _v| see(h.light.get()), see(to_light(&h.light, h.light.load(Acquire)));
    ours_set_enum raw_set_enum |h, _v| h.light.set(Light::Green), h.light.store(2, Release);
    ours_replace_enum raw_replace_enum |h, _v| see(h.light.replace(Light::Amber)),
        see(to_light(&h.light, h.light.swap(1, AcqRel)));
    ours_get_two raw_get_two |h, _v| see(h.switch.get()), see(to_switch(&h.switch, h.switch.load(Acquire)));
    ours_update_element raw_update_element |h, v| see(h.array[v as usize].update(|old| old ^ v)),
        see(update!(h.array[v as usize], |old| old ^ v));
    ours_try_get_enum raw_try_get_enum |h, _v| see(h.light.try_get().ok()), see(checked_light(&h.light, h.light.load(Acquire)));

    ours_get_element raw_get_element |h, v| see(h.array[v as usize].get()),
        see(h.array[v as usize].load(Acquire));
    ours_add_element raw_add_element |h, v| see(h.array[v as usize].fetch_add(v)),
        see(h.array[v as usize].fetch_add(v, AcqRel));
    ours_sum_array raw_sum_array |h, _v| see(h.array.iter().map(|x| x.get()).fold(0, u64::wrapping_add)),
        see(h.array.iter().map(|x| x.load(Acquire)).fold(0, u64::wrapping_add));
    ours_add_padded raw_add_padded |h, v| see(h.padded[v as usize].fetch_add(1)),
        see(h.padded[v as usize].0.fetch_add(1, AcqRel));
    ours_get_nested raw_get_nested |h, _v| see(h.nested.inner.value.get()),
        see(h.nested.inner.value.load(Acquire));
    ours_add_nested raw_add_nested |h, v| see(h.nested.inner.value.fetch_add(v)),
        see(h.nested.inner.value.fetch_add(v, AcqRel));
}

// What is done when somebody waits is ours alone: of `watched_…` the loops are compared.
hot_pairs! {
    ours_get_watched raw_get_watched |h, _v| see(h.watched.get()), see(h.watched.value.load(Acquire));
    ours_watched_set raw_watched_set |h, v| h.watched.set(v),
        _ = h.watched.change(|value| value.swap(v, SeqCst));
    ours_watched_add raw_watched_add |h, v| see(h.watched.fetch_add(v)),
        see(h.watched.change(|value| value.fetch_add(v, SeqCst)));
    ours_watched_count raw_watched_count |h, _v| _ = h.watched.fetch_add(1),
        _ = h.watched.change(|value| value.fetch_add(1, SeqCst));
    ours_watched_replace raw_watched_replace |h, v| see(h.watched_small.replace(v as u32)),
        see(h.watched_small.change(|value| value.swap(v as u32, SeqCst)));
    ours_get_watched_flag raw_get_watched_flag |h, _v| see(h.watched_flag.get()),
        see(to_bool(&h.watched_flag.value, h.watched_flag.value.load(Acquire)));
    ours_watched_set_flag raw_watched_set_flag |h, v| h.watched_flag.set(v > 9),
        _ = h.watched_flag.change(|value| value.swap(u8::from(v > 9), SeqCst));
    ours_watched_add_element raw_watched_add_element |h, v| see(h.watched_array[v as usize].fetch_add(1)),
        see(h.watched_array[v as usize].change(|value| value.fetch_add(1, SeqCst)));
}

// Not in a loop, whose counter the compiler puts now before, now behind these.
pairs! {
    ours_exchange_bool raw_exchange_bool |h, _v| see(h.flag.compare_exchange(false, true)),
        see(match h.flag.compare_exchange(0, 1, AcqRel, Acquire) {
            Ok(byte) => Ok(to_bool(&h.flag, byte)),
            Err(byte) => Err(to_bool(&h.flag, byte)),
        });
    ours_exchange_enum raw_exchange_enum |h, _v| see(h.light.compare_exchange(Light::Red, Light::Green)),
        see(match h.light.compare_exchange(0, 2, AcqRel, Acquire) {
            Ok(byte) => Ok(to_light(&h.light, byte)),
            Err(byte) => Err(to_light(&h.light, byte)),
        });
    ours_update_enum raw_update_enum |h, _v| see(h.light.update(next)),
        see(to_light(&h.light, update!(h.light, |byte| next(to_light(&h.light, byte)) as u8)));
    ours_update_bool raw_update_bool |h, _v| see(h.flag.update(|on| !on)),
        see(to_bool(&h.flag, update!(h.flag, |byte| u8::from(!to_bool(&h.flag, byte)))));
}

hot_pairs! {
    // Must be told apart: these two pairs differ by an ordering and by an offset.
    ours_differs_store raw_differs_store |h, v| h.count.set(v), h.count.store(v, SeqCst);
    ours_differs_offset raw_differs_offset |h, v| h.array[3].set(v), h.array[4].store(v, Release);
}

#[unsafe(no_mangle)]
pub extern "C" fn ours_get_read_only(h: &ReadOnly<State>, n: u64) {
    for _ in 0..n {
        see(h.count.get());
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn raw_get_read_only(h: &Raw, n: u64) {
    for _ in 0..n {
        let value = h.count.load(Relaxed);
        fence(Acquire);
        see(value);
    }
}
