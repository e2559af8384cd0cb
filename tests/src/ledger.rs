//! The ledger, looked through as its operators do: at the command line.

use crate::{binary, database::Database};

/// Recomputes the whole ledger; fails the test if anything is not as it must be. Gives what was told of its progress.
pub async fn verify_ledger(database: &Database) -> Vec<String> {
    let mut command = binary::command();
    command
        .envs(database.addresses())
        .args(["ledger", "verify"]);
    let verified = tokio::task::spawn_blocking(move || command.output()).await;
    let output = verified
        .expect("nothing panics here")
        .expect("the binary can be run");
    let told = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}\n{complaint}");
    let of_progress = complaint
        .lines()
        .filter(|line| line.contains("% of the ledger"));
    of_progress.map(str::to_owned).collect()
}
