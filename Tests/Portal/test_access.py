"""Getting in and out, and what one may not do."""

import pytest
from playwright.sync_api import expect

from conftest import Service


def webhooks(page):
    page.get_by_role("link", name="Webhooks").click()
    expect(page.get_by_role("heading", name="Webhooks", exact=True)).to_be_visible()


def test_a_link_opens_the_portal_and_the_cookie_keeps_it_open(portal, service):
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
