use galop::{Matcher, MatcherBuilder, PatternLimits, RuleSet, Scratch};
use galop_peers::{Peer, serve};

struct Galop {
    builder: MatcherBuilder,
    rules: RuleSet,
    /// The caller's id of each rule in the set.
    ids: Vec<u32>,
    matcher: Option<Matcher>,
}

impl Galop {
    fn matcher(&self) -> &Matcher {
        self.matcher.as_ref().expect("rules are added first")
    }
}

impl Peer for Galop {
    type Worker = Scratch;

    fn new(mode: &str) -> Galop {
        let mut builder = Matcher::builder();
        match mode {
            "validating" => {}
            // The promises that quamina relies on.
            "trusted" => _ = builder.trusted(true).distinct_names(true),
            _ => panic!("there is no mode {mode}"),
        }
        Galop { builder, rules: RuleSet::with_limits(PatternLimits::wide()), ids: Vec::new(), matcher: None }
    }

    fn add(&mut self, id: u32, rule: &str) -> bool {
        let added = self.rules.add(rule).is_ok();
        if added {
            self.ids.push(id);
        }
        added
    }

    fn finish(&mut self) {
        self.matcher = Some(self.builder.build(&self.rules).expect("the rules are within the limits"));
    }

    fn worker(&self) -> Scratch {
        Scratch::new()
    }

    fn count(&self, scratch: &mut Scratch, event: &[u8]) -> usize {
        self.matcher().matches(scratch, event).map_or(0, <[_]>::len)
    }

    fn ids(&self, scratch: &mut Scratch, event: &[u8]) -> Vec<u32> {
        let ids = self.matcher().matches(scratch, event).unwrap_or_default();
        ids.iter().map(|id| self.ids[id.as_usize()]).collect()
    }
}

fn main() -> std::io::Result<()> {
    serve::<Galop>()
}
