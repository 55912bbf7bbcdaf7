const { version } = require("./package.json");
const { version: platformVersion } = require("zapier-platform-core");
const { authentication } = require("./authentication.js");
const { authorize } = require("./lib/authorize.js");
const { explainProblem } = require("./lib/explain-problem.js");
const { newEvent } = require("./triggers/new-event.js");
const { eventTypes } = require("./triggers/event-types.js");
const { sendEvent } = require("./creates/send-event.js");

module.exports = {
  version,
  platformVersion,
  authentication,
  beforeRequest: [authorize],
  afterResponse: [explainProblem],
  // Zapier's own status check would hide OpenSend's error message.
  flags: { skipThrowForStatus: true },
  triggers: { [newEvent.key]: newEvent, [eventTypes.key]: eventTypes },
  creates: { [sendEvent.key]: sendEvent },
};
