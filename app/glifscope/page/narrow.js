// On a narrow page the drawer would hide everything, so there it is closed at first.
if (matchMedia("(max-width: 899px)").matches) {
  const watch = setInterval(() => {
    const models = Bokeh.documents[0]?.all_models ?? [];
    const page = [...models].find((model) => model.data?.sidebar_open !== undefined);
    if (!page) return;
    page.data.sidebar_open = false;
    clearInterval(watch);
  }, 5);
}
