//! Addresses: their octets, in the order of the network.
//!
//! An [`IpAddr`] is a byte, 0 for version 4 and 1 for version 6, and behind it room for 16 octets; a [`SocketAddr`] is
//! an `IpAddr`, the port, and for version 6 the flow information and the scope, little-endian. What an address of
//! version 4 does not use is zero, so that each value has one form. Zero bytes are `0.0.0.0` and `::`, and port 0.

#![allow(unsafe_code)] // of the macros

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use super::atomic::atomic_field;
use super::field::{Single, Zeroed};
use super::fixed::{fixed_atomic, fixed_locked, text_as_displayed, wide};
use super::locked::whole;
use super::mode::Inline;
use super::plain::Plain;
use super::scalar::{Bits, Scalar, scalar};
use crate::format::fixed::{Fixed, Listed};
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt};
use crate::lock::Packed as CellOf;
use crate::sync::{AtomicU32, RawAtomic};

fixed_atomic!(Ipv4Addr, AtomicU32);
fixed_locked!(Ipv6Addr, IpAddr, SocketAddr);

impl Fixed for Ipv4Addr {
    type Bytes = [u8; 4];
    const CALLED: &'static str = "an IPv4 address";
    const EXAMPLE: &'static str = "10.0.0.1";
    const MAY_BE_INVALID: bool = false;

    #[inline]
    fn to_bytes(&self) -> [u8; 4] {
        self.octets()
    }

    #[inline]
    fn of_bytes(bytes: &[u8; 4]) -> Option<Self> {
        Some(Ipv4Addr::from(*bytes))
    }

    text_as_displayed!();
}

impl Fixed for Ipv6Addr {
    type Bytes = [u8; 16];
    const CALLED: &'static str = "an IPv6 address";
    const EXAMPLE: &'static str = "fe80::1";
    const MAY_BE_INVALID: bool = false;

    fn to_bytes(&self) -> [u8; 16] {
        self.octets()
    }

    fn of_bytes(bytes: &[u8; 16]) -> Option<Self> {
        Some(Ipv6Addr::from(*bytes))
    }

    text_as_displayed!();
}

const V4: u8 = 0;
const V6: u8 = 1;

impl Fixed for IpAddr {
    type Bytes = [u8; 17];
    const CALLED: &'static str = "an IP address";
    const EXAMPLE: &'static str = "10.0.0.1";
    const MAY_BE_INVALID: bool = true;

    fn to_bytes(&self) -> [u8; 17] {
        let mut bytes = [0; 17];
        match self {
            IpAddr::V4(address) => {
                bytes[0] = V4;
                bytes[1..5].copy_from_slice(&address.octets());
            }
            IpAddr::V6(address) => {
                bytes[0] = V6;
                bytes[1..].copy_from_slice(&address.octets());
            }
        }
        bytes
    }

    fn of_bytes(bytes: &[u8; 17]) -> Option<Self> {
        match bytes {
            [V4, a, b, c, d, rest @ ..] if rest.iter().all(|byte| *byte == 0) => {
                Some(IpAddr::from([*a, *b, *c, *d]))
            }
            [V6, octets @ ..] => Some(IpAddr::from(*octets)),
            _ => None,
        }
    }

    text_as_displayed!();
}

/// Between the port and the flow information of an address of version 6.
const FLOW: &str = "/flow=";

impl Fixed for SocketAddr {
    type Bytes = [u8; 27];
    const CALLED: &'static str = "a socket address";
    const EXAMPLE: &'static str = "10.0.0.1:80";
    const MAY_BE_INVALID: bool = true;

    fn to_bytes(&self) -> [u8; 27] {
        let mut bytes = [0; 27];
        bytes[..17].copy_from_slice(&self.ip().to_bytes());
        bytes[17..19].copy_from_slice(&self.port().to_le_bytes());
        if let SocketAddr::V6(address) = self {
            bytes[19..23].copy_from_slice(&address.flowinfo().to_le_bytes());
            bytes[23..].copy_from_slice(&address.scope_id().to_le_bytes());
        }
        bytes
    }

    fn of_bytes(bytes: &[u8; 27]) -> Option<Self> {
        let ip = IpAddr::of_bytes(bytes.first_chunk()?)?;
        let port = u16::from_le_bytes([bytes[17], bytes[18]]);
        let flow = u32::from_le_bytes(*bytes[19..].first_chunk()?);
        let scope = u32::from_le_bytes(*bytes[23..].first_chunk()?);
        match ip {
            IpAddr::V4(ip) if flow == 0 && scope == 0 => Some(SocketAddrV4::new(ip, port).into()),
            IpAddr::V4(_) => None,
            IpAddr::V6(ip) => Some(SocketAddrV6::new(ip, port, flow, scope).into()),
        }
    }

    /// As displayed, and the flow information, which `Display` leaves out, behind it if there is any.
    fn text(&self) -> String {
        match self {
            SocketAddr::V6(address) if address.flowinfo() != 0 => {
                format!("{address}{FLOW}{}", address.flowinfo())
            }
            _ => self.to_string(),
        }
    }

    fn of_text(text: &str) -> Option<Self> {
        let Some((address, flow)) = text.split_once(FLOW) else {
            return text.parse().ok();
        };
        let mut address: SocketAddrV6 = address.parse().ok()?;
        address.set_flowinfo(flow.parse().ok()?);
        Some(address.into())
    }
}
