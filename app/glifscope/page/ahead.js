// A slider of panel-material-ui gives its model a new value only when React has drawn the slider
// with it, in a task after the frame in which the pointer moved; plots then follow in the next frame.
// Here the model has the value at once, so that plots are painted in the frame of the move.
{
  const component = Bokeh.Models.get("panel.models.esm.ReactComponent")?.prototype;
  const code = component?._render_code;
  const given = "return [value, setValue]";
  const setBack = "&& initialized.current) {"; // what React has drawn, which may be old by then
  const slider = `const ahead = resolvedProp === "value" && target.model.class_name.endsWith("Slider")
          const setAhead = (next) => { setValue(next); targetModel.setv({ value: next }) }
          return [value, ahead ? setAhead : setValue]`;
  if (code && [given, setBack].every((text) => `${code}`.includes(text))) {
    component._render_code = function () {
      const text = code.call(this).replace(given, slider);
      return text.replace(setBack, "&& initialized.current && !ahead) {");
    };
    glifscope.found.push("ahead");
  }
}
