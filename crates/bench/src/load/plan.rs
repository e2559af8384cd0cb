//! What to send.

use std::{
    fs::File,
    io::{BufReader, BufWriter, Write as _},
    path::Path,
};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

/// Requests, sent one after the other by whichever connection is free, and from the beginning again at the end.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Plan {
    /// The API key.
    pub(crate) key: String,
    /// What POSTs send, one after the other, each under an idempotency key of its own.
    pub(crate) bodies: Vec<String>,
    /// Methods and paths, for example `GET /api/v1/invoices`.
    pub(crate) requests: Vec<String>,
}

impl Plan {
    /// Reads what [`Plan::write`] wrote.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let open = || anyhow::Ok(serde_json::from_reader(BufReader::new(File::open(path)?))?);
        open().with_context(|| format!("cannot read the plan {}", path.display()))
    }

    /// Writes it for a generator.
    pub(crate) fn write(&self, path: &Path) -> anyhow::Result<()> {
        let write = || {
            let mut file = BufWriter::new(File::create(path)?);
            serde_json::to_writer(&mut file, self)?;
            anyhow::Ok(file.flush()?)
        };
        write().with_context(|| format!("cannot write the plan {}", path.display()))
    }
}
