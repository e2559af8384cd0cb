//! How a service is put together of its rpcs.

/// Each rpc: its name, its request, its answer, its scope, and who serves it.
macro_rules! rpcs {
    ($service:ident for $server:ty {
        $($rpc:ident($request:ident) -> $response:ident, $scope:ident, $serve:path;)+
    }) => {
        #[async_trait::async_trait]
        impl $service for $server {$(
            async fn $rpc(
                &self,
                request: tonic::Request<$request>,
            ) -> Result<tonic::Response<$response>, tonic::Status> {
                self.0.answer(request, $scope, $serve).await
            }
        )+}
    };
}
pub(crate) use rpcs;
