"""A person who has a keyboard and no mouse: Tab, arrows, Space, Enter and what is typed."""

from playwright.sync_api import Locator, Page

PRESSES = 200
SCROLLS = 20  # looks, a twentieth of a second apart, while the page scrolls
HAS_FOCUS = "e => e === document.activeElement"
# What shows where the focus is: an outline or a ring, on the element or on what stands for it.
SHOWS_FOCUS = """e => {
  const shown = s => (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0)
    || s.boxShadow !== "none";
  return shown(getComputedStyle(e)) || shown(getComputedStyle(e, "::before"));
}"""
# What lies over the element, "" when nothing does.
COVERED_BY = """e => {
  const r = e.getBoundingClientRect();
  const top = document.elementFromPoint(r.x + r.width / 2, r.y + Math.min(r.height, 40) / 2);
  const free = top && (e.contains(top) || top.contains(e) || top.closest("label")?.contains(e));
  return free ? "" : top?.outerHTML.slice(0, 200) ?? "the edge of the window";
}"""


class Keyboard:
    """The hands of somebody at a page."""

    def __init__(self, page: Page) -> None:
        """Lay them on the keys."""
        self.page = page

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def reach(self, target: str | Locator, *, backwards: bool = False) -> Locator:
        """Press Tab until the element has the focus, and see that it has."""
        wanted = self.page.locator(target).first if isinstance(target, str) else target.first
        for _ in range(PRESSES):
            if wanted.evaluate(HAS_FOCUS):
                assert wanted.evaluate(SHOWS_FOCUS), f"no focus is seen at {wanted}"
                self._must_stand_free(wanted)
                return wanted
            self.page.keyboard.press("Shift+Tab" if backwards else "Tab")
        raise AssertionError(f"{self.page.url}: Tab does not reach {wanted}")

    def _must_stand_free(self, wanted: Locator) -> None:
        for _ in range(SCROLLS):
            cover = wanted.evaluate(COVERED_BY)
            if not cover:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{wanted} is covered by {cover}")

    def follow(self, target: str | Locator, *, backwards: bool = False) -> None:
        """Go where a link or a button leads."""
        self.reach(target, backwards=backwards)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, target: str | Locator, text: str) -> None:
        """Put a text in the place of what a field holds."""
        self.reach(target)
        self.press("Control+A")
        self.page.keyboard.insert_text(text)

    def tick(self, target: str | Locator) -> None:
        """Tick a box."""
        box = self.reach(target)
        if not box.is_checked():
            self.press("Space")
        assert box.is_checked()

    def choose(self, name: str, value: str) -> None:
        """Choose one of the buttons of a group, of which Tab reaches the chosen or the first."""
        group = self.page.locator(f"main [type=radio][name={name}]:visible")
        chosen = group.and_(self.page.locator(":checked"))
        wanted = group.and_(self.page.locator(f"[value={value}]"))
        self.reach(chosen if chosen.count() else group)
        self.press("Space")
        for _ in range(group.count()):
            if wanted.is_checked():
                return
            self.press("ArrowDown")
        raise AssertionError(f"{name} has no {value}")

    def pick(self, target: str | Locator, label: str) -> None:
        """Pick the option of a list whose words contain `label`."""
        field = self.reach(target)
        self.press("Home")
        for _ in range(field.locator("option").count()):
            if label in field.evaluate("e => e.selectedOptions[0]?.text ?? ''"):
                return
            self.press("ArrowDown")
        raise AssertionError(f"{label} is not offered")
