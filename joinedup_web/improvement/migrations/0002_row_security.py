"""Initiatives are read by everyone who has signed in and written at their own place; papers are private until shared."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from joinedup_web.organisations.row_security import OWN, SIGNED_IN, audit_wall, sealed, wall

READ = ("objective", "initiative", "owner", "plan", "planitem", "verdict", "benefit")
# what belongs to a paper is seen with it: the paper's own wall holds in the question
OF_PAPER = "EXISTS (SELECT 1 FROM improvement_paper p WHERE p.id = paper_id)"
OF_CLAIM = "EXISTS (SELECT 1 FROM improvement_paperclaim c WHERE c.id = claim_id)"
SEEN = {"paper": f"shared AND {SIGNED_IN}", "paperclaim": OF_PAPER, "claimcheck": OF_CLAIM}


class Migration(migrations.Migration):
    """Walls, and the audit's chain."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("improvement", "0001_initial")]
    operations: ClassVar[list[object]] = [
        *(wall(f"improvement_{name}", also_seen=SIGNED_IN) for name in READ),
        *(wall(f"improvement_{name}", also_seen=seen) for name, seen in SEEN.items()),
        *(audit_wall(f"improvement_{name}event", seen=f"place_id = ANY({OWN})") for name in (*READ, *SEEN)),
        *(sealed(f"improvement_{name}event") for name in (*READ, *SEEN)),
    ]
