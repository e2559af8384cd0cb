//! Calls over gRPC.

use tests::{Collector, Database, Tenant};
use tonic::{Request, client::Grpc, codegen::http::uri::PathAndQuery, transport::Endpoint};
use tonic_prost::ProstCodec;

use super::{CLIENT_SPAN, TRACE, line_of, only, telling, traceparent};

/// What many requests look like that ask for one thing.
#[derive(Clone, PartialEq, prost::Message)]
struct ById {
    #[prost(string, tag = "1")]
    id: String,
}

#[tokio::test]
async fn a_call_goes_on_with_the_trace_of_its_client() {
    let (collector, database) = (Collector::start(), Database::fresh().await);
    let service = telling(&collector, &database).start().await;
    let tenant = Tenant::on(&database).await;
    let endpoint = Endpoint::from_shared(format!("http://{}", service.grpc_address())).unwrap();
    let mut client = Grpc::new(endpoint.connect().await.unwrap());
    let mut request = Request::new(ById {
        id: "0193aaaa-0000-7000-8000-000000000000".to_owned(),
    });
    let bearer = format!("Bearer {}", tenant.key);
    let metadata = request.metadata_mut();
    metadata.insert("authorization", bearer.parse().unwrap());
    metadata.insert("traceparent", traceparent().parse().unwrap());

    client.ready().await.unwrap();
    let path = PathAndQuery::from_static("/tallystick.v1.InvoiceService/GetInvoice");
    let codec = ProstCodec::<ById, ById>::default();
    let refused = client.unary(request, path, codec).await.unwrap_err();

    assert_eq!(refused.code(), tonic::Code::NotFound);
    let name = "tallystick.v1.InvoiceService/GetInvoice";
    let spans = collector.trace(TRACE, &[name]).await;
    assert_eq!(only(&spans, name).parent, CLIENT_SPAN);
    let read = spans
        .iter()
        .find(|span| span.name.starts_with("SELECT invoices"));
    assert_eq!(line_of(&spans, read.unwrap())[0], name);
}
