import type {
  IDataObject,
  IExecuteFunctions,
  IHookFunctions,
  IHttpRequestMethods,
  ILoadOptionsFunctions,
} from "n8n-workflow";

type Caller = IExecuteFunctions | IHookFunctions | ILoadOptionsFunctions;
type Call = { readonly body?: IDataObject; readonly qs?: IDataObject };
type Response = { readonly statusCode: number; readonly body: IDataObject };

/** Calls the credential's server. Also returns error responses, because only the caller knows which of them matter. */
export async function request(
  caller: Caller,
  method: IHttpRequestMethods,
  path: string,
  call: Call = {},
): Promise<Response> {
  const { serverUrl } = await caller.getCredentials("openSendApi");
  const url = `${String(serverUrl).trim().replace(/\/+$/, "")}${path}`;
  const response = await caller.helpers.httpRequestWithAuthentication.call(caller, "openSendApi", {
    method,
    url,
    json: true,
    ...call,
    returnFullResponse: true,
    ignoreHttpStatusErrors: true,
  });
  const body = typeof response.body === "object" && response.body !== null ? response.body : {};
  return { statusCode: response.statusCode, body: body as IDataObject };
}

/** A readable error for a call that OpenSend refused. */
export function problemOf({ statusCode, body }: Response): { message: string; description: string } {
  const { title, detail, errors } = body;
  const fields = Array.isArray(errors) ? errors.map(({ path, message }) => `${path}: ${message}`) : [];
  return {
    message: typeof title === "string" ? title : `OpenSend responded with ${statusCode}`,
    description: [detail, ...fields].filter((text) => typeof text === "string").join(" "),
  };
}
