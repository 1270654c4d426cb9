//! Controls, and rules that mislead the statistics of the compiler. The compiler estimates events by the
//! values in rules.

use std::cell::OnceCell;

use crate::tenant::{MOST_RULES, Tenant, items, other_version};
use crate::workload::Mix;
use crate::workload::fields::FIELDS;
use crate::workload::stream::{REGIONS, SOURCES};

pub(crate) fn all() -> Vec<Tenant> {
    // Rules that are added to the ordinary set.
    let more = |mix: Mix| {
        let rules = OnceCell::new();
        move |number: usize, _: usize| {
            rules.get_or_init(|| mix.rules(11 * MOST_RULES))[10 * MOST_RULES + number].clone()
        }
    };
    vec![
        Tenant::new("control/no-rules", 0, 1, |_, _| String::new()),
        Tenant::new("control/1000-ordinary", MOST_RULES, 1, more(Mix::Mixed)),
        Tenant::new("control/1000-exact", MOST_RULES, 1, more(Mix::ExactOnly)),
        // Many branches name the same few sources, so that these sources seem to be in most events.
        Tenant::new("misleading-source/1000x100", MOST_RULES, 100, |number, size| {
            let or = items(size.max(2), |at| format!(r#"{{"zz{at}":[{number}]}}"#));
            format!(r#"{{"source":["{}"],"$or":[{or}]}}"#, SOURCES[number % 4])
        }),
        Tenant::new("misleading-sources/1000x40", MOST_RULES, 40, |number, size| {
            let sources = items(size.min(SOURCES.len()), |at| format!("\"{}\"", SOURCES[at]));
            let or = items(size.max(2), |at| format!(r#"{{"zz{at}":[{number}]}}"#));
            format!(
                r#"{{"source":[{sources}],"region":["{}"],"$or":[{or}]}}"#,
                REGIONS[number % REGIONS.len()]
            )
        }),
        // Most branches have no source, so that the compiler no longer splits all branches by their source.
        Tenant::new("misleading-details/1000x100", MOST_RULES, 100, |number, size| {
            let or = items(size.max(2), |at| format!(r#"{{"zz{at}":[{number}]}}"#));
            format!(r#"{{"detail.{}":[{{"exists":true}}],"$or":[{or}]}}"#, FIELDS[number % FIELDS.len()].path)
        }),
        Tenant::new("misleading-negatives/1000x100", MOST_RULES, 100, |number, size| {
            let or = items(size.max(2), |at| format!(r#"{{"zz{at}":[{number},{{"exists":false}}]}}"#));
            format!(r#"{{"source":["shop.orders","{number}"],"$or":[{or}],{}}}"#, other_version(number))
        }),
    ]
}
