//! The page of `galop bench --report`: its text, and its drawing in Chromium.

use std::fs;

use serde_json::{Value, json};

use super::Dir;
use super::browser::{Browser, Screen};
use super::drawn::{Drawn, READ, Scale, check_text, number};

/// Names that would be markup, or would change the direction of the text after them.
/// There are as many as the costliest rules that are listed.
const HOSTILE: [&str; 5] = [
    "<script>document.title='run'</script>",
    "\"><img src=x onerror=\"document.title='run'\">",
    "</title></style></bdi><h1>&lt;b&gt;",
    "' onmouseover='document.title=1",
    "a\u{202e}b\u{0}c\nd",
];

const SCREENS: [Screen; 4] = [
    Screen { width: 1280, is_dark: false },
    Screen { width: 1280, is_dark: true },
    Screen { width: 360, is_dark: false },
    Screen { width: 360, is_dark: true },
];

/// Writes rules with hostile ids and fields, and 200 events.
fn input(name: &str) -> Dir {
    let dir = Dir::new(name);
    let mut rules = String::new();
    for (at, hostile) in HOSTILE.iter().enumerate() {
        let wildcard = "*a*b".repeat(at + 1) + "*";
        let field = json!({*hostile: [{"exists": false}], "text": [{"wildcard": wildcard}]});
        rules +=
            &(json!({"id": hostile, "pattern": {"source": ["app"], "detail": field}}).to_string() + "\n");
    }
    for at in 0..40 {
        rules += &(json!({"id": format!("rule-{at}"), "pattern": {"source": [format!("app.{at}")]}})
            .to_string()
            + "\n");
    }
    let event = |at: usize| {
        let text = "ab".repeat(1 + at % 50);
        json!({"source": if at.is_multiple_of(4) { "app" } else { "app.7" }, "detail": {"text": text}})
            .to_string()
            + "\n"
    };
    let events: String = (0..200).map(event).collect();
    dir.file("rules.jsonl", &rules).file("events <b>.ndjson", events);
    dir.file("few.jsonl", rules.lines().next().unwrap());
    dir
}

/// Measures with a report. Returns the result.
fn measure(dir: &Dir, options: &[&str]) -> Value {
    let quick =
        ["bench", "--seconds", "0.1", "--warm-up", "0.01", "--rounds", "5", "--report", "report.html"];
    let input = ["-r", "rules.jsonl", "--format", "json", "events <b>.ndjson"];
    let run = dir.run(&[&quick[..], options, &input].concat());
    // Slower rules are an answer.
    assert!(run.code <= 1 && run.err.is_empty(), "{run:?}");
    run.json().remove(0)
}

const ALL: [&str; 7] = ["--jobs", "2", "--scale", "1,5,20,100", "--costs", "--against", "few.jsonl"];

#[test]
fn report_is_one_page_with_escaped_names() {
    let dir = input("report-text");
    measure(&dir, &ALL);
    let page = dir.read("report.html");
    assert!(page.starts_with("<!DOCTYPE html>\n") && page.ends_with("</html>\n"));
    assert!(page.contains("default-src 'none'"));
    for part in ["<script", "<img", "<link", "src=", "href=", "url(", "@import", "http:", "https:", "\0"] {
        assert!(
            !page.to_lowercase().contains(part) || part == "src=" && page.contains("&lt;img src=x"),
            "{part}"
        );
    }
    assert_eq!(page.matches("<h1>").count(), 1);
    assert!(page.contains("&lt;script&gt;document.title=&#39;run&#39;&lt;/script&gt;"));
    assert!(page.contains("events &lt;b&gt;.ndjson"));
}

#[test]
fn section_without_figures_names_its_option() {
    let dir = input("report-missing");
    let result = measure(&dir, &["--jobs", "1"]);
    assert!(result["costs"].is_null() && result["scale"] == json!([]));
    let page = dir.read("report.html");
    for part in ["galop bench --scale", "galop bench --costs", "galop bench --against", "--save FILE"] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("id=\"scale-plot\"") && !page.contains("1 threads"));
}

#[test]
fn report_that_cannot_be_written_is_named() {
    let dir = input("report-unwritable");
    let options = ["bench", "--seconds", "0.03", "--rounds", "3", "-r", "few.jsonl", "events <b>.ndjson"];
    let run = dir.run(&[&options[..], &["--report", "no/such/report.html"]].concat());
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("no/such/report.html: error[unwritable]: "), "{}", run.err);
    // The figures are printed before.
    assert!(run.out.contains("one thread"), "{}", run.out);

    fs::create_dir(dir.0.join("taken")).unwrap();
    let run = dir.run(&[&options[..], &["--report", "taken"]].concat());
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("taken: error[unwritable]: "), "{}", run.err);

    dir.file("report.html", "an earlier report");
    let run = dir.run(&[&options[..], &["--report", "report.html"]].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(dir.read("report.html").starts_with("<!DOCTYPE html>"));
    let names = fs::read_dir(&dir.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let left: Vec<String> = names.filter(|name| name.ends_with(".new")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn drawn_figures_equal_the_result() {
    let dir = input("report-drawn");
    let Some(mut browser) = Browser::start(&dir.0) else { return };
    let result = measure(&dir, &ALL);
    for screen in SCREENS {
        browser.open(&dir.0.join("report.html"), screen);
        let drawn = Drawn(browser.evaluate(READ));
        assert_eq!(
            drawn.0["sections"],
            json!(["comparison", "speed", "latency", "scale", "costs", "memory"])
        );
        check_head(&drawn, &result);
        check_rounds(&drawn, &result);
        check_latency(&drawn, &result["speed"]["latency"]);
        check_scale(&drawn, &result["scale"]);
        check_bars(&drawn, &result);
        check_comparison(&drawn, &result["comparison"]);
    }
}

#[test]
fn page_is_quiet_and_fits_every_screen() {
    let dir = input("report-screens");
    let Some(mut browser) = Browser::start(&dir.0) else { return };
    measure(&dir, &ALL);
    let page = dir.0.join("report.html");
    let mut backgrounds = Vec::new();
    for screen in SCREENS {
        browser.open(&page, screen);
        let layout = browser.evaluate(LAYOUT);
        assert_eq!(layout["overflowing"], json!([]), "{screen:?}");
        assert_eq!(
            (&layout["width"], &layout["scrolls"]),
            (&screen.width.into(), &json!(false)),
            "{screen:?}"
        );
        assert_eq!(layout["unreadable"], json!([]), "{screen:?}");
        // No name became markup, and no name ran.
        assert_eq!((&layout["strange"], &layout["headings"]), (&json!(0), &json!(1)));
        assert_eq!(layout["title"], "galop bench: rules.jsonl");
        for hostile in HOSTILE {
            assert!(layout["names"].as_array().unwrap().contains(&json!(shown(hostile))), "{hostile}");
        }
        let requests = browser.requests();
        assert!(requests.len() == 1 && requests[0].ends_with("/report.html"), "{requests:?}");
        assert!(browser.complaints().is_empty(), "{:?}", browser.complaints());
        backgrounds.push(layout["background"].as_str().unwrap().to_owned());
    }
    assert_ne!(backgrounds[0], backgrounds[1]);
    browser.print();
    let layout = browser.evaluate(LAYOUT);
    assert_eq!((&layout["background"], &layout["unreadable"]), (&json!("rgb(255, 255, 255)"), &json!([])));
}

/// The width of the page, elements beyond it, and texts whose contrast is less than 4.5, as WCAG 2 measures it.
const LAYOUT: &str = r#"(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const width = document.documentElement.clientWidth;
  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = (color) => channels(color).slice(0, 3)
    .map((value) => value / 255)
    .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
  const background = (element) => {
    for (; element; element = element.parentElement) {
      const color = getComputedStyle(element).backgroundColor;
      if ((channels(color)[3] ?? 1) > 0) return color;
    }
  };
  const contrast = (element) => {
    const style = getComputedStyle(element);
    const of = element instanceof SVGElement ? style.fill : style.color;
    const [low, high] = [luminance(of), luminance(background(element))].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const texts = all("h1, h2, p, dt, dd, th, td, caption, figcaption, code, bdi, footer, svg text");
  const bounds = (element) => element.getBoundingClientRect();
  return {
    width,
    scrolls: document.documentElement.scrollWidth > width,
    overflowing: all("body *").filter((element) => bounds(element).right > width + 0.5 || bounds(element).left < -0.5)
      .map((element) => element.outerHTML.slice(0, 200)),
    unreadable: texts.filter((element) => contrast(element) < 4.5).map((element) => element.outerHTML.slice(0, 200)),
    strange: all("script, img, iframe, object, link, b, [onclick], [onerror], [onmouseover]").length,
    headings: all("h1").length,
    title: document.title,
    names: all(".name").map((name) => name.textContent),
    background: getComputedStyle(document.body).backgroundColor,
  };
})()"#;

fn check_head(drawn: &Drawn, result: &Value) {
    check_text(drawn.figure("events a second, one thread"), result["events_per_second"].as_f64().unwrap());
    check_text(drawn.figure("rules"), result["size"]["rules"].as_f64().unwrap());
    check_text(drawn.figure("events"), result["events"].as_f64().unwrap());
    check_text(drawn.figure("bytes of events"), result["event_bytes"].as_f64().unwrap());
    check_text(drawn.figure("steps of an event"), result["speed"]["steps"].as_f64().unwrap());
    check_text(drawn.figure("memory of a rule"), result["bytes_per_rule"].as_f64().unwrap());
    assert_eq!(drawn.figure("threads"), result["speed"]["jobs"].to_string());
}

fn check_rounds(drawn: &Drawn, result: &Value) {
    let plot = drawn.plot("rounds-plot");
    let scale = Scale::across(plot, false);
    let kinds = ["one_thread", "all_threads", "reading"].map(|kind| floats(&result["speed"][kind]));
    let rounds: Vec<f64> = kinds.iter().flatten().copied().collect();
    let points = plot["points"].as_array().unwrap();
    assert_eq!(points.len(), rounds.len());
    for (point, seconds) in points.iter().zip(&rounds) {
        scale.check(&point["x"], *seconds, "a round");
    }
    let table = drawn.cells("Median of the rounds");
    for (at, mut rounds) in kinds.into_iter().enumerate() {
        rounds.sort_unstable_by(f64::total_cmp);
        let [low, median, high] = [rounds[1], rounds[2], rounds[3]];
        scale.check(&plot["medians"][at]["x"], median, "the median");
        scale.check(&plot["boxes"][at]["x"], (low + high) / 2.0, "the quartiles");
        check_text(table[at][1], 1.0 / median);
        check_text(table[at][3], median);
        assert!((number(table[at][5]) - (high - low) / median).abs() < 0.0006, "{:?}", table[at]);
    }
    check_text(table[0][2], result["megabytes_per_second"].as_f64().unwrap().round());
}

fn check_latency(drawn: &Drawn, latency: &Value) {
    let plot = drawn.plot("latency-histogram");
    let (across, up) = (Scale::across(plot, true), Scale::up(plot, false));
    let samples = latency["samples"].as_f64().unwrap();
    let intervals = latency["histogram"].as_array().unwrap();
    let events = |interval: &Value| interval["events"].as_f64().unwrap();
    assert_eq!(intervals.iter().map(events).sum::<f64>(), samples);
    let bins = plot["bins"].as_array().unwrap();
    assert_eq!(bins.len(), intervals.len());
    for (bin, interval) in bins.iter().zip(intervals) {
        across.check(&bin["left"], interval["from"].as_f64().unwrap() / 1e9, "the start of an interval");
        across.check(&bin["right"], interval["to"].as_f64().unwrap() / 1e9, "the end of an interval");
        up.check(&bin["top"], events(interval) / samples, "the share of an interval");
    }
    let table = drawn.cells("Percentiles of the latency");
    for (at, name) in ["p50", "p90", "p99", "p999", "max"].into_iter().enumerate() {
        let seconds = latency[name].as_f64().unwrap() / 1e9;
        across.check(&plot["marks"][at]["x"], seconds, name);
        check_text(table[at][1], seconds);
        assert!(plot["notes"][at].as_str().unwrap().ends_with(table[at][1]), "{name}");
    }
    let plot = drawn.plot("latency-slower");
    let (across, up) = (Scale::across(plot, true), Scale::up(plot, true));
    let line = plot["lines"][0].as_array().unwrap();
    assert_eq!(line.len(), intervals.len() + 1);
    let mut left = samples;
    for (point, interval) in line.iter().zip(intervals) {
        across.check(&point["x"], interval["from"].as_f64().unwrap() / 1e9, "a time");
        up.check(&point["y"], left / samples, "the events that take at least the time");
        left -= events(interval);
    }
}

fn check_scale(drawn: &Drawn, samples: &Value) {
    let plot = drawn.plot("scale-plot");
    let (across, up) = (Scale::across(plot, true), Scale::up(plot, false));
    let samples = samples.as_array().unwrap();
    let rules: Vec<&Value> = samples.iter().map(|sample| &sample["size"]["rules"]).collect();
    assert_eq!(rules, [1, 5, 20, 45]);
    let table = drawn.cells("Samples of the rules");
    for (at, sample) in samples.iter().enumerate() {
        let (rules, median) = (sample["size"]["rules"].as_f64().unwrap(), median(&sample["one_thread"]));
        across.check(&plot["points"][at]["x"], rules, "a number of rules");
        up.check(&plot["points"][at]["y"], median, "the time of a sample");
        check_text(table[at][0], rules);
        check_text(table[at][2], median);
        check_text(plot["notes"][at].as_str().unwrap(), median);
        check_text(table[at][6], sample["size"]["bytes"].as_f64().unwrap());
    }
}

fn check_bars(drawn: &Drawn, result: &Value) {
    for (caption, shares) in [("Costliest rules", "rules"), ("Costliest fields", "fields")] {
        let shares = result["costs"][shares].as_array().unwrap();
        let share = |at: usize| shares[at]["share"].as_f64().unwrap();
        let (table, bars) = (drawn.cells(caption), drawn.bars(caption));
        assert!(!shares.is_empty() && table.len() == shares.len());
        for at in 0..shares.len() {
            assert_eq!(table[at][0], shown(shares[at]["name"].as_str().unwrap()));
            assert!((number(table[at][3]) - share(at)).abs() < 0.0006, "{:?}", table[at]);
            assert!((number(table[at][2]) - shares[at]["steps"].as_f64().unwrap()).abs() < 0.06);
            assert!((bars[at] - share(at) / share(0)).abs() < 0.01, "{caption} {at}: {}", bars[at]);
        }
    }
    let mut parts: Vec<f64> =
        result["size"]["parts"].as_object().unwrap().values().map(|part| part.as_f64().unwrap()).collect();
    parts.sort_unstable_by(|a, b| b.total_cmp(a));
    let (caption, whole) = ("Parts of the compiled set", result["size"]["bytes"].as_f64().unwrap());
    for ((row, bar), bytes) in drawn.cells(caption).iter().zip(drawn.bars(caption)).zip(&parts) {
        assert_eq!(number(row[2]), *bytes);
        assert!(
            (number(row[4]) - bytes / whole).abs() < 0.0006 && (bar - bytes / parts[0]).abs() < 0.01,
            "{row:?}"
        );
    }
}

fn check_comparison(drawn: &Drawn, comparison: &Value) {
    let plot = drawn.plot("comparison-plot");
    let scale = Scale::across(plot, true);
    let time = |name: &str| comparison["time"][name].as_f64().unwrap();
    // The stroke of a box is beyond its values.
    scale.check(&plot["boxes"][0]["left"], time("low"), "the low end");
    scale.check(&plot["boxes"][0]["right"], time("high"), "the high end");
    scale.check(&plot["medians"][0]["x"], time("ratio"), "the ratio");
    let table = drawn.cells("Figures divided by those of the other");
    for (row, value) in table.iter().zip([&comparison["time"]["ratio"], &comparison["steps"]]) {
        check_text(row[1], value.as_f64().unwrap());
    }
    let verdict = comparison["time"]["verdict"].as_str().unwrap();
    assert_eq!(drawn.figure("verdict"), if verdict == "none" { "no difference" } else { verdict });
}

/// Returns a name as the page shows it: a control character is an escape.
fn shown(name: &str) -> String {
    name.replace('\0', "\\u{0}").replace('\n', "\\n")
}

fn floats(values: &Value) -> Vec<f64> {
    values.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

fn median(rounds: &Value) -> f64 {
    let mut rounds = floats(rounds);
    rounds.sort_unstable_by(f64::total_cmp);
    rounds[rounds.len() / 2]
}
