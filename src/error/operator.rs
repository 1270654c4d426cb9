//! The operators of the pattern language, by name.

use std::fmt;

/// An operator of the pattern language.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Operator {
    /// `{"exactly": "text"}`
    Exactly,
    /// `{"prefix": "text"}`
    Prefix,
    /// `{"suffix": "text"}`
    Suffix,
    /// `{"equals-ignore-case": "text"}`
    EqualsIgnoreCase,
    /// `{"wildcard": "te*t"}`
    Wildcard,
    /// `{"anything-but": "text"}`
    AnythingBut,
    /// `{"numeric": [">", 0]}`
    Numeric,
    /// `{"cidr": "10.0.0.0/8"}`
    Cidr,
    /// `{"exists": true}`
    Exists,
}

impl Operator {
    /// Every operator.
    pub const ALL: [Operator; 9] = [
        Operator::Exactly,
        Operator::Prefix,
        Operator::Suffix,
        Operator::EqualsIgnoreCase,
        Operator::Wildcard,
        Operator::AnythingBut,
        Operator::Numeric,
        Operator::Cidr,
        Operator::Exists,
    ];

    /// The name of the operator in a pattern.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Operator::Exactly => "exactly",
            Operator::Prefix => "prefix",
            Operator::Suffix => "suffix",
            Operator::EqualsIgnoreCase => "equals-ignore-case",
            Operator::Wildcard => "wildcard",
            Operator::AnythingBut => "anything-but",
            Operator::Numeric => "numeric",
            Operator::Cidr => "cidr",
            Operator::Exists => "exists",
        }
    }

    /// Returns the operator with this name, if there is one; names are case-sensitive.
    ///
    /// ```
    /// use galop::error::Operator;
    ///
    /// assert_eq!(Operator::from_name("prefix"), Some(Operator::Prefix));
    /// assert_eq!(Operator::from_name("Prefix"), None);
    /// assert!(Operator::ALL.iter().all(|operator| Operator::from_name(operator.name()) == Some(*operator)));
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Operator> {
        Operator::ALL.into_iter().find(|operator| operator.name() == name)
    }

    /// The operator that somebody who wrote `name` may have meant.
    pub(crate) fn nearest(name: &str) -> Option<Operator> {
        /// Spellings that other tools use, and that are too far from ours for an edit distance to find.
        const OTHER_NAMES: [(&str, Operator); 10] = [
            ("startswith", Operator::Prefix),
            ("beginswith", Operator::Prefix),
            ("endswith", Operator::Suffix),
            ("ignorecase", Operator::EqualsIgnoreCase),
            ("like", Operator::Wildcard),
            ("contains", Operator::Wildcard),
            ("shellstyle", Operator::Wildcard),
            ("not", Operator::AnythingBut),
            ("ipaddress", Operator::Cidr),
            ("equals", Operator::Exactly),
        ];
        // Nobody misspells an operator at such length, and the distance costs the product of the lengths.
        if name.len() > 40 {
            return None;
        }
        let plain: String =
            name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        if let Some((_, operator)) = OTHER_NAMES.iter().find(|(other, _)| *other == plain) {
            return Some(*operator);
        }
        let distance =
            |operator: &Operator| strsim::damerau_levenshtein(&operator.name().replace('-', ""), &plain);
        let nearest = Operator::ALL.into_iter().min_by_key(distance)?;
        (distance(&nearest) <= nearest.name().len() / 3).then_some(nearest)
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Operator;

    #[test]
    fn names_are_found_again() {
        for operator in Operator::ALL {
            assert_eq!(Operator::from_name(operator.name()), Some(operator));
        }
        assert_eq!(Operator::from_name("Prefix"), None);
    }

    #[test]
    fn misspellings_lead_to_the_operator() {
        for (wrong, right) in [
            ("prefx", Operator::Prefix),
            ("Prefix", Operator::Prefix),
            ("anything_but", Operator::AnythingBut),
            ("anythingbut", Operator::AnythingBut),
            ("equalsIgnoreCase", Operator::EqualsIgnoreCase),
            ("exist", Operator::Exists),
            ("contains", Operator::Wildcard),
            ("starts-with", Operator::Prefix),
        ] {
            assert_eq!(Operator::nearest(wrong), Some(right), "{wrong}");
        }
        assert_eq!(Operator::nearest("colour"), None);
        assert_eq!(Operator::nearest(""), None);
    }
}
