//! AVX2 kernel: 32 bytes at a time.

#![allow(
    unsafe_code,
    reason = "calls to functions that need a CPU feature, after its detection, and vector loads"
)]

use std::arch::x86_64::{
    __m256i, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256,
    _mm256_set1_epi8, _mm256_xor_si256,
};

use crate::simd::generic::{self, Masks, Stops};
use crate::simd::vectors::Task;

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

    pub(in crate::simd) fn run<T: Task>(self, task: T) -> T::Output {
        // SAFETY: `self` exists only if `detect` saw every feature that the function needs.
        unsafe { run(self, task) }
    }

    #[cfg(test)]
    pub(in crate::simd) fn classify(self, block: &[u8; 64]) -> Masks {
        // SAFETY: `self` exists only if `detect` saw every feature that the function needs.
        unsafe { classify(block) }
    }
}

impl_vectors!(Avx2);

#[target_feature(enable = "avx2,pclmulqdq,bmi1,popcnt")]
fn run<T: Task>(avx2: Avx2, task: T) -> T::Output {
    task.run(avx2)
}

#[target_feature(enable = "avx2,bmi1")]
#[inline(never)]
fn string(text: &[u8]) -> Option<(usize, bool)> {
    generic::string(text, |block| stops(block))
}

#[target_feature(enable = "avx2,pclmulqdq,bmi1,popcnt")]
#[inline(never)]
fn bracket(text: &[u8]) -> Option<usize> {
    generic::bracket(text, |block| classify(block), |bits| prefix_xor(bits))
}

#[target_feature(enable = "avx2")]
#[inline]
fn stops(block: &[u8; 32]) -> Stops {
    let bytes = load(block);
    let equal = |byte: u8| _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(byte as i8));
    let control = _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, _mm256_set1_epi8(0x1F)), bytes);
    Stops {
        quotes: mask(equal(b'"')),
        others: mask(_mm256_or_si256(equal(b'\\'), control)),
        dots: mask(equal(b'.')),
    }
}

#[target_feature(enable = "avx2")]
#[inline]
fn digits(block: &[u8; 32]) -> u32 {
    let values = _mm256_xor_si256(load(block), _mm256_set1_epi8(b'0' as i8));
    mask(_mm256_cmpeq_epi8(_mm256_min_epu8(values, _mm256_set1_epi8(9)), values))
}

#[target_feature(enable = "avx2")]
#[inline]
fn classify(block: &[u8; 64]) -> Masks {
    let (halves, _) = block.as_chunks::<32>();
    let (low, high) = (half(&halves[0]), half(&halves[1]));
    // Most blocks have no backslash, so one test of both halves is enough for them.
    let backslash = match mask(_mm256_or_si256(low.backslash, high.backslash)) {
        0 => 0,
        _ => join(low.backslash, high.backslash),
    };
    Masks {
        quote: join(low.quote, high.quote),
        backslash,
        open: join(low.open, high.open),
        close: join(low.close, high.close),
    }
}

/// The bytes of each mask in half a block: 0xFF for a byte in the mask, and 0 for other bytes.
struct Half {
    quote: __m256i,
    backslash: __m256i,
    open: __m256i,
    close: __m256i,
}

#[target_feature(enable = "avx2")]
#[inline]
fn half(bytes: &[u8; 32]) -> Half {
    let bytes = load(bytes);
    let equal = |byte: u8| _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(byte as i8));
    // Setting bit 5 maps `[` to `{` and `]` to `}`, and no other byte to either.
    let folded = _mm256_or_si256(bytes, _mm256_set1_epi8(0x20));
    Half {
        quote: equal(b'"'),
        backslash: equal(b'\\'),
        open: _mm256_cmpeq_epi8(folded, _mm256_set1_epi8(b'{' as i8)),
        close: _mm256_cmpeq_epi8(folded, _mm256_set1_epi8(b'}' as i8)),
    }
}

#[target_feature(enable = "avx2")]
#[inline]
fn join(low: __m256i, high: __m256i) -> u64 {
    u64::from(mask(low)) | u64::from(mask(high)) << 32
}

/// Returns the highest bit of every byte.
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
