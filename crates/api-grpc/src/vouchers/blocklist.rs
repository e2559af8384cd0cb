//! The rpcs of the blocklist.

use api_shared::{
    problem::{Refusal, catalogue::NOT_FOUND},
    vouchers::{block_filter, blocked, unblocked},
};
use app::vouchers::{BlockCustomer, BlockedCustomer, LiftBlock, UnblockCustomer};
use domain::ids::VoucherBlockId;

use super::shown::block;
use crate::{
    call::{Call, Denied, Reply},
    input::expecting,
    proto::v1::{
        BlockCustomerRequest, BlockCustomerResponse, DeleteVoucherBlockRequest,
        DeleteVoucherBlockResponse, GetVoucherBlockRequest, GetVoucherBlockResponse,
        ListVoucherBlocksRequest, ListVoucherBlocksResponse, UnblockCustomerRequest,
        UnblockCustomerResponse,
    },
};

pub(super) async fn block_customer(
    call: Call<BlockCustomerRequest>,
) -> Result<Reply<BlockCustomerResponse>, Denied> {
    let (who, metadata) = call.read(|input| input.body(blocked))?;
    let command = BlockCustomer {
        caller: call.acting(),
        who,
        metadata,
    };
    let show = |blocked: &BlockedCustomer| BlockCustomerResponse {
        block: Some(block(&blocked.block)),
    };
    call.execute(&call.api.vouchers.block, command, show).await
}

pub(super) async fn get_voucher_block(
    call: Call<GetVoucherBlockRequest>,
) -> Result<Reply<GetVoucherBlockResponse>, Denied> {
    let id = call.read(|input| input.id("id", &call.message.id, VoucherBlockId::from_uuid))?;
    let blocks = &call.api.vouchers.blocks;
    let found = blocks.find_block(call.organization_id(), id).await?;
    let unknown = || Refusal::of(&NOT_FOUND).because(format!("there is no block {id}"));
    Ok(Reply::fresh(GetVoucherBlockResponse {
        block: Some(block(&found.ok_or_else(unknown)?)),
    }))
}

pub(super) async fn list_voucher_blocks(
    call: Call<ListVoucherBlocksRequest>,
) -> Result<Reply<ListVoucherBlocksResponse>, Denied> {
    let (filter, window) = call.read(|input| input.query(|query| query.list(block_filter)))?;
    let blocks = &call.api.vouchers.blocks;
    let listing = blocks
        .list_blocks(call.organization_id(), &filter, window)
        .await?;
    Ok(Reply::fresh(ListVoucherBlocksResponse {
        blocks: listing.rows.iter().map(block).collect(),
        next_cursor: call.next_cursor(listing.next),
    }))
}

pub(super) async fn delete_voucher_block(
    call: Call<DeleteVoucherBlockRequest>,
) -> Result<Reply<DeleteVoucherBlockResponse>, Denied> {
    let id = call.read(|input| input.id("id", &call.message.id, VoucherBlockId::from_uuid))?;
    let command = LiftBlock {
        caller: call.acting(),
        id,
        precondition: expecting(call.message.expected_version),
    };
    let show = |&(): &()| DeleteVoucherBlockResponse {};
    let handler = &call.api.vouchers.lift;
    call.execute_always(handler, command, show).await
}

pub(super) async fn unblock_customer(
    call: Call<UnblockCustomerRequest>,
) -> Result<Reply<UnblockCustomerResponse>, Denied> {
    let holder = call.read(|input| input.query(unblocked))?;
    let command = UnblockCustomer {
        caller: call.acting(),
        holder,
    };
    let show = |&(): &()| UnblockCustomerResponse {};
    let handler = &call.api.vouchers.unblock;
    call.execute_always(handler, command, show).await
}
