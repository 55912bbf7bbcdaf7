import { classNames } from "./class-names.ts";

/** A placeholder for data that is loading, so that nothing jumps when it arrives. */
export function Skeleton({ className }: { className: string }) {
  return <div aria-hidden className={classNames("rounded-control bg-sunken", className)} />;
}
