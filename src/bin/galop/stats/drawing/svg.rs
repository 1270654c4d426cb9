//! The text of a drawing in SVG.
//!
//! The file is whole by itself: no script, no font, no picture is loaded. Each text of a rule is escaped
//! and on one line. A part that a reader can point at has its whole text in a `title`.

use std::fmt::{Display, Write};

use crate::markup::escaped;
use crate::output::Count;

use super::label;
use super::layout::{
    Area, CHARACTER, ENTRY, FOUND, HEAD, LINE, Layout, PADDING, Route, TITLE, branch_text, path_width,
    row_text, shown_labels, shown_lines,
};
use super::plan::{Card, Link, Plan, Row, Shape};

/// The margin around the drawing.
const MARGIN: f64 = 24.0;

/// The height of the head and of the legend without its lines.
const TOP: f64 = 110.0;

/// The height of a line of the legend.
const LEGEND: f64 = 24.0;

/// The narrowest drawing: the legend has this width.
const NARROWEST: f64 = 780.0;

const STYLE: &str = "\
text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace;\
white-space:pre;fill:#1f2328}
.page{fill:#fff}
.plain{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}
.heading{font-size:18px;font-weight:600}
.muted{fill:#59636e}
.id{font-weight:700}
.path{fill:#0550ae}
.test{fill:#953800}
.done{fill:#1a7f37}
.lookup rect{fill:#ddf4ff;stroke:#0969da}
.group>rect{fill:#f6f8fa;stroke:#818b98;stroke-dasharray:5 3}
.card rect{fill:#fff;stroke:#818b98}
.card.found rect{fill:#dafbe1;stroke:#1a7f37}
.edge path{fill:none;stroke:#818b98;stroke-width:1.4}
.edge .tip{fill:#818b98;stroke:none}
.edge.always path{stroke-dasharray:5 4}
.edge .tip,.edge.always .tip{stroke-dasharray:none}
@media (prefers-color-scheme:dark){
text{fill:#e6edf3}
.page{fill:#0d1117}
.muted{fill:#9198a1}
.path{fill:#79c0ff}
.test{fill:#ffa657}
.done{fill:#3fb950}
.lookup rect{fill:#0c2d6b;stroke:#4493f8}
.group>rect{fill:#151b23;stroke:#656c76}
.card rect{fill:#0d1117;stroke:#656c76}
.card.found rect{fill:#04260f;stroke:#3fb950}
.edge path{stroke:#7d8590}
.edge .tip{fill:#7d8590}
}
";

/// The texts of a drawing that are not in its plan.
pub(super) struct Caption<'a> {
    pub(super) heading: String,
    /// The lines below the heading.
    pub(super) lines: [String; 2],
    /// The whole text of each rule, by its index.
    pub(super) rules: &'a [String],
}

/// Returns a drawing as the text of an SVG file.
pub(super) fn svg(plan: &Plan, layout: &Layout, caption: &Caption<'_>) -> String {
    let legend = legend(plan);
    let top = TOP + legend.len() as f64 * LEGEND;
    let (width, height) =
        (f64::max(layout.width, NARROWEST) + 2.0 * MARGIN, layout.height + top + 2.0 * MARGIN);
    let mut svg = Svg(String::new());
    svg.line(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-labelledby=\"title desc\">"
    ));
    svg.line(format_args!("<title id=\"title\">{}</title>", escape(&caption.heading)));
    let description = format!("{} {}", caption.lines[0], legend.map_text());
    svg.line(format_args!("<desc id=\"desc\">{}</desc>", escape(&description)));
    svg.line(format_args!("<style>\n{STYLE}</style>"));
    svg.line(format_args!("<rect class=\"page\" width=\"{width:.0}\" height=\"{height:.0}\"/>"));
    svg.line(format_args!("<g transform=\"translate({MARGIN} {MARGIN})\">"));
    svg.text("plain heading", 0.0, 16.0, &caption.heading);
    for (line, y) in caption.lines.iter().zip([40.0, 58.0]) {
        svg.text("plain muted", 0.0, y, line);
    }
    svg.legend(&legend);
    svg.line("</g>");
    svg.line(format_args!("<g transform=\"translate({MARGIN} {})\">", MARGIN + top));
    svg.entry(plan, layout);
    for (link, route) in plan.links.iter().zip(&layout.links) {
        svg.link(link, route);
    }
    for (at, (shape, area)) in plan.boxes.iter().zip(&layout.boxes).enumerate() {
        svg.shape((at, shape), area, (&layout.cards[at], caption.rules));
    }
    svg.line("</g>\n</svg>");
    svg.0
}

/// The kinds of parts that a drawing has, each with its meaning.
struct Legend(Vec<(Sample, &'static str)>);

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Sample {
    Lookup,
    Edge,
    Always,
    Group,
    Card,
    Found,
}

fn legend(plan: &Plan) -> Legend {
    let has_lookup = plan.boxes.iter().any(|shape| matches!(shape, Shape::Lookup(_)));
    let cards = || plan.boxes.iter().flat_map(Shape::cards);
    let entries = [
        (
            has_lookup,
            Sample::Lookup,
            "The values of an event on these paths are looked up. All links that hold are followed.",
        ),
        (
            has_lookup,
            Sample::Edge,
            "A link is followed if a value of the path equals or satisfies one of its labels.",
        ),
        (
            plan.links.iter().any(|link| link.labels.is_empty()),
            Sample::Always,
            "A dashed link has no test: it is followed in any case.",
        ),
        (
            plan.boxes.iter().any(|shape| matches!(shape, Shape::Group(_))),
            Sample::Group,
            "Rules that are decided together, with one bit each.",
        ),
        (
            cards().any(|card| !card.lines.is_empty()),
            Sample::Card,
            "A rule with the tests that are left. The rule is found if all of its lines hold.",
        ),
        (
            cards().any(|card| card.lines.is_empty()),
            Sample::Found,
            "A rule without a test that is left. It is found by every event that gets here.",
        ),
    ];
    Legend(entries.into_iter().filter(|entry| entry.0).map(|(_, sample, text)| (sample, text)).collect())
}

impl Legend {
    fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the meanings as one text.
    fn map_text(&self) -> String {
        self.0.iter().map(|(_, text)| *text).collect::<Vec<_>>().join(" ")
    }
}

struct Svg(String);

impl Svg {
    fn line(&mut self, line: impl Display) {
        // A `String` takes all text.
        let _ = writeln!(self.0, "{line}");
    }

    fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        self.line(format_args!("<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", escape(text)));
    }

    fn rect(&mut self, area: &Area) {
        let Area { x, y, width, height } = area;
        self.line(format_args!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"6\"/>"
        ));
    }

    fn title(&mut self, text: &str) {
        self.line(format_args!("<title>{}</title>", escape(&label::tooltip(text))));
    }

    fn legend(&mut self, legend: &Legend) {
        for (at, (sample, text)) in legend.0.iter().enumerate() {
            let y = TOP - 22.0 + at as f64 * LEGEND;
            let area = Area { x: 0.0, y: y - 12.0, width: 34.0, height: 16.0 };
            let class = match sample {
                Sample::Lookup => "lookup",
                Sample::Edge => "edge",
                Sample::Always => "edge always",
                Sample::Group => "group",
                Sample::Card => "card",
                Sample::Found => "card found",
            };
            self.line(format_args!("<g class=\"{class}\">"));
            match sample {
                Sample::Edge | Sample::Always => self.line(line(0.0, y - 4.0, 34.0)),
                _ => self.rect(&area),
            }
            self.line("</g>");
            self.text("plain", 46.0, y, text);
        }
    }

    /// Draws the arrow to the first box.
    fn entry(&mut self, plan: &Plan, layout: &Layout) {
        if plan.boxes.is_empty() {
            return;
        }
        let Area { x, y, .. } = layout.boxes[0];
        self.line("<g class=\"edge\">");
        self.line(line(x - 44.0, y + ENTRY, 44.0));
        self.text("plain", 0.0, y + ENTRY + 4.0, "event");
        self.line("</g>");
    }

    fn link(&mut self, link: &Link, route: &Route) {
        let class = if link.labels.is_empty() { "edge always" } else { "edge" };
        self.line(format_args!(
            "<g class=\"{class}\" data-from=\"box-{}\" data-to=\"box-{}\">",
            link.from, link.to
        ));
        if !link.labels.is_empty() {
            self.title(&link.labels.join("\n"));
        }
        let Route { start, lane, end } = *route;
        self.line(elbow(start, lane, end));
        let labels = shown_labels(link);
        for (at, (class, text)) in labels.iter().enumerate() {
            let (x, y) = (end.0 - 14.0, end.1 - 5.0 - (labels.len() - 1 - at) as f64 * (LINE - 2.0));
            let text = escape(text);
            self.line(format_args!(
                "<text class=\"{class}\" text-anchor=\"end\" x=\"{x:.1}\" y=\"{y:.1}\">{text}</text>"
            ));
        }
        self.line("</g>");
    }

    fn shape(&mut self, (at, shape): (usize, &Shape), area: &Area, (cards, rules): (&[Area], &[String])) {
        let class = match shape {
            Shape::Lookup(_) => "lookup",
            Shape::Group(_) => "group",
            Shape::Rule(_) => "alone",
        };
        self.line(format_args!("<g class=\"{class}\" id=\"box-{at}\">"));
        match shape {
            Shape::Lookup(rows) => {
                self.rect(area);
                self.text("plain muted", area.x + PADDING, area.y + 18.0, "look up");
                for (at, row) in rows.iter().enumerate() {
                    self.row(row, area.x + PADDING, area.y + HEAD + at as f64 * LINE + 13.0);
                }
            }
            Shape::Group(cards) => {
                self.rect(area);
                let mut rules: Vec<usize> = cards.iter().map(|card| card.rule).collect();
                rules.sort_unstable();
                rules.dedup();
                let count = Count(rules.len() as u64, "rule", "rules");
                let head = if rules.len() == cards.len() {
                    format!("{count}, decided together")
                } else {
                    format!("{} branches of {count}, decided together", cards.len())
                };
                self.text("plain muted", area.x + PADDING, area.y + 18.0, &head);
            }
            Shape::Rule(_) => {}
        }
        for (card, area) in shape.cards().iter().zip(cards) {
            self.card(card, area, &rules[card.rule]);
        }
        self.line("</g>");
    }

    fn row(&mut self, row: &Row, x: f64, y: f64) {
        let Row::Path(path) = row else {
            return self.text("plain muted", x, y, &row_text(row));
        };
        self.line("<g>");
        self.title(path);
        self.text("path", x, y, &row_text(row));
        self.line("</g>");
    }

    fn card(&mut self, card: &Card, area: &Area, whole: &str) {
        let class = if card.lines.is_empty() { "card found" } else { "card" };
        self.line(format_args!("<g class=\"{class}\" data-rule=\"{}\">", escape(&card.title)));
        self.title(whole);
        self.rect(area);
        let x = area.x + PADDING;
        let mut y = area.y + 18.0;
        let title = label::cut(&card.title, TITLE);
        self.text("id", x, y, &title);
        if let Some(branch) = branch_text(card) {
            self.text("muted", x + (label::width(&title) + 2) as f64 * CHARACTER, y, &branch);
        }
        let lines = shown_lines(&card.lines);
        let tests_at = x + (path_width(&lines) + 2) as f64 * CHARACTER;
        for (at, (path, tests)) in lines.iter().enumerate() {
            y += LINE;
            self.line("<g>");
            match card.lines.get(at).filter(|_| !tests.is_empty()) {
                Some(line) => self.title(&line.text()),
                None => self.title(&rest(card, at)),
            }
            self.text(if tests.is_empty() { "plain muted" } else { "path" }, x, y, path);
            if !tests.is_empty() {
                self.text("test", tests_at, y, tests);
            }
            self.line("</g>");
        }
        if lines.is_empty() {
            self.text("plain done", x, y + LINE, FOUND);
        }
        self.line("</g>");
    }
}

/// Returns the lines of a card from a line on.
fn rest(card: &Card, first: usize) -> String {
    let lines = card.lines[first..].iter().map(|line| label::cut(&line.text(), 100));
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns a straight link of the legend.
fn line(x: f64, y: f64, width: f64) -> String {
    format!("<path d=\"M{x:.1} {y:.1}H{:.1}\"/>{}", x + width, tip(x + width, y))
}

/// Returns a link with a lane. Its corners are round if there is room.
fn elbow((x, y): (f64, f64), lane: f64, (right, below): (f64, f64)) -> String {
    let drop = below - y;
    let radius = f64::min(6.0, drop.abs() / 2.0);
    let turn = radius * drop.signum();
    let path = format!(
        "M{x:.1} {y:.1}H{:.1}Q{lane:.1} {y:.1} {lane:.1} {:.1}V{:.1}\
         Q{lane:.1} {below:.1} {:.1} {below:.1}H{right:.1}",
        lane - radius,
        y + turn,
        below - turn,
        lane + radius
    );
    format!("<path d=\"{path}\"/>{}", tip(right, below))
}

/// Returns the point of an arrow.
fn tip(x: f64, y: f64) -> String {
    format!("<path class=\"tip\" d=\"M{x:.1} {y:.1}l-8 -4v8z\"/>")
}

/// Returns a text for an element or an attribute. Characters that XML does not allow or that reorder a
/// line become escapes of JSON. Line breaks stay.
fn escape(text: &str) -> String {
    escaped(text, |svg, c| {
        let is_mark =
            matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let is_break = matches!(c, '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}');
        if c != '\n' && (c.is_control() || is_mark || is_break) {
            let _ = write!(svg, "\\u{:04x}", u32::from(c));
        } else {
            svg.push(c);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn texts_are_escaped() {
        assert_eq!(escape("<script>\"&'\n"), "&lt;script&gt;&quot;&amp;'\n");
        assert_eq!(escape("a\u{1b}\u{ffff}é"), "a\\u001b\\uffffé");
    }
}
