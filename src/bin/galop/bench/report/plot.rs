//! [`Plot`]: a drawing in SVG as wide as the page.
//!
//! Places from left to right are percentages, and places from top to bottom are pixels, so the drawing
//! fits every screen while its text keeps its size. Labels are outside of the box of the drawing, in
//! the padding of the element around it.

use std::fmt::Write;

use super::axis::Axis;
use super::html::text;

/// The height of the labels below a plot in pixels.
const BELOW: u32 = 40;

/// A plot with a horizontal axis.
pub(super) struct Plot {
    height: u32,
    across: Axis,
    body: String,
}

impl Plot {
    pub(super) fn new(height: u32, across: Axis) -> Plot {
        Plot { height, across, body: String::new() }
    }

    /// Draws the lines and labels of the horizontal axis.
    pub(super) fn across(&mut self, title: &str, label: impl Fn(f64) -> String) {
        let height = self.height;
        for (at, tick) in self.across.ticks().into_iter().enumerate() {
            let x = self.x(tick);
            // A narrow screen has no room for every label.
            let class = if at % 2 == 0 { "tick" } else { "tick odd" };
            let _ = write!(
                self.body,
                "<line class=\"grid\" x1=\"{x}\" x2=\"{x}\" y1=\"0\" y2=\"{height}\"/>\
                 <text class=\"{class} across\" x=\"{x}\" y=\"{}\">{}</text>",
                height + 16,
                text(&label(tick))
            );
        }
        let y = height + BELOW - 6;
        let _ = write!(self.body, "<text class=\"axis across\" x=\"100%\" y=\"{y}\">{}</text>", text(title));
    }

    /// Draws the lines and labels of the vertical axis, which takes a share of the height.
    pub(super) fn up(&mut self, axis: Axis, part: f64, label: impl Fn(f64) -> String) {
        for tick in axis.ticks() {
            let y = self.y(axis.place(tick) * part);
            let _ = write!(
                self.body,
                "<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"{y:.2}\" y2=\"{y:.2}\"/>\
                 <text class=\"tick up\" x=\"-8\" y=\"{y:.2}\" dy=\"0.32em\">{}</text>",
                text(&label(tick))
            );
        }
    }

    /// Writes the name of a row.
    pub(super) fn row(&mut self, up: f64, name: &str) {
        let y = self.y(up);
        let _ = write!(
            self.body,
            "<text class=\"row up\" x=\"-8\" y=\"{y:.2}\" dy=\"0.32em\">{}</text>",
            text(name)
        );
    }

    /// Draws a point with a text that a pointer shows.
    pub(super) fn point(&mut self, value: f64, up: f64, title: &str) {
        let (x, y) = (self.x(value), self.y(up));
        let _ = write!(
            self.body,
            "<circle class=\"point\" cx=\"{x}\" cy=\"{y:.2}\" r=\"4\"><title>{}</title></circle>",
            text(title)
        );
    }

    /// Draws a vertical line between two heights.
    pub(super) fn upright(&mut self, class: &str, value: f64, from: f64, to: f64) {
        let (x, from, to) = (self.x(value), self.y(from), self.y(to));
        let _ = write!(
            self.body,
            "<line class=\"{class}\" x1=\"{x}\" x2=\"{x}\" y1=\"{from:.2}\" y2=\"{to:.2}\"/>"
        );
    }

    /// Draws a box from the first value to the second, between two heights.
    pub(super) fn bar(&mut self, class: &str, values: (f64, f64), from: f64, to: f64, title: &str) {
        let [left, right] = [values.0, values.1].map(|value| self.across.place(value) * 100.0);
        let (top, bottom) = (self.y(to), self.y(from));
        let _ = write!(
            self.body,
            "<rect class=\"{class}\" x=\"{left:.3}%\" width=\"{:.3}%\" y=\"{top:.2}\" height=\"{:.2}\">\
             <title>{}</title></rect>",
            right - left,
            bottom - top,
            text(title)
        );
    }

    /// Draws a line through points.
    pub(super) fn line(&mut self, points: impl Iterator<Item = (f64, f64)>) {
        // Percentages are not possible in the points of a line, so the line has a box that is stretched.
        let points: Vec<String> = points
            .map(|(value, up)| format!("{:.3},{:.3}", self.across.place(value) * 100.0, (1.0 - up) * 100.0))
            .collect();
        let _ = write!(
            self.body,
            "<svg x=\"0\" y=\"0\" width=\"100%\" height=\"{}\" viewBox=\"0 0 100 100\" preserveAspectRatio=\"none\" \
             overflow=\"visible\"><polyline class=\"line\" vector-effect=\"non-scaling-stroke\" \
             points=\"{}\"/></svg>",
            self.height,
            points.join(" ")
        );
    }

    /// Writes a text beside a value, on the side that has more room.
    pub(super) fn note(&mut self, value: f64, up: f64, note: &str) {
        let is_left = self.across.place(value) > 0.7;
        let (x, y) = (self.x(value), self.y(up));
        let (side, shift) = if is_left { ("left", -5) } else { ("right", 5) };
        let _ = write!(
            self.body,
            "<text class=\"note {side}\" x=\"{x}\" dx=\"{shift}\" y=\"{y:.2}\" dy=\"0.32em\">{}</text>",
            text(note)
        );
    }

    /// Writes a text above a point.
    pub(super) fn above(&mut self, value: f64, up: f64, note: &str) {
        let (x, y) = (self.x(value), self.y(up) - 10.0);
        let class = match self.across.place(value) {
            place if place < 0.1 => "note right",
            place if place > 0.9 => "note left",
            _ => "note middle",
        };
        let _ = write!(self.body, "<text class=\"{class}\" x=\"{x}\" y=\"{y:.2}\">{}</text>", text(note));
    }

    /// Returns the element. `label` is the drawing in words.
    pub(super) fn html(&self, id: &str, label: &str) -> String {
        let Plot { height, body, .. } = self;
        format!(
            "<div class=\"plot\" id=\"{id}\"><svg role=\"img\" aria-label=\"{}\" width=\"100%\" height=\"{}\">\
             <line class=\"base\" x1=\"0\" x2=\"100%\" y1=\"{height}\" y2=\"{height}\"/>{body}</svg></div>\n",
            text(label),
            height + BELOW
        )
    }

    fn x(&self, value: f64) -> String {
        format!("{:.3}%", self.across.place(value) * 100.0)
    }

    fn y(&self, place: f64) -> f64 {
        f64::from(self.height) * (1.0 - place)
    }
}

/// Returns a drawing of one line for the cell of a table: a bar from zero. `share` is at most 1.
pub(super) fn bar(share: f64) -> String {
    let width = share.clamp(0.0, 1.0) * 100.0;
    format!(
        "<svg class=\"cell\" aria-hidden=\"true\" width=\"100%\" height=\"14\">\
         <rect class=\"track\" width=\"100%\" height=\"14\" rx=\"2\"/>\
         <rect class=\"fill\" width=\"{width:.3}%\" height=\"14\" rx=\"2\"/></svg>"
    )
}
