"""The specification of the Talking Therapies return: complete, strict, and true to its source."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from joinedup.definitions import return_clinical, return_rules, return_tables
from joinedup.definitions.reading import build, list_files, load, read_yaml
from joinedup.definitions.return_spec import ReturnSpec, assemble
from joinedup.errors import DefinitionBroken, UnknownName

SPEC = ReturnSpec.load("talking_therapies")
BAD = sorted((Path(__file__).parents[2] / "fixtures" / "bad_definitions").glob("return_*.yaml"))
MODELS: dict[str, Any] = vars(return_tables) | vars(return_rules) | vars(return_clinical)


def test_every_national_table_and_column_is_there() -> None:
    assert (SPEC.id, SPEC.version, SPEC.rules_version) == ("IDS", "2.1", "2.0")
    assert len(SPEC.tables) == 21
    assert sum(len(table.columns) for table in SPEC.tables) == 140
    assert len(SPEC.rules) == 377
    assert any("rules are those of version 2.0" in note for note in SPEC.notes)


def test_one_file_holds_one_table_and_one_file_its_rules() -> None:
    folder = "returns/talking_therapies"
    ids = [table.id for table in SPEC.tables]
    assert [Path(path).stem for path in list_files(f"{folder}/tables")] == ids
    assert [Path(path).stem for path in list_files(f"{folder}/rules")] == ids


def test_people_referrals_contacts_and_activities_are_the_keys() -> None:
    keys = {table.id: table.primary_key for table in SPEC.tables if table.primary_key}
    assert keys == {
        "IDS001": "LocalPatientId",
        "IDS101": "ServiceRequestId",
        "IDS201": "CareContactId",
        "IDS202": "CareActId",
    }
    for table in SPEC.tables:
        for place in table.references.values():
            assert SPEC.column(place).key == "primary"


def test_what_identifies_a_person_is_marked_wherever_it_stands() -> None:
    marked = {column.name for table in SPEC.tables for column in table.columns if column.identifying}
    unmarked = {column.name for table in SPEC.tables for column in table.columns if not column.identifying}
    assert {"LocalPatientId", "NHSNumber", "PersonBirthDate", "Postcode", "ServiceRequestId"} <= marked
    assert not marked & unmarked


@pytest.mark.parametrize("bad", BAD, ids=lambda path: path.stem)
def test_a_faulty_definition_is_refused_with_file_and_field(bad: Path) -> None:
    case = yaml.safe_load(bad.read_text(encoding="utf-8"))
    with pytest.raises(DefinitionBroken) as refused:
        build(MODELS[case["model"]], case["content"], where=bad.name)
    assert str(refused.value).startswith(f"{bad.name}: {case['fault']['field']}: ")
    assert case["fault"]["says"] in str(refused.value)


def test_there_are_faulty_definitions_to_refuse() -> None:
    assert len(BAD) == 12


def test_a_file_that_is_absent_or_of_another_kind_is_named() -> None:
    with pytest.raises(DefinitionBroken, match=r"returns/nowhere\.yaml: there is no such"):
        read_yaml("returns/nowhere.yaml")
    with pytest.raises(
        DefinitionBroken, match=r"returns/talking_therapies/spec\.yaml: tables: Field required"
    ):
        load(ReturnSpec, "returns/talking_therapies/spec.yaml")


@pytest.mark.parametrize(
    ("part", "change", "named"),
    [
        ("code_lists", (), "tables/IDS000.yaml: codes: not defined: data_set_version_number"),
        ("tables", "IDS001", "tables/IDS002.yaml: references: not defined: IDS001.LocalPatientId"),
        ("rules", "IDS10104", "rule ids given twice: IDS10104"),
    ],
)
def test_parts_that_do_not_fit_each_other_are_refused(part: str, change: str | tuple[()], named: str) -> None:
    content = {name: getattr(SPEC, name) for name in type(SPEC).model_fields}
    if part == "code_lists":
        content[part] = change
    elif part == "tables":
        content[part] = tuple(table for table in SPEC.tables if table.id != change)
    else:
        content[part] = (*SPEC.rules, SPEC.rule(str(change)))
    with pytest.raises(DefinitionBroken, match=named.replace("(", r"\(")):
        assemble(content, where="spec")


def test_a_specification_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        SPEC.table("IDS101").name = "other"


def test_nearest_names_are_offered() -> None:
    with pytest.raises(UnknownName) as unknown:
        SPEC.column("IDS101.EndCodes")
    assert "EndCode" in unknown.value.remedy
    with pytest.raises(UnknownName, match="no return named children"):
        ReturnSpec.load("children")


def test_questionnaires_have_the_ranges_of_the_national_validator() -> None:
    ranges = {tool.code: (tool.low, tool.high) for tool in SPEC.questionnaires if tool.low is not None}
    assert ranges["PHQ9"] == (0, 27)
    assert ranges["GAD7"] == (0, 21)
    assert ranges["MI"] == (0, 5)
    assert ranges["DDS"] == (17, 102)
    assert SPEC.questionnaire("CFQ11").snomed == ()
    codes = [code for tool in SPEC.questionnaires for code in tool.snomed]
    assert len(codes) == len(set(codes)) == 35


def test_end_codes_are_those_of_the_code_list() -> None:
    groups = SPEC.end_code_groups
    grouped = {*groups.referred_not_seen, *groups.seen_not_taken_on, *groups.seen_and_taken_on}
    assert grouped == set(SPEC.code_list(SPEC.column("IDS101.EndCode").codes or "").codes)


def test_sexual_orientation_is_grouped_by_the_dictionary_codes() -> None:
    found = SPEC.circumstance("sexual_orientation")
    assert set(found.groups) == set(found.group_titles) == {"1", "2", "3", "4", "U", "Z", "9"}
    assert found.ungrouped == ()
    assert "20430005" in found.groups["1"]
    assert "699042003" in found.groups["Z"]


def test_a_religion_is_grouped_in_one_place_only() -> None:
    found = SPEC.circumstance("religion")
    assert found.otherwise == "Not known"
    assert not found.groups  # the national groups are in the derivations
    assert len(found.codes) == 147


def _is_concept(code: str) -> bool:
    """SNOMED CT check digit and partition, by the definition of Verhoeff's dihedral group."""

    def times(left: int, right: int) -> int:
        turned = (right + left) % 5 if right < 5 else 5 + (right - 5 + left) % 5
        flipped = 5 + (left - 5 - right) % 5 if right < 5 else (left - right) % 5
        return turned if left < 5 else flipped

    first = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
    total = 0
    for place, digit in enumerate(reversed(code)):
        value = int(digit)
        for _ in range(place % 8):
            value = first[value]
        total = times(total, value)
    return total == 0 and code[-3:-1] in ("00", "10")


def test_every_code_of_a_questionnaire_or_therapy_is_a_valid_concept() -> None:
    codes = [code for tool in SPEC.questionnaires for code in tool.snomed]
    codes += [therapy.snomed for therapy in SPEC.therapy_types]
    assert [code for code in codes if not _is_concept(code)] == []


def test_circumstance_codes_that_are_no_concepts_are_named_in_the_note() -> None:
    for found in SPEC.circumstances:
        bad = [code for code in found.codes if not _is_concept(code)]
        assert all(code in (found.note or "") for code in bad)


@given(st.sampled_from(SPEC.rules))
def test_a_rule_says_something_a_person_can_act_on(rule: return_rules.Rule) -> None:
    assert rule.message.endswith(".") and rule.remedy.endswith(".")
    assert "IDS" not in rule.message
    assert rule.message[0].isupper() and rule.remedy[0].isupper()


def test_a_specification_that_was_looked_up_in_goes_to_another_process() -> None:
    spec = ReturnSpec.load("talking_therapies")
    assert spec.table("IDS101").column("EndCode") and spec.rules_of("IDS101")
    given = pickle.loads(pickle.dumps(spec))
    assert given == spec and given.rules_of("IDS101") == spec.rules_of("IDS101")
    assert given.table("IDS101").column("EndCode") == spec.table("IDS101").column("EndCode")
