"""The preview of a payload, while one writes its query."""

import json

from playwright.sync_api import expect


def shown(page):
    return page.get_by_role("region", name="Preview of the payload")


def write(page, service, query):
    page.goto(service.api + "/portal/webhooks/new")
    page.get_by_label("Resource", exact=True).select_option("order")
    page.locator("label", has_text="order-created").get_by_role("checkbox").check()
    page.get_by_text("Shape and filter").click()
    page.get_by_label("Payload query").fill(query)


def test_a_query_shows_its_result_as_it_is_written(portal, service):
    write(portal, service, "query ($id: ID!) { order { get(id: $id) { total { gross } } } }")
    expect(shown(portal)).to_contain_text('"gross": 45.1125')
    portal.get_by_label("Payload query").fill("query ($id: ID!) { order { get(id: $id) { total { net } } } }")
    expect(shown(portal)).not_to_contain_text("gross")
    expect(shown(portal)).to_contain_text('"net"')


def test_what_is_wrong_is_told_with_its_place(portal, service):
    write(portal, service, "query ($id: ID!) {\n  order { get(id: $id) { id } }\n  nothing { get(id: $id) { id } }\n}")
    wrong = portal.get_by_role("list", name="What is wrong")
    place = wrong.get_by_role("button", name="Line 3, column 3")
    expect(place).to_be_visible()
    place.click()
    query = portal.get_by_label("Payload query")
    expect(query).to_be_focused()
    assert query.evaluate("(each) => each.value.slice(each.selectionStart)").startswith("nothing")
    query.fill("query ($id: ID!) { order { get(id: $id) { id } } }")
    expect(place).to_have_count(0)
    expect(shown(portal)).to_contain_text('"order"')
    expect(query).not_to_have_attribute("aria-invalid", "true")


def test_the_newest_event_is_shown_as_it_will_be_sent(portal, service, receiver):
    data = {"total": {"gross": 7.25, "currency": "EUR"}, "note": "ü"}
    service.event("o7", **data)
    write(portal, service, "query ($id: ID!) { order { get(id: $id) { id total note } } }")
    portal.get_by_role("button", name="Newest event").click()
    expect(shown(portal)).to_contain_text('"id": "o7"')
    text = json.loads(shown(portal).inner_text())
    portal.get_by_role("textbox", name="Name").fill("Shaped")
    portal.get_by_role("textbox", name="URL").fill(receiver.url + "/shaped")
    portal.get_by_role("button", name="Create webhook").click()
    portal.get_by_role("dialog").get_by_role("button", name="Done").click()
    service.event("o7", **data)
    _, body = receiver.wait("/shaped", 1)[0]
    assert json.loads(body) == text == {"order": {"get": {"id": "o7", **data}}}


def test_fields_and_dialects_change_what_is_shown(portal, service):
    write(portal, service, "")
    portal.get_by_label("Fields").fill("id, total.gross")
    expect(shown(portal)).to_contain_text('"type": "order-created"')
    expect(shown(portal)).to_contain_text('"gross": 45.1125')
    expect(shown(portal)).not_to_contain_text("customer")
    portal.get_by_label("Dialect").select_option("shopery")
    expect(shown(portal)).not_to_contain_text("order-created")
