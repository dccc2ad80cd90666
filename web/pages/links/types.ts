import { texts } from "../../i18n/index.ts";

/** What a post can link. */
export const types = ["link", "image", "video"] as const;

export const typeNames = texts({
  de: { link: "Links", image: "Bilder", video: "Videos" },
  en: { link: "Links", image: "Images", video: "Videos" },
});
