import { texts } from "../../i18n/index.ts";

/** Types of links in posts. */
export const types = ["link", "image", "video"] as const;

export const typeNames = texts({
  de: { link: "Links", image: "Bilder", video: "Videos" },
  en: { link: "Links", image: "Images", video: "Videos" },
});
