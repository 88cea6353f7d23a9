/** Unmodified mqtt.js as a device: publishes with QoS 1 and waits for the PUBACK, or subscribes and prints.
 *  Prints one JSON object per line and exits 0 on success, 1 on a refusal, 2 on a time-out. */

import { parseArgs } from "node:util";
import mqtt from "mqtt";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    host: { type: "string", default: "127.0.0.1" },
    port: { type: "string", default: "1883" },
    user: { type: "string" },
    token: { type: "string" },
    protocol: { type: "string", default: "5" },
    "client-id": { type: "string" },
    topic: { type: "string" },
    payload: { type: "string", multiple: true, default: [] },
    count: { type: "string", default: "1" },
    timeout: { type: "string", default: "10" },
  },
});
const [action] = positionals;
if (!["publish", "subscribe"].includes(action) || !options.user || !options.token || !options.topic) {
  console.error("usage: mqttjs_client.mjs publish|subscribe --user U --token T --topic T [--payload P]… [--protocol 3.1.1|5]");
  process.exit(64);
}

const say = (fields) => console.log(JSON.stringify(fields));
const client = mqtt.connect(`mqtt://${options.host}:${options.port}`, {
  protocolVersion: options.protocol === "5" ? 5 : 4,
  username: options.user,
  password: options.token,
  ...(options["client-id"] ? { clientId: options["client-id"] } : {}),
  clean: true,
  reconnectPeriod: 0,
});

const finish = (code) => client.end(false, {}, () => process.exit(code));
const timer = setTimeout(() => {
  say({ event: "timeout" });
  process.exit(2);
}, Number(options.timeout) * 1000);
timer.unref();

client.on("error", (error) => {
  say({ event: "error", code: error.code ?? null, message: error.message });
  process.exit(1);
});

client.on("connect", (connack) => {
  say({ event: "connected", code: connack.reasonCode ?? connack.returnCode ?? 0 });
  if (action === "publish") publish();
  else subscribe();
});

async function publish() {
  let refused = false;
  for (const payload of options.payload) {
    try {
      const puback = await client.publishAsync(options.topic, payload, { qos: 1 });
      say({ event: "acknowledged", code: puback?.reasonCode ?? 0 });
    } catch (error) {
      refused = true;
      say({ event: "acknowledged", code: error.code ?? null, message: error.message });
    }
  }
  finish(refused ? 1 : 0);
}

async function subscribe() {
  let left = Number(options.count);
  client.on("message", (topic, payload, packet) => {
    say({ event: "message", topic, payload: payload.toString(), retain: packet.retain });
    left -= 1;
    if (left === 0) finish(0);
  });
  try {
    const granted = await client.subscribeAsync(options.topic, { qos: 1 });
    say({ event: "subscribed", codes: granted.map((grant) => grant.qos) });
    if (granted.some((grant) => grant.qos >= 0x80)) finish(1);
  } catch (error) {
    say({ event: "subscribed", code: error.code ?? null, message: error.message });
    finish(1);
  }
}
