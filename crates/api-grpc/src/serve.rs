//! Serving the API on a socket.

use std::{net::TcpListener, sync::Arc, time::Duration};

use tonic::{
    service::Routes,
    transport::{Server, server::TcpIncoming},
};
use tonic_health::pb::health_server::HealthServer;
use tonic_reflection::server::Builder as Reflection;

use crate::{
    api::GrpcApi,
    events::Events,
    gate::Gate,
    health::HealthService,
    invoicing::Invoices,
    ledger::Ledger,
    payments::Payments,
    proto::{
        DESCRIPTORS,
        v1::{
            event_service_server::EventServiceServer, invoice_service_server::InvoiceServiceServer,
            ledger_service_server::LedgerServiceServer,
            payment_service_server::PaymentServiceServer, user_service_server::UserServiceServer,
            voucher_service_server::VoucherServiceServer,
        },
    },
    users::Users,
    vouchers::Vouchers,
};

/// The largest message that is read: 1 MiB, as REST's bodies.
const MESSAGE_BYTES_MAX: usize = 1024 * 1024;
/// How many calls may be under way on one connection.
const CALLS_MAX: u32 = 256;
/// A connection whose peer does not answer this often is gone.
const PING_EVERY: Duration = Duration::from_mins(1);

/// Why the API is not served.
#[derive(Debug, thiserror::Error)]
pub enum Unserved {
    /// The socket is of no use.
    #[error("the socket cannot be used")]
    Socket(#[from] std::io::Error),
    /// The descriptors of the protos are not as they were made.
    #[error("the descriptors cannot be read")]
    Descriptors(#[from] tonic_reflection::server::Error),
    /// The transport ended by itself.
    #[error("the transport failed")]
    Transport(#[from] tonic::transport::Error),
}

/// Answers calls on a socket until `end` is over, and then those that are under way. Must be called on a runtime.
pub async fn serve(
    api: Arc<GrpcApi>,
    socket: TcpListener,
    end: impl Future<Output = ()> + Send,
) -> Result<(), Unserved> {
    socket.set_nonblocking(true)?;
    let incoming = TcpIncoming::from(tokio::net::TcpListener::from_std(socket)?);
    let incoming = incoming.with_nodelay(Some(true));
    let routes = routes(&api)?;
    let closing = api.closing.clone();
    let end = async move {
        end.await;
        closing.cancel();
    };
    Server::builder()
        .max_concurrent_streams(CALLS_MAX)
        .http2_keepalive_interval(Some(PING_EVERY))
        .layer(Gate(api))
        .add_routes(routes)
        .serve_with_incoming_shutdown(incoming, end)
        .await?;
    Ok(())
}

fn routes(api: &Arc<GrpcApi>) -> Result<Routes, Unserved> {
    macro_rules! limited {
        ($server:ident, $service:expr) => {
            $server::new($service).max_decoding_message_size(MESSAGE_BYTES_MAX)
        };
    }
    let api = || Arc::clone(api);
    // Some clients know the older protocol only.
    let (v1, v1alpha) = (reflection().build_v1()?, reflection().build_v1alpha()?);
    let mut routes = Routes::builder();
    routes
        .add_service(limited!(InvoiceServiceServer, Invoices(api())))
        .add_service(limited!(LedgerServiceServer, Ledger(api())))
        .add_service(limited!(PaymentServiceServer, Payments(api())))
        .add_service(limited!(UserServiceServer, Users(api())))
        .add_service(limited!(VoucherServiceServer, Vouchers(api())))
        .add_service(limited!(EventServiceServer, Events(api())))
        .add_service(limited!(HealthServer, HealthService(api())))
        .add_service(v1)
        .add_service(v1alpha);
    Ok(routes.routes())
}

fn reflection() -> Reflection<'static> {
    Reflection::configure()
        .register_encoded_file_descriptor_set(DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
}
