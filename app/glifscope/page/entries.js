// An entry of panel-material-ui 0.16 that was committed with Enter takes no further edit until it
// is left and entered again; this does so, and the cursor stays where it is.
document.addEventListener("keydown", (event) => {
  const entry = event.composedPath()[0];
  if (event.key !== "Enter" || entry.tagName !== "INPUT") return;
  entry.blur();
  entry.focus();
});
