/** The path that the application is served below, from the document's <base>: "" at the root of a host, or "/stats". */
export const base = new URL(document.baseURI).pathname.replace(/\/[^/]*$/, "");

/** The URL of a path of the application: "/users" → "/stats/users". */
export const below = (path: string): string => base + path;
