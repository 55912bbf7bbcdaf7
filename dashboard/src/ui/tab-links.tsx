import { Link, type LinkProps } from "@tanstack/react-router";

type TabLinksProps = {
  label: string;
  tabs: readonly { name: string; link: LinkProps }[];
};

/** The parts of one page, each with its own URL. */
export function TabLinks({ label, tabs }: TabLinksProps) {
  return (
    <nav aria-label={label} className="mb-6 flex gap-1 border-b border-line">
      {tabs.map(({ name, link }) => (
        <Link
          key={name}
          {...link}
          activeOptions={{ exact: true }}
          className="-mb-px flex h-11 items-center border-b-2 border-transparent px-3 font-medium text-muted hover:text-fg aria-[current=page]:border-accent aria-[current=page]:text-fg md:h-9"
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
