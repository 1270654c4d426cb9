//! Matches events with a set, and compares the answers with those of its rules alone.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::thread;

use galop::{EventError, Matcher, Scratch};
use galop_harness::check;
use galop_harness::parsed::parsers;

use crate::alone::{Alone, Reference, is_given_up};
use crate::tally::{Tally, count};
use crate::way::{Ask, Way};

const THREADS: usize = 3;

/// A matcher, its configuration, and the expected answers.
pub(crate) struct Question<'a> {
    pub(crate) way: &'a Way,
    pub(crate) matcher: &'a Matcher,
    pub(crate) references: &'a [Reference<'a>],
}

/// The event with a wrong answer, and the fault.
pub(crate) type Fault = (usize, String);

impl Question<'_> {
    /// Matches all events in one way.
    pub(crate) fn ask(&self, ask: Ask, scratch: &mut Scratch, tally: &mut Tally) -> Result<(), Fault> {
        if ask == Ask::Threads {
            return self.in_threads(tally);
        }
        for at in 0..self.references.len() {
            let asked = caught(|| match ask {
                Ask::Parsed => self.parsed(at, scratch, tally),
                Ask::Fresh => self.text(at, ask, &mut Scratch::new(), tally),
                Ask::Reused | Ask::Threads => self.text(at, ask, scratch, tally),
            });
            asked.and_then(|result| result).map_err(|what| (at, what))?;
        }
        Ok(())
    }

    fn text(&self, at: usize, ask: Ask, scratch: &mut Scratch, tally: &mut Tally) -> Result<(), String> {
        let reference = &self.references[at];
        let found = check::answer(self.matcher, scratch, reference.event);
        // If the promise is broken, the answer is not specified. The scratch and the process must
        // stay usable.
        if !reference.keeps(self.way.promise) {
            return Ok(());
        }
        let verdicts = self.agrees(at, &found, true, tally)?;
        count(&mut tally.by_kernel, &format!("{:?}", self.way.kernel), verdicts);
        count(&mut tally.by_way, &format!("{} {ask:?}", self.way.sort), verdicts);
        Ok(())
    }

    fn parsed(&self, at: usize, scratch: &mut Scratch, tally: &mut Tally) -> Result<(), String> {
        let reference = &self.references[at];
        let mut fault = None;
        parsers(reference.event, |kept| {
            let any = kept.event.is_match(self.matcher, scratch);
            let found = check::agreed(self.matcher, any, kept.event.matches(self.matcher, scratch));
            if !kept.is_all || !reference.keeps(self.way.promise) || fault.is_some() {
                return;
            }
            match self.agrees(at, &found, false, tally) {
                Ok(verdicts) => {
                    count(&mut tally.by_parser, kept.parser, verdicts);
                    count(&mut tally.by_way, &format!("{} {:?}", self.way.sort, Ask::Parsed), verdicts);
                }
                Err(what) => fault = Some(format!("as {}: {what}", kept.parser)),
            }
        });
        fault.map_or(Ok(()), Err)
    }

    /// Matches in several threads. Each thread begins with another event.
    fn in_threads(&self, tally: &mut Tally) -> Result<(), Fault> {
        let results: Vec<Result<Tally, Fault>> = thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS)
                .map(|thread| {
                    scope.spawn(move || {
                        let (mut scratch, mut tally) = (Scratch::new(), Tally::default());
                        for turn in 0..self.references.len() {
                            let at =
                                (turn + thread * self.references.len() / THREADS) % self.references.len();
                            let asked = caught(|| self.text(at, Ask::Threads, &mut scratch, &mut tally));
                            asked.and_then(|result| result).map_err(|what| (at, what))?;
                        }
                        Ok(tally)
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().expect("panics are caught in the thread"))
                .collect()
        });
        for result in results {
            tally.add(&result?);
        }
        Ok(())
    }

    /// Returns the number of equal verdicts if all are equal.
    fn agrees(
        &self,
        at: usize,
        found: &Result<Vec<usize>, EventError>,
        is_text: bool,
        tally: &mut Tally,
    ) -> Result<u64, String> {
        let order = &self.way.order;
        match (found, &self.references[at].answer) {
            (Err(error), _) if is_given_up(error) => {
                tally.given_up += 1;
                Ok(0)
            }
            (Ok(found), Alone::Fits(alone)) => {
                let mut fits = found.iter().copied().peekable();
                for (place, &rule) in order.iter().enumerate() {
                    let is_found = fits.next_if_eq(&place).is_some();
                    if is_found != alone[rule] {
                        let said = |fits: bool| if fits { "fits" } else { "does not fit" };
                        return Err(format!(
                            "rule {rule} {} alone, and {} in place {place} of {}",
                            said(alone[rule]),
                            said(is_found),
                            order.len()
                        ));
                    }
                }
                Ok(order.len() as u64)
            }
            // A parsed event has no text, so its error has no offset.
            (Err(found), Alone::Refused(alone))
                if found.kind() == alone.kind() && (found == alone || !is_text) =>
            {
                Ok(1)
            }
            (found, Alone::Refused(alone)) => Err(format!("{found:?}, but alone {alone:?}")),
            (Err(error), Alone::Fits(_)) => Err(format!("refused for {error:?}, but not by the rules alone")),
        }
    }
}

thread_local! {
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Makes panics available to [`caught`], in place of printing them.
pub(crate) fn keep_panics() {
    panic::set_hook(Box::new(|info| PANIC.set(info.to_string())));
}

/// Returns the result of a call, or the message of its panic.
pub(crate) fn caught<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    // A panic ends the whole round, and the data of the call is not used again.
    catch_unwind(AssertUnwindSafe(call)).map_err(|_| PANIC.take())
}
