import { createResource, Show } from "solid-js";
import { answer, api, type User } from "../../api.ts";
import { lazyComponent } from "../../components/lazy.tsx";
import { Empty, dataOf, Loaded } from "../../components/loaded.tsx";
import { CsvLink, Page } from "../../components/page.tsx";
import { UserBox } from "../../components/user-box.tsx";
import { useFilters } from "../../filters.ts";
import { texts } from "../../i18n/index.ts";
import { useAddress } from "./address.ts";
import { prepareLayouts } from "./layouts.ts";
import { networkOf, peopleOf, positionOf, tiesFrom } from "./network.ts";
import { Explorer } from "./explorer.tsx";

const text = texts({
  de: {
    title: "Wer zitiert wen?",
    lead: "Wer sich oft gegenseitig zitiert, steht nah beieinander.",
    around: (name: string) => `Umfeld von ${name}`,
    aroundLead: "Die engsten Zitatpartner und ihre Zitate untereinander.",
    everyone: "Zum ganzen Netz",
    find: "Nutzer finden",
  },
  en: {
    title: "Who quotes whom?",
    lead: "People who often quote each other are close together.",
    around: (name) => `The circle of ${name}`,
    aroundLead: "The closest partners, and how they quote each other.",
    everyone: "Show the whole network",
    find: "Find a user",
  },
});

/** Edges of the picture, most frequent first: with more, nothing could be told apart. */
const maxEdges = "1500";

/** Drawing code is loaded when this page is opened, while the network is being fetched. */
const NetworkView = lazyComponent(() => import("./view.tsx"), "36rem");

/** Who quotes whom: everyone, or around one user. As a picture and as a table. */
export default function NetworkPage() {
  NetworkView.preload();
  prepareLayouts();
  const filters = useFilters();
  const address = useAddress();
  const query = () => ({ ...filters.query(), ...(address.uid() > 0 ? { uid: String(address.uid()) } : {}) });
  const [network, { refetch }] = createResource(query, async (chosen) =>
    networkOf(await answer(api.network.$get({ query: { ...chosen, limit: maxEdges } })), Number(chosen.uid ?? 0)),
  );
  const center = () => {
    const { people = [], center: at } = dataOf(network) ?? {};
    return address.uid() > 0 && at !== undefined ? people[at] : undefined;
  };
  const openAround = (uid: number) => address.set({ uid, selected: 0, circle: 0 });
  const find = ({ uid }: User) => {
    const data = dataOf(network);
    const at = data && positionOf(data, uid);
    if (data && at === undefined) return openAround(uid);
    const isHidden = data && at !== undefined && !peopleOf(tiesFrom(data, address.from()), data.center).includes(at);
    address.set({ selected: uid, circle: 0, ...(isHidden ? { from: 0 } : {}) });
  };
  return (
    <Page
      title={center() ? text().around(center()?.name ?? "") : text().title}
      lead={center() ? text().aroundLead : text().lead}
      tools={
        <>
          <Show when={address.uid() > 0}>
            <button type="button" class="button" onClick={() => address.set({ uid: 0, selected: 0, circle: 0 })}>
              {text().everyone}
            </button>
          </Show>
          <UserBox label={text().find} choose={find} />
          <CsvLink path="network" query={{ ...query(), limit: "10000" }} />
        </>
      }
    >
      <Loaded resource={network} refetch={refetch} height="46rem">
        {(data) => (
          <Empty when={data().ties.length === 0}>
            <Explorer network={data()} view={NetworkView} open={openAround} />
          </Empty>
        )}
      </Loaded>
    </Page>
  );
}
