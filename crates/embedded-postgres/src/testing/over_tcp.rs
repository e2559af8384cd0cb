//! A cluster that is not on a socket only.

use super::TestServerError;
use crate::{
    binaries::Binaries,
    cluster::{Cluster, ClusterOptions, TcpAccess},
    temporary::Watchdog,
};

/// A temporary cluster that is reached by its socket, and over TCP besides: where TLS is spoken.
pub async fn cluster_over_tcp(
    binaries: Binaries,
    tcp: TcpAccess,
) -> Result<Cluster, TestServerError> {
    let (folder, watchdog) = Watchdog::over_new_folder()?;
    let mut options = ClusterOptions::new(folder, binaries);
    options.tcp = Some(tcp);
    options.disposable = true;
    let mut cluster = Cluster::start(options).await?;
    cluster.watch(watchdog);
    Ok(cluster)
}
