//! JSON that is written for a pattern in another notation. Each character has its place in the file.

use crate::pattern_text::Place;
use crate::template::scalar::Placed;

/// JSON with a place for each character, and the place of the next character without one.
pub(super) struct Json(Placed, Place);

impl Json {
    pub(super) fn new(begin: Place) -> Json {
        Json(Placed::new(), begin)
    }

    pub(super) fn into_placed(self) -> Placed {
        self.0
    }

    pub(super) fn push(&mut self, c: char, place: Place) {
        self.0.push((c, place));
        self.1 = Place { column: place.column + 1, ..place };
    }

    /// Adds a text that the file has in the same spelling.
    pub(super) fn run(&mut self, text: &str, begin: Place) {
        for (index, c) in text.chars().enumerate() {
            self.push(c, Place { column: begin.column + index, ..begin });
        }
    }

    /// Adds a text that the file does not have, all of it at one place.
    pub(super) fn fixed(&mut self, text: &str, place: Place) {
        text.chars().for_each(|c| self.push(c, place));
    }

    /// Adds a sign that YAML writes otherwise, at the place after the last character.
    pub(super) fn end(&mut self, c: char) {
        let place = self.1;
        self.0.push((c, place));
    }

    pub(super) fn comma(&mut self, index: usize) {
        if index > 0 {
            self.end(',');
        }
    }

    /// Adds a JSON string. `quote` is the place of the quote of the file, if it has one.
    pub(super) fn string(&mut self, text: &[(char, Place)], begin: Place, quote: Option<Place>) {
        let first = text.first().map_or(begin, |&(_, place)| place);
        self.push('"', quote.unwrap_or(first));
        for &(c, place) in text {
            match c {
                '"' | '\\' => self.fixed(&format!("\\{c}"), place),
                '\0'..='\x1f' => self.fixed(&format!("\\u{:04x}", u32::from(c)), place),
                _ => self.push(c, place),
            }
        }
        match quote {
            Some(_) => self.push('"', self.1),
            None => self.end('"'),
        }
    }
}
