//! Text: its length in bytes, in 32 bits, then room for as many bytes as the capacity says.

#![allow(unsafe_code)]

use super::field::{Field, Zeroed};
use super::locked::Locked;
use super::mode::Capacity;
use super::plain::{Plain, image, length, to_length};
use crate::access::{Access, Write};
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt, value};
use crate::lock::Line;

/// The slot of a `String` field with `#[shared(capacity = N)]`: text of up to `N` bytes of UTF-8.
///
/// It changes from one whole text to the next; blocking is as for [`Locked`]. A text that does not fit is
/// refused with [`CapacityExceeded`], and the old one stays.
///
/// # Panics
///
/// The plain verbs panic if another program has left bytes that are not text, where `try_get`,
/// `try_modify` and their kin return [`Corrupt`]; those that change the text also as [`Locked`] does.
///
/// ```
/// use shmstate::slot::Text;
///
/// fn rename(label: &Text<64>) -> Result<(), shmstate::CapacityExceeded> {
///     label.set("reading")?;
///     label.push_str(" on")?;
///     assert_eq!(label.get(), "reading on");
///     assert!(label.set("x".repeat(65)).is_err()); // the old text stays
///     Ok(())
/// }
/// ```
#[repr(transparent)]
pub struct Text<const N: usize, A: Access = Write>(pub(crate) Locked<String, A, Capacity<N>>);

impl<const N: usize> Text<N> {
    /// Writes as much of the text as fits, cut where a character ends. Returns whether all of it did.
    ///
    /// For labels and messages of which the beginning is worth something:
    ///
    /// ```
    /// use shmstate::slot::Text;
    ///
    /// fn say(status: &Text<8>) {
    ///     assert!(status.set_truncated("reading"));
    ///     assert!(!status.set_truncated("reading Äther")); // "Ä" would need bytes 9 and 10
    ///     assert_eq!(status.get(), "reading ");
    /// }
    /// ```
    #[track_caller]
    pub fn set_truncated(&self, text: impl AsRef<str>) -> bool {
        let text = text.as_ref();
        let fitting = beginning(text, N);
        self.0
            .changed_or_panic(self.0.set_image(None, |image| encode(image, fitting)));
        fitting.len() == text.len()
    }

    /// Appends a character.
    ///
    /// # Errors
    ///
    /// [`CapacityExceeded`], and the old text stays.
    #[track_caller]
    pub fn push(&self, c: char) -> Result<(), CapacityExceeded> {
        self.push_str(c.encode_utf8(&mut [0; 4]))
    }

    /// Appends text.
    ///
    /// # Errors
    ///
    /// [`CapacityExceeded`], and the old text stays.
    #[track_caller]
    pub fn push_str(&self, text: &str) -> Result<(), CapacityExceeded> {
        self.0.or_capacity_error(self.0.modify_image(None, |image| {
            length(image.len, N)?;
            Ok(append(image, text)?)
        }))
    }

    /// Appends as much of the text as fits, cut where a character ends. Returns whether all of it did.
    #[track_caller]
    pub fn push_truncated(&self, text: &str) -> bool {
        self.0.changed_or_panic(self.0.modify_image(None, |image| {
            let fitting = beginning(text, N - length(image.len, N)?);
            append(image, fitting)?;
            Ok(fitting.len() == text.len())
        }))
    }
}

image! {
    /// Text: its length in bytes, and room for `N`. Bytes beyond the length mean nothing.
    TextImage [] [const N] { len: [u8; 4], bytes: [u8; N], }
}

// SAFETY: (1) the image is bytes; (2) `AS_IS` is false.
unsafe impl<const N: usize> Plain<Capacity<N>> for String {
    type Image = TextImage<N>;
    type Cell = Line<TextImage<N>>;
    const SHAPE: &'static Shape = &Shape::text(N);

    #[inline]
    fn encode(&self, image: &mut TextImage<N>) -> Result<(), CapacityExceeded> {
        encode(image, self)
    }

    fn fits(&self) -> Result<(), CapacityExceeded> {
        CapacityExceeded::check_text(N, self.len())
    }

    #[inline]
    fn decode(image: &TextImage<N>) -> Result<Self, Corrupt> {
        text(image).map(str::to_owned)
    }

    #[inline]
    fn decode_into(image: &TextImage<N>, out: &mut Self) -> Result<(), Corrupt> {
        let text = text(image)?;
        out.clear();
        out.push_str(text);
        Ok(())
    }
}

impl<const N: usize> Field<Capacity<N>> for String {
    type Slot<A: Access> = Text<N, A>;
}
impl Zeroed for String {}

/// The text in an image.
fn text<const N: usize>(image: &TextImage<N>) -> Result<&str, Corrupt> {
    let bytes = &image.bytes[..length(image.len, N)?];
    value::text(bytes)
}

#[inline]
pub(super) fn encode<const N: usize>(
    image: &mut TextImage<N>,
    text: &str,
) -> Result<(), CapacityExceeded> {
    image.len = [0; 4];
    append(image, text)
}

/// Puts `text` behind what is there.
#[inline]
fn append<const N: usize>(image: &mut TextImage<N>, text: &str) -> Result<(), CapacityExceeded> {
    let len = u32::from_le_bytes(image.len) as usize;
    let needed = len.saturating_add(text.len());
    CapacityExceeded::check_text(N, needed)?;
    image.bytes[len..needed].copy_from_slice(text.as_bytes());
    image.len = to_length(needed);
    Ok(())
}

/// The longest beginning of a text that takes at most `most` bytes.
fn beginning(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
