"""Understanding what was sent: events, inspectors, figures."""

import hashlib
import json
import time
import urllib.request

import jwt
from playwright.sync_api import expect


def dialog(page):
    return page.get_by_role("dialog")


def test_an_event_with_its_payload_and_who_got_it(portal, service, receiver):
    service.webhook(receiver.url + "/e", name="Ledger")
    service.event("shoe-7", total={"gross": 45.1125})
    service.event("c1", kind="customer-created")
    receiver.wait("/e", 1)
    portal.get_by_role("link", name="Events").click()
    expect(portal.get_by_role("link", name="customer-created")).to_be_visible()
    portal.get_by_label("Type").select_option("order-created")
    expect(portal.get_by_role("link", name="customer-created")).to_have_count(0)
    portal.get_by_role("searchbox", name="Resource id").fill("shoe-7")
    portal.get_by_role("button", name="Search").click()
    portal.get_by_role("link", name="order-created").click()
    expect(portal.get_by_role("region", name="Data of the event")).to_contain_text('"gross": 45.1125')
    expect(portal.get_by_role("link", name="Ledger")).to_be_visible()
    expect(portal.get_by_text("Succeeded")).to_be_visible()
    portal.get_by_role("button", name="1: 200").click()
    expect(dialog(portal).get_by_text('"resourceId": "shoe-7"')).to_be_visible()


def test_a_sample_of_the_catalogue(portal, service, receiver):
    service.webhook(receiver.url + "/sample", events=["*"])
    portal.get_by_role("link", name="Events").click()
    portal.get_by_role("button", name="Send a sample").click()
    dialog(portal).get_by_label("Type").select_option("product-updated")
    dialog(portal).get_by_role("button", name="Send", exact=True).click()
    expect(dialog(portal).get_by_text("HTTP 200")).to_be_visible()
    headers, _ = receiver.wait("/sample", 1)[0]
    assert headers["x-martlet-event"] == "product-updated"


def test_an_inspector_shows_what_a_webhook_sends(portal, service):
    """Rows 86 and 184."""
    portal.get_by_role("link", name="Inspectors").click()
    portal.get_by_role("button", name="New inspector").click()
    expect(portal.get_by_text("Waiting for the first request")).to_be_visible()
    url = portal.locator(".secret code").inner_text()
    service.webhook(url, name="Probe")
    service.event("seen")
    entry = portal.locator(".inspected").first
    expect(entry.get_by_text("Signature valid")).to_be_visible()
    entry.locator("summary").first.click()
    expect(entry.get_by_text('"resourceId": "seen"')).to_be_visible()
    forged = urllib.request.Request(url, data=b"{}", method="PUT", headers={"content-type": "application/json"})
    assert urllib.request.urlopen(forged).status == 200
    expect(portal.locator(".inspected")).to_have_count(2)
    expect(portal.get_by_text("Not signed")).to_be_visible()
    portal.get_by_role("button", name="Point a webhook here").click()
    expect(portal.get_by_role("textbox", name="URL")).to_have_value(url)


def test_figures_are_those_of_the_receiver(portal, service, receiver):
    """Rows 189, 190 and 191."""
    receiver.answer("/f", status=500)
    made = service.webhook(receiver.url + "/f", retry={"maxAttempts": 1}, name="Figures")
    service.event("o1")
    receiver.wait("/f", 1)
    receiver.answer("/f")
    for number in range(3):
        service.event(f"p{number}")
    receiver.wait("/f", 4)
    portal.goto(f"{service.api}/portal/webhooks/{made['id']}")
    expect(portal.get_by_text("75.0 %")).to_be_visible()
    expect(portal.get_by_text("3 of 4 requests")).to_be_visible()
    chart = portal.get_by_role("figure").filter(has_text="Requests")
    chart.get_by_text("As a table").click()
    # An hour may have ended between them.
    counts = [[int(cell) for cell in row.locator("td").all_inner_texts()] for row in chart.locator("tbody tr").all()]
    assert [sum(column) for column in zip(*counts)] == [3, 1]
    expect(portal.get_by_role("figure").filter(has_text="Errors by class")).to_contain_text("Receiver failed (5xx)")


def test_the_overview_says_what_needs_attention_first(portal, service, receiver):
    receiver.answer("/gone", status=410)
    service.webhook(receiver.url + "/fine", name="Fine")
    service.webhook(receiver.url + "/gone", name="Gone for good")
    service.event("o1")
    receiver.wait("/gone", 1)
    receiver.wait("/fine", 1)
    attention = portal.get_by_label("Attention")
    expect(attention.get_by_role("link", name="Gone for good")).to_be_visible()
    expect(attention.get_by_text("Switched off")).to_be_visible()
    expect(attention.get_by_role("link", name="Fine")).to_have_count(0)
    page = json.dumps(service.call("GET", "/company/webhooks?status=disabled"))
    assert "Gone for good" in page


def test_a_slow_receiver_is_marked(portal, service, receiver):
    """Row 186."""
    receiver.answer("/slow", pause=2.5)
    service.webhook(receiver.url + "/slow", name="Snail")
    service.webhook(receiver.url + "/quick", name="Hare")
    service.event("o1")
    receiver.wait("/slow", 1)
    portal.get_by_role("link", name="Webhooks").click()
    expect(portal.get_by_role("row", name="Snail").get_by_text("Slow: p95")).to_be_visible()
    expect(portal.get_by_role("row", name="Hare").get_by_text("Slow")).to_have_count(0)


def test_queue_depth_over_time(portal, service, receiver):
    """Row 192."""
    made = service.webhook(receiver.url + "/q", name="Held", isEnabled=False)
    path = f"/company/webhooks/{made['id']}/metrics"
    for number in range(7):
        service.event(f"o{number}")
    # The metrics service looks every ten seconds.
    end = time.monotonic() + 90
    while max(each["queueDepth"] for each in service.call("GET", path)["buckets"]) < 7 and time.monotonic() < end:
        time.sleep(0.5)
    service.call("PATCH", f"/company/webhooks/{made['id']}", {"isEnabled": True})
    receiver.wait("/q", 7)
    portal.goto(f"{service.api}/portal/webhooks/{made['id']}")
    expect(portal.get_by_text("nothing waits", exact=True)).to_be_visible()
    chart = portal.get_by_role("figure").filter(has_text="Queue depth")
    expect(chart.get_by_role("img", name="Queue depth. Most that waited: at most 7.")).to_be_visible()
    chart.get_by_text("As a table").click()
    expect(chart.get_by_role("cell", name="7", exact=True).first).to_be_visible()


def test_an_inspector_judges_the_dialect_crystallize(portal, service):
    url = service.call("POST", "/company/inspectors")["url"]
    made = service.webhook(url, dialect="crystallize")
    secret = service.call("GET", "/company/signature-secret")["signatureSecret"]
    portal.get_by_role("link", name="Inspectors").click()
    portal.get_by_role("link", name=url).click()
    service.event("o1")
    expect(portal.get_by_text("Signature valid")).to_have_count(1)

    def send(key, body):
        """As another library would make it."""
        text = json.dumps({"url": url, "method": "POST", "body": {"id": "o2"}}, separators=(",", ":"))
        claims = {"aud": "webhook", "sub": "signature", "iss": "crystallize", "iat": int(time.time()),
                  "exp": int(time.time()) + 300, "hmac": hashlib.sha256(text.encode()).hexdigest()}
        headers = {"content-type": "application/json", "x-martlet-webhook": made["id"],
                   "x-crystallize-signature": jwt.encode(claims, key, algorithm="HS256")}
        urllib.request.urlopen(urllib.request.Request(url, data=body, headers=headers), timeout=60).read()

    send(secret, b'{"id": "o2"}')
    expect(portal.get_by_text("Signature valid")).to_have_count(2)
    send("another secret of thirty-two letters", b'{"id":"o2"}')
    expect(portal.get_by_text("Signature invalid")).to_have_count(1)
    send(secret, b'{"id":"o3"}')
    expect(portal.get_by_text("Signature invalid")).to_have_count(2)
