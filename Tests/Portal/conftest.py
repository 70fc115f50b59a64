"""A running stack, a browser, and for each test a tenant of its own."""

import itertools
import json
import os
import pathlib
import shutil
import time
import urllib.request
import uuid

import jwt
import pytest
from _pytest.runner import runtestprotocol
from playwright.sync_api import expect, sync_playwright

from receiver import Receiver

ALL = ["webhooks:read", "webhooks:write", "events:read", "events:write", "deliveries:read", "deliveries:write",
       "metrics:read"]
numbers = itertools.count(1)
# Of a machine with two busy cores: what takes longer has failed.
expect.set_options(timeout=60_000)


class Service:
    """Calls the API and the ingester as one tenant."""

    api = os.environ["MARTLET_API_URL"]
    ingester = os.environ["MARTLET_INGEST_URL"]

    def __init__(self, name="Shop"):
        self.tenant = f"portal-{uuid.uuid4().hex[:8]}-{next(numbers)}"
        self.call("POST", "/admin/tenants", {"identifier": self.tenant, "name": name}, permissions=["tenants:admin"])

    def token(self, permissions=ALL, seconds=3600):
        claims = {"sub": "portal-suite", "exp": int(time.time()) + seconds, "tenants": [self.tenant],
                  "permissions": list(permissions)}
        return jwt.encode(claims, os.environ["MARTLET_JWT_SECRET"], algorithm="HS256")

    def call(self, method, path, body=None, permissions=ALL, base=None):
        request = urllib.request.Request(
            (base or self.api) + path, method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token(permissions)}", "X-tenant-ID": self.tenant,
                     **({} if body is None else {"Content-Type": "application/json"})})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def link(self, **members):
        return self.call("POST", "/company/portal-links", members)["url"]

    def webhook(self, url, **members):
        body = {"name": "Shipping", "url": url, "events": ["order-created"], **members}
        return self.call("POST", "/company/webhooks", body)

    def event(self, resource="o1", kind="order-created", **data):
        body = {"type": kind, "data": {"id": resource, **data}}
        return self.call("POST", "/company/events", body, base=self.ingester)["id"]


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def service():
    return Service()


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.stop()


@pytest.fixture
def open_portal(browser, request):
    """Opens the portal in a context of its own; at the end no console may have said that something is wrong."""
    contexts, faults = [], []

    def opened(url=None, **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: faults.append(f"dialog: {dialog.message}"))
        if url:
            page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()
    # What the service refuses is told by the browser too; a test that asks for a refusal says so.
    allowed = request.node.get_closest_marker("refused")
    unexpected = [fault for fault in faults if not (allowed and "Failed to load resource" in fault)]
    assert unexpected == []


@pytest.fixture
def portal(open_portal, service):
    """The portal of the test's tenant, signed in by a link."""
    page = open_portal(service.link())
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    return page


@pytest.fixture(scope="session")
def artefacts():
    folder = pathlib.Path(os.environ.get("MARTLET_ARTEFACTS", "") or pathlib.Path(__file__).parents[2] / ".build/portal")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    """Once more where the machine's network changed meanwhile: containers that come and go make Chromium drop requests."""
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, nextitem=nextitem, log=False)
    if any(report.failed and "ERR_NETWORK_CHANGED" in report.longreprtext for report in reports):
        item._initrequest()
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def pytest_configure(config):
    config.addinivalue_line("markers", "refused: the service refuses something, which the console tells")
