//! W1: city lots as GeoJSON features of 0.9 KB, and five rules of each kind in event-ruler's
//! benchmark.

use super::json::Json;
use super::random::Random;

const SEED: u64 = 0x0c17_1075;

/// The kinds of rules, with the names of event-ruler's benchmark if it has the kind.
pub(crate) const KINDS: [&str; 17] = [
    "exact",
    "wildcard",
    "prefix",
    "prefix-equals-ignore-case",
    "suffix",
    "suffix-equals-ignore-case",
    "equals-ignore-case",
    "numeric",
    "anything-but",
    "anything-but-ignore-case",
    "anything-but-prefix",
    "anything-but-suffix",
    "anything-but-wildcard",
    "complex-arrays",
    "wildcard-many-stars",
    "exists",
    "or",
];

/// The kinds in the set of all 45 rules.
const COMBO: [&str; 9] = [
    "exact",
    "wildcard",
    "prefix",
    "suffix",
    "equals-ignore-case",
    "anything-but",
    "anything-but-prefix",
    "numeric",
    "complex-arrays",
];

pub(crate) fn events(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(|index| feature(index).to_text().into_bytes()).collect()
}

/// Returns the five rules of one kind. `combo` has all 45 rules, and `partial-combo` the 40 rules
/// without arrays.
pub(crate) fn rules(kind: &str) -> Vec<String> {
    match kind {
        "combo" => COMBO.iter().flat_map(|kind| rules(kind)).collect(),
        "partial-combo" => COMBO[..8].iter().flat_map(|kind| rules(kind)).collect(),
        "numeric" => numbers("firstCoordinates"),
        "complex-arrays" => numbers("coordinates"),
        _ => properties(kind).into_iter().map(|fields| format!(r#"{{"properties":{fields}}}"#)).collect(),
    }
}

fn properties(kind: &str) -> [String; 5] {
    let lot = |index: usize| {
        let lot = Lot::new(&mut Random::at(SEED, index));
        format!("{:04}{:03}", lot.block, lot.number)
    };
    let street = |operator: &str, arguments: [&str; 5]| {
        arguments.map(|argument| format!(r#"{{"STREET":[{{"{operator}":{argument}}}]}}"#))
    };
    match kind {
        "exact" => [3, 30, 300, 3_000, 30_000].map(|index| format!(r#"{{"MAPBLKLOT":["{}"]}}"#, lot(index))),
        "wildcard" => ["143*", "2*0*7", "*218", "3*5*2", "00*11"].map(wildcard_on_lot),
        "wildcard-many-stars" => {
            ["*1*4*3*", "2*0*1*7*", "*3*8*2*6", "*5*5*5*5*", "0*1*2*3*"].map(wildcard_on_lot)
        }
        "prefix" => street("prefix", [r#""BA""#, r#""CAS""#, r#""M""#, r#""POP""#, r#""WIN""#]),
        "suffix" => street("suffix", [r#""ON""#, r#""LAR""#, r#""HT""#, r#""MM""#, r#""E""#]),
        "equals-ignore-case" => {
            street(kind, [r#""harrison""#, r#""bEaCh""#, r#""Pine""#, r#""QUARRY""#, r#""x""#])
        }
        "prefix-equals-ignore-case" => ignoring_case("prefix", ["ba", "cAs", "m", "Pop", "wIN"]),
        "suffix-equals-ignore-case" => ignoring_case("suffix", ["on", "lAr", "Ht", "mm", "e"]),
        "anything-but" => [
            r#"{"STREET":[{"anything-but":["FULLER"]}]}"#,
            r#"{"STREET":[{"anything-but":["MARLIN","BEACH"]}]}"#,
            r#"{"ST_TYPE":[{"anything-but":["ST"]}]}"#,
            r#"{"ODD_EVEN":[{"anything-but":"E"}]}"#,
            r#"{"FROM_ST":[{"anything-but":["441"]}]}"#,
        ]
        .map(str::to_owned),
        "anything-but-ignore-case" => {
            anything_but("equals-ignore-case", ["fuller", "Marlin", "beach", "pine", "cedar"])
        }
        "anything-but-prefix" => anything_but("prefix", ["FULL", "M", "BEA", "PI", "CEDA"]),
        "anything-but-suffix" => anything_but("suffix", ["LLER", "N", "CH", "INE", "R"]),
        "anything-but-wildcard" => anything_but("wildcard", ["F*ER", "*A*I*", "B*H", "*IN*", "C*"]),
        "exists" => [
            r#"{"STREET":[{"exists":true}]}"#,
            r#"{"STREET":[{"exists":false}]}"#,
            r#"{"ST_TYPE":[{"exists":true}],"OWNER":[{"exists":false}]}"#,
            r#"{"OWNER":[{"exists":true}]}"#,
            r#"{"TO_ST":[{"exists":false},"0"]}"#,
        ]
        .map(str::to_owned),
        "or" => [
            r#"{"$or":[{"STREET":["BEACH"]},{"ST_TYPE":["BLVD"]}]}"#,
            r#"{"$or":[{"STREET":[{"prefix":"CA"}]},{"STREET":[{"suffix":"AR"}]},{"LOT_NUM":["001"]}]}"#,
            r#"{"ODD_EVEN":["E"],"$or":[{"FROM_ST":["0"]},{"TO_ST":["0"]}]}"#,
            r#"{"$or":[{"STREET":["PINE"],"ODD_EVEN":["O"]},{"STREET":["CEDAR"],"ODD_EVEN":["E"]}]}"#,
            r#"{"$or":[{"ST_TYPE":["AVE"]},{"ST_TYPE":["CT"]}],"LOT_NUM":[{"prefix":"01"}]}"#,
        ]
        .map(str::to_owned),
        _ => panic!("W1 has no rules of the kind {kind}"),
    }
}

fn wildcard_on_lot(pattern: &str) -> String {
    format!(r#"{{"MAPBLKLOT":[{{"wildcard":"{pattern}"}}]}}"#)
}

fn ignoring_case(operator: &str, arguments: [&str; 5]) -> [String; 5] {
    arguments.map(|text| format!(r#"{{"STREET":[{{"{operator}":{{"equals-ignore-case":"{text}"}}}}]}}"#))
}

fn anything_but(operator: &str, arguments: [&str; 5]) -> [String; 5] {
    arguments.map(|text| format!(r#"{{"STREET":[{{"anything-but":{{"{operator}":"{text}"}}}}]}}"#))
}

/// Returns two exact coordinates and three ranges. `coordinates` is an array of points,
/// `firstCoordinates` the first point.
fn numbers(below: &str) -> Vec<String> {
    let corner = |index: usize| corners(&mut Random::at(!SEED, index), 0)[0];
    let ((x, _), (_, y)) = (corner(20), corner(200));
    [
        format!(r#"{{"type":["Polygon"],"{below}":{{"x":[{{"numeric":["=",{x}]}}]}}}}"#),
        format!(r#"{{"type":["MultiPolygon"],"{below}":{{"y":[{{"numeric":["=",{y}]}}]}}}}"#),
        format!(r#"{{"{below}":{{"x":[{{"numeric":["<",-122.4159]}}]}}}}"#),
        format!(r#"{{"{below}":{{"x":[{{"numeric":[">",-122.4159]}}]}}}}"#),
        format!(r#"{{"{below}":{{"x":[{{"numeric":[">",-122.4647,"<",-122.4063]}}]}}}}"#),
    ]
    .map(|geometry| format!(r#"{{"geometry":{geometry}}}"#))
    .into()
}

struct Lot {
    block: usize,
    number: usize,
}

impl Lot {
    fn new(random: &mut Random) -> Lot {
        Lot { block: 1 + random.below(7_000), number: 1 + random.below(90) }
    }
}

fn feature(index: usize) -> Json {
    let mut random = Random::at(SEED, index);
    let Lot { block, number } = Lot::new(&mut random);
    let from = random.below(300) * 10 + random.below(2);
    let unknown = random.percent(4);
    let house = |number: usize| Json::Text(if unknown { "0".to_owned() } else { number.to_string() });
    let properties = Json::object([
        ("MAPBLKLOT", Json::Text(format!("{block:04}{number:03}"))),
        ("BLKLOT", Json::Text(format!("{block:04}{number:03}"))),
        ("BLOCK_NUM", Json::Text(format!("{block:04}"))),
        ("LOT_NUM", Json::Text(format!("{number:03}"))),
        ("FROM_ST", house(from)),
        ("TO_ST", house(from + 2 * random.below(3))),
        ("STREET", Json::text(if unknown { "UNKNOWN" } else { *random.pick(STREETS) })),
        ("ST_TYPE", if unknown { Json::Null } else { Json::text(*random.pick(STREET_TYPES)) }),
        ("ODD_EVEN", Json::text(if from.is_multiple_of(2) { "E" } else { "O" })),
    ]);
    let count = random.between(4, 16) as usize;
    let points: Vec<Json> = corners(&mut Random::at(!SEED, index), count).into_iter().map(point).collect();
    let geometry = Json::object([
        ("type", Json::text(if random.percent(2) { "MultiPolygon" } else { "Polygon" })),
        ("firstCoordinates", points[0].clone()),
        ("coordinates", Json::List(vec![Json::List(points)])),
    ]);
    Json::object([("type", Json::text("Feature")), ("properties", properties), ("geometry", geometry)])
}

/// Returns the corners of a lot, `count` and a last one that closes the ring. Lots are on a grid and
/// share corners.
fn corners(random: &mut Random, count: usize) -> Vec<(f64, f64)> {
    let (column, row) = (random.below(900), random.below(700));
    let first = (
        -122.513_642_064_711 + column as f64 * 0.000_171_331_7,
        37.708_209_175_713 + row as f64 * 0.000_149_717_3,
    );
    let mut corners = vec![first];
    for _ in 1..count {
        let aside = |random: &mut Random| random.between(-40, 40) as f64 * 0.000_003_137_713;
        corners.push((first.0 + aside(random), first.1 + aside(random)));
    }
    corners.push(first);
    corners
}

fn point((x, y): (f64, f64)) -> Json {
    Json::object([("x", Json::number(x)), ("y", Json::number(y)), ("z", Json::number("0.0"))])
}

const STREETS: &[&str] = &[
    "ALDER",
    "ANCHOR",
    "BAKERY",
    "BARTON",
    "BEACH",
    "BIRCH",
    "CANYON",
    "CASTLE",
    "CASCADE",
    "CEDAR",
    "CHAPEL",
    "CLOVER",
    "COLUMN",
    "CRESCENT",
    "DUNE",
    "EASTON",
    "ELM",
    "FULLER",
    "GARDEN",
    "GRANITE",
    "HARBOR",
    "HARRISON",
    "HOLLY",
    "IRONWOOD",
    "JUNIPER",
    "KELP",
    "LANTERN",
    "LIGHTHOUSE",
    "MAGNOLIA",
    "MARLIN",
    "MEADOW",
    "MILL",
    "NORTHERN",
    "OAK",
    "ORCHARD",
    "PELICAN",
    "PINE",
    "POPLAR",
    "POPPY",
    "QUARRY",
    "RAVEN",
    "RIDGE",
    "SHELL",
    "SPRUCE",
    "SUMMIT",
    "TERRACE",
    "UNION",
    "VALLEY",
    "WALNUT",
    "WILLOW",
    "WINDMILL",
    "WINSLOW",
    "WRIGHT",
    "YEW",
    "03RD",
    "19TH",
    "22ND",
];

const STREET_TYPES: &[&str] =
    &["ST", "ST", "ST", "ST", "ST", "AVE", "AVE", "AVE", "BLVD", "CT", "DR", "LN", "TER", "WAY"];
