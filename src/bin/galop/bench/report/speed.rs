//! The rounds: each as a point, with their median and quartiles.

use crate::bench::measure::Speed;
use crate::bench::result::BenchResult;
use crate::bench::rounds::{Rounds, quantile};
use crate::bench::units::grouped;

use super::axis::Axis;
use super::figures::{percent, tick_time, time};
use super::html::{Column, Section, Table};
use super::plot::Plot;

/// The height of the row of one kind of rounds in pixels.
const ROW: u32 = 44;

pub(super) fn section(result: &BenchResult) -> Section {
    let Speed { one_thread, all_threads, jobs, reading, .. } = &result.speed;
    let mut kinds = vec![("one thread".to_owned(), one_thread)];
    if *jobs > 1 {
        kinds.push((format!("{jobs} threads"), all_threads));
    }
    kinds.push(("reading".to_owned(), reading));

    let columns = ["events/s", "MB/s", "time", "quartiles", "spread"].map(Column::Number);
    let mut table = Table::new("Median of the rounds", "rounds", &columns);
    for (title, rounds) in &kinds {
        let [low, high] = quartiles(rounds);
        let cells = [
            grouped(rounds.events_per_second() as usize),
            format!("{:.0}", result.megabytes_per_second(rounds)),
            time(rounds.median()),
            format!("{} to {}", time(low), time(high)),
            percent(rounds.spread()),
        ];
        table.row(title, &cells);
    }
    let reading_share = result.speed.reading_share();
    Section {
        id: "speed",
        title: "Speed",
        lead: format!(
            "The time of one event. A point is a round, the box reaches from the first to the third quartile of \
             the rounds, and the line in the box is the median. The spread is the width of the box as a share of \
             the median. Reading takes {:.0}\u{a0}% of the time of one thread, deciding {:.0}\u{a0}%.",
            reading_share * 100.0,
            (1.0 - reading_share) * 100.0
        ),
        body: format!("<figure>\n{}</figure>\n{}", drawing(&kinds), table.html()),
    }
}

fn quartiles(rounds: &Rounds) -> [f64; 2] {
    [0.25, 0.75].map(|share| quantile(&rounds.0, share))
}

fn drawing(kinds: &[(String, &Rounds)]) -> String {
    let longest = kinds.iter().flat_map(|(_, rounds)| &rounds.0).fold(0.0, |a: f64, b| a.max(*b));
    let mut plot = Plot::new(ROW * kinds.len() as u32, Axis::from_zero(longest));
    plot.across("time of an event", tick_time);
    let row = 1.0 / kinds.len() as f64;
    let mut words = Vec::new();
    for (at, (title, rounds)) in kinds.iter().enumerate() {
        let middle = 1.0 - (at as f64 + 0.5) * row;
        let [low, high] = quartiles(rounds);
        let quartiles = format!("quartiles {} to {}", time(low), time(high));
        plot.row(middle, title);
        plot.bar("box", (low, high), middle - 0.3 * row, middle + 0.3 * row, &quartiles);
        plot.upright("median", rounds.median(), middle - 0.4 * row, middle + 0.4 * row);
        for (round, seconds) in rounds.0.iter().enumerate() {
            plot.point(*seconds, middle, &format!("{title}, round {}: {}", round + 1, time(*seconds)));
        }
        words.push(format!(
            "{title}: {} rounds, median {}, {quartiles}",
            rounds.0.len(),
            time(rounds.median())
        ));
    }
    plot.html("rounds-plot", &words.join("; "))
}
