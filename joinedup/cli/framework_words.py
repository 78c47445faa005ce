"""Frameworks and results as plain values and as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from joinedup.cli.output import print_table

if TYPE_CHECKING:
    from joinedup.definitions.frameworks import Framework
    from joinedup.governance.frameworks.results import PlaceResult, Results
    from joinedup.governance.frameworks.scoring import Outcome, Round


def described(found: Framework) -> dict[str, Any]:
    """A framework as plain values."""
    return found.model_dump(mode="json")


def print_described(told: dict[str, Any]) -> None:
    """A framework as people read it."""
    target, evidence = told["target"], told["evidence"]
    print(f"{told['title']}, version {told['version']}\n{told['why_it_matters']}\n\n{told['texts_note']}\n")
    first = evidence["from_level"]
    print(f"Target: level {target['level']} by {target['by']}. From level {first} on evidence is needed.\n")
    print_table(
        ("Level", "Title", "Meaning"),
        [(one["level"], one["title"], one["meaning"]) for one in told["levels"]],
    )
    print()
    rows = [
        (at, domain["title"], criterion["slug"], criterion["asks"])
        for at, domain in enumerate(told["domains"], 1) for criterion in domain["criteria"]
    ]  # fmt: skip
    print_table(("", "Domain", "Criterion", "Asked"), rows)
    for noun in ("statements", "questions"):
        if told[noun]:
            print(f"\n{len(told[noun])} {noun}:")
            for at, one in enumerate(told[noun], 1):
                print(f"  {at}. {one['title']}: {one.get('asks') or one['about']}")
    for fact in told["facts"]:
        print(f"\n{fact['text']} ({fact['source']})")
    print(f"\nSource: {told['source']}")


def place_json(place: PlaceResult, results: Results) -> dict[str, Any]:
    """A place as plain values."""
    from joinedup.governance.frameworks.comparing import already_there

    pace, register = place.pace(), place.register
    return {
        "framework": place.framework,
        "place": place.place,
        "rounds": [_round(one) for one in place.rounds],
        "pace": {
            "verdict": pace.verdict, "why": pace.why, "levels_per_year": pace.per_year, "day": pace.day,
            "earliest": pace.earliest, "latest": pace.latest,
        },
        "gaps": [
            {
                "criterion": gap.criterion, "level": gap.level, "target": gap.target, "next_level": gap.next_level,
                "statements": list(gap.statements), "claimed_without_evidence": gap.unsupported,
                "measures": list(gap.measures),
                "steps": [step.action for step in gap.milestones],
                "already_there": list(
                    already_there(results.of(place.framework), gap.criterion, (gap.level or 0) + 1, place.place)
                ),
            }
            for gap in place.gaps()
        ],
        "roadmap": [step.fields() for step in place.roadmap.rows] if place.roadmap else [],
        "neighbourhoods": [one.__dict__ for one in register.sizes()] if register else [],
        "boroughs": [one.__dict__ for one in register.cover()] if register else [],
    }  # fmt: skip


def _round(found: Round) -> dict[str, Any]:
    from joinedup.definitions.frameworks import Framework
    from joinedup.governance.frameworks.comparing import mean_of_view

    framework = Framework.load(found.framework)
    return {
        "round": found.name,
        "day": found.day,
        "decided": found.moderated,
        "mean": found.mean(),
        "mean_by_view": {view.slug: mean_of_view(found, view.slug) for view in framework.views},
        "domains": {one.slug: found.domain_level(one.slug) for one in framework.domains},
        "statements": {
            one.slug: dict(
                zip(("state", "criteria_at_target", "criteria"), found.statement(one.slug), strict=True)
            )
            for one in framework.statements
        },
        "criteria": [_outcome(one) for one in found.outcomes],
    }


def _outcome(one: Outcome) -> dict[str, Any]:
    return {
        "criterion": one.criterion, "core": one.core, "held": one.held, "decided": one.decided, "allowed": one.allowed,
        "proposed": one.proposed, "spread": list(one.apart) if one.apart else None,
        "claims": [{"view": claim.view, "partner": claim.partner, "level": claim.level} for claim in one.claims],
        "evidence": [
            {
                "what": found.words, "level": found.level, "by": found.by, "verdict": str(found.verdict),
                "why": found.why,
                "figures": [{"period": p.period, "value": p.value, "code": p.code} for p in found.points],
            }
            for found in one.evidence
        ],
    }  # fmt: skip


def print_results(results: Results) -> None:
    """Places and findings as people read them."""
    for place in results.places:
        _print_place(place)
    told = [one for one in results.findings if one.kind != "to know"]
    if told:
        print(f"\n{len(told)} findings")
        rows = [
            (one.kind, one.file, one.row or "", one.column, f"{one.message} {one.text}".strip(), one.remedy)
            for one in told
        ]
        print_table(("", "File", "Row", "Column", "What", "What to do"), rows)


def _print_place(place: PlaceResult) -> None:
    print(f"\n{place.place} ({place.framework})")
    if place.latest is not None:
        found = place.latest
        print(
            f"Round {found.name} of {found.day}{'' if found.moderated else ', not decided yet'}. {place.pace().why}"
        )
        rows = [
            (
                one.criterion, " ".join(str(claim.level) for claim in one.claims),
                f"{one.apart[0]} to {one.apart[1]}" if one.apart else "", one.allowed,
                "" if one.proposed is None else one.proposed, "not decided" if one.held is None else one.held,
            )
            for one in found.outcomes
        ]  # fmt: skip
        print_table(
            ("Criterion", "Levels given", "Spread", "Evidence allows", "Proposed", "Stands"),
            rows,
            right=(3, 4),
        )
    if place.register:
        print()
        sizes = [
            (one.name, one.areas, "" if one.residents is None else f"{one.residents:,}", one.verdict)
            for one in place.register.sizes()
        ]
        print_table(("Neighbourhood", "Areas", "Residents", "Verdict"), sizes, right=(1, 2))
