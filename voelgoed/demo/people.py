"""The demo's organizations and the people in them."""

from __future__ import annotations

import secrets
from uuid import UUID

from argon2 import PasswordHasher
from sqlalchemy import select

from voelgoed.accounts.membership import ApiToken, Membership
from voelgoed.demo.secrets_file import HouseSecrets
from voelgoed.demo.story import HouseStory
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.tenancy import Actor, door, scope
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web.identity import hash_secret, make_token

SEEDER = Actor("system", None, "demo")


def found(story: HouseStory, random_passwords: bool) -> tuple[UUID, HouseSecrets]:
    """Found the organization with its owner and staff; passwords are the role's word, or random."""
    organization_id, link = uuid7(), secrets.token_urlsafe(32)
    held = HouseSecrets()
    users = {role: _user(story, role, held, random_passwords) for role in story.staff}
    with door(SEEDER) as opened:
        opened.call("make_first_owner_link", id=uuid7(), secret_hash=hash_secret(link), hours=1)
        opened.call(
            "found_organization",
            secret_hash=hash_secret(link),
            organization_id=organization_id,
            slug=story.slug,
            name=story.name,
            membership_id=uuid7(),
            user_id=users["owner"],
            owner_name=story.staff["owner"],
        )
    with scope(organization_id, SEEDER, reason="the demo is made"):
        _settle(story)
        _staff(story, users)
        _tokens(organization_id, held)
        commit()
    return organization_id, held


def _user(story: HouseStory, role: str, held: HouseSecrets, random_passwords: bool) -> UUID:
    email = f"{role.replace('_', '.')}@{story.slug}.example"
    password = secrets.token_urlsafe(12) if random_passwords else f"{story.slug}-{role.replace('_', '-')}"
    held.sign_ins[role] = (email, password)
    made = uuid7()
    with door(SEEDER) as opened:
        opened.call("create_user", id=made, email=email, password_hash=PasswordHasher().hash(password))
    return made


def _settle(story: HouseStory) -> None:
    organization = db.session.scalars(select(Organization)).one()
    organization.address = story.address
    organization.vat_number = story.vat_number
    organization.vat_vendor = story.vat_number is not None
    organization.box_office_void_limit_cents = 100_000
    organization.box_office_discount_percent = 10
    organization.box_office_comp_limit = 6


def _staff(story: HouseStory, users: dict[str, UUID]) -> None:
    for number, (role, name) in enumerate(story.staff.items(), start=101):
        if role != "owner":
            db.session.add(Membership(user_id=users[role], name=name, roles=[role], staff_number=str(number)))
    db.session.flush()


def _tokens(organization_id: UUID, held: HouseSecrets) -> None:
    for member in db.session.scalars(select(Membership)):
        role = member.roles[0]
        token = make_token("vgu_", organization_id, secrets.token_bytes(32))
        db.session.add(ApiToken(membership_id=member.id, label="demo", role=role, secret_hash=hash_secret(token)))
        held.api_tokens[role] = token
