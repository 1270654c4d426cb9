//! The memory of rules: in the set, at the peak of compilation, and compiled. Also the memory of a
//! scratch after a thousand events.
//!
//! ```text
//! cargo bench --bench memory
//! cargo bench --bench memory -- W2/rules=1000000
//! ```

#[allow(dead_code, reason = "each bench uses its part of it")]
mod workload;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use galop::{PatternLimits, RuleSet, Scratch};
use workload::{Workload, builder, total, trial};

/// The allocated bytes, and their peak. Only one thread measures.
static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

struct Counting;

fn grow(bytes: usize) {
    let held = HELD.fetch_add(bytes, Relaxed) + bytes;
    MOST.fetch_max(held, Relaxed);
}

#[allow(unsafe_code, reason = "an allocator can be written in no other way")]
// SAFETY: all calls are passed unchanged to the system's allocator. Counting does not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        // SAFETY: the system's allocator requires the same of its caller as this function.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above. The pointer came from the system's allocator.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // The old block may be held until the new one is filled, so it is counted that long.
        grow(size);
        HELD.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const EVENTS: usize = 1_000;

fn main() {
    let chosen: Vec<String> = std::env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    let most = if trial() { 1_000 } else { 1_000_000 };
    let sizes = [10, 100, 1_000, 10_000, 100_000, 1_000_000].into_iter().filter(|rules| *rules <= most);
    let mut names: Vec<String> = sizes.map(|rules| format!("W2/rules={rules}")).collect();
    names.extend(["recorded/patterns", "recorded/sigma"].map(str::to_owned));
    if !chosen.is_empty() {
        names = chosen;
    }
    println!(
        "{:<20} {:>9} {:>12} {:>12} {:>12} {:>12} {:>12}",
        "", "rules", "text B/rule", "added B/rule", "set B/rule", "peak B/rule", "scratch B"
    );
    for name in names {
        if let Some(workload) = Workload::named(&name, EVENTS) {
            measure(workload);
        }
    }
}

fn measure(workload: Workload) {
    let Workload { name, rules, events } = workload;
    let (count, text) = (rules.len(), rules.iter().map(String::len).sum::<usize>());
    let per_rule = |bytes: usize| bytes / count;

    let before = HELD.load(Relaxed);
    let mut set = RuleSet::with_limits(PatternLimits::wide());
    for rule in &rules {
        set.add(rule).unwrap_or_else(|error| panic!("{error}: {rule}"));
    }
    let added = HELD.load(Relaxed) - before;
    drop(rules);

    let before = HELD.load(Relaxed);
    MOST.store(before, Relaxed);
    let started = Instant::now();
    let matcher = builder().build(&set).expect("the rules are within the limits");
    let seconds = started.elapsed().as_secs_f64();
    let (compiled, peak) = (HELD.load(Relaxed) - before, MOST.load(Relaxed) - before);
    drop(set);
    let known = matcher.memory_usage();
    // The overhead of many small boxes, which matters in a small set, is not known exactly.
    assert!(known <= compiled + compiled / 8, "{name}: {known} bytes said, {compiled} taken");
    assert!(known >= compiled - compiled / 4, "{name}: {known} bytes said, {compiled} taken");

    let before = HELD.load(Relaxed);
    let mut scratch = Scratch::new();
    let matches = total(&matcher, &mut scratch, &events);
    let (taken, size) = (HELD.load(Relaxed) - before + size_of::<Scratch>(), scratch.memory_usage());
    assert!(taken.abs_diff(size) <= 64 + size / 64, "{name}: {size} bytes of scratch said, {taken} taken");
    let grown = size;
    assert_eq!(total(&matcher, &mut scratch, &events), matches, "{name}");
    assert_eq!(scratch.memory_usage(), grown, "{name}: the scratch grows with the same events");

    println!(
        "{name:<20} {count:>9} {:>12} {:>12} {:>12} {:>12} {size:>12}   {compiled} B compiled in {seconds:.2} s, {} paths",
        per_rule(text),
        per_rule(added),
        per_rule(compiled),
        per_rule(peak),
        matcher.stats().paths,
    );
}
