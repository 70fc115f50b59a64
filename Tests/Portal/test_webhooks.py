"""What a shop's owner does with webhooks."""

import pytest
from playwright.sync_api import expect
from standardwebhooks.webhooks import Webhook


def go(page):
    page.get_by_role("link", name="Webhooks").click()
    expect(page.get_by_role("heading", name="Webhooks", exact=True)).to_be_visible()


def act(page, name, action):
    page.get_by_role("button", name=f"Actions for {name}").click()
    page.get_by_role("menuitem", name=action).click()


def dialog(page):
    return page.get_by_role("dialog")


def test_create_test_event_invocation(portal, service, receiver):
    """Rows 2, 41, 87, 100, 131, 132, 157, 162, 163, 166, 167, 173, 181 and 182."""
    receiver.answer("/orders", body='{"stored":"yes"}')
    go(portal)
    portal.get_by_role("button", name="Create webhook").click()
    portal.get_by_role("textbox", name="Name").fill("Order sync")
    portal.get_by_role("textbox", name="URL").fill(receiver.url + "/orders")
    expect(portal.get_by_text("Not encrypted")).to_be_visible()
    portal.get_by_label("Resource").select_option("order")
    expect(portal.get_by_role("checkbox", name="inventory updated")).to_have_count(0)
    portal.get_by_role("checkbox", name="created").check()
    portal.get_by_role("checkbox", name="cancelled").check()
    portal.get_by_role("button", name="Test", exact=True).click()
    trial = portal.get_by_label("Test", exact=True)
    expect(trial.get_by_text("HTTP 200")).to_be_visible()
    expect(trial.get_by_text('{"stored":"yes"}')).to_be_visible()
    portal.get_by_role("button", name="Create webhook").click()

    secret = dialog(portal).locator("[data-secret]").inner_text()
    assert secret.startswith("whsec_")
    for language in ["JavaScript", "Python", "Go", "PHP", "Ruby"]:
        dialog(portal).get_by_role("button", name=language, exact=True).click()
        expect(dialog(portal).get_by_role("region", name=f"Verification in {language}")).to_be_visible()
    dialog(portal).get_by_role("button", name="Copy secret").click()
    dialog(portal).get_by_role("button", name="Done").click()
    expect(dialog(portal)).to_have_count(0)
    assert secret not in portal.content()

    service.event("o1")
    headers, body = receiver.wait("/orders", 2)[-1]
    Webhook(secret).verify(body, headers)
    # On the page that was open all the time.
    portal.get_by_role("button", name="order-created, succeeded: details").click()
    expect(dialog(portal).get_by_text("HTTP 200").first).to_be_visible()
    expect(dialog(portal).get_by_role("heading", name="Timings")).to_be_visible()
    expect(dialog(portal).get_by_text('"stored": "yes"')).to_be_visible()
    expect(dialog(portal).get_by_text('"resourceId": "o1"')).to_be_visible()
    dialog(portal).get_by_role("button", name="Close").click()
    expect(dialog(portal)).to_have_count(0)


def test_what_is_wrong_is_told_at_its_field(portal):
    """Rows 132 and 164."""
    portal.goto(portal.url.split("/portal")[0] + "/portal/webhooks/new")
    portal.get_by_role("button", name="Create webhook").click()
    expect(portal.get_by_text("Give it a name.")).to_be_visible()
    expect(portal.get_by_text("Choose at least one event.")).to_be_visible()
    name = portal.get_by_role("textbox", name="Name")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_be_focused()
    portal.get_by_role("textbox", name="URL").fill("ftp://example.com/")
    portal.get_by_role("button", name="Create webhook").click()
    expect(portal.get_by_text("A whole URL is needed")).to_be_visible()


@pytest.mark.refused
def test_what_the_service_finds_wrong_is_told_at_its_field(portal, receiver):
    portal.goto(portal.url.split("/portal")[0] + "/portal/webhooks/new")
    portal.get_by_role("textbox", name="Name").fill("x")
    portal.get_by_role("textbox", name="URL").fill("http://10.0.0.1/hook")
    portal.get_by_label("Resource").select_option("*")
    portal.get_by_role("checkbox", name="Everything that happens").check()
    portal.get_by_text("Shape and filter").click()
    portal.get_by_label("Payload query").fill("mutation { x }")
    portal.get_by_label("Fields").fill("id")
    portal.get_by_role("button", name="Create webhook").click()
    place = portal.locator("[data-field=url] .fault")
    expect(place).not_to_be_empty()
    expect(portal.get_by_role("textbox", name="URL")).to_have_attribute("aria-invalid", "true")


def test_editing_sends_the_next_event_to_the_new_address(portal, service, receiver):
    """Rows 2, 41, 165, 168 and 169."""
    made = service.webhook(receiver.url + "/old", authentication={"type": "header", "name": "AUTH_TOKEN", "value": "s3cret-token"})
    go(portal)
    act(portal, "Shipping", "Edit")
    expect(portal.get_by_role("textbox", name="URL")).to_have_value(receiver.url + "/old")
    assert "s3cret-token" not in portal.content()
    portal.get_by_role("textbox", name="URL").fill(receiver.url + "/new")
    portal.get_by_role("button", name="Save changes").click()
    expect(portal.get_by_text(f"POST {receiver.url}/new")).to_be_visible()
    service.event("o2")
    headers, _ = receiver.wait("/new", 1)[0]
    assert headers["auth_token"] == "s3cret-token"
    assert receiver.at("/old") == []
    portal.get_by_text("Changes", exact=True).click()
    expect(portal.get_by_text(f": {receiver.url}/old → {receiver.url}/new")).to_be_visible()
    assert service.call("GET", f"/company/webhooks/{made['id']}")["secretHint"] == made["secretHint"]


def test_saving_what_nobody_changed_changes_nothing(portal, service, receiver):
    """Row 2: what the API made is the same after the form."""
    members = {
        "name": "Whole", "description": "All of it", "method": "PUT", "events": ["order-*", "product-created"],
        "headers": {"x-shop": "ü 1"}, "authentication": {"type": "basic", "username": "me", "password": "s3cret-password"},
        "payloadQuery": "query ($id: ID!) {\n  order { get(id: $id) { id } }\n}\n", "preserveDefaultPayload": True,
        "filter": {"data": {"total": {"gross": [{"numeric": [">", 100]}]}}}, "format": "cloudevents", "data": "snapshot",
        "retry": {"maxAttempts": 4, "schedule": [2, 30]}, "timeoutMs": 7000, "connectTimeoutMs": 2000,
        "rateLimit": {"requests": 5, "perSeconds": 2}, "maxConcurrency": 3, "ordering": "resource",
        "whenDisabled": "discard", "metadata": {"shop": "7"}, "signatures": ["v1", "v1a"]}
    bare = {"name": "Bare", "events": ["*"]}
    cut = {"name": "Cut", "events": ["order-created"], "fields": ["id", "total.gross"], "debounceSeconds": 5}
    for given in [members, bare, cut]:
        made = service.webhook(receiver.url + "/same?a=%20b", **given)
        path = f"/company/webhooks/{made['id']}"
        before = service.call("GET", path)
        portal.goto(f"{service.api}/portal/webhooks/{made['id']}/edit")
        portal.get_by_role("button", name="Save changes").click()
        expect(portal.get_by_role("heading", name=given["name"], exact=True)).to_be_visible()
        after = service.call("GET", path)
        assert {**after, "updatedAt": None} == {**before, "updatedAt": None}
        assert service.call("GET", path + "/secret")["secret"] == made["secret"]
        assert service.call("GET", path + "/changes")["data"] == []


def test_pausing_keeps_events_or_discards_them(portal, service, receiver):
    """Rows 156, 177, 178 and 179."""
    for name in ["Keeps", "Discards"]:
        service.webhook(f"{receiver.url}/{name}", name=name, ordering="webhook")
    go(portal)
    for name, choice in [("Keeps", "Keep them"), ("Discards", "Discard them")]:
        act(portal, name, "Pause")
        dialog(portal).get_by_role("radio", name=choice).check()
        dialog(portal).get_by_role("button", name="Pause").click()
        expect(portal.get_by_role("row", name=name).get_by_text("Inactive")).to_be_visible()
    resources = [f"o{number}" for number in range(5)]
    for resource in resources:
        service.event(resource)
    for name in ["Keeps", "Discards"]:
        act(portal, name, "Resume")
        expect(portal.get_by_role("row", name=name).get_by_text("Active", exact=True)).to_be_visible()
    arrived = receiver.wait("/Keeps", 5)
    assert [receiver.resource(body) for _, body in arrived] == resources
    service.event("last")
    discarded = receiver.wait("/Discards", 1)
    assert [receiver.resource(body) for _, body in discarded] == ["last"]


def test_replay_and_retry(portal, service, receiver):
    """Rows 187 and 195."""
    receiver.answer("/r", status=500, body="broken")
    made = service.webhook(receiver.url + "/r", retry={"maxAttempts": 1})
    for number in range(3):
        service.event(f"o{number}")
    receiver.wait("/r", 3)
    go(portal)
    portal.get_by_role("link", name="Shipping").click()
    expect(portal.get_by_role("button", name="order-created, failed: details")).to_have_count(3)
    receiver.answer("/r")
    portal.get_by_role("button", name="order-created, failed: details").first.click()
    expect(dialog(portal).get_by_text("Receiver failed (5xx)")).to_be_visible()
    expect(dialog(portal).get_by_role("region", name="Response, body")).to_have_text("broken")
    dialog(portal).get_by_role("button", name="Retry").click()
    receiver.wait("/r", 4)
    expect(portal.get_by_text("retry", exact=True)).to_be_visible()
    portal.get_by_role("button", name="More actions").click()
    portal.get_by_role("menuitem", name="Replay").click()
    dialog(portal).get_by_role("button", name="Start replay").click()
    expect(dialog(portal).get_by_text("Finished")).to_be_visible()
    expect(dialog(portal).get_by_text("queued in all")).to_be_visible()
    dialog(portal).get_by_role("button", name="Done").click()
    receiver.wait("/r", 6)
    expect(portal.get_by_text("replay", exact=True).first).to_be_visible()
    assert made["id"] in portal.url


def test_rotating_shows_the_new_secret_once(portal, service, receiver):
    made = service.webhook(receiver.url + "/s")
    go(portal)
    act(portal, "Shipping", "Rotate secret")
    dialog(portal).get_by_role("button", name="Rotate", exact=True).click()
    secret = dialog(portal).locator("[data-secret]")
    expect(secret).to_be_visible()
    assert secret.inner_text() == service.call("GET", f"/company/webhooks/{made['id']}/secret")["secret"]
    assert secret.inner_text() != made["secret"]


def test_deleting_asks_first(portal, service, receiver):
    """Rows 41, 170 and 171."""
    service.webhook(receiver.url + "/d")
    go(portal)
    act(portal, "Shipping", "Delete")
    dialog(portal).get_by_role("button", name="Cancel").click()
    expect(portal.get_by_role("link", name="Shipping")).to_be_visible()
    assert len(service.call("GET", "/company/webhooks")["data"]) == 1
    act(portal, "Shipping", "Delete")
    dialog(portal).get_by_role("button", name="Delete", exact=True).click()
    expect(portal.get_by_role("link", name="Shipping")).to_have_count(0)
    assert service.call("GET", "/company/webhooks")["data"] == []


def test_testing_from_the_menu_asks_for_200(portal, service, receiver):
    """Rows 100, 145 and 166."""
    receiver.answer("/t", status=503)
    service.webhook(receiver.url + "/t")
    go(portal)
    act(portal, "Shipping", "Test")
    expect(dialog(portal).get_by_text("HTTP 503")).to_be_visible()
    expect(dialog(portal).get_by_text("Failed", exact=True)).to_be_visible()
    receiver.answer("/t", status=202)
    dialog(portal).get_by_role("button", name="Send again").click()
    expect(dialog(portal).get_by_text("A test asks for exactly 200.")).to_be_visible()
    receiver.answer("/t", status=200)
    dialog(portal).get_by_role("button", name="Send again").click()
    expect(dialog(portal).get_by_text("Connected")).to_be_visible()


def test_search_filters_views_and_pages_stand_in_the_address(portal, service, receiver):
    """Rows 158 to 161."""
    for number in range(33):
        service.webhook(f"{receiver.url}/{number}", name=f"Row {number:02}", events=["product-created" if number % 2 else "order-created"],
                        isEnabled=number != 7)
    go(portal)
    rows = portal.locator("tbody tr")
    expect(rows).to_have_count(30)
    portal.get_by_role("button", name="Next").click()
    expect(rows).to_have_count(3)
    assert "cursor=" in portal.url
    portal.get_by_role("button", name="Previous").click()
    expect(rows).to_have_count(30)
    portal.get_by_role("searchbox").fill("Row 1")
    expect(rows).to_have_count(10)
    assert "search=Row+1" in portal.url
    portal.get_by_role("searchbox").fill("")
    portal.get_by_role("button", name="Inactive", exact=True).click()
    expect(rows).to_have_count(1)
    portal.reload()
    expect(rows).to_have_count(1)
    assert "status=inactive" in portal.url
    portal.get_by_role("button", name="All", exact=True).click()
    portal.get_by_label("Resource", exact=True).select_option("product")
    expect(rows).to_have_count(16)
    portal.get_by_role("button", name="Cards").click()
    expect(portal.locator(".tile")).to_have_count(16)
    assert "view=cards" in portal.url
    portal.get_by_role("searchbox").fill("100%_none")
    expect(portal.get_by_text("Nothing matches")).to_be_visible()
