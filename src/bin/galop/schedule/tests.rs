use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::schedule::Schedule;

fn zone(name: &str) -> TimeZone {
    jiff::tz::db().get(name).unwrap()
}

/// Returns the first instants after a time, as local times with their offsets.
fn next(expression: &str, from: &str, zone_name: &str, count: usize) -> Vec<String> {
    let schedule = Schedule::parse(expression).unwrap_or_else(|error| panic!("{expression}: {error:?}"));
    let (from, zone): (Timestamp, _) = (from.parse().unwrap(), zone(zone_name));
    let instants = schedule.after(from, &zone).take(count);
    let local = |instant: Timestamp| {
        let local = instant.to_zoned(zone.clone());
        local.strftime("%a %Y-%m-%dT%H:%M%:z").to_string().replace("+00:00", "Z")
    };
    instants.map(local).collect()
}

/// Returns the code of an error, and the bytes at fault.
fn refusal(expression: &str) -> (&'static str, &str) {
    let error = Schedule::parse(expression).expect_err(expression);
    (error.code, &expression[error.span])
}

#[test]
fn examples_of_the_documentation() {
    // 2026-06-02 is a Tuesday.
    let from = "2026-06-02T04:00:14Z";
    for (expression, times) in [
        ("cron(0 10 * * ? *)", ["Tue 2026-06-02T10:00Z", "Wed 2026-06-03T10:00Z"]),
        ("cron(15 12 * * ? *)", ["Tue 2026-06-02T12:15Z", "Wed 2026-06-03T12:15Z"]),
        ("cron(0 18 ? * MON-FRI *)", ["Tue 2026-06-02T18:00Z", "Wed 2026-06-03T18:00Z"]),
        ("cron(0 8 1 * ? *)", ["Wed 2026-07-01T08:00Z", "Sat 2026-08-01T08:00Z"]),
        ("cron(0/15 * * * ? *)", ["Tue 2026-06-02T04:15Z", "Tue 2026-06-02T04:30Z"]),
        ("cron(0/10 * ? * MON-FRI *)", ["Tue 2026-06-02T04:10Z", "Tue 2026-06-02T04:20Z"]),
        ("cron(0/5 8-17 ? * MON-FRI *)", ["Tue 2026-06-02T08:00Z", "Tue 2026-06-02T08:05Z"]),
        ("cron(0/30 20-2 ? * MON-FRI *)", ["Tue 2026-06-02T20:00Z", "Tue 2026-06-02T20:30Z"]),
        ("cron(5,35 14 * * ? *)", ["Tue 2026-06-02T14:05Z", "Tue 2026-06-02T14:35Z"]),
        ("cron(15 10 ? * 6L 2019-2027)", ["Fri 2026-06-26T10:15Z", "Fri 2026-07-31T10:15Z"]),
        ("cron(0 0 ? * 3#2 *)", ["Tue 2026-06-09T00:00Z", "Tue 2026-07-14T00:00Z"]),
        ("cron(0 0 3W * ? *)", ["Wed 2026-06-03T00:00Z", "Fri 2026-07-03T00:00Z"]),
        ("rate(5 minutes)", ["Tue 2026-06-02T04:05Z", "Tue 2026-06-02T04:10Z"]),
        ("rate(1 hour)", ["Tue 2026-06-02T05:00Z", "Tue 2026-06-02T06:00Z"]),
        ("rate(1 day)", ["Wed 2026-06-03T04:00Z", "Thu 2026-06-04T04:00Z"]),
    ] {
        assert_eq!(next(expression, from, "UTC", 2), times, "{expression}");
    }
    assert_eq!(next("at(2026-11-20T13:00:00)", from, "UTC", 2), ["Fri 2026-11-20T13:00Z"]);
}

#[test]
fn days_of_the_month_and_of_the_week() {
    let from = "2026-01-01T00:00:00Z";
    for (expression, times) in [
        ("cron(0 0 L * ? *)", ["Sat 2026-01-31T00:00Z", "Sat 2026-02-28T00:00Z"]),
        ("cron(0 0 L-3 * ? *)", ["Wed 2026-01-28T00:00Z", "Wed 2026-02-25T00:00Z"]),
        ("cron(0 0 LW * ? *)", ["Fri 2026-01-30T00:00Z", "Fri 2026-02-27T00:00Z"]),
        // The first of February is a Sunday, the first of August a Saturday.
        ("cron(0 0 1W 2,8 ? *)", ["Mon 2026-02-02T00:00Z", "Mon 2026-08-03T00:00Z"]),
        // The last of January is a Saturday, the last of May a Sunday.
        ("cron(0 0 31W 1,5 ? *)", ["Fri 2026-01-30T00:00Z", "Fri 2026-05-29T00:00Z"]),
        // April has no such day.
        ("cron(0 0 31W APR,JUL ? *)", ["Fri 2026-07-31T00:00Z", "Fri 2027-07-30T00:00Z"]),
        ("cron(0 0 ? * L *)", ["Sat 2026-01-03T00:00Z", "Sat 2026-01-10T00:00Z"]),
        ("cron(0 0 ? * friL *)", ["Fri 2026-01-30T00:00Z", "Fri 2026-02-27T00:00Z"]),
        ("cron(0 0 ? * Fri#5 *)", ["Fri 2026-01-30T00:00Z", "Fri 2026-05-29T00:00Z"]),
        ("cron(0 0 ? * SAT-MON *)", ["Sat 2026-01-03T00:00Z", "Sun 2026-01-04T00:00Z"]),
        ("cron(0 0 ? * 1 *)", ["Sun 2026-01-04T00:00Z", "Sun 2026-01-11T00:00Z"]),
        ("cron(0 0 29 2 ? *)", ["Tue 2028-02-29T00:00Z", "Sun 2032-02-29T00:00Z"]),
        ("cron(0 0 1 1/5 ? *)", ["Mon 2026-06-01T00:00Z", "Sun 2026-11-01T00:00Z"]),
        ("cron(59 23 31 DEC ? 2198/1)", ["Mon 2198-12-31T23:59Z", "Tue 2199-12-31T23:59Z"]),
        ("cron(50/5 11-23/12 1 * ? *)", ["Thu 2026-01-01T11:50Z", "Thu 2026-01-01T11:55Z"]),
    ] {
        assert_eq!(next(expression, from, "UTC", 2), times, "{expression}");
    }
}

#[test]
fn instants_are_after_the_start() {
    let minutes = "cron(* * * * ? *)";
    assert_eq!(next(minutes, "2026-06-02T04:00:00Z", "UTC", 1), ["Tue 2026-06-02T04:01Z"]);
    assert_eq!(next(minutes, "2026-06-02T03:59:59.9Z", "UTC", 1), ["Tue 2026-06-02T04:00Z"]);
    assert!(next("at(2026-06-02T04:00:00)", "2026-06-02T04:00:00Z", "UTC", 1).is_empty());
}

#[test]
fn skipped_times_are_left_out_and_repeated_times_count_once() {
    // Berlin: 02:00 to 03:00 is skipped on 2026-03-29, and repeated on 2026-10-25.
    let spring = next("cron(30 2 * * ? *)", "2026-03-27T12:00:00Z", "Europe/Berlin", 2);
    assert_eq!(spring, ["Sat 2026-03-28T02:30+01:00", "Mon 2026-03-30T02:30+02:00"]);
    let autumn = next("cron(30 2 * * ? *)", "2026-10-24T12:00:00Z", "Europe/Berlin", 2);
    assert_eq!(autumn, ["Sun 2026-10-25T02:30+02:00", "Mon 2026-10-26T02:30+01:00"]);
    // Between the two passes of 02:30.
    let between = next("cron(30 2 * * ? *)", "2026-10-25T01:00:00Z", "Europe/Berlin", 1);
    assert_eq!(between, ["Mon 2026-10-26T02:30+01:00"]);
    let often = next("cron(0/30 * * * ? *)", "2026-10-24T23:59:00Z", "Europe/Berlin", 4);
    assert_eq!(
        often,
        ["Sun 2026-10-25T02:00+02:00", "Sun 2026-10-25T02:30+02:00"]
            .into_iter()
            .chain(["Sun 2026-10-25T03:00+01:00", "Sun 2026-10-25T03:30+01:00"])
            .collect::<Vec<_>>()
    );
    // A day of a rate is 24 hours.
    let rate = next("rate(1 day)", "2026-03-28T11:00:00Z", "Europe/Berlin", 1);
    assert_eq!(rate, ["Sun 2026-03-29T13:00+02:00"]);
    assert!(next("at(2026-03-29T02:30:00)", "2026-01-01T00:00:00Z", "Europe/Berlin", 1).is_empty());
    let at = next("at(2026-10-25T02:30:00)", "2026-01-01T00:00:00Z", "Europe/Berlin", 2);
    assert_eq!(at, ["Sun 2026-10-25T02:30+02:00"]);
}

#[test]
fn schedules_without_instants_end() {
    for expression in [
        "cron(0 0 30 2 ? *)",
        "cron(0 0 31W 2 ? *)",
        "cron(0 0 L-30 2 ? *)",
        "cron(0 0 ? 2 1#5 2027)",
        "cron(* * * * ? 1970-2025)",
        // Berlin skips this hour on the last Sunday of March.
        "cron(* 2 ? 3 1L *)",
    ] {
        assert!(next(expression, "2026-01-01T00:00:00Z", "Europe/Berlin", 1).is_empty(), "{expression}");
    }
    let last = next("cron(59 23 31 12 ? 2199)", "2026-01-01T00:00:00Z", "UTC", 2);
    assert_eq!(last, ["Tue 2199-12-31T23:59Z"]);
    let rate = next("rate(4294967295 days)", "9000-01-01T00:00:00Z", "UTC", 1);
    assert!(rate.is_empty());
}

#[test]
fn refusals_name_the_part() {
    for (expression, code, part) in [
        ("", "not-a-schedule", ""),
        ("0 12 * * *", "not-a-schedule", "0 12 * * *"),
        ("Cron(0 12 * * ? *)", "not-a-schedule", "Cron(0 12 * * ? *)"),
        (" rate(1 day)", "not-a-schedule", " rate(1 day)"),
        ("rate", "not-a-schedule", "rate"),
        ("every(5 minutes)", "not-a-schedule", "every(5 minutes)"),
        ("cron(0 12 * * ? *", "missing-parenthesis", ""),
        ("rate(1 day) ", "text-after-schedule", " "),
        ("rate(1 day))", "text-after-schedule", ")"),
        ("rate()", "rate-form", ""),
        ("rate(5)", "rate-form", "5"),
        ("rate(0 minutes)", "rate-value", "0"),
        ("rate(-5 minutes)", "rate-value", "-5"),
        ("rate(+5 minutes)", "rate-value", "+5"),
        ("rate(1.5 hours)", "rate-value", "1.5"),
        ("rate(99999999999 days)", "rate-value", "99999999999"),
        ("rate(5 weeks)", "rate-unit", "weeks"),
        ("rate(5 Minutes)", "rate-unit", "Minutes"),
        ("rate(1 hours)", "rate-number", "hours"),
        ("rate(5 hour)", "rate-number", "hour"),
        ("at(2026-06-02)", "at-form", "2026-06-02"),
        ("at(2026-06-02T04:00:00Z)", "at-form", "2026-06-02T04:00:00Z"),
        ("at(2026-02-30T04:00:00)", "at-time", "2026-02-30T04:00:00"),
        ("at(2026-06-02T24:00:00)", "at-time", "2026-06-02T24:00:00"),
        ("cron(0 12 * * ?)", "field-count", "0 12 * * ?"),
        ("cron()", "field-count", ""),
        ("cron(0 12 * * ? * *)", "field-count", "0 12 * * ? * *"),
        ("cron(0 12 * * * *)", "day-fields", "*"),
        ("cron(0 12 1 * MON *)", "day-fields", "MON"),
        ("cron(0 12 ? * ? *)", "day-fields", "?"),
        ("cron(60 12 * * ? *)", "field-value", "60"),
        ("cron(0 24 * * ? *)", "field-value", "24"),
        ("cron(0 12 0 * ? *)", "field-value", "0"),
        ("cron(0 12 * 13 ? *)", "field-value", "13"),
        ("cron(0 12 ? * 0 *)", "field-value", "0"),
        ("cron(0 12 ? * 8 *)", "field-value", "8"),
        ("cron(0 12 * * ? 1969)", "field-value", "1969"),
        ("cron(0 12 * * ? 2200)", "field-value", "2200"),
        ("cron(0 12 * * ? 2030-2020)", "field-range", "2030-2020"),
        ("cron(0 12 ? * MONDAY *)", "field-value", "MONDAY"),
        ("cron(0 12 * FOO ? *)", "field-value", "FOO"),
        ("cron(0 x * * ? *)", "field-value", "x"),
        ("cron(1, 12 * * ? *)", "field-value", ""),
        ("cron(1- 12 * * ? *)", "field-value", ""),
        ("cron(1-2-3 12 * * ? *)", "misplaced-wildcard", "2-3"),
        ("cron(? 12 * * ? *)", "misplaced-wildcard", "?"),
        ("cron(0 8 * ? 2-6 *)", "misplaced-wildcard", "?"),
        ("cron(0 8 ? * */2 *)", "misplaced-wildcard", "*/2"),
        ("cron(0/0 8 * * ? *)", "field-step", "0"),
        ("cron(0/ 8 * * ? *)", "field-step", ""),
        ("cron(0/x 8 * * ? *)", "field-step", "x"),
        ("cron(0 0 L,1 * ? *)", "not-alone", "L,1"),
        ("cron(0 0 1W,15W * ? *)", "not-alone", "1W,15W"),
        ("cron(0 0 L-31 * ? *)", "field-value", "31"),
        ("cron(0 0 WL * ? *)", "field-value", "WL"),
        ("cron(0 0 32W * ? *)", "field-value", "32"),
        ("cron(0 0 ? * 3#1,6#3 *)", "not-alone", "3#1,6#3"),
        ("cron(0 0 ? * 6L,MON *)", "not-alone", "6L,MON"),
        ("cron(0 0 ? * 3#6 *)", "field-value", "6"),
        ("cron(0 0 ? * 3# *)", "field-value", ""),
        ("cron(0 0 ? * 9#1 *)", "field-value", "9"),
        ("cron(é 0 * * ? *)", "field-value", "é"),
    ] {
        assert_eq!(refusal(expression), (code, part), "{expression}");
    }
    let long = format!("cron({} 0 * * ? *)", "1,".repeat(130));
    assert_eq!(refusal(&long).0, "too-long");
}

/// Texts that look like expressions.
fn expressions() -> impl Strategy<Value = String> {
    let field = "([0-9]{1,4}|[*?LW#/,-]|SUN|FRI|DEC|é| ){0,6}";
    let fields = proptest::collection::vec(field, 0..8).prop_map(|fields| fields.join(" "));
    let valid = ("[0-9]{1,2}|\\*|[0-9]/[1-9]", "[0-9]|1[0-9]-[0-9]|\\*", "[1-9]|L|LW|[1-9]W|L-[0-9]")
        .prop_map(|(minutes, hours, days)| format!("{minutes} {hours} {days} * ? *"));
    prop_oneof![
        (prop_oneof![Just("cron("), Just("rate("), Just("at(")], fields, "\\)?")
            .prop_map(|(kind, fields, end)| format!("{kind}{fields}{end}")),
        valid.prop_map(|fields| format!("cron({fields})")),
        ".{0,40}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn any_text_is_read_or_refused_with_a_place(text in expressions()) {
        match Schedule::parse(&text) {
            Err(error) => prop_assert!(text.get(error.span.clone()).is_some(), "{error:?}"),
            Ok(schedule) => {
                let (from, zone) = ("2026-10-25T00:30:00Z".parse().unwrap(), zone("Europe/Berlin"));
                let instants: Vec<Timestamp> = schedule.after(from, &zone).take(50).collect();
                prop_assert!(instants.first().is_none_or(|first| *first > from));
                prop_assert!(instants.is_sorted_by(|one, other| one < other), "{instants:?}");
            }
        }
    }

    /// Compares the walk through the calendar with a look at every minute of some days.
    #[test]
    fn instants_are_the_minutes_that_fit(
        minute in 0..60i8, hour in 0..24i8, day in 1..=31i8, weekday in 1..=7i8, by_week: bool, start in 0..400i64,
    ) {
        let days = if by_week { format!("? * {weekday}") } else { format!("{day} * ?") };
        let schedule = Schedule::parse(&format!("cron({minute}/20 {hour} {days} *)")).unwrap();
        let from = Timestamp::from_second(1_780_000_000 + start * 86_400).unwrap();
        let end = Timestamp::from_second(from.as_second() + 40 * 86_400).unwrap();
        let utc = TimeZone::UTC;
        let found: Vec<Timestamp> = schedule.after(from, &utc).take_while(|instant| *instant < end).collect();
        let first_minute = from.as_second() / 60 + 1;
        let all = (first_minute..(end.as_second() + 59) / 60)
            .map(|minute| Timestamp::from_second(minute * 60).unwrap());
        let fits = |instant: &Timestamp| {
            let local = utc.to_datetime(*instant);
            let fits_day = if by_week {
                local.weekday().to_sunday_one_offset() == weekday
            } else {
                local.day() == day
            };
            fits_day && local.hour() == hour && local.minute() >= minute && (local.minute() - minute) % 20 == 0
        };
        prop_assert_eq!(found, all.filter(fits).collect::<Vec<_>>());
    }
}
