import type { JSX } from "solid-js";
import type { Post } from "../api.ts";
import { dateTime } from "../i18n/index.ts";
import { forumThread } from "../status.ts";

/** A link to a post in the forum; by default its time. */
export const PostLink = (props: { post: Pick<Post, "pid" | "tid" | "timestamp">; children?: JSX.Element }) => (
  <a href={forumThread(props.post.tid, props.post.pid)} rel="noreferrer">
    {props.children ?? dateTime(new Date(props.post.timestamp * 1000))}
  </a>
);
