// What the other scripts here share: whose a method of Bokeh's or Panel's is, and which of the private
// names that they rely on were found. A test says when one is gone.
const glifscope = {
  found: [],
  owner(model, name) {
    let found = Bokeh.Models.get(model)?.prototype.default_view.prototype;
    while (found && !Object.hasOwn(found, name)) found = Object.getPrototypeOf(found);
    return found;
  },
};
