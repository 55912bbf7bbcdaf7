import { Link, type LinkProps } from "@tanstack/react-router";

type ChoiceLinksProps = {
  label: string;
  choices: readonly { name: string; link: LinkProps }[];
};

/** Links that select one of a few values, each with its own URL: a time range, a state. */
export function ChoiceLinks({ label, choices }: ChoiceLinksProps) {
  return (
    <nav aria-label={label}>
      <ul className="inline-flex flex-wrap gap-1 rounded-control bg-sunken p-1">
        {choices.map(({ name, link }) => (
          <li key={name}>
            <Link
              {...link}
              activeOptions={{ exact: true }}
              resetScroll={false}
              className="inline-flex h-11 min-w-11 items-center justify-center rounded-badge px-3 text-table font-medium text-muted hover:text-fg aria-[current=page]:bg-surface aria-[current=page]:text-fg md:h-7"
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
