"""The demo's drawers: evenings counted, signed off and closed, and a card payment that nobody is sure of."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from voelgoed.accounts.membership import Membership
from voelgoed.boxoffice.close_shift import count_drawer, finish_shift
from voelgoed.boxoffice.drawer import drawer_of
from voelgoed.boxoffice.move_cash import move_cash
from voelgoed.boxoffice.open_shift import open_shift
from voelgoed.boxoffice.sign_off import sign_off
from voelgoed.checkout.checkout import CheckoutLine
from voelgoed.demo.people import SEEDER
from voelgoed.demo.sell import sale
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import frozen, now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import Actor, rows, scope
from voelgoed.ledger.period import close_days, last_day_over
from voelgoed.selling.refund_checkout import RefundCheckout, refund_checkout
from voelgoed.ticketing.ticket import Ticket
from voelgoed.tills.own_shift import need_own_shift, own_shift
from voelgoed.tills.pieces import coins, notes
from voelgoed.tills.shift import Shift, ZReport
from voelgoed.tills.till import Till

FLOAT_CENTS = 50_000
SELLERS = ("owner", "manager", "box_office")


@dataclass(frozen=True)
class Evening:
    """One shift of the story: how long ago, what was sold (quantity, card slip or cash), what else happened."""

    days_ago: int
    sales: tuple[tuple[int, str | None], ...]
    refunds: int = 0
    banked_cents: int = 0
    variance_cents: int = 0


EVENINGS = (
    Evening(3, ((2, None), (1, "1042"), (4, None)), banked_cents=100_000),
    Evening(2, ((1, None), (2, "1043"), (2, None)), refunds=1),
    Evening(1, ((3, None), (1, None), (2, "1044")), variance_cents=-2_000),
)


def person(organization_id: UUID, role: str) -> Actor:
    """Return the demo's person with a role as an actor: whoever sells needs a drawer."""
    with scope(organization_id, SEEDER):
        member = db.session.scalars(select(Membership).where(Membership.roles == [role])).one()
        return Actor("user", member.user_id, member.name)


def make_tills() -> None:
    """Give each person who sells a till; in the organization's scope."""
    for number, _ in enumerate(SELLERS, start=1):
        db.session.add(Till(name=f"Till {number}", prefix=f"T{number}"))


def open_all(organization_id: UUID) -> None:
    """Open a shift for everybody who sells and has none, so that the demo can sell at once."""
    for role in SELLERS:
        with scope(organization_id, person(organization_id, role)):
            if own_shift() is None:
                _open(role)
                commit()


def _open(role: str) -> None:
    member = db.session.scalars(select(Membership).where(Membership.roles == [role])).one()
    open_shift(_till(SELLERS.index(role) + 1), member, FLOAT_CENTS)


def _till(number: int) -> Till:
    """Return a person's till, or another one while somebody else stands there."""
    taken = select(Shift.till_id).where(Shift.closed_at.is_(None))
    free = rows(Till).filter(Till.id.not_in(taken)).order_by((Till.prefix != f"T{number}"), Till.prefix)
    return free.first() or _more(number)


def _more(number: int) -> Till:
    till = Till(name=f"Till {number}, again", prefix=f"{number}{secrets.token_hex(2).upper()}")
    db.session.add(till)
    db.session.flush()
    return till


@contextmanager
def shift_at(organization_id: UUID, moment: datetime, variance_cents: int = 0) -> Iterator[Actor]:
    """Let the clerk stand a shift at a moment that is gone: opened, counted, its report signed by the manager."""
    clerk, manager = person(organization_id, "box_office"), person(organization_id, "manager")
    with frozen(moment):
        with scope(organization_id, clerk):
            _open("box_office")
            commit()
        yield clerk
        with scope(organization_id, clerk):
            shift = need_own_shift()
            cents = drawer_of(shift).expected + variance_cents
            count_drawer(shift, cents, _counted(cents, shift.currency))
            report_id = finish_shift(shift).id
            commit()
    with frozen(moment + timedelta(hours=9)), scope(organization_id, manager):
        looker = db.session.scalars(select(Membership).where(Membership.roles == ["manager"])).one()
        sign_off(rows(ZReport).get(report_id), looker.id, "R20 short: recounted twice" if variance_cents else None)
        commit()


def _counted(cents: int, currency: str) -> dict[str, int]:
    """Say an amount as the fewest notes and coins."""
    pieces = {}
    for one in (*notes(currency), *coins(currency)):
        many, cents = divmod(cents, one)
        if many:
            pieces[str(one)] = many
    return pieces


def tell(organization_id: UUID, event_id: UUID, type_id: UUID) -> None:
    """Tell the evenings, one shift each."""
    for evening in EVENINGS:
        moment = (now() - timedelta(days=evening.days_ago)).replace(hour=15, minute=0, second=0)
        with shift_at(organization_id, moment, evening.variance_cents) as clerk:
            sold = [sale(organization_id, clerk, event_id, type_id, many, card) for many, card in evening.sales]
            with scope(organization_id, clerk):
                if evening.banked_cents:
                    move_cash(need_own_shift(), "banked", evening.banked_cents, "to the safe at 17:00", uuid4())
                for checkout_id in sold[: evening.refunds]:
                    _refund(checkout_id)
                commit()


def close_the_days(organization_id: UUID) -> None:
    """Close all trading days that are over, as the owner does: their balances are kept sums from then on."""
    with scope(organization_id, person(organization_id, "owner")):
        close_days(last_day_over())
        commit()


def _refund(checkout_id: UUID) -> None:
    tickets = select(Ticket.id).join(CheckoutLine, CheckoutLine.id == Ticket.checkout_line_id)
    first = db.session.scalars(tickets.where(CheckoutLine.checkout_id == checkout_id).limit(1)).one()
    refund_checkout.here(RefundCheckout(checkout_id, "refund", "Fell ill", f"demo:{first}", (first,)))


def leave_unknown(organization_id: UUID, event_id: UUID, type_id: UUID) -> None:
    """Have the manager sell by a card of which the machine said nothing: it waits for a person."""
    manager = person(organization_id, "manager")
    sale(organization_id, manager, event_id, type_id, 2, "1045", sure=False)
