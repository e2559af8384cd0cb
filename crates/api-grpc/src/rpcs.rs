//! What can be called, by its path: what metrics count by, so that clients cannot make names up.

use std::{collections::HashMap, sync::LazyLock};

use prost::Message as _;
use prost_types::FileDescriptorSet;

use crate::proto::DESCRIPTORS;

/// A service and one of its methods.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rpc {
    /// The full name of the service.
    pub(crate) service: String,
    /// The method.
    pub(crate) method: String,
}

/// What stands for everything that there is not.
static UNKNOWN: LazyLock<Rpc> = LazyLock::new(|| Rpc {
    service: "other".to_owned(),
    method: "other".to_owned(),
});

static RPCS: LazyLock<HashMap<String, Rpc>> = LazyLock::new(|| {
    let described = [
        DESCRIPTORS,
        tonic_health::pb::FILE_DESCRIPTOR_SET,
        tonic_reflection::pb::v1::FILE_DESCRIPTOR_SET,
        tonic_reflection::pb::v1alpha::FILE_DESCRIPTOR_SET,
    ];
    described.into_iter().flat_map(rpcs).collect()
});

/// The rpc at a path.
pub(crate) fn find(path: &str) -> &'static Rpc {
    RPCS.get(path).unwrap_or(&UNKNOWN)
}

/// Whether there is a service of this full name.
pub(crate) fn has_service(name: &str) -> bool {
    RPCS.values().any(|rpc| rpc.service == name)
}

/// Whether a path is the API's, which nobody calls without a key.
pub(crate) fn needs_key(path: &str) -> bool {
    path.starts_with("/tallystick.")
}

fn rpcs(descriptors: &[u8]) -> Vec<(String, Rpc)> {
    // They are part of the binary.
    let described = FileDescriptorSet::decode(descriptors).unwrap_or_default();
    let mut rpcs = Vec::new();
    for file in &described.file {
        for service in &file.service {
            for method in &service.method {
                let service = format!("{}.{}", file.package(), service.name());
                let method = method.name().to_owned();
                rpcs.push((format!("/{service}/{method}"), Rpc { service, method }));
            }
        }
    }
    rpcs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_known_by_service_and_method() {
        let rpc = find("/tallystick.v1.InvoiceService/CreateInvoice");

        assert_eq!(rpc.service, "tallystick.v1.InvoiceService");
        assert_eq!(rpc.method, "CreateInvoice");
        assert_eq!(find("/grpc.health.v1.Health/Check").method, "Check");
        assert_eq!(
            find("/tallystick.v1.InvoiceService/Nonsense").method,
            "other"
        );
    }
}
