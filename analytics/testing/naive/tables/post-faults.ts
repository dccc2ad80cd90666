import type { Forum } from "../forum.ts";

export default ({ parsed }: Forum) =>
  parsed
    .map(({ pid, malformedQuotes, unparsableLinks }) => ({
      pid,
      malformed_quotes: malformedQuotes,
      unparsable_links: unparsableLinks,
    }))
    .filter(({ malformed_quotes, unparsable_links }) => malformed_quotes + unparsable_links > 0);
