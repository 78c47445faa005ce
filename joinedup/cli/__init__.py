"""The `joinedup` command: arguments in, one library call, exit code out.

Exit codes: 0 done, 1 your data, 2 your command, 3 our fault (a traceback is shown).
"""

from __future__ import annotations

import sys
import traceback
from importlib.metadata import entry_points

from joinedup.errors import JoinedupError, OurFault

# Commands of the workspace come by entry point, so that the library needs no Django; without it they say what to install.
WORKSPACE_COMMANDS = ("serve", "pack", "scrutiny", "meetings", "collaborative", "subscriptions")


def main() -> None:
    """Entry point of the `joinedup` script."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; nothing but the command's own output reaches standard output."""
    import click

    from joinedup.cli.commands import application

    try:
        result = application()(arguments, standalone_mode=False, prog_name="joinedup")
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "")
        return 2
    except click.ClickException as error:
        error.show()
        return 2
    except (KeyboardInterrupt, click.Abort):
        click.echo("Stopped. Nothing half-done was kept; run the same command again.", err=True)
        return 130
    except JoinedupError as error:
        if isinstance(error, OurFault):
            traceback.print_exc()
        click.echo(f"Error: {error}", err=True)
        return error.exit_code
    except Exception:  # whatever escapes is ours to mend: say so, with the traceback
        traceback.print_exc()
        click.echo("Error: this is a fault of joinedup, not of your data. Please report it with the lines above.", err=True)
        return 3
    return result if isinstance(result, int) else 0


def installed_workspace_commands() -> dict[str, object]:
    """Commands that an installed workspace brings, by name."""
    return {entry.name: entry for entry in entry_points(group="joinedup.commands")}
