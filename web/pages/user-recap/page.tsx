import { RecapPage } from "../recap/recap.tsx";

/** A year of a user. */
export default function UserRecapPage() {
  return <RecapPage />;
}
