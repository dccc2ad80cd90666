// Applies the reader's stored choice of light or dark, if any, before the first paint.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Without storage, there is no choice to apply.
}
