//! NEON kernel: 16 bytes at a time.

#![allow(
    unsafe_code,
    reason = "calls to functions that need a CPU feature, after its detection, and vector loads"
)]

use std::arch::aarch64::{
    uint8x16_t, vandq_u8, vceqq_u8, vcltq_u8, vdupq_n_u8, veorq_u8, vgetq_lane_u32, vgetq_lane_u64, vld1q_u8,
    vmull_p64, vorrq_u8, vpaddq_u8, vreinterpretq_u32_u8, vreinterpretq_u64_u8,
};
use std::arch::is_aarch64_feature_detected;

use crate::simd::generic::{self, Masks, Stops};

use super::Task;

/// Proof that this CPU has NEON and carry-less multiplication. Only [`Neon::detect`] makes one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Neon(());

impl Neon {
    pub(super) fn detect() -> Option<Neon> {
        (is_aarch64_feature_detected!("neon") && is_aarch64_feature_detected!("aes")).then_some(Neon(()))
    }

    pub(super) fn run<T: Task>(self, task: T) -> T::Output {
        // SAFETY: `self` exists only if `detect` saw every feature that the function needs.
        unsafe { run(self, task) }
    }

    #[cfg(test)]
    pub(super) fn classify(self, block: &[u8; 64]) -> Masks {
        // SAFETY: `self` exists only if `detect` saw every feature that the function needs.
        unsafe { classify(block) }
    }
}

impl_vectors!(Neon);

#[target_feature(enable = "neon,aes")]
fn run<T: Task>(neon: Neon, task: T) -> T::Output {
    task.run(neon)
}

#[target_feature(enable = "neon")]
#[inline(never)]
fn string(text: &[u8]) -> Option<(usize, bool)> {
    generic::string(text, |block| stops(block))
}

#[target_feature(enable = "neon,aes")]
#[inline(never)]
fn bracket(text: &[u8]) -> Option<usize> {
    generic::bracket(text, |block| classify(block), |bits| prefix_xor(bits))
}

/// Returns for each bit the exclusive or of the bit with all lower bits. The carry-less product
/// with all ones has this value.
#[target_feature(enable = "neon,aes")]
#[inline]
fn prefix_xor(bits: u64) -> u64 {
    vmull_p64(bits, u64::MAX) as u64
}

#[target_feature(enable = "neon")]
#[inline]
fn stops(block: &[u8; 32]) -> Stops {
    let (halves, _) = block.as_chunks::<16>();
    let bytes = [load(&halves[0]), load(&halves[1])];
    let equal = |byte: u8| bytes.map(|bytes| vceqq_u8(bytes, vdupq_n_u8(byte)));
    let others =
        bytes.map(|bytes| vorrq_u8(vceqq_u8(bytes, vdupq_n_u8(b'\\')), vcltq_u8(bytes, vdupq_n_u8(0x20))));
    Stops { quotes: half_masked(equal(b'"')), others: half_masked(others), dots: half_masked(equal(b'.')) }
}

#[target_feature(enable = "neon")]
#[inline]
fn digits(block: &[u8; 32]) -> u32 {
    let (halves, _) = block.as_chunks::<16>();
    let bytes = [load(&halves[0]), load(&halves[1])];
    half_masked(bytes.map(|bytes| vcltq_u8(veorq_u8(bytes, vdupq_n_u8(b'0')), vdupq_n_u8(10))))
}

#[target_feature(enable = "neon")]
#[inline]
fn classify(block: &[u8; 64]) -> Masks {
    let (quarters, _) = block.as_chunks::<16>();
    let bytes = [load(&quarters[0]), load(&quarters[1]), load(&quarters[2]), load(&quarters[3])];
    let equal = |byte: u8| masked(bytes.map(|bytes| vceqq_u8(bytes, vdupq_n_u8(byte))));
    // Setting bit 5 maps `[` to `{` and `]` to `}`, and no other byte to either.
    let folded = bytes.map(|bytes| vorrq_u8(bytes, vdupq_n_u8(0x20)));
    let folded_equal = |byte: u8| masked(folded.map(|bytes| vceqq_u8(bytes, vdupq_n_u8(byte))));
    Masks { quote: equal(b'"'), backslash: equal(b'\\'), open: folded_equal(b'{'), close: folded_equal(b'}') }
}

/// A mask that keeps a different bit of each of eight bytes, so that pairwise sums collect the
/// bits.
const BITS: [u8; 16] = [1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128];

/// Returns one bit for each byte. Every byte must be 0 or 0xFF.
#[target_feature(enable = "neon")]
#[inline]
fn masked(bytes: [uint8x16_t; 4]) -> u64 {
    let bits = load(&BITS);
    let [a, b, c, d] = bytes.map(|bytes| vandq_u8(bytes, bits));
    let halves = vpaddq_u8(vpaddq_u8(a, b), vpaddq_u8(c, d));
    vgetq_lane_u64::<0>(vreinterpretq_u64_u8(vpaddq_u8(halves, halves)))
}

/// Returns the same bits as [`masked`] for 32 bytes.
#[target_feature(enable = "neon")]
#[inline]
fn half_masked(bytes: [uint8x16_t; 2]) -> u32 {
    let bits = load(&BITS);
    let [a, b] = bytes.map(|bytes| vandq_u8(bytes, bits));
    let halves = vpaddq_u8(a, b);
    let quarters = vpaddq_u8(halves, halves);
    vgetq_lane_u32::<0>(vreinterpretq_u32_u8(vpaddq_u8(quarters, quarters)))
}

#[target_feature(enable = "neon")]
#[inline]
fn load(bytes: &[u8; 16]) -> uint8x16_t {
    // SAFETY: the reference is good for reading 16 bytes, and the load needs no alignment.
    unsafe { vld1q_u8(bytes.as_ptr()) }
}
