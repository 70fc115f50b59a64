"""The pictures of `docs/portal`, of a shop with a day behind it: made anew by each run, in the artefacts' folder."""

import os
import random
import subprocess

import pytest
from playwright.sync_api import expect

from conftest import Service
from receiver import Receiver

SIZE = {"width": 1280, "height": 860}
# Requests of a shop by the hour, the current one last.
BUSY = [8, 6, 5, 5, 7, 12, 22, 38, 55, 64, 71, 78, 84, 80, 74, 76, 81, 90, 96, 88, 70, 48, 27, 15]
WEBHOOKS = {
    "Order sync to ERP": ("/erp/orders", ["order-created", "order-updated", "order-cancelled"]),
    "Warehouse": ("/warehouse", ["order-fulfilled", "product-inventory_updated", "shipping-*"]),
    "Newsletter": ("/newsletter", ["customer-created", "customer-updated"]),
    "Accounting": ("/accounting", ["payment-completed", "payment-refunded", "payment-failed"]),
    "Search index": ("/search", ["product-*"]),
    "Data lake": ("/lake", ["*"]),
}


def past(tenant):
    """A day of counters, as the services would have written them; the chance in it is the same each time."""
    chance = random.Random(7)
    rows = []
    for place, name in enumerate(WEBHOOKS):
        for hours, busy in enumerate(reversed(BUSY)):
            sent = max(2, busy * (6 - place) // 2 + chance.randrange(9))
            failed = sent // 3 if name == "Search index" else chance.choice([0, 0, 0, 1, 2])
            slow = sent // 2 if name == "Accounting" else sent * chance.randint(1, 11) // 100
            quick = sent - slow
            depth = sent // 4 if place == 0 and 3 < hours < 9 else chance.choice([0, 0, 2])
            times = (quick, 0, slow) if name == "Accounting" else (quick, slow, 0)
            rows.append(f"('{name}', {hours}, {sent - failed}, {failed}, {times[0]}, {times[1]}, {times[2]}, "
                        f"{failed - failed // 3}, {failed // 3}, {depth})")
    sql = f"""
        INSERT INTO martlet.delivery_stats
          (shard, webhook_id, tenant_id, minute, succeeded, failed, d4, d8, d10, e12, e0, queue_depth)
        SELECT w.shard, w.id, w.tenant_id, date_trunc('minute', now() - make_interval(hours => hours, mins => 3)),
               good, bad, quick, slow, slowest, broken, late, depth
          FROM (VALUES {", ".join(rows)}) v(name, hours, good, bad, quick, slow, slowest, broken, late, depth)
          JOIN martlet.webhooks w ON w.configuration->>'name' = v.name
          JOIN martlet.tenants t ON t.id = w.tenant_id AND t.identifier = '{tenant}'"""
    subprocess.run(["psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--command", sql,
                    os.environ["MARTLET_DATABASE_URL"]], check=True)


@pytest.fixture(scope="module")
def shop():
    """A tenant with a past, six webhooks and a few orders of today."""
    made = Service("Nordic Vinyl")
    receiver = Receiver()
    receiver.answer("/search", status=503, body='{"error":"index is being rebuilt"}')
    retry = {"maxAttempts": 2, "schedule": [3600]}
    ids = {name: made.webhook(receiver.url + path, name=name, events=events, retry=retry)["id"]
           for name, (path, events) in WEBHOOKS.items()}
    past(made.tenant)
    for number in range(6):
        made.event(f"order-{1042 + number}", total={"gross": 45.1125 + number, "currency": "EUR"})
    made.event("sku-7", kind="product-updated", name="Kind of Blue")
    made.event("c-9", kind="customer-created", email="ada@example.com")
    made.call("PATCH", f"/company/webhooks/{ids['Newsletter']}", {"isEnabled": False})
    receiver.wait("/erp/orders", 6)
    receiver.wait("/search", 1)
    yield made, ids, receiver
    receiver.stop()


def test_pictures(open_portal, shop, artefacts):
    service, ids, receiver = shop
    folder = artefacts / "docs"
    folder.mkdir(exist_ok=True)

    def show(page, path, *texts):
        page.goto(service.api + "/portal" + path)
        for text in texts:
            expect(page.get_by_text(text).first).to_be_visible()
        expect(page.locator(".loading, [aria-busy]")).to_have_count(0)

    def opened(**options):
        made = open_portal(service.link(), viewport=SIZE, **options)
        expect(made.get_by_role("heading", name="Overview")).to_be_visible()
        return made

    page = opened()
    show(page, "", "Needs attention", "Search index")
    page.screenshot(path=folder / "overview.png")
    show(page, "/webhooks", "Order sync to ERP")
    expect(page.locator("td[data-label='Success rate']").get_by_text("%")).to_have_count(6)
    page.screenshot(path=folder / "webhooks.png")
    show(page, f"/webhooks/{ids['Order sync to ERP']}", "Most that waited")
    page.screenshot(path=folder / "webhook.png")
    page.get_by_role("button", name="order-created, succeeded: details").first.click()
    expect(page.get_by_role("dialog").get_by_role("heading", name="Timings")).to_be_visible()
    page.screenshot(path=folder / "invocation.png")
    show(page, "/webhooks/new", "New webhook")
    page.get_by_role("textbox", name="Name").fill("Totals for the dashboard")
    page.get_by_role("textbox", name="URL").fill(receiver.url + "/dashboard")
    page.get_by_label("Resource", exact=True).select_option("order")
    page.locator("label", has_text="order-created").get_by_role("checkbox").check()
    page.get_by_role("button", name="Test", exact=True).click()
    expect(page.get_by_label("Test", exact=True).get_by_text("HTTP 200")).to_be_visible()
    page.screenshot(path=folder / "create.png")
    page.get_by_text("Shape and filter").click()
    page.get_by_label("Payload query").fill("query ($id: ID!) {\n  order {\n    get(id: $id) { id total }\n  }\n}")
    page.get_by_role("button", name="Newest event").click()
    expect(page.get_by_role("region", name="Preview of the payload")).to_contain_text("order-1047")
    page.get_by_label("Payload query").scroll_into_view_if_needed()
    page.get_by_role("region", name="Preview of the payload").scroll_into_view_if_needed()
    page.screenshot(path=folder / "preview.png")

    page = opened(color_scheme="dark")
    show(page, "", "Needs attention", "Search index")
    page.screenshot(path=folder / "dark.png")
