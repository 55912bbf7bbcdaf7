import assert from "node:assert/strict";
import { after, before } from "node:test";
import { makeSqlite } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { Setting } from "./contract.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";

const SECRET = `whsec_${Buffer.alloc(32, "opensend sdk").toString("base64")}`;

/**
 * Runs a server with a receiver and a proxy for the tests of a file. Returns a function that connects the receiver to the
 * events of a group of tests before they start.
 */
export function prepareServer(): (prefix: string) => () => Setting {
  let instance: TestInstance;
  let receiver: TestReceiver;
  let proxy: FaultProxy;

  before(async () => {
    [instance, receiver] = await Promise.all([startInstance(makeSqlite), startTestReceiver()]);
    proxy = await startFaultProxy(instance.server.url);
  });

  after(async () => {
    await Promise.all([proxy.close(), receiver.close()]);
    await instance.remove();
  });

  return (prefix) => {
    let setting: Setting;
    before(async () => {
      const webhook_url = `${receiver.url}/${prefix}`;
      const connection = { webhook_url, signing_secret: SECRET, event_types: [`${prefix}.*`] };
      const { status, text } = await instance.api.post("/api/integrations/webhook", connection);
      assert.equal(status, 201, text);
      const { key, server } = instance;
      setting = { url: server.url, key, receiver, proxy, secret: SECRET, prefix };
    });
    return () => setting;
  };
}
