"""Letters tell of benefits that were published, and of those that were withdrawn."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.published_worlds import rises_in_brent, write_state
from tests.system.web.test_emergencies import post
from tests.system.web.test_improvement import PLAN, manager, states, written
from tests.system.web.test_updates import no_figures, resident, taken_back
from tests.system.web.update_people import ABOUT_BRENT, Resident, body_of, monday, write

__all__ = ["manager", "no_figures", "post", "resident", "states", "taken_back"]


def test_a_benefit_is_told_in_the_week_s_letter(resident: Resident, manager: Any, states: Path) -> None:
    """Given a benefit published and then withdrawn, when Mondays come, then each is told once, with where it stands."""
    address = written(manager, "Walks in the park")
    benefit = {
        "text": "More people walk", "number": "90", "unit": "people", "baseline": "40", "date": "2026-03-31",
        "owner": "Head of the service", "method": "Counted", "publish": "yes",
    }  # fmt: skip
    write_state(states, 970, rises_in_brent(0))
    assert manager.post(f"{address}plan/", PLAN).status_code == 302
    resident.subscribe(ABOUT_BRENT)
    assert manager.post(f"{address}benefit/", benefit).status_code == 302
    assert write(monday())[0] >= 1
    said = body_of(resident.letters()[-1])
    assert "BENEFITS" in said and "More people walk: 90 people, from 40 people on 31 March 2026." in said
    place = re.findall(r"/claims-and-benefits/#(benefit-\S+)", said.partition("More people walk")[2])[0]
    assert f'id="{place}"' in resident.browser.get("/claims-and-benefits/").content.decode()
    own = place.removeprefix("benefit-")
    withdrawn = manager.post(f"/improvement/benefits/{own}/withdraw/", {"reason": "Counted twice"})
    assert withdrawn.status_code == 302 and write(monday(2))[0] >= 1
    said = body_of(resident.letters()[-1])
    assert "Withdrawn: Counted twice" in said and said.count("More people walk") == 1
