//! Kernels for x86-64.

mod avx2;
mod avx512;

use std::arch::x86_64::{_mm_clmulepi64_si128, _mm_cvtsi128_si64, _mm_set_epi64x, _mm_set1_epi8};

pub(super) use avx2::Avx2;
pub(super) use avx512::Avx512;

/// Returns for each bit the exclusive or of the bit with all lower bits. The carry-less product
/// with all ones has this value.
#[target_feature(enable = "pclmulqdq")]
#[inline]
fn prefix_xor(bits: u64) -> u64 {
    let product = _mm_clmulepi64_si128::<0>(_mm_set_epi64x(0, bits as i64), _mm_set1_epi8(-1));
    _mm_cvtsi128_si64(product) as u64
}
