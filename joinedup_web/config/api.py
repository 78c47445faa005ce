"""Addresses of the API: routers of the areas, mounted together. A new area adds its router to ROUTERS."""

from __future__ import annotations

from joinedup_web.api.mounting import mounted
from joinedup_web.api.places import router as places
from joinedup_web.equity.api import router as definitions
from joinedup_web.equity.api_figures import router as figures
from joinedup_web.equity.api_journeys import router as journeys
from joinedup_web.equity.api_notes import router as notes
from joinedup_web.returns.api import router as returns

ROUTERS = (definitions, figures, journeys, notes, returns, places)

urlpatterns = mounted(ROUTERS)
