//! What the port of the store promises, held against every implementation of it.

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod history;
#[cfg(test)]
mod identities;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod log;
#[cfg(test)]
mod random;
#[cfg(test)]
mod sqlite_file;
#[cfg(test)]
mod stock;
#[cfg(test)]
mod tenants;

/// Runs each test of the suite on a fresh store of each kind.
macro_rules! conformance {
    ($($module:ident::$test:ident,)+) => {
        #[cfg(test)]
        mod memory {
            $(#[tokio::test]
            async fn $test() {
                crate::$module::$test(&connectors::store::MemoryStore::new()).await;
            })+
        }

        #[cfg(test)]
        mod sqlite {
            $(#[tokio::test]
            async fn $test() {
                let directory = tempfile::tempdir().unwrap();
                let store = crate::fixtures::open(directory.path()).await;
                crate::$module::$test(&store).await;
                actors::ports::Store::close(&store).await;
            })+
        }
    };
}

conformance!(
    log::events_are_read_in_order_without_gaps,
    log::a_place_in_a_stream_is_found_by_its_time,
    log::events_are_read_at_their_places,
    log::appends_of_one_batch_continue_each_other,
    log::a_moved_head_writes_nothing,
    log::a_gap_within_a_batch_writes_nothing,
    log::the_same_batch_twice_is_one,
    log::a_thousand_commits_later_a_batch_is_still_refused_by_its_heads,
    log::rows_without_a_stream_are_written,
    log::heads_name_every_stream,
    log::a_newer_snapshot_replaces_an_older_one,
    log::boots_are_counted,
    log::large_batches_are_whole,
    log::replaced_projections_are_exactly_the_new_ones,
    log::a_closed_store_is_unavailable,
    lists::pages_are_stable_and_complete,
    lists::foreign_cursors_are_refused,
    lists::limits_are_held,
    lists::articles_are_found_whatever_the_case,
    lists::articles_are_replaced_and_removed,
    lists::orders_are_filtered,
    lists::alerts_are_filtered,
    lists::stops_are_those_that_overlap,
    lists::stops_are_found_by_reason_and_by_id,
    lists::samples_are_kept_once_in_time_order,
    lists::dead_letters_leave_when_resolved,
    tenants::tenants_do_not_see_each_other,
    stock::movements_are_listed_newest_recording_first,
    stock::a_movement_is_booked_once,
    stock::movements_are_found_by_id,
    stock::levels_are_set_and_listed,
    stock::below_minimum_is_by_the_sum_of_a_site,
    stock::sums_of_movements_are_the_levels,
    history::states_are_those_in_force_and_those_that_follow,
    history::a_state_at_the_same_instant_is_replaced,
    history::hours_add_up_in_one_batch_and_over_many,
    history::a_slice_stays_as_it_was_first_cut,
    history::sums_of_hours_never_overflow,
    history::hours_are_those_that_overlap_by_line_and_time,
    history::orders_between_are_those_that_ran,
    history::a_rebuild_makes_the_history_anew,
    identities::tenants_are_unique,
    identities::users_are_unique_by_email,
    identities::memberships_keep_their_order,
    identities::devices_are_rotated_and_revoked_by_their_tenant,
    identities::a_refresh_token_is_used_once,
    identities::a_replayed_refresh_token_ends_its_family,
    identities::expired_and_unknown_refresh_tokens_are_invalid,
    identities::sessions_end_by_time_and_by_revocation,
    identities::signing_keys_are_listed_newest_first,
    identities::audit_entries_are_the_newest_of_the_tenant,
    identities::the_first_answer_to_a_key_stays,
);
