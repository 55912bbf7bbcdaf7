import { Tabs as RadixTabs } from "radix-ui";
import type { ReactNode } from "react";

type TabsProps = {
  label: string;
  tabs: readonly { name: string; content: ReactNode }[];
  /** The name of the initial tab; defaults to the first one. */
  first?: string | undefined;
};

/** Views of one object that share a URL. Arrow keys move between them. */
export function Tabs({ label, tabs, first = tabs[0]?.name ?? "" }: TabsProps) {
  return (
    <RadixTabs.Root defaultValue={tabValue(first)}>
      <RadixTabs.List aria-label={label} className="flex flex-wrap gap-1">
        {tabs.map(({ name }) => (
          <RadixTabs.Trigger
            key={name}
            value={tabValue(name)}
            className="h-11 min-w-11 rounded-control px-3 font-medium text-muted hover:text-fg data-[state=active]:bg-sunken data-[state=active]:text-fg md:h-9"
          >
            {name}
          </RadixTabs.Trigger>
        ))}
      </RadixTabs.List>
      {tabs.map(({ name, content }) => (
        <RadixTabs.Content key={name} value={tabValue(name)} className="mt-3 rounded-control">
          {content}
        </RadixTabs.Content>
      ))}
    </RadixTabs.Root>
  );
}

/** Part of ids, which cannot contain spaces because other attributes refer to them. */
function tabValue(name: string): string {
  return name.replaceAll(" ", "-");
}
