import type {
  IAuthenticateGeneric,
  ICredentialTestRequest,
  ICredentialType,
  Icon,
  INodeProperties,
} from "n8n-workflow";

export class OpenSendApi implements ICredentialType {
  name = "openSendApi";

  displayName = "OpenSend API";

  icon: Icon = { light: "file:../icons/opensend.svg", dark: "file:../icons/opensend.dark.svg" };

  documentationUrl = "https://www.npmjs.com/package/n8n-nodes-opensend";

  properties: INodeProperties[] = [
    {
      displayName: "Server URL",
      name: "serverUrl",
      type: "string",
      required: true,
      default: "",
      placeholder: "https://opensend.example.com",
      description: "The address of your OpenSend dashboard",
    },
    {
      displayName: "API Key",
      name: "apiKey",
      type: "string",
      typeOptions: { password: true },
      required: true,
      default: "",
      description:
        "A key with the access Connections for the trigger, Sending to send events, or Full access for everything",
    },
  ];

  authenticate: IAuthenticateGeneric = {
    type: "generic",
    properties: { headers: { Authorization: "=Bearer {{$credentials.apiKey}}" } },
  };

  test: ICredentialTestRequest = {
    request: {
      baseURL: "={{$credentials.serverUrl.trim().replace(/\\/+$/, '')}}",
      url: "/api/me",
    },
  };
}
