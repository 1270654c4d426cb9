//! AVX-512 kernel: comparisons return bitmasks.

#![allow(
    unsafe_code,
    reason = "calls to functions that need a CPU feature, after its detection, and vector loads"
)]

use std::arch::x86_64::{
    __m256i, __m512i, _mm256_cmpeq_epi8_mask, _mm256_cmplt_epu8_mask, _mm256_loadu_si256, _mm256_set1_epi8,
    _mm256_xor_si256, _mm512_cmpeq_epi8_mask, _mm512_loadu_si512, _mm512_or_si512, _mm512_set1_epi8,
};

use crate::simd::generic::{self, Masks, Stops};
use crate::simd::vectors::Task;

use super::prefix_xor;

/// Proof that this CPU has AVX-512 F, BW and VL and carry-less multiplication. Only
/// [`Avx512::detect`] makes one.
#[derive(Clone, Copy, Debug)]
pub(in crate::simd) struct Avx512(());

impl Avx512 {
    pub(in crate::simd) fn detect() -> Option<Avx512> {
        let all = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("pclmulqdq")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("popcnt");
        all.then_some(Avx512(()))
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

impl_vectors!(Avx512);

#[target_feature(enable = "avx512f,avx512bw,avx512vl,pclmulqdq,bmi1,popcnt")]
fn run<T: Task>(avx512: Avx512, task: T) -> T::Output {
    task.run(avx512)
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,bmi1")]
#[inline(never)]
fn string(text: &[u8]) -> Option<(usize, bool)> {
    generic::string(text, |block| stops(block))
}

#[target_feature(enable = "avx512f,avx512bw,pclmulqdq,bmi1,popcnt")]
#[inline(never)]
fn bracket(text: &[u8]) -> Option<usize> {
    generic::bracket(text, |block| classify(block), |bits| prefix_xor(bits))
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
#[inline]
fn stops(block: &[u8; 32]) -> Stops {
    let bytes = load_half(block);
    let equal = |byte: u8| _mm256_cmpeq_epi8_mask(bytes, _mm256_set1_epi8(byte as i8));
    Stops {
        quotes: equal(b'"'),
        others: equal(b'\\') | _mm256_cmplt_epu8_mask(bytes, _mm256_set1_epi8(0x20)),
        dots: equal(b'.'),
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
#[inline]
fn digits(block: &[u8; 32]) -> u32 {
    let values = _mm256_xor_si256(load_half(block), _mm256_set1_epi8(b'0' as i8));
    _mm256_cmplt_epu8_mask(values, _mm256_set1_epi8(10))
}

#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn classify(block: &[u8; 64]) -> Masks {
    let bytes = load(block);
    let equal = |byte: u8| _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(byte as i8));
    // Setting bit 5 maps `[` to `{` and `]` to `}`, and no other byte to either.
    let folded = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
    Masks {
        quote: equal(b'"'),
        backslash: equal(b'\\'),
        open: _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8(b'{' as i8)),
        close: _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8(b'}' as i8)),
    }
}

#[target_feature(enable = "avx512f")]
#[inline]
fn load(bytes: &[u8; 64]) -> __m512i {
    // SAFETY: the reference is good for reading 64 bytes, and the load needs no alignment.
    unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
}

#[target_feature(enable = "avx")]
#[inline]
fn load_half(bytes: &[u8; 32]) -> __m256i {
    // SAFETY: the reference is good for reading 32 bytes, and the load needs no alignment.
    unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
}
