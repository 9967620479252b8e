// From the shape of the page to the page: what its components are built of is read while the server
// makes the session, the shape goes when all is built, and where nothing comes a sentence says so.
{
  const PATIENCE_MS = 30000;
  const shape = document.getElementById("loader");
  const since = performance.now();
  const theme = new URLSearchParams(location.search).get("theme");
  shape.classList.toggle("dark", theme === "dark");

  const fail = (sentence) => {
    const said = document.getElementById("loader-error");
    said.textContent = `${sentence} Reload the page to try again.`;
    said.style.display = "block";
  };
  const look = () => {
    const waited = performance.now() - since > PATIENCE_MS;
    const [page] = window.Bokeh?.documents ?? [];
    if (!window.Bokeh) fail("The scripts of the page did not come.");
    else if (page?.roots().length === 0) fail("The server could not make the page; its log says why.");
    else if (_wsError) fail("The server does not answer, or has no place for one more page.");
    else if (page?.is_idle || waited) shape.remove();
    else setTimeout(look, 30);
  };
  addEventListener("load", look);
  addEventListener("DOMContentLoaded", () => {
    for (const { href } of document.querySelectorAll("link[rel=modulepreload]")) importShim(href);
  });
}
