import { useId } from "react";
import { UntrustedText } from "../ui/untrusted-text.tsx";

type HeaderListProps = { title?: string; headers: Readonly<Record<string, string>> };

export function HeaderList({ title = "Headers", headers }: HeaderListProps) {
  const entries = Object.entries(headers);
  const titleId = useId();
  return (
    <div>
      <h4 id={titleId} className="flex min-h-9 items-center text-table font-medium text-muted">
        {title}
      </h4>
      {entries.length === 0 ? (
        <p className="rounded-control bg-sunken p-3 text-table text-muted">None</p>
      ) : (
        <section
          aria-labelledby={titleId}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          tabIndex={0}
          className="max-h-80 overflow-auto rounded-control bg-sunken p-3 font-mono text-badge"
        >
          <dl className="flex flex-col gap-1">
            {entries.map(([name, value]) => (
              <div key={name} className="[overflow-wrap:anywhere]">
                <dt className="inline text-muted">
                  <UntrustedText text={name} />:{" "}
                </dt>
                <dd className="inline">
                  <UntrustedText text={value} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </div>
  );
}
