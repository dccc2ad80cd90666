import { RecapPage } from "../recap/recap.tsx";

/** A year of a board. */
export default function BoardRecapPage() {
  return <RecapPage />;
}
