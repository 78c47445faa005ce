"""The NHS design system, met once: layouts, form fields, charts with their tables, and its files copied at set-up."""
