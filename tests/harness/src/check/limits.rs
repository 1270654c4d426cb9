//! The laws of limits: at the limit, the result is as without it. One past the limit, the error
//! names the limit.

use galop::error::{BuildErrorKind, EventErrorKind, JsonErrorKind, PatternErrorKind};
use galop::pattern::Pattern;
use galop::{MatcherBuilder, PatternError, PatternLimits, Scratch};

use super::layout::tokens;
use super::reproduction::{Argument, law};
use super::{Configuration, answer, build, bytes, configurations, lossy, rule_set, valid};
use crate::kernel;

/// Returns the nesting depth of valid JSON, and the offset of the first bracket of the deepest
/// level.
fn nesting(text: &str) -> (usize, usize) {
    let (mut depth, mut deepest, mut offset) = (0_usize, 0, 0);
    for token in tokens(text) {
        match token {
            "{" | "[" => depth += 1,
            "}" | "]" => depth -= 1,
            _ => {}
        }
        if depth > deepest {
            deepest = depth;
            offset = token.as_ptr() as usize - text.as_ptr() as usize;
        }
    }
    (deepest, offset)
}

/// Returns the least number, up to `most`, that is enough. Every larger number must be enough as
/// well.
fn least(most: u64, mut enough: impl FnMut(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = low + (high - low) / 2;
        if enough(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// Checks the limits on length, depth, leaves, elements and work of events.
pub fn event_limits_hold(rules: &[impl AsRef<[u8]>], events: &[impl AsRef<[u8]>]) {
    let (rules, events) = (bytes(rules), bytes(events));
    law("event_limits_hold", &[Argument::Texts(&rules), Argument::Texts(&events)], || {
        let (_, set) = valid(&rules);
        let mut scratch = Scratch::new();
        for configuration in configurations() {
            let Configuration { name, builder, .. } = &configuration;
            let unlimited = build(builder, &set);
            for event in events.iter().filter(|event| configuration.admits(event)) {
                let Ok(expected) = answer(&unlimited, &mut scratch, event) else { continue };
                let mut limited =
                    |change: &dyn for<'b> Fn(&'b mut MatcherBuilder) -> &'b mut MatcherBuilder| {
                        answer(&build(change(&mut builder.clone()), &set), &mut scratch, event)
                    };
                let place = format!("{name}: {}", lossy(event));

                let limit = event.len();
                assert_eq!(
                    limited(&|b| b.event_limits(kernel::event_limits(|it| it.length = limit))),
                    Ok(expected.clone()),
                    "{place}"
                );
                let error = limited(&|b| b.event_limits(kernel::event_limits(|it| it.length = limit - 1)))
                    .expect_err("too long");
                assert_eq!(*error.kind(), EventErrorKind::EventTooLong { limit: limit - 1 }, "{place}");

                let (limit, offset) = nesting(std::str::from_utf8(event).expect("an event is UTF-8"));
                assert_eq!(
                    limited(&|b| b.event_limits(kernel::event_limits(|it| it.depth = limit))),
                    Ok(expected.clone()),
                    "{place}"
                );
                // The depth of skipped values is not limited if events are trusted.
                if configuration.checks() {
                    let error = limited(&|b| b.event_limits(kernel::event_limits(|it| it.depth = limit - 1)))
                        .expect_err("too deep");
                    let kind = EventErrorKind::Json(JsonErrorKind::TooDeep { limit: limit - 1 });
                    assert_eq!((error.kind(), error.offset()), (&kind, Some(offset)), "{place}");
                }

                let leaves = least(event.len() as u64, |n| {
                    limited(&|b| b.event_limits(kernel::event_limits(|it| it.leaves = n as usize))).is_ok()
                });
                assert_eq!(
                    limited(&|b| b.event_limits(kernel::event_limits(|it| it.leaves = leaves as usize))),
                    Ok(expected.clone()),
                    "{place}"
                );
                if let Some(limit) = (leaves as usize).checked_sub(1) {
                    let error = limited(&|b| b.event_limits(kernel::event_limits(|it| it.leaves = limit)))
                        .expect_err("too many leaves");
                    assert_eq!(*error.kind(), EventErrorKind::TooManyLeaves { limit }, "{place}");
                }

                let elements = least(event.len() as u64, |n| {
                    limited(&|b| b.event_limits(kernel::event_limits(|it| it.elements = n as usize))).is_ok()
                });
                assert_eq!(
                    limited(&|b| b.event_limits(kernel::event_limits(|it| it.elements = elements as usize))),
                    Ok(expected.clone()),
                    "{place}"
                );
                if let Some(limit) = (elements as usize).checked_sub(1) {
                    let error = limited(&|b| b.event_limits(kernel::event_limits(|it| it.elements = limit)))
                        .expect_err("too many elements");
                    assert_eq!(*error.kind(), EventErrorKind::TooManyElements { limit }, "{place}");
                }

                let work = least(100_000_000, |work| {
                    limited(&|b| b.event_limits(kernel::event_limits(|it| it.work = work))).is_ok()
                });
                assert_eq!(
                    limited(&|b| b.event_limits(kernel::event_limits(|it| it.work = work))),
                    Ok(expected),
                    "{place}"
                );
                if let Some(limit) = work.checked_sub(1) {
                    let error = limited(&|b| b.event_limits(kernel::event_limits(|it| it.work = limit)))
                        .expect_err("too much work");
                    assert_eq!(*error.kind(), EventErrorKind::TooMuchWork { limit }, "{place}");
                }
            }
        }
    });
}

/// Checks the limits on the size of the compiled set.
pub fn size_limit_holds(rules: &[impl AsRef<[u8]>]) {
    let rules = bytes(rules);
    law("size_limit_holds", &[Argument::Texts(&rules)], || {
        let (patterns, set) = valid(&rules);
        for configuration in configurations() {
            let Configuration { name, builder, .. } = &configuration;
            let limited = |limit: usize| builder.clone().size_limit(limit).build(&set);
            if set.is_empty() {
                assert!(limited(0).is_ok(), "{name}: a set without rules crosses no limit");
                continue;
            }
            // A set within the limit is always accepted, and a larger set is always refused.
            let usage = builder.build(&set).expect("the defaults are far away").memory_usage();
            assert_eq!(limited(usage).expect("enough").memory_usage(), usage, "{name}");
            let limit = usage - 1;
            for limit in [limit, limit / 2, 1] {
                let error = limited(limit).expect_err("too large");
                let BuildErrorKind::SizeLimit { limit: said, rule_bytes } = *error.kind() else {
                    panic!("{name}: {error}");
                };
                assert_eq!(said, limit, "{name}");
                // No rule takes more memory, and no later rule as much.
                let place = error.rule().expect("a rule").as_usize();
                for (rule, pattern) in patterns.iter().enumerate() {
                    let alone = rule_set(&[pattern]);
                    let may_have = |bytes| builder.clone().rule_size_limit(bytes).build(&alone).is_ok();
                    let bytes = rule_bytes - usize::from(rule > place);
                    assert!(may_have(bytes), "{name}: rule {rule} takes more than {bytes} bytes");
                    assert!(rule != place || !may_have(bytes - 1), "{name}: rule {rule} takes {bytes} bytes");
                }
            }
            set_without_refused_rules_equals_new_set(&configuration, &patterns, limit);
        }
    });
}

/// A set without its refused rules has the same results as a set to which they were never added.
/// The largest rules are refused.
fn set_without_refused_rules_equals_new_set(configuration: &Configuration, patterns: &[&[u8]], limit: usize) {
    let Configuration { name, builder, .. } = configuration;
    let set = rule_set(patterns);
    for limit in [limit + 1, limit, limit / 2, 0] {
        let (matcher, errors) = builder.clone().size_limit(limit).build_within_limits(&set);
        let is_left_out =
            |rule: usize| errors.iter().any(|error| error.rule().expect("a rule").as_usize() == rule);
        assert_eq!(builder.clone().size_limit(limit).build(&set).is_ok(), errors.is_empty(), "{name}");
        assert!(errors.iter().all(|error| error.code() == "size-limit"), "{name}: {errors:?}");
        assert!(errors.windows(2).all(|pair| pair[0].rule() < pair[1].rule()), "{name}: {errors:?}");
        let (kept, rest): (Vec<usize>, Vec<&[u8]>) =
            patterns.iter().copied().enumerate().filter(|(rule, _)| !is_left_out(*rule)).unzip();
        assert!(kept.is_empty() || matcher.memory_usage() <= limit, "{name}: {limit}");
        let without = build(builder, &rule_set(&rest));
        let mut scratch = Scratch::new();
        // A pattern is an event too, and has the paths that rules name.
        for event in patterns.iter().filter(|event| configuration.admits(event)) {
            let expected = answer(&without, &mut scratch, event)
                .map(|ids| ids.into_iter().map(|id| kept[id]).collect::<Vec<_>>());
            assert_eq!(answer(&matcher, &mut scratch, event), expected, "{name}: {}", lossy(event));
        }
    }
}

/// Checks the limits on length, depth, combinations, branches, fields, values and stars of a
/// pattern.
pub fn pattern_limits_hold(text: &[u8]) {
    law("pattern_limits_hold", &[Argument::Text(text)], || {
        let Ok(pattern) = Pattern::parse_with(text, &super::limits()) else { return };
        let limited = |change: &dyn Fn(&mut PatternLimits)| {
            let mut limits = super::limits();
            change(&mut limits);
            Pattern::parse_with(text, &limits).map(|pattern| format!("{pattern:?}"))
        };
        let shown = format!("{pattern:?}");
        let kind = |error: PatternError| error.kind().clone();

        let limit = text.len();
        assert_eq!(pattern.text_length(), limit);
        assert_eq!(limited(&|limits| limits.length = limit), Ok(shown.clone()));
        let error = limited(&|limits| limits.length = limit - 1).map_err(kind);
        assert_eq!(error, Err(PatternErrorKind::PatternTooLong { limit: limit - 1 }));

        let (limit, offset) = nesting(std::str::from_utf8(text).expect("a pattern is UTF-8"));
        assert_eq!(limited(&|limits| limits.depth = limit), Ok(shown.clone()));
        let error = limited(&|limits| limits.depth = limit - 1).expect_err("too deep");
        let too_deep = PatternErrorKind::Json(JsonErrorKind::TooDeep { limit: limit - 1 });
        assert_eq!((error.kind(), error.span().start), (&too_deep, offset));

        let limit = pattern.combinations();
        assert_eq!(limited(&|limits| limits.combinations = limit), Ok(shown.clone()));
        if limit > 1 {
            let error = limited(&|limits| limits.combinations = limit - 1).map_err(kind);
            assert_eq!(error, Err(PatternErrorKind::TooManyCombinations { limit: limit - 1 }));
        }

        // The expanded branches are a part of the combinations.
        let most = pattern.combinations() as u64;
        let branches =
            least(most, |limit| limited(&|limits| limits.branches = limit as usize).is_ok()) as usize;
        assert_eq!(limited(&|limits| limits.branches = branches), Ok(shown.clone()));
        if let Some(limit) = branches.checked_sub(1) {
            let error = limited(&|limits| limits.branches = limit).map_err(kind);
            assert_eq!(error, Err(PatternErrorKind::TooManyBranches { limit }));
        }

        let most = PatternLimits::wide().fields as u64;
        let fields = least(most, |limit| limited(&|limits| limits.fields = limit as usize).is_ok()) as usize;
        assert!(fields > 0, "there is a pattern without a field");
        assert_eq!(limited(&|limits| limits.fields = fields), Ok(shown.clone()));
        let error = limited(&|limits| limits.fields = fields - 1).map_err(kind);
        assert_eq!(error, Err(PatternErrorKind::TooManyFields { limit: fields - 1 }));

        let length = text.len() as u64;
        let values =
            least(length, |limit| limited(&|limits| limits.values = limit as usize).is_ok()) as usize;
        assert!(values > 0, "there is a field without a value");
        assert_eq!(limited(&|limits| limits.values = values), Ok(shown.clone()));
        let error = limited(&|limits| limits.values = values - 1).map_err(kind);
        assert_eq!(error, Err(PatternErrorKind::TooManyValues { limit: values - 1 }));

        let stars = least(length, |limit| limited(&|limits| limits.stars = limit as usize).is_ok()) as usize;
        assert_eq!(limited(&|limits| limits.stars = stars), Ok(shown.clone()));
        if let Some(limit) = stars.checked_sub(1) {
            let error = limited(&|limits| limits.stars = limit).map_err(kind);
            assert_eq!(error, Err(PatternErrorKind::TooManyStars { limit }));
        }
    });
}

/// Twice the elements take at most about twice the work. The event has an array `a` that repeats
/// the elements.
pub fn work_is_proportional_to_elements(pattern: &str, elements: &[&str]) {
    const FEW: usize = 10_000;
    let texts = bytes(elements);
    let arguments = [Argument::Text(pattern.as_bytes()), Argument::Texts(&texts)];
    law("work_is_proportional_to_elements", &arguments, || {
        let set = rule_set(&[pattern.as_bytes()]);
        let event = |count: usize| {
            let repeated: Vec<&str> = elements.iter().copied().cycle().take(count).collect();
            format!(r#"{{"a":[{}]}}"#, repeated.join(","))
        };
        let (few, many) = (event(FEW), event(2 * FEW));
        // The work limit counts the decision only, so one reader is enough.
        let within = |event: &str, work: u64| {
            let matcher =
                build(kernel::builder().event_limits(kernel::event_limits(|it| it.work = work)), &set);
            matcher.matches(&mut Scratch::new(), event.as_bytes()).is_ok()
        };
        assert!(!within(&few, 1), "no choice of elements is made");
        // A precision of one percent is enough, and saves half of the attempts.
        let power = |power: u64| 1.01_f64.powi(power as i32);
        let work = power(least(1_600, |n| within(&few, power(n) as u64)));
        assert!(
            within(&many, (work * 2.1) as u64),
            "{FEW} elements take {work:.0} steps, and twice as many over twice that"
        );
    });
}

#[cfg(test)]
mod tests {
    use super::{least, nesting};

    #[test]
    fn least_returns_the_least_number() {
        for most in 0..20 {
            for enough in 0..=most {
                assert_eq!(least(most, |n| n >= enough), enough);
            }
        }
    }

    #[test]
    fn nesting_returns_the_first_deepest_bracket() {
        assert_eq!(nesting(r#"{"a":[],"[[[":{ "b":[1,{}]},"c":[[[]]]}"#), (4, 23));
    }
}
