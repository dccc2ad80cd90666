import { RecapPage } from "./recap.tsx";

/** A year of the forum. */
export default function ForumRecapPage() {
  return <RecapPage />;
}
