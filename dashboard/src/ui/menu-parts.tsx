import { Check } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";
import { type ReactNode, useEffect, useRef } from "react";
import type { MenuChoiceProps, MenuItemProps, MenuProps } from "./menu.tsx";

const ITEM =
  "flex min-h-11 cursor-default items-center gap-2 rounded-control px-2 outline-none select-none data-highlighted:bg-sunken md:min-h-9";

type RootProps = MenuProps & {
  /**
   * Whether the first item takes focus, as when the menu is opened by a key. Opened by the pointer, the menu itself
   * does.
   */
  startsAtItem: boolean;
};

/** Open on mount, because the menu is mounted when its trigger is first pressed. */
export function Root({ trigger, children, startsAtItem }: RootProps) {
  const content = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!startsAtItem) return;
    const frame = requestAnimationFrame(() => {
      // A key may have moved to another item by then.
      if (content.current?.querySelector(":focus")) return;
      content.current?.querySelector<HTMLElement>("[role^=menuitem]")?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, [startsAtItem]);
  return (
    <Radix.Root modal={false} defaultOpen>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          ref={content}
          sideOffset={6}
          collisionPadding={12}
          align="start"
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) max-w-[calc(100vw-1.5rem)] min-w-52 animate-appear overflow-y-auto rounded-card border border-line bg-surface p-1 shadow-popup"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function Item({ onSelect, children }: MenuItemProps) {
  return (
    <Radix.Item className={ITEM} onSelect={onSelect}>
      {children}
    </Radix.Item>
  );
}

export function Separator() {
  return <Radix.Separator className="my-1 h-px bg-line" />;
}

export function Choice<Value extends string>({
  label,
  value,
  onChange,
  options,
}: MenuChoiceProps<Value>): ReactNode {
  return (
    <Radix.RadioGroup value={value} onValueChange={(next) => onChange(next as Value)}>
      <Radix.Label className="px-2 pt-2 pb-1 text-badge text-muted">{label}</Radix.Label>
      {options.map((option) => (
        <Radix.RadioItem
          key={option.value}
          value={option.value}
          className={ITEM}
          onSelect={(event) => event.preventDefault()}
        >
          {option.icon}
          <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{option.label}</span>
          <Radix.ItemIndicator>
            <Check aria-hidden className="size-4 text-accent" />
          </Radix.ItemIndicator>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}
