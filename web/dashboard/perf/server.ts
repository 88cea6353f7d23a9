/** Serves the built dashboard as the hub does, signs everybody in, and speaks `topsteel.v1` for sites that never rest. */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import type { PerfSite } from './site';

/** The hub merges the changes of a topic and sends them after this time at the latest. */
const FRAME_MS = 50;
const TYPES: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json' };
const POLICY = "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

type Seat = { socket: WebSocket; topics: Set<string> };

export class PerfServer {
  /** Deltas that were sent. */
  frames = 0;
  readonly #dist: string;
  readonly #sites: Map<string, PerfSite>;
  readonly #seq = new Map<string, number>();
  readonly #seats = new Set<Seat>();
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'topsteel.v1' });
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(dist: string, sites: readonly PerfSite[]) {
    this.#dist = dist;
    this.#sites = new Map(sites.map((site) => [site.code, site]));
    this.#http = createServer((request, response) => { void this.#answer(request, response); });
    this.#http.on('upgrade', (request, socket, head) => { this.#sockets.handleUpgrade(request, socket, head, (opened) => { this.#seat(opened); }); });
    this.#timer = setInterval(() => { this.#change(); }, FRAME_MS);
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => { this.#http.listen(0, '127.0.0.1', resolve); });
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  close(): void {
    clearInterval(this.#timer);
    for (const { socket } of this.#seats) socket.terminate();
    this.#http.close();
  }

  /** Who follows a topic now. */
  followers(topic: string): number {
    return [...this.#seats].filter(({ topics }) => topics.has(topic)).length;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://hub').pathname;
    const rest = this.#rest(path);
    if (rest !== undefined) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(rest));
      return;
    }
    const name = extname(path) === '' ? '/index.html' : normalize(path);
    try {
      const file = await readFile(join(this.#dist, name));
      response.writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream', 'content-security-policy': POLICY, 'cache-control': 'no-cache' }).end(file);
    } catch {
      response.writeHead(404).end();
    }
  }

  #rest(path: string): object | undefined {
    switch (path) {
      case '/api/v1/auth/refresh':
        return { access_token: 'perf', refresh_token: 'perf', expires_in: 900, user: { email: 'perf@example' } };
      case '/api/v1/auth/me':
        return { email: 'perf@example', roles: ['viewer'], sites: null };
      case '/api/v1/sites':
        return { items: [...this.#sites.keys()].map((code) => ({ code, name: `Usine ${code}`, time_zone: 'Europe/Paris' })), next_cursor: null };
      default:
        return undefined;
    }
  }

  #seat(socket: WebSocket): void {
    const seat: Seat = { socket, topics: new Set() };
    this.#seats.add(seat);
    const send = (frame: object) => { socket.send(JSON.stringify(frame)); };
    socket.on('message', (text: Buffer) => {
      const frame = JSON.parse(text.toString()) as { type: string; topic?: string };
      const topic = frame.topic ?? '';
      if (frame.type === 'auth') send({ type: 'ready', server_time: Date.now() });
      if (frame.type === 'ping') send({ type: 'pong', server_time: Date.now() });
      if (frame.type === 'unsubscribe') seat.topics.delete(topic);
      if (frame.type !== 'subscribe') return;
      seat.topics.add(topic);
      const data = topic === 'alerts' ? { alerts: {} } : this.#sites.get(topic.replace('site/', ''))?.snapshot();
      if (data === undefined) send({ type: 'error', topic, code: 'unknown_site', detail: 'no such site' });
      else send({ type: 'snapshot', topic, epoch: 1, seq: this.#seq.get(topic) ?? 0, at: Date.now(), data });
    });
    socket.on('close', () => { this.#seats.delete(seat); });
  }

  /** One merged delta a topic. */
  #change(): void {
    const at = Date.now();
    for (const [code, site] of this.#sites) {
      const topic = `site/${code}`;
      const followers = [...this.#seats].filter(({ topics }) => topics.has(topic));
      const prev = this.#seq.get(topic) ?? 0;
      const frame = JSON.stringify({ type: 'delta', topic, epoch: 1, seq: prev + 1, prev, at, data: site.delta(at) });
      this.#seq.set(topic, prev + 1);
      for (const { socket } of followers) socket.send(frame);
      this.frames += followers.length;
    }
  }
}
