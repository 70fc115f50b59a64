"""The list of many webhooks."""

from playwright.sync_api import expect


def names(page):
    """What the rows are called."""
    return page.locator("tbody th").all_inner_texts()


def test_of_120_webhooks_all_are_reachable(portal, service, receiver):
    """Row 152."""
    wanted = [f"Row {number:03}" for number in range(120)]
    for number, name in enumerate(wanted):
        event = "product-updated" if number % 4 else "order-created"
        service.webhook(f"{receiver.url}/{number}", name=name, events=[event])
    portal.get_by_role("link", name="Webhooks").click()
    rows = portal.locator("tbody tr")
    seen = []
    for page in range(1, 5):
        expect(portal.get_by_text(f"Page {page}", exact=True)).to_be_visible()
        expect(rows).to_have_count(30)
        seen += names(portal)
        if page < 4:
            portal.get_by_role("button", name="Next").click()
    expect(portal.get_by_role("button", name="Next")).to_be_disabled()
    assert sorted(seen) == wanted
    portal.get_by_role("button", name="Previous").click()
    expect(portal.get_by_text("Page 3", exact=True)).to_be_visible()
    # A search begins at the first page, whichever one stands on.
    portal.get_by_role("searchbox").fill("Row 11")
    expect(rows).to_have_count(10)
    assert sorted(names(portal)) == wanted[110:]
    assert "cursor=" not in portal.url
    portal.get_by_role("searchbox").fill("")
    expect(rows).to_have_count(30)
    portal.get_by_label("Resource", exact=True).select_option("order")
    expect(portal.get_by_role("navigation", name="Pages")).to_have_count(0)
    assert sorted(names(portal)) == wanted[::4]


def test_the_figures_of_a_page_come_by_one_request(portal, service, receiver):
    for number in range(12):
        service.webhook(f"{receiver.url}/{number}", name=f"Row {number}")
    service.event("o1")
    for number in range(12):
        receiver.wait(f"/{number}", 1)
    asked = []

    def note(request):
        if "/webhooks/" in request.url and "/metrics" in request.url:
            asked.append(request.url)

    portal.on("request", note)
    portal.get_by_role("link", name="Webhooks").click()
    expect(portal.locator("td[data-label='Success rate']").get_by_text("100 %")).to_have_count(12)
    assert asked and all("/company/webhooks/metrics?ids=" in url for url in asked)


def test_columns_and_the_colours_of_states(portal, service, receiver):
    """Rows 153 to 156, 173 and 177."""
    receiver.answer("/gone", status=410)
    service.webhook(receiver.url + "/a/long/path?shop=7&lang=de", name="On")
    service.webhook(receiver.url + "/off", name="Off", events=["product-inventory_updated", "customer-*"], isEnabled=False)
    service.webhook(receiver.url + "/gone", name="Gone")
    service.event("o1")
    receiver.wait("/gone", 1)
    portal.get_by_role("link", name="Webhooks").click()

    def cell(name, column):
        row = portal.get_by_role("row").filter(has=portal.get_by_role("link", name=name, exact=True))
        return row.locator(f"[data-label='{column}']")

    expect(cell("On", "Resource")).to_have_text("order")
    expect(cell("On", "Event")).to_have_text("created")
    expect(cell("On", "URL")).to_have_text(receiver.url + "/a/long/path?shop=7&lang=de")
    expect(cell("Off", "Resource")).to_have_text("productcustomer")
    expect(cell("Off", "Event")).to_have_text("inventory updatedall")
    expect(cell("On", "Last invocation")).to_contain_text("200")
    expect(cell("Gone", "Status")).to_contain_text("410")
    for name, word, hue in [("On", "Active", "green"), ("Off", "Inactive", "grey"), ("Gone", "Disabled", "red")]:
        badge = cell(name, "Status").get_by_text(word, exact=True)
        expect(badge).to_be_visible()
        colour = badge.evaluate("(each) => getComputedStyle(each).color")
        red, green, blue = (int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
        seen = "green" if green > max(red, blue) + 20 else "red" if red > max(green, blue) + 60 else "grey"
        assert seen == hue, f"{name}: {colour}"
