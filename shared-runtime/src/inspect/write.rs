//! Changing a field, as any process does: atomics by atomic instructions, lock-guarded slots under their lock.

use super::error::WriteError;
use super::field::Field;
use super::read::value;
use super::tree::{self, TreeNode, TreePart};
use super::value::Value;
use super::{encode, parse};
use crate::access::Write;
use crate::error::SystemError;
use crate::format::kind::{EntryKind, Kind};
use crate::lock::{Guard, LockedBytes, UpdateError};
use crate::sync::AnyInteger;
use crate::sys::owner;
use crate::walk::{Bytes, Node, Part};

impl Field<'_, Write> {
    /// Writes a value. A lock-guarded slot, or a part of one, changes as a whole; the slots of a struct or array are
    /// written one after the other, once all values have been checked.
    ///
    /// The value must be one of the field's type; an integer may be of any integer type whose value fits, an enum's
    /// variant may be given as text, the value of an option without `Some`, and any sequence for a list, array or tuple.
    ///
    /// Waits for a living holder of a lock, up to the [`lock_timeout`](super::InspectOptions::lock_timeout).
    ///
    /// # Errors
    ///
    /// [`WriteError`]. Then nothing was changed, unless a slot of several could not be locked: those before it were written.
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
    /// As [`set`](Self::set), which also says when this panics.
    pub fn set_str(&self, text: &str) -> Result<(), WriteError> {
        let value = parse::parse(self.node, text);
        self.write(&value.map_err(|error| error.in_field(&self.path))?)
    }

    fn write(&self, value: &Value) -> Result<(), WriteError> {
        let in_path = |error: WriteError| error.in_field(&self.path);
        if self.within.is_some() {
            let bytes = encode::bytes(self.node, value).map_err(in_path)?;
            return self.transact(|part| part.copy_from_slice(&bytes));
        }
        let mut changes = Vec::new();
        plan(self.slot(), value, &mut changes).map_err(in_path)?;
        if changes.iter().any(|(slot, _)| slot.locked().is_some()) {
            // Else it would fail when some of the slots have been written already.
            let checked = owner::check();
            let checked = checked.map_err(SystemError::when("tell who this thread is"));
            checked.map_err(|source| self.refused(UpdateError::System(source)))?;
        }
        for (slot, bytes) in changes {
            match slot.locked() {
                Some(slot) => self.lock(slot)?.replace(&bytes),
                None => _ = change_atomic(slot, |number| number.swap(low(number_of(&bytes)))),
            }
        }
        Ok(())
    }

    /// Adds to a number, and returns the value before. Integers wrap around, as [`Atomic::fetch_add`] does; a negative
    /// amount subtracts. An atomic changes by one instruction (a float by several tries), a lock-guarded number, or one
    /// within a lock-guarded slot, under the lock.
    ///
    /// [`Atomic::fetch_add`]: crate::Atomic::fetch_add
    ///
    /// # Errors
    ///
    /// As [`set`](Self::set), which also says when this panics, and [`WriteError::NoNumber`] if the field is not a number.
    /// The amount for an integer field must be an integer, and its magnitude must fit the type.
    pub fn add(&self, amount: impl Into<Value>) -> Result<Value, WriteError> {
        let amount = amount.into();
        if !self.is_number() {
            return Err(WriteError::NoNumber {
                field: self.path.clone(),
                ty: self.ty(),
            });
        }
        let node = self.node.unlocked();
        let sum = Sum::new(node, &amount).map_err(|error| error.in_field(&self.path))?;
        let before = if self.locked().is_some() {
            self.transact(|part| {
                let before = number_of(part);
                part.copy_from_slice(&sum.of(before).to_le_bytes()[..part.len()]);
                before
            })?
        } else {
            let before = change_atomic(self.slot(), |number| match sum {
                Sum::Integer(amount) => number.fetch_add(low(amount)),
                _ => number.update(|bits| low(sum.of(bits.into()))),
            });
            before.into()
        };
        let value = value(Part::new(Bytes::Private(&before.to_le_bytes()), node));
        Ok(value.unwrap_or(Value::Absent)) // any bytes are a number
    }

    /// Changes the field in the image of the slot that it is, or lies in, in one commit.
    fn transact<R>(&self, change: impl FnOnce(&mut [u8]) -> R) -> Result<R, WriteError> {
        let slot = self.locked();
        let guard = self.lock(slot.expect("it lies in the image of one"))?;
        let mut image = guard.image();
        let part = self.in_image(&image).ok_or_else(|| WriteError::Absent {
            field: self.path.clone(),
        })?;
        let result = change(&mut image[part]);
        guard.replace(&image);
        Ok(result)
    }

    fn lock<'s>(&self, slot: LockedBytes<'s>) -> Result<Guard<LockedBytes<'s>>, WriteError> {
        let guard = slot.lock(self.opened.lock_timeout);
        guard.map_err(|error| self.refused(error))
    }

    fn refused(&self, source: UpdateError) -> WriteError {
        WriteError::Update {
            field: self.path.clone(),
            source,
        }
    }
}

/// Changes an atomic, and wakes those that wait for it.
fn change_atomic(slot: TreePart<'_>, change: impl FnOnce(&dyn AnyInteger) -> u64) -> u64 {
    let result = change(tree::atomic(slot).expect("the tree has been checked"));
    if let Some(event) = tree::event(slot) {
        event.notify();
    }
    result
}

/// Collects what makes these slots hold the value: each slot, and the bytes that it is to hold.
fn plan<'a>(
    slots: TreePart<'a>,
    value: &Value,
    changes: &mut Vec<(TreePart<'a>, Vec<u8>)>,
) -> Result<(), WriteError> {
    let node = slots.node;
    if let Some(EntryKind::Struct | EntryKind::Array) = node.kind() {
        return encode::each_part(node, value, |node, offset, value| {
            plan(slots.part(offset, node), value, changes)
        });
    }
    changes.push((slots, encode::bytes(node, value)?));
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
    fn new(node: TreeNode<'_>, amount: &Value) -> Result<Sum, WriteError> {
        let sum = match node.kind() {
            Some(EntryKind::Scalar(Kind::F32)) => encode::narrow(amount).map(Sum::F32),
            Some(EntryKind::Scalar(Kind::F64)) => amount.float().map(|(wide, _)| Sum::F64(wide)),
            _ => {
                let most = u128::MAX >> (128 - 8 * node.atomic_size().unwrap_or(16));
                let least = i128::try_from(most).map_or(i128::MIN, |most| -most);
                encode::integer(amount, least, most).map(Sum::Integer)
            }
        };
        sum.ok_or_else(|| encode::refuse_value(node, amount))
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

/// Bytes as a number.
fn number_of(bytes: &[u8]) -> u128 {
    let mut bits = [0; 16];
    bits[..bytes.len()].copy_from_slice(bytes);
    u128::from_le_bytes(bits)
}

#[allow(clippy::cast_possible_truncation)] // the low half
fn low(bits: u128) -> u64 {
    bits as u64
}
