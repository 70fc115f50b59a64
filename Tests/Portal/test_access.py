"""Getting in and out, and what one may not do."""

import json
import time
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from conftest import Service


def webhooks(page):
    page.get_by_role("link", name="Webhooks").click()
    expect(page.get_by_role("heading", name="Webhooks", exact=True)).to_be_visible()


def test_a_link_opens_the_portal_and_the_cookie_keeps_it_open(portal, service):
    """Rows 150 and 151."""
    assert "#" not in portal.url
    cookie = portal.context.cookies()[0]
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict"
    assert portal.evaluate("document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)") == "{}{}"
    portal.goto(service.api + "/portal")
    webhooks(portal)
    expect(portal.get_by_role("button", name="Create webhook")).to_be_visible()
    portal.reload()
    expect(portal.get_by_role("heading", name="Webhooks", exact=True)).to_be_visible()


@pytest.mark.refused
def test_a_link_works_once(open_portal, service):
    link = service.link()
    expect(open_portal(link).get_by_role("heading", name="Overview")).to_be_visible()
    second = open_portal(link)
    expect(second.get_by_role("heading", name="Sign in to Martlet")).to_be_visible()
    expect(second.get_by_role("alert")).to_contain_text("used before")
    assert second.context.cookies() == []


def test_signing_in_with_a_token_and_out(open_portal, service):
    """Row 150."""
    page = open_portal(service.api + "/portal/webhooks")
    page.get_by_label("Tenant").fill(service.tenant)
    page.get_by_label("Access token").fill(service.token())
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Webhooks", exact=True)).to_be_visible()
    assert "eyJ" not in page.content() + page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in to Martlet")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Sign in to Martlet")).to_be_visible()
    assert page.context.cookies() == []


@pytest.mark.refused
def test_a_wrong_token_is_told(open_portal, service):
    page = open_portal(service.api + "/portal")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Name the tenant.")).to_be_visible()
    page.get_by_label("Tenant").fill(service.tenant)
    page.get_by_label("Access token").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not valid")


def test_what_the_session_may_not_do_is_not_shown(open_portal, service, receiver):
    """Row 130."""
    service.webhook(receiver.url + "/a")
    page = open_portal(service.link(permissions=["webhooks:read"]))
    webhooks(page)
    expect(page.get_by_role("link", name="Shipping")).to_be_visible()
    expect(page.get_by_role("button", name="Create webhook")).to_have_count(0)
    expect(page.get_by_role("button", name="Actions for Shipping")).to_have_count(0)
    expect(page.get_by_role("link", name="Events")).to_have_count(0)
    page.get_by_role("link", name="Shipping").click()
    expect(page.get_by_role("heading", name="Configuration")).to_be_visible()
    for name in ["Test", "Pause", "Edit", "Show the signing secret"]:
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    expect(page.get_by_role("heading", name="Invocations")).to_have_count(0)


def test_two_tenants_see_nothing_of_each_other(open_portal, receiver):
    services = [Service("First shop"), Service("Second shop")]
    pages = []
    for number, service in enumerate(services):
        made = service.webhook(receiver.url + f"/{number}", name=f"Own {number}")
        pages.append((open_portal(service.link()), made["id"]))
    for number, (page, _) in enumerate(pages):
        webhooks(page)
        expect(page.get_by_role("link", name=f"Own {number}")).to_be_visible()
        expect(page.get_by_role("link", name=f"Own {1 - number}")).to_have_count(0)


@pytest.mark.refused
def test_the_address_of_another_tenants_webhook_leads_nowhere(open_portal, portal, receiver):
    foreign = Service("Other").webhook(receiver.url)
    portal.goto(f"{Service.api}/portal/webhooks/{foreign['id']}")
    expect(portal.get_by_role("alert")).to_contain_text("no such webhook")


def status(service, cookie):
    """What the API answers to a cookie."""
    request = urllib.request.Request(service.api + "/company/webhooks", headers={
        "Cookie": f"{cookie['name']}={cookie['value']}", "X-tenant-ID": service.tenant})
    try:
        return urllib.request.urlopen(request, timeout=60).status
    except urllib.error.HTTPError as error:
        return error.code


def test_a_link_of_another_tenant_asks_first(open_portal):
    first, second = Service("First shop"), Service("Second shop")
    page = open_portal(first.link())
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    cookie = page.context.cookies()[0]
    foreign = second.link()
    page.goto(foreign)
    asked = page.get_by_role("dialog", name="Switch to another tenant?")
    expect(asked).to_contain_text(f"You are signed in to First shop ({first.tenant})")
    expect(asked).to_contain_text(f"This link opens Second shop ({second.tenant})")
    asked.get_by_role("button", name="Stay in First shop").click()
    expect(page.get_by_role("complementary")).to_contain_text(first.tenant)
    assert page.context.cookies()[0] == cookie and status(first, cookie) == 200
    assert "#" not in page.url
    # The link is as good as before.
    page.goto(foreign)
    asked.get_by_role("button", name="Switch to Second shop").click()
    expect(page.get_by_role("complementary")).to_contain_text(second.tenant)
    assert page.context.cookies()[0] != cookie
    assert status(first, cookie) == 401
    assert status(second, page.context.cookies()[0]) == 200


def test_a_link_of_the_same_tenant_needs_no_question(portal, service):
    portal.goto(service.link(permissions=["webhooks:read"]))
    expect(portal.get_by_role("link", name="Events")).to_have_count(0)
    expect(portal.get_by_role("link", name="Webhooks")).to_be_visible()


@pytest.mark.refused
def test_a_revoked_key_takes_its_sessions_with_it(open_portal, service):
    key = service.call("POST", "/company/api-keys", {"name": "embedding", "permissions": ["webhooks:read"]})
    request = urllib.request.Request(service.api + "/company/portal-links", method="POST", headers={
        "Authorization": f"Bearer {key['key']}", "X-tenant-ID": service.tenant})
    with urllib.request.urlopen(request, timeout=60) as answer:
        link = json.load(answer)["url"]
    page = open_portal(link)
    expect(page.get_by_role("link", name="Webhooks")).to_be_visible()
    cookie = page.context.cookies()[0]
    service.call("DELETE", f"/company/api-keys/{key['id']}")
    end = time.monotonic() + 60
    while status(service, cookie) == 200 and time.monotonic() < end:
        time.sleep(0.1)
    page.reload()
    expect(page.get_by_role("heading", name="Sign in to Martlet")).to_be_visible()
