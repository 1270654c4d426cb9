//! The kinds of scalar values.

/// The kind of a value that is neither an object nor an array.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    String = 0,
    Number = 1,
    True = 2,
    False = 3,
    Null = 4,
}

impl Kind {
    pub(crate) const ALL: [Kind; 5] = [Kind::String, Kind::Number, Kind::True, Kind::False, Kind::Null];
}
