"""What every part of the API shares: tokens, allowances, pages, problems, its description. Areas own the operations."""
