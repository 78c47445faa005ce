"""The log of requests for information: what was asked, by when, what was answered and from which figures."""
