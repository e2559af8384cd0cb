//! The faults that are worth a test, and the tests of each. What stands before a `/` is the package, if it is not `tests`.

/// A fault, and its tests by their full names.
pub(super) type Fault = (&'static str, &'static [&'static str]);

#[rustfmt::skip]
pub(super) const FAULTS: &[Fault] = &[
    ("kill -9 at random moments under load", &[
        "crashes::whatever_was_answered_survives_kills_at_random_moments",
        "transfers::transfers_survive_kills_of_the_server_at_random_moments",
        "transfers::two_servers_on_one_ledger_keep_it_together_while_one_is_killed",
        "cashiers::money_that_moves_in_any_way_survives_kills_of_the_server_at_random_moments"]),
    ("SIGTERM under load, two instances behind a proxy", &[
        "rolling::two_instances_behind_a_proxy_are_restarted_in_turn_and_no_request_fails"]),
    ("upgrade beside the previous release", &[
        "upgrade::the_previous_release_works_on_while_the_database_is_migrated_and_the_new_one_beside_it"]),
    ("SIGSTOP the service past its leases", &[
        "payments::takeover::a_worker_that_stops_past_its_lease_has_no_say_when_it_comes_back",
        "validators::a_validator_that_stops_past_its_lease_has_no_say_when_it_comes_back",
        "event_feed::a_relay_that_stops_with_the_log_in_its_hands_is_replaced_within_ten_seconds",
        "voucher_jobs::a_worker_that_stops_keeps_nobody_from_the_job_for_long_and_has_no_say_when_it_comes_back"]),
    ("client hangs up after 1 to 300 ms, pool of 2", &[
        "clients::clients_that_hang_up_leave_no_transaction_open_and_a_pool_of_two_serves_on"]),
    ("a request limit of 1 ms", &[
        "clients::a_service_that_gives_up_after_a_millisecond_leaves_no_transaction_open"]),
    ("pg_terminate_backend on random back ends", &[
        "postgres::connections_that_are_cut_all_the_time_cost_no_write",
        "transfers::transfers_survive_the_end_of_their_connections"]),
    ("kill -9 one back end: all connections die", &[
        "transfers::transfers_survive_back_ends_that_are_killed_and_take_all_others_along"]),
    ("immediate stop and start of PostgreSQL", &[
        "postgres::a_database_that_is_stopped_and_started_is_503_in_between_and_loses_nothing"]),
    ("kill -9 a PgBouncer in front of PostgreSQL", &[
        "pooler::a_pooler_that_is_killed_is_503_in_between_and_loses_nothing",
        "pooler::money_moves_once_however_often_the_pooler_is_killed"]),
    ("the primary dies, its standby is promoted", &[
        "failover::a_standby_that_is_promoted_when_the_primary_dies_has_every_answered_write"]),
    ("the synchronous standby is away", &[
        "failover::a_write_that_the_standby_does_not_have_is_not_answered_before_it_is_back",
        "failover::a_write_that_an_operator_keeps_from_waiting_for_the_standby_is_not_answered"]),
    ("a replica falls behind or dies", &[
        "replica::a_list_from_a_replica_has_what_was_just_written_however_far_behind_the_replica_is",
        "replica::a_replica_that_comes_back_is_read_again"]),
    ("SIGSTOP the replica", &[
        "replica::a_list_goes_on_at_the_primary_when_the_replica_stops_in_the_middle_of_it"]),
    ("the answer to COMMIT is lost", &[
        "lost_commits::a_commit_whose_answer_is_lost_happens_once_or_not_at_all",
        "lost_commits::transfers_whose_commit_nobody_hears_of_are_posted_once_by_two_servers",
        "cashiers::money_that_moves_in_any_way_moves_once_when_nobody_hears_of_the_commit",
        "killed_commits::what_was_committed_by_a_process_that_is_killed_is_what_others_answer"]),
    ("SIGSTOP PostgreSQL", &[
        "postgres::a_database_that_freezes_is_given_up_and_found_again"]),
    ("a foreign connection holds a row lock", &[
        "postgres::a_row_that_others_keep_locked_is_not_waited_for_without_end",
        "locked_accounts::two_locked_accounts_hold_up_nobody_but_those_who_want_them"]),
    ("opposite transfers, 1,000 at once", &[
        "opposite_transfers::a_thousand_opposite_transfers_at_once_are_all_answered"]),
    ("a small disk, filled", &[
        "full_disk::a_disk_that_is_full_refuses_writes_and_loses_none"]),
    ("read-only database (25006)", &[
        "postgres::a_database_that_is_read_only_for_a_while_is_read_and_not_written"]),
    ("Redis stopped", &[
        "redis::a_redis_that_is_killed_in_the_middle_of_traffic_costs_no_request"]),
    ("Redis flushed", &[
        "payments::neighbours::redis_may_forget_everything_while_payments_wait",
        "brokers::events_wait_for_a_redis_that_is_away_and_come_again_when_it_has_forgotten_them",
        "validators::each_invoice_gets_its_verdict_once_though_redis_forgets_streams_and_groups"]),
    ("Redis frozen", &[
        "redis::a_redis_that_freezes_does_not_bring_old_invoices_back"]),
    ("Redis out of memory", &[
        "full_redis::a_redis_without_memory_costs_no_request_and_brings_nothing_old_back",
        "brokers::a_redis_without_room_holds_up_events_and_nothing_else"]),
    ("broker stopped and started", &[
        "payments::neighbours::payments_go_on_while_redis_and_the_broker_are_down",
        "brokers::relays_that_are_killed_lose_nothing_and_turn_nothing_round"]),
    ("every message delivered three times, shuffled", &[
        "repeats::messages_that_come_three_times_and_in_no_order_have_the_effect_of_one"]),
    ("poison message", &[
        "adapters-postgres/events::consumers::after_ten_attempts_it_is_a_dead_letter_until_a_person_asks_for_it"]),
    ("provider: 500, time-out, hang, flapping, late or duplicate callback", &[
        "payments::workers::each_way_of_a_provider_to_behave_comes_to_its_end",
        "payments::breaker::while_a_provider_is_down_it_is_left_alone_and_no_attempt_is_used_up",
        "payments::notices::a_payout_completes_as_soon_as_its_provider_tells_and_is_booked_back_when_it_comes_back",
        "payments::workers::a_worker_that_crashes_with_the_charge_made_finds_it_and_does_not_make_it_again"]),
    ("provider: wrong amount", &[
        "adapters-providers/wrong_amounts::money_that_moves_by_another_amount_than_was_ordered_is_taken_for_nothing"]),
    ("webhook receiver: slow, 410, 3xx, huge body, private address", &[
        "webhooks::what_receivers_answer_is_seen_and_none_of_them_harms_another",
        "webhooks::nothing_is_sent_inside_and_nothing_can_be_named_there"]),
    ("two schedulers at once", &[
        "sweepers::each_overdue_invoice_is_found_once_however_many_look"]),
    ("clock jumps", &[
        "clocks::clocks_that_jump_between_restarts_cost_nothing"]),
    ("slow headers, slow body", &[
        "slow_clients::a_head_that_does_not_arrive_in_time_is_not_waited_for",
        "slow_clients::a_body_that_comes_in_drops_is_408_too"]),
    ("zip bomb, 128-deep JSON", &[
        "hostile_bodies::a_zip_bomb_is_refused_without_being_unpacked",
        "hostile_bodies::json_of_128_levels_is_refused"]),
    ("configuration with five mistakes", &[
        "server/commands::config_check_reports_every_mistake_at_once_with_exit_code_2"]),
    ("restored to a point in time", &[
        "restore::what_a_provider_did_after_the_moment_that_was_restored_to_is_told"]),
];

#[cfg(test)]
mod tests {
    use std::fs;

    use super::FAULTS;
    use crate::process;

    #[test]
    fn every_test_of_a_fault_is_there() {
        for test in FAULTS.iter().flat_map(|(_, tests)| *tests) {
            let (folder, path) = match test.split_once('/') {
                Some(("server", path)) => ("crates/server/tests/binary", path),
                Some(("adapters-postgres", path)) => ("crates/adapters-postgres/tests/it", path),
                Some(("adapters-providers", path)) => ("crates/adapters-providers/tests/it", path),
                _ => ("tests/tests/faults", *test),
            };
            let (file, name) = path.rsplit_once("::").unwrap();
            let file = format!("{folder}/{}.rs", file.replace("::", "/"));

            let text = fs::read_to_string(process::root().join(&file)).unwrap_or_default();

            assert!(
                text.contains(&format!("fn {name}(")),
                "{file} has no {name}"
            );
        }
    }
}
