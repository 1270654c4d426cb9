//! The fields of the details of W2's events, and the possible values of each.

use super::json::Json;
use super::random::Random;

/// A path below `detail`, and the kind of its value.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) path: &'static str,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// One of a few strings.
    Choice(&'static [&'static str]),
    /// A prefix and eight hexadecimal digits, and the number of distinct values.
    Id(&'static str, usize),
    Integer(i64, i64),
    /// A number with two decimals. The bounds are in hundredths.
    Decimal(i64, i64),
    Flag,
    Address,
    File,
    Person,
    Email,
    Prose,
    Time,
    /// An array of some of the strings.
    Tags(&'static [&'static str]),
}

impl Kind {
    pub(crate) fn value(self, random: &mut Random) -> Json {
        match self {
            Kind::Choice(values) => Json::text(*random.pick(values)),
            Kind::Id(prefix, count) => {
                Json::text(format!("{prefix}{}", Random::at(7, random.below(count)).hex(8)))
            }
            Kind::Integer(low, high) => Json::number(random.between(low, high)),
            Kind::Decimal(low, high) => Json::Number(hundredths(random.between(low, high))),
            Kind::Flag => Json::Bool(random.percent(50)),
            Kind::Address => Json::Text(address(random)),
            Kind::File => Json::Text(file(random)),
            Kind::Person => Json::Text(format!("{} {}", random.pick(GIVEN_NAMES), random.pick(FAMILY_NAMES))),
            Kind::Email => Json::Text(email(random)),
            Kind::Prose => Json::Text(prose(random)),
            Kind::Time => Json::Text(time(random)),
            Kind::Tags(values) => {
                let count = random.below(4);
                Json::List((0..count).map(|_| Json::text(*random.pick(values))).collect())
            }
        }
    }
}

impl Kind {
    /// Returns the approximate number of different values.
    pub(crate) fn variety(self) -> f64 {
        match self {
            Kind::Choice(values) | Kind::Tags(values) => values.len() as f64,
            Kind::Id(_, count) => count as f64,
            Kind::Integer(low, high) | Kind::Decimal(low, high) => (high - low + 1) as f64,
            Kind::Flag => 2.0,
            Kind::Person => (GIVEN_NAMES.len() * FAMILY_NAMES.len()) as f64,
            Kind::Address | Kind::File | Kind::Email | Kind::Prose | Kind::Time => 10_000.0,
        }
    }
}

pub(crate) fn hundredths(number: i64) -> String {
    format!("{}{}.{:02}", if number < 0 { "-" } else { "" }, number.abs() / 100, number.abs() % 100)
}

pub(crate) fn time(random: &mut Random) -> String {
    let (month, day) = (random.between(1, 12), random.between(1, 28));
    let (hour, minute, second) = (random.below(24), random.below(60), random.below(60));
    format!("2026-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

fn address(random: &mut Random) -> String {
    if random.percent(4) {
        return format!("2001:db8:{:x}::{:x}", random.below(16), random.below(4096));
    }
    let first = *random.pick(&["10", "10", "172", "192", "203"]);
    format!("{first}.{}.{}.{}", random.below(8) * 31, random.below(256), random.below(256))
}

fn file(random: &mut Random) -> String {
    let stem = format!("{}-{}", random.pick(WORDS), random.below(1000));
    let extension = *random.pick(&["jpg", "png", "pdf", "csv", "json", "parquet", "log", "tar.gz"]);
    if random.percent(5) {
        return format!("C:\\{}\\{}\\{stem}.{extension}", random.pick(WORDS), random.pick(WORDS));
    }
    format!("{}/{}/{stem}.{extension}", random.pick(WORDS), random.pick(WORDS))
}

fn email(random: &mut Random) -> String {
    let (given, family) = (random.pick(GIVEN_NAMES), random.pick(FAMILY_NAMES));
    let domain = *random.pick(&["example.com", "example.org", "Example.net", "mail.example.com"]);
    format!("{given}.{family}{}@{domain}", random.below(50))
}

fn prose(random: &mut Random) -> String {
    let count = random.between(4, 12);
    let mut text = String::new();
    for _ in 0..count {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(random.pick::<&str>(WORDS));
    }
    match random.below(20) {
        0 => text.push_str(" \"as agreed\""),
        1 => text.push_str("\n\tat step 3"),
        2 => text.push_str(" – größer als geplant"),
        3 => text.push_str(" C:\\temp\\*"),
        _ => {}
    }
    text
}

const GIVEN_NAMES: &[&str] = &[
    "Ada", "Bao", "Chloé", "Dmitri", "Elif", "Farid", "Grace", "Hana", "Ines", "Jamal", "Kofi", "Lena",
    "Mateo", "Nia", "Omar", "Priya", "Quinn", "Rosa", "Sven", "Tomás", "Uma", "Viktor", "Wanda", "Yuki",
];

const FAMILY_NAMES: &[&str] = &[
    "Abe", "Baker", "Costa", "Dubois", "Eriksen", "Fischer", "Gupta", "Haddad", "Ivanova", "Jones", "Kim",
    "Lopez", "Meyer", "Nowak", "Okafor", "Petrov", "Rossi", "Silva", "Tanaka", "Umarov", "Vega", "Wolf",
    "Yilmaz", "Zhang",
];

const WORDS: &[&str] = &[
    "archive", "batch", "cargo", "delta", "export", "forward", "gateway", "harvest", "import", "journal",
    "kernel", "ledger", "monthly", "nightly", "orbit", "packet", "queue", "report", "signal", "transfer",
    "upload", "vector", "window", "yield", "zone", "retry", "shadow", "primary", "replica", "snapshot",
];

const COUNTRIES: &[&str] = &[
    "AT", "BR", "CA", "CH", "CN", "DE", "EG", "ES", "FR", "GB", "IN", "IT", "JP", "KE", "MX", "NG", "PL",
    "SE", "US",
];
const STATES: &[&str] = &[
    "pending",
    "running",
    "stopping",
    "stopped",
    "terminated",
    "failed",
    "succeeded",
    "cancelled",
    "timed-out",
];
const ZONES: &[&str] =
    &["eu-west-1a", "eu-west-1b", "eu-central-1a", "us-east-1a", "us-east-1c", "us-west-2b"];
const TEAMS: &[&str] = &[
    "billing",
    "catalog",
    "checkout",
    "data",
    "fraud",
    "growth",
    "identity",
    "logistics",
    "mobile",
    "platform",
];
const LABELS: &[&str] =
    &["alpha", "beta", "canary", "critical", "customer", "internal", "legacy", "nightly", "public", "urgent"];

const fn field(path: &'static str, kind: Kind) -> Field {
    Field { path, kind }
}

/// Fields of one object are adjacent.
pub(crate) const FIELDS: &[Field] = {
    use Kind::{Address, Choice, Decimal, Email, File, Flag, Id, Integer, Person, Prose, Tags, Time};
    &[
        field("status", Choice(STATES)),
        field(
            "reason",
            Choice(&["user", "schedule", "capacity", "health", "quota", "upgrade", "manual", "unknown"]),
        ),
        field(
            "action",
            Choice(&["create", "update", "delete", "read", "attach", "detach", "enable", "disable"]),
        ),
        field(
            "category",
            Choice(&["audit", "billing", "compute", "network", "security", "storage", "usage"]),
        ),
        field("severity", Integer(0, 9)),
        field("priority", Choice(&["low", "normal", "high", "urgent"])),
        field("environment", Choice(&["dev", "test", "staging", "prod-eu", "prod-us", "prod-ap"])),
        field("correlationId", Id("corr-", 4000)),
        field("requestId", Id("req-", 20_000)),
        field("message", Prose),
        field("createdAt", Time),
        field("retry", Flag),
        field("attempt", Integer(0, 12)),
        field("durationMs", Integer(0, 60_000)),
        field("tags", Tags(LABELS)),
        field("user.id", Id("user-", 5000)),
        field("user.name", Person),
        field("user.email", Email),
        field("user.role", Choice(&["Admin", "Auditor", "Editor", "Guest", "Operator", "Owner", "Viewer"])),
        field("user.country", Choice(COUNTRIES)),
        field("user.verified", Flag),
        field("user.age", Integer(16, 90)),
        field("user.session.id", Id("sess-", 8000)),
        field("user.session.device", Choice(&["Android", "iOS", "Linux", "macOS", "Windows", "Other"])),
        field("user.session.address", Address),
        field("order.id", Id("ord-", 9000)),
        field("order.total", Decimal(100, 500_000)),
        field("order.currency", Choice(&["BRL", "CHF", "CNY", "EUR", "GBP", "INR", "JPY", "PLN", "USD"])),
        field("order.items", Integer(1, 40)),
        field("order.discount", Decimal(0, 5000)),
        field("order.channel", Choice(&["app", "web", "phone", "store", "partner"])),
        field("order.coupons", Tags(&["SPRING", "SUMMER", "AUTUMN", "WINTER", "WELCOME", "LOYAL", "STAFF"])),
        field("order.gift", Flag),
        field("payment.method", Choice(&["card", "transfer", "wallet", "invoice", "cash", "voucher"])),
        field("payment.amount", Decimal(100, 500_000)),
        field(
            "payment.provider",
            Choice(&["Norpay", "PayQuick", "Ubank", "Zettle One", "Coinway", "LedgerX"]),
        ),
        field("payment.authorized", Flag),
        field("payment.risk", Decimal(0, 100)),
        field("payment.card.brand", Choice(&["Visa", "MasterCard", "Amex", "JCB", "UnionPay"])),
        field("payment.card.country", Choice(COUNTRIES)),
        field(
            "shipment.carrier",
            Choice(&["Nordpost", "RapidShip", "BlueVan", "AirBridge", "SeaLink", "Courier7"]),
        ),
        field("shipment.service", Choice(&["economy", "standard", "express", "same-day", "freight"])),
        field("shipment.weight", Decimal(10, 30_000)),
        field("shipment.origin", Choice(COUNTRIES)),
        field("shipment.destination", Choice(COUNTRIES)),
        field("shipment.tracking", Id("TRK", 9000)),
        field("shipment.insured", Flag),
        field("request.method", Choice(&["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"])),
        field("request.path", File),
        field(
            "request.host",
            Choice(&["api.example.com", "www.example.com", "img.example.org", "admin.example.net"]),
        ),
        field("request.status", Integer(200, 511)),
        field("request.bytes", Integer(0, 1_000_000)),
        field("request.address", Address),
        field(
            "request.agent",
            Choice(&["Firefox/140", "Chrome/150", "Safari/19", "curl/8.9", "Bot/2.1", "okhttp/5"]),
        ),
        field("network.source", Address),
        field("network.destination", Address),
        field("network.protocol", Choice(&["tcp", "udp", "icmp", "quic", "sctp"])),
        field("network.port", Integer(1, 65_535)),
        field("network.packets", Integer(1, 100_000)),
        field("network.interface", Id("eni-", 3000)),
        field("object.bucket", Id("bucket-", 200)),
        field("object.key", File),
        field("object.size", Integer(0, 5_000_000_000)),
        field("object.etag", Id("", 20_000)),
        field(
            "object.type",
            Choice(&["image/jpeg", "image/png", "text/csv", "application/json", "application/pdf"]),
        ),
        field("object.class", Choice(&["STANDARD", "INFREQUENT", "ARCHIVE", "DEEP_ARCHIVE"])),
        field("object.encrypted", Flag),
        field("instance.id", Id("i-", 5000)),
        field(
            "instance.type",
            Choice(&["t4.small", "t4.large", "m8.large", "m8.xlarge", "c8.large", "r8.2xlarge"]),
        ),
        field("instance.zone", Choice(ZONES)),
        field("instance.image", Id("ami-", 300)),
        field("instance.state", Choice(STATES)),
        field("instance.cores", Integer(1, 96)),
        field("instance.spot", Flag),
        field("job.name", File),
        field("job.queue", Choice(TEAMS)),
        field("job.state", Choice(STATES)),
        field("job.exit", Integer(-1, 255)),
        field("job.started", Time),
        field("job.owner", Email),
        field("job.steps", Integer(1, 64)),
        field(
            "error.code",
            Choice(&["AccessDenied", "Throttled", "NotFound", "Timeout", "Invalid", "Conflict"]),
        ),
        field("error.message", Prose),
        field("error.fatal", Flag),
        field("error.count", Integer(0, 1000)),
        field("metrics.cpu", Decimal(0, 10_000)),
        field("metrics.memory", Decimal(0, 10_000)),
        field("metrics.disk", Decimal(0, 10_000)),
        field("metrics.latency", Integer(0, 10_000)),
        field("metrics.errors", Integer(0, 500)),
        field("deployment.application", Choice(TEAMS)),
        field("deployment.revision", Id("rev-", 2000)),
        field(
            "deployment.strategy",
            Choice(&["all-at-once", "blue-green", "canary-10", "canary-50", "rolling"]),
        ),
        field("deployment.healthy", Flag),
        field("deployment.author", Person),
        field("deployment.labels", Tags(LABELS)),
    ]
};
