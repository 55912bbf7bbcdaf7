import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { SettingsSection } from "../../connections/settings/section.tsx";
import { LeaveGuard } from "../../forms/leave-guard.tsx";
import { useSession } from "../../session/session-query.ts";
import { PanelBoundary } from "../../ui/panel-boundary.tsx";
import {
  type NameValues,
  NO_PASSWORDS,
  nameSchema,
  type PasswordValues,
  passwordSchema,
} from "./account-schema.ts";
import { NameForm } from "./name-form.tsx";
import { PasswordForm } from "./password-form.tsx";
import { Preferences } from "./preferences.tsx";
import { SessionList } from "./session-list.tsx";

/** Settings of the person's own account, for every role. */
export function AccountPage() {
  const { user } = useSession();
  const name = useForm<NameValues>({
    resolver: zodResolver(nameSchema),
    defaultValues: { name: user.name },
  });
  const password = useForm<PasswordValues>({
    resolver: zodResolver(passwordSchema),
    defaultValues: NO_PASSWORDS,
  });
  const isDirty = [name.formState, password.formState].some((state) => state.isDirty && !state.isSubmitting);
  return (
    <div>
      <SettingsSection id="profile" title="Profile" lead="Shown to others in the audit log and in lists.">
        <NameForm form={name} email={user.email} />
      </SettingsSection>
      <SettingsSection
        id="password"
        title="Password"
        lead="Changing your password signs you out everywhere else."
      >
        <PasswordForm form={password} email={user.email} />
      </SettingsSection>
      <SettingsSection
        id="sessions"
        title="Sessions"
        lead="Devices where you are signed in. Sessions expire after seven days."
      >
        <PanelBoundary what="Your sessions">
          <SessionList />
        </PanelBoundary>
      </SettingsSection>
      <SettingsSection
        id="browser"
        title="This browser"
        lead="Stored in this browser only. Takes effect immediately."
      >
        <Preferences />
      </SettingsSection>
      <LeaveGuard name="your account" isDirty={isDirty} />
    </div>
  );
}
