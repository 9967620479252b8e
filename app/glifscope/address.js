// The address of the page follows the choices, and can be copied.
//
// `query` is what the address ends in. Each change of `copied` puts the whole address on the
// clipboard; where the browser keeps the clipboard for secure pages, by the older command. `session`
// is by what the page knows its session again when the connection was lost (page/connection.js).
export function render({ model }) {
  window.glifscopeSession = model.session;
  model.on("query", () => history.replaceState(null, "", `${location.pathname}?${model.query}`));
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
    } catch {
      const text = Object.assign(document.createElement("textarea"), { value: location.href });
      document.body.append(text);
      text.select();
      document.execCommand("copy");
      text.remove();
    }
  };
  model.on("copied", copy);
  const nothing = document.createElement("span");
  nothing.hidden = true;
  return nothing;
}
