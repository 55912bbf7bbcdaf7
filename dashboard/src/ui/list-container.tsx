import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

/** The width in rem from which a list's columns fit. Each value has a container in `app.css`. */
export type ListWidth = 36 | 44 | 52 | 60 | 72;

const CONTAINERS: Readonly<Record<ListWidth, string>> = {
  36: "[container:list-36/inline-size]",
  44: "[container:list-44/inline-size]",
  52: "[container:list-52/inline-size]",
  60: "[container:list-60/inline-size]",
  72: "[container:list-72/inline-size]",
};

/**
 * The container of a list. Inside, classes with the variant `row:` apply when the list itself, not the window, is wide
 * enough for its columns: the list is a table then, otherwise cards with labeled values.
 */
export function ListContainer({
  needs,
  className,
  children,
}: {
  needs: ListWidth;
  className?: string;
  children: ReactNode;
}) {
  return <div className={classNames(CONTAINERS[needs], className)}>{children}</div>;
}
