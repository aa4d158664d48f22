"""For the controls of the database's guards: what each table's row needs to be taken, and what each CHECK refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

NOW = datetime(2026, 11, 25, 17, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ONE = UUID(int=1)
CARD = "4242 4242 4242 4242"

FITS: dict[str, dict[str, Any]] = {
    "cancellation_charge": {"percent_bp": 100},
    "cash_count": {"number": 1},
    "clerk_discount": {"off_cents": 1, "before_cents": 2},
    "comp": {"quantity": 1, "how": "freely", "giver_id": ONE},
    "day": {"number": 1, "doors_at": NOW, "starts_at": NOW, "ends_at": LATER},
    "day_list_item": {"key": "k"},
    "discount": {"kind": "percent", "percent": 10, "amount_cents": 0, "uses": 0},
    "event": {"currency": "ZAR"},
    "fee": {"vat_rate_bp": 1500, "kind": "percent", "percent_bp": 100, "amount_cents": 0},
    "gate": {"into_id": ONE},
    "gate_pass": {"bodies": 1, "how": "freely", "giver_id": ONE},
    "invoice": {"kind": "tax_invoice", "vat_cents": 0},
    "journal_line": {"amount_cents": 1},
    "organization": {"box_office_discount_percent": 0, "manager_discount_percent": 0},
    "pairing": {"tries": 0},
    "payment": {"gateway": "cash", "shift_id": ONE},
    "pool": {"taken": 0},
    "refund": {"gateway": "cash", "shift_id": ONE},
    "reserve_book": {"quantity": 10},
    "ticket": {"bodies": 1, "days_mask": 1},
    "till": {"prefix": "T1"},
    "ticket_type": {
        "group_min": 1,
        "number": 1,
        "vat_rate_bp": 1500,
        "bodies": 1,
        "price_cents": 1,
        "per_checkout_max": 1,
        "reentry_entries": 1,
    },
    "zreport": {"expected_cents": 5, "counted_cents": 3, "variance_cents": -2},
}
"""Table → values that its own CHECKs ask for, beside those that are made up."""

OTHERWISE: dict[str, dict[str, Any]] = {
    "uq_day_organization_id_event_id_date": {"number": 2},
    "uq_gateway_account_organization_id_hook": {"mode": "live"},
    "ux_admission_ticket_id_pass_number": {"entry_number": 2},
    "ux_ticket_type_event_id_name_key": {"number": 2},
    "ux_till_token_hash": {"prefix": "T2"},
}
"""Unique guard → values in which the second row differs, so that no other guard refuses it."""
WHERE: dict[str, dict[str, Any]] = {
    "uq_admission_organization_id_ticket_id_pass_number_entr_8992": {"closed_at": NOW, "cause": "exited"},
    "ux_gate_pass_day_id_giver_id_own_total": {"how": "own", "giver_id": ONE, "own_total": 1, "own_limit": 10},
    "ux_comp_event_id_giver_id_own_total": {"how": "own", "giver_id": ONE, "own_total": 1, "own_limit": 10},
}
"""Unique index → values that bring a row under its condition."""

BREAKS: dict[str, dict[str, Any]] = {
    "ck_admission_closed_with_a_cause": {"closed_at": NOW, "cause": None},
    "ck_cancellation_charge_days_not_negative": {"days_before": -1},
    "ck_cancellation_charge_a_share": {"percent_bp": 10_001},
    "ck_cash_count_not_negative": {"counted_cents": -1},
    "ck_cash_count_one_recount": {"number": 3},
    "ck_cash_move_some_amount": {"amount_cents": 0},
    "ck_charge_no_card_number": {"reference": CARD},
    "ck_charge_some_amount": {"amount_cents": 0},
    "ck_checkout_comps_are_free": {"channel": "comp", "total_cents": 1},
    "ck_checkout_fee_not_negative": {"quantity": 0},
    "ck_checkout_line_some": {"quantity": 0},
    "ck_clerk_discount_some": {"off_cents": 2, "before_cents": 1},
    "ck_comp_some": {"quantity": 201},
    "ck_comp_within_limit": {"how": "own", "giver_id": uuid4(), "own_total": 12, "own_limit": 10},
    "ck_comp_approved_by_somebody": {"how": "approved", "approver": None},
    "ck_credit_note_not_negative": {"amount_cents": -1},
    "ck_day_in_order": {"ends_at": NOW},
    "ck_day_number_fits_the_code": {"number": 16},
    "ck_day_list_item_has_a_name": {"key": None, "reference": None},
    "ck_day_list_item_no_card_number_as_key": {"key": CARD},
    "ck_day_list_item_no_card_number": {"reference": CARD},
    "ck_day_total_sides_not_negative": {"debit_cents": -1},
    "ck_discount_window_in_order": {"valid_from": LATER, "valid_until": NOW},
    "ck_discount_some": {"kind": "percent", "percent": 0},
    "ck_discount_never_above_most": {"uses": 2, "uses_most": 1},
    "ck_entry_stop_resumed_by_somebody": {"resumed_at": NOW, "resumed_by": None},
    "ck_event_currency_form": {"currency": "zar"},
    "ck_fee_a_rate": {"vat_rate_bp": 10_001},
    "ck_fee_some": {"kind": "percent", "percent_bp": 0},
    "ck_gate_leads_somewhere": {"into_id": ONE, "from_id": ONE},
    "ck_gate_pass_some": {"bodies": 0},
    "ck_gate_pass_within_limit": {"how": "own", "giver_id": uuid4(), "own_total": 12, "own_limit": 10},
    "ck_ticket_type_gate_passes_are_not_sold": {"gate_pass": True},
    "ck_gateway_account_live_is_real": {"mode": "live", "address": "http://localhost"},
    "ck_hold_line_some_bodies": {"bodies": 0},
    "ck_invoice_some_amount": {"total_cents": 0},
    "ck_invoice_no_vat_on_a_receipt": {"kind": "receipt", "vat_cents": 1},
    "ck_journal_line_some_amount": {"amount_cents": 0},
    "ck_list_settled_fee_not_negative": {"fee_cents": -1},
    "ck_membership_day_staff_roles": {"user_id": None, "roles": ["owner"]},
    "ck_organization_slug_form": {"slug": "-"},
    "ck_organization_shares": {"box_office_discount_percent": 101},
    "ck_organization_slug_free": {"slug": "api"},
    "ck_pairing_few_tries": {"tries": 6},
    "ck_payment_cash_has_a_drawer": {"gateway": "cash", "shift_id": None},
    "ck_payment_no_card_number": {"reference": CARD},
    "ck_payment_not_negative": {"amount_cents": -1},
    "ck_payment_outside_was_asked": {"gateway": "card", "charge_id": None},
    "ck_pool_never_above_capacity": {"taken": 2, "capacity": 1},
    "ck_refund_cash_has_a_drawer": {"gateway": "cash", "shift_id": None},
    "ck_refund_end_cash_has_a_drawer": {"how": "paid_otherwise", "shift_id": None},
    "ck_reserve_book_some_tickets": {"quantity": 61},
    "ck_reserve_book_price_is_not_negative": {"price_cents": -1},
    "ck_return_fee_not_negative": {"tickets": -1},
    "ck_return_line_not_negative": {"value_cents": -1},
    "ck_shift_float_not_negative": {"float_cents": -1},
    "ck_signing_key_number_is_32_bits": {"number": 0},
    "ck_ticket_bodies_fit": {"bodies": 0},
    "ck_ticket_days_fit": {"days_mask": 0},
    "ck_ticket_block_lifted_by_somebody": {"lifted_at": NOW, "lifted_by": None},
    "ck_ticket_type_number_fits_the_code": {"number": 256},
    "ck_ticket_type_until_a_time": {"reentry": "until", "reentry_until": None},
    "ck_ticket_type_maximum_is_some": {"per_checkout_max": 201},
    "ck_ticket_type_time_of_day": {"reentry": "until", "reentry_until": "25:00"},
    "ck_ticket_type_rate_is_a_rate": {"vat_rate_bp": 10_001},
    "ck_ticket_type_some_entries": {"reentry_entries": 0},
    "ck_ticket_type_valid_from_a_time": {"valid_from": "9:00"},
    "ck_ticket_type_window_in_order": {"sales_from": LATER, "sales_until": NOW},
    "ck_ticket_type_price_is_not_negative": {"price_cents": -1},
    "ck_ticket_type_group_is_of_the_ticket": {"group_min": 2},
    "ck_ticket_type_valid_until_a_time": {"valid_until": "24:00"},
    "ck_ticket_type_valid_for_a_while": {"valid_from": "17:00", "valid_until": "17:00"},
    "ck_ticket_type_bodies_fit_the_code": {"bodies": 201},
    "ck_till_prefix_form": {"prefix": "-"},
    "ck_zone_parent_is_another": {"id": ONE, "parent_id": ONE},
    "ck_zone_capacity_is_people": {"capacity": -1},
    "ck_comp_approver_size": {"how": "approved", "approver": "x" * 401},
    "ck_admission_cause_words": {"closed_at": NOW, "cause": "-"},
    "ck_entry_stop_resumed_by_size": {"resumed_at": NOW, "resumed_by": "x" * 401},
    "ck_payment_gateway_words": {"gateway": "-", "charge_id": ONE},
    "ck_ticket_block_lifted_by_size": {"lifted_at": NOW, "lifted_by": "x" * 401},
    "ck_discount_kind_words": {"kind": "-", "percent": 0, "amount_cents": 1},
    "ck_fee_kind_words": {"kind": "-", "percent_bp": 0, "amount_cents": 0},
    "ck_zreport_adds_up": {"variance_cents": 0},
}
"""CHECK → values that it refuses, and that nothing else does."""

BESIDE: dict[str, tuple[str, ...]] = {
    "ck_event_currency_size": ("ck_event_currency_form",),
    "ck_organization_slug_size": ("ck_organization_slug_form",),
    "ck_ticket_type_reentry_until_size": ("ck_ticket_type_time_of_day", "ck_ticket_type_until_a_time"),
    "ck_ticket_type_valid_from_size": ("ck_ticket_type_valid_from_a_time",),
    "ck_ticket_type_valid_until_size": ("ck_ticket_type_valid_until_a_time",),
    "ck_till_prefix_size": ("ck_till_prefix_form",),
}
"""CHECK → others that refuse the same rows and are switched off first."""
