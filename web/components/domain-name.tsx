import { Index } from "solid-js";

/** A domain that wraps only before its dots. */
export const DomainName = (props: { domain: string }) => (
  <span class="domain">
    <Index each={props.domain.split(/(?=\.)/)}>
      {(part) => (
        <>
          <wbr />
          {part()}
        </>
      )}
    </Index>
  </span>
);
