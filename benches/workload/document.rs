//! W3: one document of 14 KB, and rules on a field near its start, in its middle, or near its end.

use super::json::Json;
use super::random::Random;

const SEED: u64 = 0x0d0c;

pub(crate) const PLACES: [&str; 3] = ["start", "middle", "end"];

/// Returns five rules on one field. The last has the value of the document.
pub(crate) fn rules(place: &str) -> Vec<String> {
    assert!(PLACES.contains(&place), "W3 has no field at {place}");
    ["lost", "void", "none", "zero", place]
        .map(|value| format!(r#"{{"{place}":{{"mark":["{value}"]}}}}"#))
        .into()
}

/// Returns `count` copies of the document, each at another place of memory.
pub(crate) fn events(count: usize) -> Vec<Vec<u8>> {
    vec![document().to_text().into_bytes(); count]
}

fn document() -> Json {
    let mut random = Random::new(SEED);
    let mark = |place: &str| (place.to_owned(), Json::object([("mark", Json::text(place))]));
    let mut members = vec![("version".to_owned(), Json::number(3)), mark("start")];
    for at in 0..29 {
        if at == 14 {
            members.push(mark("middle"));
        }
        members.push((format!("section{at}"), section(&mut random)));
    }
    members.push(mark("end"));
    members.push(("count".to_owned(), Json::number(29)));
    Json::Object(members)
}

/// Returns half a kilobyte with every kind of JSON value.
fn section(random: &mut Random) -> Json {
    let author = Json::object([
        ("id", Json::number(random.between(1_000_000, 9_999_999))),
        ("name", Json::Text(random.hex(12))),
        ("verified", Json::Bool(random.percent(50))),
        ("bio", Json::Text(format!("said \"{}\",\nthen left – {}", random.hex(16), random.hex(20)))),
    ]);
    let points = (0..6).map(|_| {
        Json::object([
            ("x", Json::number(random.between(-900, 900))),
            ("y", Json::number(random.between(-900, 900))),
        ])
    });
    let points = Json::List(points.collect());
    let words = Json::List((0..8).map(|_| Json::Text(random.hex(6))).collect());
    Json::object([
        ("id", Json::Text(random.hex(24))),
        ("title", Json::Text((0..6).map(|_| random.hex(7)).collect::<Vec<_>>().join(" "))),
        ("author", author),
        ("points", points),
        ("words", words),
        ("parent", Json::Null),
        ("rating", Json::Number(format!("{}.{}e-1", random.below(10), random.below(1000)))),
    ])
}
