//! NEON: 16 bytes at a time.

#![allow(
    unsafe_code,
    reason = "calls to functions that need a CPU feature, after its detection, and vector loads"
)]

use std::arch::aarch64::{
    uint8x16_t, vandq_u8, vceqq_u8, vcltq_u8, vdupq_n_u8, vgetq_lane_u64, vld1q_u8, vmaxvq_u8, vmull_p64,
    vorrq_u8, vpaddq_u8, vreinterpretq_u64_u8,
};
use std::arch::is_aarch64_feature_detected;

use crate::json::index::{Index, Masks, Plan};

/// Proof that this CPU has NEON and carry-less multiplication. Only [`Neon::detect`] makes one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Neon(());

impl Neon {
    pub(super) fn detect() -> Option<Neon> {
        (is_aarch64_feature_detected!("neon") && is_aarch64_feature_detected!("aes")).then_some(Neon(()))
    }

    pub(super) fn extend<const CHECKED: bool>(self, text: &[u8], plan: Plan, out: &mut Index) {
        // SAFETY: `self` exists only if `detect` saw every feature that the function needs.
        unsafe { extend::<CHECKED>(text, plan, out) }
    }

    #[cfg(test)]
    pub(super) fn classify(self, block: &[u8; 64]) -> Masks {
        // SAFETY: `self` exists only if `detect` saw every feature that the function needs.
        unsafe { classify(block) }
    }
}

#[target_feature(enable = "neon,aes")]
fn extend<const CHECKED: bool>(text: &[u8], plan: Plan, out: &mut Index) {
    out.extend::<CHECKED>(text, plan, |block| classify(block), |bits| prefix_xor(bits));
}

/// The product with all ones, without carries, is the exclusive or of each bit with all below it.
#[target_feature(enable = "neon,aes")]
#[inline]
fn prefix_xor(bits: u64) -> u64 {
    vmull_p64(bits, u64::MAX) as u64
}

#[target_feature(enable = "neon")]
#[inline]
fn classify(block: &[u8; 64]) -> Masks {
    let (quarters, _) = block.as_chunks::<16>();
    let bytes = [load(&quarters[0]), load(&quarters[1]), load(&quarters[2]), load(&quarters[3])];
    let equal = |byte: u8| masked(bytes.map(|bytes| vceqq_u8(bytes, vdupq_n_u8(byte))));
    // With bit 5 set, brackets and braces are the same, and nothing else is.
    let folded = bytes.map(|bytes| vorrq_u8(bytes, vdupq_n_u8(0x20)));
    let folded_equal = |byte: u8| masked(folded.map(|bytes| vceqq_u8(bytes, vdupq_n_u8(byte))));
    let white = bytes.map(|bytes| {
        let equal = |byte: u8| vceqq_u8(bytes, vdupq_n_u8(byte));
        vorrq_u8(vorrq_u8(equal(b' '), equal(b'\t')), vorrq_u8(equal(b'\n'), equal(b'\r')))
    });
    let all = vorrq_u8(vorrq_u8(bytes[0], bytes[1]), vorrq_u8(bytes[2], bytes[3]));
    Masks {
        quote: equal(b'"'),
        backslash: equal(b'\\'),
        colon: equal(b':'),
        comma: equal(b','),
        open: folded_equal(b'{'),
        close: folded_equal(b'}'),
        white: masked(white),
        control: masked(bytes.map(|bytes| vcltq_u8(bytes, vdupq_n_u8(0x20)))),
        high: vmaxvq_u8(all) >= 0x80,
    }
}

/// One bit for each byte, given bytes of ones or zeros: of each byte another bit is kept, and neighbours are added.
#[target_feature(enable = "neon")]
#[inline]
fn masked(bytes: [uint8x16_t; 4]) -> u64 {
    const BITS: [u8; 16] = [1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128];
    let bits = load(&BITS);
    let [a, b, c, d] = bytes.map(|bytes| vandq_u8(bytes, bits));
    let halves = vpaddq_u8(vpaddq_u8(a, b), vpaddq_u8(c, d));
    vgetq_lane_u64::<0>(vreinterpretq_u64_u8(vpaddq_u8(halves, halves)))
}

#[target_feature(enable = "neon")]
#[inline]
fn load(bytes: &[u8; 16]) -> uint8x16_t {
    // SAFETY: the reference is good for reading 16 bytes, and the load needs no alignment.
    unsafe { vld1q_u8(bytes.as_ptr()) }
}
