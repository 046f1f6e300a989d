//! Addresses: their octets, in the order of the network.
//!
//! An [`IpAddr`] is a byte, 0 for version 4 and 1 for version 6, and behind it room for 16 octets; a [`SocketAddr`] is
//! an `IpAddr`, the port, and for version 6 the flow information and the scope, little-endian. What an address of
//! version 4 does not use is zero, so that each value has one form. Zero bytes are `0.0.0.0` and `::`, and port 0.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use super::fixed::text_as_displayed;
use crate::format::fixed::Fixed;

macro_rules! octets {
    ($($ty:ident $len:literal $called:literal $example:literal;)*) => {$(
        impl Fixed for $ty {
            type Bytes = [u8; $len];
            const CALLED: &'static str = $called;
            const EXAMPLE: &'static str = $example;
            const MAY_BE_INVALID: bool = false;

            #[inline]
            fn to_bytes(&self) -> [u8; $len] {
                self.octets()
            }

            #[inline]
            fn of_bytes(bytes: &[u8; $len]) -> Option<Self> {
                Some($ty::from(*bytes))
            }

            text_as_displayed!();
        }
    )*};
}

octets! {
    Ipv4Addr 4 "an IPv4 address" "10.0.0.1";
    Ipv6Addr 16 "an IPv6 address" "fe80::1";
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
        let (version, octets): (u8, &[u8]) = match self {
            IpAddr::V4(address) => (V4, &address.octets()),
            IpAddr::V6(address) => (V6, &address.octets()),
        };
        bytes[0] = version;
        bytes[1..=octets.len()].copy_from_slice(octets);
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
