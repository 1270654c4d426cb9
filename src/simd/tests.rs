use super::Kernel;
use super::portable::{self, Portable};
use super::vectors::{Task, Vectors};
use crate::simd::generic::{self, Masks, Stops};

/// Returns blocks with every byte at every place, and blocks of mixed bytes.
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
                0 => b"{}[]:,\"\\ .\n\r\x0b\x1f\x7f\x80/09:\xb0\xb9"[(state >> 8) as usize % 22],
                _ => (state >> 16) as u8,
            }
        })
    });
    // Miri runs only a fraction of the blocks.
    single.chain(mixed).step_by(if cfg!(miri) { 61 } else { 1 })
}

fn halves(block: &[u8; 64]) -> [&[u8; 32]; 2] {
    let (halves, _) = block.as_chunks::<32>();
    [&halves[0], &halves[1]]
}

#[test]
fn portable_masks_equal_their_definition() {
    for block in blocks() {
        let masks = portable::classify(&block);
        for (at, byte) in block.into_iter().enumerate() {
            let bit = |mask: u64| mask >> at & 1 == 1;
            assert_eq!(bit(masks.quote), byte == b'"');
            assert_eq!(bit(masks.backslash), byte == b'\\');
            assert_eq!(bit(masks.open), matches!(byte, b'{' | b'['));
            assert_eq!(bit(masks.close), matches!(byte, b'}' | b']'));
        }
        for half in halves(&block) {
            let (stops, digits) = (Portable.stops(half), Portable.digits(half));
            for (at, &byte) in half.iter().enumerate() {
                let bit = |mask: u32| mask >> at & 1 == 1;
                assert_eq!(bit(stops.quotes), byte == b'"');
                assert_eq!(bit(stops.others), byte == b'\\' || byte < 0x20);
                assert_eq!(bit(stops.dots), byte == b'.');
                assert_eq!(bit(digits), byte.is_ascii_digit());
            }
        }
    }
}

/// The results of a kernel for one block.
#[derive(Debug, Eq, PartialEq)]
struct Said {
    stops: [Stops; 2],
    digits: [u32; 2],
    string: Option<(usize, bool)>,
    bracket: Option<usize>,
}

struct Ask<'a>(&'a [u8; 64]);

impl Task for Ask<'_> {
    type Output = Said;

    fn run(self, vectors: impl Vectors) -> Said {
        Said {
            stops: halves(self.0).map(|half| vectors.stops(half)),
            digits: halves(self.0).map(|half| vectors.digits(half)),
            string: vectors.string(self.0),
            bracket: vectors.bracket(self.0),
        }
    }
}

#[test]
fn kernels_equal_portable() {
    let mut ends = 0;
    for block in blocks() {
        let said = Kernel::Portable.run(Ask(&block));
        assert_eq!(said.string, generic::string(&block, |half| Portable.stops(half)));
        assert_eq!(said.bracket, generic::bracket(&block, portable::classify, portable::prefix_xor));
        ends += usize::from(said.string.is_some()) + usize::from(said.bracket.is_some());
        for kernel in Kernel::ALL {
            assert_eq!(kernel.run(Ask(&block)), said, "{kernel:?} {block:?}");
        }
    }
    assert!(ends > if cfg!(miri) { 5 } else { 300 }, "{ends}");
    for kernel in Kernel::ALL.into_iter().filter(|kernel| !kernel.is_available()) {
        eprintln!("this CPU cannot run the kernel {kernel:?}: it is not tested");
    }
}

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
fn assert_masks(kernel: Kernel, classify: Option<impl Fn(&[u8; 64]) -> Masks>) {
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
fn masks_equal_portable() {
    use super::x86_64::{Avx2, Avx512};
    assert_masks(Kernel::Avx2, Avx2::detect().map(|avx2| move |block: &[u8; 64]| avx2.classify(block)));
    assert_masks(
        Kernel::Avx512,
        Avx512::detect().map(|avx512| move |block: &[u8; 64]| avx512.classify(block)),
    );
}

#[cfg(target_arch = "aarch64")]
#[test]
fn masks_equal_portable() {
    use super::aarch64::Neon;
    assert_masks(Kernel::Neon, Neon::detect().map(|neon| move |block: &[u8; 64]| neon.classify(block)));
}

#[test]
fn some_kernel_is_available() {
    assert!(Kernel::detect().is_available());
    assert!(Kernel::Portable.is_available());
}

#[test]
fn prefix_xor_fills_between_quotes() {
    assert_eq!(portable::prefix_xor(0b1000_0100), 0b0111_1100);
    assert_eq!(portable::prefix_xor(1), u64::MAX);
}
