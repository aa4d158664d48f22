"""What the demo tells: names and figures only, no deeds."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class TypeStory:
    """A ticket type: price in cents, capacity in bodies of its pool, how many are sold from the start."""

    name: str
    price_cents: int
    capacity: int
    bodies: int = 1
    sold: int = 0
    reentry: str = "none"
    days: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class ZoneStory:
    """A zone, its certified number, the zone around it, and the gates that lead into it from outside."""

    name: str
    capacity: int
    inside: str | None = None
    gates: tuple[str, ...] = ()


@dataclass(frozen=True)
class HouseStory:
    """An organization with its place and its programme."""

    slug: str
    name: str
    address: str
    vat_number: str | None
    venue: str
    zones: tuple[ZoneStory, ...]
    today: str
    next_week: str
    over: str
    nature: str
    types: tuple[TypeStory, ...]
    festival: tuple[TypeStory, ...]
    staff: dict[str, str] = field(default_factory=dict)
    """Role → name."""


FESTIVAL = (
    TypeStory("Saturday", 38000, 800, days=(0,)),
    TypeStory("Sunday", 34000, 800, days=(1,)),
    TypeStory("Whole weekend", 62000, 800, days=(0, 1), reentry="free"),
)

HOUSES = (
    HouseStory(
        slug="maroela",
        name="Maroela Feeste",
        address="12 Kerk Street, Stellenbosch, 7600",
        vat_number="4012345678",
        venue="Oewerpark",
        zones=(
            ZoneStory("Grounds", 6000),
            ZoneStory("Lawn", 3500, "Grounds", ("South 1", "South 2")),
            ZoneStory("Terrace", 1800, "Grounds", ("East",)),
            ZoneStory("Golden circle", 700, "Grounds", ("North",)),
        ),
        today="Somernagte",
        next_week="Karoo Winds",
        over="Lente in die Park",
        nature="Open-air concert",
        types=(
            TypeStory("Adult", 35000, 2400, sold=60),
            TypeStory("Child under 12", 12000, 600, sold=20),
            TypeStory("Pensioner or student", 21000, 400, sold=10),
            TypeStory("Family of four", 78000, 400, bodies=4, sold=3),
            TypeStory("Golden circle", 95000, 40, sold=40),
            TypeStory("Terrace table", 42000, 36, sold=12, reentry="free"),
            TypeStory("Member, free", 0, 120, sold=8),
        ),
        festival=FESTIVAL,
        staff={
            "owner": "Annelie Botha",
            "manager": "Thabo Nkosi",
            "box_office": "Naledi Dlamini",
            "gate_supervisor": "Pieter van Wyk",
            "accountant": "Fatima Adams",
            "auditor": "Sipho Zulu",
        },
    ),
    HouseStory(
        slug="bergwind",
        name="Bergwind Produksies",
        address="3 Dorp Street, Paarl, 7646",
        vat_number=None,
        venue="Bergteater",
        zones=(ZoneStory("Theatre", 900, None, ("Foyer",)), ZoneStory("Balcony", 200, "Theatre", ("Stairs",))),
        today="Die Wit Olifant",
        next_week="Bergfees",
        over="Winterkonsert",
        nature="Theatre",
        types=(
            TypeStory("Stalls", 28000, 520, sold=30),
            TypeStory("Balcony", 18000, 34, sold=10),
            TypeStory("School group", 0, 60, sold=5),
            TypeStory("Front row", 45000, 16, sold=16),
        ),
        festival=FESTIVAL,
        staff={
            "owner": "Johan Basson",
            "manager": "Lerato Mokoena",
            "box_office": "Zanele Khumalo",
            "gate_supervisor": "Riaan Smit",
        },
    ),
)
"""In each: a big type, one with 24 left, a free one, and one that is sold out."""

OVER_SOLD = 120
"""Tickets sold for the event that is over; nine in ten came."""
