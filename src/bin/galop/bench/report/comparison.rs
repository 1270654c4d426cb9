//! The comparison with another rule set or run, and its verdict.

use crate::bench::result::Comparison;
use crate::bench::verdict::{Difference, Verdict};

use super::axis::Axis;
use super::html::{Column, Section, Table, missing};
use super::plot::Plot;

pub(super) fn section(compared: Option<&Comparison>, with: &str) -> Section {
    let (id, title) = ("comparison", "Comparison");
    let Some(compared) = compared else {
        return Section {
            id,
            title,
            lead: "The result is not compared with another.".to_owned(),
            body: missing(
                "<code>galop bench --against RULES</code> measures other rules in turn, and \
                 <code>--compare FILE</code> reads the result of an earlier run, which <code>--save FILE</code> writes.",
            ),
        };
    };
    let Verdict { ratio, low, high, verdict } = compared.time;
    let columns = [Column::Number("ratio"), Column::Text("")];
    let mut table = Table::new("Figures divided by those of the other", "figure", &columns);
    for (name, ratio, remark) in [
        ("time of an event", ratio, format!("{low:.3} to {high:.3} with the noise")),
        ("steps of an event", compared.steps, "counted: no noise".to_owned()),
        ("memory", compared.bytes, String::new()),
        ("compile time", compared.compile, "a few builds: a coarse figure".to_owned()),
    ] {
        table.row(name, &[format!("{ratio:.3}"), remark]);
    }
    let axis = Axis::logarithmic(low.min(1.0) / 1.02, high.max(1.0) * 1.02);
    let mut plot = Plot::new(64, axis);
    plot.across("time as a ratio to the other", |tick| {
        let text = format!("{tick:.3}");
        format!("{}x", text.trim_end_matches('0').trim_end_matches('.'))
    });
    plot.upright("equal", 1.0, 0.0, 0.8);
    let range = format!("{low:.3} to {high:.3}");
    plot.bar("box", (low, high), 0.2, 0.7, &range);
    plot.upright("median", ratio, 0.1, 0.8);
    plot.note(ratio, 0.93, &format!("{ratio:.3}x"));
    let label = format!("Ratio {ratio:.3}, range {range}; 1 means as fast as the other");
    Section {
        id,
        title,
        lead: format!(
            "<strong>Verdict: {}.</strong> Compared with {with}. The box is the range in which the noise puts the \
             ratio. A difference is reported if 1, the dashed line, is outside of the box.",
            words(verdict)
        ),
        body: format!("<figure>\n{}</figure>\n{}", plot.html("comparison-plot", &label), table.html()),
    }
}

/// Returns the verdict in words.
pub(super) fn words(verdict: Difference) -> &'static str {
    match verdict {
        Difference::Faster => "faster",
        Difference::Slower => "slower",
        Difference::None => "no difference",
    }
}
