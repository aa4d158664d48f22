"""What the demo gives away, and the school that comes to the festival."""

from __future__ import annotations

from uuid import UUID, uuid4

from voelgoed.catalog.event import Event
from voelgoed.demo.drawers import person
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.tenancy import rows, scope
from voelgoed.foundation.waiting import wait_for
from voelgoed.foundation.workflow import Done, carry_on
from voelgoed.payments.capture import Tender
from voelgoed.selling.begin import begin_to_pay
from voelgoed.selling.give_comp import GiveComp, give_comp
from voelgoed.selling.sell_group import Group, open_group

COMPS = (
    ("manager", 4, "press", "Die Burger reviews the evening", "Die Burger", False),
    ("box_office", 2, "guest", "The caterer's two helpers", None, True),
)
"""Who gave how many, to what end, why, on whose name, and whether out of their own limit."""
SCHOOL = Group(
    "Laerskool Koelenhof", "Thandi Nkosi", "office@koelenhof.example", "0218652222", "Kromme Rhee Road, Koelenhof, 7605"
)
CLASS = 40
CHILDREN = ("Amahle Zulu", "Ben Jacobs", "Carli Botha", "Dumisani Nkosi", "Emma Fourie", "Farhan Adams")


def give(organization_id: UUID, event_id: UUID, type_id: UUID) -> None:
    """Give comps of an event: by the manager, and by the clerk within the limit."""
    for role, quantity, purpose, reason, holder, limited in COMPS:
        with scope(organization_id, person(organization_id, role), reason=reason):
            give_comp(GiveComp(event_id, type_id, quantity, purpose, reason, uuid4(), holder, limited))
            commit()


def sell_a_class(organization_id: UUID, event_id: UUID, type_id: UUID) -> None:
    """Sell to a school, by card: its teacher gave the first names."""
    manager = person(organization_id, "manager")
    with scope(organization_id, manager):
        names = {type_id: list(CHILDREN)}
        made = open_group(rows(Event).get(event_id), [(type_id, CLASS)], SCHOOL, names, key=uuid4())
        run_id = begin_to_pay(made, [Tender("card", made.total_cents, reference="1046", outcome="approved")])
        commit()
    with scope(organization_id, manager):
        outcome = carry_on(run_id) or wait_for(run_id)
        if not isinstance(outcome, Done):
            raise RuntimeError(f"the demo's group sale came to {outcome}")
