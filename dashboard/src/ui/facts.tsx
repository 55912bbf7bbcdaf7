import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

type Fact = {
  readonly name: string;
  readonly value: ReactNode;
  /** Takes a full line on phones. */
  readonly isLong?: boolean;
};

/** Names with values side by side; stacked on phones. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-4 md:flex md:flex-wrap md:gap-x-10">
      {facts.map(({ name, value, isLong }) => (
        <div key={name} className={classNames("flex min-w-0 flex-col gap-1", isLong && "col-span-2")}>
          <dt className="text-badge text-muted">{name}</dt>
          <dd className="min-w-0 [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
