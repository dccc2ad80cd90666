import { type JSX, Show } from "solid-js";
import type { Filter } from "../pages.ts";
import { Scope } from "./scope.tsx";

/** A titled section, with tools beside its title. */
export const Card = (props: {
  title: string;
  tools?: JSX.Element;
  /** Filters of the page that do not hold for the card. */
  ignores?: readonly Filter[] | undefined;
  children: JSX.Element;
}) => (
  <section class="card">
    <header>
      <h2>
        {props.title}
        <Scope ignores={props.ignores} />
      </h2>
      {/* A function, so that the tools are created once. */}
      <Show when={props.tools}>{(tools) => tools()}</Show>
    </header>
    {props.children}
  </section>
);
