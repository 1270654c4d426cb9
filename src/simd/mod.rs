//! The only CPU-specific code: which bytes of a text matter to its structure, 64 at a time.
//!
//! [`portable`] defines what a kernel gives; the others repeat it with vector instructions. A [`Kernel`] is a value,
//! chosen when a matcher is built: there is no global state, and a test can ask for any kernel.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(all(test, unix, not(miri)))]
mod guard_page;
mod portable;
#[cfg(target_arch = "x86_64")]
mod x86_64;

use crate::json::index::{Index, Plan};

/// An implementation of the vector operations.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Kernel {
    /// No vector instructions; for every CPU.
    Portable,
    /// NEON and carry-less multiplication, on AArch64.
    Neon,
    /// AVX2 and carry-less multiplication, on x86-64.
    Avx2,
    /// AVX-512 (F, BW) and carry-less multiplication, on x86-64.
    Avx512,
}

impl Kernel {
    /// Every kernel, whether this CPU can run it or not.
    pub const ALL: [Kernel; 4] = [Kernel::Portable, Kernel::Neon, Kernel::Avx2, Kernel::Avx512];

    /// The fastest kernel that this CPU can run.
    #[must_use]
    pub fn detect() -> Kernel {
        Kernel::ALL.into_iter().rev().find(|kernel| kernel.is_available()).unwrap_or(Kernel::Portable)
    }

    /// Whether this CPU can run the kernel.
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            Kernel::Portable => true,
            #[cfg(target_arch = "aarch64")]
            Kernel::Neon => aarch64::Neon::detect().is_some(),
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx2 => x86_64::Avx2::detect().is_some(),
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx512 => x86_64::Avx512::detect().is_some(),
            _ => false,
        }
    }

    /// Goes on with the index of a text. A kernel that this CPU cannot run is the portable one.
    pub(crate) fn extend<const CHECKED: bool>(self, text: &[u8], plan: Plan, index: &mut Index) {
        match self {
            #[cfg(target_arch = "aarch64")]
            Kernel::Neon => {
                if let Some(neon) = aarch64::Neon::detect() {
                    return neon.extend::<CHECKED>(text, plan, index);
                }
            }
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx2 => {
                if let Some(avx2) = x86_64::Avx2::detect() {
                    return avx2.extend::<CHECKED>(text, plan, index);
                }
            }
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx512 => {
                if let Some(avx512) = x86_64::Avx512::detect() {
                    return avx512.extend::<CHECKED>(text, plan, index);
                }
            }
            _ => {}
        }
        portable::extend::<CHECKED>(text, plan, index);
    }
}

/// The exclusive or of each bit with all bits below it: from quotes to what they enclose.
fn prefix_xor(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::{Kernel, portable};
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    use crate::json::index::Masks;

    /// Every byte at every place of a block, and runs of mixed bytes.
    fn blocks() -> impl Iterator<Item = [u8; 64]> {
        let single = (0..=255_u8).flat_map(|byte| {
            (0..64).map(move |at| {
                let mut block = [b'x'; 64];
                block[at] = byte;
                block
            })
        });
        let mixed = (0..2_000_u64).map(|seed| {
            let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
            std::array::from_fn(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                match state % 3 {
                    0 => b"{}[]:,\"\\ .\n\r\x0b\x1f\x7f\x80"[(state >> 8) as usize % 16],
                    _ => (state >> 16) as u8,
                }
            })
        });
        // With an interpreter, every so many.
        single.chain(mixed).step_by(if cfg!(miri) { 61 } else { 1 })
    }

    #[test]
    fn portable_masks_say_what_they_mean() {
        for block in blocks() {
            let masks = portable::classify(&block);
            for (at, byte) in block.into_iter().enumerate() {
                let bit = |mask: u64| mask >> at & 1 == 1;
                assert_eq!(bit(masks.quote), byte == b'"');
                assert_eq!(bit(masks.backslash), byte == b'\\');
                assert_eq!(bit(masks.colon), byte == b':');
                assert_eq!(bit(masks.comma), byte == b',');
                assert_eq!(bit(masks.open), matches!(byte, b'{' | b'['));
                assert_eq!(bit(masks.close), matches!(byte, b'}' | b']'));
                assert_eq!(bit(masks.white), b" \t\n\r".contains(&byte));
                assert_eq!(bit(masks.control), byte < 0x20);
            }
            assert_eq!(masks.high, !block.is_ascii());
        }
    }

    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    fn assert_repeats_portable(kernel: Kernel, classify: Option<impl Fn(&[u8; 64]) -> Masks>) {
        let Some(classify) = classify else {
            eprintln!("this CPU cannot run the kernel {kernel:?}: it is not tested");
            return;
        };
        for block in blocks() {
            assert_eq!(classify(&block), portable::classify(&block), "{kernel:?} {block:?}");
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn kernels_repeat_portable() {
        use super::x86_64::{Avx2, Avx512};
        assert_repeats_portable(
            Kernel::Avx2,
            Avx2::detect().map(|avx2| move |block: &[u8; 64]| avx2.classify(block)),
        );
        assert_repeats_portable(
            Kernel::Avx512,
            Avx512::detect().map(|avx512| move |block: &[u8; 64]| avx512.classify(block)),
        );
    }

    #[cfg(target_arch = "aarch64")]
    #[test]
    fn kernels_repeat_portable() {
        use super::aarch64::Neon;
        assert_repeats_portable(
            Kernel::Neon,
            Neon::detect().map(|neon| move |block: &[u8; 64]| neon.classify(block)),
        );
    }

    #[test]
    fn some_kernel_is_available() {
        assert!(Kernel::detect().is_available());
        assert!(Kernel::Portable.is_available());
    }

    #[test]
    fn prefix_xor_fills_between_quotes() {
        assert_eq!(super::prefix_xor(0b1000_0100), 0b0111_1100);
        assert_eq!(super::prefix_xor(1), u64::MAX);
    }
}
