import type { FeedEventDTO } from "trm-os-client";

export type LiveState = "connecting" | "live" | "waiting" | "refused";

/** The part of a WebSocket that is used. */
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: ((close: { code: number; reason: string }) => void) | null;
  close(code?: number): void;
}

export interface FollowerOptions {
  /** Gets a ticket; throws `Refused` where the token may not listen. */
  ticket: () => Promise<string>;
  open: (query: URLSearchParams) => Socket;
  /** An event, once, in the order in which they come. */
  onEvent: (event: FeedEventDTO) => void;
  /** It listens from now on, not from a known place: what happened before has to be read. */
  onFresh: () => void;
  onState: (state: LiveState) => void;
  random?: () => number;
  now?: () => number;
}

/** The token may not listen; it is not tried again. */
export class Refused extends Error {}

const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
/** Signs of life come every 15 seconds. */
const SILENCE = 40_000;
/** Ids of events that were told, of which a record that is sent anew tells one again. */
const REMEMBERED = 2_000;
const TOKEN_EXPIRED = 4401;

type Frame = FeedEventDTO | { control: string; cursor?: string };

/** Follows what happens: one socket at a time, opened again after the last place where it broke off. */
export class LiveFollower {
  #cursor: string | null = null;
  #socket: Socket | null = null;
  #attempt = 0;
  #rejected = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastHeard = 0;
  /** Counts connections: what belongs to an earlier one is not heard. */
  #round = 0;
  #running = false;
  readonly #told = new Set<string>();
  readonly #options: FollowerOptions;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#connect();
  }

  stop(): void {
    this.#running = false;
    this.#drop();
  }

  /** The page is seen again, or the network is back: connect now unless the connection is known to be good. */
  wake(): void {
    if (!this.#running) return;
    const quiet = this.#now() - this.#lastHeard > SILENCE;
    if (this.#socket && !quiet) return;
    this.#attempt = 0;
    void this.#connect();
  }

  /** The network is gone: nothing is heard any more, whatever the connection believes. */
  lose(): void {
    if (this.#running) this.#again();
  }

  async #connect(): Promise<void> {
    this.#drop();
    const round = this.#round;
    this.#options.onState("connecting");
    let ticket: string;
    try {
      ticket = await this.#options.ticket();
    } catch (error) {
      if (round !== this.#round || !this.#running) return;
      if (error instanceof Refused) {
        this.#running = false;
        this.#options.onState("refused");
      } else this.#again();
      return;
    }
    if (round !== this.#round || !this.#running) return;
    const query = new URLSearchParams({ ticket, ...(this.#cursor ? { cursor: this.#cursor } : {}) });
    try {
      this.#listen(this.#options.open(query), round);
    } catch {
      this.#again(); // a policy of the browser or of the page forbids the address
    }
  }

  #listen(socket: Socket, round: number): void {
    this.#socket = socket;
    this.#lastHeard = this.#now();
    let accepted = false;
    this.#watch(round);
    socket.onopen = () => {
      accepted = true;
    };
    socket.onmessage = ({ data }) => {
      if (round !== this.#round) return;
      accepted = true;
      this.#heard(data, round);
    };
    socket.onclose = ({ code }) => {
      if (round !== this.#round) return;
      this.#rejected = accepted ? 0 : this.#rejected + 1;
      // A browser is not told why a handshake was refused. With a good ticket, twice: the place is too far behind.
      if (this.#rejected >= 2) this.#cursor = null;
      if (code === TOKEN_EXPIRED && this.#attempt === 0) void this.#connect();
      else this.#again();
    };
  }

  #heard(data: unknown, round: number): void {
    this.#lastHeard = this.#now();
    this.#watch(round);
    const frame = frameOf(data);
    if (!frame) return;
    const fresh = this.#cursor === null;
    if (frame.cursor) this.#cursor = frame.cursor;
    if (fresh && this.#cursor) this.#options.onFresh();
    this.#attempt = 0;
    this.#options.onState("live");
    if ("control" in frame || this.#told.has(frame.id)) return;
    this.#remember(frame.id);
    this.#options.onEvent(frame);
  }

  #remember(id: string): void {
    this.#told.add(id);
    if (this.#told.size <= REMEMBERED) return;
    const [oldest] = this.#told;
    if (oldest !== undefined) this.#told.delete(oldest);
  }

  /** Take a connection that gives no sign of life for lost. */
  #watch(round: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (round === this.#round) this.#again();
    }, SILENCE);
  }

  #again(): void {
    this.#drop();
    this.#options.onState("waiting");
    const longest = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#attempt);
    this.#attempt += 1;
    const delay = longest * (0.5 + (this.#options.random ?? Math.random)() / 2);
    this.#timer = setTimeout(() => void this.#connect(), delay);
  }

  #drop(): void {
    this.#round += 1;
    clearTimeout(this.#timer);
    this.#socket?.close(1000);
    this.#socket = null;
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}

function frameOf(data: unknown): Frame | null {
  try {
    const frame = JSON.parse(String(data)) as unknown;
    if (typeof frame !== "object" || frame === null) return null;
    return "control" in frame || "id" in frame ? (frame as Frame) : null;
  } catch {
    return null;
  }
}
