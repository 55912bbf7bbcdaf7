import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

export function Card({ className, ...props }: ComponentProps<"section">) {
  return (
    <section {...props} className={classNames("rounded-card border border-line bg-surface", className)} />
  );
}
