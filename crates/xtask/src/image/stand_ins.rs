//! Base images where no registry is reached: made of the packages that the real ones are made of, under the same names.
//!
//! What they lack is of no use to the build (rustup, documentation); what they have is what Debian has today, so sizes can
//! differ a little from those of an image on the real ones.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail, ensure};

use super::podman;
use crate::{
    process,
    tools::{self, Tool},
};

/// The release of Debian that both are made of.
const RELEASE: &str = "trixie";
const MIRROR: &str = "http://deb.debian.org/debian";
/// What the Rust image has besides the toolchain.
const TOOLCHAIN_PACKAGES: &str = "ca-certificates,gcc,libc6-dev";
/// What the image without a shell has.
const BARE_PACKAGES: &str = "base-files libc6 media-types netbase tzdata";
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

type Recipe = fn(&str, &Path) -> anyhow::Result<()>;

/// How the images begin that can be made here.
const RECIPES: [(&str, Recipe); 2] = [
    ("rust:", make_toolchain),
    ("gcr.io/distroless/base-nossl-debian13:", make_bare),
];

fn recipe_of(image: &str) -> Option<Recipe> {
    let found = RECIPES.iter().find(|(name, _)| image.starts_with(name));
    found.map(|(_, recipe)| *recipe)
}

/// Whether one can be made.
#[cfg(test)]
pub(super) fn is_known(image: &str) -> bool {
    recipe_of(image).is_some()
}

/// Makes one. Only root can.
pub(super) fn make(image: &str, may_install: bool) -> anyhow::Result<()> {
    let Some(recipe) = recipe_of(image) else {
        bail!("nobody has said what is in it");
    };
    tools::ensure(&[Tool::Debootstrap], may_install)?;
    recipe(image, &debian()?)
}

/// A small Debian, which both are made with.
fn debian() -> anyhow::Result<PathBuf> {
    let folder = process::root().join("target/image/debian");
    if folder.join("usr/bin/gcc").exists() {
        return Ok(folder);
    }
    println!("Making Debian {RELEASE} of its packages");
    clear(&folder)?;
    let mut debootstrap = process::as_from_shell("debootstrap");
    debootstrap.args(["--variant=minbase", "--include", TOOLCHAIN_PACKAGES]);
    process::run(debootstrap.arg(RELEASE).arg(&folder).arg(MIRROR))?;
    Ok(folder)
}

/// The toolchain that this command was built with, on Debian.
fn make_toolchain(image: &str, debian: &Path) -> anyhow::Result<()> {
    let sysroot = process::output_of(process::as_from_shell("rustc").args(["--print", "sysroot"]));
    let sysroot = PathBuf::from(sysroot.context("there is no rustc")?);
    let to = debian.join("usr/local/rust");
    clear(&to)?;
    for part in ["bin", "lib", "libexec"] {
        let mut copy = Command::new("cp");
        process::run(copy.arg("--archive").arg(sysroot.join(part)).arg(&to))?;
    }
    let path = format!("PATH=/usr/local/cargo/bin:/usr/local/rust/bin:{PATH}");
    let changes = [
        format!("ENV {path}"),
        "ENV CARGO_HOME=/usr/local/cargo".to_owned(),
    ];
    import(debian, image, &changes)
}

/// Packages unpacked, without the programs that would install any, and a user without rights.
fn make_bare(image: &str, debian: &Path) -> anyhow::Result<()> {
    let packages = debian.join("tmp/packages");
    clear(&packages)?;
    let fetch = format!("cd /tmp/packages && apt-get download {BARE_PACKAGES}");
    let mut chroot = process::as_from_shell("chroot");
    process::run(chroot.arg(debian).args(["sh", "-c", &fetch]))?;
    let bare = process::root().join("target/image/bare");
    clear(&bare)?;
    for package in fs::read_dir(&packages)? {
        let mut unpack = process::as_from_shell("dpkg-deb");
        process::run(unpack.arg("--extract").arg(package?.path()).arg(&bare))?;
    }
    furnish(&bare, debian)?;
    let changes = [
        format!("ENV PATH={PATH}"),
        "ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt".to_owned(),
        "USER 65532".to_owned(),
        "WORKDIR /home/nonroot".to_owned(),
    ];
    import(&bare, image, &changes)
}

fn furnish(bare: &Path, debian: &Path) -> anyhow::Result<()> {
    let authorities = "etc/ssl/certs/ca-certificates.crt";
    for folder in ["etc/ssl/certs", "home/nonroot", "tmp"] {
        fs::create_dir_all(bare.join(folder))?;
    }
    fs::copy(debian.join(authorities), bare.join(authorities))?;
    let users = "root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n";
    fs::write(bare.join("etc/passwd"), users)?;
    fs::write(bare.join("etc/group"), "root:x:0:\nnonroot:x:65532:\n")?;
    let mut own = Command::new("chown");
    process::run(own.arg("65532:65532").arg(bare.join("home/nonroot")))?;
    let mut open = Command::new("chmod");
    process::run(open.arg("1777").arg(bare.join("tmp")))
}

fn clear(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(fs::create_dir_all(folder)?)
}

/// Makes an image of a folder.
fn import(folder: &Path, image: &str, changes: &[String]) -> anyhow::Result<()> {
    let mut pack = Command::new("tar");
    pack.args(["--create", "--one-file-system", "--exclude=./tmp/*"]);
    pack.args(["--exclude=./var/cache/apt/archives/*.deb", "--directory"]);
    let mut pack = pack.arg(folder).arg(".").stdout(Stdio::piped()).spawn()?;
    let packed = pack.stdout.take().context("tar says nothing")?;
    let mut import = podman();
    import.arg("import");
    for change in changes {
        import.args(["--change", change]);
    }
    import.args(["--change", "LABEL stand-in=true", "-", &named(image)]);
    process::run(import.stdin(packed))?;
    ensure!(pack.wait()?.success(), "tar failed");
    Ok(())
}

/// The name in full: what has no registry is of Docker's.
fn named(image: &str) -> String {
    if image.contains('/') {
        image.to_owned()
    } else {
        format!("docker.io/library/{image}")
    }
}
