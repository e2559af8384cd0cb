//! `cargo xtask bench`: builds what is measured and what measures, and runs it.

use anyhow::{Context, ensure};
use clap::Args;

use crate::{
    process,
    tools::{self, Tool},
};

/// Options of `cargo xtask bench`.
#[derive(Args)]
pub(crate) struct Options {
    /// Install nothing: when PostgreSQL or Redis is missing, print the commands that would install it.
    #[arg(long)]
    no_install: bool,
    /// What `tallystick-bench run` understands: `--quick` (< 2 minutes), `--scenario <NAME>` (repeatable),
    /// `--write-docs`, `--help`.
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARGUMENTS"
    )]
    arguments: Vec<String>,
}

/// Both as they are shipped, and together, so that neither waits for the other.
pub(crate) fn execute(options: &Options) -> anyhow::Result<()> {
    let may_install = !options.no_install;
    tools::ensure(&[Tool::PostgreSql, Tool::Redis], may_install)?;
    tools::kafka::prepare(may_install);
    let mut cargo = process::cargo();
    cargo.args([
        "build",
        "--profile",
        "dist",
        "--package",
        "server",
        "--package",
        "bench",
        "--features",
        "server/kafka",
    ]);
    process::run(&mut cargo)?;

    let metadata = process::metadata()?;
    let target = metadata["target_directory"]
        .as_str()
        .context("cargo metadata has no target directory")?;
    let mut bench = process::as_from_shell(format!("{target}/dist/tallystick-bench"));
    let status = bench
        .arg("run")
        .args(&options.arguments)
        .status()
        .context("cannot start tallystick-bench")?;
    ensure!(status.success(), "the bench failed ({status})");
    Ok(())
}
