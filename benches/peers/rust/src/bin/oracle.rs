//! The oracle as a peer. Its answers are the expected ones, and its time is not measured.

use galop_harness::oracle::{Event, Pattern};
use galop_peers::{Peer, serve};

struct Oracle(Vec<(u32, Pattern)>);

impl Peer for Oracle {
    type Worker = ();

    fn new(_: &str) -> Oracle {
        Oracle(Vec::new())
    }

    fn add(&mut self, id: u32, rule: &str) -> bool {
        Pattern::parse(rule.as_bytes()).map(|pattern| self.0.push((id, pattern))).is_ok()
    }

    fn worker(&self) {}

    fn count(&self, (): &mut (), event: &[u8]) -> usize {
        self.ids(&mut (), event).len()
    }

    fn ids(&self, (): &mut (), event: &[u8]) -> Vec<u32> {
        let Ok(event) = Event::parse(event) else {
            return Vec::new();
        };
        self.0.iter().filter(|(_, pattern)| pattern.matches(&event)).map(|&(id, _)| id).collect()
    }
}

fn main() -> std::io::Result<()> {
    serve::<Oracle>()
}
