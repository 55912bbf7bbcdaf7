import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { DocsLink } from "../../docs/docs-link.tsx";
import { Button } from "../../ui/button.tsx";
import { buttonStyle } from "../../ui/button-style.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { lazyPart } from "../../ui/lazy-part.tsx";
import { toast } from "../../ui/toast.tsx";
import { updateConnection } from "../change-connection.ts";
import { SigningSecretField } from "../signing-secret-field.tsx";
import { SettingsSection } from "./section.tsx";
import type { SectionProps } from "./section-props.ts";

/** Loaded separately: only a connection that signs needs it. */
const RotateSecretButton = lazyPart(
  "Rotate secret",
  async () => (await import("./rotate-secret-button.tsx")).RotateSecretButton,
  {
    // The same size as the button, so that nothing moves under a click on its neighbor.
    placeholder: (
      <span aria-hidden className={buttonStyle("secondary")}>
        Rotate secret
      </span>
    ),
  },
);

type SigningSectionProps = SectionProps & { unsavedReason: string | null };

export function SigningSection({ base, form, readOnlyReason, unsavedReason }: SigningSectionProps) {
  const queryClient = useQueryClient();
  const [isConfirming, setIsConfirming] = useState(false);
  const { connection } = base;
  const hasSecret = connection.config.webhook.has_signing_secret;

  const remove = async () => {
    await updateConnection(queryClient, base, { signing_secret: null });
    toast("Signing secret removed.");
  };
  return (
    <SettingsSection
      id="signing"
      title="Signing secret"
      lead={
        hasSecret ? (
          <>
            Requests carry x-opensend-signature. Rotate the secret to change it while events arrive.{" "}
            <DocsLink topic="rotating a secret" />
          </>
        ) : (
          <>
            Without one, requests are not signed, and the receiver cannot tell who sent them.{" "}
            <DocsLink topic="verifying signatures" />
          </>
        )
      }
    >
      <SigningSecretField
        resetKey={base.etag}
        label={hasSecret ? "Replace secret" : "Signing secret"}
        hint={
          hasSecret
            ? "Stored encrypted. Enter a new one to replace it. The old secret stops working immediately."
            : "Stored encrypted. Copy it into the receiver before you save: it is not shown again."
        }
        error={form.formState.errors.signing_secret?.message}
        field={form.register("signing_secret")}
        onGenerate={(secret) =>
          form.setValue("signing_secret", secret, { shouldDirty: true, shouldValidate: true })
        }
        read={() => form.getValues("signing_secret")}
        readOnlyReason={readOnlyReason}
      />
      {hasSecret && (
        <div className="flex flex-wrap gap-2">
          <RotateSecretButton read={base} disabledReason={readOnlyReason ?? unsavedReason} />
          <Button
            variant="danger"
            opens={ConfirmDialog}
            disabledReason={readOnlyReason ?? unsavedReason}
            onClick={() => setIsConfirming(true)}
          >
            Remove secret
          </Button>
          <ConfirmDialog
            open={isConfirming}
            onOpenChange={setIsConfirming}
            title={`Stop signing events to ${connection.name}?`}
            confirmLabel="Remove secret"
            keepLabel="Keep it"
            onConfirm={remove}
          >
            The secret is destroyed. Receivers that verify the signature will reject the next events.
          </ConfirmDialog>
        </div>
      )}
    </SettingsSection>
  );
}
