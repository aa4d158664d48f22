"""Who may do what: the table of roles and deeds, as it is written down for people."""

from __future__ import annotations

ROLES = ("owner", "manager", "box_office", "gate_supervisor", "accountant", "auditor")
"""Roles of a membership, which may hold several; a device has the role `device`, and only that."""

YES, LIMIT = "yes", "within a limit"

_ALL = ("owner", "manager", "box_office", "gate_supervisor", "accountant", "auditor")
_DEEDS: dict[str, dict[str, str]] = {
    "organization.read": dict.fromkeys(("owner", "accountant", "auditor"), YES),
    "organization.write": {"owner": YES},
    "staff.read": dict.fromkeys(("owner", "manager", "auditor"), YES),
    "staff.write": dict.fromkeys(("owner", "manager"), YES),
    "catalog.read": dict.fromkeys(_ALL, YES),
    "catalog.write": dict.fromkeys(("owner", "manager"), YES),
    "device.read": dict.fromkeys(("owner", "manager", "gate_supervisor", "auditor"), YES),
    "device.write": dict.fromkeys(("owner", "manager", "gate_supervisor"), YES),
    "sell": dict.fromkeys(("owner", "manager", "box_office"), YES),
    "customer.find": dict.fromkeys(("owner", "manager", "box_office"), YES),
    "sell.group": dict.fromkeys(("owner", "manager", "box_office"), YES),
    "comp": {"owner": YES, "manager": YES, "box_office": LIMIT},
    "comp.read": dict.fromkeys(("owner", "manager", "box_office", "accountant", "auditor"), YES),
    "gate.pass": {"owner": YES, "manager": YES, "gate_supervisor": LIMIT},
    "gate.pass.read": dict.fromkeys(("owner", "manager", "gate_supervisor", "accountant", "auditor"), YES),
    "hold.house": dict.fromkeys(("owner", "manager"), YES),
    "reserve.write": dict.fromkeys(("owner", "manager"), YES),
    "ticket.find": dict.fromkeys(("owner", "manager", "box_office", "gate_supervisor", "auditor"), YES),
    "ticket.reissue": dict.fromkeys(("owner", "manager", "box_office"), YES),
    "ticket.void": {"owner": YES, "manager": YES, "box_office": LIMIT},
    "sale.reverse": dict.fromkeys(("owner", "manager", "box_office"), YES),
    "refund": {"owner": YES, "manager": YES, "box_office": LIMIT},
    "discount": {"owner": YES, "manager": YES, "box_office": LIMIT},
    "exchange": {"owner": YES, "manager": YES, "box_office": LIMIT},
    "charge.read": {**dict.fromkeys(("owner", "manager", "accountant", "auditor"), YES), "box_office": LIMIT},
    "charge.decide": dict.fromkeys(("owner", "manager", "accountant"), YES),
    "sale.read": dict.fromkeys(("owner", "manager", "box_office", "accountant", "auditor"), YES),
    "invoice.complete": dict.fromkeys(("owner", "manager", "box_office", "accountant"), YES),
    "mail.read": {"owner": YES},
    "ledger.read": dict.fromkeys(("owner", "manager", "accountant", "auditor"), YES),
    "ledger.own": {**dict.fromkeys(("owner", "manager", "accountant", "auditor"), YES), "box_office": LIMIT},
    "ledger.write": {"owner": YES, "accountant": YES},
    "reconcile.read": dict.fromkeys(("owner", "accountant", "auditor"), YES),
    "live.read": dict.fromkeys(("owner", "manager", "gate_supervisor", "accountant", "auditor"), YES),
    "gate.decide": dict.fromkeys(("owner", "manager", "gate_supervisor"), YES),
    "scan.decide": {**dict.fromkeys(("owner", "manager", "gate_supervisor"), YES), "device": LIMIT},
    "run.decide": dict.fromkeys(("owner", "manager"), YES),
    "trail.read": {"owner": YES, "manager": YES, "auditor": YES, "gate_supervisor": LIMIT, "accountant": LIMIT},
    "occupancy.read": {**dict.fromkeys(("owner", "manager", "gate_supervisor", "accountant", "auditor"), YES),
                       "device": YES},
    "scan": {"device": YES},
    "gateway.read": dict.fromkeys(("owner", "accountant", "auditor"), YES),
    "gateway.write": {"owner": YES},
    "till.write": dict.fromkeys(("owner", "manager"), YES),
    "shift.own": dict.fromkeys(("owner", "manager", "box_office"), YES),
    "drawer.others": {**dict.fromkeys(("owner", "manager", "accountant"), YES), "auditor": LIMIT},
    "drawer.decide": dict.fromkeys(("owner", "manager", "accountant"), YES),
}  # fmt: skip
"""Deed → role → yes, or only within a limit (trail: one's own field; journal: one's own shifts; device: by PIN)."""


def deeds() -> tuple[str, ...]:
    """Return all deeds that a route may name."""
    return tuple(_DEEDS)


def may(role: str, deed: str) -> bool:
    """Say whether a role has the deed at all; raises KeyError for a deed that is not in the table."""
    return role in _DEEDS[deed]


def freely(role: str, deed: str) -> bool:
    """Say whether a role has the deed without a limit."""
    return _DEEDS[deed].get(role) == YES


def within(role: str, own: tuple[str, ...]) -> bool:
    """Say whether a role may do no more than these roles together: what a token may carry."""
    return all(any(may(mine, deed) for mine in own) for deed in _DEEDS if may(role, deed))


def gives(own: tuple[str, ...]) -> tuple[str, ...]:
    """Return the roles that a holder of these may give to staff: owners and managers are an owner's to make."""
    if "owner" in own:
        return ROLES
    return ROLES[2:] if "manager" in own else ()


def in_words(role: str) -> str:
    """Return a role as pages say it."""
    return role.replace("_", " ").capitalize()
