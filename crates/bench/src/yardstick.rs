//! What the service is compared with: bare actix handlers with nothing around them. No authentication, no limits, no
//! log, no metrics; the same framework, allocator, number of threads and pool size, and the same paths as the service.

mod constant;
mod insert;
mod json_column;
mod row_document;
mod select;
mod store;
mod validate;

use std::{
    io::{self, Read as _, Write as _},
    net::Ipv4Addr,
    path::PathBuf,
    thread,
};

use actix_web::{App, HttpServer, web::ServiceConfig};
use anyhow::Context as _;
use clap::{Args, Subcommand};
use uuid::Uuid;

use self::store::Store;

/// Where both the service and the yardsticks have an invoice.
const INVOICE: &str = "/api/v1/invoices/{id}";
/// Where both take a new one.
const INVOICES: &str = "/api/v1/invoices";

/// Options of `tallystick-bench yardstick`.
#[derive(Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Subcommand)]
enum Kind {
    /// Answer every GET of an invoice with the bytes of a file.
    Constant {
        /// The file.
        #[arg(long, value_name = "FILE")]
        body: PathBuf,
    },
    /// Answer a GET of an invoice by one SELECT, its row written as JSON.
    Select(Source),
    /// Answer a POST of an invoice by one INSERT that commits, of a row that is always the same but for its id.
    Insert(Source),
    /// Answer a POST that asks what a voucher gives by one SELECT, its row written as JSON.
    Validate(Source),
}

#[derive(Args)]
struct Source {
    /// The database.
    #[arg(long)]
    database: String,
    /// Whose invoices.
    #[arg(long, value_name = "ID")]
    organization: Uuid,
}

/// Serves until standard input ends.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    match &options.kind {
        Kind::Constant { body } => {
            let body =
                std::fs::read(body).with_context(|| format!("cannot read {}", body.display()))?;
            let body = bytes::Bytes::from(body);
            serve(move |config| constant::configure(config, body.clone()))
        }
        Kind::Select(source) => {
            let store = Store::open(&source.database, source.organization)?;
            serve(move |config| select::configure(config, store.clone()))
        }
        Kind::Insert(source) => {
            let store = Store::open(&source.database, source.organization)?;
            serve(move |config| insert::configure(config, store.clone()))
        }
        Kind::Validate(source) => {
            let store = Store::open(&source.database, source.organization)?;
            serve(move |config| validate::configure(config, store.clone()))
        }
    }
}

fn serve(configure: impl Fn(&mut ServiceConfig) + Clone + Send + 'static) -> anyhow::Result<()> {
    actix_web::rt::System::new().block_on(async {
        let server = HttpServer::new(move || App::new().configure(configure.clone()))
            .bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = server.addrs().first().copied();
        let mut out = io::stdout();
        writeln!(out, "{}", address.context("no address")?)?;
        out.flush()?;
        thread::spawn(end_with_input);
        Ok(server.run().await?)
    })
}

/// Whoever started this process holds the other end, and so cannot leave it behind.
fn end_with_input() {
    let mut input = io::stdin();
    while input.read(&mut [0; 16]).is_ok_and(|read| read > 0) {}
    std::process::exit(0);
}
