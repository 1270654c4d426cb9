//! W2: events of an EventBridge bus, 1.1 KB on average, in a few hundred shapes.

use super::fields::{FIELDS, Field, time};
use super::json::Json;
use super::random::Random;

const SEED: u64 = 0x5eed_0f57_ea4b;

/// The events of one bus. Each can be made alone, by its index.
#[derive(Debug)]
pub(crate) struct Stream {
    shapes: Vec<Shape>,
    /// The cumulative frequencies of the shapes. The last is the total.
    weights: Vec<usize>,
}

/// The common part of the events of one source and one detail-type: the fields of their detail.
#[derive(Debug)]
struct Shape {
    source: String,
    detail_type: String,
    /// Indices of [`FIELDS`]. Fields that are marked are missing in half of the events.
    fields: Vec<(usize, Presence)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Presence {
    Always,
    Sometimes,
}

/// An event before printing.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) source: String,
    pub(crate) detail_type: String,
    pub(crate) account: String,
    pub(crate) region: &'static str,
    pub(crate) resources: Vec<String>,
    pub(crate) detail: Vec<(&'static Field, Json)>,
    id: String,
    time: String,
    ascii: bool,
}

impl Stream {
    /// Returns three hundred shapes over forty sources. The most frequent is in 3 % of the events,
    /// the rarest in 0.1 %.
    pub(crate) fn new() -> Stream {
        let mut random = Random::new(SEED);
        let mut shapes: Vec<Shape> = Vec::new();
        while shapes.len() < 300 {
            let source = (*random.pick(SOURCES)).to_owned();
            let detail_type = format!("{} {}", random.pick(NOUNS), random.pick(VERBS));
            if !shapes.iter().any(|shape| shape.source == source && shape.detail_type == detail_type) {
                let fields = random_fields(&mut random);
                shapes.push(Shape { source, detail_type, fields });
            }
        }
        let mut total = 0;
        let weights = (0..shapes.len())
            .map(|rank| {
                total += 100_000 / (rank + 12);
                total
            })
            .collect();
        Stream { shapes, weights }
    }

    /// Returns one source and one detail-type. A third of the 45 fields are optional.
    pub(crate) fn hot() -> Stream {
        const OBJECTS: [&str; 4] = ["order", "payment", "shipment", "user"];
        let mut random = Random::new(SEED);
        let all = FIELDS.iter().enumerate();
        let fields = all
            .filter(|(at, field)| *at < 12 || OBJECTS.contains(&object_of(field)))
            .map(|(at, _)| (at, if random.percent(33) { Presence::Sometimes } else { Presence::Always }))
            .collect();
        let shape =
            Shape { source: "shop.orders".to_owned(), detail_type: "Order Changed".to_owned(), fields };
        Stream { shapes: vec![shape], weights: vec![1] }
    }

    pub(crate) fn event(&self, index: usize) -> Event {
        let mut random = Random::at(SEED, index);
        let weight = random.below(self.weights[self.weights.len() - 1]);
        let shape = &self.shapes[self.weights.partition_point(|&upto| upto <= weight)];
        let mut detail = Vec::with_capacity(shape.fields.len());
        for &(at, presence) in &shape.fields {
            if presence == Presence::Always || random.percent(50) {
                let field = &FIELDS[at];
                let value = if random.percent(1) { Json::Null } else { field.kind.value(&mut random) };
                detail.push((field, value));
            }
        }
        let region = *random.pick(REGIONS);
        let account = format!("{:012}", 111_122_223_333 + 1_001 * random.below(25) as u64);
        let resources = (0..random.below(4)).map(|_| resource(&mut random, region, &account)).collect();
        Event {
            source: shape.source.clone(),
            detail_type: shape.detail_type.clone(),
            region,
            account,
            resources,
            detail,
            id: [8, 4, 4, 4, 12].map(|digits| random.hex(digits)).join("-"),
            time: time(&mut random),
            ascii: random.percent(10),
        }
    }

    pub(crate) fn events(&self, count: usize) -> Vec<Vec<u8>> {
        (0..count).map(|index| self.event(index).into_text().into_bytes()).collect()
    }
}

impl Event {
    fn into_text(self) -> String {
        let mut detail = Json::Object(Vec::new());
        for (field, value) in self.detail {
            detail.insert(field.path, value);
        }
        let event = Json::object([
            ("version", Json::text("0")),
            ("id", Json::Text(self.id)),
            ("detail-type", Json::Text(self.detail_type)),
            ("source", Json::Text(self.source)),
            ("account", Json::Text(self.account)),
            ("time", Json::Text(self.time)),
            ("region", Json::text(self.region)),
            ("resources", Json::List(self.resources.into_iter().map(Json::Text).collect())),
            ("detail", detail),
        ]);
        let mut text = String::new();
        event.write(&mut text, self.ascii);
        text
    }
}

/// Returns some fields of the detail itself and most fields of a few objects, in random order of
/// the objects.
fn random_fields(random: &mut Random) -> Vec<(usize, Presence)> {
    let mut objects: Vec<&str> = FIELDS.iter().map(object_of).filter(|object| !object.is_empty()).collect();
    objects.dedup();
    let mut chosen = vec![""];
    for _ in 0..random.between(3, 6) {
        chosen.push(objects.swap_remove(random.below(objects.len())));
    }
    let mut fields = Vec::new();
    for object in chosen {
        let share = if object.is_empty() { 60 } else { 90 };
        for (at, field) in FIELDS.iter().enumerate() {
            if object_of(field) == object && random.percent(share) {
                fields.push((at, if random.percent(15) { Presence::Sometimes } else { Presence::Always }));
            }
        }
    }
    fields
}

/// Returns the outermost object below `detail` that has the field. Empty if the field is a member
/// of `detail` itself.
fn object_of(field: &Field) -> &'static str {
    field.path.split_once('.').map_or("", |(object, _)| object)
}

fn resource(random: &mut Random, region: &str, account: &str) -> String {
    let (service, kind) = *random.pick(&[
        ("ec2", "instance/i-"),
        ("ec2", "volume/vol-"),
        ("s3", "bucket/b-"),
        ("lambda", "function:f-"),
        ("states", "execution:e-"),
        ("ecs", "task/prod/"),
    ]);
    format!("arn:aws:{service}:{region}:{account}:{kind}{}", random.hex(12))
}

pub(crate) const REGIONS: &[&str] = &[
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ca-central-1",
    "sa-east-1",
    "eu-west-1",
    "eu-west-3",
    "eu-central-1",
    "eu-north-1",
    "ap-south-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "af-south-1",
];

pub(crate) const SOURCES: &[&str] = &[
    "aws.ec2",
    "aws.s3",
    "aws.ecs",
    "aws.states",
    "aws.batch",
    "aws.glue",
    "aws.rds",
    "aws.health",
    "aws.codebuild",
    "aws.codepipeline",
    "aws.autoscaling",
    "aws.guardduty",
    "aws.config",
    "aws.ssm",
    "aws.kms",
    "shop.orders",
    "shop.payments",
    "shop.catalog",
    "shop.inventory",
    "shop.shipping",
    "shop.customers",
    "shop.returns",
    "shop.search",
    "iot.gateway",
    "iot.telemetry",
    "iot.firmware",
    "crm.leads",
    "crm.contacts",
    "crm.campaigns",
    "ops.deployments",
    "ops.alerts",
    "ops.backup",
    "ops.network",
    "media.ingest",
    "media.encoder",
    "media.player",
    "bank.transfers",
    "bank.cards",
    "bank.fraud",
    "bank.accounts",
];

const NOUNS: &[&str] = &[
    "Account", "Alarm", "Backup", "Build", "Campaign", "Cluster", "Contact", "Device", "Finding", "Instance",
    "Invoice", "Job", "Lead", "Object", "Order", "Payment", "Pipeline", "Policy", "Session", "Shipment",
    "Snapshot", "Task", "Ticket", "Volume",
];

const VERBS: &[&str] = &[
    "Created",
    "Changed",
    "Deleted",
    "Approved",
    "Rejected",
    "Started",
    "Finished",
    "Failed",
    "State-change Notification",
    "Configuration Change",
    "API Call via Gateway",
    "Threshold Exceeded",
];
