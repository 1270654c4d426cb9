//! Builds the library for C, and programs with it.
//!
//! `cargo test` makes no library that C could link: the package has only the default `crate-type`,
//! so that Rust users build nothing else. A nested `cargo rustc` makes both libraries in a separate
//! target directory. The lock of the outer cargo does not apply there, and libraries with other
//! features cannot be left over. The build compiles three small dependencies, and does nothing if
//! nothing has changed.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use galop_harness::process;

/// The library is built in parallel with other tests, on a machine that may have other work.
const LIMIT_OF_CARGO: Duration = Duration::from_secs(1_800);

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the directory for the files of the tests.
fn scratch() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// The directory of both libraries.
pub(crate) struct Library {
    directory: PathBuf,
}

impl Library {
    pub(crate) fn shared(&self) -> PathBuf {
        self.directory.join(format!("{}galop{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX))
    }
}

pub(crate) fn library() -> Result<&'static Library, String> {
    static LIBRARY: LazyLock<Result<Library, String>> = LazyLock::new(|| {
        let target = scratch().join("library");
        let mut cargo = Command::new(env!("CARGO"));
        // The outer cargo has fetched all dependencies.
        cargo.args(["rustc", "--lib", "--features", "capi", "--crate-type", "cdylib,staticlib", "--frozen"]);
        // An optimised build would take longer than the programs would save.
        cargo.args(["--config", "profile.dev.debug=\"line-tables-only\""]);
        cargo.arg("--manifest-path").arg(root().join("Cargo.toml")).arg("--target-dir").arg(&target);
        // The programs run on this machine, whatever the target of the outer build is.
        cargo.env_remove("CARGO_BUILD_TARGET");
        finish_within(&mut cargo, LIMIT_OF_CARGO)?;
        Ok(Library { directory: target.join("debug") })
    });
    LIBRARY.as_ref().map_err(String::clone)
}

/// The way to link and run a program.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Mode {
    Shared,
    Static,
    /// The Rust code is not instrumented, but its allocations, frees and leaks are seen.
    Sanitized,
    Valgrind,
}

const SANITIZERS: &[&str] =
    &["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"];
const VALGRIND: &[&str] =
    &["--quiet", "--leak-check=full", "--errors-for-leak-kinds=definite,possible", "--error-exitcode=99"];

impl Mode {
    pub(crate) const ALL: [Mode; 4] = [Mode::Shared, Mode::Static, Mode::Sanitized, Mode::Valgrind];

    /// Returns true if the tools exist and work. A compiler is required, and not tested for.
    pub(crate) fn is_available(self) -> bool {
        match self {
            Mode::Shared => true,
            // On other systems, a static library needs other system libraries.
            Mode::Static => cfg!(target_os = "linux"),
            Mode::Sanitized => {
                let program = scratch().join("sanitized-probe");
                let compiled = C99.compile_text("int main(void) { return 0; }\n", SANITIZERS, &program);
                compiled.is_ok() && finish(&mut Command::new(program)).is_ok()
            }
            Mode::Valgrind => {
                let mut probe = Command::new("valgrind");
                finish(probe.args(VALGRIND).arg("/bin/true")).is_ok()
            }
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Mode::Shared => "shared library",
            Mode::Static => "static library",
            Mode::Sanitized => "address and undefined-behaviour sanitizers",
            Mode::Valgrind => "valgrind",
        })
    }
}

/// A compiler, and the language standard of a program.
pub(crate) struct Compiler {
    variable: &'static str,
    default: &'static str,
    extension: &'static str,
    standard: &'static str,
}

pub(crate) const C99: Compiler =
    Compiler { variable: "CC", default: "cc", extension: "c", standard: "-std=c99" };
pub(crate) const CPP11: Compiler =
    Compiler { variable: "CXX", default: "c++", extension: "cpp", standard: "-std=c++11" };

impl Compiler {
    pub(crate) fn is_available(&self) -> bool {
        finish(self.command().arg("--version")).is_ok()
    }

    fn command(&self) -> Command {
        let name = env::var_os(self.variable).filter(|name| !name.is_empty());
        let mut command = Command::new(name.unwrap_or_else(|| self.default.into()));
        command.arg(self.standard);
        command.args(["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror", "-g"]);
        command.arg("-D_POSIX_C_SOURCE=200809L").arg("-I").arg(root().join("src/capi"));
        command
    }

    fn compile_text(&self, text: &str, options: &[&str], program: &Path) -> Result<(), String> {
        let source = program.with_extension(self.extension);
        fs::write(&source, text).map_err(|error| error.to_string())?;
        finish(self.command().args(options).arg(&source).arg("-o").arg(program)).map(drop)
    }
}

/// Compiles a program without linking the library.
pub(crate) fn compiles(compiler: &Compiler, text: &str) -> Result<(), String> {
    compiler.compile_text(text, &[], &scratch().join(format!("{}-program", compiler.extension)))
}

/// Compiles and runs a program. Returns its output if it exits with 0.
pub(crate) fn run(source: &Path, mode: Mode, arguments: &[&OsStr]) -> Result<String, String> {
    /// Tests run in parallel, and may build the same program.
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let directory = &library()?.directory;
    let name = source.file_stem().unwrap_or_default().to_string_lossy();
    let program = scratch().join(format!("{name}-{}", COUNT.fetch_add(1, Ordering::Relaxed)));

    let is_cpp = source.extension().is_some_and(|extension| extension == CPP11.extension);
    let mut compiler = if is_cpp { CPP11.command() } else { C99.command() };
    compiler.arg(source).arg("-o").arg(&program).arg("-pthread");
    if mode == Mode::Static {
        compiler.arg(directory.join("libgalop.a"));
        compiler.args(["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl", "-lc"]);
    } else {
        let mut run_path = OsString::from("-Wl,-rpath,");
        run_path.push(directory);
        compiler.arg("-L").arg(directory).arg("-lgalop").arg(run_path);
    }
    if mode == Mode::Sanitized {
        compiler.args(SANITIZERS);
    }
    finish(&mut compiler)?;

    if mode == Mode::Valgrind {
        let mut command: Vec<&OsStr> = VALGRIND.iter().map(OsStr::new).collect();
        command.push(program.as_ref());
        command.extend(arguments);
        output("valgrind", &command)
    } else {
        output(&program, arguments)
    }
}

/// Returns the standard output of a command if it exits with 0.
pub(crate) fn output(program: impl AsRef<OsStr>, arguments: &[&OsStr]) -> Result<String, String> {
    finish(Command::new(program).args(arguments))
}

fn finish(command: &mut Command) -> Result<String, String> {
    finish_within(command, process::LIMIT)
}

fn finish_within(command: &mut Command, limit: Duration) -> Result<String, String> {
    let result = process::output(command, b"", limit)?;
    let printed = String::from_utf8_lossy(&result.stdout).into_owned();
    if result.status.success() {
        return Ok(printed);
    }
    let shown: String = printed.chars().take(2_000).collect();
    let errors = String::from_utf8_lossy(&result.stderr);
    Err(format!("{command:?}: {}\n{shown}{errors}", result.status))
}
