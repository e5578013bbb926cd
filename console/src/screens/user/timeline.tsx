import { Button, Group } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { TimelineEvent } from "@newday/sdk/admin";
import { adminQuery } from "../../api/queries.ts";
import { useAddressChange } from "../../components/address.ts";
import { DataTable } from "../../components/data-table.tsx";
import { Doer } from "../../components/doer.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { EVENT_TEXTS, KIND_TEXTS } from "../../components/event-texts.ts";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { Pager } from "../../components/pager.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import { TransferLink } from "../../components/thing-links.tsx";
import { useLanguage, useTexts } from "../../language/language-provider.tsx";
import { EventButton } from "./event-button.tsx";
import { EventFacts, textIn } from "./event-facts.tsx";
import { TIMELINE_TEXTS } from "./timeline-texts.ts";

type Kind = TimelineEvent["kind"];
const KINDS = Object.keys(KIND_TEXTS) as Kind[];

/** Two or three windows high; the next page is a key away. */
const PAGE_SIZE = 25;

/** `GET /api/admin/users/{userId}/timeline`: one history of everything, with who did it. */
export function Timeline({ userId }: { userId: string }) {
  const texts = useTexts(TIMELINE_TEXTS);
  const { kind: asked, cursor } = useSearch({ from: "/signed-in/console/users/$userId" });
  const kind = KINDS.find((one) => one === asked);
  const query = useQuery({
    ...adminQuery("listUserEvents", {
      params: { userId },
      query: { kind, cursor, limit: PAGE_SIZE },
    }),
    placeholderData: keepPreviousData,
  });
  return (
    <div id="timeline">
      <SectionCard title={texts.title}>
        <KindFilter kind={kind} />
        <Loaded query={query}>
          {({ data, nextCursor }) => (
            <>
              {data.length === 0 ? (
                <EmptyState title={texts.emptyTitle}>{texts.empty}</EmptyState>
              ) : (
                <EventsTable events={data} />
              )}
              <Pager cursor={cursor} nextCursor={nextCursor} />
            </>
          )}
        </Loaded>
      </SectionCard>
    </div>
  );
}

function KindFilter({ kind }: { kind: Kind | undefined }) {
  const texts = useTexts(TIMELINE_TEXTS);
  const kinds = useTexts(KIND_TEXTS);
  const change = useAddressChange();
  return (
    <Group gap={4} role="group" aria-label={texts.filter}>
      {[undefined, ...KINDS].map((one) => (
        <Button
          key={one ?? ""}
          size="compact-sm"
          variant={one === kind ? "filled" : "default"}
          aria-pressed={one === kind}
          onClick={() => change({ kind: one, cursor: undefined })}
        >
          {one === undefined ? texts.all : kinds[one]}
        </Button>
      ))}
    </Group>
  );
}

function EventsTable({ events }: { events: readonly TimelineEvent[] }) {
  const texts = useTexts(TIMELINE_TEXTS);
  return (
    <DataTable
      label={texts.title}
      rows={events}
      keyOf={keyOf}
      columns={[
        { header: texts.at, cell: ({ at }) => <Moment at={at} /> },
        { header: texts.event, cell: (event) => <EventName event={event} /> },
        { header: texts.details, cell: (event) => <EventFacts event={event} /> },
        {
          header: texts.by,
          cell: (event) => (
            <>
              <Doer by={event.by} /> <EventButton event={event} />
            </>
          ),
        },
      ]}
    />
  );
}

function EventName({ event: { kind, event, facts } }: { event: TimelineEvent }) {
  const { language } = useLanguage();
  const kinds = useTexts(KIND_TEXTS);
  const name = EVENT_TEXTS[kind][event]?.[language] ?? event;
  const transferId = kind === "money" ? textIn(facts, "transferId") : undefined;
  return (
    <>
      <small className="dimmed">{kinds[kind]}</small>{" "}
      {transferId ? <TransferLink id={transferId}>{name}</TransferLink> : name}
    </>
  );
}

/** One transfer moves several accounts of a user, and one moment has several events. */
function keyOf({ kind, event, at, facts }: TimelineEvent): string {
  return [kind, event, at, JSON.stringify(facts)].join(" ");
}
