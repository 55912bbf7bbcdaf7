import { classNames } from "./class-names.ts";

/** Holds the place of what is being read, so that nothing jumps when it comes. */
export function Skeleton({ className }: { className: string }) {
  return <div aria-hidden className={classNames("rounded-control bg-sunken", className)} />;
}
