"""`joinedup returns`: check and load the monthly returns."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from joinedup.cli.options import AsJson, KeyFile, LakeFolder, Paths, day
from joinedup.cli.output import print_json, print_table, progress

app = typer.Typer()
Received = Annotated[
    str | None,
    typer.Option(
        "--received",
        help="The day it was received (default: receipts.csv beside it, else now).",
        metavar="YYYY-MM-DD",
    ),
]


@app.command("check")
def check(paths: Paths, received: Received = None, as_json: AsJson = False) -> None:
    """Check returns against the national rules; nothing is kept.

    Rules on what was announced (provider, sender, period, time) run where receipts.csv says it.

    Example: joinedup returns check returns/RV3_2025-03_primary.zip
    """
    from joinedup.intake import check as check_returns

    with progress(as_json) as show:
        reports = check_returns(
            paths, received=day(received, "--received"),
            progress=lambda done, total, name: show("Checking returns", done, total),
        )  # fmt: skip
    if as_json:
        print_json(reports[0].as_dict() if len(reports) == 1 else [report.as_dict() for report in reports])
    else:
        for report in reports:
            _tell(report)
    if any(report.refused for report in reports):
        raise typer.Exit(1)


def _tell(report: Any) -> None:
    outcome = report.outcome.replace("_", " ")
    size = f"{report.rows:,} rows in {len(report.files)} files"
    print(f"\n{report.name}: {outcome}. {size}; rules of IDS v{report.rules_version}.")
    first: dict[str, Any] = {}
    for finding in report.findings:
        first.setdefault(finding.rule, finding)
    rows = [
        (
            rule,
            finding.severity,
            f"{report.counts.get(rule, 1):,}",
            finding.file,
            finding.row,
            finding.column,
            finding.message,
        )
        for rule, finding in first.items()
    ]
    if rows:
        print_table(
            ("Rule", "Severity", "Times", "File", "First row", "Column", "What is wrong"), rows, right=(2, 4)
        )


@app.command("load")
def load(
    paths: Paths, lake: LakeFolder, key: KeyFile = None, received: Received = None, as_json: AsJson = False
) -> None:
    """Check returns and load what may rest into the lake (made when it is not there).

    Example: joinedup returns load returns/ --lake lake/ --key ~/joinedup.key
    """
    from joinedup.intake import load as load_returns
    from joinedup.lake import create_lake
    from joinedup.linkage import read_key

    held = read_key(key)
    place = create_lake(lake, purpose=held.purpose, key_fingerprint=held.fingerprint)
    with progress(as_json) as show:
        done = load_returns(
            paths, place, key=held, received=day(received, "--received"),
            progress=lambda n, total, name: show("Loading returns", n, total),
        )  # fmt: skip
    if as_json:
        print_json(done.to_json())
    else:
        print_table(
            ("File", "Outcome", "Rows in", "Rows kept", ""),
            [(f.name, f.outcome, f"{f.rows_in:,}", f"{f.rows_kept:,}", f.message) for f in done.files],
            right=(2, 3),
        )
    if done.outcomes.get("refused"):
        raise typer.Exit(1)


@app.command("withdraw")
def withdraw(
    provider: Annotated[str, typer.Argument(help="Code of the provider.", metavar="CODE")],
    period: Annotated[str, typer.Argument(help="The month.", metavar="YYYY-MM")],
    lake: LakeFolder,
    reason: Annotated[str, typer.Option("--reason", help="Why; it stays in the ledger. Name no patient.")],
    as_json: AsJson = False,
) -> None:
    """Take a provider's month out of the lake; its history stays, and journeys need building again.

    Example: joinedup returns withdraw RV3 2026-03 --reason "the wrong month" --lake lake/
    """
    from joinedup.errors import UnknownName
    from joinedup.intake import held_of
    from joinedup.intake import withdraw as withdraw_return
    from joinedup.lake import open_lake

    place = open_lake(lake)
    record = held_of(place, provider, period)
    if record is None:
        raise UnknownName(
            f"The lake holds no return of {provider} for {period}.",
            remedy="`joinedup lake history` has what it holds.",
        )
    after = withdraw_return(record.content_hash, place, reason=reason)
    told = {"provider": provider, "period": period, "submission": record.content_hash, "state": after.number}
    if as_json:
        print_json(told)
    else:
        print(f"{record.file} of {provider} for {period} is withdrawn; the lake is at state {after.number}.")
        print("Build journeys again: joinedup journeys build")


@app.command("rules")
def rules(
    as_json: AsJson = False,
    all_rules: Annotated[bool, typer.Option("--all", help="Also the rules that run.")] = False,
) -> None:
    """List the national rules: which run, and why the others cannot.

    Example: joinedup returns rules --all
    """
    from joinedup.definitions import ReturnSpec

    spec = ReturnSpec.load("talking_therapies")
    chosen = [rule for rule in spec.rules if all_rules or not rule.runs]
    rows = [
        (rule.id, rule.severity, rule.kind, ", ".join(rule.columns), "runs" if rule.runs else rule.reason)
        for rule in chosen
    ]
    header = ("Rule", "Severity", "Kind", "Columns", "Runs, or why not")
    if as_json:
        print_json(
            [dict(zip(("rule", "severity", "kind", "columns", "status"), row, strict=True)) for row in rows]
        )
    else:
        print_table(header, rows)
