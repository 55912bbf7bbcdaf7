import { Link, type LinkProps } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";

type BreadcrumbProps = { trail: readonly { name: string; link: LinkProps }[] };

/** Links to the parent pages, above the heading. */
export function Breadcrumb({ trail }: BreadcrumbProps) {
  return (
    <nav aria-label="Breadcrumb" className="-mt-3 mb-1 md:mt-0">
      <ol className="flex flex-wrap items-center gap-1 text-table text-muted">
        {trail.map(({ name, link }) => (
          <li key={name} className="flex items-center gap-1">
            <Link
              {...link}
              className="inline-flex min-h-11 min-w-11 items-center hover:text-fg hover:underline md:min-h-6 md:min-w-0"
            >
              {name}
            </Link>
            <ChevronRight aria-hidden className="size-3.5" />
          </li>
        ))}
      </ol>
    </nav>
  );
}
