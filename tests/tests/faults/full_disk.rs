//! A disk without room.

use std::{fs, path::Path, process::Command};

use embedded_postgres::{Cluster, ClusterOptions};
use tempfile::TempDir;
use tests::{Database, Setup, Tenant, eventually, installed_binaries, invoice};

use crate::{
    audit::audit,
    load::{Load, Order, Patience},
};

const SIZE: &str = "size=192m,mode=0755";
const CLIENTS: usize = 4;

/// A small file system in memory, unmounted when it is dropped.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn mount() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("tallystick-disk-")
            .tempdir_in("/tmp")
            .expect("a temporary folder can be made");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", SIZE, "tmpfs"])
            .arg(folder.path())
            .status();
        assert!(mounted.is_ok_and(|status| status.success()), "are we root?");
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Leaves no block.
    fn fill(&self) {
        let mut room = 1 << 20;
        for number in 0_u32.. {
            let piece = vec![0_u8; room];
            if fs::write(self.path().join(format!("filler-{number}")), &piece).is_err() {
                room /= 16;
            }
            if room < 4096 {
                return;
            }
        }
    }

    fn make_room(&self) {
        for entry in fs::read_dir(self.path()).expect("it is there").flatten() {
            if entry.file_name().to_string_lossy().starts_with("filler-") {
                fs::remove_file(entry.path()).expect("it is ours");
            }
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // At once from here, and for good when nobody uses it any more.
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

#[tokio::test]
async fn a_disk_that_is_full_refuses_writes_and_loses_none() {
    let disk = SmallDisk::mount();
    let options = ClusterOptions::new(disk.path().join("data"), installed_binaries());
    let mut cluster = Cluster::start(options).await.unwrap();
    let database = Database::of(&cluster);
    let service = Setup::on(&database).start().await;
    let tenant = Tenant::on(&database).await;
    let load = Load::of((0..CLIENTS).map(|_| tenant.at(&service)), Patience::Endless);
    load.make_progress(10).await;

    disk.fill();

    let client = tenant.at(&service);
    let create = |number: u32| {
        let call = client.post("/invoices", &invoice());
        call.idempotency_key(&format!("full-{number}"))
    };
    let mut asked = 0;
    eventually("writes are refused for now", async || {
        asked += 1;
        let answer = create(asked).await;
        assert!(matches!(answer.status, 201 | 503), "{}", answer.text());
        (answer.status == 503).then_some(())
    })
    .await;
    disk.make_room();
    // It may have ended for want of room for its log.
    cluster.restart().await.unwrap();
    load.make_progress(10).await;
    let mut orders = load.finish().await;
    for number in 1..=asked {
        let created = create(number).await.expect(201);
        orders.push(Order {
            id: created["id"].as_str().unwrap().to_owned(),
            status: "draft",
            version: 1,
        });
    }
    audit(&client, &database, &orders).await;
    drop(service);
    cluster.stop().await.unwrap();
}
