//! The latency of single events: a histogram, and the share of events that take longer.

use crate::bench::latency::{Interval, Latency};
use crate::bench::units::grouped;

use super::axis::Axis;
use super::figures::{nanoseconds, percent, tick_percent, tick_time};
use super::html::{Column, Section, Table};
use super::plot::Plot;

/// The share of the height that the bars take. The marks of the percentiles have the rest.
const BARS: f64 = 0.68;

pub(super) fn section(latency: &Latency) -> Section {
    let percentiles = [
        ("p50", latency.p50),
        ("p90", latency.p90),
        ("p99", latency.p99),
        ("p99.9", latency.p999),
        ("max", latency.max),
    ];
    let of = "of the events take at most this time";
    let shares = ["50 %", "90 %", "99 %", "99.9 %", "100 %"].map(|share| format!("{share} {of}"));
    let columns = [Column::Number("time"), Column::Text("meaning")];
    let mut table = Table::new("Percentiles of the latency", "percentile", &columns);
    for ((name, value), share) in percentiles.iter().zip(shares) {
        table.row(name, &[nanoseconds(f64::from(*value)), share]);
    }
    let body = match latency.histogram.first().zip(latency.histogram.last()) {
        None => String::new(),
        Some((first, last)) => {
            let axis = Axis::logarithmic(first.from, last.to);
            let words: Vec<String> = percentiles
                .iter()
                .map(|(name, value)| format!("{name} {}", nanoseconds(f64::from(*value))))
                .collect();
            let label = format!("Histogram of the latency: {}", words.join(", "));
            format!(
                "<figure>\n<figcaption>Share of the events, for each interval of the latency</figcaption>\n{}\
                 <figcaption>Share of the events that take at least a time</figcaption>\n{}</figure>\n",
                histogram(axis, latency, &percentiles).html("latency-histogram", &label),
                slower(axis, latency).html("latency-slower", &label.replace("Histogram", "Distribution"))
            )
        }
    };
    Section {
        id: "latency",
        title: "Latency",
        lead: format!(
            "{} events, each measured by itself on one thread. The time of reading the clock, {}, is included. \
             Interruptions by other programs are included as well, and cause most of the highest values.",
            grouped(latency.samples),
            nanoseconds(f64::from(latency.clock))
        ),
        body: body + &table.html(),
    }
}

fn histogram(axis: Axis, latency: &Latency, percentiles: &[(&str, u32)]) -> Plot {
    let mut plot = Plot::new(220, axis);
    plot.across("latency of an event (logarithmic)", |tick| tick_time(tick / 1e9));
    let share = |interval: &Interval| interval.events as f64 / latency.samples as f64;
    let up = Axis::from_zero(latency.histogram.iter().map(share).fold(0.0, f64::max));
    plot.up(up, BARS, tick_percent);
    for interval in &latency.histogram {
        let Interval { from, to, events } = interval;
        let title = format!(
            "{} to {}: {} events, {}",
            nanoseconds(*from),
            nanoseconds(*to),
            grouped(*events),
            percent(share(interval))
        );
        plot.bar("bin", (*from, *to), 0.0, up.place(share(interval)) * BARS, &title);
    }
    // Percentiles can be close together, so each has a line of its own for its name.
    for (at, (name, value)) in percentiles.iter().enumerate() {
        let (value, up) = (f64::from(*value), 0.98 - at as f64 * (1.0 - BARS) / percentiles.len() as f64);
        plot.upright("mark", value, 0.0, up);
        plot.note(value, up - 0.01, &format!("{name} {}", nanoseconds(value)));
    }
    plot
}

/// Draws the share of the events that take at least the time.
fn slower(axis: Axis, latency: &Latency) -> Plot {
    let mut plot = Plot::new(160, axis);
    plot.across("latency of an event (logarithmic)", |tick| tick_time(tick / 1e9));
    let up = Axis::logarithmic(1.0 / latency.samples as f64, 1.0);
    plot.up(up, 1.0, tick_percent);
    let mut left = latency.samples;
    let mut points = Vec::new();
    for Interval { from, events, .. } in &latency.histogram {
        points.push((*from, up.place(left as f64 / latency.samples as f64)));
        left -= *events;
    }
    points.push((f64::from(latency.max), up.place(1.0 / latency.samples as f64)));
    plot.line(points.into_iter());
    plot
}
