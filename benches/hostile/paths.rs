//! Rules about many paths: absent, shared, long or similar ones.

use crate::tenant::{MOST_RULES, Tenant, envelope, items, other_version};
use crate::workload::fields::FIELDS;
use crate::workload::random::Random;

pub(crate) fn all() -> Vec<Tenant> {
    let mut all = absent();
    all.extend(present());
    all.extend(names());
    all
}

fn absent() -> Vec<Tenant> {
    let one = |number: usize, _: usize| format!(r#"{{"zz{number}":[{{"exists":false}}]}}"#);
    vec![
        Tenant::new("absent/300", 300, 1, one),
        Tenant::new("absent/1000", MOST_RULES, 1, one),
        // The rules of ten tenants.
        Tenant::new("absent/10000", 10 * MOST_RULES, 1, one),
        Tenant::new("absent/1000x100", MOST_RULES, 100, |number, size| {
            let fields =
                items(size, |at| format!(r#""zz{}":[{{"exists":false}}]"#, (number * 7 + at * 13) % 5_000));
            format!("{{{fields}}}")
        }),
        Tenant::new("absent-unmet/1000x100", MOST_RULES, 100, |number, size| {
            let fields =
                items(size, |at| format!(r#""zz{}":[{{"exists":false}}]"#, (number * 7 + at * 13) % 5_000));
            format!("{{{fields},{}}}", other_version(number))
        }),
        Tenant::new("absent-in-details/1000", MOST_RULES, 1, |number, _| {
            let path = FIELDS[number % FIELDS.len()].path;
            format!(
                r#"{{"detail.{path}{number}":[{{"exists":false}}],"detail.{path}":[{{"exists":false}}],{}}}"#,
                other_version(number)
            )
        }),
        Tenant::new("absent-or-value/1000", MOST_RULES, 1, |number, _| {
            let (field, _) = envelope(number);
            format!(r#"{{"zz{number}":[1,{{"exists":false}}],"{field}":[{{"anything-but":"{number}"}}]}}"#)
        }),
        Tenant::new("negative-unmet/1000", MOST_RULES, 1, negative),
        Tenant::new("negative-unmet/10000", 10 * MOST_RULES, 1, negative),
    ]
}

fn present() -> Vec<Tenant> {
    vec![
        // All rules share 255 fields, so the decision tree grows one level per field.
        Tenant::new("shared-fields/1000x255", MOST_RULES, 255, shared_fields),
        Tenant::new("shared-fields-present/1000x255", MOST_RULES, 255, |number, size| {
            let fields = items(size, |at| match FIELDS.get(at) {
                Some(field) => {
                    format!(
                        r#""detail.{}":[{{"exists":false}},{{"anything-but":{{"equals-ignore-case":"q"}}}}]"#,
                        field.path
                    )
                }
                None => format!(r#""{at}":[{{"exists":false}},{{"equals-ignore-case":"a"}}]"#),
            });
            format!("{{{fields},{}}}", other_version(number))
        }),
        Tenant::new("many-paths/1000x60", MOST_RULES, 60, |number, size| {
            let mut random = Random::at(0x9a7, number);
            let start = random.below(FIELDS.len());
            let fields = items(size.min(FIELDS.len()), |at| {
                let path = FIELDS[(start + at) % FIELDS.len()].path;
                let absence = if at == 0 { "" } else { r#",{"exists":false}"# };
                format!(r#""detail.{path}":[{{"anything-but":"{number}"}}{absence}]"#)
            });
            format!("{{{fields},{}}}", other_version(number))
        }),
        Tenant::new("exists/1000x60", MOST_RULES, 60, |number, size| {
            let start = number % FIELDS.len();
            let fields = items(size.min(FIELDS.len()), |at| {
                format!(
                    r#""detail.{}":[{{"exists":true}}]"#,
                    FIELDS[(start + at * (1 + number / 100)) % FIELDS.len()].path
                )
            });
            format!("{{{fields},{}}}", other_version(number))
        }),
        Tenant::new("exists-one/1000", MOST_RULES, 1, |number, _| {
            let path = FIELDS[number % FIELDS.len()].path;
            format!(r#"{{"detail.{path}":[{{"exists":true}}],{}}}"#, other_version(number))
        }),
        Tenant::new("any-but-one/1000", MOST_RULES, 1, |number, _| {
            let (field, turn) = envelope(number);
            format!(r#"{{"{field}":[{{"anything-but":"{turn}"}}]}}"#)
        }),
        Tenant::new("arrays/1000", MOST_RULES, 1, |number, _| {
            let array =
                ["detail.tags", "detail.order.coupons", "detail.deployment.labels", "resources"][number % 4];
            format!(
                r#"{{"{array}":[{{"anything-but":["{number}"]}},{{"exists":false}}],{}}}"#,
                other_version(number)
            )
        }),
        Tenant::new("arrays-inside/1000", MOST_RULES, 1, |number, _| {
            let fields = [
                format!(r#""resources":[{{"anything-but":{{"suffix":"{number}q"}}}},{{"exists":false}}]"#),
                format!(r#""resources.a{number}":[{{"exists":false}}]"#),
                format!(
                    r#""detail.tags":[{{"exists":false}},{{"wildcard":"*a*"}},{{"anything-but":"{number}"}}]"#
                ),
                other_version(number),
            ];
            format!("{{{}}}", fields.join(","))
        }),
    ]
}

fn names() -> Vec<Tenant> {
    vec![
        Tenant::new("names-long/4x1MB", 4, 1_000_000, |number, size| {
            format!(
                r#"{{"{}":[{{"exists":false}}],{}}}"#,
                "n".repeat(size.saturating_sub(60) + number),
                other_version(number)
            )
        }),
        Tenant::new("names-long/1000x10KB", MOST_RULES, 10_000, |number, size| {
            format!(
                r#"{{"{}{number}":[{{"exists":false}}],{}}}"#,
                "n".repeat(size.saturating_sub(70)),
                other_version(number)
            )
        }),
        // Names of twenty lengths in each object, so that no name of an event is ruled out by its length.
        Tenant::new("names-many/1000x250", MOST_RULES, 250, many_names),
        Tenant::new("names-alike/1000x100", MOST_RULES, 100, |number, size| {
            let fields = items(size, |at| {
                let field = &FIELDS[(number + at) % FIELDS.len()];
                let end = field.path.len() - 1;
                format!(
                    r#""detail.{}{}":[{{"exists":false}}]"#,
                    &field.path[..end],
                    char::from(b'0' + (at % 10) as u8)
                )
            });
            format!("{{{fields},{}}}", other_version(number))
        }),
        Tenant::new("names-of-dots/7x0.8MB", 7, 800_000, dots),
        Tenant::new("names-of-dots/1000x50", MOST_RULES, 50, some_dots),
        Tenant::new("names-deep/1000x900", MOST_RULES, 900, |number, size| {
            let path = vec!["a"; size.max(1)].join(".");
            format!(r#"{{"detail.{path}.{number}":[{{"exists":false}}],{}}}"#, other_version(number))
        }),
    ]
}

/// A rule with `size` fields that all rules share and a field of its own.
pub(crate) fn shared_fields(number: usize, size: usize) -> String {
    let fields = items(size, |at| format!(r#""{at}":[{{"equals-ignore-case":"a"}}]"#));
    format!(r#"{{{fields},"z":[{{"anything-but":["{number}"]}}]}}"#)
}

pub(crate) fn many_names(number: usize, size: usize) -> String {
    let objects = ["", "detail.", "detail.user.", "detail.order.", "detail.request.", "detail.job."];
    let fields = items(size.min(255), |at| {
        let name = format!("{:0width$x}", number << 12 | at, width = 1 + at % 20);
        format!(r#""{}{name}":[{{"exists":false}}]"#, objects[at % objects.len()])
    });
    format!("{{{fields},{}}}", other_version(number))
}

pub(crate) fn dots(number: usize, size: usize) -> String {
    let name = ".".repeat(size.saturating_sub(60) + number);
    format!(r#"{{"{name}":[{{"exists":false}}],{}}}"#, other_version(number))
}

pub(crate) fn some_dots(number: usize, size: usize) -> String {
    let name = format!("detail{}{number}", ".".repeat(size));
    format!(r#"{{"{name}":[{{"exists":false}}],{}}}"#, other_version(number))
}

fn negative(number: usize, _: usize) -> String {
    let (field, _) = envelope(number);
    format!(r#"{{"{field}":[{{"anything-but":"{number}"}}],"zz{number}":[1,{{"exists":false}}],"yy":[1]}}"#)
}
