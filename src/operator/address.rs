//! IPv4 and IPv6 addresses, and blocks of them in CIDR notation (RFC 4632, RFC 4291).

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// An IPv4 or IPv6 address. An IPv4-mapped IPv6 address equals the IPv4 address; the families are
/// otherwise disjoint.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) enum Address {
    V4(u32),
    V6(u128),
}

impl Address {
    /// Returns the address that a whole string spells.
    ///
    /// IPv4 is four decimal numbers, and leading zeros are allowed. IPv6 is hexadecimal groups and
    /// colons alone: a zone or a dotted quad at the end is not an address.
    pub(crate) fn parse(text: &[u8]) -> Option<Address> {
        // The longest spelling has eight groups of four digits.
        if text.len() > 39 || text.len() < 2 {
            return None;
        }
        if text.contains(&b':') { parse_v6(text) } else { parse_v4(text) }
    }

    /// Returns the number of bits of an address of this family.
    fn width(self) -> u32 {
        match self {
            Address::V4(_) => 32,
            Address::V6(_) => 128,
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Address::V4(bits) => Ipv4Addr::from_bits(bits).fmt(f),
            Address::V6(bits) => Ipv6Addr::from_bits(bits).fmt(f),
        }
    }
}

fn parse_v4(text: &[u8]) -> Option<Address> {
    if text.len() > 15 {
        return None;
    }
    let mut parts = text.split(|&byte| byte == b'.');
    let mut address = 0;
    for _ in 0..4 {
        let part = parts.next()?;
        if part.is_empty() {
            return None;
        }
        let mut value = 0_u32;
        for &byte in part {
            value = value * 10 + (byte as char).to_digit(10)?;
            if value > 255 {
                return None;
            }
        }
        address = address << 8 | value;
    }
    parts.next().is_none().then_some(Address::V4(address))
}

fn parse_v6(text: &[u8]) -> Option<Address> {
    if !text.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b':') {
        return None;
    }
    let address: Ipv6Addr = std::str::from_utf8(text).ok()?.parse().ok()?;
    Some(match address.to_ipv4_mapped() {
        Some(v4) => Address::V4(v4.to_bits()),
        None => Address::V6(address.to_bits()),
    })
}

/// A block of addresses that share their first bits.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Network {
    first: Address,
    bits: u32,
}

/// The reason why a text is not a block.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum NetworkError {
    Syntax,
    Mask,
    Address,
}

impl Network {
    /// Parses a block such as `10.0.0.0/8`. Bits of the address beyond the mask are ignored, and
    /// slashes at the end are ignored.
    pub(crate) fn parse(text: &[u8]) -> Result<Network, NetworkError> {
        let end = text.iter().rposition(|&byte| byte != b'/').map_or(0, |last| last + 1);
        let mut parts = text[..end].split(|&byte| byte == b'/');
        let (Some(address), Some(mask), None) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NetworkError::Syntax);
        };
        let address = Address::parse(address).ok_or(NetworkError::Address)?;
        let bits: i32 =
            std::str::from_utf8(mask).ok().and_then(|mask| mask.parse().ok()).ok_or(NetworkError::Mask)?;
        let bits = u32::try_from(bits).map_err(|_| NetworkError::Mask)?;
        // A block of one address is rejected, as in EventBridge: a single address is written as a
        // string.
        if bits >= address.width() {
            return Err(NetworkError::Mask);
        }
        let first = match address {
            Address::V4(address) => Address::V4(address & !(u32::MAX >> bits)),
            Address::V6(address) => Address::V6(address & !(u128::MAX >> bits)),
        };
        Ok(Network { first, bits })
    }

    /// Returns the first and the last address of the block.
    pub(crate) fn range(self) -> (Address, Address) {
        let last = match self.first {
            Address::V4(first) => Address::V4(first | u32::MAX >> self.bits),
            Address::V6(first) => Address::V6(first | u128::MAX >> self.bits),
        };
        (self.first, last)
    }

    pub(crate) fn contains(self, address: Address) -> bool {
        let (first, last) = self.range();
        // Every IPv4 address is less than every IPv6 address, so a range contains addresses of one
        // family only.
        first <= address && address <= last
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, Network, NetworkError};

    fn address(text: &str) -> Option<Address> {
        Address::parse(text.as_bytes())
    }

    #[test]
    fn spellings() {
        assert_eq!(address("10.0.0.1"), Some(Address::V4(0x0A00_0001)));
        assert_eq!(address("010.000.0.01"), address("10.0.0.1"));
        assert_eq!(address("2001:DB8::F"), address("2001:db8:0::000f"));
        assert_eq!(address("::ffff:a00:1"), address("10.0.0.1"));
        assert_eq!(address("::"), Some(Address::V6(0)));
        for text in [
            "",
            ":",
            "1",
            "10.0.0",
            "10.0.0.256",
            "10.0.0.1.",
            "10.0.0.0.1",
            "10..0.1",
            "1e.0.0.1",
            "0010.000.000.001",
            "::ffff:10.0.0.1",
            "fe80::1%eth0",
            ":::",
            "1::2::3",
            "12345::",
            "12:30",
            "g::",
            "1:2:3:4:5:6:7:8:9",
        ] {
            assert_eq!(address(text), None, "{text}");
        }
    }

    #[test]
    fn blocks() {
        let block = |text: &str| Network::parse(text.as_bytes());
        let holds = |network: &str, text: &str| block(network).unwrap().contains(address(text).unwrap());
        assert!(holds("10.0.0.77/24", "10.0.0.1"));
        assert!(!holds("10.0.0.77/24", "10.0.1.1"));
        assert!(holds("0.0.0.0/0", "255.255.255.255"));
        assert!(!holds("0.0.0.0/0", "::1"));
        assert!(holds("::/0", "ffff::"));
        assert!(!holds("::/0", "1.2.3.4"));
        assert!(holds("10.0.0.0/8", "::ffff:a00:1"));
        assert!(holds("10.0.0.0/+08//", "10.1.1.1"));
        assert!(holds("255.255.255.254/31", "255.255.255.255"));
        for text in ["10.0.0.0", "10.0.0.0/", "/", "", "1/2/3", "//8"] {
            assert_eq!(block(text), Err(NetworkError::Syntax), "{text}");
        }
        for text in
            ["10.0.0.0/32", "::/128", "10.0.0.0/-1", "10.0.0.0/x", "10.0.0.0/ 8", "10.0.0.0/99999999999"]
        {
            assert_eq!(block(text), Err(NetworkError::Mask), "{text}");
        }
        for text in ["10.0.0/8", "/8", "localhost/8"] {
            assert_eq!(block(text), Err(NetworkError::Address), "{text}");
        }
    }
}
