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
  const numbers = path.match(/\d+/g) || [];
  // As in parameters.ts: an address may contain anything.
  const id = /^[1-9]\d{0,8}$/;
  const patterns = {
    year: /^[1-9]\d{0,3}(?:-[1-9]\d{0,3})?$/,
    bid: id,
    uid: id,
    date: /^(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/,
  };
  const selected = (name) => {
    const value = query.get(name) || "";
    const [first, last = first] = value.split("-").map(Number);
    return patterns[name]?.test(value) && first <= last ? value : "";
  };

  // A page of something with a name has that name as its title: the server knows it.
  const named = /^(.+) – pOTstats$/.exec(document.title);
  const title = page ? (numbers[0] && named ? named[1] : page.title[lang]) : "";
  document.title = title ? `${title} – pOTstats` : "pOTstats";

  const content = shell.content;
  const selection = new URLSearchParams();
  for (const name of ["year", "bid", "uid"]) if (selected(name)) selection.set(name, selected(name));
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
  // A filter as the page uses it: some pages take no ranges of years.
  const used = (name) =>
    name === "year" && page.years === "single" ? selected(name).replace(/.*-.*/, "") : selected(name);
  // The URL of a request; undefined if the application makes another one.
  const urlOf = (request) => {
    const [endpoint, names = ""] = request.split("?");
    const parameters = [...new URLSearchParams(names)];
    // The application reads the other parameters of an address.
    if (parameters.some(([name, value]) => value && query.has(name))) return undefined;
    // "!year": only if no year is selected.
    if (parameters.some(([name]) => name[0] === "!" && selected(name.slice(1)))) return undefined;
    const url = new URL(`api/${endpoint}`, document.baseURI);
    for (const [name, value] of parameters) {
      const wanted = value || numbers[page.parameters.indexOf(name)] || used(name);
      if (wanted) url.searchParams.set(name, wanted);
    }
    return url;
  };
  const send = (url, then) => {
    if (!url) return;
    url.searchParams.sort();
    if (window.firstResponses.has(url.href)) return;
    const response = fetch(url).then(then);
    response.catch(() => {});
    window.firstResponses.set(url.href, response);
  };
  // As in calendar-data.ts: the latest of several years, or of another selection, depends on more.
  const latest = page.requests.find((request) => request.includes("year=latest"));
  const isPlain = ![...selection.keys(), "day"].some((name) => query.has(name));
  // The application gets the years when the request that depends on them has left: it does not repeat it.
  const sendLatest = async (response) => {
    try {
      const { rows } = await response.clone().json();
      send(urlOf(latest.replace("year=latest", `year=${rows.at(-1).year}`)));
    } catch {
      // There are no years yet.
    }
    return response;
  };
  for (const request of page.requests) {
    if (request !== latest) send(urlOf(request), request === "years" && latest && isPlain ? sendLatest : undefined);
    else if (/^\d+$/.test(selected("year"))) send(urlOf(request.replace("year=latest", "year")));
  }
})();
