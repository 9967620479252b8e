// Bokeh sends each change by itself, at once: a slider that is dragged sends more than a busy server
// or a slow network can take, and what is seen lags ever further behind. Here one message is on its
// way at a time; what changes meanwhile goes with the next, and of each value only the last.
{
  const session = Bokeh.loader["@bokehjs/client/session"].ClientSession?.prototype;
  const { Message } = Bokeh.loader["@bokehjs/protocol/message"];
  const isValue = (event) => event.kind === "ModelChanged";
  const add = (events, next) => {
    for (let i = events.length - 1; i >= 0 && isValue(next) && isValue(events[i]); i--)
      if (events[i].model === next.model && events[i].attr === next.attr) events.splice(i, 1);
    events.push(next);
  };
  const sendAll = async (self) => {
    self.isSending = true;
    while (self.waiting.length > 0 && self._connection.socket !== null) {
      const { document, waiting } = self;
      self.waiting = [];
      const isThere = ({ model }) => !model || document.get_model_by_id(model.id) === model;
      try {
        const patch = document.create_json_patch(waiting.filter(isThere));
        await self._connection.send_with_reply(Message.create("PATCH-DOC", {}, patch));
      } catch (error) {
        console.error(error);
      }
    }
    self.waiting = []; // of a page that has lost its server: what that holds is shown again
    self.isSending = false;
  };
  if (session?._document_changed && Message) {
    session._document_changed = function (event) {
      this.waiting ??= [];
      for (const next of event.sync ? (event.events ?? [event]) : [])
        if (next.sync) add(this.waiting, next);
      if (!this.isSending) sendAll(this);
    };
    glifscope.found.push("sending");
  }
}
