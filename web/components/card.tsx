import { type JSX, Show } from "solid-js";

/** A titled section, with tools beside its title. */
export const Card = (props: { title: string; tools?: JSX.Element; children: JSX.Element }) => (
  <section class="card">
    <header>
      <h2>{props.title}</h2>
      <Show when={props.tools}>{props.tools}</Show>
    </header>
    {props.children}
  </section>
);
