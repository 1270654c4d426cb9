//! The law that a kernel repeats the portable one.

use galop::Scratch;
use galop::tuning::Kernel;

use super::configuration::{Promise, reader};
use super::reproduction::{Argument, law};
use super::{answer, build, bytes, is_moved, lossy, valid};

/// Every kernel gives the answers and the errors of the portable one, wherever in its blocks an event stands and
/// wherever in memory; also for events that break a promise, since all kernels break down in the same way. Where the
/// answer is specified, it does not depend on the place either.
///
/// Memory ends where the event does, so that sanitizers see who reads on.
pub fn kernels_repeat_the_portable_one(rules: &[impl AsRef<[u8]>], events: &[impl AsRef<[u8]>]) {
    let (rules, events) = (bytes(rules), bytes(events));
    law("kernels_repeat_the_portable_one", &[Argument::Texts(&rules), Argument::Texts(&events)], || {
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
                    // The event begins at another place of a cache line for every number of blanks.
                    let unused = blanks * 7 % 64;
                    let memory = [&[b' '; 128][..unused + blanks], event].concat().into_boxed_slice();
                    let placed = &memory[unused..];
                    let expected = answer(&matcher, &mut scratch, placed);
                    if let Some(unmoved) = &unmoved {
                        assert!(
                            is_moved(&expected, unmoved, blanks),
                            "{}: {} gives {unmoved:?}, behind {blanks} blanks {expected:?}",
                            portable.name,
                            lossy(event)
                        );
                    }
                    for (name, matcher, scratch) in &mut others {
                        let found = answer(matcher, scratch, placed);
                        assert_eq!(found, expected, "{name}: {} behind {blanks} blanks", lossy(event));
                    }
                }
            }
        }
    });
}
