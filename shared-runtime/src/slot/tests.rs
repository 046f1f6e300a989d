//! Each kind of value at rest: encoded and decoded again, and bytes that are not a value.

#![allow(clippy::needless_pass_by_value)] // values are easier to write

use core::fmt::Debug;
use core::marker::PhantomData;
use core::net::{Ipv6Addr, SocketAddr, SocketAddrV6};
use core::num::{NonZeroI8, NonZeroU32};
use std::time::{Duration, SystemTime};

use bytemuck::{Zeroable, bytes_of, bytes_of_mut};

use super::mode::{Capacity, Inline, Pod};
use super::plain::{self, Plain, as_image, is_image};
use crate::format::Corrupt;
use crate::format::fixed::Fixed;

/// The bytes of a value, in an image that was full of ones before.
fn bytes<T: Plain<M>, M>(value: &T) -> Vec<u8> {
    let mut image = T::Image::zeroed();
    bytes_of_mut(&mut image).fill(0xff);
    value.encode(&mut image).expect("it fits");
    bytes_of(&image).to_vec()
}

fn read<T: Plain<M>, M>(bytes: &[u8]) -> Result<T, Corrupt> {
    let mut image = T::Image::zeroed();
    bytes_of_mut(&mut image).copy_from_slice(bytes);
    T::decode(&image)
}

/// The value comes back by both ways, over `other`, and takes `len` bytes.
fn goes_round<T: Plain<M> + PartialEq + Debug, M>(value: T, mut other: T, len: usize) {
    let bytes = bytes(&value);
    assert_eq!(bytes.len(), len, "{value:?}");
    assert_eq!(T::SHAPE.size(), len, "{value:?}");
    assert_eq!(align_of::<T::Image>(), 1);
    let mut image = T::Image::zeroed();
    bytes_of_mut(&mut image).copy_from_slice(&bytes);
    T::decode_into(&image, &mut other).expect("a value");
    assert_eq!(other, value);
    if is_image::<T, M>() {
        assert_eq!(bytes_of(as_image(&value)), bytes);
    }
    assert_eq!(read::<T, M>(&bytes).expect("a value"), value);
}

#[test]
fn every_kind_of_value_goes_round() {
    goes_round::<_, Inline>(true, false, 1);
    goes_round::<_, Inline>('\u{10ffff}', 'a', 4);
    goes_round::<_, Inline>(0x12_u8, 0, 1);
    goes_round::<_, Inline>(u16::MAX, 0, 2);
    goes_round::<_, Inline>(0x1234_5678_u32, 0, 4);
    goes_round::<_, Inline>(u64::MAX - 1, 0, 8);
    goes_round::<_, Inline>(usize::MAX, 0, 8);
    goes_round::<_, Inline>(i8::MIN, 0, 1);
    goes_round::<_, Inline>(i16::MIN, 0, 2);
    goes_round::<_, Inline>(i32::MIN, 0, 4);
    goes_round::<_, Inline>(i64::MIN, 0, 8);
    goes_round::<_, Inline>(isize::MIN, 0, 8);
    goes_round::<_, Inline>(-0.5_f32, 0.0, 4);
    goes_round::<_, Inline>(f64::MIN_POSITIVE, 0.0, 8);
    goes_round::<_, Inline>(u128::MAX - 1, 0, 16);
    goes_round::<_, Inline>(i128::MIN, 0, 16);
    goes_round::<_, Inline>(NonZeroU32::MAX, NonZeroU32::MIN, 4);
    goes_round::<_, Inline>(NonZeroI8::new(-1), None, 1);
    goes_round::<_, Inline>(None::<NonZeroI8>, NonZeroI8::new(3), 1);
    goes_round::<_, Inline>(Duration::MAX, Duration::ZERO, 12);
    goes_round::<_, Inline>((), (), 0);
    goes_round::<_, Inline>(PhantomData::<str>, PhantomData, 0);
}

#[test]
fn every_compound_goes_round() {
    goes_round::<_, Inline>(Some(7_u32), None, 5);
    goes_round::<_, Inline>(Some(7_u32), Some(8), 5);
    goes_round::<_, Inline>(None::<u32>, Some(8), 5);
    goes_round::<_, Inline>(Some(()), None, 1);
    goes_round::<_, Inline>(Some(None::<Option<bool>>), None, 4);
    goes_round::<_, Inline>([1_u16, 2, 3], [0; 3], 6);
    goes_round::<_, Inline>([[true; 2]; 3], [[false; 2]; 3], 6);
    goes_round::<_, Inline>([0_u8; 0], [], 0);
    goes_round::<_, Inline>([Some([1_u8; 2]); 2], [None; 2], 6);
    goes_round::<_, Inline>((1_u8,), (0,), 1);
    goes_round::<_, Inline>((1_u8, 2_u64, (true, 'x')), (0, 0, (false, 'y')), 14);
    let twelve = (
        1_u8, 2_u8, 3_u8, 4_u8, 5_u8, 6_u8, 7_u8, 8_u8, 9_u8, 10_u8, 11_u8, 12_u8,
    );
    let zeros = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    goes_round::<_, Inline>(twelve, zeros, 12);
    goes_round::<_, Pod>([0.5_f32; 3], [0.0; 3], 12);
}

#[test]
fn text_and_lists_go_round_up_to_their_capacity() {
    for text in ["", "a", "häß", "🦀", "nul\0nul\0"] {
        goes_round::<_, Capacity<8>>(text.to_owned(), "longer text".to_owned(), 12);
        goes_round::<_, Capacity<8>>(Some(text.to_owned()), None, 13);
    }
    goes_round::<_, Capacity<0>>(String::new(), "x".to_owned(), 4);
    goes_round::<_, Capacity<3>>(vec![1_u32, 2, 3], vec![9], 16);
    goes_round::<_, Capacity<3>>(Vec::<u32>::new(), vec![9; 7], 16);
    goes_round::<_, Capacity<2>>(vec![Some(true), None], vec![None; 3], 8);
    goes_round::<_, Capacity<2>>([vec![1_u8], vec![]], [vec![], vec![3; 9]], 12);
    goes_round::<_, Capacity<3>>(vec![(); 3], vec![], 4);
}

#[test]
fn numbers_are_little_endian_and_lengths_have_32_bits() {
    assert_eq!(bytes::<u32, Inline>(&0x0102_0304), [4, 3, 2, 1]);
    assert_eq!(bytes::<(u8, u16), Inline>(&(1, 0x0203)), [1, 3, 2]);
    assert_eq!(bytes::<Option<u16>, Inline>(&Some(5)), [1, 5, 0]);
    assert_eq!(
        bytes::<String, Capacity<3>>(&"ab".to_owned()),
        [2, 0, 0, 0, b'a', b'b', 0xff]
    );
    assert_eq!(
        bytes::<Vec<u8>, Capacity<2>>(&vec![7]),
        [1, 0, 0, 0, 7, 0xff]
    );
    let duration = bytes::<Duration, Inline>(&Duration::new(1, 2));
    assert_eq!(duration, [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0]);
}

#[test]
fn what_lies_in_memory_as_at_rest_is_what_has_no_padding_and_no_invalid_bytes() {
    assert!(is_image::<u64, Inline>() && is_image::<f32, Inline>() && is_image::<i128, Inline>());
    assert!(is_image::<[[i16; 3]; 2], Inline>() && is_image::<[f64; 2], Pod>());
    assert!(!is_image::<bool, Inline>() && !is_image::<char, Inline>());
    assert!(!is_image::<NonZeroU32, Inline>() && !is_image::<Option<NonZeroU32>, Inline>());
    assert!(!is_image::<[bool; 2], Inline>() && !is_image::<Duration, Inline>());
    assert!(!is_image::<Option<u8>, Inline>() && !is_image::<Vec<u8>, Capacity<4>>());
}

/// The bytes are not a value of `T`, and the error names the path and what was found.
fn refuses<T: Plain<M> + Debug, M>(bytes: &[u8], path: &str, found: u64) {
    let corrupt = read::<T, M>(bytes).expect_err("no value");
    assert_eq!(
        (corrupt.field(), corrupt.found()),
        (path, found),
        "{corrupt}"
    );
    let mut image = T::Image::zeroed();
    let mut out = T::decode(&image).expect("zeros are a value");
    bytes_of_mut(&mut image).copy_from_slice(bytes);
    let corrupt = T::decode_into(&image, &mut out).expect_err("no value");
    assert_eq!(
        (corrupt.field(), corrupt.found()),
        (path, found),
        "{corrupt}"
    );
}

#[test]
fn every_invalid_byte_is_told_with_its_path() {
    for byte in 2..=u8::MAX {
        refuses::<bool, Inline>(&[byte], "", byte.into());
        refuses::<Option<u8>, Inline>(&[byte, 0], "", byte.into());
        refuses::<(u8, [bool; 2]), Inline>(&[0, 1, byte], "1[1]", byte.into());
    }
    for char in [0xd800_u32, 0xdfff, 0x11_0000, u32::MAX] {
        refuses::<char, Inline>(&char.to_le_bytes(), "", char.into());
    }
    for nanoseconds in [1_000_000_000_u32, u32::MAX] {
        let mut bytes = [0xff; 12];
        bytes[8..].copy_from_slice(&nanoseconds.to_le_bytes());
        refuses::<Duration, Inline>(&bytes, "", nanoseconds.into());
    }
    assert_eq!(
        read::<NonZeroI8, Inline>(&[0])
            .expect_err("no value")
            .found(),
        0
    );
    refuses::<Option<[bool; 2]>, Inline>(&[1, 0, 7], "[1]", 7);
}

#[test]
fn a_length_beyond_the_capacity_is_told_and_nothing_is_read_there() {
    for len in [4_u32, 5, u32::MAX] {
        let mut bytes = [b'x'; 7];
        bytes[..4].copy_from_slice(&len.to_le_bytes());
        refuses::<String, Capacity<3>>(&bytes, "", len.into());
        refuses::<Vec<u8>, Capacity<3>>(&bytes, "", len.into());
        let image = [&[0; 7][..], &bytes[..]].concat();
        refuses::<[String; 2], Capacity<3>>(&image, "[1]", len.into());
    }
    // The bytes of an element behind the end may be anything.
    assert_eq!(
        read::<Vec<bool>, Capacity<2>>(&[1, 0, 0, 0, 1, 9]).expect("a list"),
        [true]
    );
    refuses::<Vec<bool>, Capacity<2>>(&[2, 0, 0, 0, 1, 9], "[1]", 9);
}

#[test]
fn what_is_no_utf8_is_told_with_its_place() {
    let text = |bytes: &[u8], at: usize, found: u8| {
        let mut image = [0; 10];
        image[0] = u8::try_from(bytes.len()).expect("short");
        image[4..4 + bytes.len()].copy_from_slice(bytes);
        refuses::<String, Capacity<6>>(&image, &format!("[{at}]"), found.into());
    };
    text(b"\xff", 0, 0xff);
    text(b"ab\x80", 2, 0x80);
    text("aä".as_bytes().split_last().expect("bytes").1, 1, 0xc3); // cut within a letter
    text(b"a\xed\xa0\x80", 1, 0xed); // a surrogate
    text(b"\xc0\x80", 0, 0xc0); // an overlong nul
}

type Texts = [Option<String>; 2];

#[test]
fn what_does_not_fit_is_refused_with_its_path() {
    let mut image = <Vec<u16> as Plain<Capacity<2>>>::Image::zeroed();
    let exceeded = plain::encode::<_, Capacity<2>>("list", &vec![1_u16; 3], &mut image);
    let exceeded = exceeded.expect_err("too long");
    assert_eq!((exceeded.capacity, exceeded.needed), (2, 3));
    assert_eq!(exceeded.field, "list");
    let mut image = <Texts as Plain<Capacity<3>>>::Image::zeroed();
    let texts: Texts = [Some("abc".to_owned()), Some("äää".to_owned())];
    let exceeded = plain::encode::<_, Capacity<3>>("texts", &texts, &mut image);
    let exceeded = exceeded.expect_err("too long");
    assert_eq!((exceeded.capacity, exceeded.needed), (3, 6));
    assert_eq!(exceeded.field, "texts[1]");
    let told = exceeded.to_string();
    assert!(
        told.starts_with("field `texts[1]` holds at most 3 bytes, and the value needs 6"),
        "{told}"
    );
}

#[test]
fn a_year_beyond_what_the_clock_can_express_is_refused() {
    for text in [
        "+25252734927766600-06-01T00:00:00Z",
        "-25252734927766600-06-01T00:00:00Z",
        "+9223372036854775807-01-01T00:00:00Z",
    ] {
        assert_eq!(SystemTime::of_text(text), None, "{text}");
    }
}

#[test]
fn the_text_of_a_socket_address_has_all_of_it() {
    let address = SocketAddr::from(SocketAddrV6::new(Ipv6Addr::LOCALHOST, 443, 7, 3));
    assert_eq!(address.text(), "[::1%3]:443/flow=7");
    assert_eq!(SocketAddr::of_text(&address.text()), Some(address));
}
