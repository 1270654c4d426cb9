//! Section 5.8: addresses.

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Address {
    V4(u32),
    V6(u128),
}

impl Address {
    pub(super) fn read(text: &[u16]) -> Option<Address> {
        let text = String::from_utf16(text).ok()?;
        if text.contains(':') { Address::read_v6(&text) } else { Address::read_v4(&text) }
    }

    fn read_v4(text: &str) -> Option<Address> {
        let parts: Vec<&str> = text.split('.').collect();
        if parts.len() != 4 || text.len() > 15 {
            return None;
        }
        let mut bits = 0;
        for part in parts {
            if !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            bits = bits << 8 | u32::from(part.parse::<u8>().ok()?);
        }
        Some(Address::V4(bits))
    }

    fn read_v6(text: &str) -> Option<Address> {
        let groups = |text: &str| -> Option<Vec<u128>> {
            let group = |group: &str| {
                let hex =
                    (1..=4).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_hexdigit());
                if hex { u128::from_str_radix(group, 16).ok() } else { None }
            };
            if text.is_empty() { Some(Vec::new()) } else { text.split(':').map(group).collect() }
        };
        let all = match text.split_once("::") {
            Some((before, after)) => {
                let (before, after) = (groups(before)?, groups(after)?);
                // `::` replaces at least one group.
                let zeros = 8usize.checked_sub(before.len() + after.len()).filter(|&zeros| zeros > 0)?;
                [before, vec![0; zeros], after].concat()
            }
            None => groups(text)?,
        };
        if all.len() != 8 {
            return None;
        }
        // The IPv4-mapped form is the IPv4 address.
        if all[..6] == [0, 0, 0, 0, 0, 0xffff] {
            return Some(Address::V4(u32::try_from(all[6] << 16 | all[7]).expect("two groups")));
        }
        Some(Address::V6(all.into_iter().fold(0, |bits, group| bits << 16 | group)))
    }

    pub(super) fn width(self) -> u32 {
        match self {
            Address::V4(_) => 32,
            Address::V6(_) => 128,
        }
    }

    pub(super) fn starts_like(self, other: Address, bits: u32) -> bool {
        match (self, other) {
            (Address::V4(a), Address::V4(b)) => (a ^ b).leading_zeros() >= bits,
            (Address::V6(a), Address::V6(b)) => (a ^ b).leading_zeros() >= bits,
            _ => false,
        }
    }
}
