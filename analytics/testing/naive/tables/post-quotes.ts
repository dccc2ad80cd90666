import type { Forum } from "../forum.ts";

export default ({ quotes }: Forum) => quotes;
