"""The `joinedup` command: arguments in, one library call, exit code out.

Exit codes: 0 done, 1 your data, 2 your command, 3 our fault (a traceback is shown).
"""

from __future__ import annotations

import sys
import traceback

from joinedup.errors import JoinedupError, OurFault


def main() -> None:
    """Entry point of the `joinedup` script."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; nothing but the command's own output reaches standard output."""
    from joinedup.cli.commands import application

    try:
        application()(arguments, prog_name="joinedup")
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 0
    except KeyboardInterrupt:
        print("Stopped. Nothing half-done was kept; run the same command again.", file=sys.stderr)
        return 130
    except JoinedupError as error:
        if isinstance(error, OurFault):
            traceback.print_exc()
        print(f"Error: {error}", file=sys.stderr)
        return error.exit_code
    except Exception:  # whatever escapes is ours to mend: say so, with the traceback
        traceback.print_exc()
        print(
            "Error: this is a fault of joinedup, not of your data. Please report it with the lines above.",
            file=sys.stderr,
        )
        return 3
    return 0
