const { apiUrl } = require("./lib/api-url.js");

const authentication = {
  type: "custom",
  fields: [
    {
      key: "server_url",
      label: "Server URL",
      type: "string",
      required: true,
      placeholder: "https://opensend.example.com",
      helpText: "The address of your OpenSend dashboard. Zapier must be able to reach it.",
    },
    {
      key: "api_key",
      label: "API Key",
      type: "password",
      required: true,
      helpText:
        "Create one under **API keys**: *Connections* for the trigger, *Sending* for the action, or *Full access* for both.",
    },
  ],
  test: async (z, bundle) => (await z.request(apiUrl(bundle, "/api/me"))).data.data,
  connectionLabel: "{{workspace__name}} ({{key__name}})",
};

module.exports = { authentication };
