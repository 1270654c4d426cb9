//! AVX2: 32 bytes at a time.

#![allow(
    unsafe_code,
    reason = "calls to functions that need a CPU feature, after its detection, and vector loads"
)]

use std::arch::x86_64::{
    __m256i, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_max_epu8, _mm256_movemask_epi8, _mm256_or_si256,
    _mm256_set1_epi8, _mm256_setr_epi8, _mm256_shuffle_epi8,
};

use crate::json::index::{Index, Masks, Plan};

use super::prefix_xor;

/// Proof that this CPU has AVX2 and carry-less multiplication. Only [`Avx2::detect`] makes one.
#[derive(Clone, Copy, Debug)]
pub(in crate::simd) struct Avx2(());

impl Avx2 {
    pub(in crate::simd) fn detect() -> Option<Avx2> {
        let all = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("pclmulqdq")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("popcnt");
        all.then_some(Avx2(()))
    }

    pub(in crate::simd) fn extend<const CHECKED: bool>(self, text: &[u8], plan: Plan, out: &mut Index) {
        // SAFETY: `self` exists only if `detect` saw every feature that the function needs.
        unsafe { extend::<CHECKED>(text, plan, out) }
    }

    #[cfg(test)]
    pub(in crate::simd) fn classify(self, block: &[u8; 64]) -> Masks {
        // SAFETY: `self` exists only if `detect` saw every feature that the function needs.
        unsafe { classify(block) }
    }
}

#[target_feature(enable = "avx2,pclmulqdq,bmi1,popcnt")]
fn extend<const CHECKED: bool>(text: &[u8], plan: Plan, out: &mut Index) {
    out.extend::<CHECKED>(text, plan, |block| classify(block), |bits| prefix_xor(bits));
}

#[target_feature(enable = "avx2")]
#[inline]
fn classify(block: &[u8; 64]) -> Masks {
    let (halves, _) = block.as_chunks::<32>();
    let (low, high) = (half(&halves[0]), half(&halves[1]));
    // Most blocks have neither of these two, so one look at both halves will do.
    let rare = |low: __m256i, high: __m256i| match mask(_mm256_or_si256(low, high)) {
        0 => 0,
        _ => join(low, high),
    };
    Masks {
        quote: join(low.quote, high.quote),
        backslash: rare(low.backslash, high.backslash),
        colon: join(low.colon, high.colon),
        comma: join(low.comma, high.comma),
        open: join(low.open, high.open),
        close: join(low.close, high.close),
        white: join(low.white, high.white),
        control: rare(low.control, high.control),
        high: mask(_mm256_or_si256(low.bytes, high.bytes)) != 0,
    }
}

/// For each mask the bytes that are in it, as bytes of ones.
struct Half {
    bytes: __m256i,
    quote: __m256i,
    backslash: __m256i,
    colon: __m256i,
    comma: __m256i,
    open: __m256i,
    close: __m256i,
    white: __m256i,
    control: __m256i,
}

#[target_feature(enable = "avx2")]
#[inline]
fn half(bytes: &[u8; 32]) -> Half {
    let bytes = load(bytes);
    let equal = |byte: u8| _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(byte as i8));
    // The four blanks differ in their low half, by which a shuffle looks up the blank that a byte would have to be.
    // Where there is none, the table holds a byte with another low half.
    let blanks = _mm256_setr_epi8(
        0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0x09, 0x0A, 0, 0, 0x0D, 0, 0, //
        0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0x09, 0x0A, 0, 0, 0x0D, 0, 0,
    );
    // With bit 5 set, brackets and braces are the same, and nothing else is.
    let folded = _mm256_or_si256(bytes, _mm256_set1_epi8(0x20));
    let limit = _mm256_set1_epi8(0x1F);
    Half {
        bytes,
        quote: equal(b'"'),
        backslash: equal(b'\\'),
        colon: equal(b':'),
        comma: equal(b','),
        open: _mm256_cmpeq_epi8(folded, _mm256_set1_epi8(b'{' as i8)),
        close: _mm256_cmpeq_epi8(folded, _mm256_set1_epi8(b'}' as i8)),
        white: _mm256_cmpeq_epi8(bytes, _mm256_shuffle_epi8(blanks, bytes)),
        control: _mm256_cmpeq_epi8(_mm256_max_epu8(bytes, limit), limit),
    }
}

#[target_feature(enable = "avx2")]
#[inline]
fn join(low: __m256i, high: __m256i) -> u64 {
    u64::from(mask(low)) | u64::from(mask(high)) << 32
}

/// The highest bit of every byte.
#[target_feature(enable = "avx2")]
#[inline]
fn mask(bytes: __m256i) -> u32 {
    _mm256_movemask_epi8(bytes) as u32
}

#[target_feature(enable = "avx2")]
#[inline]
fn load(bytes: &[u8; 32]) -> __m256i {
    // SAFETY: the reference is good for reading 32 bytes, and the load needs no alignment.
    unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
}
