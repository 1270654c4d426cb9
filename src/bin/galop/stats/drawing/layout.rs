//! The places of boxes and links: a tree from left to right.
//!
//! The first link of a box leads to the height of the box, and the others below it. The part of the
//! drawing right of a box is as high as its links need, so parts do not overlap. A link runs to the
//! right, down its own lane, and to the right again. Lower rows have lanes further left, so links do
//! not cross.

use super::label;
use super::plan::{Card, Line, Link, Plan, Row, Shape};

/// The width of a character, which is an upper bound for common fonts of equally wide characters.
pub(super) const CHARACTER: f64 = 7.4;
/// The height of a line of text.
pub(super) const LINE: f64 = 17.0;
/// The space between the edge of a box and its text.
pub(super) const PADDING: f64 = 10.0;
/// The height of the head of a box with rows or of a group.
pub(super) const HEAD: f64 = 26.0;
/// The height below the top of a box at which its link ends.
pub(super) const ENTRY: f64 = 18.0;
/// The space left of the first box, for its arrow.
const START: f64 = 84.0;
/// The space between boxes.
const GAP: f64 = 14.0;
/// The space between two lanes.
const LANE: f64 = 9.0;

/// The maximum number of characters of each text.
pub(super) const PATH: usize = 34;
pub(super) const TESTS: usize = 42;
pub(super) const LABEL: usize = 36;
pub(super) const TITLE: usize = 48;
/// The maximum number of lines of a card, and of the labels of a link.
pub(super) const LINES: usize = 8;
pub(super) const LABELS: usize = 6;

/// A rectangle.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Area {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// The places of a plan.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) boxes: Vec<Area>,
    /// The cards of each box.
    pub(super) cards: Vec<Vec<Area>>,
    pub(super) links: Vec<Route>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// The places of a link.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Route {
    /// The place where the link begins.
    pub(super) start: (f64, f64),
    /// The place of its lane.
    pub(super) lane: f64,
    /// The place where the link ends. Its labels end left of the place.
    pub(super) end: (f64, f64),
}

impl Layout {
    pub(super) fn new(plan: &Plan) -> Layout {
        let sizes: Vec<(Area, Vec<Area>)> = plan.boxes.iter().map(size).collect();
        // The links that begin at each box. They are in the order of the boxes that they lead to.
        let mut below: Vec<Vec<usize>> = vec![Vec::new(); plan.boxes.len()];
        for (at, link) in plan.links.iter().enumerate() {
            below[link.from].push(at);
        }
        // The height of the part of the drawing that begins at a box. The boxes after a box follow it.
        let mut heights = vec![0.0; plan.boxes.len()];
        for at in (0..plan.boxes.len()).rev() {
            let links = below[at].iter().map(|&link| rise(plan, link) + heights[plan.links[link].to] + GAP);
            heights[at] = f64::max(sizes[at].0.height, first(plan, &below[at]) + links.sum::<f64>() - GAP);
        }
        let mut layout = Layout { links: vec![Route::default(); plan.links.len()], ..Layout::default() };
        layout.boxes = sizes.iter().map(|(area, _)| *area).collect();
        if let Some(first) = layout.boxes.first_mut() {
            first.x = START;
        }
        for (at, links) in below.iter().enumerate() {
            let area = layout.boxes[at];
            let labels = links.iter().flat_map(|&link| shown_labels(&plan.links[link]));
            let labels = labels.map(|(_, label)| label::width(&label)).max().unwrap_or(0) as f64 * CHARACTER;
            let rows = plan.boxes[at].rows();
            let lanes = rows as f64 * LANE;
            let mut y = area.y + first(plan, links);
            for &link in links {
                let (row, to) = (plan.links[link].row, plan.links[link].to);
                y += rise(plan, link);
                let right = area.x + area.width;
                layout.boxes[to].x = right + lanes + labels + 5.0 * LANE;
                layout.boxes[to].y = y;
                layout.links[link] = Route {
                    start: (right, area.y + HEAD + (row as f64 + 0.5) * LINE),
                    lane: right + (rows - row) as f64 * LANE,
                    end: (layout.boxes[to].x, y + ENTRY),
                };
                y += heights[to] + GAP;
            }
        }
        for (at, (_, cards)) in sizes.into_iter().enumerate() {
            let area = layout.boxes[at];
            let placed =
                cards.into_iter().map(|card| Area { x: area.x + card.x, y: area.y + card.y, ..card });
            layout.cards.push(placed.collect());
            layout.width = layout.width.max(area.x + area.width);
            layout.height = layout.height.max(area.y + area.height);
        }
        layout
    }
}

impl Shape {
    /// Returns the number of rows at which links begin.
    fn rows(&self) -> usize {
        match self {
            Shape::Lookup(rows) => rows.len(),
            Shape::Group(_) | Shape::Rule(_) => 0,
        }
    }
}

/// Returns the height below the top of a box at which its links begin: the first one is straight if
/// its labels leave room.
fn first(plan: &Plan, links: &[usize]) -> f64 {
    links.first().map_or(0.0, |&link| f64::max(0.0, HEAD + LINE / 2.0 - ENTRY - rise(plan, link)))
}

/// Returns the height of the labels of a link above the box that it leads to.
fn rise(plan: &Plan, link: usize) -> f64 {
    let labels = shown_labels(&plan.links[link]).len() as f64;
    f64::max(0.0, labels * (LINE - 2.0) + 6.0 - ENTRY)
}

/// Returns the lines of text of a link, each with the class of its text.
pub(super) fn shown_labels(link: &Link) -> Vec<(&'static str, String)> {
    let path = link.path.iter().map(|path| ("path", label::cut_front(path, LABEL)));
    let kept = if link.labels.len() > LABELS { LABELS - 1 } else { link.labels.len() };
    let mut shown: Vec<_> =
        path.chain(link.labels[..kept].iter().map(|text| ("test", label::cut(text, LABEL)))).collect();
    if kept < link.labels.len() {
        shown.push(("muted", format!("and {} more", link.labels.len() - kept)));
    }
    shown
}

/// Returns the lines of a card that are drawn, with their paths and tests.
pub(super) fn shown_lines(lines: &[Line]) -> Vec<(String, String)> {
    let line = |line: &Line| {
        let path = line.path.as_deref().map_or_else(|| "$or".to_owned(), |path| label::cut_front(path, PATH));
        (path, label::fit(&line.tests, TESTS))
    };
    let kept = if lines.len() > LINES { LINES - 1 } else { lines.len() };
    let mut shown: Vec<_> = lines[..kept].iter().map(line).collect();
    if kept < lines.len() {
        shown.push((format!("and {} more tests", lines.len() - kept), String::new()));
    }
    shown
}

/// Returns the size of a box, and the places of its cards from its corner.
fn size(shape: &Shape) -> (Area, Vec<Area>) {
    match shape {
        Shape::Lookup(rows) => {
            let widest = rows.iter().map(|row| label::width(&row_text(row))).max().unwrap_or(0).max(16);
            let width = widest as f64 * CHARACTER + 2.0 * PADDING;
            let height = HEAD + rows.len() as f64 * LINE + PADDING;
            (Area { width, height, ..Area::default() }, Vec::new())
        }
        Shape::Rule(card) => {
            let area = card_size(card);
            (area, vec![area])
        }
        Shape::Group(cards) => group_size(cards),
    }
}

/// Places the cards of a group in columns. A large group has several, so that it is not much higher
/// than wide.
fn group_size(cards: &[Card]) -> (Area, Vec<Area>) {
    let columns = match cards.len() {
        0..=5 => 1,
        6..=16 => 2,
        17..=40 => 3,
        _ => 4,
    };
    let sizes: Vec<Area> = cards.iter().map(card_size).collect();
    let width = sizes.iter().map(|area| area.width).fold(0.0, f64::max);
    let (mut y, mut placed) = (HEAD + PADDING, Vec::new());
    for row in sizes.chunks(columns) {
        let height = row.iter().map(|area| area.height).fold(0.0, f64::max);
        for at in 0..row.len() {
            let x = PADDING + at as f64 * (width + PADDING);
            placed.push(Area { x, y, width, height });
        }
        y += height + PADDING;
    }
    let columns = columns.min(cards.len()) as f64;
    let area = Area { width: columns * (width + PADDING) + PADDING, height: y, ..Area::default() };
    (area, placed)
}

/// The text of a card without tests.
pub(super) const FOUND: &str = "found: nothing is left to test";

/// Returns the width of the paths of a card in characters.
pub(super) fn path_width(lines: &[(String, String)]) -> usize {
    let paths = lines.iter().filter(|(_, tests)| !tests.is_empty());
    paths.map(|(path, _)| label::width(path)).max().unwrap_or(0)
}

fn card_size(card: &Card) -> Area {
    let lines = shown_lines(&card.lines);
    let tests = lines.iter().map(|(_, tests)| label::width(tests)).max().unwrap_or(0);
    let plain = lines.iter().filter(|(_, tests)| tests.is_empty()).map(|(path, _)| label::width(path));
    let body = (path_width(&lines) + 2 + tests).max(plain.max().unwrap_or(0));
    let body = if lines.is_empty() { FOUND.len() + 2 } else { body };
    let branch = branch_text(card).map_or(0, |text| label::width(&text) + 2);
    let title = label::width(&label::cut(&card.title, TITLE)) + branch;
    Area {
        width: body.max(title) as f64 * CHARACTER + 2.0 * PADDING,
        height: (lines.len().max(1) + 1) as f64 * LINE + 1.5 * PADDING,
        ..Area::default()
    }
}

/// Returns the text beside the id of a rule with several branches.
pub(super) fn branch_text(card: &Card) -> Option<String> {
    let (number, count) = card.branch;
    (count > 1).then(|| format!("branch {number} of {count}"))
}

/// Returns the text of a row.
pub(super) fn row_text(row: &Row) -> String {
    match row {
        Row::Path(path) => label::cut_front(path, PATH),
        Row::Always => "in any case".to_owned(),
    }
}
