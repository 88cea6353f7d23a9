/** A device at the hub's MQTT endpoint, as far as these tests need one: it connects, stays, and goes. */
import { connect, type Socket } from 'node:net';

const text = (value: string) => Buffer.concat([Buffer.from([value.length >> 8, value.length & 0xff]), Buffer.from(value)]);

/** Connects with MQTT 3.1.1; resolves when the hub has let it in. */
export async function connectDevice(address: string, username: string, token: string, clientId: string): Promise<Socket> {
  const [host, port] = address.split(':');
  const body = Buffer.concat([text('MQTT'), Buffer.from([4, 0xc2, 0, 60]), text(clientId), text(username), text(token)]);
  const length = body.length < 128 ? [body.length] : [(body.length % 128) | 0x80, body.length >> 7];
  const socket = connect(Number(port), host);
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('data', (connack) => {
      if (connack[0] === 0x20 && connack[3] === 0) resolve(socket);
      else reject(new Error(`the hub refuses the device: ${connack.toString('hex')}`));
    });
    socket.write(Buffer.concat([Buffer.from([0x10, ...length]), body]));
  });
}
