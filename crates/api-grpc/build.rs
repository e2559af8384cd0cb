//! Compiles the protos, and keeps their descriptors for reflection.

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use prost::Message as _;

const PROTOS: &str = "../../proto";
const PACKAGE: &str = "tallystick/v1";

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script where to write by its environment"
)]
fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(PROTOS);
    let mut files = Vec::new();
    for entry in fs::read_dir(root.join(PACKAGE))? {
        files.push(entry?.path());
    }
    files.retain(|path| path.extension().is_some_and(|it| it == "proto"));
    files.sort();
    println!("cargo::rerun-if-changed={PROTOS}");

    let descriptors = protox::compile(&files, [root])?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("descriptors.bin"), descriptors.encode_to_vec())?;
    tonic_prost_build::configure()
        // Equal messages have equal bytes: idempotency keys are bound to them.
        .btree_map(".")
        .compile_fds(descriptors)?;
    Ok(())
}
