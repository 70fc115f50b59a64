"""The page itself: what strangers write, accessibility, the keyboard, and how it looks."""

import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

EVIL = "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script>'\"&lt;b&gt;{{7*7}}"


def full(service, receiver):
    """A tenant with something on every page."""
    receiver.answer("/bad", status=500, headers={"x-note": EVIL}, body=EVIL)
    receiver.answer("/good", headers={"x-note": EVIL}, body='{"note": %s}' % __import__("json").dumps(EVIL))
    bad = service.webhook(receiver.url + "/bad", name="Bad " + EVIL, description=EVIL, headers={"x-mine": EVIL}, retry={"maxAttempts": 1})
    good = service.webhook(receiver.url + "/good?a=%3Cb%3E", name="Good " + EVIL, metadata={"a": EVIL})
    service.webhook(receiver.url + "/off", name="Off", isEnabled=False)
    event = service.event(EVIL, note=EVIL, **{"</script>": EVIL})
    receiver.wait("/bad", 1)
    receiver.wait("/good", 1)
    inspector = service.call("POST", "/company/inspectors")
    urllib.request.urlopen(urllib.request.Request(
        inspector["url"] + "?q=%3Cscript%3E", data=EVIL.encode(), headers={"x-note": EVIL}, method="POST")).read()
    return {"bad": bad["id"], "good": good["id"], "event": event, "inspector": inspector["id"]}


def pages(ids):
    return {
        "overview": "", "webhooks": "/webhooks", "cards": "/webhooks?view=cards", "create": "/webhooks/new",
        "edit": f"/webhooks/{ids['bad']}/edit", "webhook": f"/webhooks/{ids['good']}", "failing": f"/webhooks/{ids['bad']}",
        "events": "/events", "event": f"/events/{ids['event']}", "inspectors": "/inspectors",
        "inspector": f"/inspectors/{ids['inspector']}",
    }


def show(page, service, path):
    page.goto(service.api + "/portal" + path)
    expect(page.locator("main h1")).to_be_visible()
    expect(page.locator(".loading")).to_have_count(0)


def open_all(page):
    """Opens whatever folds, at once, so that everything is there to be seen."""
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
    expect(page.locator("[aria-busy]")).to_have_count(0)


def test_no_text_of_a_tenant_or_a_receiver_becomes_markup(portal, service, receiver):
    ids = full(service, receiver)
    for name, path in pages(ids).items():
        show(portal, service, path)
        open_all(portal)
        if name in ("webhook", "failing"):
            portal.get_by_role("button", name="details").first.click()
            expect(portal.get_by_role("region", name="Response, body")).to_contain_text("onerror")
            for summary in portal.locator("dialog summary").all():
                summary.click()
        if name not in ("create", "inspectors"):
            assert "onerror" in portal.locator("main").inner_text(), name
        assert portal.evaluate("window.hacked") is None, name
        assert portal.locator("main script, main img, dialog script, dialog img").count() == 0, name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_portal, service, receiver, scheme):
    ids = full(service, receiver)
    axe = Axe()

    def check(page, name):
        found = axe.run(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"

    page = open_portal(service.api + "/portal", color_scheme=scheme)
    expect(page.get_by_role("heading", name="Sign in to Martlet")).to_be_visible()
    check(page, "sign-in")
    page.goto(service.link())
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    for name, path in pages(ids).items():
        show(page, service, path)
        open_all(page)
        check(page, name)
    show(page, service, f"/webhooks/{ids['bad']}")
    page.get_by_role("button", name="details").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page, "invocation")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="More actions").click()
    check(page, "menu")
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page, "confirmation")


def test_the_keyboard_alone_is_enough(portal, service, receiver):
    service.webhook(receiver.url + "/k")
    show(portal, service, "/webhooks")
    portal.keyboard.press("Tab")
    expect(portal.get_by_role("link", name="Skip to content")).to_be_focused()
    opener = portal.get_by_role("button", name="Actions for Shipping")
    opener.focus()
    portal.keyboard.press("Enter")
    expect(portal.get_by_role("menuitem", name="Edit")).to_be_focused()
    portal.keyboard.press("ArrowUp")
    expect(portal.get_by_role("menuitem", name="Delete")).to_be_focused()
    portal.keyboard.press("Escape")
    expect(opener).to_be_focused()
    portal.keyboard.press("Enter")
    portal.keyboard.press("End")
    portal.keyboard.press("Enter")
    expect(portal.get_by_role("dialog")).to_be_visible()
    portal.keyboard.press("Escape")
    expect(portal.get_by_role("dialog")).to_have_count(0)
    assert len(service.call("GET", "/company/webhooks")["data"]) == 1


@pytest.mark.parametrize("width", [360, 1280, 3840])
def test_every_page_fits(open_portal, service, receiver, artefacts, width):
    ids = full(service, receiver)
    page = open_portal(service.link(), viewport={"width": width, "height": 800 if width < 3840 else 2160})
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    for name, path in pages(ids).items():
        show(page, service, path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width}"
        if name != "inspectors":
            expect(page.get_by_role("link", name="Webhooks")).to_be_visible()
        page.screenshot(path=artefacts / f"{name}-{width}.png", full_page=True)


def test_the_first_view_is_small_and_calls_nobody_else(open_portal, service, artefacts):
    page = open_portal()
    seen = []
    page.on("response", lambda answer: seen.append(answer))
    page.goto(service.link())
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    files = [answer for answer in seen if "/portal" in answer.url and "/session" not in answer.url]
    size = sum(len(answer.body()) for answer in files)
    assert size <= 100_000
    assert all(answer.url.startswith(service.api) for answer in seen)
    page.wait_for_function("performance.getEntriesByName('portal:interactive').length > 0")
    took = page.evaluate("performance.getEntriesByName('portal:interactive')[0].startTime")
    # The machine decides how fast; the figures are for people.
    figures = f"first view: {size} bytes in {len(files)} files, interactive after {took:.0f} ms"
    print(figures)
    (artefacts / "first-view.txt").write_text(figures + "\n")
