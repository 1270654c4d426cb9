//! AVX2: 32 bytes at a time.

#![allow(
    unsafe_code,
    reason = "calls to functions that need a CPU feature, after its detection, and vector loads"
)]

use std::arch::x86_64::{
    __m256i, _mm_clmulepi64_si128, _mm_cvtsi128_si64, _mm_set_epi64x, _mm_set1_epi8, _mm256_cmpeq_epi8,
    _mm256_loadu_si256, _mm256_max_epu8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8,
    _mm256_setr_epi8, _mm256_shuffle_epi8,
};

use crate::json::index::Index;

use super::Masks;

/// Proof that this CPU has AVX2 and carry-less multiplication. Only [`Avx2::detect`] makes one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Avx2(());

impl Avx2 {
    pub(super) fn detect() -> Option<Avx2> {
        let all = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("pclmulqdq")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("popcnt");
        all.then_some(Avx2(()))
    }

    pub(super) fn index(self, text: &[u8], out: &mut Index) {
        // SAFETY: `self` exists only if `detect` saw every feature that the function needs.
        unsafe { index(text, out) }
    }

    #[cfg(test)]
    pub(super) fn classify(self, block: &[u8; 64]) -> Masks {
        // SAFETY: `self` exists only if `detect` saw every feature that the function needs.
        unsafe { classify(block) }
    }
}

#[target_feature(enable = "avx2,pclmulqdq,bmi1,popcnt")]
fn index(text: &[u8], out: &mut Index) {
    out.build(text, |block| classify(block), |bits| prefix_xor(bits));
}

#[target_feature(enable = "avx2")]
#[inline]
fn classify(block: &[u8; 64]) -> Masks {
    let (halves, _) = block.as_chunks::<32>();
    let (low, high) = (half(&halves[0]), half(&halves[1]));
    let join = |of: fn(&Half) -> u32| u64::from(of(&low)) | u64::from(of(&high)) << 32;
    Masks {
        quote: join(|half| half.quote),
        backslash: join(|half| half.backslash),
        special: join(|half| half.special),
        operator: join(|half| half.operator),
        white: join(|half| half.white),
        control: join(|half| half.control),
        high: join(|half| half.high),
    }
}

struct Half {
    quote: u32,
    backslash: u32,
    special: u32,
    operator: u32,
    white: u32,
    control: u32,
    high: u32,
}

#[target_feature(enable = "avx2")]
#[inline]
fn half(bytes: &[u8; 32]) -> Half {
    let bytes = load(bytes);
    let equal = |byte: u8| _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(byte as i8));
    let backslash = equal(b'\\');
    // The four blanks differ in their low half, by which a shuffle looks up the blank that a byte would have to be.
    // Where there is none, the table holds a byte with another low half.
    let blanks = _mm256_setr_epi8(
        0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0x09, 0x0A, 0, 0, 0x0D, 0, 0, //
        0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0x09, 0x0A, 0, 0, 0x0D, 0, 0,
    );
    // With bit 5 set, brackets and braces are the same, and the four operators that are left differ in their low half.
    let operators = _mm256_setr_epi8(
        1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x3A, 0x7B, 0x2C, 0x7D, 0, 0, //
        1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x3A, 0x7B, 0x2C, 0x7D, 0, 0,
    );
    let folded = _mm256_or_si256(bytes, _mm256_set1_epi8(0x20));
    let limit = _mm256_set1_epi8(0x1F);
    Half {
        quote: mask(equal(b'"')),
        backslash: mask(backslash),
        special: mask(_mm256_or_si256(backslash, equal(b'.'))),
        operator: mask(_mm256_cmpeq_epi8(folded, _mm256_shuffle_epi8(operators, bytes))),
        white: mask(_mm256_cmpeq_epi8(bytes, _mm256_shuffle_epi8(blanks, bytes))),
        control: mask(_mm256_cmpeq_epi8(_mm256_max_epu8(bytes, limit), limit)),
        high: mask(bytes),
    }
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

/// The product with all ones, without carries, is the exclusive or of each bit with all below it.
#[target_feature(enable = "pclmulqdq")]
#[inline]
fn prefix_xor(bits: u64) -> u64 {
    let product = _mm_clmulepi64_si128::<0>(_mm_set_epi64x(0, bits as i64), _mm_set1_epi8(-1));
    _mm_cvtsi128_si64(product) as u64
}
