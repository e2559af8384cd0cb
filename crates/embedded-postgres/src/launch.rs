//! From a folder with a cluster to a postmaster that accepts connections.

use std::{ffi::OsString, time::Duration};

use tokio_postgres::Config;

use crate::{
    cluster::ClusterOptions,
    database::Session,
    error::StartError,
    placement::Placement,
    postmaster::Postmaster,
    process_table::{remove_stale_files, running_postmaster},
    server_log::ServerLog,
    settings,
};

/// How long to wait before a connection is tried again.
const RETRY_INTERVAL: Duration = Duration::from_millis(10);

/// What `PostgreSQL` says while back ends of a killed postmaster are still ending.
const ORPHANS_STILL_THERE: &str = "is still in use";

/// What is needed to start a postmaster, any number of times.
pub(crate) struct Launch<'a> {
    /// The folders.
    pub(crate) placement: &'a Placement,
    /// What the caller asked for.
    pub(crate) options: &'a ClusterOptions,
    /// How to connect, to a database that always exists.
    pub(crate) maintenance: &'a Config,
}

impl Launch<'_> {
    /// Adopts the postmaster that runs on the cluster, or starts one, and waits until it accepts
    /// connections. Gives up after the options' limit; nothing is left running then.
    pub(crate) async fn run(&self) -> Result<Postmaster, StartError> {
        let mut log = ServerLog::open(self.placement.log_file(), self.placement.account())?;
        let rules = self.placement.access_rules();
        settings::write_access_rules(self.placement, self.options)
            .map_err(StartError::folder("write", &rules))?;
        let limit = self.options.start_limit;
        match tokio::time::timeout(limit, self.until_ready(&mut log)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(StartError::TooSlow {
                limit,
                log_file: log.path().to_owned(),
                log_tail: log.tail(),
            }),
        }
    }

    async fn until_ready(&self, log: &mut ServerLog) -> Result<Postmaster, StartError> {
        let arguments = settings::arguments(self.placement, self.options);
        loop {
            log.begin_attempt();
            let mut postmaster = match self.adopt(&arguments).await? {
                Some(adopted) => adopted,
                None => self.spawn(&arguments, log)?,
            };
            postmaster.set_disposable(self.options.disposable);
            if self.accepts_connections(&mut postmaster).await {
                return Ok(postmaster);
            }
            // An adopted one may have been about to stop; orphaned back ends go away by themselves.
            let passing = postmaster.is_adopted() || log.tail().contains(ORPHANS_STILL_THERE);
            if !passing {
                return Err(StartError::Ended {
                    status: postmaster.exit_status(),
                    log_file: log.path().to_owned(),
                    log_tail: log.tail(),
                });
            }
            tokio::time::sleep(RETRY_INTERVAL).await;
        }
    }

    async fn adopt(&self, arguments: &[OsString]) -> Result<Option<Postmaster>, StartError> {
        let cluster = self.placement.cluster();
        let Some(pid) = running_postmaster(&cluster) else {
            return Ok(None);
        };
        let mut postmaster = Postmaster::adopt(pid, cluster.clone());
        if settings::was_started_with(&cluster, arguments) {
            tracing::info!(
                pid = postmaster.pid(),
                "taking over the postmaster that an earlier process left running"
            );
            return Ok(Some(postmaster));
        }
        tracing::info!(
            pid = postmaster.pid(),
            "restarting the postmaster that an earlier process left running with other settings"
        );
        postmaster.shut_down(self.options.stop_limit).await?;
        Ok(None)
    }

    fn spawn(&self, arguments: &[OsString], log: &ServerLog) -> Result<Postmaster, StartError> {
        let cluster = self.placement.cluster();
        remove_stale_files(&cluster, self.placement.socket())
            .map_err(StartError::folder("remove stale files of", &cluster))?;
        let program = self.options.binaries.program("postgres");
        Postmaster::spawn(&program, arguments, self.placement, log).map_err(|source| {
            StartError::NotRunnable {
                program,
                uid: self.placement.account().uid(),
                source,
            }
        })
    }

    /// Tries until a connection succeeds (`true`) or the postmaster has ended (`false`).
    async fn accepts_connections(&self, postmaster: &mut Postmaster) -> bool {
        while !postmaster.has_ended() {
            if let Ok(session) = Session::open(self.maintenance).await {
                session.close().await;
                return true;
            }
            tokio::time::sleep(RETRY_INTERVAL).await;
        }
        false
    }
}
