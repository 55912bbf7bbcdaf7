import { DocsLink } from "../docs/docs-link.tsx";
import { PageHeader } from "../ui/page.tsx";
import { TabLinks } from "../ui/tab-links.tsx";
import { TimeZoneSwitch } from "../ui/time-zone-switch.tsx";
import { SendEventButton } from "./send-event-button.tsx";

/** The header of the event list and of the list of event types. */
export function EventsHeader() {
  return (
    <>
      <PageHeader
        title="Events"
        actions={
          <>
            <TimeZoneSwitch />
            <SendEventButton />
          </>
        }
      >
        Events your app has sent to OpenSend. <DocsLink topic="sending events" />
      </PageHeader>
      <TabLinks
        label="Events"
        tabs={[
          { name: "Events", link: { to: "/events" } },
          { name: "Event types", link: { to: "/events/types" } },
        ]}
      />
    </>
  );
}
