//! The operators of the pattern language, by name.

use std::fmt;

/// Declares the operators. A row is `Variant = "name", also known as ["spelling"];`. The spellings
/// are names in other tools that are too different from the name for an edit distance.
macro_rules! operators {
    ($( #[doc = $doc:literal] $Variant:ident = $name:literal $(, also known as [$( $other:literal ),*])?; )*) => {
        /// An operator of the pattern language.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum Operator {
            $( #[doc = $doc] $Variant, )*
        }

        impl Operator {
            /// Every operator.
            pub const ALL: [Operator; [$( $name ),*].len()] = [$( Operator::$Variant ),*];

            /// Returns the name of the operator in a pattern.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $( Operator::$Variant => $name, )*
                }
            }

            /// Returns names of the operator in other tools, in lower case and without punctuation.
            const fn other_names(self) -> &'static [&'static str] {
                match self {
                    $( Operator::$Variant => &[$( $( $other ),* )?], )*
                }
            }
        }
    };
}

operators! {
    /// `{"exactly": "text"}`
    Exactly = "exactly", also known as ["equals"];
    /// `{"prefix": "text"}`
    Prefix = "prefix", also known as ["startswith", "beginswith"];
    /// `{"suffix": "text"}`
    Suffix = "suffix", also known as ["endswith"];
    /// `{"equals-ignore-case": "text"}`
    EqualsIgnoreCase = "equals-ignore-case", also known as ["ignorecase"];
    /// `{"wildcard": "te*t"}`
    Wildcard = "wildcard", also known as ["like", "contains", "shellstyle"];
    /// `{"anything-but": "text"}`
    AnythingBut = "anything-but", also known as ["not"];
    /// `{"numeric": [">", 0]}`
    Numeric = "numeric";
    /// `{"cidr": "10.0.0.0/8"}`
    Cidr = "cidr", also known as ["ipaddress"];
    /// `{"exists": true}`
    Exists = "exists";
    /// `{"regexp": "te[sx]t"}`, an extension.
    Regexp = "regexp", also known as ["matches", "pattern"];
}

impl Operator {
    /// The operators that EventBridge does not have. They are rejected unless
    /// [`PatternLimits::extensions`](crate::PatternLimits::extensions) allows them.
    pub const EXTENSIONS: &'static [Operator] = &[Operator::Regexp];

    /// Returns true if EventBridge does not have the operator.
    #[must_use]
    pub const fn is_extension(self) -> bool {
        let mut at = 0;
        while at < Operator::EXTENSIONS.len() {
            if Operator::EXTENSIONS[at] as u32 == self as u32 {
                return true;
            }
            at += 1;
        }
        false
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

    /// Returns the operator whose name is most similar to `name`, if one is similar enough.
    pub(crate) fn nearest(name: &str) -> Option<Operator> {
        // Names of more than 40 bytes are no misspellings, and the distance costs the product of
        // the lengths.
        if name.len() > 40 {
            return None;
        }
        let plain: String =
            name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let is_other_name = |operator: &Operator| operator.other_names().contains(&&*plain);
        if let Some(operator) = Operator::ALL.into_iter().find(is_other_name) {
            return Some(operator);
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
