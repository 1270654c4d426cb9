//! AVX-512: 64 bytes at a time, and comparisons give masks.

#![allow(
    unsafe_code,
    reason = "calls to functions that need a CPU feature, after its detection, and vector loads"
)]

use std::arch::x86_64::{
    __m512i, _mm512_cmpeq_epi8_mask, _mm512_cmplt_epu8_mask, _mm512_loadu_si512, _mm512_movepi8_mask,
    _mm512_or_si512, _mm512_set1_epi8,
};

use crate::json::index::{Index, Masks, Plan};

use super::prefix_xor;

/// Proof that this CPU has AVX-512 F and BW and carry-less multiplication. Only [`Avx512::detect`] makes one.
#[derive(Clone, Copy, Debug)]
pub(in crate::simd) struct Avx512(());

impl Avx512 {
    pub(in crate::simd) fn detect() -> Option<Avx512> {
        let all = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("pclmulqdq")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("popcnt");
        all.then_some(Avx512(()))
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

#[target_feature(enable = "avx512f,avx512bw,pclmulqdq,bmi1,popcnt")]
fn extend<const CHECKED: bool>(text: &[u8], plan: Plan, out: &mut Index) {
    out.extend::<CHECKED>(text, plan, |block| classify(block), |bits| prefix_xor(bits));
}

#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn classify(block: &[u8; 64]) -> Masks {
    let bytes = load(block);
    let equal = |byte: u8| _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(byte as i8));
    // With bit 5 set, brackets and braces are the same, and nothing else is.
    let folded = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
    Masks {
        quote: equal(b'"'),
        backslash: equal(b'\\'),
        colon: equal(b':'),
        comma: equal(b','),
        open: _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8(b'{' as i8)),
        close: _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8(b'}' as i8)),
        white: equal(b' ') | equal(b'\t') | equal(b'\n') | equal(b'\r'),
        control: _mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(0x20)),
        high: _mm512_movepi8_mask(bytes) != 0,
    }
}

#[target_feature(enable = "avx512f")]
#[inline]
fn load(bytes: &[u8; 64]) -> __m512i {
    // SAFETY: the reference is good for reading 64 bytes, and the load needs no alignment.
    unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
}
