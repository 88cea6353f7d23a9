/** The thin driver of the live store: it owns the WebSocket, the one timer and the clock, and carries out the machine's effects. */
import type { GrantResult } from '../auth/session';
import { type ClientFrame, parseFrame } from './frames';
import { nextWake, step } from './machine';
import { type Effect, type EndReason, initialState, type LiveEvent, type LiveState } from './state';

const SUBPROTOCOL = 'topsteel.v1';

export type LiveDriverOptions = {
  url: string;
  /** Gets an access token; `rejected` is one that the server did not take and that must not come back. */
  requestToken: (rejected: string | null) => Promise<GrantResult>;
  onLoginRequired: (reason: EndReason) => void;
  /** Hands out each state that the page should paint. */
  publish: (state: LiveState) => void;
  /** Runs a paint; at most one is pending at a time. */
  schedulePaint: (paint: () => void) => void;
};

export class LiveDriver {
  readonly #options: LiveDriverOptions;
  #state: LiveState = initialState;
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #paintPending = false;
  /** Answers to token requests from before a `stop` belong to another user and are ignored. */
  #generation = 0;

  constructor(options: LiveDriverOptions) {
    this.#options = options;
  }

  start(): void {
    this.#dispatch({ type: 'start' });
  }

  stop(): void {
    this.#generation += 1;
    this.#dispatch({ type: 'stop' });
  }

  /** Follows a topic until the returned function is called. */
  follow(topic: string): () => void {
    this.#dispatch({ type: 'follow', topic });
    return () => {
      this.#dispatch({ type: 'unfollow', topic });
    };
  }

  /** Listens to what the browser knows of the network and of its own sleep. Returns how to stop listening. */
  attach(target: Window): () => void {
    const online = () => { this.#dispatch({ type: 'network', online: true }); };
    const offline = () => { this.#dispatch({ type: 'network', online: false }); };
    const woke = () => { this.#dispatch({ type: 'tick' }); };
    target.addEventListener('online', online);
    target.addEventListener('offline', offline);
    target.document.addEventListener('visibilitychange', woke);
    if (!target.navigator.onLine) offline();
    return () => {
      target.removeEventListener('online', online);
      target.removeEventListener('offline', offline);
      target.document.removeEventListener('visibilitychange', woke);
    };
  }

  #dispatch(event: LiveEvent): void {
    const { state, effects } = step(this.#state, event, { now: Date.now(), random: Math.random() });
    const changed = state !== this.#state;
    this.#state = state;
    for (const effect of effects) this.#run(effect);
    this.#setTimer();
    if (changed) this.#paintSoon();
  }

  #run(effect: Effect): void {
    switch (effect.type) {
      case 'open':
        this.#open();
        return;
      case 'send':
        this.#send(effect.frame);
        return;
      case 'close':
        this.#close();
        return;
      case 'request_token':
        void this.#requestToken(effect.rejected);
        return;
      case 'login_required':
        this.#options.onLoginRequired(effect.reason);
        return;
    }
  }

  #open(): void {
    this.#close();
    const socket = new WebSocket(this.#options.url, SUBPROTOCOL);
    this.#socket = socket;
    // A socket that has been replaced may still fire; only the one in use speaks for the connection.
    const inUse = (event: LiveEvent) => {
      if (this.#socket === socket) this.#dispatch(event);
    };
    socket.onopen = () => { inUse({ type: 'opened' }); };
    socket.onmessage = (message: MessageEvent<unknown>) => {
      const frame = typeof message.data === 'string' ? parseFrame(message.data) : ({ type: 'fault', reason: 'malformed', detail: 'binary' } as const);
      if (frame.type === 'fault') console.warn('live frame refused', frame.reason, frame.detail);
      inUse({ type: 'frame', frame });
    };
    socket.onclose = ({ code }) => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#dispatch({ type: 'closed', code });
    };
  }

  #send(frame: ClientFrame): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #close(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  async #requestToken(rejected: string | null): Promise<void> {
    const generation = this.#generation;
    const result = await this.#options.requestToken(rejected);
    if (generation !== this.#generation) return;
    if (result === 'unavailable') this.#dispatch({ type: 'token_unavailable' });
    else if (result === 'session_over') this.#dispatch({ type: 'session_over' });
    else this.#dispatch({ type: 'token', ...result });
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const wake = nextWake(this.#state);
    if (wake === null) return;
    this.#timer = setTimeout(() => { this.#dispatch({ type: 'tick' }); }, Math.max(0, wake - Date.now()));
  }

  /** The browser paints once per animation frame, whatever arrives. */
  #paintSoon(): void {
    if (this.#paintPending) return;
    this.#paintPending = true;
    this.#options.schedulePaint(() => {
      this.#paintPending = false;
      this.#options.publish(this.#state);
    });
  }
}
