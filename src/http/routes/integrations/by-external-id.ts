import { z } from "zod";
import { disconnectByExternalId, getByExternalId } from "../../../connections/by-external-id.ts";
import { type PutInput, previewPut, putConnection } from "../../../connections/put-connection.ts";
import type { Actor } from "../../../domain/actor.ts";
import { OpenSendError } from "../../../domain/errors.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { readVersionCheck, setEntityTag } from "../../entity-tag.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { ConnectionAnswer, presentConnectionAnswer } from "../../schemas/connection.ts";
import { ConnectBody } from "../../schemas/connection-bodies.ts";
import { externalId } from "../../schemas/connection-identity.ts";
import { PutBody, PutPreviewAnswer } from "../../schemas/put-connection.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";
import { toConnectInput } from "./connect.ts";
import { toUpdateInput } from "./update.ts";

const PATH = "/api/integrations/connections/by-external-id/:external_id";
const Params = z.object({ external_id: externalId });

export function readByExternalIdRoute(app: ApiServer, { integrations }: Services): void {
  app.get(
    PATH,
    {
      config: { requires: "read", keepsToOwn: "itself", isVersioned: true },
      schema: {
        operationId: "getConnectionByExternalId",
        summary: "Retrieve a connection by your own id",
        description: "Finds connections that are not disconnected.",
        tags: [TAGS.integrations],
        security: KEY_OR_SESSION,
        params: Params,
        response: {
          200: ConnectionAnswer,
          ...problems("unauthenticated", "forbidden", "invalid_id", "not_found"),
        },
      },
    },
    async (request, reply) => {
      const { external_id } = request.params;
      const connection = await getByExternalId(integrations.db, actorOf(request), external_id);
      setEntityTag(reply, connection);
      return presentConnectionAnswer(connection, integrations.now());
    },
  );
}

export function putByExternalIdRoute(app: ApiServer, { integrations }: Services): void {
  app.put(
    PATH,
    {
      config: { requires: "change", keepsToOwn: "itself", calls: "receiver", isVersioned: true },
      schema: {
        operationId: "putConnectionByExternalId",
        summary: "Create a connection with your own id, or bring it to a state",
        description:
          "Fields that the body leaves out keep their values; metadata and headers are replaced as a whole. Repeating the call changes nothing. If the connection was disconnected, another one is created.",
        tags: [TAGS.integrations],
        security: KEY_OR_SESSION,
        params: Params,
        body: PutBody,
        response: {
          200: ConnectionAnswer,
          201: ConnectionAnswer,
          ...problems(
            "malformed_json",
            "unauthenticated",
            "forbidden",
            "cross_origin",
            "invalid_id",
            "external_id_taken",
            "credentials_unreadable",
            "body_too_large",
            "unsupported_media_type",
            "validation_failed",
            "unsafe_url",
          ),
        },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { external_id } = request.params;
      const input = toPutInput(request.body, external_id, actor);
      const isCurrent = readVersionCheck(request);
      const { connection, isNew } = await putConnection(integrations, actor, external_id, input, isCurrent);
      setEntityTag(reply, connection);
      if (isNew) reply.header("location", `/api/integrations/connections/${connection.id}`);
      return reply.code(isNew ? 201 : 200).send(presentConnectionAnswer(connection, integrations.now()));
    },
  );
}

export function previewPutRoute(app: ApiServer, { integrations }: Services): void {
  app.post(
    `${PATH}/preview`,
    {
      config: { requires: "change", keepsToOwn: "itself", calls: "receiver" },
      schema: {
        operationId: "previewPutConnectionByExternalId",
        summary: "Preview what putting a connection by your own id would change",
        description:
          "Takes the body of the PUT, refuses what that would refuse, and names what would change, secrets included. Nothing is changed. `opensend apply` plans with it.",
        tags: [TAGS.integrations],
        security: KEY_OR_SESSION,
        params: Params,
        body: PutBody,
        response: {
          200: PutPreviewAnswer,
          ...problems(
            "malformed_json",
            "unauthenticated",
            "forbidden",
            "cross_origin",
            "invalid_id",
            "external_id_taken",
            "credentials_unreadable",
            "body_too_large",
            "unsupported_media_type",
            "validation_failed",
            "unsafe_url",
          ),
        },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { external_id } = request.params;
      const { isNew, changed } = await previewPut(
        integrations,
        actor,
        external_id,
        toPutInput(request.body, external_id, actor),
      );
      return {
        object: "connection_preview" as const,
        data: { external_id, is_new: isNew, changed: [...changed] },
      };
    },
  );
}

export function disconnectByExternalIdRoute(app: ApiServer, { integrations }: Services): void {
  app.delete(
    PATH,
    {
      config: { requires: "change", keepsToOwn: "itself", isVersioned: true },
      schema: {
        operationId: "disconnectConnectionByExternalId",
        summary: "Disconnect a connection by your own id",
        description:
          "Destroys the sealed credentials and cancels queued deliveries; the history stays. Repeating the call changes nothing.",
        tags: [TAGS.integrations],
        security: KEY_OR_SESSION,
        params: Params,
        response: {
          200: ConnectionAnswer,
          ...problems("unauthenticated", "forbidden", "cross_origin", "invalid_id", "not_found"),
        },
      },
    },
    async (request, reply) => {
      const { external_id } = request.params;
      const isCurrent = readVersionCheck(request);
      const connection = await disconnectByExternalId(integrations, actorOf(request), external_id, isCurrent);
      setEntityTag(reply, connection);
      return presentConnectionAnswer(connection, integrations.now());
    },
  );
}

function toPutInput(
  { external_id: named, metadata, ...rest }: z.infer<typeof PutBody>,
  external_id: string,
  actor: Actor,
): PutInput {
  if (named !== undefined && named !== external_id) {
    throw notValid("external_id", "Must be the one in the path, or be left out.");
  }
  return {
    change: {
      ...toUpdateInput(rest),
      ...(metadata === undefined ? {} : { identity: { metadata: () => metadata } }),
    },
    whole: () => {
      const { webhook_url } = rest;
      if (webhook_url === undefined) {
        throw notValid("webhook_url", "Required: no connection has this external_id yet.");
      }
      const whole = ConnectBody.safeParse({ ...rest, webhook_url, metadata, external_id });
      if (!whole.success) throw notValid(...faultOf(whole.error));
      return toConnectInput(whole.data, actor);
    },
  };
}

/** Faults of values that are valid for an update but not for a new connection. */
function faultOf({ issues: [issue] }: z.ZodError): [path: string, message: string] {
  return [issue?.path.join(".") ?? "", issue?.message ?? "Not valid."];
}

function notValid(path: string, message: string): OpenSendError {
  return new OpenSendError(
    "validation_failed",
    `Not valid: \`${path}\`. \`errors\` says why. Nothing was changed.`,
    { fields: [{ path, message }] },
  );
}
