//! The law that every kernel equals the portable one.

use galop::Scratch;
use galop::tuning::Kernel;

use super::configuration::{Promise, reader};
use super::reproduction::{Argument, law};
use super::{answer, build, bytes, is_moved, lossy, valid};

/// Every kernel returns the results and errors of the portable kernel, for every place of an event
/// in its blocks and in memory. The law holds for events that break a promise too, because all
/// kernels fail in the same way. If the result is specified, the result does not depend on the
/// place either.
///
/// The memory ends with the event, so sanitizers find reads past the end.
pub fn kernels_equal_the_portable_kernel(rules: &[impl AsRef<[u8]>], events: &[impl AsRef<[u8]>]) {
    let (rules, events) = (bytes(rules), bytes(events));
    law("kernels_equal_the_portable_kernel", &[Argument::Texts(&rules), Argument::Texts(&events)], || {
        let (_, set) = valid(&rules);
        for promise in Promise::ALL {
            let portable = reader(Kernel::Portable, promise);
            let (matcher, mut scratch) = (build(&portable.builder, &set), Scratch::new());
            let mut others: Vec<_> = Kernel::ALL
                .into_iter()
                .filter(|kernel| *kernel != Kernel::Portable && kernel.is_available())
                .map(|kernel| reader(kernel, promise))
                .map(|other| (other.name, build(&other.builder, &set), Scratch::new()))
                .collect();
            for event in &events {
                let unmoved = portable.admits(event).then(|| answer(&matcher, &mut scratch, event));
                for blanks in 0..64 {
                    // Each number of blanks gives another place in a cache line.
                    let unused = blanks * 7 % 64;
                    let memory = [&[b' '; 128][..unused + blanks], event].concat().into_boxed_slice();
                    let placed = &memory[unused..];
                    let expected = answer(&matcher, &mut scratch, placed);
                    if let Some(unmoved) = &unmoved {
                        assert!(
                            is_moved(&expected, unmoved, blanks),
                            "{}: {} gives {unmoved:?}, after {blanks} blanks {expected:?}",
                            portable.name,
                            lossy(event)
                        );
                    }
                    for (name, matcher, scratch) in &mut others {
                        let found = answer(matcher, scratch, placed);
                        assert_eq!(found, expected, "{name}: {} after {blanks} blanks", lossy(event));
                    }
                }
            }
        }
    });
}
