// What a control does stands behind its mark, which opens for the pointer; here it opens as well where
// Tab takes the keyboard to the control, until that goes on, or Escape or the pointer closes it.
{
  let open = null;
  const tell = (mark, type) => mark.dispatchEvent(new MouseEvent(type, { bubbles: true, composed: true }));
  const show = (mark) => {
    if (mark === open) return;
    if (open) tell(open, "mouseout");
    open = mark;
    if (open) tell(open, "mouseover");
  };
  const markOf = (element) => {
    const told = element?.getRootNode().querySelectorAll(".MuiSvgIcon-root + span[aria-label]") ?? [];
    return told.length === 1 ? told[0].previousElementSibling : null; // of more it would be no control's
  };
  addEventListener("keydown", ({ key }) => {
    if (key === "Escape") show(null);
    if (key === "Tab") setTimeout(() => show(markOf(glifscope.focused())));
  }, true);
  addEventListener("pointerdown", () => show(null), true);
}
