import type { Connection } from "../../api/types.ts";
import { CopyableId } from "../../ui/copyable-id.tsx";

/** The external id and metadata that the API's caller has set. */
export function identityFacts({ external_id: externalId, metadata }: Connection) {
  const pairs = Object.entries(metadata);
  return [
    ...(externalId === null
      ? []
      : [{ name: "External ID", value: <CopyableId id={externalId} what="external ID" />, isLong: true }]),
    ...(pairs.length === 0 ? [] : [{ name: "Metadata", value: <Pairs pairs={pairs} />, isLong: true }]),
  ];
}

function Pairs({ pairs }: { pairs: readonly (readonly [name: string, value: string])[] }) {
  return (
    <ul className="flex flex-wrap gap-x-4">
      {pairs.map(([name, value]) => (
        <li key={name}>
          <span className="text-muted">{name}</span> {value}
        </li>
      ))}
    </ul>
  );
}
