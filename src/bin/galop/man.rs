//! `galop man`: the manual pages, made from the help of the commands.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;

use crate::{Ending, Failure, args};

pub(crate) const HELP: &str = "\
Examples:
  galop man | man -l -
  galop man match | man -l -
  galop man --dir ~/.local/share/man/man1

Exit codes: 0 the pages are written, 2 there is no such command, or a page cannot be written.";

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Command whose page is printed; default: the page of galop
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
    /// Write the pages of galop and of all its commands to this directory
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub(crate) dir: Option<PathBuf>,
}

pub(crate) fn run(args: &ManArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    // The pages list the commands, and `help` has no page.
    let galop = args::Args::command().disable_help_subcommand(true);
    if let Some(dir) = &args.dir {
        write_all(&galop, dir)?;
        return Ok(Ending::Yes);
    }
    let page = match &args.command {
        None => page(galop),
        Some(name) => match galop.find_subcommand(name) {
            Some(command) => page(of_command(command)),
            None => return Err(Failure::Input(format!("there is no command {name}"))),
        },
    };
    out.write_all(&page?)?;
    Ok(Ending::Yes)
}

/// Writes `galop.1` and a page for each command.
fn write_all(galop: &Command, dir: &Path) -> Result<(), Failure> {
    let fault = |path: &Path, error: &io::Error| Failure::Input(format!("{}: {error}", path.display()));
    fs::create_dir_all(dir).map_err(|error| fault(dir, &error))?;
    for command in [galop.clone()].into_iter().chain(galop.get_subcommands().map(of_command)) {
        let path = dir.join(format!("{}.1", command.get_display_name().unwrap_or("galop")));
        fs::write(&path, page(command)?).map_err(|error| fault(&path, &error))?;
    }
    Ok(())
}

/// Returns a command under the name of its page.
fn of_command(command: &Command) -> Command {
    let name = command.get_name();
    command.clone().display_name(format!("galop-{name}")).bin_name(format!("galop {name}"))
}

fn page(command: Command) -> io::Result<Vec<u8>> {
    let notes = command.get_after_help().map(ToString::to_string);
    let has_commands = command.has_subcommands();
    let source = concat!("galop ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.version(env!("CARGO_PKG_VERSION"))).source(source);
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if has_commands {
        man.render_subcommands_section(&mut page)?;
    }
    if let Some(notes) = notes {
        page.extend_from_slice(b".SH NOTES\n");
        notes_section(&notes, &mut page);
    }
    Ok(page)
}

/// Appends the text after the options. `Man` fills paragraphs, which would join the lines of
/// examples and tables, so paragraphs with indented lines are not filled.
fn notes_section(notes: &str, page: &mut Vec<u8>) {
    for paragraph in notes.split("\n\n") {
        let is_table = paragraph.lines().any(|line| line.starts_with(' '));
        page.extend_from_slice(if is_table { b".PP\n.nf\n" } else { b".PP\n" });
        for line in paragraph.lines() {
            // A dot at the start of a line would be a request.
            let guard = if line.starts_with('.') { "\\&" } else { "" };
            let line = line.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq");
            page.extend_from_slice(format!("{guard}{line}\n").as_bytes());
        }
        if is_table {
            page.extend_from_slice(b".fi\n");
        }
    }
}
