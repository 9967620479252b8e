// Says when the server does not answer, and goes on where it was once it does.
//
// Bokeh takes up the session again as it is on the server, but gives up after half a minute; 3.9
// leaves out the binary half of what it pulls, and takes the first message for the rest of the one
// that was cut. Where the server is there and refuses, or has another
// session for us because it was started anew, ours is gone: then the page is opened anew, and its
// address holds what was chosen.
{
  const { ClientConnection } = Bokeh.loader["@bokehjs/client/connection"];
  const { Document } = Bokeh.loader["@bokehjs/document/document"];
  const connection = ClientConnection?.prototype;
  const PAUSE_MS = 1500;
  const REFUSED = 3; // answers of a server that is there, before its session is given up
  const banner = document.getElementById("no-connection");
  let refused = 0;

  const isThere = async () => {
    const file = document.querySelector("script[src*=bokeh]").src;
    try {
      return (await fetch(file, { method: "HEAD", cache: "no-store" })).ok;
    } catch {
      return false;
    }
  };
  const tryAgain = async (lost) => {
    if (await isThere()) {
      refused += 1;
      if (refused > REFUSED) location.reload();
      else lost.reconnect();
    }
    setTimeout(() => { if (!banner.hidden && lost.socket === null) tryAgain(lost); }, PAUSE_MS);
  };

  if (connection?._pull_doc_json && connection._schedule_reconnect && Document) {
    const pull = connection._pull_doc_json;
    connection._pull_doc_json = async function () {
      const pulled = await pull.call(this);
      const ours = window.glifscopeSession; // from address.js
      if (this.session && !JSON.stringify(pulled.doc_json).includes(ours)) {
        location.reload();
        await new Promise(() => {}); // nothing of the other session is shown
      }
      Object.defineProperty(pulled.doc_json, "buffers", { value: pulled.buffers });
      return pulled;
    };
    Document.prototype.replace_with_json = function (json) {
      Document.from_json(json, [], json.buffers).destructively_move(this);
      // What was sent while the page was away is among what it has pulled.
      for (const model of this.all_models)
        if (model.name === "picture-numbers") model.painted = model.sent;
    };
    connection._schedule_reconnect = function () {
      if (!this.session || !banner.hidden) return;
      banner.hidden = false;
      refused = 0;
      tryAgain(this);
    };
    const connect = connection.connect;
    connection.connect = async function () {
      this._receiver = new this._receiver.constructor();
      const session = await connect.call(this);
      banner.hidden = true;
      return session;
    };
    addEventListener("offline", () => { banner.hidden = false; });
    addEventListener("online", () => { banner.hidden = true; });
    glifscope.found.push("connection");
  }
}
