import type { FeedEventDTO } from "trm-os-client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LiveFollower, type LiveState, Refused, type Socket } from "./follower.ts";

class Fake implements Socket {
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  closed = false;
  readonly query: URLSearchParams;

  constructor(query: URLSearchParams) {
    this.query = query;
  }

  close() {
    this.closed = true;
  }

  say(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  alive(cursor: string) {
    this.onopen?.();
    this.say({ control: "alive", cursor });
  }

  event(id: string, cursor: string) {
    this.say({ specversion: "1.0", id, cursor });
  }

  break(code = 1006) {
    this.onclose?.({ code, reason: "" });
  }
}

let sockets: Fake[];
let told: string[];
let states: LiveState[];
let fresh: number;
let ticket: () => Promise<string>;
let follower: LiveFollower;

const last = () => sockets.at(-1) as Fake;
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(async () => {
  vi.useFakeTimers();
  [sockets, told, states, fresh] = [[], [], [], 0];
  let tickets = 0;
  ticket = async () => `ticket-${++tickets}`;
  follower = new LiveFollower({
    ticket: () => ticket(),
    open: (query) => {
      sockets.push(new Fake(query));
      return last();
    },
    onEvent: (event: FeedEventDTO) => told.push(event.id),
    onFresh: () => {
      fresh += 1;
    },
    onState: (state) => states.push(state),
    random: () => 1,
  });
  follower.start();
  await pass(0);
});

afterEach(() => {
  follower.stop();
  vi.useRealTimers();
});

it("begins now, and has what was before read once", () => {
  expect(last().query.toString()).toBe("ticket=ticket-1");
  last().alive("c0");
  last().event("a", "c1");
  expect([told, fresh, states.at(-1)]).toEqual([["a"], 1, "live"]);
});

it("goes on after the last place with a new ticket, and tells nothing twice", async () => {
  last().alive("c0");
  last().event("a", "c1");
  last().break(1012);
  expect(states.at(-1)).toBe("waiting");
  await pass(500);
  expect(last().query.toString()).toBe("ticket=ticket-2&cursor=c1");
  last().alive("c1");
  last().event("a", "c2");
  last().event("b", "c3");
  expect([told, fresh]).toEqual([["a", "b"], 1]);
});

it("takes the cursor of a sign of life", async () => {
  last().alive("c0");
  last().say({ control: "alive", cursor: "c9" });
  last().break();
  await pass(500);
  expect(last().query.get("cursor")).toBe("c9");
});

it("waits longer each time, and half a minute at most", async () => {
  ticket = () => Promise.reject(new TypeError("offline"));
  last().break();
  const tried = vi.fn(ticket);
  ticket = tried;
  for (const delay of [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    const before = tried.mock.calls.length;
    await pass(delay - 1);
    expect(tried.mock.calls.length).toBe(before);
    await pass(1);
    expect(tried.mock.calls.length).toBe(before + 1);
  }
});

it("says at once that the network is gone, and goes on when it is back", async () => {
  last().alive("c0");
  follower.lose();
  expect(states.at(-1)).toBe("waiting");
  expect(sockets[0]?.closed).toBe(true);
  follower.wake();
  await pass(0);
  expect(last().query.get("cursor")).toBe("c0");
});

it("connects anew when no sign of life comes", async () => {
  last().alive("c0");
  await pass(40_000);
  expect(sockets[0]?.closed).toBe(true);
  await pass(500);
  expect(last().query.get("cursor")).toBe("c0");
});

it("connects at once when the page is seen after a sleep, and leaves a good connection alone", async () => {
  last().alive("c0");
  follower.wake();
  await pass(0);
  expect(sockets).toHaveLength(1);
  vi.setSystemTime(Date.now() + 3_600_000); // asleep: no timer ran
  follower.wake();
  await pass(0);
  expect(sockets).toHaveLength(2);
  sockets[0]?.break(); // of the old connection: nobody listens
  expect(last().query.get("cursor")).toBe("c0");
  expect(states.at(-1)).toBe("connecting");
});

it("does not wait when only the token ended", async () => {
  last().alive("c0");
  last().break(4401);
  await pass(0);
  expect(last().query.toString()).toBe("ticket=ticket-2&cursor=c0");
});

it("begins anew when a place is refused, and has the gap read", async () => {
  last().alive("c0");
  last().break();
  await pass(500);
  last().break(); // refused with the cursor
  await pass(1_000);
  expect(last().query.get("cursor")).toBe("c0");
  last().break();
  await pass(2_000);
  expect(last().query.get("cursor")).toBeNull();
  last().alive("c7");
  expect(fresh).toBe(2);
});

it("does not try again what the token may not do", async () => {
  ticket = () => Promise.reject(new Refused());
  last().break();
  await pass(500);
  expect(states.at(-1)).toBe("refused");
  await pass(120_000);
  expect(sockets).toHaveLength(1);
});

it("does not open a socket for a ticket that comes after it was stopped", async () => {
  let give: (ticket: string) => void = () => undefined;
  ticket = () =>
    new Promise((resolve) => {
      give = resolve;
    });
  last().break();
  await pass(500);
  follower.stop();
  give("late");
  await pass(0);
  expect(sockets).toHaveLength(1);
});

it("tries again later where no socket can be made", async () => {
  let forbidden = true;
  const states: LiveState[] = [];
  const one = new LiveFollower({
    ticket: async () => "t",
    open: (query) => {
      if (forbidden) throw new DOMException("refused", "SecurityError");
      return new Fake(query);
    },
    onEvent: () => undefined,
    onFresh: () => undefined,
    onState: (state) => states.push(state),
    random: () => 1,
  });
  one.start();
  await pass(0);
  expect(states).toEqual(["connecting", "waiting"]);
  forbidden = false;
  await pass(500);
  expect(states.at(-1)).toBe("connecting");
  one.stop();
});

it("passes over what it does not understand", () => {
  last().alive("c0");
  last().onmessage?.({ data: "not JSON" });
  last().say({ control: "somethingNew" });
  expect(told).toEqual([]);
});
