import { render } from "solid-js/web";
import { App } from "./app.tsx";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/components.css";
import "./styles/search.css";
import "./styles/charts.css";
import "./styles/heat-map.css";
import "./styles/days.css";
import "./styles/endless.css";
import "./styles/network.css";
import "./styles/navigation.css";
import "./styles/threads.css";
import "./styles/streaks.css";
import "./styles/records.css";
import "./styles/on-this-day.css";
import "./styles/news.css";
import "./styles/pair.css";
import "./styles/cohorts.css";
import "./styles/trends.css";
import "./styles/recap.css";
import "./styles/feeds.css";
import "./styles/filters.css";
import "./styles/forced-colors.css";
import "./styles/print.css";

// The router does not match doubled slashes.
const path = location.pathname.replaceAll(/\/{2,}/g, "/");
if (path !== location.pathname) history.replaceState(null, "", path + location.search + location.hash);

const root = document.getElementById("app");
if (root) {
  // The shell, which the document has shown until now.
  root.textContent = "";
  render(() => <App />, root);
}
