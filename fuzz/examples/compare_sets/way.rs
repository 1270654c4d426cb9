//! The ways to build a matcher and to match events. No way may change an answer.

use std::fmt;

use galop::tuning::{Kernel, Toggle, Tuning};
use galop::{EventLimits, Matcher, RuleSet};
use galop_harness::check::configuration::{Promise, reader};
use galop_harness::generate::Dice;

/// The maximum steps of one event. Events of a set that takes more are not compared.
const STEPS: u64 = 5_000_000;

/// The maximum number of expanded branches in a round.
const BRANCHES: usize = 50_000;

/// A way to build a matcher.
#[derive(Clone)]
pub(crate) struct Way {
    pub(crate) sort: &'static str,
    pub(crate) kernel: Kernel,
    pub(crate) promise: Promise,
    pub(crate) tuning: Tuning,
    /// The numbers of the rules, in the order of their addition.
    pub(crate) order: Vec<usize>,
    pub(crate) asks: &'static [Ask],
}

/// A way to match events.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Ask {
    /// With one scratch for the whole round.
    Reused,
    /// With a new scratch for each event.
    Fresh,
    /// As events of each parser that stores all of the text.
    Parsed,
    /// In several threads that share the matcher.
    Threads,
}

impl Way {
    /// Returns the matcher of the rules, which are in the order of the way.
    pub(crate) fn matcher(&self, rules: &RuleSet) -> Matcher {
        let mut builder = reader(self.kernel, self.promise).builder;
        let mut limits = EventLimits::default();
        limits.work = STEPS;
        builder.tuning(self.tuning).event_limits(limits);
        builder.build(rules).expect("the rules of a round are within the limits")
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, kernel {:?}, promise {:?}", self.sort, self.kernel, self.promise)?;
        if self.tuning == Tuning::default() { Ok(()) } else { write!(f, ", {:?}", self.tuning) }
    }
}

/// Returns the kernels of this machine, the default one first.
pub(crate) fn kernels() -> Vec<Kernel> {
    let mut kernels: Vec<Kernel> = Kernel::ALL.into_iter().filter(|kernel| kernel.is_available()).collect();
    kernels.sort_by_key(|kernel| *kernel != Kernel::detect());
    kernels
}

/// Returns the ways of a round with a number of rules, and a number of branches of all rules.
pub(crate) fn ways(dice: &mut Dice, rules: usize, branches: usize) -> Vec<Way> {
    let forwards: Vec<usize> = (0..rules).collect();
    let mut shuffled = forwards.clone();
    dice.shuffle(&mut shuffled);
    let some = dice.between(2, rules);
    let part = shuffled[..some].to_vec();

    let mut ways = Vec::new();
    for kernel in kernels() {
        for promise in Promise::ALL {
            // Parsed events do not depend on the kernel.
            let is_default = kernel == Kernel::detect();
            let asks: &[Ask] = if is_default { &[Ask::Reused, Ask::Parsed] } else { &[Ask::Reused] };
            let order = forwards.clone();
            ways.push(Way { sort: "all rules", kernel, promise, tuning: Tuning::default(), order, asks });
        }
    }
    let mut more = |dice: &mut Dice, sort, tuning, order: &[usize], asks| {
        let (kernel, promise) = (dice.pick(&kernels()), dice.pick(&Promise::ALL));
        ways.push(Way { sort, kernel, promise, tuning, order: order.to_vec(), asks });
    };
    more(dice, "permuted", Tuning::default(), &shuffled, &[Ask::Reused, Ask::Fresh]);
    more(dice, "a part", Tuning::default(), &part, &[Ask::Reused, Ask::Threads]);
    for order in [&forwards, &part] {
        let tuning = tuning(dice, branches);
        more(dice, "any tuning", tuning, order, &[Ask::Reused, Ask::Parsed]);
    }
    ways
}

fn tuning(dice: &mut Dice, branches: usize) -> Tuning {
    let any = |dice: &mut Dice| dice.pick(&[Toggle::Off, Toggle::Auto, Toggle::On]);
    let mut tuning = Tuning::default();
    tuning.fast_reader = if dice.percent(60) { Toggle::Auto } else { Toggle::Off };
    tuning.switches = any(dice);
    tuning.gates = any(dice);
    tuning.groups = any(dice);
    tuning.indexes = any(dice);
    tuning.choices = any(dice);
    if branches > BRANCHES && tuning.choices == Toggle::Off {
        tuning.choices = Toggle::Auto;
    }
    tuning
}
