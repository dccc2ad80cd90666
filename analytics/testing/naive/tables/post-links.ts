import type { Forum } from "../forum.ts";

export default ({ links }: Forum) => links;
