//! A process that holds a cluster until its standard input ends; what the tests start to kill it.
//!
//! It reads one line: `start <folder>`, `temporary` or `shared`; and answers with `holder: <postmaster's process id> <folder of
//! the database files>` or `holder: error <why not>`.

use std::io::stdin;

use embedded_postgres::{
    Binaries, Cluster, ClusterOptions, SearchHints,
    testing::{TestServer, TestServerError},
};
use tokio::sync::OnceCell;

static SHARED: OnceCell<TestServer> = OnceCell::const_new();

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut orders = stdin().lines().map_while(Result::ok);
    let order = orders.next().unwrap_or_default();
    let hints = SearchHints::default();
    let started = match order.split_once(' ') {
        Some(("start", folder)) => {
            let options = ClusterOptions::new(folder, Binaries::find(&hints)?);
            Cluster::start(options).await
        }
        _ if order == "shared" => return hold_in_a_static(&hints).await.map_err(Into::into),
        _ => Cluster::temporary(Binaries::find(&hints)?, Vec::new()).await,
    };
    match started {
        Ok(cluster) => {
            report(&cluster);
            let _held_until_the_end = orders.count();
        }
        Err(error) => println!("holder: error {error}"),
    }
    Ok(())
}

/// Returns right away: statics are not dropped, and the server must end all the same.
async fn hold_in_a_static(hints: &SearchHints) -> Result<(), TestServerError> {
    let start = || TestServer::start(hints, Vec::new());
    let server = SHARED.get_or_try_init(start).await?;
    report(server.cluster());
    Ok(())
}

fn report(cluster: &Cluster) {
    let (pid, files) = (cluster.postmaster_pid(), cluster.files());
    println!("holder: {pid} {}", files.display());
}
