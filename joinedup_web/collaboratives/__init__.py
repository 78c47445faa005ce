"""Provider collaboratives made in the workspace: from a template, with members from a day to a day; ended, undone."""
