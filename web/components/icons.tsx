import type { JSX } from "solid-js";

const icon = (paths: JSX.Element) => () => (
  <svg
    viewBox="0 0 20 20"
    fill="none"
    stroke="currentColor"
    stroke-width="1.6"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    {paths}
  </svg>
);

/** One picture per page. */
export const icons = {
  overview: icon(<path d="M3 10.5 10 4l7 6.5M5 9v7h10V9" />),
  users: icon(
    <path d="M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2 16.5c.5-3 2.7-4.5 5.5-4.5s5 1.5 5.5 4.5M13 3.800a3 3 0 0 1 0 5.400M15 12.200c1.7.6 2.7 2 3 4.3" />,
  ),
  compare: icon(<path d="M3 15.500 7.500 10l3 2.500L17 4.500M3 10l4-5.500 4 3.500 6 6.500" />),
  years: icon(<path d="M3 16.5h14M5 16.5v-5M9 16.5v-9M13 16.5v-7M17 16.5v-12" />),
  weekdays: icon(<path d="M3.5 5h13v11.5h-13ZM3.5 8.5h13M7 3v3M13 3v3" />),
  days: icon(
    <path d="M3.5 3.5h3.5v3.5H3.5ZM8.5 3.5H12v3.5H8.5ZM13.5 3.5H17v3.5h-3.5ZM3.5 8.5H7V12H3.5ZM8.5 8.5H12V12H8.5ZM13.5 8.5H17V12h-3.5ZM3.5 13.5H7V17H3.5ZM8.5 13.5H12V17H8.5Z" />,
  ),
  boards: icon(<path d="M3 4.5h14v8H9l-3.5 3v-3H3Z" />),
  network: icon(
    <path d="M5 6.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM15 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM8 17.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM6.9 5l6.2 1.5M5.5 6.5l2 7M13.7 8.6 9.3 14" />,
  ),
  links: icon(
    <path d="M8.5 11.5a3 3 0 0 0 4.3 0l3-3a3 3 0 1 0-4.3-4.300l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-3 3a3 3 0 1 0 4.3 4.300l1-1" />,
  ),
  search: icon(<path d="M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12ZM13.5 13.5 17.5 17.5" />),
};
