/** Milliseconds after which a request is taken for unanswered. A write may wait ten seconds to be written. */
export const LIMITS = { read: 15_000, write: 30_000 };

/** A fetch that waits so long and no longer; what is late then counts as not reached. */
export function limited(fetcher: (request: Request, init?: RequestInit) => Promise<Response>, limits = LIMITS) {
  return (request: Request): Promise<Response> => {
    const reads = ["GET", "HEAD"].includes(request.method);
    const signal = either(request.signal, AbortSignal.timeout(reads ? limits.read : limits.write));
    return fetcher(request, { signal });
  };
}

/** Nothing came in time. */
export function isLate(error: unknown): boolean {
  return error instanceof DOMException && error.name === "TimeoutError";
}

/** Ends with the first of two; `AbortSignal.any` is too new for some browsers that are served. */
function either(one: AbortSignal, other: AbortSignal): AbortSignal {
  const both = new AbortController();
  for (const signal of [one, other]) {
    if (signal.aborted) both.abort(signal.reason);
    else signal.addEventListener("abort", () => both.abort(signal.reason), { once: true });
  }
  return both.signal;
}
