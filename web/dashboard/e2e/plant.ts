/** A small plant of a test's own, made over REST on an empty hub: nothing moves in it but what the test sends. */
import { type APIRequestContext, expect, type Page, request } from '@playwright/test';
import { Hub } from './hub';

const TENANT = 'acme';
const ADMIN = { tenant: TENANT, email: 'admin@acme.example', password: 'a long password for tests' };

export type Role = 'viewer' | 'operator' | 'storekeeper' | 'planner' | 'supervisor' | 'admin';
export type Account = { email: string; password: string };
export type Channel = 'state' | 'count' | 'measure' | 'alarm' | 'order' | 'stock';
export type Outcome = { status: 'accepted' | 'duplicate' | 'refused'; id?: string; code?: string; detail?: string };
type Json = Record<string, unknown>;

/** Site `lyon` in Europe/Paris with line `saw`: `saw-1` makes its output, a part in 5 s at best, `saw-2` feeds it. */
export class Plant {
  static readonly SITE = 'lyon';
  static readonly LINE = 'saw';
  readonly hub: Hub;
  readonly #rest: APIRequestContext;
  #token = '';

  private constructor(hub: Hub, rest: APIRequestContext) {
    this.hub = hub;
    this.#rest = rest;
  }

  static async start(): Promise<Plant> {
    const plant = new Plant(await Hub.startEmpty(ADMIN), await request.newContext());
    await plant.#logIn();
    await plant.send('POST', '/sites', { code: Plant.SITE, name: 'Aciérie de Lyon', time_zone: 'Europe/Paris' });
    await plant.addLine(Plant.LINE, 'Sciage');
    await plant.addMachine(Plant.LINE, { code: 'saw-1', name: 'Scie à ruban', output: true, ideal_cycle_s: 5 });
    await plant.addMachine(Plant.LINE, { code: 'saw-2', name: 'Amenage' });
    await plant.send('POST', '/articles', { code: 'BAR-40', designation: 'Barre 40 mm', unit: 'pcs' });
    return plant;
  }

  async dispose(): Promise<void> {
    await this.#rest.dispose();
    await this.hub.dispose();
  }

  addLine(code: string, name: string, more: Json = {}): Promise<Json> {
    return this.send('POST', `/sites/${Plant.SITE}/lines`, { code, name, ...more });
  }

  addMachine(line: string, machine: Json): Promise<Json> {
    return this.send('POST', `/sites/${Plant.SITE}/lines/${line}/machines`, machine);
  }

  /** A user with these roles, who can log in. */
  async addUser(...roles: Role[]): Promise<Account> {
    const account = { email: `${roles.join('-')}@acme.example`, password: 'correct horse battery' };
    await this.send('POST', '/users', { ...account, name: roles.join(' and '), roles });
    return account;
  }

  /** A released order of article BAR-40. */
  async addOrder(code: string, quantity: number, line = Plant.LINE): Promise<Json> {
    await this.send('POST', '/orders', { code, article: 'BAR-40', quantity, site: Plant.SITE, line });
    return this.send('POST', `/orders/${code}/release`);
  }

  /** What a machine would publish over MQTT; waits until the hub has taken it. */
  async publish(machine: string, channel: Channel, fields: Json, line = Plant.LINE): Promise<Outcome> {
    const topic = `hub/v1/${TENANT}/${Plant.SITE}/${line}/${machine}/${channel}`;
    const { results } = (await this.send('POST', '/ingest', { topic, ...fields })) as { results: [Outcome] };
    return results[0];
  }

  /** Opens a page of the dashboard as this user. */
  async signIn(page: Page, account: Account, path = `/sites/${Plant.SITE}`): Promise<void> {
    await page.goto(this.hub.url + path);
    await page.getByLabel('Email').fill(account.email);
    await page.getByLabel('Password').fill(account.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Live');
  }

  get(path: string): Promise<Json> {
    return this.send('GET', path);
  }

  /** A call as the admin of the plant; anything but a success fails the test. */
  async send(method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, data?: Json): Promise<Json> {
    const call = () => this.#rest.fetch(`${this.hub.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}` },
      ...(data === undefined ? {} : { data }),
    });
    let answer = await call();
    if (answer.status() === 401) {
      await this.#logIn();
      answer = await call();
    }
    const text = await answer.text();
    expect(answer.ok(), `${method} ${path}: ${answer.status()} ${text}`).toBe(true);
    return text === '' ? {} : (JSON.parse(text) as Json);
  }

  async #logIn(): Promise<void> {
    const { email, password } = ADMIN;
    const answer = await this.#rest.post(`${this.hub.url}/api/v1/auth/login`, { data: { email, password } });
    expect(answer.status(), await answer.text()).toBe(200);
    this.#token = ((await answer.json()) as { access_token: string }).access_token;
  }

  static get admin(): Account {
    return { email: ADMIN.email, password: ADMIN.password };
  }
}
