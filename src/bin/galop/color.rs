//! When output has colours.

use std::env;
use std::io::{self, IsTerminal};

use clap::ValueEnum;
use galop::explain::Style;

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless the variable NO_COLOR is set or TERM is `dumb`
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Returns the style of standard output.
    pub(crate) fn style(self) -> Style {
        let is_wanted = match self {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                io::stdout().is_terminal()
                    && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                    && env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        };
        if is_wanted { Style::Ansi } else { Style::Plain }
    }
}
