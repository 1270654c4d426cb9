//! Network addresses. They are few, so rules and events share them, and each has many spellings.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use galop_harness::generate::Dice;

const ADDRESSES: [&str; 8] =
    ["10.0.0.1", "10.0.0.15", "10.1.2.3", "192.168.1.1", "::1", "fe80::", "2001:db8::f", "a00::1"];

/// Returns a spelling of a random address.
pub(crate) fn any(dice: &mut Dice) -> String {
    let address: IpAddr = dice.pick(&ADDRESSES).parse().expect("they are addresses");
    spelled(dice, address)
}

/// Returns the address if a string is one of its common spellings.
pub(crate) fn address(text: &str) -> Option<IpAddr> {
    text.parse().ok().or_else(|| {
        let parts: Vec<u8> = text.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
        let parts: [u8; 4] = parts.try_into().ok()?;
        Some(IpAddr::from(parts))
    })
}

/// Returns the address in one of its spellings.
pub(crate) fn spelled(dice: &mut Dice, address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => v4(dice, address),
        IpAddr::V6(address) => v6(dice, address),
    }
}

fn v4(dice: &mut Dice, address: Ipv4Addr) -> String {
    let [a, b, c, d] = address.octets();
    match dice.below(6) {
        0 => format!("{a:03}.{b:03}.{c:03}.{d:03}"),
        1 => format!("{a}.{b}.{c}.{d:02}"),
        2 => format!("::ffff:{:x}:{:x}", u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])),
        _ => address.to_string(),
    }
}

fn v6(dice: &mut Dice, address: Ipv6Addr) -> String {
    let written =
        |group: fn(&u16) -> String| address.segments().iter().map(group).collect::<Vec<_>>().join(":");
    match dice.below(6) {
        0 => written(|group| format!("{group:x}")),
        1 => written(|group| format!("{group:04X}")),
        2 => address.to_string().replacen("::", "::0:", 1),
        3 => format!("0{address}"),
        _ => address.to_string(),
    }
}

/// Returns a block around the address, as an operand of `cidr`.
pub(crate) fn block(dice: &mut Dice, address: IpAddr) -> String {
    let width = if address.is_ipv4() { 32 } else { 128 };
    let bits = if dice.percent(50) { width - dice.between(1, 4) } else { dice.below(width) };
    format!("{address}/{bits}")
}
