import type { Forum } from "../forum.ts";
import { group, selections, total } from "../groups.ts";

export default ({ edges }: Forum) =>
  group(
    edges,
    ({ quoting, quoted }) =>
      selections(quoting).map((selection) => ({ ...selection, quoter_uid: quoting.uid, quoted_uid: quoted.uid })),
    total,
  );
