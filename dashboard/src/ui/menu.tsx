import { Slot } from "radix-ui";
import { type MouseEvent, type ReactNode, useState } from "react";
import { toast } from "./toast.tsx";

export type MenuProps = { trigger: ReactNode; children: ReactNode };
export type MenuItemProps = { onSelect: () => void; children: ReactNode };
export type MenuChoiceProps<Value extends string> = {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  options: readonly { value: Value; label: string; icon: ReactNode }[];
};

type Parts = typeof import("./menu-parts.tsx");

/** Menus are rarely opened, and the library that positions them is large, so it loads with the first menu. */
let parts: Parts | null = null;

async function fetchParts(): Promise<void> {
  parts ??= await import("./menu-parts.tsx");
}

export function Menu({ trigger, children }: MenuProps) {
  const [opened, setOpened] = useState<"by-key" | "by-pointer" | null>(null);
  if (opened !== null && parts !== null) {
    return (
      <parts.Root trigger={trigger} startsAtItem={opened === "by-key"}>
        {children}
      </parts.Root>
    );
  }
  const fetchAhead = () => void fetchParts().catch(() => undefined);
  const open = async (event: MouseEvent) => {
    const by = event.detail === 0 ? "by-key" : "by-pointer";
    try {
      await fetchParts();
      setOpened(by);
    } catch {
      toast("The menu cannot be shown. Reload the page and try again.");
    }
  };
  return (
    <Slot.Root
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={fetchAhead}
      onFocus={fetchAhead}
      onClick={(event: MouseEvent) => void open(event)}
    >
      {trigger}
    </Slot.Root>
  );
}

export function MenuItem(props: MenuItemProps) {
  return parts && <parts.Item {...props} />;
}

export function MenuSeparator() {
  return parts && <parts.Separator />;
}

/** One of a few values; the current one has a check mark. */
export function MenuChoice<Value extends string>(props: MenuChoiceProps<Value>) {
  return parts && <parts.Choice {...props} />;
}
