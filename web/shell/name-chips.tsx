import { useSelection } from "../filters.ts";
import { t } from "../i18n/index.ts";
import { Chip } from "./chip.tsx";
import { useBoardName, useUserName } from "./selected-names.ts";

/** The selected board. */
export function BoardChip(props: { remove: () => void }) {
  const selection = useSelection();
  const name = useBoardName(() => selection.value("bid"));
  return (
    <Chip filter="bid" name={t().filters.board} value={name()} remove={props.remove}>
      <a href={selection.link("/", { year: "", uid: "" })}>{name()}</a>
    </Chip>
  );
}

/** The selected user, with a link to the user's page. */
export function UserChip(props: { remove: () => void }) {
  const selection = useSelection();
  const name = useUserName(() => selection.value("uid"));
  return (
    <Chip filter="uid" name={t().filters.user} value={name()} remove={props.remove}>
      <a href={selection.link(`/users/${selection.value("uid")}`)}>{name()}</a>
    </Chip>
  );
}
