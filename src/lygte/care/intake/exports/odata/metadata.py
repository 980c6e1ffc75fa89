"""$metadata: the shape of the tables, as CSDL in XML or JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

from .names import EDM, EntitySet, Property

NAMESPACE = "lygte.form"
CONTAINER = "Feed"
Complex = list[tuple[str, Property]]


def as_xml(sets: list[EntitySet]) -> str:
    """Return the metadata as XML, which Excel and Power BI ask for."""
    types = "".join(_entity_xml(one, sets) for one in sets)
    entities = "".join(_set_xml(one, sets) for one in sets)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>'
        f'<Schema Namespace="{NAMESPACE}" xmlns="http://docs.oasis-open.org/odata/ns/edm">{types}'
        f'<EntityContainer Name="{CONTAINER}">{entities}</EntityContainer>'
        "</Schema></edmx:DataServices></edmx:Edmx>"
    )


def _entity_xml(one: EntitySet, sets: list[EntitySet]) -> str:
    holders: Complex = []
    properties = _properties_xml(one.top, one.name, holders)
    links = "".join(
        f'<NavigationProperty Name={quoteattr(link)} Type="Collection({NAMESPACE}.{sets[to].name})"/>'
        for link, to in one.links.items()
    )
    made = (
        f'<EntityType Name={quoteattr(one.name)}><Key><PropertyRef Name="__id"/></Key>{properties}{links}</EntityType>'
    )
    for name, holder in holders:  # grows while it is walked: groups in groups
        made += f"<ComplexType Name={quoteattr(name)}>{_properties_xml(holder, name, holders)}</ComplexType>"
    return made


def _properties_xml(top: Property, around: str, holders: Complex) -> str:
    return "".join(
        f"<Property Name={quoteattr(name)} Type={quoteattr(kind)}{'' if null else NEVER_EMPTY}/>"
        for name, kind, null in _typed(top, around, holders)
    )


NEVER_EMPTY = ' Nullable="false"'


def _typed(top: Property, around: str, holders: Complex) -> Iterator[tuple[str, str, bool]]:
    """Yield name, type and whether it may be empty, and remember the types that hold others."""
    for one in top.below:
        if one.below:
            name = f"{around}__{one.name}"
            holders.append((name, one))
            yield one.name, f"{NAMESPACE}.{name}", False
        else:
            yield one.name, EDM[one.kind], one.name != "__id"


def _set_xml(one: EntitySet, sets: list[EntitySet]) -> str:
    bindings = "".join(
        f"<NavigationPropertyBinding Path={quoteattr(link)} Target={quoteattr(sets[to].name)}/>"
        for link, to in one.links.items()
    )
    return f'<EntitySet Name={quoteattr(one.name)} EntityType="{NAMESPACE}.{one.name}">{bindings}</EntitySet>'


def as_json(sets: list[EntitySet]) -> dict[str, Any]:
    """Return the metadata as CSDL JSON."""
    types: dict[str, Any] = {}
    for one in sets:
        holders: Complex = []
        links = {
            link: {"$Kind": "NavigationProperty", "$Collection": True, "$Type": f"{NAMESPACE}.{sets[to].name}"}
            for link, to in one.links.items()
        }
        types[one.name] = {
            "$Kind": "EntityType",
            "$Key": ["__id"],
            **_properties_json(one.top, one.name, holders),
            **links,
        }
        for name, holder in holders:
            types[name] = {"$Kind": "ComplexType", **_properties_json(holder, name, holders)}
    container = {
        one.name: {
            "$Collection": True,
            "$Type": f"{NAMESPACE}.{one.name}",
            "$NavigationPropertyBinding": {link: sets[to].name for link, to in one.links.items()},
        }
        for one in sets
    }
    return {
        "$Version": "4.01",
        "$EntityContainer": f"{NAMESPACE}.{CONTAINER}",
        NAMESPACE: {**types, CONTAINER: {"$Kind": "EntityContainer", **container}},
    }


def _properties_json(top: Property, around: str, holders: Complex) -> dict[str, Any]:
    return {
        name: {"$Type": kind, **({"$Nullable": True} if null else {})}
        for name, kind, null in _typed(top, around, holders)
    }
