from __future__ import annotations

import numpy as np
import pytest

from joinedup.twin.calendar import financial_year
from joinedup.twin.calibrating import FOLDER, extract
from joinedup.twin.checking import compare, finished_courses
from joinedup.twin.figures import read, services
from joinedup.twin.planted import GROUPS, effects
from joinedup.twin.population import populate
from joinedup.twin.truth import described

QUICK = 0.25


@pytest.fixture(scope="module")
def quick():
    return populate(QUICK, 14, 7, "2025-04")


def meets_the_publication(population, scale, finished_within):
    for service in compare(population):
        twin, published = service.twin, service.published
        assert abs(twin["received"] / scale / published["received"] - 1) <= 0.01, service.service
        assert abs(twin["finished"] / scale / published["finished"] - 1) <= finished_within, service.service
        for rate in ("recovery", "reliable_recovery", "improvement"):
            assert abs(twin[rate] - published[rate]) <= 1.5, (service.service, rate)


def published_by(slug, wanted, top, base):
    """Sums over the services of published counts of the categories `wanted`, suppressed ones left out."""
    names = read("services/RKL07")["counts"]
    sums = np.zeros(2)
    for service in services():
        for code, cell in read(f"services/{service.code}")["breakdowns"][slug].items():
            row = {name: value or 0 for name, value in zip(names, cell, strict=True)}
            if wanted(code):
                sums += [row[top], sum(sign * row[name] for name, sign in base)]
    return 100 * sums[0] / sums[1]


SCOPE = (("finished", 1), ("not_at_caseness", -1))


def gradient_and_groups(population, within):
    courses, referrals = finished_courses(population), population.referrals
    decile, group = referrals["decile"][courses.referral], referrals["group"][courses.referral]
    ends = {}
    for deciles in ((1, 2), (9, 10)):
        twin = courses.rate(np.isin(decile, deciles), "reliable_recovery")
        ends[deciles] = (
            twin,
            published_by("deprivation_decile", lambda d, of=deciles: d in of, "reliable_recovery", SCOPE),
        )
    twin, published = (ends[9, 10][i] - ends[1, 2][i] for i in (0, 1))
    assert twin > 0
    assert abs(twin - published) <= 3
    for name in set(GROUPS.values()) - {"Not stated"}:
        twin = courses.rate(group == name, "reliable_recovery")
        published = published_by(
            "ethnic_category", lambda c, of=name: GROUPS[c] == of, "reliable_recovery", SCOPE
        )
        assert abs(twin - published) <= within, name


def test_a_quarter_of_the_size_meets_the_publication(quick):
    meets_the_publication(quick, QUICK, 0.08)
    gradient_and_groups(quick, 4)


def test_ethnic_and_deprivation_mix_of_referrals_is_the_published_one(quick):
    referrals = quick.referrals
    year = financial_year(referrals["received"]) == 2024
    for place, service in enumerate(services()):
        mine = year & (referrals["service"] == place)
        for slug in ("ethnic_category", "deprivation_decile", "age_band", "gender"):
            mix = service.mixes[slug]
            counts = np.bincount(referrals[slug][mine], minlength=len(mix.codes))
            assert np.all(np.abs(counts - mix.received / mix.received.sum() * mine.sum()) <= 3)


def test_waits_of_finished_courses_are_near_the_published_ones(quick):
    referrals = quick.referrals
    done = referrals["second_treatment"] & (financial_year(referrals["end"]) == 2024)
    for place, service in enumerate(services()):
        mine = done & (referrals["service"] == place)
        wait = (referrals["first"] - referrals["received"])[mine]
        second = (referrals["second"] - referrals["first"])[mine]
        published = read(f"services/{service.code}")["waits"]
        total = service.annual["finished"]
        assert abs((wait <= 42).mean() - published["first_treatment"]["<6 weeks"] / total) < 0.03
        assert abs((wait <= 126).mean() - published["first_treatment"]["<18 weeks"] / total) < 0.02
        assert abs((second > 90).mean() - published["second_treatment"][">90 days"] / total) < 0.05
        mean = service.means["M089"] / service.means["M076"]
        assert abs(referrals["sessions"][mine].mean() - mean) < 0.5


def test_planted_effects_have_their_size_and_leave_the_service_as_it_was():
    population = populate(0.5, 24, 3, "2026-03")
    checked = 0
    for effect in effects():
        facts = described(effect, population)
        if "used" in facts:
            assert abs(100 * (facts["used"] - facts["calibrated"]) - effect.points) < 0.01
            assert abs(100 * (facts["drawn"] - facts["used"])) < 5
            checked += 1
        if effect.compensated:
            mine = population.referrals["service"] == [s.code for s in services()].index(effect.service)
            mine &= population.referrals["received"] <= population.months[-1].last
            gap = (
                population.referrals[f"{effect.stage}_p"][mine]
                - population.referrals[f"{effect.stage}_baseline"][mine]
            )
            assert abs(gap.mean()) < 0.002
    assert checked == 3


def test_a_planted_wait_lengthens_the_wait():
    effect = next(effect for effect in effects() if effect.days)
    with_it = populate(0.2, 12, 5, "2026-03")
    without = populate(0.2, 12, 5, "2026-03", chosen=())
    waits = []
    for population in (with_it, without):
        rows = population.referrals
        touched = effect.concerns(rows) & (
            rows["service"] == [s.code for s in services()].index(effect.service)
        )
        waits.append((rows["first"] - rows["received"])[touched].mean())
    assert abs(waits[0] - waits[1] - effect.days) < 2


def test_the_figures_are_those_of_the_publication(published_data, tmp_path):
    extract(published_data, tmp_path)
    assert len(list(tmp_path.iterdir())) == 8
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (FOLDER / "services" / path.name).read_bytes()


@pytest.mark.full
@pytest.mark.parametrize("seed", [7, 8, 2026])
def test_full_size_meets_the_publication_at_any_seed(seed):
    population = populate(1.0, 24, seed, "2025-04")
    meets_the_publication(population, 1.0, 0.04)
    gradient_and_groups(population, 3)
