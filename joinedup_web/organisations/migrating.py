"""Operations of migrations that render only what they make.

Django renders a model anew, and with it every model that is related to it however far, whenever a model or a trigger is
added; all of ours are related through places, so that a hundred tables took 40 seconds of a first start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger.migrations
from django.db import migrations

if TYPE_CHECKING:
    from django.db.migrations.state import ProjectState


class CreateModel(migrations.CreateModel):
    """Django's. Nothing points at a new model, so that nothing else need be rendered for it."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Add the model to the state, and itself alone to what is rendered."""
        rendered = state.__dict__.pop("apps", None)
        super().state_forwards(app_label, state)
        if rendered is not None:
            rendered.render_multiple([state.models[app_label, self.name_lower]])
            state.__dict__["apps"] = rendered


class AddTrigger(pgtrigger.migrations.AddTrigger):
    """pgtrigger's. What a trigger says is compiled, and no operation reads it off a model that was rendered."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Add the trigger to the model's options."""
        options = state.models[app_label, self.model_name].options
        options["triggers"] = [*options.get("triggers", []), self.trigger]


class AddConstraint(migrations.AddConstraint):
    """Django's. The constraint itself is what is written to the database."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Add the constraint to the model's options."""
        options = state.models[app_label, self.model_name_lower].options
        options["constraints"] = [*options.get("constraints", []), self.constraint]
