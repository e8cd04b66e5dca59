"""Routes that are made when somebody first asks for one of them: a gateway is ready sooner without."""

from collections.abc import Callable, Iterable
from threading import Lock

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute, Match
from starlette.types import Scope


class LateRoutes(BaseRoute):
    """Stands among the routes of an app, matches nothing, and adds its own behind itself once one of them is wanted."""

    def __init__(self, app: FastAPI, prefixes: Iterable[str], make: Callable[[], Iterable[APIRouter]]) -> None:
        self._app = app
        self._prefixes = tuple(prefixes)
        self._make = make
        self._lock = Lock()
        self._made = False

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match nothing; what is added is asked next, for it stands behind."""
        if not self._made and scope["type"] == "http" and scope["path"].startswith(self._prefixes):
            self.add()
        return Match.NONE, {}

    def add(self) -> None:
        """Add the routes, once."""
        with self._lock:
            if not self._made:
                for router in self._make():
                    self._app.include_router(router)
                self._made = True
