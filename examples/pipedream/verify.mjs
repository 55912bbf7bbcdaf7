// A Node step right after an HTTP trigger. Set OPENSEND_SIGNING_SECRET among the environment variables.
import { createHmac, timingSafeEqual } from "node:crypto";

const TOLERANCE_S = 5 * 60;

export default defineComponent({
  async run({ steps }) {
    const secret = process.env.OPENSEND_SIGNING_SECRET;
    if (!secret) throw new Error("OPENSEND_SIGNING_SECRET is not set");
    const { headers, bodyRaw } = steps.trigger.event;
    const timestamp = headers["x-opensend-timestamp"] ?? "";
    const signature = headers["x-opensend-signature"] ?? "";

    if (!/^\d{1,12}$/.test(timestamp)) throw new Error("refused: no timestamp");
    const ageS = Math.abs(Date.now() / 1000 - Number(timestamp));
    if (ageS > TOLERANCE_S) throw new Error("refused: too old or too new");
    const hmac = createHmac("sha256", secret).update(`${timestamp}.${bodyRaw}`);
    const expected = Buffer.from(hmac.digest("hex"));
    const given = Buffer.from(signature);
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
      throw new Error("refused: the signature does not match");
    }
    return JSON.parse(bodyRaw);
  },
});
