// A text of Panel's that becomes visible shows its element, which a drawer that was never opened has
// not made. There it shows one that is nowhere, and the change goes through.
{
  const text = glifscope.owner("panel.models.markup.HTML", "set_html");
  if (text) {
    text.container = document.createElement("div");
    glifscope.found.push("unseen");
  }
}
