//! The time of an event against the number of rules.

use crate::bench::rounds::quantile;
use crate::bench::scale::Point;
use crate::bench::units::grouped;

use super::axis::Axis;
use super::figures::{percent, size, tick_count, tick_time, time};
use super::html::{Column, Section, Table, missing};
use super::plot::Plot;

/// The maximum number of points whose times are written beside them.
const NOTED: usize = 6;

pub(super) fn section(points: &[Point]) -> Section {
    let Some(first) = points.first() else {
        return Section {
            id: "scale",
            title: "Growth with the number of rules",
            lead: "No samples of the rules were measured.".to_owned(),
            body: missing(
                "<code>galop bench --scale 10,100,1000,10000</code> measures samples of these sizes.",
            ),
        };
    };
    let columns = ["events/s", "time", "ratio", "spread", "compile", "memory"].map(Column::Number);
    let mut table = Table::new("Samples of the rules", "rules", &columns);
    for Point { size: sample, one_thread } in points {
        let cells = [
            grouped(one_thread.events_per_second() as usize),
            time(one_thread.median()),
            format!("{:.2}", one_thread.median() / first.one_thread.median()),
            percent(one_thread.spread()),
            time(sample.compile_seconds),
            size(sample.bytes),
        ];
        table.row(&grouped(sample.rules), &cells);
    }
    Section {
        id: "scale",
        title: "Growth with the number of rules",
        lead: "The time of one event on one thread, for samples of the rules. A larger sample contains the smaller \
               ones. A vertical bar is the range between the quartiles of the rounds."
            .to_owned(),
        body: format!("<figure>\n{}</figure>\n{}", drawing(points), table.html()),
    }
}

fn drawing(points: &[Point]) -> String {
    let sizes = || points.iter().map(|point| point.size.rules as f64);
    let axis = Axis::logarithmic(sizes().fold(f64::INFINITY, f64::min), sizes().fold(0.0, f64::max));
    let quartile = |point: &Point, share| quantile(&point.one_thread.0, share);
    let longest = points.iter().map(|point| quartile(point, 0.75)).fold(0.0, f64::max);
    let up = Axis::from_zero(longest * 1.05);
    let mut plot = Plot::new(240, axis);
    plot.across("number of rules (logarithmic)", tick_count);
    plot.up(up, 1.0, tick_time);
    plot.line(points.iter().map(|point| (point.size.rules as f64, up.place(point.one_thread.median()))));
    let mut words = Vec::new();
    for point in points {
        let (rules, median) = (point.size.rules as f64, point.one_thread.median());
        let title = format!("{} rules: {}", grouped(point.size.rules), time(median));
        plot.upright("range", rules, up.place(quartile(point, 0.25)), up.place(quartile(point, 0.75)));
        plot.point(rules, up.place(median), &title);
        if points.len() <= NOTED {
            plot.above(rules, up.place(quartile(point, 0.75)), &time(median));
        }
        words.push(title);
    }
    plot.html("scale-plot", &format!("Time of an event against the number of rules: {}", words.join("; ")))
}
