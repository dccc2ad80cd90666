// Runs in the document, before the application's code has arrived: applies the reader's choice of light or dark and of
// the language, shows the shell, and starts to load the page's code and data.
(() => {
  const stored = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const root = document.documentElement;
  const query = new URLSearchParams(location.search);
  const theme = stored("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  const lang = [query.get("lang"), stored("lang")].find((choice) => choice === "de" || choice === "en") || "de";
  root.lang = lang;

  const shell = document.getElementById(`shell-${lang}`);
  const list = document.getElementById("pages");
  if (!shell || !list) return;
  const base = new URL(document.baseURI).pathname.slice(0, -1);
  const path = location.pathname.slice(base.length).replace(/\/{2,}/g, "/");
  const page = JSON.parse(list.textContent).find(({ pattern }) => new RegExp(pattern).test(path));
  const [, uid = ""] = /(\d+)\/?$/.exec(path) || [];
  const selected = (name) => (name === "uid" ? uid : query.get(name) || "");

  // A page of something with a name has that name as its title: the server knows it.
  const named = /^(.+) – pOTstats$/.exec(document.title);
  const title = page ? (uid && named ? named[1] : page.title[lang]) : "";
  document.title = title ? `${title} – pOTstats` : "pOTstats";

  const content = shell.content;
  const selection = new URLSearchParams();
  for (const name of ["year", "bid"]) if (/^\d+$/.test(selected(name))) selection.set(name, selected(name));
  const current = `/${path.split("/")[1]}`;
  for (const link of content.querySelectorAll("a[href^='/']")) {
    const to = link.getAttribute("href");
    if (link.hasAttribute("aria-current")) link.removeAttribute("aria-current");
    if (link.closest("nav") && to === current) link.setAttribute("aria-current", "page");
    link.href = base + to + (selection.size > 0 && !link.closest("footer") ? `?${selection}` : "");
  }
  const heading = content.querySelector("h1");
  if (heading) heading.textContent = title;
  document.getElementById("app").append(content);

  if (!page) return;
  for (const file of page.files) {
    const link = document.createElement("link");
    Object.assign(link, { rel: "modulepreload", crossOrigin: "", href: file });
    document.head.append(link);
  }
  window.firstResponses = new Map();
  for (const request of page.requests) {
    const [endpoint, names = ""] = request.split("?");
    const url = new URL(`api/${endpoint}`, document.baseURI);
    for (const [name, value] of new URLSearchParams(names)) {
      const wanted = selected(name) || value;
      if (wanted) url.searchParams.set(name, wanted);
    }
    url.searchParams.sort();
    if (window.firstResponses.has(url.href)) continue;
    const response = fetch(url);
    response.catch(() => {});
    window.firstResponses.set(url.href, response);
  }
})();
