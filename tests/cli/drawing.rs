//! `galop stats --graph`: the drawing is well-formed, whole and readable.

use std::collections::{BTreeMap, BTreeSet};

use super::svg::{Element, parse};
use super::{Dir, Run};

/// Rules with each operator, long texts and texts that are code in SVG.
const RULES: &str = r#"{"id":"<script>alert('1')</script>","pattern":{"source":["a&b","]]>","d\"e"],"x":[{"prefix":"a"},{"suffix":"<z>"},{"wildcard":"*.example.com/*/a/long/wildcard/that/does/not/fit/a/label*"}]}}
{"id":"a\u0000b\u001b[31m\u202e\ufffe\n","pattern":{"so\u0007urce":["\u0001\ud800\u0085"]}}
{"id":"many values","pattern":{"source":["aws.ec2"],"detail-type":["a","b","c","d","e","f","g","h"],"deep":{"path":{"of":{"many":{"names":{"that":{"does":{"not":{"fit":[1,2,3]}}}}}}}}}}
{"id":"absent","pattern":{"source":["aws.ec2"],"detail":{"error":[{"exists":false}],"id":[{"exists":true}]}}}
{"id":"network","pattern":{"ip":[{"cidr":"10.0.0.0/8"},"192.168.0.1"],"n":[{"numeric":[">",0,"<=",100]}],"name":[{"anything-but":{"prefix":["x","y"]}},{"equals-ignore-case":"ABC"}]}}
{"id":"or","pattern":{"source":["aws.s3"],"$or":[{"a":[1]},{"b":[{"numeric":["<",5]}]},{"c":["x"]}],"detail":{"$or":[{"d":[1]},{"e":[2]},{"f":[3]},{"g":[4]},{"h":[5]},{"i":[6]}]}}}
{"id":"ä long id of a rule that nobody can read in one glance at a drawing 日本語日本語日本語","pattern":{"source":["aws.s3"]}}
{"id":"many fields","pattern":{"a":[1],"b":[2],"c":[3],"d":[4],"e":[5],"f":[6],"g":[7],"h":[8],"i":[9],"j":[10],"k":[{"anything-but":"x"}]}}
"#;

/// A rectangle: left, top, right, bottom.
type Area = [f64; 4];

fn area(rect: &Element) -> Area {
    let [x, y, width, height] = ["x", "y", "width", "height"].map(|name| rect.number(name));
    [x, y, x + width, y + height]
}

fn overlap(a: &Area, b: &Area) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

fn contains(outer: &Area, inner: &Area) -> bool {
    outer[0] <= inner[0] && outer[1] <= inner[1] && inner[2] <= outer[2] && inner[3] <= outer[3]
}

/// Returns the place of a text, with the widest characters of usual fonts.
fn text_area(text: &Element) -> Area {
    let wide = |c: char| if u32::from(c) >= 0x2e80 { 2.0 } else { 1.0 };
    let width = text.text.chars().map(wide).sum::<f64>() * 7.3;
    let (x, y) = (text.number("x"), text.number("y"));
    let left = if text.get("text-anchor") == Some("end") { x - width } else { x };
    [left, y - 10.0, left + width, y + 2.0]
}

#[track_caller]
fn draw(dir: &Dir, arguments: &[&str]) -> Element {
    let run = dir.run(&[&["stats", "--graph", "out.svg"], arguments].concat());
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    parse(&dir.read("out.svg"))
}

/// Asserts all properties of a drawing of rules with these ids, as the drawing writes them.
#[track_caller]
fn assert_readable(svg: &Element, ids: &BTreeSet<String>) {
    assert_eq!(svg.name, "svg");
    assert_eq!((svg.get("role"), svg.get("aria-labelledby")), (Some("img"), Some("title desc")));
    assert!(!svg.child("title").text.is_empty() && !svg.child("desc").text.is_empty());
    assert!(svg.child("style").text.contains("prefers-color-scheme:dark"));
    let page = [0.0, 0.0, svg.number("width"), svg.number("height")];

    let drawing = svg.children.last().unwrap();
    let boxes: BTreeMap<&str, &Element> =
        drawing.children.iter().filter_map(|child| Some((child.get("id")?, child))).collect();
    let rect = |element: &Element| {
        element
            .all()
            .into_iter()
            .filter(|part| part.name == "rect")
            .map(area)
            .fold([f64::MAX, f64::MAX, f64::MIN, f64::MIN], |all, one| {
                [all[0].min(one[0]), all[1].min(one[1]), all[2].max(one[2]), all[3].max(one[3])]
            })
    };
    let areas: Vec<Area> = boxes.values().map(|element| rect(element)).collect();
    for (at, one) in areas.iter().enumerate() {
        assert!(contains(&page, one));
        assert!(areas[at + 1..].iter().all(|other| !overlap(one, other)), "{one:?}");
    }

    // Every link leads from a box to a box, every box but the first has one, and labels are free.
    let mut reached = BTreeSet::new();
    let mut labels: Vec<Area> = Vec::new();
    for link in drawing.children.iter().filter(|child| child.get("data-from").is_some()) {
        let (from, to) = (link.get("data-from").unwrap(), link.get("data-to").unwrap());
        assert!(boxes.contains_key(from) && boxes.contains_key(to));
        assert!(reached.insert(to));
        let texts: Vec<&Element> = link.children.iter().filter(|child| child.name == "text").collect();
        assert_eq!(texts.is_empty(), link.is("always"));
        labels.extend(texts.iter().map(|text| text_area(text)));
    }
    assert_eq!(reached.len() + 1, boxes.len());
    for (at, label) in labels.iter().enumerate() {
        assert!(areas.iter().chain(&labels[at + 1..]).all(|other| !overlap(label, other)), "{label:?}");
    }

    // Cards are in their box, apart from each other, and their texts are in them.
    let mut drawn = BTreeSet::new();
    for element in boxes.values() {
        let cards: Vec<&Element> = element.all().into_iter().filter(|part| part.is("card")).collect();
        let of_cards: Vec<Area> = cards.iter().map(|card| area(card.child("rect"))).collect();
        for (at, (card, place)) in cards.iter().zip(&of_cards).enumerate() {
            drawn.insert(card.get("data-rule").unwrap().to_owned());
            assert!(contains(&rect(element), place));
            assert!(of_cards[at + 1..].iter().all(|other| !overlap(place, other)));
            let texts: Vec<Area> =
                card.all().into_iter().filter(|part| part.name == "text").map(text_area).collect();
            for (at, text) in texts.iter().enumerate() {
                assert!(contains(place, text), "{card:?}");
                assert!(texts[at + 1..].iter().all(|other| !overlap(text, other)), "{card:?}");
            }
        }
        if element.is("lookup") {
            let mut texts = element.all().into_iter().filter(|part| part.name == "text").map(text_area);
            assert!(texts.all(|text| contains(&rect(element), &text)), "{element:?}");
        }
    }
    assert_eq!(drawn, *ids);

    // Nothing is loaded or run.
    for part in svg.all() {
        let is_plain = ["svg", "title", "desc", "style", "rect", "g", "text", "path"].contains(&&*part.name);
        assert!(is_plain, "{}", part.name);
        assert!(part.get("href").is_none() && part.get("onload").is_none());
    }
}

fn drawn_ids() -> BTreeSet<String> {
    let ids = [
        "<script>alert('1')</script>",
        r"a\u0000b\u001b[31m\u202e\ufffe\u000a",
        "many values",
        "absent",
        "network",
        "or",
        "ä long id of a rule that nobody can read in one glance at a drawing 日本語日本語日本語",
        "many fields",
    ];
    ids.map(str::to_owned).into()
}

#[test]
fn drawing_of_every_operator_is_readable() {
    let dir = Dir::new("drawing");
    dir.file("rules.jsonl", RULES);
    for arguments in [&["rules.jsonl"][..], &["--switches", "rules.jsonl"]] {
        assert_readable(&draw(&dir, arguments), &drawn_ids());
    }
}

#[test]
fn drawings_of_corpus_are_readable() {
    let dir = Dir::new("drawing-corpus");
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/rulesets");
    for file in ["fleet", "security", "operations", "load-shedding", "partner"] {
        let path = corpus.join(file).with_extension("jsonl");
        let ids: BTreeSet<String> = std::fs::read_to_string(&path)
            .unwrap()
            .lines()
            .map(|line| {
                let rule: serde_json::Value = serde_json::from_str(line).unwrap();
                rule["id"].as_str().unwrap().to_owned()
            })
            .collect();
        let path = path.to_str().unwrap();
        for arguments in [&[path][..], &["--switches", path]] {
            assert_readable(&draw(&dir, arguments), &ids);
        }
    }
}

/// Returns all texts of a drawing.
fn texts(svg: &Element) -> Vec<String> {
    svg.all().into_iter().filter(|part| part.name == "text").map(|part| part.text.clone()).collect()
}

#[test]
fn whole_texts_are_shown_under_the_pointer() {
    let dir = Dir::new("drawing-tooltips");
    dir.file("rules.jsonl", RULES);
    let svg = draw(&dir, &["--switches", "rules.jsonl"]);
    let titles: Vec<&str> =
        svg.all().into_iter().filter(|part| part.name == "title").map(|part| &*part.text).collect();
    for whole in [
        "deep.path.of.many.names.that.does.not.fit",
        "prefix \"a\"\nsuffix \"<z>\"\nwildcard \"*.example.com/*/a/long/wildcard/that/does/not/fit/a/label*\"",
        "\"a\"\n\"b\"\n\"c\"\n\"d\"\n\"e\"\n\"f\"\n\"g\"\n\"h\"",
        "absent\nrules.jsonl:4\n\
         {\"source\":[\"aws.ec2\"],\"detail\":{\"error\":[{\"exists\":false}],\"id\":[{\"exists\":true}]}}",
        "$or: a = 1 or b < 5 or c = \"x\"",
    ] {
        assert!(titles.contains(&whole), "{whole}");
    }
    let texts = texts(&svg);
    for shown in [
        "\"a\"",
        "and 3 more",
        "wildcard \"*.example.com/*/a/long/wi…",
        "…h.of.many.names.that.does.not.fit",
        "branch 6 of 6",
        "ä long id of a rule that nobody can read in one…",
        "found: nothing is left to test",
        "event",
    ] {
        assert!(texts.iter().any(|text| text == shown), "{shown}: {texts:?}");
    }
}

#[test]
fn chosen_rules_are_counted_and_drawn() {
    let dir = Dir::new("drawing-chosen");
    dir.file("rules.jsonl", RULES);
    let arguments = ["--rule", "absent", "--rule", "or", "rules.jsonl"];
    let ids = ["absent", "or"].map(str::to_owned).into();
    assert_readable(&draw(&dir, &arguments), &ids);
    let run = dir.run(&[&["stats"][..], &arguments].concat());
    assert!(run.out.starts_with("rules         2 in 1 file\n"), "{}", run.out);
    let unknown = dir.run(&["stats", "--rule", "abset", "rules.jsonl"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("no rule has the id abset; did you mean absent?"), "{}", unknown.err);
}

#[test]
fn large_drawings_are_refused() {
    let dir = Dir::new("drawing-large");
    let rules = |count: usize| -> String {
        (0..count).map(|id| format!("{{\"id\":\"{id}\",\"pattern\":{{\"a\":[{id}]}}}}\n")).collect()
    };
    dir.file("rules.jsonl", rules(301)).file("fewer.jsonl", rules(290)).file("most.jsonl", rules(200));
    let refused = |run: &Run, boxes: &str| {
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        let message = format!(
            "out.svg: error[too-many-boxes]: the drawing would have {boxes} boxes or more, too many to read; \
             the limit is 300\n  = help: --rule ID"
        );
        assert!(run.err.starts_with(&message), "{}", run.err);
        assert!(!dir.0.join("out.svg").exists());
    };
    refused(&dir.run(&["stats", "--graph", "out.svg", "rules.jsonl"]), "301");
    // Six alternatives in each of 60 rules.
    let or: Vec<String> = (0..6).map(|name| format!("{{\"a{name}\":[%]}}")).collect();
    let or = format!("{{\"$or\":[{}]}}", or.join(","));
    let patterns: Vec<String> = (0..60).map(|id| or.replace('%', &id.to_string())).collect();
    dir.file("or.jsonl", patterns.join("\n"));
    refused(&dir.run(&["stats", "--graph", "out.svg", "or.jsonl"]), "360");
    // A rule with many places: a switch stores it once for each value that leads on to other rules.
    let lists: Vec<String> = (0..150)
        .map(|id| {
            let values: Vec<String> = (0..5).map(|value| (id * 2 + value).to_string()).collect();
            format!("{{\"a\":[{}]}}", values.join(","))
        })
        .collect();
    dir.file("lists.jsonl", lists.join("\n"));
    let run = dir.run(&["stats", "--graph", "out.svg", "lists.jsonl"]);
    assert!(run.code == 2 && run.err.contains("[too-many-boxes]") && run.out.is_empty(), "{}", run.err);
    let ids = (0..290).map(|id| id.to_string()).collect();
    assert_readable(&draw(&dir, &["fewer.jsonl"]), &ids);
    let unwritable = dir.run(&["stats", "--graph", "none/out.svg", "most.jsonl"]);
    assert_eq!((unwritable.code, unwritable.out.as_str()), (2, ""));
    assert!(unwritable.err.starts_with("none/out.svg: error[unwritable]: "), "{}", unwritable.err);
    assert_eq!(dir.run(&["stats", "--switches", "most.jsonl"]).code, 2);
}
