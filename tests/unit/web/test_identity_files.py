"""The file that names identity services: what it may say, and what it is told where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from joinedup.errors import YourCommand
from joinedup_web.config.environment import Environment
from joinedup_web.config.serving import served
from joinedup_web.organisations.identity.services import read_services

RIGHT = (
    "[{name: care, title: NHS Care Identity, shape: care, issuer: 'https://id.example', "
    "client_id: a, secret_file: SECRET}]"
)


def told(folder: Path, text: str) -> str:
    (folder / "secret").write_text("s3cret\n")
    (folder / "identity.yaml").write_text(text.replace("SECRET", str(folder / "secret")))
    return str(folder / "identity.yaml")


def test_a_right_file_is_read(tmp_path: Path) -> None:
    (one,) = read_services(told(tmp_path, RIGHT))
    assert one.least == (2, 3) and one.secret == "s3cret" and one.origins == ("https://id.example",)


def test_none_is_none() -> None:
    assert read_services("") == ()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("https://id", "http://id", "not an https:// address"),
        ("shape: care", "shape: other", "shape"),
        ("shape: care", "shape: workplace", "tenant"),
        ("name: care", "name: Care!", "name"),
        ("client_id: a", "client_id: ''", "client_id"),
        ("client_id: a", "client_id: a, colour: red", "colour"),
        ("client_id: a", "client_id: a, authentication: 4", "authentication"),
        ("SECRET", "/nowhere/at/all", "/nowhere/at/all"),
        (RIGHT, "5", "list"),
        ("[", "[[", "line 1"),
    ],
)
def test_a_wrong_file_is_named_with_its_field(before: str, after: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(YourCommand, match=r"identity\.yaml") as wrong:
        read_services(told(tmp_path, RIGHT.replace(before, after)))
    assert said in str(wrong.value) and "sign-in.md" in wrong.value.remedy


def test_a_secret_in_the_wrong_place_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(YourCommand) as wrong:
        read_services(told(tmp_path, RIGHT.replace("client_id: a", "client_id: a, secret: very-secret")))
    assert "very-secret" not in str(wrong.value)


def test_two_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(YourCommand, match="same name"):
        read_services(told(tmp_path, RIGHT[:-1] + "," + RIGHT[1:]))


@pytest.mark.parametrize(
    ("variable", "value"), [("JOINEDUP_IDENTITY", "/nowhere.yaml"), ("JOINEDUP_MAIL", "mail")]
)
def test_what_is_wrong_is_said_before_anything_is_served(
    variable: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    told = Environment(tmp_path / "workspace", None, "http://127.0.0.1:1", "")
    with pytest.raises(YourCommand), served(told, port=1):
        pass
    assert not (tmp_path / "workspace").exists()
