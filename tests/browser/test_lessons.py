"""A lesson as a student takes it: chosen, tried with the real controls, checked, solved."""

from playwright.sync_api import expect

PATIENCE = 20_000
"""ms; the plots are drawn anew when a lesson begins."""


def test_a_lesson_is_opened_tried_and_solved(glifscope):
    page = glifscope.page

    def seen(locator):
        expect(locator).to_be_visible(timeout=PATIENCE)

    def check(verdict):
        page.get_by_role("button", name="Check", exact=True).press("Enter")
        expect(page.get_by_role("status")).to_contain_text(verdict, timeout=PATIENCE)

    page.get_by_role("button", name="Lessons", exact=True).click()
    page.get_by_role("button", name="Rheobase and the first spike").click()
    seen(page.get_by_role("heading", name="Rheobase and the first spike"))
    seen(page.locator("math").filter(visible=True).first)
    seen(page.get_by_text("Now: First spike after 40 ms: 10.2 ms."))
    check("Not yet.")

    glifscope.type("amplitude[0]", 267)
    seen(page.get_by_text("Now: First spike after 40 ms: 20.1 ms."))
    check("Right.")
    seen(page.get_by_text("✓ solved").filter(visible=True))

    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_role("button", name="Check", exact=True)).to_be_hidden(timeout=PATIENCE)
