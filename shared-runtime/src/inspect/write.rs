//! Changing a field, as any process does: atomics by atomic instructions, lock-guarded slots under their lock.

use core::ops::Range;

use super::error::WriteError;
use super::field::{Field, Position};
use super::image::Condition;
use super::read::value;
use super::tree::Tree;
use super::value::Value;
use super::{encode, parse};
use crate::access::Write;
use crate::error::SystemError;
use crate::format::kind::{EntryKind, Kind};
use crate::lock::{Guard, LockedBytes, UpdateError};
use crate::region::Region;
use crate::sync::AnyInteger;
use crate::sys::owner;
use crate::walk::Bytes;

/// A change of one slot: its entry, its place, and the bytes that it is to hold.
struct Change {
    node: usize,
    offset: usize,
    bytes: Vec<u8>,
}

impl Field<'_, Write> {
    /// Writes a value. A lock-guarded slot, or a part of one, changes as a whole; the slots of a struct or array are
    /// written one after the other, once all values have been checked.
    ///
    /// The value must be one of the field's type; an integer may be of any integer type whose value fits, an enum's
    /// variant may be given as text, the value of an option without `Some`, and any sequence for a list, array or tuple.
    ///
    /// Waits for a living holder of a lock, up to the [`lock_timeout`](super::InspectOptions::lock_timeout) if there is
    /// one.
    ///
    /// # Errors
    ///
    /// [`WriteError`]. Then nothing was changed, unless a slot of a struct or array could not be locked: the slots before
    /// it were written.
    ///
    /// # Panics
    ///
    /// If this thread is within a `modify` of the same slot.
    ///
    /// ```
    /// # use shmstate::{Inspector, Shared};
    /// let pair = Shared::new((1_u8, Some('a')))?; // one lock-guarded slot
    /// let inspector = Inspector::options().writable().from_token(&pair.token())?;
    /// inspector.field("0")?.set(200_u64)?;
    /// inspector.field("1")?.set(None::<char>)?;
    /// assert_eq!(pair.get(), (200, None));
    ///
    /// let error = inspector.field("0")?.set(300_u64).unwrap_err();
    /// assert_eq!(error.to_string(), "`0`: expected u8 (0 to 255), found `300`");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set(&self, value: impl Into<Value>) -> Result<(), WriteError> {
        self.write(&value.into())
    }

    /// Writes a value that is given as text, by the field's type: a text or character as it is; numbers in decimal, or
    /// in hexadecimal with `0x`; variants by name; durations such as `1.5s`, `250ms` or `1m30s`; options as `None`,
    /// `Some(7)` or `7` (text in one that begins with a quote or `Some(`, or is `None`, needs both);
    /// lists and arrays as `[1, 2]`, tuples as `(1, 2)`, structs as `{low: 1, high: 2}`, with text in
    /// double quotes. JSON is read as well, and so is what [`Value`] displays.
    ///
    /// # Errors
    ///
    /// As [`set`](Self::set).
    ///
    /// # Panics
    ///
    /// As [`set`](Self::set).
    pub fn set_str(&self, text: &str) -> Result<(), WriteError> {
        let tree = self.tree();
        let value = parse::parse(tree, self.node, text);
        self.write(&value.map_err(|error| error.in_path(self.path()))?)
    }

    fn write(&self, value: &Value) -> Result<(), WriteError> {
        let tree = self.tree();
        let in_path = |error: WriteError| error.in_path(self.path());
        match &self.position {
            Position::Image {
                offset, conditions, ..
            } => {
                let mut bytes = vec![0; self.size()];
                encode::encode(tree, self.node, value, &mut bytes).map_err(in_path)?;
                let part = *offset..*offset + bytes.len();
                self.transact(part, conditions, |part| part.copy_from_slice(&bytes))
            }
            Position::Slots { offset } => {
                let mut changes = Vec::new();
                plan(tree, self.node, *offset, value, &mut changes).map_err(in_path)?;
                let locked = |change: &Change| tree.kind(change.node) == EntryKind::Locked;
                if changes.iter().any(locked) {
                    // Else it would fail when some of the slots have been written already.
                    let checked = owner::check();
                    let checked = checked.map_err(SystemError::when("tell who this thread is"));
                    checked.map_err(|source| self.refused(UpdateError::System(source)))?;
                }
                changes.iter().try_for_each(|change| self.apply(change))
            }
        }
    }

    /// Adds to a number, and returns the value before. Integers wrap around, as [`Atomic::fetch_add`] does; a negative
    /// amount subtracts. An atomic changes by one instruction (a float by several tries), a lock-guarded number, or one
    /// within a lock-guarded slot, under the lock.
    ///
    /// [`Atomic::fetch_add`]: crate::Atomic::fetch_add
    ///
    /// # Errors
    ///
    /// As [`set`](Self::set), and [`WriteError::NoNumber`] if the field is not a number. The amount for an integer field
    /// must be an integer, and its magnitude must fit the type.
    ///
    /// # Panics
    ///
    /// As [`set`](Self::set).
    pub fn add(&self, amount: impl Into<Value>) -> Result<Value, WriteError> {
        let amount = amount.into();
        if !self.is_number() {
            return Err(WriteError::NoNumber {
                field: self.path().to_owned(),
                ty: self.ty(),
            });
        }
        let tree = self.tree();
        let node = self.node_of_form().unwrap_or(self.node);
        let sum = Sum::new(tree, node, &amount);
        let sum = sum.map_err(|error| error.in_path(self.path()))?;
        let before = match &self.position {
            Position::Slots { offset } if self.kind() != EntryKind::Locked => {
                let before = self.change_atomic(self.node, *offset, |number| match sum {
                    Sum::Integer(amount) => number.fetch_add(low(amount)),
                    _ => number.update(|bits| low(sum.of(bits.into()))),
                });
                before.to_le_bytes().to_vec()
            }
            _ => {
                let (offset, conditions) = self.in_image();
                let part = offset..offset + tree.size(node);
                self.transact(part, conditions, |part| {
                    let mut bits = [0; 16];
                    bits[..part.len()].copy_from_slice(part);
                    let new = sum.of(u128::from_le_bytes(bits)).to_le_bytes();
                    let before = part.to_vec();
                    part.copy_from_slice(&new[..part.len()]);
                    before
                })?
            }
        };
        let value = value(tree.part(node, Bytes::Private(&before)));
        Ok(value.unwrap_or(Value::Absent)) // any bytes are a number
    }

    /// Changes a part of the image of the slot that the field is, or lies in, in one commit.
    fn transact<R>(
        &self,
        part: Range<usize>,
        conditions: &[Condition],
        change: impl FnOnce(&mut [u8]) -> R,
    ) -> Result<R, WriteError> {
        let slot = self.locked();
        let guard = self.lock(slot.expect("it lies in the image of one"))?;
        let mut image = guard.image();
        if !Condition::all_hold(conditions, &image) {
            return Err(WriteError::Absent {
                field: self.path().to_owned(),
            });
        }
        let result = change(&mut image[part]);
        guard.replace(&image);
        Ok(result)
    }

    fn lock<'s>(&self, slot: LockedBytes<'s>) -> Result<Guard<LockedBytes<'s>>, WriteError> {
        let guard = slot.lock(self.opened.lock_timeout);
        guard.map_err(|error| self.refused(error))
    }

    fn apply(&self, change: &Change) -> Result<(), WriteError> {
        let tree = self.tree();
        if tree.kind(change.node) == EntryKind::Locked {
            let region = self.region(change.node, change.offset);
            let slot = tree.entry(change.node).locked(region);
            let slot = slot.expect("the tree has been checked");
            self.lock(slot)?.replace(&change.bytes);
            return Ok(());
        }
        let mut bits = [0; 8];
        bits[..change.bytes.len()].copy_from_slice(&change.bytes);
        self.change_atomic(change.node, change.offset, |number| {
            number.swap(u64::from_le_bytes(bits))
        });
        Ok(())
    }

    /// Changes the atomic at that place, and wakes those that wait for it.
    fn change_atomic(
        &self,
        node: usize,
        offset: usize,
        change: impl FnOnce(&dyn AnyInteger) -> u64,
    ) -> u64 {
        let size = self.tree().kind(node).atomic_size();
        let bytes = size.and_then(|size| self.region(node, offset).part(0, size));
        let number = bytes.and_then(Region::integer);
        let result = change(number.expect("the tree has been checked"));
        if let Some(event) = self.event(node, offset) {
            event.notify();
        }
        result
    }

    fn refused(&self, source: UpdateError) -> WriteError {
        WriteError::Update {
            field: self.path().to_owned(),
            source,
        }
    }
}

/// Collects the changes of slots that make the entry hold the value.
fn plan(
    tree: &Tree,
    node: usize,
    offset: usize,
    value: &Value,
    changes: &mut Vec<Change>,
) -> Result<(), WriteError> {
    let kind = tree.kind(node);
    if let EntryKind::Struct | EntryKind::Array = kind {
        return encode::each_part(tree, node, value, |part, at, value| {
            plan(tree, part, offset + at, value, changes)
        });
    }
    let image = || Some(tree.size(tree.inner(node)?));
    let len = kind.atomic_size().or_else(image).unwrap_or(0);
    let mut bytes = vec![0; len];
    encode::encode(tree, node, value, &mut bytes)?;
    changes.push(Change {
        node,
        offset,
        bytes,
    });
    Ok(())
}

/// An amount to add to a number.
enum Sum {
    /// In two's complement. Bits of the sum beyond the type are cut off.
    Integer(u128),
    F32(f32),
    F64(f64),
}

impl Sum {
    fn new(tree: &Tree, node: usize, amount: &Value) -> Result<Sum, WriteError> {
        let no_value = || encode::refuse_value(tree, node, amount);
        let most = match tree.kind(node) {
            EntryKind::Scalar(Kind::F32) => {
                return Ok(Sum::F32(encode::narrow(amount).ok_or_else(no_value)?));
            }
            EntryKind::Scalar(Kind::F64) => {
                return Ok(Sum::F64(encode::float(amount).ok_or_else(no_value)?.0));
            }
            EntryKind::Scalar(kind) => u128::MAX >> (128 - 8 * kind.size()),
            _ => u128::MAX,
        };
        let least = i128::try_from(most).map_or(i128::MIN, |most| -most);
        let amount = encode::integer(amount, least, most);
        Ok(Sum::Integer(amount.ok_or_else(no_value)?))
    }

    /// The bits of the sum of a number, given by its bits, and the amount.
    fn of(&self, bits: u128) -> u128 {
        match self {
            Sum::Integer(amount) => bits.wrapping_add(*amount),
            #[allow(clippy::cast_possible_truncation)] // as many bits as it has
            Sum::F32(amount) => (f32::from_bits(bits as u32) + amount).to_bits().into(),
            Sum::F64(amount) => (f64::from_bits(low(bits)) + amount).to_bits().into(),
        }
    }
}

#[allow(clippy::cast_possible_truncation)] // the low half
fn low(bits: u128) -> u64 {
    bits as u64
}
