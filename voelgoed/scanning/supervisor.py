"""A supervisor at somebody else's phone: staff number and PIN open it for one deed, and nothing longer."""

from __future__ import annotations

from voelgoed.accounts.membership import Membership
from voelgoed.accounts.roles import freely
from voelgoed.foundation.tenancy import current_scope
from voelgoed.foundation.tenancy.announce import announce_again
from voelgoed.foundation.web.problem import Problem
from voelgoed.scanning.device import Device
from voelgoed.tills.pin import member_by_pin, works_now

DEED = "gate.decide"
KEPT = "Nothing was changed."


def opened_by(device: Device, staff_number: str | None, pin: str | None) -> Membership:
    """Return the supervisor who opens a phone for one deed; from then on the trail names both.

    Raises Problem 403: `person_needed` at a turnstile, `supervisor_needed` without a PIN, `wrong_pin` when it fits
    nobody who may decide at this gate; 429 `pin_locked` after five wrong ones.
    """
    if device.role == "turnstile":
        raise Problem(403, "person_needed", "No person stands here", f"{KEPT} Decide on the live page or by a phone.")
    if not staff_number or not pin:
        raise Problem(403, "supervisor_needed", "This needs a supervisor", f"{KEPT} Give staff number and PIN.")
    member = member_by_pin(staff_number, pin)
    if member is None or not any(freely(role, DEED) for role in member.roles) or not works_now(member, device.event_id):
        raise Problem(403, "wrong_pin", "That opens nothing", f"{KEPT} Staff number and PIN do not fit a supervisor.")
    current_scope().allowed_by = member.name
    announce_again()
    return member
