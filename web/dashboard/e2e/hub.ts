/** A hub process under test: starts the binary on a data directory of its own, kills it, starts it again. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 50;
const run = promisify(execFile);

type Address = { http: string; mqtt: string };

export class Hub {
  readonly #binary: string;
  readonly #dataDir: string;
  readonly #log: WriteStream;
  readonly #command: 'demo' | 'serve';
  #process: ChildProcess | null = null;
  #http = '127.0.0.1:0';
  #mqtt = '';

  private constructor(binary: string, dataDir: string, command: 'demo' | 'serve') {
    this.#binary = binary;
    this.#command = command;
    this.#dataDir = dataDir;
    this.#log = createWriteStream(join(dataDir, 'stderr.txt'), { flags: 'a' });
  }

  /** A demo plant on a fresh data directory. */
  static async startDemo(): Promise<Hub> {
    const hub = await Hub.#fresh('demo');
    await hub.start();
    return hub;
  }

  /** A hub with one tenant, an admin of it and nothing else, on a fresh data directory. */
  static async startEmpty(admin: { tenant: string; email: string; password: string }): Promise<Hub> {
    const hub = await Hub.#fresh('serve');
    const bootstrap = ['admin', 'bootstrap', '--tenant', admin.tenant, '--name', 'Acme Steel', '--email', admin.email];
    await run(hub.#binary, bootstrap, { env: { ...hub.#environment, HUB_ADMIN_PASSWORD: admin.password } });
    await hub.start();
    return hub;
  }

  static async #fresh(command: 'demo' | 'serve'): Promise<Hub> {
    const binary = process.env['HUB_BIN'];
    if (binary === undefined) throw new Error('HUB_BIN names the hub binary to test');
    return new Hub(binary, await mkdtemp(join(tmpdir(), 'topsteel-e2e-')), command);
  }

  get #environment(): NodeJS.ProcessEnv {
    return { ...process.env, HUB_DATA_DIR: this.#dataDir, HUB_HTTP__LISTEN: this.#http, HUB_MQTT__LISTEN: '127.0.0.1:0' };
  }

  get url(): string {
    return `http://${this.#http}`;
  }

  /** Where devices connect: host and port. */
  get mqtt(): string {
    return this.#mqtt;
  }

  /** Starts it on the same data directory and, after the first time, on the same HTTP address. */
  async start(): Promise<void> {
    const addressFile = join(this.#dataDir, 'hub.addr');
    // The file of the killed process would name an address that nobody serves yet.
    await rm(addressFile, { force: true });
    const child = spawn(this.#binary, [this.#command], {
      cwd: this.#dataDir,
      env: this.#environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.pipe(this.#log, { end: false });
    this.#process = child;
    ({ http: this.#http, mqtt: this.#mqtt } = await this.#address(addressFile, child));
  }

  /** As a power cut would: no chance to say goodbye. Resolves when the process is gone. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => { child.once('exit', resolve); });
    child.kill('SIGKILL');
    await gone;
  }

  /** What it logged so far, for the report of a failed test. */
  async log(): Promise<string> {
    return readFile(join(this.#dataDir, 'stderr.txt'), 'utf8');
  }

  async dispose(): Promise<void> {
    await this.kill();
    this.#log.end();
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  async #address(file: string, child: ChildProcess): Promise<Address> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < deadline) {
      if (child.exitCode !== null) throw new Error(`the hub ended with ${child.exitCode}: ${await this.log()}`);
      const text = await readFile(file, 'utf8').catch(() => '');
      const address = text === '' ? undefined : parseAddress(text);
      if (address !== undefined) return address;
      await pause(POLL_MS);
    }
    throw new Error(`the hub did not become ready: ${await this.log()}`);
  }
}

/** Undefined while the file is only partly written. */
function parseAddress(text: string): Address | undefined {
  try {
    return JSON.parse(text) as Address;
  } catch {
    return undefined;
  }
}
