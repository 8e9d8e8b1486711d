"""Identicons as SVG. Rendered once, then served from the cache."""
from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path

from fastapi import FastAPI, Response

CACHE = Path(os.getenv("AVATAR_CACHE", "/var/cache/avatars"))
GRID = 5

api = FastAPI(title="avatars", docs_url=None)


def render(digest: bytes) -> str:
    colour = "#%02x%02x%02x" % tuple(digest[:3])
    cells = [
        f'<rect x="{x}" y="{y}" width="1" height="1"/>'
        for x in range(GRID)
        for y in range(GRID)
        if digest[3 + min(x, GRID - 1 - x) * GRID + y] & 1
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {GRID} {GRID}" fill="{colour}">'
        + "".join(cells)
        + "</svg>"
    )


async def cached(name: str) -> str:
    digest = hashlib.sha256(name.encode()).digest()
    entry = CACHE / digest.hex()[:2] / f"{digest.hex()}.svg"
    if await asyncio.to_thread(entry.exists):
        return await asyncio.to_thread(entry.read_text)
    svg = render(digest)
    await asyncio.to_thread(entry.parent.mkdir, parents=True, exist_ok=True)
    await asyncio.to_thread(entry.write_text, svg)
    return svg


@api.get("/avatar/{name}")
async def avatar(name: str) -> Response:
    return Response(await cached(name), media_type="image/svg+xml")


@api.get("/")
async def index() -> dict[str, str]:
    return {"usage": "/avatar/<name>"}
