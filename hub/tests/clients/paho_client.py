"""Unmodified paho-mqtt as a device: publishes with QoS 1 and waits for the PUBACK, or subscribes and prints.

Prints one JSON object per line and exits 0 on success, 1 on a refusal, 2 on a time-out.
"""

import argparse
import json
import queue
import sys
import threading
import time

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=["publish", "subscribe"])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=1883)
    parser.add_argument("--user", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--protocol", choices=["3.1.1", "5"], default="5")
    parser.add_argument("--client-id", default="")
    parser.add_argument("--topic", required=True)
    parser.add_argument("--payload", action="append", default=[], help="may be repeated")
    parser.add_argument("--count", type=int, default=1, help="messages to wait for")
    parser.add_argument("--timeout", type=float, default=10.0)
    return parser.parse_args()


def say(**fields):
    print(json.dumps(fields), flush=True)


def code(reason):
    """The number of a reason code, whatever paho wraps it in."""
    return getattr(reason, "value", reason)


def main():
    options = arguments()
    version = mqtt.MQTTv5 if options.protocol == "5" else mqtt.MQTTv311
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=options.client_id, protocol=version)
    client.username_pw_set(options.user, options.token)
    connected, acknowledged, received = queue.Queue(), queue.Queue(), queue.Queue()
    subscribed = threading.Event()
    granted = []

    def on_subscribe(_client, _data, _id, reasons, _properties):
        granted.extend(code(reason) for reason in reasons)
        subscribed.set()

    client.on_connect = lambda _c, _d, _flags, reason, _p: connected.put(code(reason))
    client.on_publish = lambda _c, _d, message_id, reason, _p: acknowledged.put((message_id, code(reason)))
    client.on_message = lambda _c, _d, message: received.put(message)
    client.on_subscribe = on_subscribe
    client.connect(options.host, options.port, keepalive=30)
    client.loop_start()
    deadline = time.monotonic() + options.timeout

    def left():
        return max(0.0, deadline - time.monotonic())

    try:
        reason = connected.get(timeout=left())
        say(event="connected", code=reason)
        if reason != 0:
            return 1
        if options.action == "publish":
            refused = False
            for payload in options.payload:
                client.publish(options.topic, payload, qos=1)
            for _ in options.payload:
                _message_id, reason = acknowledged.get(timeout=left())
                say(event="acknowledged", code=reason)
                refused = refused or reason >= 0x80
            return 1 if refused else 0
        client.subscribe(options.topic, qos=1)
        if not subscribed.wait(left()):
            raise queue.Empty
        say(event="subscribed", codes=granted)
        if any(reason >= 0x80 for reason in granted):
            return 1
        for _ in range(options.count):
            message = received.get(timeout=left())
            say(event="message", topic=message.topic, payload=message.payload.decode(), retain=message.retain)
        return 0
    except queue.Empty:
        say(event="timeout")
        return 2
    finally:
        client.disconnect()
        client.loop_stop()


if __name__ == "__main__":
    sys.exit(main())
