use galop_peers::{Peer, serve};
use quamina::{MatcherBuildMode, Quamina, QuaminaBuilder};

struct Peers(Quamina<u32>);

impl Peer for Peers {
    /// The engine stores the memory of a thread itself.
    type Worker = ();

    fn new(mode: &str) -> Peers {
        // Its limits refuse rules. Here they are lifted, so that it accepts as many rules as
        // possible.
        let builder =
            QuaminaBuilder::new().with_arena_byte_budget(usize::MAX).with_max_states_per_pattern(usize::MAX);
        let mut quamina = builder.build().expect("a fresh builder builds");
        quamina.set_matcher_build_mode(match mode {
            "comfort" => MatcherBuildMode::BuiltForComfort,
            "speed" => MatcherBuildMode::BuiltForSpeed,
            _ => panic!("there is no mode {mode}"),
        });
        Peers(quamina)
    }

    fn add(&mut self, id: u32, rule: &str) -> bool {
        self.0.add_pattern(id, rule).is_ok()
    }

    fn worker(&self) {}

    fn count(&self, (): &mut (), event: &[u8]) -> usize {
        self.0.matches_for_event(event).map_or(0, |ids| ids.len())
    }

    fn ids(&self, (): &mut (), event: &[u8]) -> Vec<u32> {
        self.0.matches_for_event(event).unwrap_or_default()
    }
}

fn main() -> std::io::Result<()> {
    serve::<Peers>()
}
