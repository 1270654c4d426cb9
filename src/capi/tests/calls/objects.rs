//! Calls that make rules, matchers and scratches, and read their properties.

use std::{ptr, slice};

use super::super::galop::tuning::Kernel;
use super::super::galop::{EventLimits, Extensions, MatcherBuilder, PatternLimits, RuleSet};
use super::functions::*;
use super::{Object, PATTERNS, Program, Sort, code};

impl Program<'_> {
    pub(super) fn new_rules(&mut self) {
        let mut limits = PatternLimits::default();
        let mut given = Limits {
            size: size_of::<Limits>() - size_of::<usize>(),
            length: 0,
            depth: 0,
            combinations: 64,
            fields: 0,
            complexity: 0,
            values: 0,
            stars: 0,
            paths: 0,
            branches: 0,
            extensions: 0,
            regexp_size: 0,
            unknown: 0,
        };
        limits.combinations = given.combinations;
        match self.below(17) {
            0 => (given.length, limits.length) = (20, 20),
            1 => (given.depth, limits.depth) = (2, 2),
            2 => (given.fields, limits.fields) = (1, 1),
            3 => (given.complexity, limits.complexity) = (1, Some(1)),
            4 => given.size += size_of::<usize>(),
            5 => {
                (given.size, given.unknown) = (size_of::<Limits>(), 1);
                self.faults.push(UNKNOWN);
            }
            6 => {
                given.size = [0, 7, 4_097, usize::MAX][self.below(4)];
                self.faults.push(INVALID);
            }
            10 => (given.values, limits.values) = (1, 1),
            11 => (given.stars, limits.stars) = (1, 1),
            13 => (given.branches, limits.branches) = (1, 1),
            12 => (given.paths, limits.paths) = (2, 2),
            14 => (given.extensions, limits.extensions) = (1, Extensions::REGEXP),
            15 => {
                (given.extensions, limits.extensions) = (1, Extensions::REGEXP);
                (given.regexp_size, limits.regexp_size) = (1, 1);
            }
            16 => {
                given.extensions = 2;
                self.faults.push(UNKNOWN);
            }
            _ => {}
        }
        let mut rules = ptr::null_mut();
        let place = self.output(&mut rules);
        // SAFETY: the limits have as many bytes as their size says, unless the size is an
        // impossible one. The output is a local variable, or null or unaligned.
        let status = unsafe { galop_rules_new(&raw const given, place) };
        if self.ended(status, OK) {
            self.objects.push(Object {
                set: RuleSet::with_limits(limits.clone()),
                limits,
                ..Object::new(rules, Sort::Rules)
            });
        } else {
            assert!(rules.is_null());
        }
    }

    pub(super) fn add(&mut self) {
        let (rules, at) = self.object(Sort::Rules);
        let (text, length, pattern) = self.text(&PATTERNS);
        let value = u64::from_le_bytes([self.below(256) as u8; 8]);
        let (mut id, mut error) = (77, UNTOUCHED);
        let place = if self.below(4) == 0 { ptr::null_mut() } else { &raw mut id };
        // SAFETY: the rules are null or an object of the library. The text is whole, unless its
        // length is impossible. The outputs are local variables, or null or unaligned.
        let status = unsafe { galop_rules_add(rules, text, length, value, place, &raw mut error) };
        let (mut expected, mut refused) = (OK, None);
        if let (Some(at), true) = (at, self.faults.is_empty()) {
            let object = &mut self.objects[at];
            match object.set.add_bytes(pattern) {
                Ok(rule) => {
                    object.values.push(value);
                    assert!(place.is_null() || id == rule.as_u32());
                }
                Err(fault) => {
                    expected = PATTERN;
                    refused = Some((fault.code(), fault.span().start, fault.span().end));
                }
            }
        }
        if self.ended(status, expected) {
            assert_eq!(error, UNTOUCHED);
        } else {
            assert_eq!((id, error.status, error.index), (77, status, 0));
            assert_eq!((code(error.detail), error.start, error.end), refused.unwrap_or_default());
        }
    }

    pub(super) fn report(&mut self) {
        let (rules, at) = self.object(Sort::Rules);
        let (text, length, pattern) = self.text(&PATTERNS);
        let mut buffer = vec![b'~'; self.below(200)];
        let (room, capacity) = (buffer.as_mut_ptr().cast(), buffer.len());
        let mut whole = 77;
        let place = self.output(&mut whole);
        // SAFETY: as in `add`; the buffer has this capacity.
        let status = unsafe { galop_rules_report(rules, text, length, room, capacity, place) };
        if !self.ended(status, OK) {
            assert!(whole == 77 && buffer.iter().all(|&byte| byte == b'~'));
            return;
        }
        let object = &self.objects[at.expect("rules were given")];
        let shown = String::from_utf8_lossy(pattern);
        let fault = RuleSet::with_limits(object.limits.clone()).add_bytes(pattern).err();
        let report = fault.map(|fault| fault.report(&shown).to_string()).unwrap_or_default();
        assert_eq!(whole, report.len());
        if let Some(end) = buffer.iter().position(|&byte| byte == 0) {
            assert!(std::str::from_utf8(&buffer[..end]).is_ok_and(|written| report.starts_with(written)));
            assert!(end == report.len() || end + 4 >= capacity, "cut after {end} of {capacity}");
            assert!(buffer[end + 1..].iter().all(|&byte| byte == b'~'), "written after the end");
        } else {
            assert_eq!(capacity, 0);
        }
        let mut count = 77;
        // SAFETY: the rules are valid, and the output is a local variable.
        let status = unsafe { galop_rules_count(rules, &raw mut count) };
        assert_eq!((status, count), (OK, object.set.len()));
    }

    pub(super) fn new_matcher(&mut self) {
        let (rules, at) = self.object(Sort::Rules);
        let (mut builder, mut limits) = (MatcherBuilder::new(), EventLimits::default());
        let mut given = Options {
            size: size_of::<Options>() - size_of::<u64>(),
            size_limit: 0,
            event_length_limit: 0,
            event_depth_limit: 0,
            event_work_limit: 0,
            flags: self.below(4) as u32,
            kernel: self.below(5) as u32,
            rule_limit: 0,
            event_leaf_limit: 0,
            event_element_limit: 0,
            rule_size_limit: 0,
            unknown: 0,
        };
        match self.below(16) {
            0 => _ = builder.size_limit(std::mem::replace(&mut given.size_limit, 2_000).max(2_000)),
            1 => (given.event_length_limit, limits.length) = (9, 9),
            2 => (given.event_depth_limit, limits.depth) = (2, 2),
            3 => (given.event_work_limit, limits.work) = (1, 1),
            4 => given.size += size_of::<u64>(),
            5 => {
                (given.size, given.unknown) = (size_of::<Options>(), 1 << 63);
                self.faults.push(UNKNOWN);
            }
            6 => {
                (given.flags, given.kernel) = [(4, 0), (1 << 31, 1), (0, 5), (3, u32::MAX)][self.below(4)];
                self.faults.push(UNKNOWN);
            }
            12 => {
                given.rule_limit = 1;
                builder.rule_limit(1);
            }
            13 => (given.event_leaf_limit, limits.leaves) = (1, 1),
            14 => (given.event_element_limit, limits.elements) = (1, 1),
            15 => {
                given.rule_size_limit = 1_000;
                builder.rule_size_limit(1_000);
            }
            7 => {
                given.size = [0, 7, 4_097, usize::MAX][self.below(4)];
                self.faults.push(INVALID);
            }
            _ => {}
        }
        let kernels = [
            Kernel::detect(),
            Kernel::Portable,
            Kernel::Avx2,
            Kernel::Neon,
            Kernel::Avx512,
            Kernel::Portable,
        ];
        let (trusted, distinct) = (given.flags & 1 != 0, given.flags & 2 != 0);
        builder.event_limits(limits);
        builder.kernel(kernels[given.kernel.min(5) as usize]).trusted(trusted).distinct_names(distinct);
        let (mut matcher, mut error) = (ptr::null_mut(), UNTOUCHED);
        let place = self.output(&mut matcher);
        // SAFETY: as in `new_rules` and `add`.
        let status = unsafe { galop_matcher_new(rules, &raw const given, place, &raw mut error) };
        let built = at.map(|at| builder.build(&self.objects[at].set));
        let refused = self.faults.is_empty() && matches!(built, Some(Err(_)));
        if self.ended(status, if refused { BUILD } else { OK }) {
            let values = self.objects[at.expect("rules were given")].values.clone();
            let matcher_of = built.and_then(Result::ok);
            let object = Object::new(matcher, Sort::Matcher);
            self.objects.push(Object { values, matcher: matcher_of, trusted, distinct, ..object });
        } else {
            assert!(matcher.is_null() && error.status == status);
            if let (true, Some(Err(fault))) = (refused, built) {
                assert_eq!(
                    (code(error.detail), error.index),
                    (fault.code(), fault.rule().map_or(0, |rule| rule.as_usize()))
                );
            }
        }
    }

    pub(super) fn new_scratch(&mut self) {
        let mut scratch = ptr::null_mut();
        let place = self.output(&mut scratch);
        // SAFETY: the output is a local variable, or null or unaligned.
        let status = unsafe { galop_scratch_new(place) };
        if self.ended(status, OK) {
            self.objects.push(Object::new(scratch, Sort::Scratch));
        } else {
            assert!(scratch.is_null());
        }
    }

    pub(super) fn shrink(&mut self) {
        let (scratch, _) = self.object(Sort::Scratch);
        let bytes = [0, 10_000, usize::MAX][self.below(3)];
        // SAFETY: the scratch is null, or the start or the second byte of a valid object.
        let status = unsafe { galop_scratch_shrink(scratch, bytes) };
        if self.ended(status, OK) {
            let mut usage = 0;
            // SAFETY: as above; the output is a local variable.
            assert_eq!(unsafe { galop_scratch_memory_usage(scratch, &raw mut usage) }, OK);
            let smallest = size_of::<super::super::galop::Scratch>();
            assert!(usage <= bytes.max(smallest), "{usage} bytes after shrinking to {bytes}");
        }
    }

    pub(super) fn values(&mut self) {
        let (matcher, at) = self.object(Sort::Matcher);
        let (mut values, mut count) = (ptr::null(), 77);
        let (first, second) = (self.output(&mut values), self.output(&mut count));
        // SAFETY: the matcher is null or an object of the library. The outputs are local variables,
        // or null or unaligned.
        let status = unsafe { galop_matcher_values(matcher, first, second) };
        if self.ended(status, OK) {
            // SAFETY: after a success, `count` values are stored there, as long as the matcher
            // lives.
            let values = unsafe { slice::from_raw_parts(values, count) };
            assert_eq!(values, self.objects[at.expect("a matcher was given")].values);
        } else {
            assert!(values.is_null() && count == 77);
        }
    }
}
