//! [`Drawn`]: the tables and plots of a page, as a browser has drawn them.

use serde_json::Value;

/// Collects the texts and the places of everything that shows a number.
pub(super) const READ: &str = r#"(() => {
  const box = (element) => {
    const {left, right, top, bottom} = element.getBoundingClientRect();
    return {left, right, top, bottom, x: (left + right) / 2, y: (top + bottom) / 2};
  };
  const all = (within, selector) => [...within.querySelectorAll(selector)];
  const text = (element) => element.textContent.replaceAll("\u00a0", " ");
  const tick = (label) => ({text: text(label), ...box(label.previousElementSibling)});
  const plots = {}, tables = {};
  for (const plot of all(document, ".plot")) {
    plots[plot.id] = {
      label: plot.querySelector("svg").getAttribute("aria-label"),
      across: all(plot, ".tick.across").map(tick),
      up: all(plot, ".tick.up").map(tick),
      points: all(plot, ".point").map(box),
      bins: all(plot, ".bin").map(box),
      boxes: all(plot, ".box").map(box),
      medians: all(plot, ".median").map(box),
      marks: all(plot, ".mark").map(box),
      notes: all(plot, ".note").map(text),
      lines: all(plot, ".line").map((line) => [...line.points].map((point) => {
        const {x, y} = point.matrixTransform(line.getScreenCTM());
        return {x, y};
      })),
    };
  }
  for (const table of all(document, "table")) {
    tables[text(table.caption)] = all(table, "tbody tr").map((row) => ({
      cells: [...row.cells].map(text),
      fill: row.querySelector(".fill") && box(row.querySelector(".fill")),
      track: row.querySelector(".track") && box(row.querySelector(".track")),
    }));
  }
  const pairs = Object.fromEntries(all(document, "dl div").map((pair) => [...pair.children].map(text)));
  return {plots, tables, pairs, sections: all(document, "section").map((section) => section.id)};
})()"#;

/// What [`READ`] returns.
pub(super) struct Drawn(pub(super) Value);

impl Drawn {
    pub(super) fn plot(&self, id: &str) -> &Value {
        let plot = &self.0["plots"][id];
        assert!(plot.is_object(), "there is no plot {id}");
        plot
    }

    /// Returns the texts of the cells of a table.
    pub(super) fn cells(&self, caption: &str) -> Vec<Vec<&str>> {
        let cells = |row: &'_ Value| row["cells"].as_array().unwrap().clone();
        let rows = self.rows(caption);
        rows.iter()
            .map(|row| (0..cells(row).len()).map(|at| row["cells"][at].as_str().unwrap()).collect())
            .collect()
    }

    /// Returns the widths of the bars of a table as shares of their tracks.
    pub(super) fn bars(&self, caption: &str) -> Vec<f64> {
        let width = |place: &Value| place["right"].as_f64().unwrap() - place["left"].as_f64().unwrap();
        self.rows(caption).iter().map(|row| width(&row["fill"]) / width(&row["track"])).collect()
    }

    /// Returns the figure with a name in the head of the page.
    pub(super) fn figure(&self, name: &str) -> &str {
        self.0["pairs"][name].as_str().unwrap_or_else(|| panic!("there is no figure {name}"))
    }

    fn rows(&self, caption: &str) -> &[Value] {
        let rows = self.0["tables"][caption].as_array();
        rows.unwrap_or_else(|| panic!("there is no table {caption}"))
    }
}

/// From the places of a drawn axis to values, by the labels of its first and its last tick.
pub(super) struct Scale {
    places: [f64; 2],
    values: [f64; 2],
    is_logarithmic: bool,
}

impl Scale {
    pub(super) fn across(plot: &Value, is_logarithmic: bool) -> Scale {
        Scale::of(&plot["across"], "x", is_logarithmic)
    }

    pub(super) fn up(plot: &Value, is_logarithmic: bool) -> Scale {
        Scale::of(&plot["up"], "y", is_logarithmic)
    }

    fn of(ticks: &Value, direction: &str, is_logarithmic: bool) -> Scale {
        let ticks = ticks.as_array().unwrap();
        let ends = [ticks.first().unwrap(), ticks.last().unwrap()];
        Scale {
            places: ends.map(|tick| tick[direction].as_f64().unwrap()),
            values: ends.map(|tick| number(tick["text"].as_str().unwrap())),
            is_logarithmic,
        }
    }

    /// Asserts that a value is drawn at a place, to a pixel.
    pub(super) fn check(&self, place: &Value, value: f64, what: &str) {
        let place = place.as_f64().unwrap();
        let shown = |value: f64| if self.is_logarithmic { value.ln() } else { value };
        let [first, last] = self.values.map(shown);
        let share = (shown(value) - first) / (last - first);
        let expected = self.places[0] + share * (self.places[1] - self.places[0]);
        assert!((place - expected).abs() < 1.0, "{what}: {value} is drawn at {place}, not at {expected}");
    }
}

/// Reads a number with its unit. Times are in seconds, shares are not in percent.
pub(super) fn number(text: &str) -> f64 {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(text.len());
    let number: f64 = text[..end].replace(',', "").parse().unwrap_or_else(|_| panic!("no number: {text}"));
    let unit = match text[end..].trim() {
        "" | "x" | "B" | "s" => 1.0,
        "ns" => 1e-9,
        "µs" => 1e-6,
        "ms" => 1e-3,
        "%" => 0.01,
        "k" | "kB" => 1e3,
        "M" | "MB" => 1e6,
        unit => panic!("unknown unit {unit}"),
    };
    number * unit
}

/// Asserts that a text shows a value with three digits.
pub(super) fn check_text(text: &str, value: f64) {
    let shown = number(text);
    assert!((shown - value).abs() <= value.abs() * 0.006 + 1e-12, "{text} is not {value}");
}
