"""The people of the tests' OpenID provider, and how one of them signs in there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

HERE = Path(__file__).parent
MODULES = HERE.parents[2] / "node_modules" / "oidc-provider"
TENANT = "11111111-2222-3333-4444-555555555555"
FAULTS = (
    "audience", "party", "issuer", "expired", "nonce", "no nonce", "no expiry", "key", "unknown key", "unsigned",
    "shared", "subject", "garbled", "absent",
)  # fmt: skip


def care(email: str, **more: Any) -> dict[str, Any]:
    """A person as NHS Care Identity describes one, at level 3 unless told otherwise."""
    authentication, identity = more.pop("levels", ("3", "3"))
    claims = {
        "nhsid_useruid": "555012345678",
        "authentication_assurance_level": authentication,
        "id_assurance_level": identity,
        "nhsid_nrbac_roles": [{"org_code": more.pop("org", "RKL"), "role_name": "Clinical Practitioner"}],
        "name": "Somebody",
        "email": email,
        "email_verified": True,
    }
    acr = {"3": "AAL3_ANY", "2": "AAL2_OR_AAL3_ANY"}.get(authentication, "AAL1_USERPASS")
    fault = more.pop("fault", None)
    return {"claims": {**claims, **more}, "acr": acr, "amr": ["N3_SMARTCARD"], "fault": fault}


def workplace(email: str, **more: Any) -> dict[str, Any]:
    """A person as a workplace directory describes one."""
    amr = more.pop("amr", ["pwd", "mfa"])
    claims = {
        "tid": TENANT,
        "oid": "99999999-8888-7777-6666-555555555555",
        "preferred_username": email,
        "email": email,
        "xms_edov": "1",
    }
    return {"claims": {**claims, **more}, "amr": amr}


@contextmanager
def provider(folder: Path, port: int, back: str, people: Mapping[str, Any]) -> Iterator[str]:
    """The provider on a port; `back` is the address that the browser is sent back to, with {} for the service."""
    node = shutil.which("node")
    if node is None or not MODULES.is_dir():
        pytest.skip("no OpenID provider: Node 20 and `npm ci` (make setup) are needed for these tests")
    clients = [
        {
            "client_id": f"joinedup-{name}",
            "client_secret": f"the secret of {name}, long enough",
            "redirect_uris": [back.format(name)],
            "token_endpoint_auth_method": "client_secret_post",
        }
        for name in ("care", "workplace")
    ]
    told = folder / "people.json"
    told.write_text(json.dumps({"clients": clients, "people": people}))
    with (folder / "provider.log").open("w") as log:
        started = subprocess.Popen(
            [node, str(HERE / "openid_provider.mjs"), str(port), str(told)],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            assert started.stdout is not None
            while (line := started.stdout.readline()) != "ready\n":
                assert line, (folder / "provider.log").read_text()
            yield f"http://localhost:{port}"
        finally:
            started.terminate()
            started.communicate(timeout=20)


def services_file(folder: Path, issuer: str) -> Path:
    """The file that tells the workspace of both services, as whoever runs it writes it."""
    for name in ("care", "workplace"):
        (folder / f"{name}.secret").write_text(f"the secret of {name}, long enough\n")
    file = folder / "identity.yaml"
    file.write_text(
        f"""
- {{name: care, title: NHS Care Identity, shape: care, issuer: '{issuer}', client_id: joinedup-care,
   secret_file: '{folder}/care.secret', ask_for: AAL2_OR_AAL3_ANY}}
- {{name: workplace, title: your work account, shape: workplace, issuer: '{issuer}', client_id: joinedup-workplace,
   secret_file: '{folder}/workplace.secret', tenant: {TENANT}}}
"""
    )
    return file


def at_the_provider(address: str, who: str) -> str:
    """Sign in there as a browser does; the address that it sends the browser back to."""
    browser = requests.Session()
    page = browser.get(address, allow_redirects=True)
    form = re.search(r'action="([^"]+)"', page.text)
    assert form is not None, page.text
    answer = browser.post(
        address.split("/auth", maxsplit=1)[0] + form[1], data={"login": who}, allow_redirects=False
    )
    while "/account/with/" not in answer.headers.get("Location", ""):
        assert answer.is_redirect, answer.text
        answer = browser.get(
            requests.compat.urljoin(answer.url, answer.headers["Location"]), allow_redirects=False
        )
    return answer.headers["Location"]
